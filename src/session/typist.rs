//! The typist: types a line at an idle prompt, at a human pace, so that a room can follow.

use std::time::{Duration, Instant};

use super::shell::Shell;
use crate::kernel::fact::Side;

/// Ctrl-U: the terminal forgets what stands at the prompt.
const FORGET_LINE: u8 = 0x15;

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
            if now > self.give_up {
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
