//! A slide in little room, such as beside the notes: as on the stage where that fits, else its words below one another.

use std::slice;

use ratatui::layout::Rect;

use super::super::layout::split_at;
use super::{Ink, Page, Pen, Sheet, blocks};
use crate::course::Snapshot;
use crate::course::deck::{Block, Kind, Slide, Span, Style};

/// Draws a slide at a point. Where not all of it has room, the newest point has.
pub fn draw(pen: &mut Pen, area: Rect, slide: &Slide, point: usize, now: &Snapshot) {
    let (look, lang) = (pen.look, pen.lang);
    let ink = Ink { now, slides: slice::from_ref(slide), recorded: false, look, lang, point };
    let face = slide.face(lang);
    let page = Page::of(face, &ink, area);
    if page.misfits(area, &ink).is_empty() {
        page.draw(pen, area);
        return;
    }
    let (head, body) = split_at(area, 1);
    pen.put(head, 0, 0, &face.title, look.strong());
    let mut sheet = Sheet::default();
    for block in face.blocks.iter().filter(|block| block.from <= point) {
        let drawn = blocks::lay(block, &ink, area.width, 0);
        let fits = drawn.width <= area.width;
        sheet.place(sheet.height, 0, if fits { drawn } else { outline(block, &ink, area.width) });
    }
    sheet.end(body.height).draw(pen, body, 0, 0);
}

/// The words of a drawing or table that is too wide: a line for each of its items that is shown by now.
fn outline(block: &Block, ink: &Ink, width: u16) -> Sheet {
    let shown = if block.each { ink.point - block.from + 1 } else { usize::MAX };
    let lines = items(block).into_iter().take(shown).flat_map(|words| {
        let words = words.iter().map(|word| word.trim().trim_start_matches('*')).filter(|word| !word.is_empty());
        let span = Span { text: words.collect::<Vec<_>>().join(" · "), style: Style::Plain };
        ink.lines(&[span], None, width)
    });
    blocks::text(&lines.collect::<Vec<_>>())
}

/// What each item says.
fn items(block: &Block) -> Vec<Vec<String>> {
    let cell = |spans: &Vec<Span>| spans.iter().map(|span| span.text.as_str()).collect();
    match &block.kind {
        Kind::Towers(rows) => (0..rows.first().map_or(0, Vec::len)).filter_map(|tower| of_tower(rows, tower)).collect(),
        Kind::Boxes(boxes) => boxes.clone(),
        Kind::Timeline(entries) => entries.iter().map(|entry| entry.to_vec()).collect(),
        Kind::Table(_, rows) => rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        _ => vec![block.texts().into_iter().map(str::to_owned).collect()],
    }
}

/// A tower's name and layers; none where the tower on the left is as wide as to be here too.
fn of_tower(rows: &[Vec<String>], from: usize) -> Option<Vec<String>> {
    let names = rows.first().filter(|names| names[from] != "=")?;
    let to = (from + 1..names.len()).find(|at| names[*at] != "=").unwrap_or(names.len());
    let cells = rows.iter().flat_map(|row| {
        let first = (0..=from).rev().find(|at| row.get(*at).is_some_and(|cell| cell != "="));
        first.into_iter().chain(from + 1..to).filter_map(|at| row.get(at))
    });
    Some(cells.filter(|cell| *cell != "=").cloned().collect())
}
