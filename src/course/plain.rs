//! What a shell printed, as the lines that it left: escape sequences carried out or dropped.
//!
//! A terminal would break long lines at its edge; here they stay whole, so that an expectation holds at any
//! width of the screen. What a carriage return or a backspace overwrites is gone, as on the screen.

use vte::{Params, Parser, Perform};

/// The plain text of bytes read from a terminal.
#[must_use]
pub fn plain(bytes: &[u8]) -> String {
    let mut paper = Paper::default();
    Parser::new().advance(&mut paper, bytes);
    paper.feed();
    paper.done.pop();
    paper.done
}

/// Finished lines, and the one being written.
#[derive(Default)]
struct Paper {
    done: String,
    line: Vec<char>,
    column: usize,
}

/// No cursor is sent further to the right than this: a line must not grow by being told to.
const EDGE: usize = 4096;

impl Paper {
    /// Ends the line; blanks at its end are what was rubbed out.
    fn feed(&mut self) {
        let line: String = self.line.drain(..).collect();
        self.done += line.trim_end();
        self.done.push('\n');
        self.column = 0;
    }

    fn erase_right(&mut self) {
        self.line.truncate(self.column);
    }

    fn erase_left(&mut self) {
        self.line.iter_mut().take(self.column + 1).for_each(|cell| *cell = ' ');
    }
}

impl Perform for Paper {
    fn print(&mut self, c: char) {
        if c.is_control() {
            return;
        }
        if self.line.len() <= self.column {
            self.line.resize(self.column + 1, ' ');
        }
        self.line[self.column] = c;
        self.column += 1;
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => self.feed(),
            b'\r' => self.column = 0,
            b'\x08' => self.column = self.column.saturating_sub(1),
            b'\t' => self.column = (self.column / 8 + 1) * 8,
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, _: &[u8], _: bool, action: char) {
        let first = params.iter().next().and_then(|param| param.first()).map_or(0, |n| usize::from(*n));
        let count = first.max(1);
        match (action, first) {
            ('C', _) => self.column = (self.column + count).min(EDGE.max(self.column)),
            ('D', _) => self.column = self.column.saturating_sub(count),
            ('G', _) => self.column = (count - 1).min(EDGE),
            ('H', _) => self.column = 0,
            ('J' | 'K', 0) => self.erase_right(),
            ('K', 1) => self.erase_left(),
            ('J' | 'K', _) => self.line.clear(),
            ('P', _) => {
                let end = (self.column + count).min(self.line.len());
                self.line.drain(self.column.min(end)..end);
            }
            ('@', _) if self.column < self.line.len() && self.line.len() < EDGE => {
                let blanks = std::iter::repeat_n(' ', count.min(EDGE));
                self.line.splice(self.column..self.column, blanks);
            }
            _ => {}
        }
    }
}
