//! What a learner has done, by the names of lessons and steps, so that it outlives a change of the course.
//!
//! Two of them can always be merged, in any order and as often as one likes, with the same outcome: two programs that
//! run at once, or two machines, lose nothing of each other's.
//!
//! ```text
//! {"schema":2,"lang":"en","lessons":{"uts":{"rename":{"done":1795842000,"answer":{"Chose":1},"answered":1795841970}}},…}
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kept::{Kept, Senseless, schema};
use super::lesson::Lesson;
use super::talk::{Answer, Left, Route, Tally};
use super::text::Lang;

mod older;
mod renamed;

/// What is kept between two runs. Times are seconds since 1970; 0 is a time that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Progress {
    /// Format version.
    pub schema: u32,
    /// The language shown.
    pub lang: Lang,
    /// The route walked.
    pub route: Route,
    /// The step at hand.
    pub place: Option<(String, String)>,
    /// When language, route and step were so.
    pub at: u64,
    /// What is older than this was wiped out, wherever it may turn up again.
    #[serde(skip_serializing_if = "is_zero")]
    pub reset: u64,
    /// What was done, by lesson and then by step or exercise.
    pub lessons: BTreeMap<String, BTreeMap<String, Mark>>,
    /// Where a talk with slides was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deck: Option<Left>,
}

/// What is known of a step, or of an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mark {
    /// When the kernel last confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<u64>,
    /// The latest answer to its question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// When that was given.
    #[serde(skip_serializing_if = "is_zero")]
    pub answered: u64,
    /// The hands counted before a room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tally: Option<Tally>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_zero(time: &u64) -> bool {
    *time == 0
}

impl Mark {
    /// What is newer than a reset.
    fn since(mut self, reset: u64) -> Self {
        self.done = self.done.filter(|done| *done >= reset);
        if self.answered < reset {
            (self.answer, self.answered) = (None, 0);
        }
        self
    }

    fn merged(self, other: Self) -> Self {
        let (answered, answer) = (self.answered, self.answer).max((other.answered, other.answer));
        Self { done: self.done.max(other.done), answer, answered, tally: self.tally.max(other.tally) }
    }
}

impl Progress {
    /// The version of the format.
    pub const SCHEMA: u32 = 2;

    /// What is known of a step, to be changed.
    pub fn mark(&mut self, lesson: &str, step: &str) -> &mut Mark {
        self.lessons.entry(lesson.to_owned()).or_default().entry(step.to_owned()).or_default()
    }

    /// Every lesson's steps that something is known of.
    pub fn marks(&self) -> impl Iterator<Item = (&str, &str, Mark)> {
        self.lessons
            .iter()
            .flat_map(|(lesson, steps)| steps.iter().map(|(step, mark)| (lesson.as_str(), step.as_str(), *mark)))
    }

    /// When the kernel last confirmed a step; `None`: none yet.
    #[must_use]
    pub fn last_done(&self) -> Option<u64> {
        self.marks().filter_map(|(_, _, mark)| mark.done).max()
    }

    /// Both: of each step what is newest, and of the two places the later one.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        let reset = self.reset.max(other.reset);
        // The place last: a reset may take it away, and then it must not have decided anything.
        let rank = |one: &Self| (one.at, one.lang.tag(), one.route == Route::Short, one.place.clone());
        let (mut later, earlier) = if rank(&self) < rank(&other) { (other, self) } else { (self, other) };
        for (lesson, step, mark) in earlier.marks() {
            let ours = later.mark(lesson, step);
            *ours = ours.since(reset).merged(mark.since(reset));
        }
        for mark in later.lessons.values_mut().flat_map(BTreeMap::values_mut) {
            *mark = mark.since(reset);
        }
        later.reset = reset;
        later.schema = Self::SCHEMA;
        later.place = later.place.filter(|_| later.at >= reset);
        later.tidied()
    }

    /// With what another machine's learner, or an earlier copy, has done, which no reset is to wipe out.
    #[must_use]
    pub fn with(mut self, imported: Self) -> Self {
        self.reset = 0;
        self.merged(Self { reset: 0, ..imported })
    }

    /// Nothing done any more, from this moment on; the language and the route stay.
    #[must_use]
    pub fn wiped(&self, now: u64) -> Self {
        // A clock that was set back is no reason to forget what is done next.
        let reset = now.max(self.reset).max(self.latest()) + 1;
        Self { schema: Self::SCHEMA, lang: self.lang, route: self.route, at: reset, reset, ..Self::default() }
    }

    /// The latest time in it: when something was done last, or unha was left.
    #[must_use]
    pub fn latest(&self) -> u64 {
        self.marks().map(|(_, _, mark)| mark.answered.max(mark.done.unwrap_or(0))).max().unwrap_or(0).max(self.at)
    }

    /// Under the names that the lessons and their steps bear today.
    #[must_use]
    pub fn renamed(self, lessons: &[Lesson]) -> Self {
        renamed::by(self, lessons)
    }

    /// Without steps of which nothing is known.
    fn tidied(mut self) -> Self {
        for steps in self.lessons.values_mut() {
            steps.retain(|_, mark| *mark != Mark::default());
        }
        self.lessons.retain(|_, steps| !steps.is_empty());
        self
    }

    /// From JSON of this format or the first.
    ///
    /// # Errors
    /// Why it is not understood.
    pub fn of(value: serde_json::Value) -> Result<Self, serde_json::Error> {
        let first = value.get("schema").and_then(serde_json::Value::as_u64).unwrap_or(0) < 2;
        if first {
            serde_json::from_value::<older::First>(value).map(Self::from)
        } else {
            serde_json::from_value(value)
        }
    }

    /// Whatever can be read of it, though it is not what was written.
    ///
    /// # Errors
    /// That nothing can be.
    pub fn read_unsummed(bytes: &[u8]) -> Result<Self, Senseless> {
        schema(bytes, Self::SCHEMA)?;
        let mut value: serde_json::Value = serde_json::from_slice(bytes)?;
        value.as_object_mut().map(|object| object.remove(SUM));
        Ok(Self::of(value)?)
    }

    /// The sum over everything that it says, however it is laid out.
    fn sum(&self) -> Result<String, serde_json::Error> {
        let mut crc = flate2::Crc::new();
        crc.update(serde_json::to_string(self)?.as_bytes());
        Ok(format!("{:08x}", crc.sum()))
    }
}

/// The key below which the sum stands.
const SUM: &str = "sum";

impl Kept for Progress {
    fn read(bytes: &[u8]) -> Result<Self, Senseless> {
        let version = schema(bytes, Self::SCHEMA)?;
        let mut value: serde_json::Value = serde_json::from_slice(bytes)?;
        let sum = value.as_object_mut().and_then(|object| object.remove(SUM));
        let progress = Self::of(value)?;
        // The first format had no sum; whatever has one is of a later one, its version damaged.
        let wanted = if version < 2 { None } else { Some(serde_json::Value::String(progress.sum()?)) };
        if sum == wanted { Ok(progress) } else { Err(Senseless::Changed) }
    }

    fn text(&self) -> Result<String, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        if let Some(object) = value.as_object_mut() {
            object.insert(SUM.to_owned(), self.sum()?.into());
        }
        Ok(serde_json::to_string_pretty(&value)? + "\n")
    }
}
