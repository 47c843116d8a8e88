//! The parts of a portrait, from top to bottom.
//!
//! ```text
//!              OUTSIDE · this machine    │   │ INSIDE · podman:web
//!  hostname    vm                        │ ≠ │ 3f2a
//! ─ LIMITS ──────────────────────────────────────────────────────────────────────
//!  pids.max    15                        │ → │ ███░░░░░░░░░░░░░ 3/15
//! ─ WHO SHARES WHAT ─────────────────────────────────────────────────────────────
//!  net         with podman:sidecar (4790)
//! ─ WHAT DOES NOT ISOLATE IT ────────────────────────────────────────────────────
//!  HIGH    root-id        Its uid 0 is our uid 0.
//!                         Once out, it is root: every file and every process here.
//!                         user_namespaces(7)  /proc/4711/uid_map 0 0 4294967295
//! ```

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::course::holes::{Hole, Isolation, Severity, Wall, counted_along, severity};
use crate::course::inspect::{Inspection, Portrait, shared, sharers};
use crate::course::portuguese::plainly;
use crate::course::text::Lang;
use crate::course::{Fact, Kind, Reading, Side, Value};
use crate::screen::glossary::{self, Seen};
use crate::screen::layout::middle;
use crate::screen::pen::{Pen, columns, cut, wrap};
use crate::screen::sides::{self, VALUES};
use crate::screen::{gauges, words};

/// Where a hole's word stands, and its sentences; where those of a wall do.
const WORD: u16 = 9;
const SAID: u16 = 24;
const WALL: u16 = 16;

/// What is compared, in the order of the rows.
const COMPARED: [Fact; 18] = [
    Fact::Hostname,
    Fact::Pid,
    Fact::Uid,
    Fact::Os,
    Fact::RootType,
    Fact::NsUser,
    Fact::NsUts,
    Fact::NsPid,
    Fact::NsMnt,
    Fact::NsNet,
    Fact::NsIpc,
    Fact::NsCgroup,
    Fact::NsTime,
    Fact::LinksUp,
    Fact::Addresses,
    Fact::CapEff,
    Fact::NoNewPrivs,
    Fact::Seccomp,
];

/// Limits that always have a row.
const LIMITS: [Fact; 3] = [Fact::PidsMax, Fact::MemoryMax, Fact::CpuMax];
/// Those that have one where there is such a limit.
const IF_SET: [Fact; 2] = [Fact::IoMax, Fact::NetRate];
/// Those that have one where something was counted.
const IF_COUNTED: [Fact; 5] = [Fact::PidsRefused, Fact::OomKills, Fact::OomWords, Fact::CpuThrottled, Fact::Frozen];

/// The two sides; returns the row after them.
pub fn sides(pen: &mut Pen, area: Rect, row: u16, on: &Inspection, portrait: &Portrait) -> u16 {
    let lang = pen.lang;
    let heads = Rect { y: area.y + row, height: area.height.saturating_sub(row), ..area };
    sides::title(pen, heads, VALUES, Side::Outside, words::this_machine(lang));
    sides::title(pen, heads, middle(area.width) + 4, Side::Inside, &on.title());
    sides::sign(pen, area, row, " ");
    let mut row = row + 1;
    for fact in COMPARED {
        if portrait.now.inside.contains_key(&fact) || portrait.now.outside.contains_key(&fact) {
            let changed = |side| side == Side::Inside && portrait.is_news(fact, on.now);
            sides::compare_in(pen, area, row, &portrait.now, fact, &changed);
            row += 1;
        }
    }
    row
}

/// The limits; returns the row after them.
pub fn limits(pen: &mut Pen, area: Rect, row: u16, portrait: &Portrait) -> u16 {
    let along = counted_along(&portrait.isolation, pen.lang).map_or_else(String::new, |along| format!(" · {along}"));
    let title = format!("{}{along}", pen.pick("LIMITS", "LIMITES"));
    section(pen, area, row, &title);
    let mut row = row + 1;
    let number = |fact| match portrait.now.value(Side::Outside, fact) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let set = IF_SET.into_iter().filter(|fact| number(*fact).is_some());
    let counted = IF_COUNTED.into_iter().filter(|fact| match fact {
        Fact::OomWords => {
            matches!(portrait.now.value(Side::Outside, *fact), Some(Value::Text(said)) if !said.is_empty())
        }
        _ => number(*fact).is_some_and(|count| count > 0),
    });
    let meters = gauges::Meters { now: &portrait.now, past: &portrait.past };
    for fact in LIMITS.into_iter().chain(set).chain(counted) {
        gauges::draw_row(pen, area, row, meters, fact, false);
        unread(pen, area, row, portrait, fact);
        row += 1;
    }
    row
}

/// Why there is nothing to hold against a limit.
fn unread(pen: &mut Pen, area: Rect, row: u16, portrait: &Portrait, limit: Fact) {
    let Some(used) = words::used(limit) else { return };
    let of = |side| portrait.now.side(side).get(&used);
    if let (Some(Reading::Missing(why)), None) = (of(Side::Outside), of(Side::Inside)) {
        let dim = pen.look.dim();
        // The cgroup at the top of its hierarchy has no such file.
        let said = match (why.ends_with("ENOENT"), pen.lang) {
            (true, Lang::En) => format!("— no {} in its cgroup", used.key()),
            (true, Lang::PtBr) => format!("— sem {} no cgroup dele", used.key()),
            (false, lang) => format!("— {}", plainly(why, lang)),
        };
        pen.put(sides::cell(area, row, Side::Inside), 0, 0, &said, dim);
    }
}

/// With whom it shares what; returns the row after it.
pub fn sharing(pen: &mut Pen, area: Rect, row: u16, on: &Inspection) -> u16 {
    section(pen, area, row, pen.pick("WHO SHARES WHAT", "QUEM COMPARTILHA O QUÊ"));
    let mut row = row + 1;
    let lang = pen.lang;
    let machine = lang.pick("with this machine", "com esta máquina");
    let there = |kind| on.tree.as_ref().is_some_and(|tree| tree.namespaces.of(kind) != 0);
    let Some(group) = on.home() else {
        let all = lang.pick("all namespaces", "todos os namespaces");
        let text = pen.look.text();
        pen.put(area, row, 1, &format!("{all} {machine}"), text);
        return row + 1;
    };
    let with_machine = shared(group, there);
    let mut lines = vec![];
    if !with_machine.is_empty() {
        lines.push((names(&with_machine), machine.to_owned()));
    }
    for (kinds, others) in sharers(group, on.groups()) {
        lines.push((names(&kinds), format!("{} {}", lang.pick("with", "com"), others.join(", "))));
    }
    if lines.is_empty() {
        lines.push((
            lang.pick("nothing", "nada").to_owned(),
            lang.pick("all are its own", "são todos só dele").to_owned(),
        ));
    }
    let (dim, text) = (pen.look.dim(), pen.look.text());
    let wide = lines.iter().map(|(kinds, _)| columns(kinds)).max().unwrap_or(0).max(VALUES - 3).min(area.width / 2);
    for (kinds, with) in lines {
        pen.put(area, row, 1, &cut(&kinds, wide), dim);
        let room = area.width.saturating_sub(wide + 4);
        row = pen.put_lines(area, row, wide + 3, &wrap(&with, room), text);
    }
    row
}

fn names(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ")
}

/// One sentence each on what does not isolate it and what does; returns the row after them.
pub fn sentences(pen: &mut Pen, area: Rect, row: u16, portrait: &Portrait) -> u16 {
    let Isolation { walls, holes, unknown, .. } = &portrait.isolation;
    let mut seen = Seen::new();
    section(pen, area, row, pen.pick("WHAT DOES NOT ISOLATE IT", "O QUE NÃO ISOLA"));
    let mut row = row + 1;
    if holes.is_empty() {
        let text = pen.look.text();
        pen.put(
            area,
            row,
            1,
            pen.pick("None of the well-known holes was found.", "Nenhum dos furos conhecidos foi achado."),
            text,
        );
        row += 1;
    }
    for of in holes {
        row = hole(pen, area, row, of, &mut seen);
    }
    section(pen, area, row, pen.pick("WHAT ISOLATES IT", "O QUE ISOLA"));
    row += 1;
    for of in walls {
        row = wall(pen, area, row, of, true, &mut seen);
    }
    if !unknown.is_empty() {
        section(pen, area, row, pen.pick("WHAT COULD NOT BE SEEN", "O QUE NÃO DEU PARA VER"));
        row += 1;
        for of in unknown {
            row = wall(pen, area, row, of, false, &mut seen);
        }
    }
    row
}

/// The holes of each weight, the worst first, and how many they are.
pub fn weights(isolation: &Isolation) -> Vec<(Severity, usize)> {
    let all = [Severity::High, Severity::Medium, Severity::Low];
    let count = |severity| isolation.holes.iter().filter(|hole| hole.severity == severity).count();
    all.into_iter().map(|severity| (severity, count(severity))).filter(|(_, count)| *count > 0).collect()
}

fn hole(pen: &mut Pen, area: Rect, row: u16, hole: &Hole, seen: &mut Seen) -> u16 {
    let (dim, text, strong, accent) = (pen.look.dim(), pen.look.text(), pen.look.strong(), pen.look.accent());
    let weight = match hole.severity {
        Severity::High => pen.look.chip(),
        Severity::Medium => strong,
        Severity::Low => text,
    };
    pen.put(area, row, 1, severity(hole.severity, pen.lang), weight);
    pen.put(area, row, WORD, hole.word, strong);
    let row = said(pen, area, (row, SAID), hole.says.get(pen.lang), strong, seen);
    let row = said(pen, area, (row, SAID), hole.allows.get(pen.lang), text, seen);
    // Where it is written, whole, and behind it what was seen as far as there is room.
    let lines = wrap(hole.source.name, area.width.saturating_sub(SAID + 1));
    let below = pen.put_lines(area, row, SAID, &lines, accent);
    let column = SAID + lines.last().map_or(0, |last| columns(last));
    if let Some(shown) = hole.seen.first() {
        let room = area.width.saturating_sub(column + 3);
        if room > 12 {
            pen.put(area, below - 1, column + 2, &cut(shown, room), dim);
        }
    }
    below
}

fn wall(pen: &mut Pen, area: Rect, row: u16, wall: &Wall, is_seen: bool, seen: &mut Seen) -> u16 {
    let (dim, text) = (pen.look.dim(), pen.look.text());
    pen.put(area, row, 1, wall.word, dim);
    let row = said(pen, area, (row, WALL), wall.says.get(pen.lang), text, seen);
    match wall.seen.first().filter(|_| !is_seen) {
        Some(why) => said(pen, area, (row, WALL), &plainly(why, pen.lang), dim, seen),
        None => row,
    }
}

/// A sentence from a column on, on as many rows as it takes.
fn said(pen: &mut Pen, area: Rect, (row, column): (u16, u16), words: &str, style: Style, seen: &mut Seen) -> u16 {
    let lines = wrap(words, area.width.saturating_sub(column + 1));
    for (row, line) in (row..).zip(&lines) {
        glossary::underline(pen, area, row, column, line, seen);
    }
    // The letters keep what is under them.
    pen.put_lines(area, row, column, &lines, style)
}

/// The title of a part on its rule.
fn section(pen: &mut Pen, area: Rect, row: u16, title: &str) {
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    pen.rule(area, row, "─", dim);
    pen.put(area, row, 1, &format!(" {title} "), strong);
}
