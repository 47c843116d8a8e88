//! The lesson so far, to be read again: every step walked, what was said, what it was, and why.
//!
//! ```text
//! ─ A LIÇÃO ATÉ AQUI ──────────────────────────────────────────── ↓ volta ao passo ─
//!  1  Ligue o UTS. Qual é o nome lá dentro?
//!     você disse 2, o mesmo · deu 2
//!     Um namespace novo começa como cópia.
//! ```

use ratatui::layout::Rect;

use super::pen::{Pen, wrap};
use super::words;
use crate::course::lesson::Step;
use crate::course::talk::{Answer, Phase, Talk};

/// The column at which the words start.
const WORDS: u16 = 4;

/// Draws the lesson so far, `back` lines up from its end.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, back: usize) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.clear(area, text);
    pen.rule(area, 0, "─", dim);
    let column = pen.put(area, 0, 1, &format!(" {} ", words::lesson_so_far(talk.lang)), strong);
    pen.put_right(area, 0, column, &format!(" {} ", words::scroll_back(talk.lang)), dim);
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let lines = lines(talk, area.width.saturating_sub(WORDS + 1).min(100));
    let first = lines.len().saturating_sub(below.height.into());
    let first = first - back.min(first);
    for (row, line) in (0..below.height).zip(lines.iter().skip(first)) {
        if let Some(number) = line.number {
            pen.put(below, row, 1, &number.to_string(), strong);
        }
        pen.put(below, row, WORDS, &line.text, if line.is_question { strong } else { text });
    }
}

struct Line {
    number: Option<usize>,
    is_question: bool,
    text: String,
}

fn lines(talk: &Talk, width: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, step) in talk.lesson().steps.iter().enumerate().take(talk.at.step + 1) {
        if index > 0 {
            lines.push(Line { number: None, is_question: false, text: String::new() });
        }
        for (part, text) in wrap(step.text.get(talk.lang), width).into_iter().enumerate() {
            let number = (part == 0).then_some(index + 1);
            lines.push(Line { number, is_question: true, text: text.to_owned() });
        }
        let is_over = index < talk.at.step || talk.phase == Phase::Done;
        for said in
            [verdict(talk, step, is_over), is_over.then(|| step.why.get(talk.lang).to_owned())].into_iter().flatten()
        {
            let plain = |text: &str| Line { number: None, is_question: false, text: text.to_owned() };
            lines.extend(wrap(&said, width).into_iter().map(plain));
        }
    }
    lines
}

/// "you said 1, the new name · it is 2, the name before"
fn verdict(talk: &Talk, step: &Step, is_over: bool) -> Option<String> {
    let lang = talk.lang;
    let named = |number: usize| {
        let choice = step.choices.get(number.checked_sub(1)?)?;
        Some(format!("{number}, {}", choice.get(lang)))
    };
    let said = match talk.answers.get(&(talk.lesson().id.clone(), step.id.clone())) {
        Some(Answer::Chose(number)) => named(*number).map(|said| {
            format!("{} {said}", if talk.presenting.is_some() { words::room_said(lang) } else { words::you_said(lang) })
        }),
        Some(Answer::Skipped) | None => None,
    };
    let truth = step.answer.filter(|_| is_over).and_then(named).map(|truth| format!("{} {truth}", words::it_is(lang)));
    let verdict: Vec<String> = [said, truth].into_iter().flatten().collect();
    (!verdict.is_empty()).then(|| verdict.join(" · "))
}
