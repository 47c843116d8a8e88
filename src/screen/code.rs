//! The source of the step: the code on the screen is the code that runs, its lines lit, a remark below them.
//!
//! ```text
//! ─ CÓDIGO · uts.rs ───────────────────────────────────────────────────────────────
//!    11      // man 2 sethostname
//!  ▌ 12      sys::sethostname(name)?;
//!            └ Só depois do unshare: antes, o nome seria o do lado de fora.
//! ```

use ratatui::layout::Rect;

use super::pen::{Pen, wrap};
use super::words;
use crate::course::lesson::Code;
use crate::course::talk::Talk;

/// The column at which the source starts: mark and line number stand before it.
const SOURCE: u16 = 7;

/// The piece of source that is shown at the step; before the lesson's first, that one.
fn of(talk: &Talk) -> Option<&Code> {
    talk.taught().or_else(|| talk.lesson().steps.iter().find_map(|step| step.code.as_ref()))
}

/// Draws the source with a title, the lit lines in the upper middle; `scroll` rows further down.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, scroll: usize) {
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    let lang = talk.lang;
    pen.rule(area, 0, "─", dim);
    let column = pen.put(area, 0, 1, &format!(" {} ", words::code(lang)), strong);
    let Some(code) = of(talk) else {
        pen.put(area, 2, 2, words::no_code(lang), dim);
        return;
    };
    pen.put(area, 0, column, &format!("· {} ", code.file), dim);
    let Some(source) = (pen.look.sources)(&code.file) else {
        pen.put(area, 2, 2, words::not_found(lang), dim);
        return;
    };
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    draw_rows(pen, below, source, code, scroll);
}

/// One row of the listing.
struct Row<'a> {
    /// The line's number where the row begins a line.
    number: Option<usize>,
    indent: u16,
    text: &'a str,
    weight: Weight,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Comment,
    Plain,
    Lit,
    Remark,
}

fn draw_rows(pen: &mut Pen, area: Rect, source: &str, code: &Code, scroll: usize) {
    let rows = rows(source, code, code.note.get(pen.lang), area.width.saturating_sub(1));
    let height = usize::from(area.height);
    let first = first_row(&rows, height).saturating_add(scroll).min(rows.len().saturating_sub(height));
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    for (row, shown) in (0..area.height).zip(rows.iter().skip(first)) {
        let style = match shown.weight {
            Weight::Comment => dim,
            Weight::Plain => text,
            Weight::Lit | Weight::Remark => strong,
        };
        if shown.weight == Weight::Lit {
            pen.put(area, row, 1, "▌", strong);
        }
        if let Some(number) = shown.number {
            pen.put(area, row, 2, &format!("{number:>3}"), if shown.weight == Weight::Lit { strong } else { dim });
        }
        pen.put(area, row, shown.indent, shown.text, style);
        if shown.weight == Weight::Remark {
            pen.put(area, row, shown.indent - 2, "│", strong);
        }
    }
}

/// The source as rows of at most `width` columns, the remark put in after the lines that are lit.
fn rows<'a>(source: &'a str, code: &Code, note: &'a str, width: u16) -> Vec<Row<'a>> {
    let lit = code.lit_lines(source);
    let mut rows = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let text = line.trim_start();
        let weight = match (lit.contains(&index), text.starts_with("//")) {
            (true, _) => Weight::Lit,
            (false, true) => Weight::Comment,
            (false, false) => Weight::Plain,
        };
        let indent = SOURCE + u16::try_from(line.len() - text.len()).unwrap_or(u16::MAX).min(40);
        if text.is_empty() {
            rows.push(Row { number: Some(index + 1), indent, text, weight });
        }
        for (part, text) in wrap(text, width.saturating_sub(indent + 4)).into_iter().enumerate() {
            let number = (part == 0).then_some(index + 1);
            rows.push(Row { number, indent: if part == 0 { indent } else { indent + 4 }, text, weight });
        }
        if index + 1 == lit.end {
            let indent = indent + 2;
            for text in wrap(note, width.saturating_sub(indent)) {
                rows.push(Row { number: None, indent, text, weight: Weight::Remark });
            }
        }
    }
    rows
}

/// The first row in view: the lit ones and the remark in the middle, all of the source if it fits.
fn first_row(rows: &[Row], height: usize) -> usize {
    let lit = |row: &Row| matches!(row.weight, Weight::Lit | Weight::Remark);
    let Some(start) = rows.iter().position(lit) else { return 0 };
    let count = rows.iter().filter(|row| lit(row)).count();
    start.saturating_sub(height.saturating_sub(count) / 2).min(rows.len().saturating_sub(height))
}
