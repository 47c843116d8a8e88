//! All slides at a glance, to go to one: by its number, by words that stand on it, or with the arrows.

use ratatui::layout::Rect;

use super::pen::{Pen, columns};
use crate::course::plan::clock_face;
use crate::course::talk::{Presenting, Route, Talk};

/// Draws the slides that match what was typed.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk) {
    let Some(show) = &talk.presenting else { return };
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.rule(area, 0, "─", dim);
    pen.put(area, 0, 1, pen.pick(" GO TO ", " IR PARA "), strong);
    if let Some(account) = talk.account() {
        let (spent, planned) = (clock_face(account.spent), clock_face(account.planned));
        let clock = format!(" {spent} / {planned} · {} ", account.basis.say(talk.lang));
        pen.put_right(area, 0, 20, &clock, dim);
    }
    let column = pen.put(area, 1, 1, pen.pick("number or words: ", "número ou palavras: "), text);
    let column = pen.put(area, 1, column, &show.typed, strong);
    pen.put(area, 1, column, "█", text);
    let found = show.found(talk);
    let rows = usize::from(area.height.saturating_sub(3));
    let first = (show.chosen + 1).saturating_sub(rows).min(found.len().saturating_sub(rows));
    for (row, (index, slide)) in (3..area.height).zip(found.iter().enumerate().skip(first)) {
        line(pen, area, row, talk, show, *slide, index == show.chosen);
    }
    if found.is_empty() {
        pen.put(area, 3, 3, pen.pick("No slide says so.", "Nenhum slide diz isso."), text);
    }
}

fn line(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, show: &Presenting, slide: usize, here: bool) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let of = &show.deck.slides[slide];
    let off = talk.route == Route::Short && !of.must;
    let style = match (here, off) {
        (true, _) => strong,
        (false, true) => dim,
        (false, false) => text,
    };
    if here {
        pen.put(area, row, 1, "▸", strong);
    }
    pen.put(area, row, 3, &format!("{:>2}", slide + 1), style);
    let opens = of.lesson.as_ref().map_or_else(String::new, |_| pen.pick("lesson", "lição").to_owned());
    let skipped = if off { pen.pick("not on the short route", "fora da trilha curta") } else { "" };
    let right = if opens.is_empty() { skipped } else { &opens };
    let room = Rect { width: area.width.saturating_sub(columns(right) + 2), ..area };
    let now = if slide == show.at.slide { " ◀" } else { "" };
    pen.put(room, row, 7, &format!("{}{now}", of.face(talk.lang).title), style);
    let first = slide == 0 || show.deck.slides[slide - 1].chapter != of.chapter;
    if first || here {
        pen.put(room, row, 36, show.deck.chapters[of.chapter].get(talk.lang), dim);
    }
    pen.put_right(area, row, room.width.min(area.width), right, dim);
}
