//! Exercises: what is shown of them fits on the screen, the goals can be judged, and a wrong way is named.

use unicode_width::UnicodeWidthStr;

use super::Proof;
use super::acts::{expectation, placeholders};
use super::texts::{COLUMNS, lines, said, too_wide};
use crate::course::exercise::{Diagnosis, Exercise, Kind};
use crate::course::text::{Lang, Text};

/// Columns of what stands behind a word: a goal, a hint, a diagnosis, the why.
const WORDS: usize = 69;
/// Lines that each of them but a goal may take.
const LINES: usize = 2;
/// Rows that all of it has at the smallest screen, two for what is said among them.
const ROWS: usize = 14;
/// Goals that one exercise may have.
const MOST_GOALS: usize = 4;
/// Columns of a line that is shown behind its mark.
const SHOWN: usize = 68;

/// Looks at one exercise.
pub(super) fn exercise(proof: &mut Proof, exercise: &Exercise) {
    texts(proof, exercise);
    rows(proof, exercise);
    shown(proof, exercise);
    for (at, line) in exercise.solution.iter().enumerate() {
        placeholders(proof, "do", at, line);
    }
    for goal in &exercise.goals {
        for (at, expect) in goal.expect.iter().enumerate() {
            expectation(proof, at, expect);
        }
        if goal.expect.is_empty() {
            let say = ("a goal expects nothing: add expect", "um objetivo não espera nada: inclua expect");
            proof.find("goal", Text::both(say.0, say.1));
        }
    }
    for diagnosis in exercise.diagnoses.iter().chain(&exercise.lost) {
        self::diagnosis(proof, exercise, diagnosis);
    }
    if !exercise.diagnoses.iter().any(|diagnosis| !diagnosis.wrong.is_empty()) {
        let say = (
            "no typical wrong attempt is proven: give at least one diagnosis its `wrong` lines",
            "nenhuma tentativa errada típica é provada: dê as linhas `wrong` a pelo menos um diagnosis",
        );
        proof.find("diagnosis", Text::both(say.0, say.1));
    }
}

fn texts(proof: &mut Proof, exercise: &Exercise) {
    let step = &exercise.step;
    said(proof, "text", None, &step.text);
    for lang in Lang::ALL {
        let lines = lines(step.text.get(lang), COLUMNS);
        if lines > LINES {
            proof.find("text", too_long("text", lang, lines, COLUMNS, LINES));
        }
    }
    fits(proof, "after", None, &step.why, LINES);
    for (at, hint) in exercise.hints.iter().enumerate() {
        fits(proof, "hints", Some(at), hint, LINES);
    }
    for goal in &exercise.goals {
        fits(proof, "goal", None, &goal.say, 1);
    }
    for diagnosis in &exercise.diagnoses {
        fits(proof, "diagnosis", None, &diagnosis.say, LINES);
    }
    for lost in &exercise.lost {
        fits(proof, "lost", None, &lost.say, LINES);
    }
    if !(2..=4).contains(&exercise.hints.len()) {
        let count = exercise.hints.len();
        proof.find(
            "hints",
            Text::both(
                format!("{count} hints, but a ladder has two to four: where to look, the idea, the command with a gap"),
                format!("{count} dicas, mas a escada tem de duas a quatro: onde olhar, a ideia, o comando com lacuna"),
            ),
        );
    }
}

/// All of it has to stand over a shell that can be worked in.
fn rows(proof: &mut Proof, exercise: &Exercise) {
    let (goals, facts) = (exercise.goals.len(), exercise.step.see.len());
    if !(1..=MOST_GOALS).contains(&goals) {
        proof.find(
            "goal",
            Text::both(
                format!("{goals} goals, but there is room for one to {MOST_GOALS}: split the exercise"),
                format!("{goals} objetivos, mas cabem de um a {MOST_GOALS}: divida o exercício"),
            ),
        );
    }
    for lang in Lang::ALL {
        let text = lines(exercise.step.text.get(lang), COLUMNS);
        let rows = text + exercise.shown().len() + goals + 1 + facts + LINES;
        if rows > ROWS {
            proof.find(
                "see",
                Text::both(
                    format!("text, lines, goals and facts take {rows} rows of {ROWS} in {lang}: show fewer facts"),
                    format!(
                        "texto, linhas, objetivos e fatos ocupam {rows} de {ROWS} linhas em {lang}: mostre menos fatos"
                    ),
                ),
            );
            return;
        }
    }
}

/// The lines that are shown, and their gap.
fn shown(proof: &mut Proof, exercise: &Exercise) {
    for (at, line) in exercise.shown().iter().enumerate().filter(|(_, line)| line.width() > SHOWN) {
        for lang in Lang::ALL {
            proof.find_in("do", Some(at), too_wide("do", lang, line.width(), SHOWN));
        }
    }
    let count = exercise.solution.len();
    if count == 0 || exercise.kind == Kind::Order && !(3..=5).contains(&count) {
        proof.find(
            "do",
            Text::both(
                format!("{count} lines: a solution has at least one, and one to put in order three to five"),
                format!("{count} linhas: uma solução tem ao menos uma, e a de pôr em ordem, de três a cinco"),
            ),
        );
    }
    let gap = exercise.gap.as_deref().unwrap_or_default();
    let stands = !gap.is_empty() && exercise.solution.iter().any(|line| line.contains(gap));
    if stands != (exercise.kind == Kind::Blank) {
        let say = (
            "`gap` belongs to kind = \"blank\" alone, and must stand in one of the lines of `do`",
            "`gap` é só para kind = \"blank\", e deve aparecer em uma das linhas de `do`",
        );
        proof.find("gap", Text::both(say.0, say.1));
    }
}

fn diagnosis(proof: &mut Proof, exercise: &Exercise, diagnosis: &Diagnosis) {
    for (at, expect) in diagnosis.when.iter().enumerate() {
        expectation(proof, at, expect);
    }
    for (at, line) in diagnosis.wrong.iter().enumerate() {
        placeholders(proof, "diagnosis", at, line);
    }
    if diagnosis.when.is_empty() {
        let say = (
            "a diagnosis that always holds says nothing: add when",
            "um diagnosis que sempre vale não diz nada: inclua when",
        );
        proof.find("diagnosis", Text::both(say.0, say.1));
    }
    if diagnosis.goal.is_some_and(|goal| goal == 0 || goal > exercise.goals.len()) {
        let count = exercise.goals.len();
        proof.find(
            "diagnosis",
            Text::both(
                format!("`goal` of a diagnosis counts from 1 to {count}"),
                format!("`goal` de um diagnosis vai de 1 a {count}"),
            ),
        );
    }
}

/// A text behind a word.
fn fits(proof: &mut Proof, key: &str, item: Option<usize>, text: &Text, most: usize) {
    said(proof, key, item, text);
    for lang in Lang::ALL {
        let lines = lines(text.get(lang), WORDS);
        if lines > most {
            proof.find_in(key, item, too_long(key, lang, lines, WORDS, most));
        }
    }
}

fn too_long(key: &str, lang: Lang, lines: usize, columns: usize, most: usize) -> Text {
    Text::both(
        format!("{key} takes {lines} lines of {columns} columns in {lang}, but has {most}: shorten it"),
        format!("{key} ocupa {lines} linhas de {columns} colunas em {lang}, mas só cabem {most}: encurte"),
    )
}
