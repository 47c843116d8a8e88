//! The talk: where the course stands, what is shown, and what Next will do.
//!
//! The screen reads this and nothing else. [`Talk::update`] is the only way in.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::event::{Effect, Ended, Event, Failure, Names};
use super::lesson::{Act, Lesson, Limit, Start, Step};
use super::recording::{Made, Shelf};
use super::text::Lang;
use crate::kernel::doctor::About;
use crate::kernel::fact::{Fact, Side, Snapshot};
use crate::kernel::journal::Call;
use crate::kernel::reason::Because;

mod acting;
mod aside;
mod checking;
mod clock;
mod console;
mod entering;
mod finding;
mod helping;
mod instead;
mod judging;
mod keyboard;
mod marks;
mod moving;
mod notice;
mod obeying;
mod past;
mod playing;
mod practice;
mod progress;
mod recall;
mod recorded;
mod run;
mod shells;
mod slides;
mod stage;
mod standing;
mod step;
mod tally;
mod telling;
mod terms;
mod view;
mod words;

pub use aside::Stray;
pub use instead::Instead;
pub use notice::Notice;
pub use past::Past;
pub use practice::{Practice, Said};
pub use progress::Times;
pub use recall::{Asked, Recall};
pub use recorded::Replay;
pub use run::Run;
pub use shells::Shell;
use shells::index;
pub use slides::{Left, Presenting, Spot};
pub use standing::Moment;
pub use step::{Answer, Phase, Place, Route};
pub use tally::Tally;
pub use view::{Overlay, View};
pub use words::{listed, named_feature};

/// What the agenda says of this machine: yes, partly or no, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Whether unha runs as root.
    pub root: bool,
    /// Whether namespaces can be made; else why not.
    pub namespaces: Result<(), Because>,
    /// The cgroup version whose limits can be had (1 or 2); else why none.
    pub cgroup: Result<u8, Because>,
    /// Whether the built-in root file system is there; else why not.
    pub rootfs: Result<(), Because>,
}

/// The whole state of the talk.
#[expect(clippy::struct_excessive_bools, reason = "each is true or not by itself; together they are no state")]
pub struct Talk {
    /// The course.
    pub lessons: Vec<Lesson>,
    /// The language shown.
    pub lang: Lang,
    /// The route walked.
    pub route: Route,
    /// What fills the screen.
    pub view: View,
    /// What covers it.
    pub overlay: Option<Overlay>,
    /// How far what is shown is scrolled, in lines: the lesson and the journal back from their end, other overlays down.
    pub scroll: usize,
    /// The step at hand.
    pub at: Place,
    /// Its phase.
    pub phase: Phase,
    /// The answers given, by (lesson id, step id).
    pub answers: BTreeMap<(String, String), Answer>,
    /// The hands counted before a room, by (lesson id, step id).
    pub tallies: BTreeMap<(String, String), Tally>,
    /// The steps that the kernel has confirmed, by (lesson id, step id).
    pub done: BTreeSet<(String, String)>,
    /// When it was done and answered.
    pub times: Times,
    /// When the session began, in seconds since 1970; 0 where nobody has said.
    pub began: u64,
    /// The questions asked of whoever comes back another day.
    pub recall: Option<Recall>,
    /// The acts of the step that are still to do.
    pub acts: VecDeque<Act>,
    /// How the box is, or is being, started.
    pub start: Start,
    /// Whether a box runs.
    pub box_runs: bool,
    /// How the last box ended, while none runs.
    pub ended: Option<Ended>,
    /// The latest look.
    pub now: Snapshot,
    /// The last samples of what moves.
    pub past: Past,
    /// The look just before the step's act began.
    pub before: Snapshot,
    /// Facts marked as changed by the step.
    pub changed: BTreeSet<Fact>,
    /// Values of the placeholders.
    pub names: Names,
    /// The limits that are set.
    pub limits: BTreeMap<Limit, String>,
    /// The journal of this bench and its boxes.
    pub journal: Vec<Call>,
    /// Where in the journal the step began.
    pub journal_from: usize,
    /// The shells: outside, inside.
    pub shells: [Shell; 2],
    /// The side whose shell is in view where only one fits.
    pub side: Side,
    /// The side whose shell has the keyboard; none: the talk has it.
    pub keyboard: Option<Side>,
    /// A passing word to the person, until the next action.
    pub notice: Option<Notice>,
    /// Why the step could not be built.
    pub failure: Option<Failure>,
    /// What the agenda says of this machine.
    pub machine: Machine,
    /// What machine it is, as far as it decides which line helps here.
    pub about: About,
    /// The names of the root file systems that boxes can have, the one that they do have first; none where nobody has looked.
    pub roots: Vec<String>,
    /// Where recordings are found for the steps that cannot run here.
    pub shelf: Shelf,
    /// Where and when it was made, if what is shown is a recording.
    pub recorded: Option<Made>,
    /// On a stage, why a recording plays instead of the step.
    pub instead: Option<Instead>,
    /// How a person has led the stage away from the script, if they have.
    pub stray: Option<Stray>,
    /// Where and when the file was made that all of this is shown from, if it is.
    pub file: Option<Made>,
    /// How a recording from a file is being shown, if one is.
    pub replay: Option<Replay>,
    /// Whether nothing of a box or the bench is to be seen on the real machine: no name, no mount.
    pub untouched: bool,
    /// Whether the real machine is itself the outside.
    pub host: bool,
    /// Whether the box is being built, or the step's state typed, before the step can go on.
    pub rebuilding: bool,
    /// Milliseconds since the session began.
    pub clock: u64,
    /// When the step's act began.
    pub acted_at: u64,
    /// The screen's size: columns, rows.
    pub size: (u16, u16),
    /// What the talk is in the middle of.
    pub run: Run,
    /// Whether somebody is there who does exercises: a learner at the keyboard.
    pub practises: bool,
    /// How far the exercise at hand is, if one is.
    pub practice: Practice,
    /// The slides, where the talk is given on a stage.
    pub presenting: Option<Presenting>,
}

impl Talk {
    /// The lesson at hand.
    #[must_use]
    pub fn lesson(&self) -> &Lesson {
        &self.lessons[self.at.lesson]
    }

    /// The step at hand, or what the exercise at hand has in common with one.
    #[must_use]
    pub fn step(&self) -> &Step {
        self.lesson().at(self.at.step).unwrap_or(&self.lesson().steps[0])
    }

    /// The step at hand by its names: (lesson id, step id).
    pub(super) fn key(&self) -> (String, String) {
        self.key_of(self.at)
    }

    /// A step by its names: (lesson id, step id).
    pub(super) fn key_of(&self, place: Place) -> (String, String) {
        let lesson = &self.lessons[place.lesson];
        let step = lesson.at(place.step).unwrap_or(&lesson.steps[0]);
        (lesson.id.clone(), step.id.clone())
    }

    /// A text with the values of the placeholders that are known.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            filled.push_str(before);
            let named = from[1..].split_once('}').and_then(|(name, after)| Some((self.names.get(name)?, after)));
            let (put, after) = named.map_or(("{", &from[1..]), |(value, after)| (value.as_str(), after));
            filled.push_str(put);
            rest = after;
        }
        filled + rest
    }

    /// Takes one event in; returns what is to be done.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let judges = match &event {
            Event::ShellBytes(side, _) => self.judges_bytes(*side),
            Event::Journal(_)
            | Event::Tick(_)
            | Event::Machine { .. }
            | Event::HelpWritten(_)
            | Event::RecordingStopped(_)
            | Event::ProgressUnsaved(_) => false,
            _ => true,
        };
        let mut effects = self.take(event);
        if judges {
            effects.extend(self.judge());
        }
        if self.plays() {
            effects.retain(Self::of_a_recording);
        }
        effects
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Action(action) => return self.obey(action),
            Event::Snapshot(look) => {
                self.past.add(&look);
                self.now = look;
                self.run.looked = true;
                if std::mem::take(&mut self.run.unmarked) && self.phase == Phase::Done {
                    self.mark();
                } else if self.phase == Phase::Done {
                    self.unmark();
                }
            }
            Event::ShellBytes(side, bytes) => self.printed_by(side, &bytes),
            Event::ShellIdle(side, idle) => return self.shell_idle(side, idle),
            Event::Journal(call) => self.note(call),
            Event::BenchReady(names) => {
                self.names = names;
                self.run.has_bench = true;
                return self.bare_bench_stands();
            }
            Event::BoxStarted(names) => return self.box_started(names),
            Event::BoxEnded(ended) => return self.box_ended(ended),
            Event::StageFailed(failure) => return self.stage_failed(failure),
            Event::Typed(side) => return self.line_typed(side),
            Event::Busy(side, command) => return self.shell_busy(side, command),
            Event::LoadRefused(why) => return self.load_refused(why),
            Event::HelpWritten(done) => self.notice = Some(Notice::HelpWritten(done)),
            Event::RecordingStopped(why) => self.notice = Some(Notice::RecordingStopped(why)),
            Event::ProgressUnsaved(why) => self.notice = Some(Notice::ProgressUnsaved(why)),
            Event::Machine { untouched } => self.untouched = untouched,
            Event::Tick(clock) => {
                let mut effects = self.count(clock);
                effects.extend(self.tick(clock));
                return effects;
            }
        }
        Vec::new()
    }
}
