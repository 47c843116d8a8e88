//! A step that could not be built: the refused call first, then why, then what one can do, best first.
//!
//! ```text
//!  THE KERNEL REFUSED THIS STEP                          nothing was left behind
//!
//!    call     sethostname("bench", 5) = EPERM
//!    why      Ubuntu lets you make a user namespace, then AppArmor takes its powers away.
//!    seen     kernel.apparmor_restrict_unprivileged_userns = 1
//!
//!  ▸ 1  sudo unha                            all lessons; may ask for a password
//! ```

use ratatui::layout::Rect;

use super::layout::Panes;
use super::pen::{Pen, wrap};
use super::{bottom, calls, chain, words};
use crate::course::event::Failure;
use crate::course::portuguese::plainly;
use crate::course::talk::{Instead, Talk};
use crate::course::way::{does, note, reasons, ways};

/// The column at which what is said stands.
const SAID: u16 = 12;
/// The column at which stands what is to be known of a way out.
const NOTE: u16 = 42;

/// Draws the failure with this way out chosen.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk, chosen: usize) {
    chain::draw(pen, panes.top, talk);
    let right = pen.pick("↑↓ choose   y copy   a agenda", "↑↓ escolhe   y copia   a agenda");
    bottom::draw_with(pen, panes.bottom, talk, right);
    let Some(failure) = &talk.failure else { return };
    let area = Rect { width: panes.body.width.min(110), ..panes.body };
    let strong = pen.look.strong();
    let title = words::refused(failure, pen.lang);
    let column = pen.put(area, 0, 1, title, strong);
    let dim = pen.look.dim();
    let nothing = pen.pick("nothing was left behind", "nada ficou para trás");
    pen.put_right(area, 0, column + 2, nothing, dim);
    let row = draw_failure(pen, area, 2, talk, failure);
    draw_ways(pen, area, row, talk, chosen);
}

/// Draws what stood in the way of a step that a recording plays instead of.
pub fn details(pen: &mut Pen, area: Rect, talk: &Talk) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.rule(area, 0, "─", dim);
    pen.put(area, 0, 1, pen.pick(" WHY A RECORDING PLAYS ", " POR QUE HÁ UMA GRAVAÇÃO "), strong);
    let Some(instead) = &talk.instead else { return };
    let room = Rect { width: area.width.min(110), ..area };
    let why = words::instead(instead, pen.lang);
    let row = pen.put_lines(room, 2, 3, &wrap(&why, room.width.saturating_sub(4)), text);
    if let Instead::Refused(failure) = instead {
        draw_failure(pen, room, row + 1, talk, failure);
    }
}

fn draw_failure(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, failure: &Failure) -> u16 {
    let lang = pen.lang;
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let room = area.width.saturating_sub(SAID + 1);
    let mut row = row;
    if let Some(call) = &failure.call {
        label(pen, area, row, words::call(lang));
        pen.put(area, row, SAID, &calls::fitted(call, room), strong);
        row += 1;
    }
    if let Some(call) = failure.before.last() {
        label(pen, area, row, lang.pick("before", "antes"));
        pen.put(area, row, SAID, &calls::fitted(call, room), text);
        row += 1;
    }
    row += 1;
    label(pen, area, row, lang.pick("why", "por quê"));
    for why in reasons(talk, failure, lang) {
        row = pen.put_lines(area, row, SAID, &wrap(&why, room), text);
    }
    if !failure.seen.is_empty() {
        label(pen, area, row, lang.pick("seen", "visto"));
        for seen in failure.seen.iter().take(3) {
            row = pen.put_lines(area, row, SAID, &wrap(&plainly(seen, lang), room), text);
        }
    }
    row
}

fn draw_ways(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, chosen: usize) {
    let ways = ways(talk);
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    // The ways out are never pushed off the screen by a long explanation.
    let rows = u16::try_from(ways.len()).unwrap_or(u16::MAX).saturating_add(2);
    let row = (row + 2).min(area.height.saturating_sub(rows));
    let title = pen.pick("What you can do, best first", "O que dá para fazer, do melhor ao pior");
    pen.put(area, row, 1, title, strong);
    for (index, way) in ways.iter().enumerate() {
        let row = row.saturating_add(2).saturating_add(u16::try_from(index).unwrap_or(u16::MAX));
        let (does, note) = (does(*way, talk, pen.lang), note(*way, pen.lang));
        let here = index == chosen;
        let mark = if here { "▸" } else { " " };
        let style = if here { strong } else { text };
        let column = pen.put(area, row, 1, &format!("{mark} {}  {does}", index + 1), style);
        // A long line is more than what there is to know of it.
        if column < NOTE {
            pen.put(area, row, NOTE, note, if here { text } else { dim });
        }
    }
}

fn label(pen: &mut Pen, area: Rect, row: u16, name: &str) {
    let dim = pen.look.dim();
    pen.put(area, row, 3, name, dim);
}
