//! The top of the screen: the chain of lessons with the one at hand in brackets, the step, the real machine.
//!
//! ```text
//!  unha  nada ▸[UTS]▸ pid ▸ mount ▸ cgroup ▸ rootfs        4/6  máquina: intacta
//! ```

use ratatui::layout::Rect;

use super::pen::{Pen, columns};
use super::words;
use crate::course::talk::Talk;

/// Draws the chain and the rule below it.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let machine = machine(talk);
    let place = place(talk);
    let right = columns(&place) + 2 + columns(&machine) + 1;
    let chain = Rect { width: area.width.saturating_sub(right + 1), ..area };
    let mut column = pen.put(chain, 0, 1, "unha ", strong);
    let first = first_shown(talk, chain.width.saturating_sub(column));
    for (index, lesson) in talk.lessons.iter().enumerate().skip(first) {
        let title = lesson.title.get(talk.lang);
        let here = index == talk.at.lesson;
        let arrow = match (index, here) {
            (0, _) => "",
            (index, _) if index == first => "…",
            (_, true) => "▸",
            (_, false) if index == talk.at.lesson + 1 => "▸ ",
            (_, false) => " ▸ ",
        };
        column = pen.put(chain, 0, column, arrow, dim);
        column = if here {
            pen.put(chain, 0, column, &format!("[{}]", title.to_uppercase()), strong)
        } else {
            let style = if index < talk.at.lesson { text } else { dim };
            let lead = if index == 0 { " " } else { "" };
            let tail = if index + 1 == talk.at.lesson { " " } else { "" };
            pen.put(chain, 0, column, &format!("{lead}{title}{tail}"), style)
        };
    }
    let from = area.width.saturating_sub(right);
    let column = pen.put(area, 0, from, &place, text);
    let style = match (talk.made(), talk.host, talk.untouched) {
        (Some(_), ..) => pen.look.chip(),
        (None, true, _) => pen.look.danger(),
        (None, false, true) => dim,
        (None, false, false) => strong,
    };
    pen.put(area, 0, column + 2, &machine, style);
    pen.rule(area, 1, "─", dim);
}

/// The first lesson of the chain that is shown, so that the one at hand and the next are in view.
fn first_shown(talk: &Talk, room: u16) -> usize {
    let width = |from: usize| {
        let shown = talk.lessons.iter().take(talk.at.lesson + 2).skip(from);
        shown.map(|lesson| columns(lesson.title.get(talk.lang)) + 3).sum::<u16>()
    };
    (0..=talk.at.lesson).find(|from| width(*from) <= room).unwrap_or(talk.at.lesson)
}

/// How the real machine is, or that what is shown was not seen on it.
fn machine(talk: &Talk) -> String {
    if talk.made().is_some() {
        return words::recorded_chip(talk.lang);
    }
    if talk.host {
        return format!(" {} ", words::outside_is_this_machine(talk.lang));
    }
    let state = if talk.untouched { words::untouched(talk.lang) } else { words::touched(talk.lang) };
    format!("{}: {state}", words::machine(talk.lang))
}

/// "4/6": the step among those that the route walks.
fn place(talk: &Talk) -> String {
    let (number, of) = talk.numbered(talk.at);
    if talk.exercise().is_some() {
        return format!("{} {number}/{of}", words::by_hand(talk.lang));
    }
    format!("{number}/{of}")
}
