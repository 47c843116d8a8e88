//! The typist: types a line at an idle prompt, at a human pace, so that a room can follow.

use std::time::{Duration, Instant};

use super::shell::Shell;
use super::{Session, index};
use crate::course::event::Event;
use crate::kernel::fact::Side;

/// Ctrl-U: the terminal forgets what stands at the prompt.
const FORGET_LINE: u8 = 0x15;

/// How much longer a shell may take that runs no command: on a slow machine it may still be on its way to its first prompt.
const SLOW: Duration = Duration::from_secs(6);

/// What is begun in the background becomes its program after the shell is back at its prompt. Who types by hand never finds
/// it before; who types at once might, and waits so long.
const BEGINS: Duration = Duration::from_millis(500);

/// A line that is being typed.
#[derive(Debug)]
pub(super) struct Typist {
    pub side: Side,
    line: Vec<char>,
    at: Option<usize>,
    enter: bool,
    /// When the next character is due.
    pub next: Instant,
    /// When to give up waiting for the prompt.
    pub give_up: Instant,
}

/// What came of one step.
pub(super) enum Step {
    /// There is more to do.
    Again,
    /// The line was typed whole, with Enter.
    Typed,
    /// The line stands at the prompt.
    Put,
    /// The prompt did not come: this command runs.
    Busy(String),
}

impl Typist {
    pub(super) fn new(side: Side, line: &str, patience: Duration) -> Self {
        let now = Instant::now();
        Self { side, line: line.chars().collect(), at: None, enter: true, next: now, give_up: now + patience }
    }

    pub(super) fn prefill(side: Side, line: &str, patience: Duration) -> Self {
        Self { enter: false, ..Self::new(side, line, patience) }
    }

    /// Waits for the prompt, or types one character (all of them when there is no pace).
    pub(super) fn step(&mut self, shell: &mut Shell, now: Instant, pace: Duration) -> Step {
        let Some(at) = self.at else {
            if shell.is_idle() {
                shell.send(&[FORGET_LINE]);
                self.at = Some(0);
                self.next = now + pace;
                return Step::Again;
            }
            let patience = if shell.has_command() { Duration::ZERO } else { SLOW };
            if now > self.give_up + patience {
                return Step::Busy(shell.runs());
            }
            self.next = now + Duration::from_millis(5);
            return Step::Again;
        };
        let upto = if pace.is_zero() { self.line.len() } else { (at + 1).min(self.line.len()) };
        let text: String = self.line[at..upto].iter().collect();
        shell.send(text.as_bytes());
        self.at = Some(upto);
        self.next = now + pace;
        if upto < self.line.len() {
            return Step::Again;
        }
        if !self.enter {
            return Step::Put;
        }
        shell.send(b"\r");
        shell.sent_line();
        Step::Typed
    }
}

impl Session {
    pub(super) fn bytes(&mut self, number: u64, side: Side, bytes: Vec<u8>) -> Vec<Event> {
        // What a shell that was ended wrote last may come after the first bytes of the one in its place.
        let Some(shell) = self.shells[index(side)].as_mut().filter(|shell| shell.number == number) else {
            return vec![];
        };
        shell.printed(&bytes);
        let mut events = vec![Event::ShellBytes(side, bytes)];
        events.extend(self.idle_changed(side));
        events
    }

    pub(super) fn idle_changed(&mut self, side: Side) -> Option<Event> {
        let shell = self.shells[index(side)].as_mut()?;
        shell.idle_changed().map(|idle| Event::ShellIdle(side, idle))
    }

    pub(super) fn type_on(&mut self, now: Instant) -> Vec<Event> {
        let Some(mut typist) = self.typist.take_if(|typist| typist.next <= now) else { return vec![] };
        let Some(shell) = &mut self.shells[index(typist.side)] else {
            // The shell is still on its way, or gone for good.
            if now >= typist.give_up {
                return vec![Event::Busy(typist.side, "sh".to_owned())];
            }
            typist.next = now + Duration::from_millis(10);
            self.typist = Some(typist);
            return vec![];
        };
        if let Some(until) = self.begins_until.filter(|until| *until > now) {
            typist.next = until;
            self.typist = Some(typist);
            return vec![];
        }
        let pace = if self.hurry { Duration::ZERO } else { self.options.pace };
        let step = typist.step(shell, now, pace);
        if matches!(step, Step::Typed) && pace.is_zero() && !self.hurry && typist.line.ends_with(&['&']) {
            self.begins_until = Some(now + BEGINS);
        }
        match step {
            Step::Again => {
                self.typist = Some(typist);
                vec![]
            }
            Step::Typed => vec![Event::Typed(typist.side), Event::ShellIdle(typist.side, false)],
            Step::Put => vec![],
            Step::Busy(command) => vec![Event::Busy(typist.side, command)],
        }
    }
}
