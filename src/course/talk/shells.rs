//! What the shells show and what the journal holds, both bounded.

use super::super::event::Effect;
use super::super::expect::prompt_at;
use super::Talk;
use crate::kernel::fact::Side;
use crate::kernel::journal::Call;

/// How much of a shell's output since the act began is kept at least: its tail, and never more than twice that.
const SINCE: usize = 32 * 1024;
/// How many calls of the journal are kept: the last ones.
const CALLS: usize = 2_000;
/// How many lines a shell's terminal keeps that have left its screen.
const SCROLLBACK: usize = 500;

/// A shell's state.
pub struct Shell {
    /// What it shows.
    pub terminal: vt100::Parser,
    /// Whether it waits at its prompt.
    pub idle: bool,
    /// What it printed since the step's act began, from the prompt on at which it began; escape sequences and all (bounded).
    pub since: Vec<u8>,
    /// Whether the learner typed into it since the step began.
    pub touched: bool,
}

impl Shell {
    /// Forgets what it printed, but for the prompt at which it stands: by that, what is typed there is told from what is
    /// printed.
    pub(super) fn forget(&mut self) {
        let line = self.line();
        let prompt = prompt_at(&self.since[line..]).map(|at| line + at);
        self.since.drain(..prompt.unwrap_or(self.since.len()));
    }

    /// Forgets the line in which it stands: the shell that takes its place begins one of its own.
    pub(super) fn leave_line(&mut self) {
        self.since.truncate(self.line());
    }

    /// Where the line begins in which it stands.
    fn line(&self) -> usize {
        self.since.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)
    }
}

/// Where a side's shell stands among the shells.
pub(super) const fn index(side: Side) -> usize {
    match side {
        Side::Inside => 1,
        Side::Outside | Side::Machine => 0,
    }
}

/// A terminal of one row, or without room for a letter (some are three columns wide), is a panic in vt100 0.16.
const LEAST: u16 = 4;

/// An empty terminal.
pub(super) fn terminal(rows: u16, columns: u16) -> vt100::Parser {
    vt100::Parser::new(rows.max(LEAST), columns.max(LEAST), SCROLLBACK)
}

/// A smaller terminal that shows what this one shows, as far as there is room.
///
/// vt100 0.16, made narrower itself, keeps the left half of a wide letter at the edge and panics when something is
/// written over it; made lower, it drops the last rows, and with them the prompt.
fn smaller(old: &mut vt100::Parser, rows: u16, columns: u16) -> vt100::Parser {
    let mut new = terminal(rows, columns);
    // An editor's screen covers the shell's, which comes back when it ends.
    let covered = old.screen().alternate_screen();
    if covered {
        old.process(b"\x1b[?47l");
        copy(old.screen(), &mut new);
        old.process(b"\x1b[?47h");
        new.process(b"\x1b[?47h");
    }
    copy(old.screen(), &mut new);
    new.process(&old.screen().input_mode_formatted());
    new.process(&old.screen().attributes_formatted());
    if old.screen().hide_cursor() {
        new.process(b"\x1b[?25l");
    }
    new
}

/// Writes one screen onto another: the line of the cursor, and what stands above it.
fn copy(from: &vt100::Screen, to: &mut vt100::Parser) {
    let (rows, columns) = to.screen().size();
    let (row, column) = from.cursor_position();
    let first = (row + 1).saturating_sub(rows);
    let lines = from.rows_formatted(0, columns).zip(from.rows_formatted(0, columns - 1));
    for (at, (line, without_last)) in (0..rows).zip(lines.skip(first.into())) {
        // Half a letter would be written whole, on the next line.
        let cut = from.cell(first + at, columns - 1).is_some_and(vt100::Cell::is_wide);
        to.process(format!("\x1b[m\x1b[{}H", at + 1).as_bytes());
        to.process(if cut { &without_last } else { &line });
    }
    to.process(format!("\x1b[{};{}H", row - first + 1, column + 1).as_bytes());
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
            let (rows, columns) = (rows.max(LEAST), columns.max(LEAST));
            let now = shell.terminal.screen().size();
            if rows < now.0 || columns < now.1 {
                shell.terminal = smaller(&mut shell.terminal, rows, columns);
            } else {
                shell.terminal.screen_mut().set_size(rows, columns);
            }
            changed |= now != (rows, columns);
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
