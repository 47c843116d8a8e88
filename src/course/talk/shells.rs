//! What the shells show and what the journal holds, both bounded.

use super::super::event::Effect;
use super::{Talk, index};
use crate::kernel::fact::Side;
use crate::kernel::journal::Call;

/// How much of a shell's output since the act began is kept at least: its tail, and never more than twice that.
const SINCE: usize = 32 * 1024;
/// How many calls of the journal are kept: the last ones.
const CALLS: usize = 2_000;
/// How many lines a shell's terminal keeps that have left its screen.
const SCROLLBACK: usize = 500;

/// A terminal of one row, or without room for a wide letter, is a panic in vt100 0.16.
const LEAST: u16 = 2;

/// An empty terminal.
pub(super) fn terminal(rows: u16, columns: u16) -> vt100::Parser {
    vt100::Parser::new(rows.max(LEAST), columns.max(LEAST), SCROLLBACK)
}

/// The terminal in another size, with what it shows down to the cursor. A new one, for vt100 0.16 panics when a wide
/// letter is cut in two by narrowing; programs that fill the screen draw it anew by themselves (SIGWINCH).
fn resized(old: &vt100::Parser, rows: u16, columns: u16) -> vt100::Parser {
    let screen = old.screen();
    let mut new = terminal(rows, columns);
    let (row, column) = screen.cursor_position();
    let above = (row + 1).saturating_sub(rows);
    if screen.alternate_screen() {
        new.process(b"\x1b[?1049h");
    } else {
        let width = columns.min(screen.size().1);
        let lines = screen.rows_formatted(0, width).skip(usize::from(above)).take(usize::from(row + 1 - above));
        new.process(&lines.collect::<Vec<_>>().join(&b"\r\n"[..]));
    }
    new.process(&screen.input_mode_formatted());
    new.process(format!("\x1b[m\x1b[{};{}H", row - above + 1, column + 1).as_bytes());
    new
}

impl Talk {
    pub(super) fn printed_by(&mut self, side: Side, bytes: &[u8]) {
        let shell = &mut self.shells[index(side)];
        shell.terminal.process(bytes);
        shell.since.extend_from_slice(bytes);
        // Cut rarely and deep: moving the tail at every byte would cost more than keeping it.
        if shell.since.len() > 2 * SINCE {
            let cut = shell.since.len() - SINCE;
            shell.since.drain(..cut);
        }
    }

    pub(super) fn resize_shells(&mut self, outside: (u16, u16), inside: (u16, u16)) -> Vec<Effect> {
        let mut changed = false;
        for (shell, (columns, rows)) in self.shells.iter_mut().zip([outside, inside]) {
            let size = (rows.max(LEAST), columns.max(LEAST));
            if shell.terminal.screen().size() != size {
                shell.terminal = resized(&shell.terminal, size.0, size.1);
                changed = true;
            }
        }
        if changed { vec![Effect::ResizeShells(outside, inside)] } else { Vec::new() }
    }

    pub(super) fn note(&mut self, call: Call) {
        self.journal.push(call);
        if self.journal.len() > CALLS {
            self.journal.remove(0);
            self.journal_from = self.journal_from.saturating_sub(1);
        }
    }
}
