//! What can be seen wrong in a lesson without building a box.
//!
//! `unha check` prints these before it runs a lesson: a text that does not fit the screen, an answer that is
//! not there, an anchor that the source no longer has. Each finding says what to do about it.

mod acts;
mod exercises;
mod outline;
mod texts;

use std::collections::BTreeSet;

use super::lesson::{Lesson, Step};
use super::text::{Lang, Text};
use outline::Outline;

/// One thing that is wrong with a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The lesson's file.
    pub file: String,
    /// The line that it is about, from 1.
    pub line: Option<usize>,
    /// The id of the step that it is about.
    pub step: Option<String>,
    /// What is wrong and what to do.
    pub say: Text,
}

impl Finding {
    /// The whole finding on one line: `01-uts.toml:12: switch-on: …`.
    #[must_use]
    pub fn said(&self, lang: Lang) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let step = self.step.as_ref().map(|step| format!("{step}: ")).unwrap_or_default();
        format!("{}{line}: {step}{}", self.file, self.say.get(lang))
    }
}

/// Everything that is wrong with `lesson`, which was read from `source`, the text of `file`. `source_of` gives the
/// text of a source file that the lesson shows.
pub fn findings(
    file: &str,
    source: &str,
    lesson: &Lesson,
    source_of: &dyn Fn(&str) -> Option<&'static str>,
) -> Vec<Finding> {
    let mut proof = Proof { file, outline: Outline::of(source), list: "step", step: None, found: Vec::new() };
    texts::lesson(&mut proof, lesson);
    let mut course = acts::Course::begin(&mut proof, lesson);
    let mut ids = BTreeSet::new();
    for (at, step) in lesson.steps.iter().enumerate() {
        proof.step = Some((at, &step.id));
        id(&mut proof, &step.id, ids.insert(step.id.as_str()));
        texts::step(&mut proof, step);
        answer(&mut proof, step);
        code(&mut proof, step, source_of);
        made(&mut proof, step);
        course.step(&mut proof, step);
    }
    proof.list = "exercise";
    for (at, exercise) in lesson.exercises.iter().enumerate() {
        proof.step = Some((at, exercise.id()));
        id(&mut proof, exercise.id(), ids.insert(exercise.id()));
        exercises::exercise(&mut proof, exercise);
    }
    proof.found
}

/// What a step makes on a real machine can only be told from what was there by its whole path.
fn made(proof: &mut Proof, step: &Step) {
    for path in step.host.makes.iter().filter(|path| !path.is_absolute()) {
        let path = path.display();
        let say = Text::both(
            format!("`makes` wants whole paths, such as /tmp/a, and not `{path}`"),
            format!("`makes` pede caminhos completos, como /tmp/a, e não `{path}`"),
        );
        proof.find("host", say);
    }
}

/// The findings so far, and the step at hand.
struct Proof<'a> {
    file: &'a str,
    outline: Outline<'a>,
    /// The list that the step at hand is of: `step` or `exercise`.
    list: &'static str,
    step: Option<(usize, &'a str)>,
    found: Vec<Finding>,
}

impl Proof<'_> {
    /// Notes a finding about `key` of the step at hand, or of the lesson.
    fn find(&mut self, key: &str, say: Text) {
        self.find_in(key, None, say);
    }

    /// Notes a finding about one item of a list.
    fn find_in(&mut self, key: &str, item: Option<usize>, say: Text) {
        self.found.push(Finding {
            file: self.file.to_owned(),
            line: self.outline.line(self.step.map(|(at, _)| (self.list, at)), key, item),
            step: self.step.map(|(_, id)| id.to_owned()),
            say,
        });
    }
}

/// Progress is kept by ids, and the command line takes a lesson's number as well as its id.
fn id(proof: &mut Proof, id: &str, first: bool) {
    let letter = |c: char| c.is_ascii_lowercase();
    if !id.starts_with(letter) || !id.chars().all(|c| letter(c) || c.is_ascii_digit() || c == '-') {
        proof.find(
            "id",
            Text::both(
                format!("the id `{id}` must begin with a letter and hold only a-z, 0-9 and hyphens"),
                format!("o id `{id}` deve começar com letra e ter só a-z, 0-9 e hifens"),
            ),
        );
    }
    if !first {
        proof.find(
            "id",
            Text::both(
                format!("the id `{id}` stands twice in this lesson: give this step another"),
                format!("o id `{id}` aparece duas vezes nesta lição: dê outro a este passo"),
            ),
        );
    }
}

fn answer(proof: &mut Proof, step: &Step) {
    let count = step.choices.len();
    match step.answer {
        Some(_) if count == 0 => proof.find(
            "answer",
            Text::both(
                "there is an answer but nothing to choose from: add choices, or take the answer out",
                "há resposta, mas nenhuma alternativa: inclua choices ou tire a resposta",
            ),
        ),
        None if count > 0 => proof.find(
            "choices",
            Text::both(
                "there are choices but no answer: add answer = with the number of the true one",
                "há alternativas, mas nenhuma resposta: inclua answer = com o número da certa",
            ),
        ),
        Some(answer) if answer == 0 || answer > count => proof.find(
            "answer",
            Text::both(
                format!("answer {answer} is none of the choices: they count from 1 to {count}"),
                format!("a resposta {answer} não é nenhuma das alternativas: elas vão de 1 a {count}"),
            ),
        ),
        _ => {}
    }
    if count == 1 || count > 4 {
        proof.find(
            "choices",
            Text::both(
                format!("a question has two to four choices, not {count}"),
                format!("uma pergunta tem de duas a quatro alternativas, não {count}"),
            ),
        );
    }
}

fn code(proof: &mut Proof, step: &Step, source_of: &dyn Fn(&str) -> Option<&'static str>) {
    let Some(code) = &step.code else { return };
    let Some(source) = source_of(&code.file) else {
        return proof.find(
            "code",
            Text::both(
                format!("there is no source `{}`: name a file of src/kernel/container", code.file),
                format!("não existe o fonte `{}`: use um arquivo de src/kernel/container", code.file),
            ),
        );
    };
    let count = if code.anchor.is_empty() { 0 } else { source.matches(&code.anchor).count() };
    if count != 1 {
        proof.find(
            "code",
            Text::both(
                format!("the anchor must stand exactly once in {}, but stands there {count} times", code.file),
                format!("a âncora deve aparecer exatamente uma vez em {}, mas aparece {count}", code.file),
            ),
        );
    }
}
