//! A slide: the chapter and the number, a title that is read from the last row, words and drawings, where it is from.
//!
//! ```text
//!  Demo                                                                      25/31
//!
//!     ██   ██  ████████   ██████
//!     ██   ██     ██     ██
//!     …
//!  uts_namespaces(7)
//! ────────────────────────────────────────────────────────────────────────────────
//!  Enter ▸ abrir a lição: uts                     ← volta   g ir para   F1 ajuda
//! ```

use ratatui::layout::Rect;
use ratatui::style::Color;

use super::layout::{Panes, split_at};
use super::pen::{Pen, columns, wrap};
use super::theme::{Glyphs, Look};
use super::{bottom, words};
use crate::course::deck::{Block, Face};
use crate::course::talk::{Presenting, Route, Talk};
use crate::course::text::Lang;

mod blocks;
mod boxes;
mod ink;
mod sheet;
mod sides;
mod small;
mod timeline;
mod title;
mod towers;

use ink::Ink;
use sheet::Sheet;
pub use small::draw as draw_small;

/// Columns left and right of what a slide says.
const MARGIN: u16 = 4;
/// Lines longer than this are not read, however wide the screen.
const WIDEST: u16 = 132;
/// From this height on drawings take more room.
const ROOMY: u16 = 34;

/// Draws the slide at hand.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk) {
    let Some(show) = &talk.presenting else { return };
    header(pen, panes.top, talk, show);
    let face = show.slide().face(talk.lang);
    let (area, below) = split_at(panes.body, panes.body.height - 1);
    let page = Page::of(face, &Ink::new(talk, pen.look), area);
    page.draw(pen, area);
    let dim = pen.look.dim();
    pen.put(below, 0, 1, &face.source, dim);
    let right = pen.pick("← back   g go to   F1 help", "← volta   g ir para   F1 ajuda");
    bottom::draw_with(pen, panes.bottom, talk, right);
}

/// Nothing at all, so that the room looks at whoever speaks; of a recording, that it is one.
pub fn blank(pen: &mut Pen, panes: &Panes, talk: &Talk, area: Rect) {
    let text = pen.look.text();
    let dark = if pen.look.has_colours() { text.bg(Color::Black).fg(Color::Black) } else { text };
    pen.clear(area, dark);
    if talk.made().is_some() {
        let chip = words::recorded_chip(pen.lang);
        let (x, width) = (panes.top.right().saturating_sub(columns(&chip) + 1), columns(&chip));
        // A style laid over the dark would keep its letters dark.
        let corner = Rect { x, width, height: 1, ..panes.top };
        pen.clear(corner, text);
        pen.put(corner, 0, 0, &chip, pen.look.chip());
    }
    if talk.replay.is_some() {
        pen.clear(panes.bottom, text);
        bottom::draw(pen, panes.bottom, talk);
    }
}

/// Something of a slide that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// What it is and by how much, in words.
    pub what: String,
    /// What the room misses of it.
    pub loss: Loss,
}

/// What a room misses of what does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Nothing: it is only smaller than it should be.
    Size,
    /// Nothing yet: it comes with a later point.
    Later,
    /// A part of it.
    Part,
}

/// What of the slide at hand does not fit on a screen of this size, in words.
#[must_use]
pub fn misfits(talk: &Talk, look: &Look, size: (u16, u16)) -> Vec<String> {
    misfits_for(talk, look, size, talk.lang).into_iter().map(|misfit| misfit.what).collect()
}

/// The same, and what is missed of it, for a reader who may have another language than the slide.
#[must_use]
pub fn misfits_for(talk: &Talk, look: &Look, size: (u16, u16), reader: Lang) -> Vec<Misfit> {
    let (Some(show), Some(panes)) = (&talk.presenting, Panes::of(Rect::new(0, 0, size.0, size.1))) else {
        return vec![];
    };
    let face = show.slide().face(talk.lang);
    let (area, _) = split_at(panes.body, panes.body.height - 1);
    let ink = Ink::new(talk, look);
    let page = Page::of(face, &ink, area);
    let mut found = page.misfits(area, &Ink { lang: reader, ..ink });
    let (needs, has) = (columns(&face.source), size.0.saturating_sub(2));
    if needs > has {
        let wrong = reader.pick("the source takes more than its line", "a fonte não cabe na linha dela");
        found.push(Misfit { what: format!("{wrong} ({needs} > {has}): {}", face.source), loss: Loss::Part });
    }
    found
}

fn header(pen: &mut Pen, area: Rect, talk: &Talk, show: &Presenting) {
    let dim = pen.look.dim();
    let chapter = show.deck.chapters[show.slide().chapter].get(talk.lang);
    let column = pen.put(area, 0, 1, chapter, dim);
    let route = match talk.route {
        Route::Full => "",
        Route::Short => talk.lang.pick("short route   ", "trilha curta   "),
    };
    let column = match talk.made() {
        Some(_) => pen.put(area, 0, column + 2, &words::recorded_chip(talk.lang), pen.look.chip()),
        None => column,
    };
    let touched = || format!("{}: {}   ", words::machine(talk.lang), words::touched(talk.lang));
    let machine = if talk.untouched || talk.made().is_some() { String::new() } else { touched() };
    let number = format!("{machine}{route}{}/{}", show.at.slide + 1, show.deck.slides.len());
    pen.put_right(area, 0, column, &number, dim);
}

/// A slide, laid out.
struct Page {
    title: Sheet,
    blocks: Vec<Sheet>,
    /// Blank rows between two blocks.
    gap: u16,
    width: u16,
    /// Whether the title is too long to be large.
    small_title: bool,
}

impl Page {
    /// The largest of the ways to lay it out that fits.
    fn of(face: &Face, ink: &Ink, area: Rect) -> Self {
        let width = area.width.saturating_sub(2 * MARGIN).min(WIDEST);
        let roomy = u16::from(area.height >= ROOMY);
        let tries = [(1 + roomy, 1 + roomy), (1, 1), (0, 1), (0, 0)];
        let pages = tries.map(|(air, gap)| Self::with(face, ink, (width, area.height), air, gap));
        let at = pages.iter().position(|page| !page.small_title && page.rows() <= area.height);
        let at = at.or_else(|| pages.iter().position(|page| page.rows() <= area.height));
        let at = at.unwrap_or(pages.len() - 1);
        pages.into_iter().nth(at).unwrap_or_else(|| Self::with(face, ink, (width, area.height), 0, 0))
    }

    fn with(face: &Face, ink: &Ink, (width, height): (u16, u16), air: u16, gap: u16) -> Self {
        let blocks: Vec<Sheet> = face.blocks.iter().map(|block| blocks::lay(block, ink, width, air)).collect();
        let below: u16 = blocks.iter().map(|block| block.height + gap).sum();
        let (title, small_title) = title::lay(&face.title, ink, width, height.saturating_sub(below));
        Self { title, blocks, gap, width, small_title }
    }

    fn rows(&self) -> u16 {
        self.title.height + self.blocks.iter().map(|block| block.height + self.gap).sum::<u16>()
    }

    fn draw(&self, pen: &mut Pen, area: Rect) {
        let left = area.width.saturating_sub(self.width) / 2;
        let spare = area.height.saturating_sub(self.rows());
        // Titles stand where the last one stood; a slide that says little stands in the middle.
        let mut row = if spare > area.height / 2 { spare / 3 } else { (spare / 2).min(1) };
        self.title.draw(pen, area, row, left);
        let below = spare.saturating_sub(row);
        row += self.title.height + below / 4;
        // What is left over stands between the blocks, but for a row above where it is from.
        let gaps = u16::try_from(self.blocks.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let more = (below - below / 4).saturating_sub(1).checked_div(gaps).unwrap_or(0).min(self.gap);
        for (index, block) in self.blocks.iter().enumerate() {
            row += self.gap + if index > 0 { more } else { 0 };
            block.draw(pen, area, row, left);
            row += block.height;
        }
    }

    fn misfits(&self, area: Rect, ink: &Ink) -> Vec<Misfit> {
        let mut found = vec![];
        if self.rows() > area.height {
            let (needs, has) = (self.rows(), area.height);
            let what = match ink.lang {
                Lang::En => format!("it needs {needs} rows, and there are {has}"),
                Lang::PtBr => format!("precisa de {needs} linhas, e há {has}"),
            };
            found.push(Misfit { what, loss: Loss::Part });
        } else if self.small_title && ink.look.glyphs == Glyphs::Unicode {
            let what =
                ink.lang.pick("the title is too long to be large", "o título é longo demais para letras grandes");
            found.push(Misfit { what: what.to_owned(), loss: Loss::Size });
        }
        for block in self.blocks.iter().filter(|block| block.width > self.width) {
            let (wrong, gist) = (ink.lang.pick("too wide", "largo demais"), block.gist());
            let what = format!("{wrong} ({} > {}): {gist}", block.width, self.width);
            found.push(Misfit { what, loss: if gist.is_empty() { Loss::Later } else { Loss::Part } });
        }
        found
    }
}
