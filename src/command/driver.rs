//! What drives the talk: gives it what the session saw, and the session what it wants done.
//!
//! The screen and the headless check are the same session with another front; this is what they share.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, KeyCode, KeyEvent};

use super::tape::Tape;
use super::words;
use crate::course::event::{Action, Effect, Event};
use crate::course::recording::Moment;
use crate::course::talk::Talk;
use crate::session::console::Door;
use crate::session::{Message, Session, Typed};

/// What has not come about in so many looks at the bench will not: some ten seconds' worth, where it answers in time.
const ENOUGH_LOOKS: u64 = 40;

/// How many times as long is waited on a bench that does not answer in time.
const SLOWEST: u32 = 5;

/// How long is waited at most for something to happen, before it is asked again whether to go on.
const A_WHILE: Duration = Duration::from_millis(250);

/// A talk on a session.
pub struct Driver {
    pub talk: Talk,
    pub session: Session,
    messages: Receiver<Message>,
    /// What was typed line by line, for a front that reads lines.
    pub typed: VecDeque<Typed>,
    /// When the person last did something.
    pub pressed: Option<Instant>,
    /// Everything that the talk was told, if it is to be kept.
    pub log: Option<Vec<Moment>>,
    /// Where consoles are told where the talk stands, if it is given on a stage.
    pub door: Option<Door>,
    /// The file that a whole talk is kept in, if it is.
    pub tape: Option<Tape>,
}

impl Driver {
    pub const fn new(talk: Talk, session: Session, messages: Receiver<Message>) -> Self {
        Self { talk, session, messages, typed: VecDeque::new(), pressed: None, log: None, door: None, tape: None }
    }

    /// Does what a person would; returns the effects that are the front's to carry out.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        self.tell(Event::Tick(self.session.clock()));
        self.tell(Event::Action(action))
    }

    /// Gives the talk an event and lets the session carry out what comes of it, and what comes of that.
    pub fn tell(&mut self, event: Event) -> Vec<Effect> {
        let mut mine = vec![];
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            if let Some(log) = &mut self.log {
                log.push(Moment { t: self.session.clock(), event: event.clone() });
            }
            if let Some(stopped) = self.tape.as_mut().and_then(|tape| tape.keep(self.session.clock(), &event)) {
                events.push_back(Event::RecordingStopped(words::stopped(stopped, self.talk.lang)));
            }
            let effects = self.talk.update(event);
            self.session.speak(self.talk.lang);
            self.session.hurry(self.talk.rebuilding);
            for effect in effects {
                if matches!(effect, Effect::Copy(_) | Effect::AskForHelp | Effect::SaveProgress | Effect::Quit) {
                    mine.push(effect.clone());
                }
                events.extend(self.session.carry_out(effect));
            }
        }
        mine
    }

    /// Tells the consoles where the talk stands.
    pub fn tell_consoles(&self) {
        if let Some(door) = &self.door {
            door.show(|| self.talk.state(crate::screen::notice(&self.talk)));
        }
    }

    /// A line that the person types when the screen is closed: the thread that reads keys has the terminal's input still.
    /// `None` when the terminal is gone, or Ctrl-C was pressed.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        loop {
            match self.messages.recv().ok()? {
                Message::Input(Input::Key(KeyEvent { code: KeyCode::Enter, .. })) => return Some(line),
                Message::Input(Input::Key(KeyEvent { code: KeyCode::Char(letter), .. })) => line.push(letter),
                Message::Typed(Typed::Line(typed)) => return Some(typed),
                Message::Typed(Typed::Interrupt | Typed::End) | Message::Event(Event::Action(Action::Quit(true))) => {
                    return None;
                }
                _ => {}
            }
        }
    }

    /// Lets things happen until `done` says so; false when that took longer than `patience`.
    ///
    /// A machine that is short of processors is slow, not wrong: where a bench stands, looks count too, which it is slow at as
    /// it is at all else.
    pub fn until(&mut self, patience: Duration, mut done: impl FnMut(&Talk) -> bool) -> bool {
        self.waits(patience, |driver| done(&driver.talk))
    }

    /// Lets things happen until a look that is asked for now was seen: those on their way may show what was before.
    pub fn until_looked(&mut self, patience: Duration) -> bool {
        let look = self.session.look_again();
        self.waits(patience, |driver| driver.session.has_seen(look))
    }

    fn waits(&mut self, patience: Duration, mut done: impl FnMut(&Self) -> bool) -> bool {
        let began = Instant::now();
        let (mut looks, mut before) = (0, self.session.seen_looks());
        while !done(self) {
            let waited = began.elapsed();
            let is_slow = looks < ENOUGH_LOOKS && self.session.standing().is_some();
            if waited >= patience && !is_slow || waited >= patience * SLOWEST {
                return false;
            }
            self.wait(Instant::now() + A_WHILE);
            // Those of a new bench are counted anew.
            let seen = self.session.seen_looks();
            looks += seen.saturating_sub(before);
            before = seen;
        }
        true
    }

    /// Waits until `until` at the latest for something to happen, and lets it happen. `None`: nothing did.
    pub fn wait(&mut self, until: Instant) -> Option<Vec<Effect>> {
        let wake = self.session.wake_at().min(until);
        let events = match self.messages.recv_timeout(wake.saturating_duration_since(Instant::now())) {
            Ok(Message::Input(input)) => {
                self.pressed = Some(Instant::now());
                let action = crate::screen::action(&input, &self.talk)?;
                // What goes to a shell is seen when the shell answers: a picture before that would only delay it.
                let unseen = self.talk.keyboard.is_some() && matches!(action, Action::ToShell(_));
                let mine = self.act(action);
                return (!unseen || !mine.is_empty()).then_some(mine);
            }
            Ok(Message::Typed(typed)) => {
                self.pressed = Some(Instant::now());
                self.typed.push_back(typed);
                return Some(vec![]);
            }
            Ok(Message::Console(None)) => return Some(vec![]),
            Ok(Message::Console(Some(press))) => {
                self.pressed = Some(Instant::now());
                let action = self.talk.pressed(press)?;
                return Some(self.act(action));
            }
            Ok(message) => self.session.hear(message),
            Err(RecvTimeoutError::Timeout) => self.session.wake(),
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(Duration::from_millis(1));
                vec![]
            }
        };
        if events.is_empty() {
            return None;
        }
        Some(events.into_iter().flat_map(|event| self.tell(event)).collect())
    }
}
