//! The pen: puts words into cells, and never outside of the area that it was given.
//!
//! Rows and columns are counted within the area. What does not fit ends in an ellipsis; what lies outside is
//! not drawn, so no size of the terminal is too small for the code that calls.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::Look;
use crate::course::text::Lang;

/// What is drawn with.
pub struct Pen<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// Colours and glyphs.
    pub look: &'a Look,
    /// The language of the words.
    pub lang: Lang,
}

impl Pen<'_> {
    /// Puts `text` at a place of `area`; returns the column after it.
    pub fn put(&mut self, area: Rect, row: u16, column: u16, text: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        if row >= area.height || column >= area.width {
            return column;
        }
        let room = area.width - column;
        let (x, y) = (area.x + column, area.y + row);
        if columns(text) <= room {
            let (end, _) = self.buffer.set_stringn(x, y, text, room.into(), style);
            return end - area.x;
        }
        self.buffer.set_stringn(x, y, text, (room - 1).into(), style);
        self.buffer.set_stringn(area.right() - 1, y, "…", 1, style);
        area.width
    }

    /// Puts `text` so that it ends at the right edge, less one column of air, if there is room after column `from`.
    pub fn put_right(&mut self, area: Rect, row: u16, from: u16, text: &str, style: Style) {
        let width = columns(text) + 1;
        if area.width >= from.saturating_add(width) {
            self.put(area, row, area.width - width, text, style);
        }
    }

    /// Puts lines one below the other; returns the row after them.
    pub fn put_lines(&mut self, area: Rect, row: u16, column: u16, lines: &[&str], style: Style) -> u16 {
        let mut row = row;
        for line in lines {
            self.put(area, row, column, line, style);
            row += 1;
        }
        row
    }

    /// Draws a line across the whole of a row.
    pub fn rule(&mut self, area: Rect, row: u16, glyph: &str, style: Style) {
        for column in 0..area.width {
            self.put(area, row, column, glyph, style);
        }
    }

    /// Draws a line down the whole of a column.
    pub fn upright(&mut self, area: Rect, column: u16, style: Style) {
        for row in 0..area.height {
            self.put(area, row, column, "│", style);
        }
    }

    /// Empties an area, and gives it a style.
    pub fn clear(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                let cell = &mut self.buffer[(x, y)];
                cell.reset();
                cell.set_style(style);
            }
        }
    }

    /// One of two words, by the pen's language.
    pub fn pick<'w>(&self, en: &'w str, pt_br: &'w str) -> &'w str {
        self.lang.pick(en, pt_br)
    }
}

/// How many columns `text` takes.
#[must_use]
pub fn columns(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Breaks `text` into lines of at most `width` columns, between words or flags where it can.
#[must_use]
pub fn wrap(text: &str, width: u16) -> Vec<&str> {
    let width = usize::from(width.max(1));
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut rest = paragraph.trim_end();
        while rest.width() > width {
            let (line, more) = rest.split_at(break_at(rest, width));
            lines.push(line.trim_end());
            rest = more.trim_start();
        }
        lines.push(rest);
    }
    lines
}

/// The byte at which a line that is too long is broken; never 0.
fn break_at(line: &str, width: usize) -> usize {
    let mut used = 0;
    let mut between = None;
    for (at, c) in line.char_indices() {
        if c == ' ' && at > 0 {
            between = Some(at);
        }
        used += c.width().unwrap_or(0);
        if used > width {
            return between.unwrap_or(if at == 0 { c.len_utf8() } else { at });
        }
        if c == '|' {
            between = Some(at + 1);
        }
    }
    line.len()
}

/// As [`cut`], but of a call the result stays: `mount("proc", "/pr… = EPERM`.
#[must_use]
pub fn cut_call(text: &str, width: u16) -> String {
    let (said, result) = text.rfind(" = ").map_or((text, ""), |at| text.split_at(at));
    if columns(text) <= width || columns(result) * 2 > width {
        return cut(text, width);
    }
    cut(said, width - columns(result)) + result
}

/// The first `width` columns of `text`, with an ellipsis if that is not all of it.
#[must_use]
pub fn cut(text: &str, width: u16) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > usize::from(width) {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}
