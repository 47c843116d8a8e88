//! Words, lists, tables and columns; the drawings have files of their own.

use ratatui::style::Style as Drawn;

use super::ink::{Line, width as long};
use super::{Block, Ink, Sheet, boxes, sides, timeline, title, towers};
use crate::course::deck::{Kind, Span};

/// Columns between two columns of a table.
const APART: u16 = 3;
/// Columns between two columns of blocks.
const GUTTER: u16 = 5;

/// Lays a block out in so many columns, `air` blank rows between its items where that helps.
pub fn lay(block: &Block, ink: &Ink, width: u16, air: u16) -> Sheet {
    // An item is not drawn before its point, and keeps its room.
    let shown = |item: usize| ink.point >= block.from + if block.each { item } else { 0 };
    let sheet = match &block.kind {
        Kind::Subtitle(words) => {
            let line: String = words.iter().map(|span| ink.fill(&span.text)).collect();
            let large = if air > 1 { title::below(&line, ink, width) } else { None };
            large.unwrap_or_else(|| text(&ink.lines(words, Some(ink.look.strong()), width)))
        }
        Kind::Text(words) => text(&ink.lines(words, None, width)),
        Kind::List(items) => list(items, ink, width, air.min(1), shown),
        Kind::Table(head, rows) => table(head, rows, ink, air.min(1), shown),
        Kind::Columns(columns) => abreast(columns, ink, width, air),
        Kind::Art(lines) => text(&lines.iter().map(|line| ink.raw(line)).collect::<Vec<_>>()),
        Kind::Towers(rows) => towers::lay(rows, ink, width, air, shown),
        Kind::Timeline(entries) => timeline::lay(entries, ink, width, air.min(2), shown),
        Kind::Sides(both, ground) => sides::lay(both, ground, ink, width, block.is_live()),
        Kind::Boxes(all) => boxes::lay(all, ink, width, air, shown),
    };
    if shown(0) { sheet } else { sheet.hidden() }
}

/// Puts a line down.
pub fn put(sheet: &mut Sheet, row: u16, column: u16, line: &Line) {
    let mut column = column;
    sheet.reach(row + 1, column);
    for (text, style) in line {
        column = sheet.put(row, column, text, *style);
    }
}

/// Lines one below the other.
pub fn text(lines: &[Line]) -> Sheet {
    let mut sheet = Sheet::default();
    for (row, line) in (0..).zip(lines) {
        put(&mut sheet, row, 0, line);
    }
    sheet
}

fn list(items: &[Vec<Span>], ink: &Ink, width: u16, air: u16, shown: impl Fn(usize) -> bool) -> Sheet {
    let mut sheet = Sheet::default();
    let mut row = 0;
    for (index, item) in items.iter().enumerate() {
        let mut one = text(&ink.lines(item, None, width.saturating_sub(3)));
        if !shown(index) {
            one = one.hidden();
        }
        let height = one.height;
        if shown(index) {
            sheet.put(row, 0, "▸", ink.look.accent());
        }
        sheet.place(row, 3, one);
        row += height + if index + 1 < items.len() { air } else { 0 };
    }
    sheet
}

fn table(head: &[Vec<Span>], rows: &[Vec<Vec<Span>>], ink: &Ink, air: u16, shown: impl Fn(usize) -> bool) -> Sheet {
    let one = |cell: &[Span], base: Drawn| ink.lines(cell, Some(base), u16::MAX).into_iter().next().unwrap_or_default();
    let (dim, plain, strong) = (ink.look.dim(), ink.look.text(), ink.look.strong());
    let head: Vec<Line> = head.iter().map(|cell| one(cell, dim)).collect();
    let row = |row: &Vec<Vec<Span>>| -> Vec<Line> {
        row.iter().enumerate().map(|(column, cell)| one(cell, if column == 0 { strong } else { plain })).collect()
    };
    let rows: Vec<Vec<Line>> = rows.iter().map(row).collect();
    let mut starts = vec![0];
    for column in 0..head.len() {
        let widest = rows.iter().chain([&head]).filter_map(|row| row.get(column)).map(long).max().unwrap_or(0);
        starts.push(starts[column] + widest + APART);
    }
    let mut sheet = Sheet::default();
    let mut at = 0;
    if head.iter().any(|cell| long(cell) > 0) {
        for (cell, start) in head.iter().zip(&starts) {
            put(&mut sheet, 0, *start, cell);
        }
        at = 1 + air;
    }
    for (index, row) in rows.iter().enumerate() {
        let mut line = Sheet::default();
        for (cell, start) in row.iter().zip(&starts) {
            put(&mut line, 0, *start, cell);
        }
        sheet.place(at, 0, if shown(index) { line } else { line.hidden() });
        at += 1 + if index + 1 < rows.len() { air } else { 0 };
    }
    sheet
}

fn abreast(all: &[Vec<Block>], ink: &Ink, width: u16, air: u16) -> Sheet {
    let count = u16::try_from(all.len()).unwrap_or(u16::MAX).max(1);
    let each = width.saturating_sub(GUTTER * (count - 1)) / count;
    let mut sheet = Sheet::default();
    let mut column = 0;
    for blocks in all {
        let mut row = 0;
        for block in blocks {
            let block = lay(block, ink, each, air);
            let height = block.height;
            sheet.place(row, column, block);
            row += height + 1;
        }
        column += each + GUTTER;
    }
    let dim = ink.look.dim();
    for between in 1..count {
        for row in 0..sheet.height {
            sheet.put(row, between * (each + GUTTER) - GUTTER / 2 - 1, "│", dim);
        }
    }
    sheet
}
