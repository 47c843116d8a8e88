//! A line of time: what came when, and below it the whole line from the deck's first year to today.
//!
//! ```text
//!   2006  ●  UTS, IPC      Linux 2.6.19
//!         │
//!   2008  ●  PID, NET      Linux 2.6.24
//!   2008  ●  LXC           junta as peças
//!
//!   ·────────────────────────·───·──●─●●●────●───·─·─·──
//!   1979     1990       2000       2010       2020
//! ```

use super::{Ink, Sheet, columns};
use crate::course::deck::Kind;

/// The column of the dots.
const DOTS: u16 = 6;

/// Lays a line of time out in so many columns.
pub fn lay(entries: &[[String; 3]], ink: &Ink, width: u16, air: u16, shown: impl Fn(usize) -> bool) -> Sheet {
    let (dim, text, strong, accent) = (ink.look.dim(), ink.look.text(), ink.look.strong(), ink.look.accent());
    let names = entries.iter().map(|[_, name, _]| columns(name)).max().unwrap_or(0);
    let mut sheet = Sheet::default();
    let mut row = 0;
    for (index, [year, name, remark]) in entries.iter().enumerate() {
        let mut entry = Sheet::default();
        // What came in the same year stands together.
        let above = if index == 0 || entries[index - 1][0] == *year { 0 } else { air };
        for link in 0..above {
            entry.put(link, DOTS, "│", dim);
        }
        entry.put(above, 0, year, accent);
        entry.put(above, DOTS, "●", accent);
        entry.put(above, DOTS + 3, name, strong);
        entry.put(above, DOTS + 3 + names + 3, remark, text);
        sheet.place(row, 0, if shown(index) { entry } else { entry.hidden() });
        row += above + 1;
    }
    let visible = entries.iter().enumerate().filter(|(index, _)| shown(*index));
    let here: Vec<u16> = visible.filter_map(|(_, [year, ..])| year.parse().ok()).collect();
    whole(&mut sheet, ink, width, &here);
    sheet
}

/// All years of all lines of time of the deck.
fn years(ink: &Ink) -> Vec<u16> {
    let blocks = ink.slides.iter().flat_map(|slide| &slide.face(ink.lang).blocks);
    let entries = blocks.filter_map(|block| match &block.kind {
        Kind::Timeline(entries) => Some(entries),
        _ => None,
    });
    entries.flatten().filter_map(|[year, ..]| year.parse().ok()).collect()
}

/// The whole line, to scale, the years of this slide on it.
fn whole(sheet: &mut Sheet, ink: &Ink, width: u16, here: &[u16]) {
    let years = years(ink);
    let (Some(first), Some(last)) = (years.iter().min().copied(), years.iter().max().copied()) else { return };
    let today = ink.lang.pick("today", "hoje");
    // A little beyond the last year, for the line goes on.
    let span = last.saturating_sub(first) + 4;
    let last_column = width.saturating_sub(1);
    let column = |year: u16| {
        let scaled = u32::from(year.saturating_sub(first)) * u32::from(last_column) / u32::from(span);
        u16::try_from(scaled).unwrap_or(u16::MAX).min(last_column)
    };
    let row = sheet.height + 1;
    let (dim, accent) = (ink.look.dim(), ink.look.accent());
    sheet.put(row, 0, &("─".repeat(usize::from(last_column)) + "►"), dim);
    for year in &years {
        sheet.put(row, column(*year), "┼", dim);
    }
    for year in here {
        sheet.put(row, column(*year), "●", accent);
    }
    let mut free = 0;
    let labels = std::iter::once(first).chain((first / 10 + 1..=last / 10).map(|decade| decade * 10));
    for year in labels {
        let at = column(year);
        let ends = at + 4;
        if at >= free && ends + 2 + columns(today) <= width {
            sheet.put(row + 1, at, &year.to_string(), dim);
            free = ends + 2;
        }
    }
    sheet.put(row + 1, width.saturating_sub(columns(today)), today, dim);
}
