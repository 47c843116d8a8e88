//! The table of `unha progress`: a line a lesson, with what was predicted and what is worth another look.

use std::fmt::Write as _;
use std::path::Path;

use crate::command::day;
use crate::course::lesson::Lesson;
use crate::course::progress::{Mark, Progress};
use crate::course::talk::Answer;
use crate::course::text::Lang;
use crate::course::words;

/// What was done, lesson by lesson.
pub fn of(progress: &Progress, lessons: &[Lesson], file: &Path, lang: Lang) -> String {
    let mut said = head(lang);
    let (mut done, mut all) = (0, 0);
    let (mut by_hand, mut exercises) = (0, 0);
    for (number, lesson) in lessons.iter().enumerate() {
        let row = Row::of(progress, lesson);
        (done, all) = (done + row.done, all + lesson.steps.len());
        (by_hand, exercises) = (by_hand + row.by_hand, exercises + lesson.exercises.len());
        said += &row.line(number, lesson, lang);
    }
    let last = progress.last_done().filter(|at| *at > 0).and_then(day);
    let what = match lang {
        Lang::En => format!("{done} of {all} steps done, {by_hand} of {exercises} exercises by hand"),
        Lang::PtBr => format!("{done} de {all} passos feitos, {by_hand} de {exercises} exercícios na unha"),
    };
    let _ = match (lang, last) {
        (Lang::En, Some(day)) => writeln!(said, "\n{what}, the latest on {day}"),
        (Lang::PtBr, Some(day)) => writeln!(said, "\n{what}, o mais recente em {day}"),
        (_, None) => writeln!(said, "\n{what}"),
    };
    let _ = writeln!(said, "{}", file.display());
    said
}

fn head(lang: Lang) -> String {
    let (lesson, done) = (lang.pick("lesson", "lição"), lang.pick("done", "feito"));
    let right = lang.pick("predicted", "previsto");
    let again = lang.pick("predicted wrongly: worth another look", "previsto errado: vale rever");
    let hand = words::by_hand(lang);
    format!("    {lesson:<14}{done:>7}  {hand:>7}  {right:>9}  {again}\n")
}

/// What is known of a lesson.
#[derive(Default)]
struct Row {
    done: usize,
    /// Exercises that were done.
    by_hand: usize,
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
        let is_done = |id: &str| known.and_then(|marks| marks.get(id)).is_some_and(|mark| mark.done.is_some());
        row.by_hand = lesson.exercises.iter().filter(|exercise| is_done(exercise.id())).count();
        row
    }

    fn line(&self, number: usize, lesson: &Lesson, lang: Lang) -> String {
        let done = format!("{}/{}", self.done, lesson.steps.len());
        let hand = match lesson.exercises.len() {
            0 => String::new(),
            all => format!("{}/{all}", self.by_hand),
        };
        let answered = self.right + self.wrong.len();
        let right = match (answered, lang) {
            (0, _) => String::new(),
            (_, Lang::En) => format!("{} of {answered}", self.right),
            (_, Lang::PtBr) => format!("{} de {answered}", self.right),
        };
        let line = format!("{number:>2}  {:<14}{done:>7}  {hand:>7}  {right:>9}  {}", lesson.id, self.wrong.join(", "));
        line.trim_end().to_owned() + "\n"
    }
}
