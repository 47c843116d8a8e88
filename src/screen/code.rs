//! The source of the step: the code on the screen is the code that runs, its lines lit, a remark below them.
//!
//! ```text
//! ─ CÓDIGO · uts.rs ───────────────────────────────────────────────────────────────
//!    11      // man 2 sethostname
//!  ▌ 12      sys::sethostname(name)?;
//!            └ Só depois do unshare: antes, o nome seria o do lado de fora.
//! ```

use std::ops::Range;

use ratatui::layout::Rect;

use super::pen::{Pen, wrap};
use super::words;
use crate::course::lesson::Code;
use crate::course::talk::Talk;

/// Draws the source as a pane of the lesson, the lit lines in its middle.
pub fn draw_pane(pen: &mut Pen, area: Rect, talk: &Talk) {
    let dim = pen.look.dim();
    pen.upright(area, 0, dim);
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    draw(pen, inner, talk, None);
}

/// Draws the source with a title; without `scroll` the lit lines are brought into view.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, scroll: Option<usize>) {
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    let lang = talk.lang;
    if scroll.is_some() {
        pen.rule(area, 0, "─", dim);
    }
    let column = pen.put(area, 0, 1, &format!(" {} ", words::code(lang)), strong);
    let Some(code) = &talk.step().code else {
        pen.put(area, 2, 2, words::no_code(lang), dim);
        return;
    };
    pen.put(area, 0, column, &format!("· {} ", code.file), dim);
    let Some(source) = (pen.look.sources)(&code.file) else {
        pen.put(area, 2, 2, words::not_found(lang), dim);
        return;
    };
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    draw_lines(pen, below, source, code, scroll.unwrap_or(0));
}

/// The lines of the source, the remark put in after those that are lit.
fn draw_lines(pen: &mut Pen, area: Rect, source: &str, code: &Code, scroll: usize) {
    let lit = lit_lines(source, &code.anchor);
    let remark = wrap(code.note.get(pen.lang), area.width.saturating_sub(9));
    let first = first_line(source, &lit, remark.len(), area.height.into()) + scroll;
    let last_first = (source.lines().count() + remark.len()).saturating_sub(area.height.into());
    let first = first.min(last_first);
    let mut row = 0;
    for (index, line) in source.lines().enumerate().skip(first) {
        if row >= area.height {
            break;
        }
        draw_line(pen, area, row, index, line, lit.contains(&index));
        row += 1;
        if index + 1 == lit.end {
            let strong = pen.look.strong();
            pen.put(area, row, 7, "└", strong);
            row = pen.put_lines(area, row, 9, &remark, strong);
        }
    }
}

fn draw_line(pen: &mut Pen, area: Rect, row: u16, index: usize, line: &str, lit: bool) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let style = match (lit, line.trim_start().starts_with("//")) {
        (true, _) => strong,
        (false, true) => dim,
        (false, false) => text,
    };
    if lit {
        pen.put(area, row, 1, "▌", strong);
    }
    let column = pen.put(area, row, 2, &format!("{:>3}  ", index + 1), dim);
    pen.put(area, row, column, line, style);
}

/// The lines on which the anchor stands; none if it does not stand there.
#[must_use]
pub fn lit_lines(source: &str, anchor: &str) -> Range<usize> {
    match source.find(anchor) {
        Some(at) if !anchor.is_empty() => {
            let line_of = |byte: usize| source[..byte].matches('\n').count();
            let end = at + anchor.trim_end().len().max(1);
            line_of(at)..line_of(end.min(source.len())) + 1
        }
        _ => 0..0,
    }
}

/// The first line in view, so that the lit ones stand in the upper middle; all of the source if it fits.
fn first_line(source: &str, lit: &Range<usize>, remark: usize, height: usize) -> usize {
    let all = source.lines().count() + remark;
    if all <= height {
        return 0;
    }
    let taken = lit.len() + remark;
    lit.start.saturating_sub(height.saturating_sub(taken) / 2).min(all - height)
}
