//! The switches and sliders, one below the other, on and off by word and mark; the chosen one is always in view.

use ratatui::layout::Rect;

use crate::course::play::words::{name, setting};
use crate::course::play::{Line, Play};
use crate::course::{Fact, Feature, Side};
use crate::screen::pen::Pen;
use crate::screen::words;

/// From so many columns on it is said beside each switch what it is.
const WITH_WORDS: u16 = 44;

/// A row of the list.
enum Row {
    Head(&'static str, &'static str),
    Line(usize, Line),
}

fn rows() -> Vec<Row> {
    let mut rows = vec![Row::Head("SWITCHES", "CHAVES")];
    for (at, line) in Line::ALL.into_iter().enumerate() {
        if line == Line::Feature(Feature::Cgroup) {
            rows.push(Row::Head("LIMITS, live", "LIMITES, ao vivo"));
        }
        rows.push(Row::Line(at, line));
    }
    rows
}

/// Draws as many rows as there is room for, and the line at their right.
pub fn draw(pen: &mut Pen, area: Rect, play: &Play) {
    let rows = rows();
    let chosen = rows.iter().position(|row| matches!(row, Row::Line(at, _) if *at == play.at)).unwrap_or(0);
    let room = usize::from(area.height);
    // A few rows before and after the chosen one are in view with it.
    let first = (chosen + 4).saturating_sub(room).min(rows.len().saturating_sub(room));
    for (row, what) in (0..area.height).zip(rows.iter().skip(first)) {
        match what {
            Row::Head(en, pt_br) => {
                let dim = pen.look.dim();
                pen.put(area, row, 1, pen.pick(en, pt_br), dim);
            }
            Row::Line(at, line) => draw_line(pen, area, row, play, *line, *at == play.at),
        }
    }
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    let edge = Rect { x: area.right(), width: 1, ..area };
    pen.upright(edge, 0, dim);
    if first > 0 {
        pen.put(edge, 0, 0, "↑", strong);
    }
    if first + room < rows.len() {
        pen.put(edge, edge.height.saturating_sub(1), 0, "↓", strong);
    }
}

fn draw_line(pen: &mut Pen, area: Rect, row: u16, play: &Play, line: Line, chosen: bool) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let lang = play.talk.lang;
    let (can, on) = (play.can(line), play.choice.has(line));
    let style = if chosen || on {
        strong
    } else if can {
        text
    } else {
        dim
    };
    if chosen {
        pen.put(area, row, 0, "▸", strong);
    }
    if !line.is_below() {
        let state = match (can, on) {
            (false, _) => "[---]",
            (true, true) => pen.pick("[on ]", "[sim]"),
            (true, false) => pen.pick("[off]", "[não]"),
        };
        let column = pen.put(area, row, 1, state, style);
        pen.put(area, row, column + 1, name(line, lang), style);
        if let Line::Feature(feature) = line
            && area.width >= WITH_WORDS
        {
            pen.put(area, row, 21, words::feature(feature, lang), dim);
        }
        return;
    }
    let column = pen.put(area, row, 4, name(line, lang), style);
    let value = if can { setting(play, line) } else { "---".to_owned() };
    let column = pen.put(area, row, column.max(15) + 1, &value, if on { style } else { dim });
    if let Some(used) = used(play, line).filter(|_| on && area.width >= 30) {
        pen.put(area, row, column + 1, &used, dim);
    }
}

/// How much of a limit is used.
fn used(play: &Play, line: Line) -> Option<String> {
    let now = words::used(line.fact().filter(|fact| *fact != Fact::CpuWeight)?)?;
    let value = play.talk.now.value(Side::Inside, now).or_else(|| play.talk.now.value(Side::Outside, now))?;
    Some(format!("({})", words::value(now, value, play.talk.lang)))
}
