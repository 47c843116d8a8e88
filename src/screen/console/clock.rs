//! The time: what the talk and each of its parts took and were to take, and in words whether one is ahead or behind.

use ratatui::layout::Rect;

use super::titled;
use crate::course::plan::{Account, Basis, Clock, Share};
use crate::course::text::Lang;
use crate::screen::layout::split_at;
use crate::screen::pen::{Pen, columns};

/// Less than so many milliseconds is neither ahead nor behind.
const ON_TIME: u64 = 30_000;
/// Titles and times farther apart are not read as one line.
const WIDEST: u16 = 44;
/// From this height on there is room for the time of the slide or step at hand.
const ROOMY: u16 = 16;
/// A minute, in milliseconds.
const MINUTE: u64 = 60_000;

/// Draws it below its title, the part at hand in view.
pub fn draw(pen: &mut Pen, area: Rect, account: &Account) {
    titled(pen, area, &title(account, pen.lang));
    let (_, body) = split_at(area, 1);
    let body = Rect { x: body.x + 1, width: body.width.saturating_sub(2).min(WIDEST), ..body };
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let said = standing(account, pen.lang);
    let style = if account.behind.unsigned_abs() < ON_TIME { text } else { strong };
    let column = pen.put(body, 0, 0, &said, style);
    let all = format!("{} /{:>6}", time(account.spent), time(account.planned));
    pen.put_right(Rect { width: body.width + 1, ..body }, 0, column, &all, text);
    let mut top = 1;
    if body.height >= ROOMY {
        let here = format!("{} /{:>6}", time(account.here_spent), time(account.here_planned));
        pen.put(body, 1, 0, pen.pick("this slide or step", "este slide ou passo"), text);
        pen.put_right(Rect { width: body.width + 1, ..body }, 1, 0, &here, strong);
        top = 3;
    }
    let (_, parts) = split_at(body, top);
    let rows = usize::from(parts.height);
    // One part that is over stays in view above the one at hand.
    let first = account.at.saturating_sub(rows / 2).min(account.parts.len().saturating_sub(rows));
    for (row, (index, part)) in (0..parts.height).zip(account.parts.iter().enumerate().skip(first)) {
        draw_part(pen, parts, row, part, index == account.at);
    }
}

fn draw_part(pen: &mut Pen, area: Rect, row: u16, part: &Share, here: bool) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let times = format!("{:>5} /{:>6}", time(part.spent), time(part.planned));
    let style = match (here, part.spent > 0) {
        (true, _) => strong,
        (false, true) => text,
        (false, false) => dim,
    };
    let title = part.title.get(pen.lang);
    let left = Rect { width: area.width.saturating_sub(columns(&times) + 1), ..area };
    if here {
        pen.put(left, row, 0, "▸", strong);
    }
    let indent = if part.lesson.is_some() { 3 } else { 2 };
    pen.put(left, row, indent, title, style);
    pen.put(area, row, area.width.saturating_sub(columns(&times)), &times, style);
}

/// Whether the clock runs, and where the plan is from.
fn title(account: &Account, lang: Lang) -> String {
    let clock = match account.clock {
        Clock::Waiting => lang.pick("CLOCK · starts with Next", "RELÓGIO · começa com Enter"),
        Clock::Running => lang.pick("CLOCK", "RELÓGIO"),
        Clock::Stopped => lang.pick("CLOCK STOPPED · p", "RELÓGIO PARADO · p"),
    };
    match &account.basis {
        Basis::Deck => clock.to_owned(),
        Basis::Rehearsed(day) => format!("{clock} · {} {day}", lang.pick("rehearsal", "ensaio")),
    }
}

/// Ahead or behind, in words.
fn standing(account: &Account, lang: Lang) -> String {
    let by = account.behind.unsigned_abs();
    if by < ON_TIME {
        return lang.pick("on time", "no horário").to_owned();
    }
    let minutes = (by + MINUTE / 2) / MINUTE;
    let words = if account.behind > 0 { lang.pick("behind", "atrasado") } else { lang.pick("ahead", "adiantado") };
    format!("{minutes} min {words}")
}

/// Minutes and seconds.
fn time(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
