//! The passing word to the person: what stands on the rule above the bottom line until the next action.

use crate::kernel::fact::Side;
use crate::kernel::feature::{Feature, FeatureSet};

/// A passing word to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// "pick 1-3, or Next again to skip"
    PickOrSkip,
    /// "F2 gives the keyboard to the shell"
    Stray,
    /// "`sleep` still runs · Next again sends Ctrl-C"
    Busy(Side, String),
    /// "waiting for: inside hostname = caixa · now: vm": the index of the unmet expectation.
    Waiting(usize),
    /// "copied"
    Copied,
    /// A limit was not in force, so the load was not started.
    LoadRefused(String),
    /// The text for whoever helps was written to this file; or it was not: why.
    HelpWritten(Result<String, String>),
    /// The talk is recorded no more: why.
    RecordingStopped(String),
    /// Progress is not kept: why.
    ProgressUnsaved(String),
    /// A limit could not be changed any further.
    KnobEnd,
    /// The talk goes on where it was left.
    Resumed,
    /// That was the last slide.
    TheEnd,
    /// The talk's clock runs, or it was stopped.
    Clock(bool),
    /// No code of unha's runs in the step, so there is none to show.
    NoCode,
    /// Nothing is there to be done with this key.
    Nothing,
    /// What is shown was recorded: nothing can be typed into it, nor turned.
    Recorded,
    /// The script has its box again.
    OnScript,
    /// A switch took others along, which it needs or which need it.
    Along {
        /// The switch that was flipped.
        feature: Feature,
        /// Whether it is on now.
        on: bool,
        /// The others.
        along: FeatureSet,
    },
    /// Limits cannot be had here, so they cannot be switched on.
    NoLimits,
    /// A box with the features that were switched on was refused: the call, or why.
    NotSwitched(String),
    /// Not every goal of the exercise is reached; Next again goes on without.
    NotReached,
    /// The lines ran in this order, and did not lead there.
    WrongOrder,
    /// The command stands at the prompt, and was not run; or the lines stand in order.
    AtThePrompt,
    /// The step is done: hands are counted in a second vote.
    VoteIsOver,
}
