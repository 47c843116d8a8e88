//! The portrait of one process: both sides, its limits, with whom it shares what, what isolates it and what does not.
//!
//! It is drawn whole on a sheet of its own; what is in view of it is copied. Where there is room the sentences stand beside
//! what they follow from, else below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{marks, parts};
use crate::course::inspect::{Inspection, Portrait, View, let_in};
use crate::course::portuguese::plainly;
use crate::course::text::Lang;
use crate::screen::pen::{Pen, columns, wrap};

/// The longest portrait, in rows: what comes after that is told by `--json`.
const LONGEST: u16 = 600;
/// From here on the sentences stand beside the sides.
const BESIDE: u16 = 150;

/// From so many seconds on it is said that there is no answer.
const SILENT: u64 = 2;
/// Why that is, and what to do.
const HANGS: (&str, &str) = (
    "One of its file systems hangs, in FUSE or over a network. Next: its mounts, cat /proc/PID/mountinfo; or another process.",
    "Um dos sistemas de arquivos dele está travado, por FUSE ou pela rede. Veja as montagens dele com \
     cat /proc/PID/mountinfo, ou olhe outro processo.",
);

fn no_answer(seconds: u64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("Its files have given no answer for {seconds} s."),
        Lang::PtBr => format!("Os arquivos dele não respondem há {seconds} s."),
    }
}

/// Draws it; tells how many rows it can be scrolled.
pub fn draw(pen: &mut Pen, area: Rect, on: &Inspection, below_tree: bool) -> usize {
    let area = if below_tree {
        let dim = pen.look.dim();
        pen.rule(area, 0, "─", dim);
        let strong = pen.look.strong();
        let title = on.title();
        if !title.is_empty() {
            let column = pen.put(area, 0, 1, &format!(" {title} "), strong);
            if on.view == View::Tree {
                marks(pen, area, 0, column + 1, on);
            }
        }
        Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
    } else {
        area
    };
    let Some(portrait) = on.shown().filter(|portrait| portrait.is_seen) else {
        vacant(pen, area, on);
        return 0;
    };
    let sheet = Rect { x: 0, y: 0, width: area.width, height: LONGEST };
    let mut buffer = Buffer::empty(sheet);
    let mut on_sheet = Pen { buffer: &mut buffer, look: pen.look, lang: pen.lang };
    let rows = if area.width >= BESIDE {
        let left = Rect { width: area.width * 11 / 20, ..sheet };
        let right = Rect { x: left.width + 1, width: area.width - left.width - 1, ..sheet };
        let facts = facts(&mut on_sheet, left, on, portrait);
        let sentences = parts::sentences(&mut on_sheet, right, 0, portrait);
        let dim = pen.look.dim();
        pen.upright(area, left.width, dim);
        facts.max(sentences)
    } else {
        let row = facts(&mut on_sheet, sheet, on, portrait);
        parts::sentences(&mut on_sheet, sheet, row, portrait)
    };
    let rows = usize::from(rows.min(LONGEST));
    let furthest = rows.saturating_sub(usize::from(area.height));
    let first = on.scroll.min(furthest);
    copy(&buffer, pen, area, u16::try_from(first).unwrap_or(0));
    let below = furthest - first;
    if below > 0 {
        mark(pen, area, area.height - 1, &format!("  ↓ {below}"));
    }
    if first > 0 {
        mark(pen, area, 0, &format!("  ↑ {first}"));
    }
    furthest
}

/// Says at the end of a row that there is more, over what stands there.
fn mark(pen: &mut Pen, area: Rect, row: u16, said: &str) {
    let (dim, width) = (pen.look.dim(), columns(said) + 1);
    if width < area.width {
        let end = Rect { x: area.right() - width, y: area.y + row, width, height: 1 };
        pen.clear(end, dim);
        pen.put(end, 0, 0, said, dim);
    }
}

/// What is measured and compared; returns the row after it.
fn facts(pen: &mut Pen, sheet: Rect, on: &Inspection, portrait: &Portrait) -> u16 {
    // Who only started a container sees first where to look for it.
    let strong = pen.look.strong();
    let row = on.elsewhere().map_or(0, |said| {
        let lines = wrap(&said, sheet.width.saturating_sub(2));
        pen.put_lines(sheet, 0, 1, &lines, strong) + 1
    });
    let row = parts::sides(pen, sheet, row, on, portrait);
    let row = parts::limits(pen, sheet, row, portrait);
    parts::sharing(pen, sheet, row, on)
}

/// Copies what is in view.
fn copy(sheet: &Buffer, pen: &mut Pen, area: Rect, first: u16) {
    for row in 0..area.height.min(sheet.area.height.saturating_sub(first)) {
        for column in 0..area.width {
            let cell = &sheet[(column, first + row)];
            if cell.symbol() != " " {
                pen.buffer[(area.x + column, area.y + row)] = cell.clone();
            }
        }
    }
}

/// Nothing was seen of it: why, and what to do.
fn vacant(pen: &mut Pen, area: Rect, on: &Inspection) {
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let portrait = on.shown();
    let (what, next) = match portrait {
        _ if on.subject().is_none() => return,
        Some(portrait) if portrait.ended => {
            (pen.pick("It ended before it was looked at.", "Acabou antes de ser olhado.").to_owned(), "")
        }
        Some(Portrait { refused: Some(why), .. }) => (
            format!(
                "{}: {}",
                pen.pick("This process may not be looked into", "Não é permitido olhar dentro deste processo"),
                plainly(why, pen.lang)
            ),
            let_in(on.is_root, pen.lang),
        ),
        _ if on.silence >= SILENT => (no_answer(on.silence, pen.lang), pen.pick(HANGS.0, HANGS.1)),
        _ => (pen.pick("One moment: looking.", "Um momento: olhando.").to_owned(), ""),
    };
    let width = area.width.saturating_sub(4);
    let row = pen.put_lines(area, 2, 2, &wrap(&what, width), strong) + 1;
    pen.put_lines(area, row, 2, &wrap(next, width), text);
}
