//! The table of `unha progress`: a line a lesson, with what was predicted and what is worth another look.

use std::fmt::Write as _;
use std::path::Path;

use crate::command::day;
use crate::course::lesson::Lesson;
use crate::course::progress::{Mark, Progress};
use crate::course::talk::Answer;
use crate::course::text::Lang;

/// What was done, lesson by lesson.
pub fn of(progress: &Progress, lessons: &[Lesson], file: &Path, lang: Lang) -> String {
    let mut said = head(lang);
    let (mut done, mut all) = (0, 0);
    for (number, lesson) in lessons.iter().enumerate() {
        let row = Row::of(progress, lesson);
        (done, all) = (done + row.done, all + lesson.steps.len());
        said += &row.line(number, lesson, lang);
    }
    let last = progress.last_done().filter(|at| *at > 0).and_then(day);
    let _ = match (lang, last) {
        (Lang::En, Some(day)) => writeln!(said, "\n{done} of {all} steps done, the last one on {day}"),
        (Lang::En, None) => writeln!(said, "\n{done} of {all} steps done"),
        (Lang::PtBr, Some(day)) => writeln!(said, "\n{done} de {all} passos feitos, o último em {day}"),
        (Lang::PtBr, None) => writeln!(said, "\n{done} de {all} passos feitos"),
    };
    let _ = writeln!(said, "{}", file.display());
    said
}

fn head(lang: Lang) -> String {
    let (lesson, done) = (lang.pick("lesson", "lição"), lang.pick("done", "feito"));
    let right = lang.pick("predicted", "previsto");
    let again = lang.pick("predicted wrongly: worth another look", "previsto errado: vale rever");
    format!("    {lesson:<14}{done:>7}  {right:>9}  {again}\n")
}

/// What is known of a lesson.
#[derive(Default)]
struct Row {
    done: usize,
    right: usize,
    /// Numbers and ids of the steps that were predicted wrongly.
    wrong: Vec<String>,
}

impl Row {
    fn of(progress: &Progress, lesson: &Lesson) -> Self {
        let known = progress.lessons.get(&lesson.id);
        let mut row = Self::default();
        for (number, step) in (1..).zip(&lesson.steps) {
            let mark = known.and_then(|steps| steps.get(&step.id)).copied().unwrap_or_default();
            row.done += usize::from(mark.done.is_some());
            match (mark, step.answer) {
                (Mark { answer: Some(Answer::Chose(said)), .. }, Some(truth)) if said == truth => row.right += 1,
                (Mark { answer: Some(Answer::Chose(_)), .. }, Some(_)) => {
                    row.wrong.push(format!("{number} {}", step.id));
                }
                _ => {}
            }
        }
        row
    }

    fn line(&self, number: usize, lesson: &Lesson, lang: Lang) -> String {
        let done = format!("{}/{}", self.done, lesson.steps.len());
        let answered = self.right + self.wrong.len();
        let right = match (answered, lang) {
            (0, _) => String::new(),
            (_, Lang::En) => format!("{} of {answered}", self.right),
            (_, Lang::PtBr) => format!("{} de {answered}", self.right),
        };
        let line = format!("{number:>2}  {:<14}{done:>7}  {right:>9}  {}", lesson.id, self.wrong.join(", "));
        line.trim_end().to_owned() + "\n"
    }
}
