//! An exercise: what is to be done, its goals, the two sides, what is wrong and the hint, and one shell over the whole width.
//!
//! ```text
//!  Dê um nome seu a um shell, sem mexer no nome de fora.
//!
//!      unshare ____ sh
//!      hostname caixa
//!
//!  ✔ feito  dentro tem um namespace UTS só seu
//!  · falta  dentro o nome é caixa
//!
//!              FORA · bancada            │   │ DENTRO · seu contêiner
//!  hostname    bancada                   │ = │ bancada
//!
//!  mas     O nome mudou do lado de fora também.
//!  dica    Veja as opções de unshare(1).
//! ```

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::layout::Panes;
use super::pen::{Pen, wrap};
use super::{bottom, chain, glossary, past, shell, sides};
use crate::course::Side;
use crate::course::exercise::{Exercise, Kind};
use crate::course::talk::{Phase, Said, Talk};

/// The column at which what is said stands behind its word.
const WORDS: u16 = 10;

/// The rows that are kept for what is said.
const LEAST: usize = 2;

/// Draws the exercise at hand.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk, exercise: &Exercise) {
    chain::draw(pen, panes.top, talk);
    body(pen, panes.text, talk, exercise);
    if talk.scroll > 0 && talk.overlay.is_none() {
        let area = Rect { y: panes.text.y - 1, height: panes.text.height + 1, ..panes.text };
        past::draw(pen, area, talk, talk.scroll);
    }
    shell::draw(pen, panes.shell(Side::Outside), talk, Side::Outside, true);
    bottom::draw(pen, panes.bottom, talk);
}

fn body(pen: &mut Pen, area: Rect, talk: &Talk, exercise: &Exercise) {
    let text = wrap(talk.step().text.get(talk.lang), area.width.saturating_sub(2));
    let lines = lines(talk, exercise);
    let facts = exercise.step.see.len() + 1;
    let said = text.len() + lines.len() + exercise.goals.len();
    let rows = usize::from(area.height);
    // On a screen that is smaller than most, what is said of the way taken is worth more than the columns.
    let with_facts = said + facts + LEAST <= rows;
    let room = rows.saturating_sub(said + if with_facts { facts } else { 0 });
    let told = told(pen, talk, exercise, area.width, room);
    // What is said comes and goes; what stands above it must not jump.
    let words = told.iter().map(|told| told.lines.len()).sum::<usize>().max(LEAST);
    let mut spare = room.saturating_sub(words);
    let mut air = |wanted: bool| {
        let row = u16::from(wanted && spare > 0);
        spare -= usize::from(row);
        row
    };
    let (before_sides, before_told) = (air(true), air(true));
    let (before_lines, before_goals) = (air(true), air(!lines.is_empty()));

    let strong = pen.look.strong();
    let mut seen = glossary::Seen::new();
    let mut row = pen.put_lines(area, 0, 1, &text, if talk.phase == Phase::Done { pen.look.text() } else { strong });
    for (row, line) in (0..).zip(&text) {
        glossary::underline(pen, area, row, 1, line, &mut seen);
    }
    row += before_lines;
    for line in &lines {
        let column = pen.put(area, row, 1, &line.key, strong);
        pen.put(area, row, column, &line.text, strong);
        row += 1;
    }
    row = goals(pen, area, row + before_goals, talk, exercise) + before_sides;
    let below = |row: u16| Rect { y: area.y + row.min(area.height), height: area.height.saturating_sub(row), ..area };
    if with_facts {
        row += sides::draw_facts(pen, below(row), talk);
    }
    row += before_told;
    for told in told {
        pen.put(area, row, 1, told.word, told.style);
        row = pen.put_lines(area, row, WORDS, &told.lines, told.style);
    }
}

/// A line of the solution that is shown.
struct Line {
    /// What stands before it: the key that chooses it, and as which one it was chosen.
    key: String,
    text: String,
}

fn lines(talk: &Talk, exercise: &Exercise) -> Vec<Line> {
    let shown = exercise.shown().into_iter().map(|line| talk.fill(&line));
    if exercise.kind != Kind::Order {
        return shown.map(|text| Line { key: "    ".to_owned(), text }).collect();
    }
    let chosen = |line: usize| talk.practice.order.iter().position(|chosen| *chosen == line);
    let line = |(at, (text, line)): (usize, (String, usize))| {
        let key = match chosen(line) {
            Some(nth) => format!("[{}]  {}  ", at + 1, ordinal(talk, nth + 1)),
            None => format!(" {}    ·   ", at + 1),
        };
        Line { key, text }
    };
    shown.zip(exercise.shuffled()).enumerate().map(line).collect()
}

fn ordinal(talk: &Talk, nth: usize) -> String {
    let ending = match nth {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{nth}{}", talk.lang.pick(ending, "ª "))
}

fn goals(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, exercise: &Exercise) -> u16 {
    let mut row = row;
    for (at, goal) in exercise.goals.iter().enumerate() {
        let met = talk.phase == Phase::Done || talk.practice.met.contains(&at);
        let (style, word) = if met {
            (pen.look.strong(), pen.pick("✔ done", "✔ feito"))
        } else {
            (pen.look.text(), pen.pick("· open", "· falta"))
        };
        pen.put(area, row, 1, word, style);
        pen.put(area, row, WORDS, goal.say.get(talk.lang), style);
        row += 1;
    }
    row
}

/// Something that is said, with a word that says what it is.
struct Told<'a> {
    word: &'static str,
    lines: Vec<&'a str>,
    style: Style,
}

/// What is said of the way taken, and the latest hint; where there is no room for both, what came last.
fn told<'a>(pen: &Pen, talk: &'a Talk, exercise: &'a Exercise, width: u16, room: usize) -> Vec<Told<'a>> {
    let (strong, text, notice) = (pen.look.strong(), pen.look.text(), pen.look.notice());
    let told = |word, said: &'a str, style| Told { word, lines: wrap(said, width.saturating_sub(WORDS + 1)), style };
    if talk.phase == Phase::Done {
        return vec![told(pen.pick("why", "por quê"), exercise.step.why.get(talk.lang), text)];
    }
    let diagnosis = talk.diagnosis().map(|diagnosis| {
        let (word, style) = match talk.practice.said {
            Some(Said::Lost(_)) => (pen.pick("lost", "perdido"), notice),
            _ => (pen.pick("but", "mas"), strong),
        };
        told(word, diagnosis.say.get(talk.lang), style)
    });
    let hint = talk.practice.rung.checked_sub(1).and_then(|rung| exercise.hints.get(rung));
    let nudge = pen.pick("h gives a hint; again: the next one", "h dá uma dica; de novo: a seguinte");
    let hint = match hint {
        Some(hint) => Some(told(pen.pick("hint", "dica"), hint.get(talk.lang), text)),
        None => talk.practice.is_nudged().then(|| told(pen.pick("hint", "dica"), nudge, text)),
    };
    let rows = |told: &Option<Told>| told.as_ref().map_or(0, |told| told.lines.len());
    match (diagnosis, hint) {
        (diagnosis, hint) if rows(&diagnosis) + rows(&hint) <= room => {
            [diagnosis, hint].into_iter().flatten().collect()
        }
        (_, hint @ Some(_)) if talk.practice.hinted_last => hint.into_iter().collect(),
        (Some(diagnosis), _) => vec![diagnosis],
        (None, hint) => hint.into_iter().collect(),
    }
}
