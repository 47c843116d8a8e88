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
use super::{glossary, tally, words};
use crate::course::lesson::Step;
use crate::course::talk::{Answer, Phase, Talk};
use crate::course::text::Lang;

/// The fewest columns that a why may have beside the answer; else it goes below.
const NARROWEST_WHY: u16 = 40;

/// The lesson's words, broken into lines. Its height is the same in all phases of a step.
pub struct Said<'a> {
    question: Vec<&'a str>,
    /// Whether the question goes on beyond these lines.
    is_cut: bool,
    choices: Vec<&'a str>,
    /// The columns where the choices of one line start; none: one choice a line.
    starts: Option<Vec<u16>>,
    /// What was said and what it is, as far as the phase tells.
    verdict: String,
    /// The column at which the why's first line starts, and the other lines.
    indents: (u16, u16),
    why: Vec<&'a str>,
    /// Rows of the room's votes, below choices that stand on one line.
    votes: u16,
}

impl<'a> Said<'a> {
    /// The words of the step at hand in an area of this width; one that `has_rows` to spare makes a list of the choices.
    #[must_use]
    pub fn of(talk: &'a Talk, width: u16, has_rows: bool) -> Self {
        let (step, lang) = (talk.step(), talk.lang);
        let width = width.saturating_sub(2);
        let choices: Vec<&str> = step.choices.iter().map(|choice| choice.get(lang)).collect();
        let room = if step.choices.is_empty() { 0 } else { columns(&longest_verdict(talk)) + 3 };
        let (indents, why) = why(step.why.get(lang), width, room);
        let starts = starts(&choices, width, if has_rows { 3 } else { 1 });
        Self {
            question: wrap(step.text.get(lang), width),
            is_cut: false,
            votes: if starts.is_some() { tally::rows(talk) } else { 0 },
            starts,
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
        let rows = self.question.len() + choices + below + self.why.len();
        u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(self.votes)
    }

    /// Makes room for the votes, so that it takes no more rows than these: what is not said yet needs none, and a question
    /// that is answered not all of its lines. What is still too much is left out, the first vote first.
    pub fn fit(&mut self, rows: u16, talk: &Talk) {
        if self.votes == 0 {
            return;
        }
        let over = |said: &Self| usize::from(said.rows().saturating_sub(rows));
        let (lines, least) =
            if talk.phase == Phase::Done { (&self.question, 1) } else { (&self.why, usize::from(!self.is_below())) };
        let left = lines.len().saturating_sub(over(self)).max(least).min(lines.len());
        if talk.phase == Phase::Done {
            self.is_cut = left < self.question.len();
            self.question.truncate(left);
        } else {
            self.why.truncate(left);
        }
        self.votes = self.votes.saturating_sub(u16::try_from(over(self)).unwrap_or(u16::MAX));
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
        if let Some(last) = self.question.last().filter(|_| self.is_cut) {
            pen.put(area, row - 1, columns(last) + 1, " …", style);
        }
        if self.starts.is_none() && air > 0 {
            tally::heads(pen, area, row, self.bars_start(), talk);
        }
        row += air.min(1);
        if !self.choices.is_empty() {
            row = self.draw_choices(pen, area, row, talk);
            row += air.saturating_sub(1).min(1);
        }
        let strong = pen.look.strong();
        pen.put(area, row, 1, &self.verdict, strong);
        if open && talk.counts_hands() && talk.tally().is_none() {
            let dim = pen.look.dim();
            pen.put(area, row, 1, &how_to_count(talk), dim);
        }
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
            if self.starts.is_none() && tally::rows(talk) > 0 {
                tally::beside(pen, area, row, self.bars_start(), talk, usize::from(index));
            }
        }
        let Some(starts) = &self.starts else {
            return row + u16::try_from(self.choices.len()).unwrap_or(u16::MAX);
        };
        tally::draw(pen, area, row + 1, talk, starts, self.votes);
        row + 1 + self.votes
    }

    /// The column behind choices that have a row each.
    fn bars_start(&self) -> u16 {
        self.choices.iter().map(|choice| columns(choice)).max().unwrap_or(0) + 7
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
    // A question that is asked again is not answered: what was said on an earlier day would only lead.
    if talk.phase == Phase::Ask && talk.presenting.is_none() {
        return None;
    }
    talk.answers.get(&(talk.lesson().id.clone(), talk.step().id.clone())).copied()
}

/// "you said 1 · it is 2", as far as the phase tells.
fn verdict(talk: &Talk, step: &Step) -> String {
    let lang = talk.lang;
    if step.choices.is_empty() {
        return String::new();
    }
    let said = match answer(talk) {
        _ if talk.presenting.is_some() => said_by_room(talk),
        Some(Answer::Chose(number)) => Some(format!("{} {number}", words::you_said(lang))),
        Some(Answer::Skipped) => Some(words::skipped(lang).to_owned()),
        None => None,
    };
    let truth = step.answer.filter(|_| talk.phase == Phase::Done).map(|n| format!("{} {n}", words::it_is(lang)));
    [said, truth].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What the room said, if hands were counted.
fn said_by_room(talk: &Talk) -> Option<String> {
    match talk.tally()?.leading()[..] {
        [] => None,
        [choice] => Some(format!("{} {choice}", words::room_said(talk.lang))),
        _ => Some(words::room_split(talk.lang).to_owned()),
    }
}

fn longest_verdict(talk: &Talk) -> String {
    let lang = talk.lang;
    let you_said = || format!("{} 1", words::you_said(lang));
    let said = if talk.presenting.is_some() { said_by_room(talk).unwrap_or_default() } else { you_said() };
    format!("{said} · {} 1", words::it_is(lang))
}

/// How hands are counted, as long as none is.
fn how_to_count(talk: &Talk) -> String {
    let last = talk.step().choices.len();
    match talk.lang {
        Lang::En => format!("show of hands: 1-{last} count one each, Backspace takes it back"),
        Lang::PtBr => format!("quem levanta a mão? 1-{last} somam uma, Backspace tira"),
    }
}
