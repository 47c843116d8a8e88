//! Which step is at hand, by which route, how far it is, and what was answered to it.
//!
//! A step is asked, done, seen and explained: the four phases in which the learner meets it.

use serde::{Deserialize, Serialize};

/// Which steps are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Every step.
    #[default]
    Full,
    /// The steps marked `must` alone.
    Short,
}

impl Route {
    /// The other route.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Full => Self::Short,
            Self::Short => Self::Full,
        }
    }
}

/// A step of a lesson, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Index of the lesson.
    pub lesson: usize,
    /// Index of the step within it.
    pub step: usize,
}

/// The four phases of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The question is open.
    Ask,
    /// The question is answered (or there is none); Next acts.
    Ready,
    /// The act runs, or the expectation is not met yet.
    Doing,
    /// The kernel said so: values and why are shown, Next goes on.
    Done,
}

/// What was answered to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Answer {
    /// This choice, from 1.
    Chose(usize),
    /// None.
    Skipped,
}
