//! A lesson or a step that was given another name keeps what was done of it: `was = ["its-old-name"]`.
//!
//! A step that came from another lesson names both: `was = ["old-lesson/old-step"]`.

use std::collections::BTreeMap;

use super::Progress;
use crate::course::lesson::Lesson;

/// A lesson's id, and a step's; without that all steps of the lesson are meant.
type Name<'a> = (&'a str, Option<&'a str>);

/// From names of old to those of today.
fn names(lessons: &[Lesson]) -> BTreeMap<Name<'_>, Name<'_>> {
    let mut names = BTreeMap::new();
    for lesson in lessons {
        for was in &lesson.was {
            names.insert((was.as_str(), None), (lesson.id.as_str(), None));
        }
        let ids = || lesson.was.iter().chain([&lesson.id]).map(String::as_str);
        for step in &lesson.steps {
            for was in &step.was {
                let today = (lesson.id.as_str(), Some(step.id.as_str()));
                match was.split_once('/') {
                    Some((lesson, step)) => drop(names.insert((lesson, Some(step)), today)),
                    None => names.extend(ids().map(|id| ((id, Some(was.as_str())), today))),
                }
            }
        }
    }
    names
}

/// Under the names of today.
pub(super) fn by(progress: Progress, lessons: &[Lesson]) -> Progress {
    let names = names(lessons);
    if names.is_empty() {
        return progress;
    }
    let today = |lesson: &str, step: &str| {
        let whole = |(lesson, renamed): Name| (lesson.to_owned(), renamed.unwrap_or(step).to_owned());
        names.get(&(lesson, Some(step))).or_else(|| names.get(&(lesson, None))).copied().map(whole)
    };
    let mut renamed = Progress { lessons: BTreeMap::new(), ..progress.clone() };
    for (lesson, step, mark) in progress.marks() {
        let (lesson, step) = today(lesson, step).unwrap_or_else(|| (lesson.to_owned(), step.to_owned()));
        let ours = renamed.mark(&lesson, &step);
        *ours = ours.merged(mark);
    }
    renamed.place = progress.place.map(|(lesson, step)| today(&lesson, &step).unwrap_or((lesson, step)));
    renamed
}
