//! A question from an earlier day, for whoever comes back: it is answered from memory, and nothing is run.
//!
//! ```text
//!  Before you go on: what do you remember?                                  1/3
//!  lesson 1 UTS · a name of its own
//!
//!  Rename it from inside. Which name does outside show after that?
//! ```

use ratatui::layout::Rect;

use super::layout::{Panes, centred};
use super::pen::{Pen, wrap};
use super::{agenda, bottom, words};
use crate::course::talk::{Asked, Talk};

/// The widest that the page gets.
const WIDTH: u16 = 84;
/// Rows of the page, with the longest texts.
const ROWS: u16 = 17;

/// Draws the question at hand.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk) {
    agenda::top(pen, panes.top, talk);
    let Some(recall) = &talk.recall else { return };
    let Some(asked) = recall.asks() else { return };
    let area = centred(panes.body, WIDTH, panes.body.height.min(ROWS));
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    let title = pen.pick("Before you go on: what do you remember?", "Antes de continuar: o que ficou?");
    pen.put(area, 1, 3, title, strong);
    pen.put_right(area, 1, 3, &format!("{}/{}", recall.at + 1, recall.asked.len()), dim);
    question(pen, area, talk, asked);
    if asked.said.is_none() {
        let choices = talk.lessons[asked.place.lesson].steps[asked.place.step].choices.len();
        let right = pen.pick("Enter skips   Esc agenda", "Enter pula   Esc agenda");
        bottom::draw_keyed(pen, panes.bottom, talk, &format!("1-{choices}"), right);
    } else {
        bottom::draw_with(pen, panes.bottom, talk, pen.pick("Esc agenda", "Esc agenda"));
    }
}

fn question(pen: &mut Pen, area: Rect, talk: &Talk, asked: Asked) {
    let lang = talk.lang;
    let lesson = &talk.lessons[asked.place.lesson];
    let step = &lesson.steps[asked.place.step];
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let of = format!("{} {} · {}", asked.place.lesson, lesson.title.get(lang), lesson.summary.get(lang));
    pen.put(area, 2, 3, &format!("{} {of}", pen.pick("lesson", "lição")), dim);
    let room = area.width.saturating_sub(5);
    let open = asked.said.is_none();
    let lines = wrap(step.text.get(lang), room);
    let mut row = pen.put_lines(area, 4, 3, &lines, if open { strong } else { text }) + 1;
    for (number, choice) in (1..).zip(&step.choices) {
        let truth = step.answer == Some(number);
        let mark = if truth && !open { "▸" } else { " " };
        let digit = if asked.said == Some(number) { format!("[{number}]") } else { format!(" {number} ") };
        let style = if open || truth { strong } else { dim };
        pen.put(area, row, 2, &format!("{mark}{digit} {}", choice.get(lang)), style);
        row += 1;
    }
    let (Some(said), Some(truth)) = (asked.said, step.answer) else { return };
    let verdict = format!("{} {said} · {} {truth}", words::you_said(lang), words::it_is(lang));
    pen.put(area, row + 1, 3, &verdict, strong);
    let why = wrap(step.why.get(lang), room);
    pen.put_lines(area, row + 2, 3, &why, text);
}
