//! The journal: the system calls that made this box, the step's own lit, refused ones in bold.
//!
//! ```text
//!    11  unshare(CLONE_NEWUTS) = 0
//!  ▌ 12  sethostname("caixa") = 0
//!  ▌ 13  mount("proc", "/proc", "proc") = EPERM
//! ```

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::pen::{Pen, columns, cut, wrap};
use super::{sides, words};
use crate::course::lesson::Limit;
use crate::course::talk::{Phase, Talk};
use crate::course::{Call, Fact, Side};

/// Paths longer than this are shown by their end.
const LONG_PATH: usize = 24;

/// Draws the call line: the call that this step is about.
pub fn draw_line(pen: &mut Pen, area: Rect, row: u16, talk: &Talk) {
    let Some(call) = talk.telling() else { return };
    sides::label(pen, area, row, words::call(talk.lang));
    let style = if call.failed() { pen.look.strong() } else { pen.look.text() };
    let room = area.width.saturating_sub(sides::VALUES + 1);
    let end = pen.put(area, row, sides::VALUES, &fitted(call, room), style);
    let dim = pen.look.dim();
    pen.put_right(area, row, end + 2, &read_back(talk), dim);
}

/// The limits that were read back before a load was started.
fn read_back(talk: &Talk) -> String {
    if talk.phase != Phase::Done {
        return String::new();
    }
    let shown = talk.step().load.iter().filter_map(|limit| {
        let fact = match limit {
            Limit::Pids => Fact::PidsMax,
            Limit::Memory => Fact::MemoryMax,
            Limit::Cpus => Fact::CpuMax,
            Limit::CpuShares => Fact::CpuWeight,
            Limit::DeviceWriteBps => Fact::IoMax,
            Limit::Freezer => Fact::Frozen,
            Limit::DeviceDeny => return None,
            Limit::Rate => Fact::NetRate,
        };
        Some(words::value(fact, talk.now.value(Side::Inside, fact)?, talk.lang))
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    if shown.is_empty() { shown } else { format!("{}: {shown}", words::read_back(talk.lang)) }
}

/// A call's name and arguments, long paths by their end.
fn said(call: &Call) -> String {
    let args: Vec<Cow<str>> = call.args.iter().map(|arg| short(arg)).collect();
    format!("{}({})", call.name, args.join(", "))
}

/// `"/sys/fs/cgroup/pids/unha-4711/box/pids.max"` is `"…/box/pids.max"`.
fn short(arg: &str) -> Cow<'_, str> {
    if arg.len() <= LONG_PATH || !arg.starts_with("\"/") {
        return arg.into();
    }
    let cut = arg.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at);
    if cut > 1 { format!("\"…{}", &arg[cut..]).into() } else { arg.into() }
}

/// A call in so many columns: its arguments are cut before its result is.
#[must_use]
pub fn fitted(call: &Call, width: u16) -> String {
    let result = result(call);
    let room = width.saturating_sub(columns(&result) + 1);
    format!("{} {result}", cut(&said(call), room))
}

fn result(call: &Call) -> String {
    match &call.result {
        Ok(value) => format!("= {value}"),
        Err(errno) => format!("= {errno}"),
    }
}

/// A call in lines of so many columns; the sign of equality stays with the result.
fn lines(call: &Call, width: u16) -> Vec<String> {
    let whole = format!("{} {}", said(call), result(call).replace(' ', "\u{a0}"));
    wrap(&whole, width).into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

/// Draws the journal into an area with a title; `scroll` calls back from its end.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, scroll: usize) {
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    pen.rule(area, 0, "─", dim);
    let column = pen.put(area, 0, 1, &format!(" {} ", words::system_calls(talk.lang)), strong);
    pen.put_right(area, 0, column, &format!(" ▌ {} ", words::this_step(talk.lang)), dim);
    if talk.journal.is_empty() {
        pen.put(area, 2, 2, words::no_calls(talk.lang), dim);
        return;
    }
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let last = talk.journal.len() - scroll.min(talk.journal.len() - 1);
    let room = area.width.saturating_sub(7);
    let height = |call: &Call| lines(call, room).len();
    // As many of the calls up to the last one as there is room for.
    let mut used = 0;
    let fitting = talk.journal[..last].iter().rev().take_while(|call| {
        used += height(call);
        used <= usize::from(below.height)
    });
    let first = last - fitting.count();
    let mut row = 0;
    for (index, call) in talk.journal.iter().enumerate().skip(first) {
        if row >= below.height {
            break;
        }
        row = draw_call(pen, below, row, index, call, index >= talk.journal_from);
    }
}

fn draw_call(pen: &mut Pen, area: Rect, row: u16, index: usize, call: &Call, lit: bool) -> u16 {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let style = match (lit, call.failed()) {
        (_, true) => strong,
        (true, false) => text,
        (false, false) => dim,
    };
    let column = pen.put(area, row, 1, &format!("{:>3}  ", index + 1), dim);
    let mut at = row;
    for (part, line) in lines(call, area.width.saturating_sub(7)).iter().enumerate() {
        if lit {
            pen.put(area, at, 0, "▌", strong);
        }
        pen.put(area, at, if part == 0 { column } else { column + 1 }, line, style);
        at += 1;
    }
    at
}
