//! Boxes in a row: a word each, and what it is.

use ratatui::layout::Rect;

use super::ink::width as long;
use super::sheet::SINGLE;
use super::{Ink, Sheet, blocks};
use crate::course::deck::{Span, Style};

/// Columns between two boxes.
const APART: u16 = 2;

/// Lays boxes out in so many columns.
pub fn lay(all: &[Vec<String>], ink: &Ink, width: u16, air: u16, shown: impl Fn(usize) -> bool) -> Sheet {
    let count = u16::try_from(all.len()).unwrap_or(u16::MAX).max(1);
    let each = (width.saturating_sub(APART * (count - 1)) / count).max(5);
    let said = |lines: &Vec<String>| {
        let mut rows = vec![];
        for (index, line) in lines.iter().enumerate() {
            let style = match index {
                0 => ink.look.accent(),
                1 if lines.len() > 2 => ink.look.strong(),
                _ => ink.look.text(),
            };
            if index > 0 {
                rows.push(vec![]);
            }
            let span = Span { text: line.clone(), style: Style::Plain };
            rows.extend(ink.lines(&[span], Some(style), each - 4));
        }
        rows
    };
    let all: Vec<_> = all.iter().map(said).collect();
    let height = u16::try_from(all.iter().map(Vec::len).max().unwrap_or(0)).unwrap_or(u16::MAX) + 2 + 2 * (air / 2);
    let mut sheet = Sheet::default();
    let mut column = 0;
    for (index, lines) in all.iter().enumerate() {
        let mut one = Sheet::default();
        one.frame(Rect::new(0, 0, each, height), SINGLE, ink.look.dim());
        for (row, line) in (1 + air / 2..).zip(lines) {
            let start = each.saturating_sub(long(line)) / 2;
            blocks::put(&mut one, row, start, line);
        }
        sheet.place(0, column, if shown(index) { one } else { one.hidden() });
        column += each + APART;
    }
    sheet
}
