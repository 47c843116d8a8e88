//! The two sides: outside left, inside right, the comparison sign between them.
//!
//! ```text
//!              FORA · bancada            │   │ DENTRO · caixa
//!  hostname    bancada                   │ ≠ │ yabadabadoo           ◀ mudou
//!  ns uts      […2177]                   │ ≠ │ […2252]
//!  máquina     hostname vm · ns uts […1838]
//!
//!  chamada     unshare(CLONE_NEWUTS) = 0
//! ```

use ratatui::layout::Rect;

use super::layout::middle;
use super::pen::{Pen, columns, cut};
use super::theme::Glyphs;
use super::{calls, gauges, words};
use crate::course::portuguese::plainly;
use crate::course::talk::{Phase, Talk};
use crate::course::{Fact, Reading, Side, Snapshot, Value};

/// The column at which values stand.
pub const VALUES: u16 = 13;

/// The rows that the sides take without any air and without the machine's: titles, facts, call, docker.
#[must_use]
pub fn rows(talk: &Talk) -> u16 {
    let rows = if talk.step().gauges { gauges::rows(talk).len() } else { talk.step().see.len() };
    let docker = usize::from(talk.step().docker.is_some());
    u16::try_from(1 + rows + 1 + docker).unwrap_or(u16::MAX)
}

/// Draws the sides; the machine's row and a blank one before the call line are for where there is room.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, machine_row: bool, air: bool) {
    titles(pen, area, talk);
    let mut row = 1;
    if talk.step().gauges {
        row = gauges::draw(pen, area, row, talk);
    } else {
        for fact in &talk.step().see {
            compare(pen, area, row, talk, *fact);
            row += 1;
        }
    }
    if machine_row {
        let values = words::machine_values(&talk.now, &talk.step().see, talk.lang);
        if !values.is_empty() {
            label(pen, area, row, words::machine(talk.lang));
            let text = pen.look.text();
            pen.put(area, row, VALUES, &values, text);
        }
        row += 1;
    }
    row += u16::from(air);
    calls::draw_line(pen, area, row, talk);
    if let Some(docker) = talk.step().docker.as_deref().filter(|_| talk.phase == Phase::Done) {
        label(pen, area, row + 1, "docker");
        let strong = pen.look.strong();
        pen.put(area, row + 1, VALUES, docker, strong);
    }
}

/// Draws the sides of a container made by hand: their names and facts alone. Returns the rows that they took.
pub fn draw_facts(pen: &mut Pen, area: Rect, talk: &Talk) -> u16 {
    titles(pen, area, talk);
    for (row, fact) in (1..).zip(&talk.step().see) {
        compare(pen, area, row, talk, *fact);
    }
    u16::try_from(talk.step().see.len()).unwrap_or(u16::MAX).saturating_add(1)
}

/// The names of the sides, each over its column.
fn titles(pen: &mut Pen, area: Rect, talk: &Talk) {
    let lang = talk.lang;
    // What the cable lets in is in no file.
    let files = talk.step().gauges && gauges::rows(talk).iter().any(|fact| !fact.key().starts_with("net."));
    let what = match (files, talk.host) {
        (true, _) => words::cgroup_files(lang),
        (false, true) => words::this_machine(lang),
        (false, false) => words::place(Side::Outside, lang),
    };
    title(pen, area, VALUES, Side::Outside, what);
    let inside = match talk.ended {
        _ if talk.exercise().is_some() && talk.now.inside.is_empty() => words::nothing_apart(lang).to_owned(),
        _ if talk.exercise().is_some() => words::yours(lang).to_owned(),
        Some(how) if !talk.box_runs => words::ended(how, lang),
        _ => words::place(Side::Inside, lang).to_owned(),
    };
    title(pen, area, middle(area.width) + 4, Side::Inside, &inside);
    sign(pen, area, 0, " ");
}

/// The name of a side, and what it is.
pub fn title(pen: &mut Pen, area: Rect, column: u16, side: Side, what: &str) {
    let (bold, plain) = (pen.look.side(side), pen.look.edge(side));
    let column = pen.put(area, 0, column, words::side(side, pen.lang), bold);
    pen.put(area, 0, column, &format!(" · {what}"), plain);
}

/// The sign in the middle of a row, between two upright lines.
pub fn sign(pen: &mut Pen, area: Rect, row: u16, sign: &str) {
    let at = middle(area.width);
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    pen.put(area, row, at - 2, "│", dim);
    if sign == "≠" && pen.look.glyphs != Glyphs::Unicode {
        // No one character of those fonts says it.
        pen.put(area, row, at - 1, "!=", strong);
    } else {
        pen.put(area, row, at, sign, if sign == "=" { dim } else { strong });
    }
    pen.put(area, row, at + 2, "│", dim);
}

/// The name of a row.
pub fn label(pen: &mut Pen, area: Rect, row: u16, name: &str) {
    let dim = pen.look.dim();
    pen.put(area, row, 1, name, dim);
}

/// One fact on both sides.
pub fn compare(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, fact: Fact) {
    let changed = |side| talk.phase == Phase::Done && talk.changed_on(side, fact);
    compare_in(pen, area, row, &talk.now, fact, &changed);
}

/// One fact on both sides of a look; `changed` tells on which it is another than before.
pub fn compare_in(pen: &mut Pen, area: Rect, row: u16, now: &Snapshot, fact: Fact, changed: &dyn Fn(Side) -> bool) {
    label(pen, area, row, words::fact(fact, pen.lang));
    let of = |side: Side| now.value(side, fact);
    let equal = match (of(Side::Outside), of(Side::Inside)) {
        (Some(outside), Some(inside)) if outside == inside => "=",
        (Some(_), Some(_)) => "≠",
        _ => " ",
    };
    sign(pen, area, row, equal);
    for side in [Side::Outside, Side::Inside] {
        put_value(pen, cell(area, row, side), fact, now.side(side).get(&fact), changed(side));
    }
}

/// The cells of a side's value in a row.
#[must_use]
pub fn cell(area: Rect, row: u16, side: Side) -> Rect {
    let middle = middle(area.width);
    let (from, to) = match side {
        Side::Inside => (middle + 4, area.width),
        _ => (VALUES, middle.saturating_sub(3)),
    };
    let height = u16::from(row < area.height);
    Rect { x: area.x + from.min(area.width), y: area.y + row, width: to.saturating_sub(from), height }
}

fn put_value(pen: &mut Pen, cell: Rect, fact: Fact, reading: Option<&Reading>, changed: bool) {
    let (text, style) = match reading {
        Some(Reading::Value(value)) => {
            let style = if changed { pen.look.strong() } else { pen.look.text() };
            (tail(fact, value, words::value(fact, value, pen.lang), cell.width), style)
        }
        Some(Reading::Missing(why)) => (format!("— {}", plainly(why, pen.lang)), pen.look.dim()),
        None => ("—".to_owned(), pen.look.dim()),
    };
    if !changed {
        pen.put(cell, 0, 0, &text, style);
        return;
    }
    let word = format!("◀ {}", words::changed(pen.lang));
    put_marked(pen, cell, &text, &word);
}

/// Puts a value with its mark: aligned with the other marks if there is room, else close, else the glyph alone.
pub fn put_marked(pen: &mut Pen, cell: Rect, text: &str, mark: &str) {
    let strong = pen.look.strong();
    let mark = if columns(text) + 1 + columns(mark) <= cell.width { mark } else { "◀" };
    let room = cell.width.saturating_sub(columns(mark) + 1);
    let end = pen.put(cell, 0, 0, &cut(text, room), strong);
    pen.put(cell, 0, (end + 1).max(22).min(room + 1), mark, strong);
}

/// The end of a path says more than its beginning.
fn tail(fact: Fact, value: &Value, text: String, width: u16) -> String {
    if fact != Fact::Cgroup || columns(&text) <= width || !matches!(value, Value::Text(_)) {
        return text;
    }
    let skip = text.chars().count().saturating_sub(usize::from(width).saturating_sub(1));
    format!("…{}", text.chars().skip(skip).collect::<String>())
}

/// The rows kept for the real machine: one, where a fact may have a true value of its own there.
#[must_use]
pub fn machine_rows(talk: &Talk) -> u16 {
    u16::from(!talk.step().gauges && talk.step().see.iter().any(|fact| words::has_true_value(*fact)))
}
