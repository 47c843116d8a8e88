//! What covers the lesson: help, source, journal, script, and the two questions before something is lost.

use ratatui::layout::Rect;

use super::layout::{Panes, centred};
use super::pen::{Pen, columns};
use super::{bottom, calls, code, failure, glossary, help, overview, script, switches};
use crate::course::event::NO_CGROUP;
use crate::course::talk::{Overlay, Talk};

/// Draws an overlay over what is there, and its bottom line.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk, overlay: Overlay) {
    let text = pen.look.text();
    match overlay {
        Overlay::Leave => ask(pen, panes, &leave(talk)),
        Overlay::Rebuild => ask(pen, panes, &rebuild(talk)),
        Overlay::Switches { set, chosen } => switches::draw(pen, panes, set, chosen),
        Overlay::Help
        | Overlay::Code
        | Overlay::Calls
        | Overlay::Script
        | Overlay::Overview
        | Overlay::Glossary
        | Overlay::Instead => {
            // The rule below the chain becomes the overlay's title line.
            let area = Rect { y: panes.body.y - 1, height: panes.body.height + 1, ..panes.body };
            pen.clear(area, text);
            match overlay {
                Overlay::Code => code::draw(pen, area, talk, talk.scroll),
                Overlay::Calls => calls::draw(pen, area, talk, talk.scroll),
                Overlay::Script => script::draw(pen, area, talk, talk.scroll),
                Overlay::Overview => overview::draw(pen, area, talk),
                Overlay::Instead => failure::details(pen, area, talk),
                Overlay::Glossary => {
                    glossary::draw(pen, area, &talk.terms(), talk.scroll);
                }
                _ => {
                    let unprotected = talk.made().is_none() && talk.names.contains_key(NO_CGROUP);
                    help::draw(pen, area, talk.scroll, talk.presenting.is_some(), unprotected);
                }
            }
        }
    }
    pen.clear(panes.bottom, text);
    bottom::draw(pen, panes.bottom, talk);
}

fn leave(talk: &Talk) -> [&'static str; 3] {
    let lang = talk.lang;
    [
        lang.pick("Leave?", "Sair?"),
        if talk.host {
            lang.pick(
                "The box ends; then you read what is different on this machine.",
                "A caixa acaba; depois você lê o que mudou nesta máquina.",
            )
        } else {
            lang.pick(
                "The box and the bench end; your progress is kept.",
                "A caixa e a bancada acabam; o progresso fica guardado.",
            )
        },
        lang.pick("Enter stays     q leaves", "Enter fica     q sai"),
    ]
}

fn rebuild(talk: &Talk) -> [&'static str; 3] {
    let lang = talk.lang;
    [
        lang.pick("Go back?", "Voltar?"),
        lang.pick(
            "Everything is built anew; what you typed is lost.",
            "Tudo é montado de novo; o que você digitou se perde.",
        ),
        lang.pick("Enter goes back     Esc stays", "Enter volta     Esc fica"),
    ]
}

/// A question in a box, in the middle of the screen.
fn ask(pen: &mut Pen, panes: &Panes, said: &[&str; 3]) {
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let width = said.iter().map(|line| columns(line)).max().unwrap_or(0) + 8;
    let area = centred(panes.body, width, 9);
    pen.clear(area, text);
    frame(pen, area);
    pen.put(area, 2, 4, said[0], strong);
    pen.put(area, 4, 4, said[1], text);
    pen.put(area, 6, 4, said[2], strong);
}

/// A frame around an area.
pub fn frame(pen: &mut Pen, area: Rect) {
    let strong = pen.look.strong();
    let (right, below) = (area.width.saturating_sub(1), area.height.saturating_sub(1));
    pen.rule(area, 0, "─", strong);
    pen.rule(area, below, "─", strong);
    pen.upright(area, 0, strong);
    pen.upright(area, right, strong);
    for (row, column, corner) in [(0, 0, "┌"), (0, right, "┐"), (below, 0, "└"), (below, right, "┘")] {
        pen.put(area, row, column, corner, strong);
    }
}
