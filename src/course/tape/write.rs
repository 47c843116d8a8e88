//! Writing a tape while the talk is given: a line for each event, and nothing of what a person typed unseen.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{BYTES, Change, EVENTS, Header, LARGEST};
use crate::course::event::{Action, Event};
use crate::course::recording::Shown;
use crate::kernel::fact::Snapshot;

/// A tape that is being written.
pub struct Writer<W> {
    /// Where it goes; whoever owns it decides when it is flushed.
    pub out: W,
    shown: Shown,
    look: Snapshot,
    count: usize,
    bytes: usize,
}

impl<W: Write> Writer<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn begin(out: W, header: &Header, shown: Shown) -> io::Result<Self> {
        let mut writer = Self { out, shown, look: Snapshot::default(), count: 0, bytes: 0 };
        writer.line(&serde_json::to_value(header)?)?;
        Ok(writer)
    }

    /// Writes what the talk is told, `t` milliseconds after the session began.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn keep(&mut self, t: u64, event: &Event) -> io::Result<()> {
        let value = match event {
            // What was typed is told by the shell that echoed it; what it did not echo, such as a password, is nobody's.
            Event::Action(Action::ToShell(_)) => {
                json!({ "t": t, "event": Event::Action(Action::ToShell(vec![])) })
            }
            // A tape is shown on whatever screen there is.
            Event::Action(Action::Resize(..)) => return Ok(()),
            Event::Action(Action::ShellSizes(outside, inside)) => {
                let bounded = |size: &(u16, u16)| (size.0.min(LARGEST.0), size.1.min(LARGEST.1));
                json!({ "t": t, "event": Event::Action(Action::ShellSizes(bounded(outside), bounded(inside))) })
            }
            Event::Snapshot(look) => {
                let look = self.shown.of_look(look);
                let change = Change::between(&self.look, &look);
                self.look = look;
                json!({ "t": t, "look": change })
            }
            other => json!({ "t": t, "event": self.shown.of_event(other) }),
        };
        self.count += 1;
        self.line(&value)
    }

    /// Whether it holds as much as a tape may.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        // Room is left for a last event and the end.
        self.count + 2 >= EVENTS || self.bytes + (1 << 20) >= BYTES
    }

    /// Writes how many events there were.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(mut self) -> io::Result<W> {
        self.line(&json!({ "end": self.count }))?;
        Ok(self.out)
    }

    fn line(&mut self, value: &Value) -> io::Result<()> {
        let mut line = value.to_string();
        line.push('\n');
        self.bytes += line.len();
        self.out.write_all(line.as_bytes())
    }
}
