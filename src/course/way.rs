//! The ways out of a failure, best first: what the failure pane offers and `Choose` picks from.

use super::event::Cause;
use super::talk::Talk;

/// One way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Leave, and start again as root.
    Root,
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
    let never = match cause {
        Some(Cause::NoRootfs | Cause::Wanted | Cause::InTheWay) => true,
        Some(Cause::NotOnHost) => talk.step().host.refused.is_some(),
        _ => false,
    };
    let root_helps = !talk.machine.root && !never;
    let root = root_helps.then_some(Way::Root);
    // What a lesson leaves out on a real machine it leaves out the next time too.
    let again = (cause != Some(Cause::NotOnHost)).then_some(Way::Again);
    root.into_iter().chain([Way::Skip]).chain(again).chain([Way::Agenda]).collect()
}
