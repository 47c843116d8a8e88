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

/// Takes away the wide letters that a narrower terminal would cut in two: vt100 0.16 panics at half a letter.
fn clear_edge(terminal: &mut vt100::Parser, columns: u16) {
    let screen = terminal.screen();
    let (row, column) = screen.cursor_position();
    let cut = |row: &u16| screen.cell(*row, columns - 1).is_some_and(vt100::Cell::is_wide);
    let cut: Vec<u16> = (0..screen.size().0).filter(cut).collect();
    if cut.is_empty() {
        return;
    }
    terminal.process(b"\x1b[?6l");
    for row in cut {
        terminal.process(format!("\x1b[{};{columns}H ", row + 1).as_bytes());
    }
    terminal.process(format!("\x1b[{};{}H", row + 1, column + 1).as_bytes());
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
                clear_edge(&mut shell.terminal, size.1);
                shell.terminal.screen_mut().set_size(size.0, size.1);
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
