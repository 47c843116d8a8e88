//! The journal: the system calls that made this box, the step's own lit, refused ones in words.
//!
//! ```text
//!    11  unshare(CLONE_NEWUTS)                            = 0
//!  ▌ 12  sethostname("caixa", 5)                          = 0
//!  ▌ 13  mount("proc", "/proc", "proc")                   = EPERM
//! ```

use ratatui::layout::Rect;

use super::pen::{Pen, columns, cut};
use super::{sides, words};
use crate::course::talk::Talk;
use crate::course::{Call, Fact, Side};

/// Draws the call line: the call that this step is about.
pub fn draw_line(pen: &mut Pen, area: Rect, row: u16, talk: &Talk) {
    let Some(call) = telling(talk) else { return };
    sides::label(pen, area, row, words::call(talk.lang));
    let style = if call.failed() { pen.look.strong() } else { pen.look.text() };
    let room = area.width.saturating_sub(sides::VALUES + 1);
    let end = pen.put(area, row, sides::VALUES, &fitted(call, room), style);
    let dim = pen.look.dim();
    pen.put_right(area, row, end + 2, &read_back(talk), dim);
}

/// The limits that were read back before a load was started.
fn read_back(talk: &Talk) -> String {
    use crate::course::lesson::Limit;
    let shown = talk.step().load.iter().filter_map(|limit| {
        let fact = match limit {
            Limit::Pids => Fact::PidsMax,
            Limit::Memory => Fact::MemoryMax,
            Limit::Cpus => Fact::CpuMax,
        };
        Some(words::value(fact, talk.now.value(Side::Outside, fact)?, talk.lang))
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    if shown.is_empty() { shown } else { format!("{}: {shown}", words::read_back(talk.lang)) }
}

/// The step's call that says most: the one that its piece of source is about, a refused one, the last.
#[must_use]
pub fn telling(talk: &Talk) -> Option<&Call> {
    let calls = talk.journal.get(talk.journal_from..).unwrap_or_default();
    let anchor = talk.step().code.as_ref().map(|code| code.anchor.as_str()).unwrap_or_default();
    // max_by_key gives the last of equals.
    calls.iter().max_by_key(|call| 4 * likeness(call, anchor) + usize::from(call.failed()))
}

/// How much of a call stands in the source.
fn likeness(call: &Call, anchor: &str) -> usize {
    if !anchor.contains(&call.name) {
        return 0;
    }
    let words = call.args.iter().flat_map(|arg| arg.split('|')).filter(|word| {
        let word = word.trim_matches('"');
        // `CLONE_NEWUTS` is `NEWUTS` in the source.
        let bare = word.split_once('_').map_or(word, |(_, bare)| bare);
        bare.len() > 2 && anchor.contains(bare)
    });
    1 + words.count()
}

/// A call in so many columns: its arguments are cut before its result is.
#[must_use]
pub fn fitted(call: &Call, width: u16) -> String {
    let whole = call.to_string();
    if columns(&whole) <= width {
        return whole;
    }
    let result = result(call);
    let args = format!("{}({}", call.name, call.args.join(", "));
    format!("{}) {result}", cut(&args, width.saturating_sub(columns(&result) + 2)))
}

fn result(call: &Call) -> String {
    match &call.result {
        Ok(value) => format!("= {value}"),
        Err(errno) => format!("= {errno}"),
    }
}

/// Draws the journal into an area with a title; `scroll` lines back from its end.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, scroll: usize) {
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    pen.rule(area, 0, "─", dim);
    let column = pen.put(area, 0, 1, &format!(" {} ", words::system_calls(talk.lang)), strong);
    pen.put_right(area, 0, column, &format!(" ▌ {} ", words::this_step(talk.lang)), dim);
    if talk.journal.is_empty() {
        pen.put(area, 2, 2, words::no_calls(talk.lang), dim);
        return;
    }
    let rows = usize::from(area.height.saturating_sub(1));
    let first = talk.journal.len().saturating_sub(rows);
    let first = first - scroll.min(first);
    for (row, (index, call)) in (1..area.height).zip(talk.journal.iter().enumerate().skip(first)) {
        draw_call(pen, area, row, index, call, index >= talk.journal_from);
    }
}

fn draw_call(pen: &mut Pen, area: Rect, row: u16, index: usize, call: &Call, lit: bool) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    if lit {
        pen.put(area, row, 0, "▌", strong);
    }
    let column = pen.put(area, row, 1, &format!("{:>3} ", index + 1), dim);
    let style = match (lit, call.failed()) {
        (_, true) => strong,
        (true, false) => text,
        (false, false) => dim,
    };
    let result = result(call);
    let args = format!("{}({})", call.name, call.args.join(", "));
    // The results stand in one column, at most so far right that the eye still finds them.
    let edge = area.width.saturating_sub(1).min(100);
    let room = edge.saturating_sub(column + columns(&result) + 1);
    pen.put(area, row, column, &cut(&args, room), style);
    let at = edge.saturating_sub(columns(&result)).max(column);
    pen.put(area, row, at, &result, style);
}
