//! `unha replay`: a recording on the screen that it was made of, on any machine and without privilege.
//!
//! No bench and no session: the recorded events are told to a talk at the times that they happened.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::DefaultTerminal;

use super::learn::wish;
use super::terminal::{close, listen, open};
use super::{MISUSED, cast, words};
use crate::course::event::{Action, Event};
use crate::course::talk::{Overlay, Replay};
use crate::course::tape::{self, Reel, Tape};
use crate::course::text::Lang;
use crate::kernel::container;
use crate::screen::{self, Look};
use crate::session::Message;

/// More than any recording's file has: what is larger is not even read.
const LARGEST: u64 = 64 << 20;

/// No more pictures than this a second.
const FRAME: Duration = Duration::from_millis(16);

/// As slow and as fast as the keys make it, in percent.
const SLOWEST: u32 = 10;
const FASTEST: u32 = 2000;

/// So soon after a step's beginning, back goes to the step before it.
const SOON: u64 = 1500;

/// What the command line chose.
#[derive(Debug, Clone)]
pub struct Choice {
    pub file: PathBuf,
    /// In percent.
    pub speed: u32,
    pub theme: Option<String>,
    /// Set where it is to be an asciicast on stdout.
    pub cast: Option<cast::Choice>,
}

/// Shows a recording, or prints it as an asciicast.
pub fn run(choice: &Choice, lang: Lang) -> ExitCode {
    let tape = match load(&choice.file, lang) {
        Ok(tape) => tape,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    let is_cast = choice.cast.is_some();
    if is_cast && io::stdout().is_terminal() {
        words::complain(&words::cast_on_a_terminal(&choice.file, lang));
        return ExitCode::from(MISUSED);
    }
    if !(is_cast || io::stdout().is_terminal() && io::stdin().is_terminal()) {
        words::complain(&words::no_terminal(lang));
        return ExitCode::from(MISUSED);
    }
    let done = match &choice.cast {
        Some(cast) => cast::print(&tape, cast, choice, lang),
        None => shown(&tape, choice.speed, choice.theme.as_deref()),
    };
    if tape.cut {
        words::complain(&words::cut_off(&choice.file, tape.length(), lang));
    }
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            words::complain(&format!("{why:#}"));
            ExitCode::FAILURE
        }
    }
}

fn load(file: &Path, lang: Lang) -> Result<Tape, String> {
    let mut bytes = vec![];
    let opened = File::open(file).and_then(|open| open.take(LARGEST).read_to_end(&mut bytes));
    opened.map_err(|error| words::unread(file, &error, lang))?;
    let tape = tape::read(&bytes).map_err(|why| why.say(&file.display().to_string(), lang))?;
    if tape.end == 0 {
        return Err(words::without_a_step(file, lang));
    }
    Ok(tape)
}

fn shown(tape: &Tape, speed: u32, theme: Option<&str>) -> anyhow::Result<()> {
    let look = Look::from_env(wish(theme)?, |name| std::env::var(name).ok(), container::source);
    let (sender, messages) = sync_channel(64);
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mut show = Show::new(tape, speed, size);
    listen(sender, &Arc::default())?;
    let mut terminal = open()?;
    let done = show.until_left(&messages, &mut terminal, &look);
    close();
    // Its end would show the cursor once more, and print where it cannot.
    std::mem::forget(terminal);
    done
}

/// A recording that is being shown.
struct Show<'a> {
    tape: &'a Tape,
    reel: Reel<'a>,
    replay: Replay,
    /// What time it was in the recording, and when that was.
    clock: (u64, Instant),
    /// Whether it is looked at in the other language than it was in.
    translated: bool,
}

impl<'a> Show<'a> {
    fn new(tape: &'a Tape, speed: u32, size: (u16, u16)) -> Self {
        let replay = Replay { paused: false, over: false, speed };
        let mut reel = Reel::new(tape);
        reel.fit(size, screen::shell_sizes(size, &reel.talk));
        let mut show = Self { tape, reel, replay, clock: (0, Instant::now()), translated: false };
        show.go_to(0);
        show
    }

    /// What time it is in the recording, in milliseconds.
    fn now(&self) -> u64 {
        let Replay { paused, speed, .. } = self.replay;
        let passed = u64::try_from(self.clock.1.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.clock.0 + if paused { 0 } else { passed.saturating_mul(speed.into()) / 100 }
    }

    /// Shows this moment next, as it was.
    fn go_to(&mut self, moment: usize) {
        self.uncover();
        self.reel.go_to(moment);
        self.replay.over = false;
        let last = || self.tape.moments.last();
        let t = self.tape.moments.get(moment).or_else(last).map_or(0, |moment| moment.t);
        self.clock = (t, Instant::now());
    }

    /// Lets happen what is due; says whether anything was.
    fn advance(&mut self) -> bool {
        let was = self.replay.over;
        let played = !self.replay.paused && self.reel.play_until(self.now());
        self.replay.over = self.reel.due().is_none();
        played || self.replay.over != was
    }

    /// How long until the next moment is due.
    fn idle(&self) -> Duration {
        let due = self.reel.due().filter(|_| !self.replay.paused);
        let left = due.map_or(1000, |due| due.saturating_sub(self.now()) * 100 / u64::from(self.replay.speed.max(1)));
        Duration::from_millis(left.clamp(1, 1000))
    }

    /// Stands still, or goes on; at the end it begins again.
    fn pause(&mut self) {
        self.uncover();
        if self.replay.over {
            self.go_to(0);
            self.replay.paused = false;
            return;
        }
        self.clock = (self.now(), Instant::now());
        self.replay.paused = !self.replay.paused;
    }

    /// Twice as fast, or half as fast.
    fn hurry(&mut self, faster: bool) {
        self.clock = (self.now(), Instant::now());
        let speed = self.replay.speed;
        self.replay.speed = if faster { speed * 2 } else { speed / 2 }.clamp(SLOWEST, FASTEST);
    }

    /// To the next point or step, or to the beginning of this one, or of the one before.
    fn step(&mut self, forward: bool) {
        let (stops, at) = (&self.tape.stops, self.reel.at());
        // How many have been come to; the last of them is where it is now.
        let passed = stops.partition_point(|stop| *stop <= at);
        let to = if forward {
            stops.get(passed).copied().unwrap_or(self.tape.end)
        } else {
            let began = |stop: usize| self.tape.moments.get(stop).map_or(0, |moment| moment.t);
            let here = passed.checked_sub(1).map_or(0, |last| stops[last]);
            let before = passed.checked_sub(2).map_or(0, |last| stops[last]);
            if self.now() > began(here) + SOON { here } else { before }
        };
        self.go_to(self.tape.settled(to));
    }

    /// Does what a key says; `None` is to leave.
    fn obey(&mut self, input: &Input) -> Option<()> {
        match input {
            Input::Resize(columns, rows) => {
                let size = (*columns, *rows);
                self.reel.fit(size, screen::shell_sizes(size, &self.reel.talk));
            }
            Input::Key(key) if key.kind != KeyEventKind::Release => return self.press(*key),
            _ => {}
        }
        Some(())
    }

    fn press(&mut self, key: KeyEvent) -> Option<()> {
        match key.code {
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => return None,
            KeyCode::Char('q') => return None,
            KeyCode::Char(' ') | KeyCode::Enter => self.pause(),
            KeyCode::Left | KeyCode::PageUp => self.step(false),
            KeyCode::Right | KeyCode::PageDown => self.step(true),
            KeyCode::Char('+' | '=') => self.hurry(true),
            KeyCode::Char('-') => self.hurry(false),
            KeyCode::Char('L' | 'l') => self.translated = !self.translated,
            // What covers a whole talk, or is in view there, is what the room saw.
            _ if self.tape.opening.is_talk() => {}
            KeyCode::F(4) | KeyCode::Tab => self.look(Action::OtherSide),
            KeyCode::Char('s') => self.cover(Action::Calls),
            KeyCode::Char('c') => self.cover(Action::Code),
            KeyCode::Up => self.look(Action::Scroll(-1)),
            KeyCode::Down => self.look(Action::Scroll(1)),
            KeyCode::Esc if self.is_covered() => self.pause(),
            _ => {}
        }
        Some(())
    }

    fn look(&mut self, action: Action) {
        self.reel.talk.update(Event::Action(action));
    }

    /// Whether something covers the step that the recorded person did not put there.
    const fn is_covered(&self) -> bool {
        !self.tape.opening.is_talk() && matches!(self.reel.talk.overlay, Some(Overlay::Code | Overlay::Calls))
    }

    /// Takes away what covers the step.
    fn uncover(&mut self) {
        if self.is_covered() {
            self.look(Action::Close);
        }
    }

    /// Stands still and covers the step, for the recorded Enter would close what covers it instead of acting.
    fn cover(&mut self, action: Action) {
        if self.reel.talk.overlay.is_none() || self.is_covered() {
            self.clock = (self.now(), Instant::now());
            self.replay.paused = true;
            self.look(action);
        }
    }

    /// Draws it with the keys of whoever looks at it, of which the recorded talk is to know nothing.
    fn draw(&mut self, terminal: &mut DefaultTerminal, look: &Look) -> io::Result<()> {
        let talk = &mut self.reel.talk;
        let lang = talk.lang;
        if self.translated {
            talk.lang = lang.other();
        }
        talk.replay = Some(self.replay);
        let drawn = terminal.draw(|frame| screen::draw(frame, talk, look)).map(drop);
        talk.replay = None;
        talk.lang = lang;
        drawn
    }

    fn until_left(
        &mut self,
        messages: &Receiver<Message>,
        terminal: &mut DefaultTerminal,
        look: &Look,
    ) -> anyhow::Result<()> {
        loop {
            if let Err(error) = self.draw(terminal, look) {
                // Nobody is left to be told that the window was closed.
                return if error.raw_os_error() == Some(libc::EIO) { Ok(()) } else { Err(error.into()) };
            }
            let frame = Instant::now() + FRAME;
            loop {
                match messages.recv_timeout(self.idle().max(frame.saturating_duration_since(Instant::now()))) {
                    Ok(Message::Input(input)) => {
                        if self.obey(&input).is_none() {
                            return Ok(());
                        }
                    }
                    Ok(Message::Event(Event::Action(Action::Quit(_)))) | Err(RecvTimeoutError::Disconnected) => {
                        return Ok(());
                    }
                    Ok(_) => {}
                    Err(RecvTimeoutError::Timeout) => {
                        if !self.advance() {
                            continue;
                        }
                    }
                }
                break;
            }
        }
    }
}
