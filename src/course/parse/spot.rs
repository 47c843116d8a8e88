//! A spot in a source text: line, column, and the line itself with carets below.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns of a source line are shown; longer lines are cut around the spot.
const ROOM: usize = 68;

/// Where something stands in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The line's text as shown: tabs as blanks, cut to what has room.
    pub text: String,
    /// Columns of the screen before the first caret, and how many carets.
    under: (usize, usize),
}

impl Spot {
    /// The spot at which the bytes `span` of `source` begin.
    pub fn of(source: &str, span: &Range<usize>) -> Self {
        let start = floor(source, span.start);
        let end = floor(source, span.end.max(start));
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |newline| start + newline);
        let line = source[line_start..line_end].trim_end_matches('\r');
        let marked = &source[start..end.min(line_end)];
        let before = shown(&source[line_start..start]);
        let under = (before.width(), shown(marked.trim_end()).width().max(1));
        let (text, under) = cut(&shown(line), under);
        Self {
            line: source[..line_start].matches('\n').count() + 1,
            column: source[line_start..start].chars().count() + 1,
            text,
            under,
        }
    }

    /// The line below the source line.
    pub fn carets(&self) -> String {
        " ".repeat(self.under.0) + &"^".repeat(self.under.1)
    }
}

/// The nearest boundary of a character at or before byte `at`.
fn floor(source: &str, at: usize) -> usize {
    (0..=at.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0)
}

/// Text as it can stand on one line of a terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Cuts a long line to a window around the carets.
fn cut(line: &str, (before, carets): (usize, usize)) -> (String, (usize, usize)) {
    if line.width() <= ROOM {
        return (line.to_owned(), (before, carets));
    }
    let wanted = if before + carets <= ROOM { 0 } else { before.saturating_sub(ROOM / 3) };
    let mut text = String::new();
    let (mut column, mut from) = (0, None);
    for c in line.chars() {
        let width = c.width().unwrap_or(0);
        if column >= wanted {
            let from = *from.get_or_insert(column);
            if column + width > from + ROOM {
                break;
            }
            text.push(c);
        }
        column += width;
    }
    let from = from.unwrap_or(0);
    let left = if from > 0 { "…" } else { "" };
    let right = if column < line.width() { "…" } else { "" };
    let under =
        (before - from.min(before) + left.width(), carets.min(ROOM - (before - from.min(before)).min(ROOM - 1)));
    (format!("{left}{text}{right}"), under)
}
