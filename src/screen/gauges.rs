//! The sides of a cgroup lesson: outside is the knob, inside the effect.
//!
//! ```text
//!              OUTSIDE · cgroup files    │   │ INSIDE · box
//!  pids.max    15                        │ → │ ████████████████ 15/15  FULL
//!  refused     1                         │ → │ "Cannot fork"         ◀ changed
//! ```

use ratatui::layout::Rect;

use super::pen::Pen;
use super::{sides, words};
use crate::course::talk::{Phase, Talk};
use crate::course::{Fact, Side, Value};

/// The columns of a bar: more where there is room.
const BAR: (u16, u16) = (16, 40);

/// The facts that have a row, each by the fact of its knob or counter.
#[must_use]
pub fn rows(talk: &Talk) -> Vec<Fact> {
    let see = &talk.step().see;
    if see.is_empty() {
        return vec![Fact::PidsMax, Fact::PidsRefused, Fact::MemoryMax, Fact::CpuMax];
    }
    let mut rows = Vec::new();
    for fact in see {
        let row = match fact {
            Fact::PidsNow => Fact::PidsMax,
            Fact::MemoryNow => Fact::MemoryMax,
            Fact::CpuNow => Fact::CpuMax,
            Fact::NetNow => Fact::NetRate,
            other => *other,
        };
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

/// Draws the rows; returns the row after them.
pub fn draw(pen: &mut Pen, area: Rect, row: u16, talk: &Talk) -> u16 {
    let mut row = row;
    for fact in rows(talk) {
        sides::label(pen, area, row, words::fact(fact, talk.lang));
        sides::sign(pen, area, row, "→");
        let knob = value(talk, Side::Outside, fact).or_else(|| value(talk, Side::Inside, fact));
        let (text, strong) = (pen.look.text(), pen.look.strong());
        let shown = knob.map_or_else(|| "—".to_owned(), |knob| words::value(fact, knob, talk.lang));
        let changed = talk.phase == Phase::Done && marked(talk, fact);
        pen.put(sides::cell(area, row, Side::Outside), 0, 0, &shown, if changed { strong } else { text });
        let cell = sides::cell(area, row, Side::Inside);
        match fact {
            Fact::PidsMax | Fact::MemoryMax | Fact::CpuMax | Fact::NetRate => gauge(pen, cell, talk, fact, knob),
            _ => effect(pen, cell, talk, fact, changed),
        }
        row += 1;
    }
    row
}

/// Whether the row of a knob or counter is marked as changed.
fn marked(talk: &Talk, fact: Fact) -> bool {
    talk.changed.contains(&fact) || used(fact).is_some_and(|now| talk.changed.contains(&now))
}

/// The fact that says how much of a limit is used.
const fn used(limit: Fact) -> Option<Fact> {
    match limit {
        Fact::PidsMax => Some(Fact::PidsNow),
        Fact::MemoryMax => Some(Fact::MemoryNow),
        Fact::CpuMax => Some(Fact::CpuNow),
        Fact::NetRate => Some(Fact::NetNow),
        _ => None,
    }
}

fn value(talk: &Talk, side: Side, fact: Fact) -> Option<&Value> {
    talk.now.value(side, fact)
}

/// How much of a limit is used, as a bar and in numbers.
fn gauge(pen: &mut Pen, cell: Rect, talk: &Talk, limit: Fact, knob: Option<&Value>) {
    let Some(fact) = used(limit) else { return };
    let Some(Value::Number(now)) = value(talk, Side::Inside, fact).or_else(|| value(talk, Side::Outside, fact)) else {
        return;
    };
    let (text, dim, strong) = (pen.look.text(), pen.look.dim(), pen.look.strong());
    let shown = words::value(fact, &Value::Number(*now), talk.lang);
    let bar = cell.width.saturating_sub(18).clamp(BAR.0, BAR.1);
    let Some(Value::Number(max)) = knob else {
        // Nothing bounds it, so there is nothing to fill.
        let column = pen.put(cell, 0, 0, &"░".repeat(bar.into()), dim);
        pen.put(cell, 0, column + 1, &shown, text);
        return;
    };
    let full = u16::try_from(u64::from(bar).saturating_mul(*now) / (*max).max(1)).unwrap_or(bar).min(bar);
    let column = pen.put(cell, 0, 0, &"█".repeat(full.into()), pen.look.edge(Side::Inside));
    let column = pen.put(cell, 0, column, &"░".repeat((bar - full).into()), dim);
    let limit_shown = words::value(limit, &Value::Number(*max), talk.lang);
    let shown = shown.strip_suffix('%').unwrap_or(&shown);
    let at_limit = full == bar;
    let style = if at_limit { strong } else { text };
    let column = pen.put(cell, 0, column + 1, &format!("{shown}/{limit_shown}"), style);
    if at_limit {
        pen.put(cell, 0, column + 2, words::full(talk.lang), strong);
    }
}

/// What a counter of refusals means inside.
fn effect(pen: &mut Pen, cell: Rect, talk: &Talk, fact: Fact, changed: bool) {
    let lang = talk.lang;
    let counted = matches!(value(talk, Side::Outside, fact), Some(Value::Number(1..)))
        || matches!(value(talk, Side::Inside, fact), Some(Value::Number(1..)));
    let effect = match fact {
        Fact::PidsRefused if counted => "\"Cannot fork\"".to_owned(),
        Fact::OomKills if counted => lang.pick("\"Killed\": 128 + 9 = 137", "\"Killed\": 128 + 9 = 137").to_owned(),
        Fact::CpuThrottled if counted => lang.pick("made to wait", "teve de esperar").to_owned(),
        Fact::PidsRefused | Fact::OomKills | Fact::CpuThrottled => "—".to_owned(),
        _ => value(talk, Side::Inside, fact).map_or_else(|| "—".to_owned(), |value| words::value(fact, value, lang)),
    };
    if changed {
        sides::put_marked(pen, cell, &effect, &format!("◀ {}", words::changed(lang)));
    } else {
        let text = pen.look.text();
        pen.put(cell, 0, 0, &effect, text);
    }
}
