//! A lesson as it stands in `lessons/NN-name.toml`.
//!
//! Texts stand in both languages side by side; what is done and what must then be true is neutral of
//! language. Every key effect is a step in four phases: ask, do, see, why.

mod act;
mod expect;

use std::ops::Range;
use std::path::PathBuf;

use serde::Deserialize;

pub use self::act::{Act, Limit, PLACEHOLDERS, Restart, Start, Switch};
pub use self::expect::{BoxIs, Compare, Expect};
use super::exercise::Exercise;
use super::text::{Lang, Text};
use crate::kernel::fact::Fact;
use crate::kernel::feature::FeatureSet;

/// The version of the format that this program reads.
pub const SCHEMA: u32 = 1;

/// One lesson.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lesson {
    /// Format version: [`SCHEMA`].
    pub schema: u32,
    /// Stable name, used by progress and on the command line: `uts`.
    pub id: String,
    /// Its names of old: what was done under them counts.
    #[serde(default)]
    pub was: Vec<String>,
    /// The word in the chain at the top of the screen and in the agenda.
    pub title: Text,
    /// What it adds, in a few words: `a name of its own`.
    pub summary: Text,
    /// The words over it on the agenda, if a part of the course begins with it.
    pub begins_part: Option<Text>,
    /// The features that are on when the lesson begins (those of the lessons before it).
    #[serde(default)]
    pub begins_with: FeatureSet,
    /// The steps, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    /// What is done by hand behind them, in order.
    #[serde(default, rename = "exercise")]
    pub exercises: Vec<Exercise>,
}

impl Lesson {
    /// What stands at a place of the lesson: a step, or behind the steps what an exercise has in common with one.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&Step> {
        self.steps.get(index).or_else(|| self.exercise(index).map(|exercise| &exercise.step))
    }

    /// The exercise at a place of the lesson, if one stands there.
    #[must_use]
    pub fn exercise(&self, index: usize) -> Option<&Exercise> {
        self.exercises.get(index.checked_sub(self.steps.len())?)
    }

    /// How many places it has: steps and exercises.
    #[must_use]
    pub const fn places(&self) -> usize {
        self.steps.len() + self.exercises.len()
    }

    /// The place of a step or exercise by its id.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<usize> {
        (0..self.places()).find(|index| self.at(*index).is_some_and(|step| step.id == id))
    }
}

/// One step: a question, an act, what is seen, and why.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark that a step may bear")]
pub struct Step {
    /// Stable name within the lesson.
    pub id: String,
    /// Its names of old, `step` or `lesson/step`: what was done under them counts.
    #[serde(default)]
    pub was: Vec<String>,
    /// Whether the short route walks this step too.
    #[serde(default)]
    pub must: bool,
    /// Planned time in seconds.
    pub seconds: u32,
    /// The question, or what to do where nothing is asked: at most 2 lines of 76.
    pub text: Text,
    /// The same for whoever reads lines and has no keys and no screen, where the text speaks of them.
    pub in_lines: Option<Text>,
    /// The answers to choose from: two to four, on one line together.
    #[serde(default)]
    pub choices: Vec<Text>,
    /// The number of the true answer, from 1.
    pub answer: Option<usize>,
    /// What Next does, in order. Empty: the step only asks or tells.
    #[serde(default, rename = "do")]
    pub acts: Vec<Act>,
    /// What must be true then; all of it.
    #[serde(default)]
    pub expect: Vec<Expect>,
    /// The facts that the columns show, at most five.
    #[serde(default)]
    pub see: Vec<Fact>,
    /// Whether the columns are the cgroup gauges: outside the knob, inside the effect.
    #[serde(default)]
    pub gauges: bool,
    /// One sentence of why: at most 2 lines of 76.
    pub why: Text,
    /// The piece of source that does it.
    pub code: Option<Code>,
    /// The same in Docker's words; the lesson's last step has it.
    pub docker: Option<String>,
    /// The name of the page that the step closes with, if it is not a usual one: `script`.
    pub page: Option<Page>,
    /// Limits that must be read back, with the box a member, before the step acts.
    #[serde(default)]
    pub load: Vec<Limit>,
    /// Whether `/` inside must be read back as the box's own overlay before the step acts.
    #[serde(default)]
    pub destroys: bool,
    /// Whether it needs a second user id: an ordinary user's bench has a range of them only by subuid(5).
    #[serde(default)]
    pub two_ids: bool,
    /// What is to be known of the step where outside is the real machine (`unha --host`).
    #[serde(default)]
    pub host: OnHost,
}

impl Step {
    /// The question for whoever reads lines.
    #[must_use]
    pub fn told(&self, lang: Lang) -> &str {
        self.in_lines.as_ref().unwrap_or(&self.text).get(lang)
    }
}

/// A step where outside is the real machine.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct OnHost {
    /// Why it is left out there, in one sentence.
    pub refused: Option<Text>,
    /// Why an ordinary user has to leave it out there.
    pub as_user: Option<Text>,
    /// The files and folders outside that its lines make, folders before what is in them. They must not be there
    /// before, and are removed after.
    pub makes: Vec<PathBuf>,
}

impl OnHost {
    /// Why the step is left out there, for root or for an ordinary user.
    #[must_use]
    pub fn refusal(&self, root: bool) -> Option<&Text> {
        self.refused.as_ref().or_else(|| self.as_user.as_ref().filter(|_| !root))
    }
}

/// A page that a step may close with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    /// "Your container, without unha": the journal as a shell script.
    Script,
}

/// A piece of the source and a remark on it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The file below `src/kernel/container/`: `uts.rs`.
    pub file: String,
    /// The line or lines to light: text that stands exactly once in the file.
    pub anchor: String,
    /// The remark.
    pub note: Text,
    /// The words of the call that it makes, where the anchor does not say them: `sendto RTM_NEWLINK`.
    pub call: Option<String>,
}

impl Code {
    /// The lines of the file's text on which the anchor stands, from 0; none if it does not stand there.
    #[must_use]
    pub fn lit_lines(&self, source: &str) -> Range<usize> {
        match source.find(&self.anchor) {
            Some(at) if !self.anchor.is_empty() => {
                let line_of = |byte: usize| source[..byte].matches('\n').count();
                line_of(at)..line_of(at + self.anchor.trim_end().len()) + 1
            }
            _ => 0..0,
        }
    }
}
