//! The two sides: a row for each feature, and the gauges of the limits; where there is not room for all, those around
//! the chosen line.

use ratatui::layout::Rect;

use crate::course::play::{Line, Play};
use crate::course::{Fact, Side};
use crate::screen::layout::{middle, split_at};
use crate::screen::pen::{Pen, cut};
use crate::screen::{gauges, sides, words};

/// The rows of all facts, their title included.
pub const ROWS: u16 = 14;
/// The rows of all gauges, their title included.
pub const GAUGES: u16 = 8;

/// What is told of the features, in their order.
const FACTS: [Fact; 13] = [
    Fact::Hostname,
    Fact::Pid,
    Fact::Processes,
    Fact::Mounts,
    Fact::Os,
    Fact::NsIpc,
    Fact::Links,
    Fact::Uid,
    Fact::Cgroup,
    Fact::Uptime,
    Fact::CapEff,
    Fact::NoNewPrivs,
    Fact::Seccomp,
];

/// What is told of the limits.
const LIMITS: [Fact; 7] =
    [Fact::PidsMax, Fact::MemoryMax, Fact::CpuMax, Fact::CpuWeight, Fact::IoMax, Fact::NetRate, Fact::Frozen];

/// Draws the sides.
pub fn draw(pen: &mut Pen, area: Rect, play: &Play) {
    if area.height > ROWS + GAUGES {
        let (facts, rest) = split_at(area, ROWS);
        draw_facts(pen, facts, play);
        draw_limits(pen, split_at(rest, 1).1, play);
    } else if play.line().is_live() || play.line().fact() == Some(Fact::PidsMax) {
        draw_limits(pen, area, play);
    } else {
        draw_facts(pen, area, play);
    }
}

/// The facts to be seen in so many rows.
fn shown(line: Line, rows: usize) -> Vec<Fact> {
    let own = line.fact().filter(|fact| !LIMITS.contains(fact));
    let mut facts = FACTS.to_vec();
    // One that has no row of its own takes the place of the one that stands for its feature.
    let at = own.map(|own| {
        facts.iter().position(|fact| *fact == own).unwrap_or_else(|| {
            let near = match own {
                Fact::LinksUp | Fact::Addresses => Fact::Links,
                _ => Fact::Uptime,
            };
            let at = facts.iter().position(|fact| *fact == near).unwrap_or(0);
            facts.insert(at + 1, own);
            at + 1
        })
    });
    let first = at.map_or(0, |at| (at + 2).saturating_sub(rows)).min(facts.len().saturating_sub(rows));
    facts.into_iter().skip(first).take(rows).collect()
}

fn draw_facts(pen: &mut Pen, area: Rect, play: &Play) {
    titles(pen, area, play, words::place(Side::Outside, play.talk.lang));
    for (row, fact) in (1..).zip(shown(play.line(), usize::from(area.height.saturating_sub(1)))) {
        sides::compare(pen, area, row, &play.talk, fact);
    }
}

fn draw_limits(pen: &mut Pen, area: Rect, play: &Play) {
    titles(pen, area, play, words::cgroup_files(play.talk.lang));
    let room = usize::from(area.height.saturating_sub(1));
    for (row, fact) in (1..).zip(LIMITS.into_iter().take(room)) {
        gauges::draw_of_talk(pen, area, row, &play.talk, fact);
    }
}

/// The names of the sides, as much of them as there is room for.
fn titles(pen: &mut Pen, area: Rect, play: &Play, what: &str) {
    let lang = play.talk.lang;
    let inside = match play.talk.ended {
        Some(how) if !play.talk.box_runs => words::ended(how, lang),
        _ => words::place(Side::Inside, lang).to_owned(),
    };
    let middle = middle(area.width);
    let outside = Rect { x: area.x + sides::VALUES, width: middle.saturating_sub(sides::VALUES + 3), ..area };
    for (cell, side, what) in [
        (outside, Side::Outside, what),
        (Rect { x: area.x + middle + 4, width: area.width.saturating_sub(middle + 4), ..area }, Side::Inside, &inside),
    ] {
        let name = words::side(side, lang);
        let (bold, plain) = (pen.look.side(side), pen.look.edge(side));
        let column = pen.put(cell, 0, 0, name, bold);
        let rest = format!(" · {what}");
        if crate::screen::pen::columns(&rest) + column <= cell.width {
            pen.put(cell, 0, column, &cut(&rest, cell.width.saturating_sub(column)), plain);
        }
    }
    sides::sign(pen, area, 0, " ");
}
