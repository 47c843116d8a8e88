//! Where a step stands: how far it is, and which of how many it is.

use serde::{Deserialize, Serialize};

use super::{Phase, Place, Talk};

/// How far a step is, as the word on the bottom line says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// A box is being built for it.
    Building,
    /// Its question is open.
    Question,
    /// Next acts.
    Ready,
    /// The act runs, or the kernel has not said so yet.
    Running,
    /// The box ended: Next builds it anew.
    Stopped,
    /// The kernel has said so.
    Done,
}

impl Talk {
    /// How far the step at hand is.
    #[must_use]
    pub fn moment(&self) -> Moment {
        match self.phase {
            _ if self.rebuilding => Moment::Building,
            Phase::Ask => Moment::Question,
            Phase::Done => Moment::Done,
            Phase::Ready | Phase::Doing if self.misses_its_box() => Moment::Stopped,
            Phase::Ready => Moment::Ready,
            Phase::Doing => Moment::Running,
        }
    }

    /// The number of a step among those of its lesson that the route walks, and how many there are. One that the route
    /// leaves out is counted among all.
    #[must_use]
    pub fn numbered(&self, at: Place) -> (usize, usize) {
        let lesson = &self.lessons[at.lesson];
        // Exercises are counted by themselves.
        let all = lesson.steps.len();
        let steps = if at.step < all { 0..all } else { all..lesson.places() };
        let counts = |step: &usize| !self.walks(at) || self.walks(Place { step: *step, ..at });
        (steps.clone().take_while(|step| *step <= at.step).filter(counts).count(), steps.filter(counts).count())
    }
}
