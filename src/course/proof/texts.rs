//! Texts: both languages say something, and the screen has room for it.

use unicode_width::UnicodeWidthStr;

use super::Proof;
use crate::course::lesson::{Lesson, Step};
use crate::course::text::{Lang, Text};

/// Columns that a line of a lesson has at the smallest screen.
pub(super) const COLUMNS: usize = 76;
/// Lines that a question, and a why, may take.
const LINES: usize = 2;
/// Columns of the word in the chain.
const TITLE: usize = 8;
/// Columns of what the agenda says of a lesson.
const SUMMARY: usize = 38;
/// Rows of facts in the columns.
const FACTS: usize = 5;

/// Looks at the texts of the lesson itself.
pub(super) fn lesson(proof: &mut Proof, lesson: &Lesson) {
    super::id(proof, &lesson.id, true);
    for (key, text, room) in [("title", &lesson.title, TITLE), ("summary", &lesson.summary, SUMMARY)] {
        said(proof, key, None, text);
        for lang in Lang::ALL {
            let width = text.get(lang).width();
            if width > room {
                proof.find(key, too_wide(key, lang, width, room));
            }
        }
    }
    if lesson.steps.is_empty() {
        proof.find(
            "step",
            Text::both("a lesson needs at least one [[step]]", "uma lição precisa de pelo menos um [[step]]"),
        );
    }
}

/// Looks at the texts of one step, and at how many facts it shows.
pub(super) fn step(proof: &mut Proof, step: &Step) {
    for (key, text) in [("text", &step.text), ("why", &step.why)] {
        said(proof, key, None, text);
        for lang in Lang::ALL {
            let lines = lines(text.get(lang), COLUMNS);
            if lines > LINES {
                proof.find(key, too_long(key, lang, lines));
            }
        }
    }
    if let Some(text) = &step.in_lines {
        said(proof, "in-lines", None, text);
    }
    for (at, choice) in step.choices.iter().enumerate() {
        said(proof, "choices", Some(at), choice);
    }
    if let Some(code) = &step.code {
        said(proof, "code", None, &code.note);
    }
    for lang in Lang::ALL {
        // `1 no   2 yes`: a number and a blank before each, three blanks between.
        let width: usize = step.choices.iter().map(|choice| choice.get(lang).width() + 2).sum();
        let width = width + 3 * step.choices.len().saturating_sub(1);
        if width > COLUMNS {
            proof.find("choices", too_wide("choices", lang, width, COLUMNS));
        }
    }
    if step.see.len() > FACTS {
        let count = step.see.len();
        proof.find(
            "see",
            Text::both(
                format!("{count} facts to see, but the columns have {FACTS} rows: keep those that the step is about"),
                format!("{count} fatos em see, mas as colunas têm {FACTS} linhas: deixe só os que importam no passo"),
            ),
        );
    }
    let expected = step.expect.iter().filter_map(|expect| expect.fact.as_ref());
    for (key, fact) in step.see.iter().map(|fact| ("see", fact)).chain(expected.map(|fact| ("expect", fact))) {
        if fact.is_of_others() {
            let say = Text::both(
                format!("{fact} is not read of unha's own boxes, only of what is made by hand: use it in an exercise"),
                format!("{fact} não se lê nas caixas do unha, só no que é feito na unha: use-o num exercício"),
            );
            proof.find(key, say);
        }
    }
}

/// A text that says nothing in one of the languages, or is still to be written.
pub(super) fn said(proof: &mut Proof, key: &str, item: Option<usize>, text: &Text) {
    let unwritten = Lang::ALL.into_iter().filter(|lang| text.get(*lang).trim_start().starts_with("TODO"));
    let unwritten: Vec<&str> = unwritten.map(Lang::tag).collect();
    if !unwritten.is_empty() {
        let langs = unwritten.join(", ");
        let say = Text::both(
            format!("{key} says TODO ({langs}): write it"),
            format!("{key} diz TODO ({langs}): escreva o texto"),
        );
        return proof.find_in(key, item, say);
    }
    for lang in Lang::ALL.into_iter().filter(|lang| text.get(*lang).trim().is_empty()) {
        let say = Text::both(
            format!("{key} says nothing in {lang}: write it"),
            format!("{key} está vazio em {lang}: escreva o texto"),
        );
        proof.find_in(key, item, say);
    }
}

pub(super) fn too_wide(key: &str, lang: Lang, width: usize, room: usize) -> Text {
    Text::both(
        format!("{key} takes {width} columns in {lang}, but has {room}: shorten it"),
        format!("{key} ocupa {width} colunas em {lang}, mas só cabem {room}: encurte"),
    )
}

fn too_long(key: &str, lang: Lang, lines: usize) -> Text {
    Text::both(
        format!("{key} takes {lines} lines of {COLUMNS} columns in {lang}, but has {LINES}: shorten it"),
        format!("{key} ocupa {lines} linhas de {COLUMNS} colunas em {lang}, mas só cabem {LINES}: encurte"),
    )
}

/// How many lines a text takes when it is broken between words, and within a word that is wider than a line.
pub(super) fn lines(text: &str, width: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in text.split_whitespace().map(UnicodeWidthStr::width) {
        if used > 0 && used + 1 + word > width {
            (lines, used) = (lines + 1, word);
        } else {
            used += word + usize::from(used > 0);
        }
        if used > width {
            (lines, used) = (lines + (used - 1) / width, (used - 1) % width + 1);
        }
    }
    lines
}
