//! The ways out of a failure, best first: what the failure pane offers and `Choose` picks from.

use super::event::Cause;
use super::talk::Talk;

/// One way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Leave, and start again as root.
    Root,
    /// Go on with the recording of the lesson.
    Recorded,
    /// Try once more.
    Again,
    /// Leave this step out.
    Skip,
    /// Choose another lesson.
    Agenda,
}

/// The ways out that there are now.
#[must_use]
pub fn ways(talk: &Talk) -> Vec<Way> {
    let cause = talk.failure.as_ref().map(|failure| failure.cause);
    let root_helps = !talk.machine.root && !matches!(cause, Some(Cause::NoRootfs | Cause::Wanted));
    let root = root_helps.then_some(Way::Root);
    let recorded = talk.recording().map(|_| Way::Recorded);
    root.into_iter().chain(recorded).chain([Way::Skip, Way::Again, Way::Agenda]).collect()
}
