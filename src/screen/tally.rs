//! The show of hands below the choices: a bar and a number for each; after a second vote both, the first one thinner.
//!
//! ```text
//!    1  the new one           ▸ 2  the old one          3  none: an error
//!       ▄▄▄▄▄▄▄ 21               ▄▄▄ 9                    ▄ 3        before
//!       ██ 6                     ████████ 24              █ 3        after
//! ```

use ratatui::layout::Rect;

use super::pen::{Pen, columns};
use crate::course::talk::{Talk, Tally};

/// The columns of the longest bar, at least and at most.
const BAR: (u16, u16) = (1, 24);
/// The columns that a number and the air beside it take.
const NUMBER: u16 = 6;
/// The columns of a choice's mark and number, which its bar stands behind.
const MARK: u16 = 4;
/// The columns of "before" and "after" behind the last bar.
const WHEN: u16 = 8;

/// The rows of bars that there are to draw.
#[must_use]
pub fn rows(talk: &Talk) -> u16 {
    talk.presenting.as_ref().and(talk.tally()).map_or(0, |tally| 1 + u16::from(tally.again.is_some()))
}

/// Draws so many rows of bars, the latest vote last, each bar at the column of its choice.
pub fn draw(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, starts: &[u16], rows: u16) {
    let Some(tally) = talk.tally() else { return };
    let apart = starts.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(BAR.1 + NUMBER);
    let tail = area.width.saturating_sub(starts.last().copied().unwrap_or(0) + WHEN);
    let longest = apart.min(tail).saturating_sub(NUMBER + MARK).clamp(BAR.0, BAR.1);
    let left_out = self::rows(talk).saturating_sub(rows);
    for (row, (votes, glyph)) in (row..).zip(votes(tally).skip(left_out.into())) {
        let mut column = 0;
        for (start, hands) in starts.iter().zip(votes) {
            column = bar(pen, area, row, start + MARK, hands, length(hands, tally, longest), glyph);
        }
        if tally.again.is_some() {
            let (dim, when) = (pen.look.dim(), if glyph == "█" { ("after", "depois") } else { ("before", "antes") });
            let when = pen.pick(when.0, when.1);
            if area.width > column + columns(when) + 1 {
                pen.put_right(area, row, column, when, dim);
            }
        }
    }
}

/// Draws one choice's bars behind it, one after the other: where each choice has a row of its own.
pub fn beside(pen: &mut Pen, area: Rect, row: u16, column: u16, talk: &Talk, choice: usize) {
    let Some(tally) = talk.tally() else { return };
    let longest = longest_beside(area, column);
    for (column, (votes, glyph)) in (column..).step_by((longest + NUMBER).into()).zip(votes(tally)) {
        let hands = votes[choice];
        bar(pen, area, row, column, hands, length(hands, tally, longest), glyph);
    }
}

/// Says over such bars which vote is which, once there are two.
pub fn heads(pen: &mut Pen, area: Rect, row: u16, column: u16, talk: &Talk) {
    if rows(talk) < 2 {
        return;
    }
    let dim = pen.look.dim();
    let words = [pen.pick("before", "antes"), pen.pick("after", "depois")];
    for (column, word) in (column..).step_by((longest_beside(area, column) + NUMBER).into()).zip(words) {
        pen.put(area, row, column, word, dim);
    }
}

/// The columns of the longest of two bars that share what is left of a row from this column on.
fn longest_beside(area: Rect, column: u16) -> u16 {
    (area.width.saturating_sub(column) / 2).saturating_sub(NUMBER).clamp(BAR.0, BAR.1)
}

fn bar(pen: &mut Pen, area: Rect, row: u16, column: u16, hands: u16, length: u16, glyph: &str) -> u16 {
    let style = if glyph == "█" { pen.look.accent() } else { pen.look.text() };
    let column = pen.put(area, row, column, &glyph.repeat(length.into()), style);
    pen.put(area, row, column + u16::from(length > 0), &hands.to_string(), style)
}

/// The votes in their order, each with what its bars are made of: the latest is the thickest.
fn votes(tally: &Tally) -> impl Iterator<Item = ([u16; 4], &'static str)> {
    let first = (tally.first, if tally.again.is_some() { "▄" } else { "█" });
    std::iter::once(first).chain(tally.again.map(|again| (again, "█")))
}

/// The columns of a bar, of which the longest takes `longest`; whoever has a hand has a bar.
fn length(hands: u16, tally: &Tally, longest: u16) -> u16 {
    let most = tally.first.into_iter().chain(tally.again.into_iter().flatten()).max().unwrap_or(0).max(1);
    let share = (u32::from(hands) * u32::from(longest)).div_ceil(u32::from(most));
    u16::try_from(share).unwrap_or(longest)
}
