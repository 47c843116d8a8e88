//! A recording: the events of one lesson, as they came from a real kernel, to be shown where none can be had.
//!
//! A file of JSON lines, compressed by gzip(1) or not. The first line is the [`Header`]; then one event a line, with the
//! milliseconds since the beginning; then how many there were, so that a file that was cut off is found out:
//!
//! ```text
//! {"schema":1,"unha":"0.1.0","file":"01-uts.toml","lesson":"schema = 1\n…","lang":"en","made":{…}}
//! {"t":3120,"event":{"shell-bytes":["inside","hostname\r\n"]}}
//! {"t":3140,"event":{"snapshot":{"machine":{…},"outside":{…},"inside":{…}}}}
//! {"t":3390,"same":true}
//! {"end":3}
//! ```
//!
//! `same` is the look before once more. Ticks are left out: the times say what they would. A recording is data and
//! nothing else: its bytes go through the terminal that the talk has for every shell, and no effect of it is carried out.

mod parts;
mod read;
mod shelf;
mod shown;
mod unread;
mod write;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::lesson::Lesson;
use super::text::Lang;

pub(super) use parts::beginning;
pub use parts::{Part, tell};
pub use read::read;
pub use shelf::{Shelf, embedded, none};
pub use shown::Shown;
pub use unread::Unread;
pub use write::write;

/// The version of the format.
pub const SCHEMA: u32 = 1;

/// How a recording begins: of what it is, and where it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format: [`SCHEMA`].
    pub schema: u32,
    /// The version of unha that made it.
    pub unha: String,
    /// The name of the lesson's file.
    pub file: String,
    /// The lesson as it stood in that file, so that the recording can be shown where the lesson is another or none.
    pub lesson: String,
    /// The language of the prompts.
    pub lang: Lang,
    /// Where and when.
    pub made: Made,
}

/// Where and when a recording was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The day: `2026-11-24`.
    pub date: String,
    /// The release of the kernel, uname(2).
    pub kernel: String,
    /// The version of the cgroups whose limits were had there, if any were.
    pub cgroup: Option<u8>,
    /// Whether it was made by root.
    pub root: bool,
}

/// An event and when it happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since the beginning.
    pub t: u64,
    /// What happened.
    pub event: Event,
}

/// A recording that was read.
#[derive(Debug, Clone)]
pub struct Recording {
    /// How it begins.
    pub header: Header,
    /// The lesson that it was made of.
    pub lesson: Lesson,
    /// What happened.
    pub moments: Vec<Moment>,
    /// Where each step stands in it; none for a step that it does not come to.
    pub parts: Vec<Option<Part>>,
}

impl Recording {
    /// Whether it shows each step of this lesson as the lesson is now: what is done and what must then be true. Texts
    /// may have been bettered since.
    #[must_use]
    pub fn fits(&self, lesson: &Lesson) -> bool {
        self.misfit(lesson).is_none()
    }

    /// The first step of `lesson` that is not recorded as it is now, by its id; the lesson's own where it begins otherwise.
    #[must_use]
    pub fn misfit<'a>(&self, lesson: &'a Lesson) -> Option<&'a str> {
        let recorded = &self.lesson;
        if (&recorded.id, recorded.begins_with) != (&lesson.id, lesson.begins_with)
            || recorded.steps.len() > lesson.steps.len()
        {
            return Some(&lesson.id);
        }
        let fits = |at: usize| {
            let (Some(was), now) = (recorded.steps.get(at), &lesson.steps[at]) else { return false };
            let done = self.parts.get(at).and_then(Option::as_ref).is_some_and(|part| part.done);
            done && was.id == now.id
                && was.acts == now.acts
                && was.expect == now.expect
                && (&was.load, was.destroys) == (&now.load, now.destroys)
                && now.see.iter().all(|fact| was.see.contains(fact))
        };
        (0..lesson.steps.len()).find(|at| !fits(*at)).map(|at| lesson.steps[at].id.as_str())
    }
}
