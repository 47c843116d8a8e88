//! Towers side by side: what stands on what. A layer with a star is what to look at: it has a double frame.

use ratatui::layout::Rect;

use super::sheet::{DOUBLE, SINGLE};
use super::{Ink, Sheet};

/// Columns between two towers.
const APART: u16 = 1;

/// Lays towers out in so many columns: the first row names them, `=` carries the cell on its left on.
pub fn lay(rows: &[Vec<String>], ink: &Ink, width: u16, air: u16, shown: impl Fn(usize) -> bool) -> Sheet {
    let Some((names, layers)) = rows.split_first() else { return Sheet::default() };
    let count = u16::try_from(names.len()).unwrap_or(u16::MAX).max(1);
    let each = (width.saturating_sub(APART * (count - 1)) / count).max(3);
    let mut sheet = Sheet::default();
    for cell in cells(names, names, each) {
        if shown(cell.tower) {
            sheet.centre(0, (cell.start, cell.width), cell.text, ink.look.strong());
        }
        sheet.reach(1, cell.start + cell.width.max(super::columns(cell.text)));
    }
    let high = 3 + 2 * (air / 2);
    let mut row = 1 + u16::from(air > 0);
    for layer in layers {
        for cell in cells(layer, names, each).into_iter().filter(|cell| !cell.text.is_empty()) {
            let (text, lit) = cell.text.strip_prefix('*').map_or((cell.text, false), |text| (text, true));
            let (frame, style) = if lit { (DOUBLE, ink.look.accent()) } else { (SINGLE, ink.look.text()) };
            let mut one = Sheet::default();
            one.frame(Rect::new(0, 0, cell.width, high), frame, style);
            one.centre(high / 2, (0, cell.width), text, style);
            if super::columns(text) + 2 > cell.width {
                // It would cross its frame: let it be found too wide.
                one.reach(0, width.saturating_add(1));
            }
            sheet.place(row, cell.start, if shown(cell.tower) { one } else { one.hidden() });
        }
        row += high;
        sheet.reach(row, 0);
    }
    sheet
}

/// A cell, and the tower that it comes with.
struct Cell<'a> {
    text: &'a str,
    start: u16,
    width: u16,
    tower: usize,
}

fn cells<'a>(row: &'a [String], names: &[String], each: u16) -> Vec<Cell<'a>> {
    let mut cells: Vec<Cell> = vec![];
    let mut start = 0;
    let mut tower = 0;
    for (index, text) in row.iter().enumerate() {
        if index > 0 && names.get(index).is_some_and(|name| name != "=") {
            tower += 1;
        }
        match cells.last_mut() {
            Some(last) if text == "=" => last.width += APART + each,
            _ => cells.push(Cell { text, start, width: each, tower }),
        }
        start += each + APART;
    }
    cells
}
