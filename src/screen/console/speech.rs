//! What the speaker says at this point; in a lesson what there is to know of the step. Scrolled where it is long.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Line;
use crate::course::console::{Deed, State, Task};
use crate::screen::pen::{Pen, wrap};
use crate::screen::words;

/// Lines longer than this are not read at a glance.
const WIDEST: u16 = 96;
/// Columns of the labels left of a step's deeds and checks.
const LABELS: u16 = 9;

/// Draws it from `scroll` lines down, as far as there are any.
pub fn draw(pen: &mut Pen, area: Rect, state: &State, scroll: usize) {
    let width = area.width.saturating_sub(2).min(WIDEST);
    let lines = match &state.task {
        None => notes(pen, state, width),
        Some(task) => of_step(pen, task, width),
    };
    let rows = usize::from(area.height);
    let first = scroll.min(lines.len().saturating_sub(rows));
    for (row, line) in (0..area.height).zip(lines.iter().skip(first)) {
        pen.put(area, row, 1 + line.indent, &line.words, line.style);
    }
    let below = lines.len().saturating_sub(first + rows);
    let strong = pen.look.strong();
    if first > 0 {
        pen.put_right(area, 0, 0, &format!("↑ {first}"), strong);
    }
    if below > 0 {
        pen.put_right(area, area.height.saturating_sub(1), 0, &format!("↓ {below}"), strong);
    }
}

/// The title and the notes, one paragraph after the other.
fn notes(pen: &Pen, state: &State, width: u16) -> Vec<Line> {
    let (text, strong, dim) = (pen.look.text(), pen.look.strong(), pen.look.dim());
    let mut lines = vec![];
    put(&mut lines, 0, state.title.get(pen.lang), width, strong);
    let notes = state.notes.get(pen.lang);
    if notes.trim().is_empty() {
        put(&mut lines, 0, pen.pick("(no notes)", "(sem notas)"), width, dim);
    }
    put(&mut lines, 0, "", width, text);
    for thought in thoughts(notes) {
        put(&mut lines, 0, &thought, width, text);
    }
    lines
}

/// The thoughts of notes whose lines are broken for a file: a line that ends with a sentence ends one.
fn thoughts(text: &str) -> Vec<String> {
    let ends = |line: &str| line.trim_end_matches(['"', '”', ')', '`', '*']).ends_with(['.', '?', '!', ':', '…']);
    let mut thoughts: Vec<String> = vec![];
    for line in text.trim().lines().map(str::trim) {
        match thoughts.last_mut().filter(|last| !line.is_empty() && !last.is_empty() && !ends(last)) {
            Some(last) => *last = format!("{last} {line}"),
            None => thoughts.push(line.to_owned()),
        }
    }
    thoughts
}

/// The question with its answer, what is done, what must then be true, and why it is.
fn of_step(pen: &Pen, task: &Task, width: u16) -> Vec<Line> {
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let lang = pen.lang;
    let mut lines = vec![];
    if let Some(refusal) = &task.refusal {
        put(&mut lines, 0, pen.pick("THIS STEP CANNOT BE DONE", "ESTE PASSO NÃO PODE SER FEITO"), width, strong);
        put(&mut lines, 0, &refusal.says, width, text);
        for (number, way) in (1..).zip(&refusal.ways) {
            let mark = if number == refusal.chosen { "▸" } else { " " };
            put(&mut lines, 0, &format!("{mark} {number}  {}", way.get(lang)), width, text);
        }
        return lines;
    }
    put(&mut lines, 0, task.question.get(lang), width, strong);
    for (number, choice) in (1..).zip(&task.choices) {
        let right = task.answer == Some(number);
        let (mark, style) = if right { ("▸", strong) } else { (" ", text) };
        let digit = if task.chosen == Some(number) { format!("[{number}]") } else { format!(" {number} ") };
        let said = if right { pen.pick("   ◀ right", "   ◀ certa") } else { "" };
        put(&mut lines, 0, &format!("{mark}{digit} {}{said}", choice.get(lang)), width, style);
    }
    labelled(&mut lines, pen.pick("why", "por quê"), task.why.get(lang), width, text);
    for (index, deed) in task.deeds.iter().enumerate() {
        let label = if index == 0 { pen.pick("does", "faz") } else { "" };
        let (said, style) = match deed {
            Deed::Line(side, line) => {
                (format!("{}# {line}", words::side(*side, lang).to_lowercase()), pen.look.accent())
            }
            Deed::Other(said) => (said.get(lang).to_owned(), text),
        };
        labelled(&mut lines, label, &said, width, style);
    }
    for (index, check) in task.checks.iter().enumerate() {
        let label = if index == 0 { pen.pick("checks", "confere") } else { "" };
        let mark = if check.met { "[x]" } else { "[ ]" };
        labelled(&mut lines, label, &format!("{mark} {}", check.says.get(lang)), width, text);
    }
    lines
}

/// Words behind a label, broken beside it.
fn labelled(lines: &mut Vec<Line>, label: &str, said: &str, width: u16, style: Style) {
    let from = lines.len();
    put(lines, LABELS, said, width.saturating_sub(LABELS), style);
    if let Some(line) = lines.get_mut(from) {
        line.words = format!("{label:<width$}{}", line.words, width = usize::from(LABELS));
        line.indent = 0;
    }
}

/// Words broken into lines.
fn put(lines: &mut Vec<Line>, indent: u16, said: &str, width: u16, style: Style) {
    if said.is_empty() {
        lines.push(Line { indent, words: String::new(), style });
    }
    lines.extend(wrap(said, width).into_iter().map(|words| Line { indent, words: words.to_owned(), style }));
}
