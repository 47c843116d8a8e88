//! The sides of a cgroup lesson: outside is the knob, inside the effect.
//!
//! ```text
//!              OUTSIDE · cgroup files    │   │ INSIDE · box
//!  pids.max    15                        │ → │ ████████████████ 15/15  FULL
//!  refused     1                         │ → │ "Cannot fork"         ◀ changed
//! ```

use ratatui::layout::Rect;

use super::pen::{Pen, cut};
use super::{sides, words};
use crate::course::portuguese::plainly;
use crate::course::talk::{Past, Phase, Talk};
use crate::course::{Fact, Reading, Side, Snapshot, Value};

/// The columns of a bar: more where there is room.
const BAR: (u16, u16) = (16, 40);

/// The columns of the numbers behind a bar.
const NUMBERS: u16 = 18;
/// How many samples a curve has.
const SHORTEST_CURVE: usize = 4;
const LONGEST_CURVE: usize = 32;
/// The heights of its points.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

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
            Fact::CpuShare => Fact::CpuWeight,
            Fact::IoNow => Fact::IoMax,
            Fact::NetNow => Fact::NetRate,
            other => *other,
        };
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

/// What the rows are read from.
#[derive(Clone, Copy)]
pub struct Meters<'a> {
    /// The last look.
    pub now: &'a Snapshot,
    /// Those before it.
    pub past: &'a Past,
}

impl Meters<'_> {
    fn value(&self, side: Side, fact: Fact) -> Option<&Value> {
        self.now.value(side, fact)
    }
}

/// Draws the rows; returns the row after them.
pub fn draw(pen: &mut Pen, area: Rect, row: u16, talk: &Talk) -> u16 {
    let mut row = row;
    for fact in rows(talk) {
        draw_of_talk(pen, area, row, talk, fact);
        row += 1;
    }
    row
}

/// Draws one row of the talk's box.
pub fn draw_of_talk(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, fact: Fact) {
    let meters = Meters { now: &talk.now, past: &talk.past };
    draw_row(pen, area, row, meters, fact, talk.phase == Phase::Done && marked(talk, fact));
}

/// Draws the row of one limit or counter.
pub fn draw_row(pen: &mut Pen, area: Rect, row: u16, meters: Meters<'_>, fact: Fact, changed: bool) {
    sides::label(pen, area, row, words::fact(fact, pen.lang));
    if fact == Fact::OomWords {
        quote(pen, area, row, meters, fact);
        return;
    }
    sides::sign(pen, area, row, "→");
    let knob = meters.value(Side::Outside, fact).or_else(|| meters.value(Side::Inside, fact));
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let shown = knob.map_or_else(|| "—".to_owned(), |knob| words::value(fact, knob, pen.lang));
    pen.put(sides::cell(area, row, Side::Outside), 0, 0, &shown, if changed { strong } else { text });
    let cell = sides::cell(area, row, Side::Inside);
    match fact {
        Fact::PidsMax | Fact::MemoryMax | Fact::CpuMax | Fact::IoMax | Fact::NetRate => {
            gauge(pen, cell, meters, fact, knob);
        }
        Fact::CpuWeight | Fact::CpuPressure | Fact::MemoryPressure | Fact::IoPressure => {
            part(pen, cell, meters, fact);
        }
        _ => effect(pen, cell, meters, fact, changed),
    }
}

/// What the kernel says in a sentence of its own stands in neither column.
fn quote(pen: &mut Pen, area: Rect, row: u16, meters: Meters<'_>, fact: Fact) {
    let room = area.width.saturating_sub(sides::VALUES + 1);
    let (text, style) = match meters.now.side(Side::Outside).get(&fact) {
        Some(Reading::Value(said)) => (format!("\"{said}\""), pen.look.strong()),
        Some(Reading::Missing(why)) => (format!("— {}", plainly(why, pen.lang)), pen.look.dim()),
        None => ("—".to_owned(), pen.look.dim()),
    };
    pen.put(area, row, sides::VALUES, &cut(&text, room), style);
}

/// Whether the row of a knob or counter is marked as changed.
fn marked(talk: &Talk, fact: Fact) -> bool {
    talk.changed.contains(&fact) || words::used(fact).is_some_and(|now| talk.changed.contains(&now))
}

/// How many columns a bar has in this cell; in a narrow one the numbers come first.
fn bar(cell: Rect) -> u16 {
    let least = if cell.width < 2 * BAR.0 { BAR.0 / 2 } else { BAR.0 };
    cell.width.saturating_sub(NUMBERS).clamp(least, BAR.1)
}

/// How much of a limit is used, as a bar and in numbers.
fn gauge(pen: &mut Pen, cell: Rect, meters: Meters<'_>, limit: Fact, knob: Option<&Value>) {
    let Some(fact) = words::used(limit) else { return };
    let Some(Value::Number(now)) = meters.value(Side::Inside, fact).or_else(|| meters.value(Side::Outside, fact))
    else {
        return;
    };
    let (text, dim, strong) = (pen.look.text(), pen.look.dim(), pen.look.strong());
    let shown = words::value(fact, &Value::Number(*now), pen.lang);
    let bar = bar(cell);
    let Some(Value::Number(max)) = knob else {
        // Nothing bounds it, so there is nothing to fill.
        let column = pen.put(cell, 0, 0, &"░".repeat(bar.into()), dim);
        pen.put(cell, 0, column + 1, &shown, text);
        return;
    };
    let full = u16::try_from(u64::from(bar).saturating_mul(*now) / (*max).max(1)).unwrap_or(bar).min(bar);
    let column = pen.put(cell, 0, 0, &"█".repeat(full.into()), pen.look.edge(Side::Inside));
    let column = pen.put(cell, 0, column, &"░".repeat((bar - full).into()), dim);
    let limit_shown = words::value(limit, &Value::Number(*max), pen.lang);
    // The unit stands once, behind the limit.
    let shown = ["%", "/s"].iter().find_map(|unit| shown.strip_suffix(unit)).unwrap_or(&shown);
    let at_limit = full == bar;
    let style = if at_limit { strong } else { text };
    let column = pen.put(cell, 0, column + 1, &format!("{shown}/{limit_shown}"), style);
    let column = if at_limit { pen.put(cell, 0, column + 2, words::full(pen.lang), strong) } else { column };
    curve(pen, cell, meters, fact, column.max(bar + NUMBERS), *max);
}

/// The last samples as a small curve, where there is room behind the numbers; its top is the limit.
fn curve(pen: &mut Pen, cell: Rect, meters: Meters<'_>, fact: Fact, column: u16, top: u64) {
    let room = usize::from(cell.width.saturating_sub(column + 2)).min(LONGEST_CURVE);
    let samples: Vec<u64> = meters.past.of(fact, room).collect();
    // Two points are no curve.
    if room < SHORTEST_CURVE || samples.len() < SHORTEST_CURVE {
        return;
    }
    let level =
        |sample: &u64| LEVELS[usize::try_from(sample.saturating_mul(7).div_ceil(top.max(1))).unwrap_or(7).min(7)];
    let text: String = samples.iter().map(level).collect();
    let edge = pen.look.edge(Side::Inside);
    pen.put(cell, 0, column + 2, &text, edge);
}

/// A part of a whole in percent, as a bar: there is no limit that it could reach.
fn part(pen: &mut Pen, cell: Rect, meters: Meters<'_>, fact: Fact) {
    let shown = words::used(fact).unwrap_or(fact);
    let (text, dim) = (pen.look.text(), pen.look.dim());
    let Some(Value::Number(percent)) = meters.value(Side::Inside, shown).or_else(|| meters.value(Side::Outside, shown))
    else {
        let why = match meters.now.side(Side::Outside).get(&shown) {
            Some(Reading::Missing(why)) => format!("— {}", plainly(why, pen.lang)),
            _ => "—".to_owned(),
        };
        pen.put(cell, 0, 0, &why, dim);
        return;
    };
    let bar = bar(cell);
    let full = u16::try_from(u64::from(bar) * (*percent).min(100) / 100).unwrap_or(bar);
    let column = pen.put(cell, 0, 0, &"█".repeat(full.into()), pen.look.edge(Side::Inside));
    let column = pen.put(cell, 0, column, &"░".repeat((bar - full).into()), dim);
    let column = pen.put(cell, 0, column + 1, &words::value(shown, &Value::Number(*percent), pen.lang), text);
    curve(pen, cell, meters, shown, column.max(bar + NUMBERS), 100);
}

/// What a counter of refusals means inside.
fn effect(pen: &mut Pen, cell: Rect, meters: Meters<'_>, fact: Fact, changed: bool) {
    let lang = pen.lang;
    let counted = matches!(meters.value(Side::Outside, fact), Some(Value::Number(1..)))
        || matches!(meters.value(Side::Inside, fact), Some(Value::Number(1..)));
    let effect = match fact {
        Fact::PidsRefused if counted => "\"Cannot fork\"".to_owned(),
        Fact::OomKills if counted => lang.pick("\"Killed\": 128 + 9 = 137", "\"Killed\": 128 + 9 = 137").to_owned(),
        Fact::CpuThrottled if counted => lang.pick("made to wait", "teve de esperar").to_owned(),
        Fact::CpuThrottledTime if counted => lang.pick("stood in line", "ficou na fila").to_owned(),
        Fact::Frozen if counted => lang.pick("stands still", "está parado").to_owned(),
        Fact::Frozen => lang.pick("runs", "roda").to_owned(),
        Fact::PidsRefused | Fact::OomKills | Fact::CpuThrottled | Fact::CpuThrottledTime => "—".to_owned(),
        _ => meters.value(Side::Inside, fact).map_or_else(|| "—".to_owned(), |value| words::value(fact, value, lang)),
    };
    if changed {
        sides::put_marked(pen, cell, &effect, &format!("◀ {}", words::changed(lang)));
    } else {
        let text = pen.look.text();
        pen.put(cell, 0, 0, &effect, text);
    }
}
