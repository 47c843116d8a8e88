//! `unha replay`: a recording on the screen that it was made of, on any machine and without privilege.
//!
//! No bench and no session: the recorded events are told to a talk at the times that they happened.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::DefaultTerminal;

use super::learn::wish;
use super::terminal::{close, listen, open};
use super::{MISUSED, words};
use crate::course::event::{Action, Event};
use crate::course::recording::{self, Recording};
use crate::course::talk::{Overlay, Replay, Talk};
use crate::course::text::Lang;
use crate::kernel::container;
use crate::screen::{self, Look};
use crate::session::Message;

/// More than any recording's file has: what is larger is not even read.
const LARGEST: u64 = 64 << 20;

/// No more pictures than this a second.
const FRAME: Duration = Duration::from_millis(16);

/// So soon after a step's beginning, back goes to the step before it.
const SOON: u64 = 1500;

/// Shows a recording at this speed, in percent.
pub fn run(file: &Path, speed: u32, theme: Option<&str>, lang: Lang) -> ExitCode {
    let recording = match load(file, lang) {
        Ok(recording) => recording,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        words::complain(&words::no_terminal(lang));
        return ExitCode::from(MISUSED);
    }
    match shown(&recording, speed, theme) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            words::complain(&format!("{why:#}"));
            ExitCode::FAILURE
        }
    }
}

fn load(file: &Path, lang: Lang) -> Result<Recording, String> {
    let mut bytes = vec![];
    let opened = File::open(file).and_then(|open| open.take(LARGEST).read_to_end(&mut bytes));
    opened.map_err(|error| words::unread(file, &error, lang))?;
    let recording = recording::read(&bytes).map_err(|why| why.say(&file.display().to_string(), lang))?;
    if recording.parts.iter().all(Option::is_none) {
        return Err(words::without_a_step(file, lang));
    }
    Ok(recording)
}

fn shown(recording: &Recording, speed: u32, theme: Option<&str>) -> anyhow::Result<()> {
    let look = Look::from_env(wish(theme)?, |name| std::env::var(name).ok(), container::source);
    let (sender, messages) = sync_channel(64);
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mut show = Show::new(recording, speed, size);
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
    recording: &'a Recording,
    talk: Talk,
    /// The moment that comes next.
    at: usize,
    /// The moment that the last step's end is.
    end: usize,
    /// What time it was in the recording, and when that was.
    clock: (u64, Instant),
}

impl<'a> Show<'a> {
    fn new(recording: &'a Recording, speed: u32, size: (u16, u16)) -> Self {
        let end = recording.parts.iter().flatten().map(|part| part.ends).max().unwrap_or(0);
        let mut talk = recording.talk_at(0, size, [(80, 24); 2]);
        talk.replay = Some(Replay { paused: false, over: false, speed });
        let mut show = Self { recording, talk, at: 0, end, clock: (0, Instant::now()) };
        show.go_to(0);
        show
    }

    fn replay(&self) -> Replay {
        self.talk.replay.unwrap_or(Replay { paused: true, over: true, speed: 100 })
    }

    /// What time it is in the recording, in milliseconds.
    fn now(&self) -> u64 {
        let Replay { paused, speed, .. } = self.replay();
        let passed = u64::try_from(self.clock.1.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.clock.0 + if paused { 0 } else { passed.saturating_mul(speed.into()) / 100 }
    }

    /// Shows this moment next, as it was.
    fn go_to(&mut self, moment: usize) {
        let (size, lang) = (self.talk.size, self.talk.lang);
        let sizes = screen::shell_sizes(size, &self.talk);
        let replay = Replay { over: false, ..self.replay() };
        self.talk = self.recording.talk_at(moment, size, [sizes.0, sizes.1]);
        self.talk.lang = lang;
        self.talk.recorded = Some(self.recording.header.made.clone());
        self.talk.replay = Some(replay);
        self.at = moment;
        let t = self.recording.moments.get(moment).map_or(0, |moment| moment.t);
        self.clock = (t, Instant::now());
    }

    /// Lets happen what is due; says whether anything was.
    fn advance(&mut self) -> bool {
        let (now, from) = (self.now(), self.at);
        while let Some(moment) = self.recording.moments[..self.end].get(self.at).filter(|moment| moment.t <= now) {
            recording::tell(&mut self.talk, moment);
            self.at += 1;
        }
        let replay = self.replay();
        let over = self.at >= self.end;
        self.talk.replay = Some(Replay { over, ..replay });
        self.at > from || over != replay.over
    }

    /// How long until the next moment is due.
    fn idle(&self) -> Duration {
        let Replay { paused, speed, .. } = self.replay();
        let next = self.recording.moments[..self.end].get(self.at).filter(|_| !paused);
        let left = next.map_or(1000, |next| next.t.saturating_sub(self.now()) * 100 / u64::from(speed.max(1)));
        Duration::from_millis(left.clamp(1, 1000))
    }

    /// Stands still, or goes on; at the end it begins again.
    fn pause(&mut self) {
        let replay = self.replay();
        if self.is_covered() {
            self.look(Action::Close);
        }
        if replay.over {
            self.go_to(0);
            self.talk.replay = Some(Replay { paused: false, over: false, ..replay });
            return;
        }
        self.clock = (self.now(), Instant::now());
        self.talk.replay = Some(Replay { paused: !replay.paused, ..replay });
    }

    /// To the next step, or to the beginning of this one, or of the one before.
    fn step(&mut self, forward: bool) {
        let mut opens = self.recording.parts.iter().flatten().map(|part| part.opens);
        let now = self.now();
        let to = if forward {
            opens.find(|opens| *opens > self.at).unwrap_or(self.end)
        } else {
            let before = |opens: &usize| self.recording.moments[*opens].t + SOON < now;
            opens.rfind(before).unwrap_or(0)
        };
        self.go_to(to);
    }

    /// Does what a key says; `None` is to leave.
    fn obey(&mut self, input: &Input) -> Option<()> {
        match input {
            Input::Resize(columns, rows) => {
                self.talk.update(Event::Action(Action::Resize(*columns, *rows)));
                let sizes = screen::shell_sizes(self.talk.size, &self.talk);
                self.talk.update(Event::Action(Action::ShellSizes(sizes.0, sizes.1)));
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
            KeyCode::F(4) | KeyCode::Tab => self.look(Action::OtherSide),
            KeyCode::Char('s') => self.cover(Action::Calls),
            KeyCode::Char('c') => self.cover(Action::Code),
            KeyCode::Char('L' | 'l') => self.look(Action::Language),
            KeyCode::Up => self.look(Action::Scroll(-1)),
            KeyCode::Down => self.look(Action::Scroll(1)),
            KeyCode::Esc if self.is_covered() => self.pause(),
            _ => {}
        }
        Some(())
    }

    fn look(&mut self, action: Action) {
        self.talk.update(Event::Action(action));
    }

    /// Whether something covers the step that the recorded person did not put there.
    const fn is_covered(&self) -> bool {
        matches!(self.talk.overlay, Some(Overlay::Code | Overlay::Calls))
    }

    /// Stands still and covers the step, for the recorded Enter would close what covers it instead of acting.
    fn cover(&mut self, action: Action) {
        if self.talk.overlay.is_none() || self.is_covered() {
            self.clock = (self.now(), Instant::now());
            self.talk.replay = Some(Replay { paused: true, ..self.replay() });
            self.look(action);
        }
    }

    fn until_left(
        &mut self,
        messages: &Receiver<Message>,
        terminal: &mut DefaultTerminal,
        look: &Look,
    ) -> anyhow::Result<()> {
        loop {
            if let Err(error) = terminal.draw(|frame| screen::draw(frame, &self.talk, look)) {
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
