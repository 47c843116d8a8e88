//! A sheet: words at places, as large as they need, to be put on the screen or found too large for it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Pen, columns};

/// Words at places.
#[derive(Default)]
pub struct Sheet {
    /// Columns that it takes.
    pub width: u16,
    /// Rows that it takes.
    pub height: u16,
    words: Vec<(u16, u16, String, Style)>,
}

impl Sheet {
    /// Puts words at a place; gives the column behind them.
    pub fn put(&mut self, row: u16, column: u16, text: &str, style: Style) -> u16 {
        let end = column.saturating_add(columns(text));
        self.reach(row + 1, end);
        if !text.is_empty() {
            self.words.push((row, column, text.to_owned(), style));
        }
        end
    }

    /// Puts words in the middle of so many columns.
    pub fn centre(&mut self, row: u16, (from, width): (u16, u16), text: &str, style: Style) {
        self.put(row, from + width.saturating_sub(columns(text)) / 2, text, style);
    }

    /// Makes it at least so high and wide.
    pub fn reach(&mut self, height: u16, width: u16) {
        self.height = self.height.max(height);
        self.width = self.width.max(width);
    }

    /// A frame; the corners, in the order of reading, then the lines across and down.
    pub fn frame(&mut self, area: Rect, [tl, tr, bl, br, across, down]: [&str; 6], style: Style) {
        let (inner, below, right) = (usize::from(area.width.saturating_sub(2)), area.bottom() - 1, area.right() - 1);
        self.put(area.y, area.x, &format!("{tl}{}{tr}", across.repeat(inner)), style);
        for row in area.y + 1..below {
            self.put(row, area.x, down, style);
            self.put(row, right, down, style);
        }
        self.put(below, area.x, &format!("{bl}{}{br}", across.repeat(inner)), style);
    }

    /// Puts another sheet on this one.
    pub fn place(&mut self, row: u16, column: u16, other: Self) {
        self.reach(row + other.height, column + other.width);
        let moved = other.words.into_iter().map(|(r, c, text, style)| (row + r, column + c, text, style));
        self.words.extend(moved);
    }

    /// Puts it on the screen.
    pub fn draw(&self, pen: &mut Pen, area: Rect, row: u16, column: u16) {
        for (r, c, text, style) in &self.words {
            pen.put(area, row + r, column + c, text, *style);
        }
    }

    /// The sheet from the row on that lets its last words stand within so many rows.
    #[must_use]
    pub fn end(mut self, rows: u16) -> Self {
        let last = self.words.iter().map(|(row, ..)| row + 1).max().unwrap_or(0);
        let first = last.saturating_sub(rows);
        self.words.retain(|(row, ..)| *row >= first);
        self.words.iter_mut().for_each(|(row, ..)| *row -= first);
        self.height = self.height.saturating_sub(first).min(rows);
        self
    }

    /// The same room without its words.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.words.clear();
        self
    }

    /// Its longest words.
    pub fn gist(&self) -> &str {
        self.words.iter().map(|(_, _, text, _)| text.trim()).max_by_key(|text| text.len()).unwrap_or_default()
    }
}

/// A single line all around.
pub const SINGLE: [&str; 6] = ["┌", "┐", "└", "┘", "─", "│"];
/// A double line all around.
pub const DOUBLE: [&str; 6] = ["╔", "╗", "╚", "╝", "═", "║"];
