//! Recordings: those of the program fit its lessons and play to their end, and a file from anywhere does no harm.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "recordings/cast.rs"]
mod cast;
#[path = "recordings/files.rs"]
mod files;
#[path = "recordings/playing.rs"]
mod playing;
#[path = "recordings/tape.rs"]
mod tape;

use std::path::{Path, PathBuf};

use unha::course::deck::{deck, embedded};
use unha::course::lesson::Lesson;
use unha::course::parse;
use unha::course::recording::{self, Recording};
use unha::course::text::Lang;

fn course() -> Vec<Lesson> {
    parse::course(parse::embedded().into_iter().map(|(file, text)| (file.into(), text.into())).collect()).unwrap()
}

fn file(lesson: &str, lang: Lang) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("lessons/recorded/{lesson}.{lang}.jsonl.gz"))
}

fn recorded(lesson: &str, lang: Lang) -> Recording {
    recording::read(&std::fs::read(file(lesson, lang)).unwrap()).unwrap()
}

/// The lessons that are recorded.
fn shelf() -> Vec<Lesson> {
    course().into_iter().filter(|lesson| recording::embedded(lesson, Lang::En).is_some()).collect()
}

#[test]
fn each_recording_shows_its_lesson_as_it_is_now() {
    for lesson in course() {
        for lang in Lang::ALL {
            if !file(&lesson.id, lang).exists() {
                continue;
            }
            let recording = recorded(&lesson.id, lang);
            let again = format!("record again: unha record {0} (as root: lessons/recorded/make {0})", lesson.id);
            assert_eq!(recording.misfit(&lesson), None, "{}: the step is another now; {again}", lesson.id);
            assert_eq!(recording.header.lang, lang, "{}; {again}", lesson.id);
            let kept = recording::embedded(&lesson, lang).is_some();
            assert!(kept, "{} is recorded, and not named in src/course/recording/shelf.rs", lesson.id);
        }
    }
}

#[test]
fn the_talk_can_be_given_from_recordings_alone() {
    for slide in deck(&embedded()).unwrap().slides {
        let Some(lesson) = slide.lesson else { continue };
        assert!(shelf().iter().any(|recorded| recorded.id == lesson), "{lesson}: lessons/recorded/make {lesson}");
    }
}

#[test]
fn a_lesson_that_was_changed_has_no_recording() {
    let mut lesson = course().remove(1);
    lesson.steps[0].text.en = "Another text is no other step.".into();
    assert!(recording::embedded(&lesson, Lang::En).is_some());
    let mut other = lesson.clone();
    other.steps[1].expect.clear();
    assert_eq!(recorded("uts", Lang::En).misfit(&other), Some("rename-inside"));
    assert!(recording::embedded(&other, Lang::En).is_none());
    let mut longer = lesson.clone();
    longer.steps.push(lesson.steps[0].clone());
    assert!(recording::embedded(&longer, Lang::En).is_none());
    lesson.id = "mine".into();
    assert!(recording::embedded(&lesson, Lang::En).is_none());
}
