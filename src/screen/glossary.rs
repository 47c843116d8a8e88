//! The words of the trade: underlined where a lesson says them first, and what they mean.
//!
//! ```text
//!  namespace                                                        namespaces(7)
//!    A view of one kind of thing: names, numbers, mounts, links …
//! ```

use std::collections::BTreeSet;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::pen::{Pen, columns, wrap};
use crate::course::glossary::{Term, find, terms};

/// The widest that a meaning gets: longer lines are hard to read.
const WIDTH: u16 = 92;

/// The terms that are underlined already.
pub type Seen = BTreeSet<&'static str>;

/// Underlines the terms of a line that stands at a place of `area`, but for those that were seen before.
pub fn underline(pen: &mut Pen, area: Rect, row: u16, column: u16, line: &str, seen: &mut Seen) {
    if row >= area.height {
        return;
    }
    let style = Style::new().add_modifier(Modifier::UNDERLINED);
    for (at, term) in find(line, pen.lang) {
        if seen.insert(term.id.as_str()) {
            let x = area.x + column + columns(&line[..at.start]);
            let under = Rect { x, y: area.y + row, width: columns(&line[at]), height: 1 };
            pen.buffer.set_style(under.intersection(area).intersection(pen.buffer.area), style);
        }
    }
}

/// A row of the page.
enum Row<'a> {
    Air,
    Heading(&'a str),
    Name(&'a Term),
    Means(&'a str),
}

/// Draws what the words on the screen (`said`) mean, then all the others by name; `scroll` rows down. Returns how far it can
/// be scrolled.
pub fn draw(pen: &mut Pen, area: Rect, said: &[&Term], scroll: usize) -> usize {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let mut others: Vec<&Term> = terms().iter().filter(|term| !said.contains(term)).collect();
    others.sort_by_key(|term| term.name(pen.lang).to_lowercase());
    let page = Rect { width: area.width.min(WIDTH), ..area };
    let mut rows = vec![];
    explain(&mut rows, pen, said, page.width);
    if !said.is_empty() {
        rows.push(Row::Heading(pen.pick("THE OTHERS", "AS OUTRAS")));
        rows.push(Row::Air);
    }
    explain(&mut rows, pen, &others, page.width);
    pen.rule(area, 0, "─", dim);
    pen.put(area, 0, 1, pen.pick(" WORDS ", " PALAVRAS "), strong);
    let shown = usize::from(area.height.saturating_sub(1));
    let furthest = rows.len().saturating_sub(shown);
    let first = scroll.min(furthest);
    for (row, drawn) in (1..area.height).zip(rows.iter().skip(first)) {
        match drawn {
            Row::Air => {}
            Row::Heading(words) => {
                pen.put(page, row, 1, words, dim);
            }
            Row::Name(term) => {
                let column = pen.put(page, row, 1, term.name(pen.lang), strong);
                pen.put_right(page, row, column, &term.source, dim);
            }
            Row::Means(line) => {
                pen.put(page, row, 3, line, text);
            }
        }
    }
    furthest
}

fn explain<'a>(rows: &mut Vec<Row<'a>>, pen: &Pen, terms: &[&'a Term], width: u16) {
    for term in terms {
        rows.push(Row::Name(term));
        rows.extend(wrap(term.means.get(pen.lang), width.saturating_sub(4)).into_iter().map(Row::Means));
        rows.push(Row::Air);
    }
}
