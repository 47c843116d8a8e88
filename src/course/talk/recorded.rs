//! A step that cannot run here is played from a recording, on the same screen, and the screen says so.
//!
//! The talk takes the state in which the recording opens the step, and when Next acts it wants the recorded events told to
//! it, with their timing. To the rest of the talk they are what a bench would have said; what it wants done of them, nobody
//! does.

use super::super::event::{Cause, Effect, Failure};
use super::super::recording::{Made, Recording};
use super::super::way::{Way, ways};
use super::run::Run;
use super::{Notice, Place, Talk, View};

/// How a recording from a file is being shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// Whether it stands still.
    pub paused: bool,
    /// Whether it has come to its end.
    pub over: bool,
    /// How fast it goes, in percent.
    pub speed: u32,
}

impl Talk {
    /// The recording of the lesson at hand, if it has one that fits.
    #[must_use]
    pub fn recording(&self) -> Option<&'static Recording> {
        (self.shelf)(self.lesson(), self.lang)
    }

    /// Whether the step at hand comes from the shelf, and not from a bench or from a file that is shown.
    #[must_use]
    pub const fn plays(&self) -> bool {
        self.recorded.is_some()
    }

    /// Where and when it was made, if what is shown is a recording, of a step or of all of it.
    #[must_use]
    pub fn made(&self) -> Option<&Made> {
        self.recorded.as_ref().or(self.file.as_ref())
    }

    /// Whether a step of a lesson stands open: whatever was to be built or typed for it has been.
    #[must_use]
    pub fn stands_open(&self) -> bool {
        self.view == View::Lesson && self.run.stands && !self.rebuilding
    }

    /// Opens a step of the lesson at hand as its recording has it. `None`: there is none.
    pub(super) fn open_recorded(&mut self, place: Place) -> Option<Vec<Effect>> {
        let recording = (self.shelf)(self.lessons.get(place.lesson)?, self.lang)?;
        let opens = recording.parts.get(place.step)?.as_ref()?.opens;
        let sizes = [0, 1].map(|at: usize| {
            let (rows, columns) = self.shells[at].terminal.screen().size();
            (columns, rows)
        });
        self.take_over(recording.talk_at(opens, self.size, sizes));
        self.recorded = Some(recording.header.made.clone());
        self.stray = None;
        if self.at != place {
            self.run.hands.clear();
        }
        self.at = place;
        self.phase = self.first_phase();
        self.view = View::Lesson;
        self.overlay = None;
        self.failure = None;
        self.keyboard = None;
        self.scroll = 0;
        Some(vec![Effect::Rest, Effect::SaveProgress])
    }

    /// Takes over what a bench would have brought about, and nothing that is the person's.
    fn take_over(&mut self, stage: Self) {
        self.start = stage.start;
        self.box_runs = stage.box_runs;
        self.ended = stage.ended;
        self.now = stage.now;
        self.before = stage.before;
        self.names = stage.names;
        self.limits = stage.limits;
        self.journal = stage.journal;
        self.journal_from = stage.journal_from;
        self.shells = stage.shells;
        self.side = stage.side;
        self.acts = stage.acts;
        self.rebuilding = false;
        self.changed.clear();
        let (next_at, back_at, hands) = (self.run.next_at, self.run.back_at, std::mem::take(&mut self.run.hands));
        let prefers_recordings = self.run.prefers_recordings;
        self.run = Run { next_at, back_at, hands, prefers_recordings, since: self.clock, ..stage.run };
    }

    /// The recorded events of the step's act.
    pub(super) fn play(&self) -> Effect {
        Effect::Play(self.recording().map(|recording| recording.doing(self.at.step)).unwrap_or_default())
    }

    /// From here on a bench is what is looked at again.
    pub(super) fn leave_recording(&mut self) {
        if self.plays() {
            self.recorded = None;
            self.instead = None;
            self.journal.clear();
            self.journal_from = 0;
        }
    }

    /// Goes on with the recording, after a failure.
    pub(super) fn choose_recording(&mut self) -> Vec<Effect> {
        // What holds for the whole machine is not asked at every step.
        self.run.prefers_recordings |= !self.run.has_bench || self.lacks_limits();
        self.open_recorded(self.at).unwrap_or_else(|| self.show_agenda())
    }

    /// Shows a failure, or goes on with the recording: on a stage, or where the person has chosen to. `acting`: the step's
    /// act had begun.
    pub(super) fn fail(&mut self, failure: Failure, acting: bool) -> Vec<Effect> {
        if let Some(effects) = self.play_refused(&failure, acting) {
            return effects;
        }
        let of_the_machine = failure.cause != Cause::NotOnHost && (!self.run.has_bench || self.lacks_limits());
        self.failure = Some(failure);
        if self.run.prefers_recordings
            && of_the_machine
            && let Some(effects) = self.open_recorded(self.at)
        {
            return effects;
        }
        // Before a room Next leads on, whatever else would help.
        let best = if self.presenting.is_some() { Way::Skip } else { Way::Recorded };
        let chosen = ways(self).iter().position(|way| *way == best).unwrap_or(0);
        self.view = View::Failure { chosen };
        Vec::new()
    }

    /// Whether the step at hand is about limits and there are none to be had.
    pub(super) fn lacks_limits(&self) -> bool {
        self.step().needs_cgroup(self.lesson()) && !self.has_cgroup() || self.lacks().is_some()
    }

    /// What is asked for cannot be done with a recording: says so.
    pub(super) fn only_recorded(&mut self) -> Vec<Effect> {
        self.notice = Some(Notice::Recorded);
        Vec::new()
    }

    /// Of what is wanted done while a recording plays, what the front and the player do.
    pub(super) fn of_a_recording(effect: &Effect) -> bool {
        matches!(
            effect,
            Effect::Play(_)
                | Effect::Rest
                | Effect::Copy(_)
                | Effect::AskForHelp
                | Effect::SaveProgress
                | Effect::Quit
                | Effect::ResizeShells(..)
        )
    }
}
