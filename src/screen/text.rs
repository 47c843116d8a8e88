//! What the lesson says: the question, its choices, the answer pinned beside what was said, and why.
//!
//! ```text
//!  Mude o nome lá dentro. Que nome o lado de fora mostra depois?
//!
//!   [1] o nome novo       ▸ 2  o nome de antes       3  nenhum: dá erro
//!
//!  você disse 1 · deu 2   O nome mora no namespace UTS, e agora há dois.
//! ```

use ratatui::layout::Rect;

use super::pen::{Pen, columns, wrap};
use super::{glossary, words};
use crate::course::lesson::Step;
use crate::course::talk::{Answer, Phase, Talk};
use crate::course::text::Lang;

/// The fewest columns that a why may have beside the answer; else it goes below.
const NARROWEST_WHY: u16 = 40;

/// The lesson's words, broken into lines. Its height is the same in all phases of a step.
pub struct Said<'a> {
    question: Vec<&'a str>,
    choices: Vec<&'a str>,
    /// The columns where the choices of one line start; none: one choice a line.
    starts: Option<Vec<u16>>,
    /// What was said and what it is, as far as the phase tells.
    verdict: String,
    /// The column at which the why's first line starts, and the other lines.
    indents: (u16, u16),
    why: Vec<&'a str>,
}

impl<'a> Said<'a> {
    /// The words of the step at hand in an area of this width; one that `has_rows` to spare makes a list of the choices.
    #[must_use]
    pub fn of(talk: &'a Talk, width: u16, has_rows: bool) -> Self {
        let (step, lang) = (talk.step(), talk.lang);
        let width = width.saturating_sub(2);
        let choices: Vec<&str> = step.choices.iter().map(|choice| choice.get(lang)).collect();
        let room = if step.choices.is_empty() { 0 } else { columns(&longest_verdict(lang)) + 3 };
        let (indents, why) = why(step.why.get(lang), width, room);
        Self {
            question: wrap(step.text.get(lang), width),
            starts: starts(&choices, width, if has_rows { 3 } else { 1 }),
            choices,
            verdict: verdict(talk, step),
            indents,
            why,
        }
    }

    /// The rows that it takes without any air.
    #[must_use]
    pub fn rows(&self) -> u16 {
        let choices = if self.starts.is_some() { usize::from(!self.choices.is_empty()) } else { self.choices.len() };
        let below = usize::from(self.is_below());
        u16::try_from(self.question.len() + choices + below + self.why.len()).unwrap_or(u16::MAX)
    }

    /// How many blank rows would do it good.
    #[must_use]
    pub fn air(&self) -> u16 {
        if self.choices.is_empty() { 1 } else { 2 }
    }

    /// Draws it with at most `air` blank rows; returns the row after it.
    pub fn draw(&self, pen: &mut Pen, area: Rect, talk: &Talk, air: u16) -> u16 {
        let open = talk.phase != Phase::Done;
        let style = if open { pen.look.strong() } else { pen.look.text() };
        let mut seen = glossary::Seen::new();
        let mut row = pen.put_lines(area, 0, 1, &self.question, style);
        for (row, line) in (0..).zip(&self.question) {
            glossary::underline(pen, area, row, 1, line, &mut seen);
        }
        row += air.min(1);
        if !self.choices.is_empty() {
            row = self.draw_choices(pen, area, row, talk);
            row += air.saturating_sub(1).min(1);
        }
        let strong = pen.look.strong();
        pen.put(area, row, 1, &self.verdict, strong);
        row += u16::from(self.is_below());
        for (index, line) in self.why.iter().enumerate() {
            if !open {
                let text = pen.look.text();
                let column = if index == 0 { self.indents.0 } else { self.indents.1 };
                pen.put(area, row, column, line, text);
                glossary::underline(pen, area, row, column, line, &mut seen);
            }
            row += 1;
        }
        row
    }

    /// Whether the why begins below the verdict.
    fn is_below(&self) -> bool {
        self.indents.0 == 1 && !self.choices.is_empty()
    }

    fn draw_choices(&self, pen: &mut Pen, area: Rect, row: u16, talk: &Talk) -> u16 {
        let truth = talk.step().answer.filter(|_| talk.phase == Phase::Done);
        let said = said(talk);
        for (index, choice) in (0..).zip(&self.choices) {
            let number = usize::from(index) + 1;
            let (row, column) = match &self.starts {
                Some(starts) => (row, starts[usize::from(index)]),
                None => (row + index, 1),
            };
            let mark = if truth == Some(number) { "▸" } else { " " };
            let digit = if said == Some(number) { format!("{mark}[{number}] ") } else { format!("{mark} {number}  ") };
            let style = match truth {
                Some(truth) if truth != number => pen.look.dim(),
                None if talk.phase != Phase::Ask && said != Some(number) => pen.look.dim(),
                _ => pen.look.strong(),
            };
            let column = pen.put(area, row, column, &digit, style);
            pen.put(area, row, column, choice, style);
        }
        row + if self.starts.is_some() { 1 } else { u16::try_from(self.choices.len()).unwrap_or(u16::MAX) }
    }
}

/// The why beside a verdict of `room` columns: as a column of its own if that is short, else flowing on below the
/// verdict, else, where it is narrow, all of it below.
fn why(text: &str, width: u16, room: u16) -> ((u16, u16), Vec<&str>) {
    let beside = width.saturating_sub(room);
    if beside < NARROWEST_WHY {
        return ((1, 1), wrap(text, width));
    }
    let column = wrap(text, beside);
    if column.len() <= 2 {
        return ((1 + room, 1 + room), column);
    }
    let first = column[0];
    let rest = text[first.len()..].trim_start();
    ((1 + room, 1), std::iter::once(first).chain(wrap(rest, width)).collect())
}

/// The columns at which choices start on one line: evenly if that fits, else so far apart; `None` if not at all.
fn starts(choices: &[&str], width: u16, apart: u16) -> Option<Vec<u16>> {
    const MARK: u16 = 5;
    let count = u16::try_from(choices.len()).ok().filter(|count| *count > 0)?;
    let widths = || choices.iter().map(|choice| columns(choice) + MARK);
    let even = (width / count).min(26);
    if widths().all(|w| w < even) {
        return Some((0..count).map(|index| 1 + index * even).collect());
    }
    let free = width.checked_sub(widths().sum())?;
    let gap = (free / count).clamp(apart, 4);
    let mut at = 1;
    let starts = widths().map(|w| {
        let start = at;
        at += w + gap;
        start
    });
    let starts = starts.collect();
    (at - gap <= width + 1).then_some(starts)
}

/// The choice made at the step at hand.
fn said(talk: &Talk) -> Option<usize> {
    match answer(talk) {
        Some(Answer::Chose(number)) => Some(number),
        _ => None,
    }
}

fn answer(talk: &Talk) -> Option<Answer> {
    talk.answers.get(&(talk.lesson().id.clone(), talk.step().id.clone())).copied()
}

/// "you said 1 · it is 2", as far as the phase tells.
fn verdict(talk: &Talk, step: &Step) -> String {
    let lang = talk.lang;
    if step.choices.is_empty() {
        return String::new();
    }
    let said = match answer(talk) {
        Some(Answer::Chose(number)) => Some(format!("{} {number}", words::you_said(lang))),
        Some(Answer::Skipped) => Some(words::skipped(lang).to_owned()),
        None => None,
    };
    let truth = step.answer.filter(|_| talk.phase == Phase::Done).map(|n| format!("{} {n}", words::it_is(lang)));
    [said, truth].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn longest_verdict(lang: Lang) -> String {
    format!("{} 1 · {} 1", words::you_said(lang), words::it_is(lang))
}
