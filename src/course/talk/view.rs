//! What fills the screen, and what covers it.
//!
//! Both are told and never drawn here: a console, a reader of lines and a recording see the same.

use crate::kernel::feature::FeatureSet;

/// What fills the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The agenda, with this lesson chosen.
    Agenda {
        /// Index of the chosen lesson.
        chosen: usize,
    },
    /// A question from an earlier day.
    Recall,
    /// A step of a lesson.
    Lesson,
    /// A slide of the talk's deck.
    Slides,
    /// A failure that stops the step, with this way out chosen.
    Failure {
        /// Index of the chosen way out.
        chosen: usize,
    },
}

/// What covers the lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help,
    /// The source of the step, its lines lit.
    Code,
    /// The journal.
    Calls,
    /// "Your container, without unha".
    Script,
    /// "Leave? Enter stays."
    Leave,
    /// All slides, to go to one.
    Overview,
    /// What the words of the trade mean, those on the screen first.
    Glossary,
    /// "Back builds everything anew; what you typed is lost." Enter goes back, Esc stays.
    Rebuild,
    /// The box's features as switches: Enter starts it with this set.
    Switches {
        /// What is switched on.
        set: FeatureSet,
        /// Index of the chosen switch, as [`Feature::ALL`](crate::kernel::feature::Feature::ALL) has them.
        chosen: usize,
    },
    /// What stood in the way of the step that a recording plays instead of.
    Instead,
}
