//! A slide in little room, such as beside the notes: as on the stage where that fits, else its words below one another.

use std::slice;

use ratatui::layout::Rect;

use super::super::layout::split_at;
use super::{Ink, Page, Pen, Sheet, blocks};
use crate::course::Snapshot;
use crate::course::deck::{Block, Slide, Span, Style};

/// Draws a slide at a point. Where not all of it has room, the newest point has.
pub fn draw(pen: &mut Pen, area: Rect, slide: &Slide, point: usize, now: &Snapshot) {
    let (look, lang) = (pen.look, pen.lang);
    let ink = Ink { now, slides: slice::from_ref(slide), look, lang, point };
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

/// The words of a drawing that is too wide.
fn outline(block: &Block, ink: &Ink, width: u16) -> Sheet {
    let words = block.texts().into_iter().map(str::trim).filter(|text| !matches!(*text, "" | "="));
    let span = Span { text: words.collect::<Vec<_>>().join(" · "), style: Style::Plain };
    blocks::text(&ink.lines(&[span], None, width))
}
