//! A step of a lesson: what is asked, the two sides, the shells; on a large screen the source and the journal too.

use ratatui::layout::Rect;

use super::layout::{Panes, middle};
use super::pen::Pen;
use super::text::Said;
use super::{bottom, calls, chain, code, past, shell, sides};
use crate::course::Side;
use crate::course::talk::Talk;

/// Draws the step at hand.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk) {
    chain::draw(pen, panes.top, talk);
    match panes.sides {
        Some(area) => apart(pen, panes.text, area, talk),
        None => together(pen, panes.text, talk),
    }
    if talk.scroll > 0 && talk.overlay.is_none() {
        // The rule below the chain becomes its title line.
        let area = Rect { y: panes.text.y - 1, height: panes.text.height + 1, ..panes.text };
        past::draw(pen, area, talk, talk.scroll);
    }
    if let Some(area) = panes.source {
        edge(pen, area);
        code::draw(pen, area, talk, 0);
    }
    if let Some(area) = panes.rule {
        let dim = pen.look.dim();
        pen.rule(area, 0, "─", dim);
    }
    if let Some(area) = panes.journal {
        edge(pen, area);
        calls::draw(pen, area, talk, 0);
    }
    shells(pen, panes, talk);
    bottom::draw(pen, panes.bottom, talk);
}

/// Text and sides in one area: what room there is goes where air is needed most.
fn together(pen: &mut Pen, area: Rect, talk: &Talk) {
    let mut said = Said::of(talk, area.width, false);
    said.fit(area.height.saturating_sub(sides::rows(talk)), talk);
    let mut spare = area.height.saturating_sub(said.rows() + sides::rows(talk));
    let mut take = |wanted: u16| {
        let taken = wanted.min(spare);
        spare -= taken;
        taken
    };
    let machine = take(sides::machine_rows(talk));
    let before_sides = take(1);
    let after_question = take(1);
    let before_call = take(1);
    let after_choices = take(said.air().saturating_sub(1));
    let row = said.draw(pen, area, talk, after_question + after_choices) + before_sides;
    let row = row.min(area.height);
    let below = Rect { y: area.y + row, height: area.height - row, ..area };
    sides::draw(pen, below, talk, machine > 0, before_call > 0);
}

/// Text and sides in areas of their own.
fn apart(pen: &mut Pen, text: Rect, below: Rect, talk: &Talk) {
    let mut said = Said::of(talk, text.width, true);
    said.fit(text.height, talk);
    let air = text.height.saturating_sub(said.rows()).min(said.air());
    said.draw(pen, text, talk, air);
    let spare = below.height.saturating_sub(sides::rows(talk));
    let machine = sides::machine_rows(talk).min(spare);
    sides::draw(pen, below, talk, machine > 0, spare > machine);
}

/// The line left of a pane.
fn edge(pen: &mut Pen, area: Rect) {
    let dim = pen.look.dim();
    pen.upright(Rect { x: area.x.saturating_sub(1), width: 1, ..area }, 0, dim);
}

fn shells(pen: &mut Pen, panes: &Panes, talk: &Talk) {
    if panes.one_shell() {
        let side = talk.keyboard.unwrap_or(talk.side);
        shell::draw(pen, panes.shell(side), talk, side, true);
        return;
    }
    for side in [Side::Outside, Side::Inside] {
        shell::draw(pen, panes.shell(side), talk, side, false);
    }
    let [left, right] = panes.shells;
    let between = Rect { x: left.x, width: right.right() - left.x, ..left };
    let dim = pen.look.dim();
    pen.upright(between, middle(between.width), dim);
}
