//! What happens to the talk, and what the talk wants done.

mod bytes;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lesson::{Limit, Restart, Start};
use super::recording::Moment;
use crate::kernel::fact::{Side, Snapshot};
use crate::kernel::journal::Call;
use crate::kernel::reason::{Because, Reason};

/// One thing that happened. The log of these is a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The person did something.
    Action(Action),
    /// A look at all sides.
    Snapshot(Snapshot),
    /// A shell wrote these bytes.
    ShellBytes(Side, #[serde(with = "bytes")] Vec<u8>),
    /// Whether a side's shell waits at its prompt.
    ShellIdle(Side, bool),
    /// The engine made a system call.
    Journal(Call),
    /// The bench stands, with these values for the placeholders of lessons.
    BenchReady(Names),
    /// The box runs, with these values for the placeholders of lessons.
    BoxStarted(Names),
    /// The box's first process ended.
    BoxEnded(Ended),
    /// The box or the bench could not be built.
    StageFailed(Failure),
    /// A line that the talk wanted typed has been typed whole. [`Event::ShellIdle`] follows once the shell
    /// waits at its prompt again, however quick the command was.
    Typed(Side),
    /// A line was not typed: this command still runs in that shell.
    Busy(Side, String),
    /// A limit was not in force, so a load was not started: why.
    LoadRefused(String),
    /// Whether what is watched of the real machine is as it was at the start.
    Machine {
        /// As it was.
        untouched: bool,
    },
    /// The text for whoever helps was written to this file; or it was not: why.
    HelpWritten(Result<String, String>),
    /// What was recorded of the talk ends here: why.
    RecordingStopped(String),
    /// Progress could not be kept, or what was kept could not be read any more: why.
    ProgressUnsaved(String),
    /// Milliseconds since the session began.
    Tick(u64),
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// By exit(2) with this status.
    Exit(i32),
    /// By this signal.
    Signal(i32),
}

/// Values for the placeholders of lessons.
pub type Names = BTreeMap<String, String>;

/// Among the [`Names`], why boxes cannot be limited here; no lesson may use it.
pub const NO_CGROUP: &str = "no-cgroup";

/// Among the [`Names`], why the bench has a single user id: a [`Because`] in JSON; no lesson may use it.
pub const NO_RANGE: &str = "no-range";

/// Why something could not be built, for the failure pane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The call that the kernel refused.
    pub call: Option<Call>,
    /// The calls before it, the last one last.
    pub before: Vec<Call>,
    /// The refusal in words, where there was no call or the call does not say enough. English.
    pub message: String,
    /// What was seen on this machine that explains it, such as a sysctl and its value.
    pub seen: Vec<String>,
    /// What it is, so that the screen can say why in the learner's language.
    pub cause: Cause,
}

impl Failure {
    /// The reason of this machine's that it comes from, if it is known.
    #[must_use]
    pub fn because(&self) -> Option<Because> {
        let Cause::Reason(reason) = self.cause else { return None };
        Some(Because { reason, call: self.call.clone(), seen: self.seen.clone() })
    }
}

/// What a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// This machine does not do it, for this reason.
    Reason(Reason),
    /// The lesson leaves this step out where outside is the machine itself, and says why.
    NotOnHost,
    /// A file that the step would make on the machine is there already.
    InTheWay,
    /// The step wanted this refusal: it shows it.
    Wanted,
    /// Anything else.
    Other,
}

/// What a person can do, whatever key or clicker it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Do what the bottom line says.
    Next,
    /// One step back.
    Back,
    /// Choose an answer (on a stage: count a hand for it; 0: ten times as many), a way out of a failure or a switch, from 1.
    Choose(usize),
    /// Give the keyboard to the shell in view, or back to the talk.
    Keyboard,
    /// Put the other side in view; while a shell has the keyboard, the keyboard goes with it.
    OtherSide,
    /// Bytes for the shell that has the keyboard.
    ToShell(Vec<u8>),
    /// A letter that means nothing here: say how to get to the shell.
    Stray,
    /// Up (negative) or down.
    Scroll(i32),
    /// Say what the step waits for; again: put the command at the prompt.
    Hint,
    /// The source of the step.
    Code,
    /// Straight to the lesson's last exercise, past those that lead to it.
    Challenge,
    /// The journal.
    Calls,
    /// What the words of the trade mean.
    Glossary,
    /// Copy what is shown.
    Copy,
    /// A fresh box for this step.
    Fresh,
    /// A limit up or down.
    Knob(i32),
    /// The features as switches; again: close them.
    Switches,
    /// Flip the switch that is chosen.
    Flip,
    /// Take the last hand that was counted back (on a stage).
    TakeBack,
    /// Call a second vote (on a stage).
    VoteAgain,
    /// What stood in the way of the step that a recording plays instead of (on a stage).
    Details,
    /// The agenda.
    Agenda,
    /// Go to the step or lesson with this number (agenda) or name.
    GoTo(String),
    /// Show the help.
    Help,
    /// Close an overlay.
    Close,
    /// The other language.
    Language,
    /// The other route.
    Route,
    /// Start or continue (F5).
    Start,
    /// Blank the screen, or show it again (on a stage).
    Blank,
    /// Stop the talk's clock, or let it go on (on a stage).
    Pause,
    /// Show all slides, found by this so far.
    Overview(String),
    /// One letter more of what is looked for among the slides; none: one less.
    Find(Option<char>),
    /// Ask to leave; again with `true`: leave.
    Quit(bool),
    /// The screen's size changed: columns, rows.
    Resize(u16, u16),
    /// The shells' panes changed: columns, rows, for outside and inside.
    ShellSizes((u16, u16), (u16, u16)),
}

/// What the talk wants done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Start the bench if there is none; stop the box; start it anew so.
    StartBox(Start),
    /// Make anew: the box (its files too) or the bench as well.
    Restart(Restart, Start),
    /// Make the bench anew and start no box on it: the learner is to make one by hand.
    BareBench,
    /// Type this line at the side's idle prompt (after Ctrl-U), at a human pace, and Enter.
    Type(Side, String),
    /// As [`Effect::Type`], after these limits were read back with the box as a member, and, if the flag is
    /// set, after `/` inside was read back as the box's own overlay.
    TypeGuarded(Side, String, Vec<Limit>, bool),
    /// Put this at the prompt without Enter.
    Prefill(Side, String),
    /// Stop typing into that side's shell; what is typed of the line stays at the prompt.
    Pause(Side),
    /// Send these bytes to the side's shell at once.
    Send(Side, Vec<u8>),
    /// Set limits of the running box.
    SetLimits(BTreeMap<Limit, String>),
    /// Look at all sides now.
    Look,
    /// The shells' new size: columns, rows, for outside and inside.
    ResizeShells((u16, u16), (u16, u16)),
    /// Put this on the clipboard of the terminal.
    Copy(String),
    /// Tell the talk these events of a recording, each so many milliseconds from now; no others of an earlier one.
    Play(Vec<Moment>),
    /// Write down what this machine can do and what failed, for whoever helps.
    AskForHelp,
    /// Write this progress to the state folder.
    SaveProgress,
    /// Stop the box and the bench: the agenda is shown.
    Rest,
    /// Leave the program.
    Quit,
}
