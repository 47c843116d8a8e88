//! The recordings that are part of the program: lessons in both languages, made by root with cgroup version 1.
//! `lessons/recorded/make` makes them anew when a lesson has changed; a lesson without one is shown live or not at all.

use std::sync::OnceLock;

use super::{Recording, read};
use crate::course::lesson::Lesson;
use crate::course::text::Lang;

/// Where the talk finds the recording of a lesson in a language, if there is one that fits it.
pub type Shelf = fn(&Lesson, Lang) -> Option<&'static Recording>;

/// A recording as it stands in `lessons/recorded/`, and as it was read when somebody first asked for it.
struct Kept {
    lesson: &'static str,
    lang: Lang,
    file: &'static [u8],
    read: OnceLock<Option<Recording>>,
}

macro_rules! keep {
    ($($lesson:literal)*) => {
        static KEPT: [Kept; 2 * [$($lesson),*].len()] = [$(
            Kept {
                lesson: $lesson,
                lang: Lang::En,
                file: include_bytes!(concat!("../../../lessons/recorded/", $lesson, ".en.jsonl.gz")),
                read: OnceLock::new(),
            },
            Kept {
                lesson: $lesson,
                lang: Lang::PtBr,
                file: include_bytes!(concat!("../../../lessons/recorded/", $lesson, ".pt-BR.jsonl.gz")),
                read: OnceLock::new(),
            },
        )*];
    };
}

// What stands in `lessons/recorded/`.
keep![
    "nothing" "uts" "pid" "mount" "cgroup" "rootfs" "ipc" "net" "user" "cgroupns" "time" "share" "io" "devices" "init" "layers" "escape"
    "capabilities" "no-new-privs" "seccomp" "all"
];

/// The shelf of the program: none for a lesson that has been changed since, or that is an author's own.
#[must_use]
pub fn embedded(lesson: &Lesson, lang: Lang) -> Option<&'static Recording> {
    let kept = KEPT.iter().find(|kept| kept.lang == lang && kept.lesson == lesson.id)?;
    let recording = kept.read.get_or_init(|| read(kept.file).ok()).as_ref()?;
    recording.fits(lesson).then_some(recording)
}

/// An empty shelf.
#[must_use]
pub const fn none(_: &Lesson, _: Lang) -> Option<&'static Recording> {
    None
}
