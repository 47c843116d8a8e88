//! What the talk is in the middle of; nothing of it is shown.

use std::collections::VecDeque;

use super::Tally;
use crate::course::lesson::{Act, Start};
use crate::kernel::fact::Side;

/// What the talk is in the middle of.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is true or not by itself; together they are no state")]
pub struct Run {
    /// What must happen before the next act begins.
    pub(super) waits: Option<Waits>,
    /// The act that is being done.
    pub(super) act: Option<Act>,
    /// Acts of earlier steps, to be done again before the step opens.
    pub(super) replay: VecDeque<Act>,
    /// Whether the step opens, rather than goes on, once the box stands and the replay is done.
    pub(super) opening: bool,
    /// Whether the bench stands for the step at hand.
    pub(super) stands: bool,
    /// Whether a bench stands, or stood, since the last one was asked for.
    pub(super) has_bench: bool,
    /// Whether recordings are played without asking, where this machine cannot run a step.
    pub(super) prefers_recordings: bool,
    /// How the box was started before the start that is under way.
    pub(super) last_start: Start,
    /// The errno with which a start was refused, as the step wanted.
    pub(super) refused: Option<String>,
    /// Whether a look arrived since the step opened or its latest act was done.
    pub(super) looked: bool,
    /// Whether the expectations were seen unmet since the step opened.
    pub(super) unmet: bool,
    /// Whether the look that shows what the step has changed is still to come.
    pub(super) unmarked: bool,
    /// Whether the person was told what the step waits for.
    pub(super) told: bool,
    /// When the last Next came.
    pub(super) next_at: Option<u64>,
    /// When the last Back came, on a stage.
    pub(super) back_at: Option<u64>,
    /// Since when something is waited for.
    pub(super) since: u64,
    /// Whether a person took the keyboard in the middle of the step's act, which waits for them.
    pub(super) held: bool,
    /// The side at whose prompt the act's line stands half typed, while a person goes on with it.
    pub(super) half: Option<Side>,
    /// Whether a person typed outside since the bench was made.
    pub(super) typed_outside: bool,
    /// Whether the script typed outside since the step opened.
    pub(super) acted_outside: bool,
    /// Whether the step has come to no end on a stage: Next gets past it.
    pub(super) stumbled: bool,
    /// The counts before the hands that can be taken back, and for which choice each was.
    pub(super) hands: Vec<(Tally, Option<usize>)>,
    /// The shells that have not shown a prompt since they were started.
    pub(super) new: [bool; 2],
}

/// What must happen before the next act begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// The box is being built.
    Box,
    /// A line is being typed.
    Typing(Side),
    /// The command must end.
    Idle(Side),
    /// The shell must show its prompt, but not for long.
    Prompt(Side),
}
