//! Into a step from anywhere: a fresh bench, and what the script typed up to that step typed again.

use std::collections::VecDeque;

use super::super::event::{Effect, NO_CGROUP};
use super::super::lesson::{Act, Restart, Start};
use super::acting::ends;
use super::run::Waits;
use super::{Instead, Overlay, Phase, Place, Talk, View};

/// Two Back on a stage that are closer together, in milliseconds, are a key that is held down.
const HELD: u64 = 150;

impl Talk {
    /// Builds everything anew and opens this step.
    pub(super) fn enter(&mut self, place: Place) -> Vec<Effect> {
        // A box that died once is no reason to show the rest of the lesson from elsewhere.
        if self.plays()
            && place.lesson == self.at.lesson
            && !matches!(self.instead, Some(Instead::Ended(_)))
            && let Some(effects) = self.open_recorded(place)
        {
            return effects;
        }
        self.leave_recording();
        if self.is_exercise(place) {
            return self.enter_exercise(place);
        }
        let (start, replay) = self.script(place, false);
        self.forget_own_box();
        self.at = place;
        self.view = View::Lesson;
        self.overlay = None;
        self.rebuild(Restart::Bench, start, replay)
    }

    pub(super) fn rebuild(&mut self, what: Restart, start: Start, replay: VecDeque<Act>) -> Vec<Effect> {
        self.stop_acting();
        self.phase = self.first_phase();
        self.failure = None;
        self.stray = None;
        self.run.hands.clear();
        self.changed.clear();
        self.keyboard = None;
        self.rebuilding = true;
        self.run.opening = true;
        self.run.replay = replay;
        self.restart(what, start)
    }

    /// How the box was last started before a step, by the script.
    pub(super) fn start_before(&self, place: Place) -> Start {
        self.script(place, false).0
    }

    /// The state that the script leaves before a step, or `after` it: how the box was last started, and what was done since.
    ///
    /// What loads or destroys is not done again, nor what ends the box: the steps after it begin anew anyway.
    pub(super) fn script(&self, place: Place, after: bool) -> (Start, VecDeque<Act>) {
        let lesson = &self.lessons[place.lesson];
        // An exercise begins with nothing, whatever the steps before it did.
        let place = Place { step: place.step.min(lesson.steps.len() - usize::from(after)), ..place };
        let mut start = Start { features: lesson.begins_with, ..Start::default() };
        let mut replay = VecDeque::new();
        for (index, step) in lesson.steps[..place.step + usize::from(after)].iter().enumerate() {
            let refused = step.expect.iter().any(|expect| expect.refused.is_some());
            let left_out = self.host && step.host.refusal(self.machine.root).is_some();
            let no_cgroup = self.machine.cgroup.is_err() || self.names.contains_key(NO_CGROUP);
            let denied = step.needs_cgroup(lesson) && no_cgroup || step.two_ids && self.no_range().is_some();
            if refused || left_out || denied || index < place.step && !self.walks(Place { step: index, ..place }) {
                continue;
            }
            let restarts = step.acts.iter().any(|act| matches!(act, Act::Restart(_)));
            let skipped = restarts || ends(step) || step.destroys || !step.load.is_empty();
            for act in &step.acts {
                match act {
                    Act::Start(anew) => {
                        start = anew.clone();
                        replay.clear();
                    }
                    Act::Restart(_) => replay.clear(),
                    Act::Inside(_) | Act::Outside(_) | Act::Limit(_) if !skipped => replay.push_back(act.clone()),
                    _ => {}
                }
            }
        }
        (start, replay)
    }

    /// The box runs and the script is where it should be.
    pub(super) fn stage_stands(&mut self) -> Vec<Effect> {
        self.rebuilding = false;
        if std::mem::take(&mut self.run.opening) {
            return self.opened();
        }
        self.run.looked = false;
        self.run.unmet = false;
        self.run.unmarked = self.phase == Phase::Done;
        for shell in &mut self.shells {
            shell.touched = false;
        }
        Vec::new()
    }

    /// The step stands open: what is seen from now on is its own.
    pub(super) fn opened(&mut self) -> Vec<Effect> {
        if self.exercise().is_some() {
            return self.exercise_opened();
        }
        if self.lacks_limits() {
            let unlimited = self.unlimited();
            let played = self.play_refused(&unlimited, false);
            let asked = self.run.prefers_recordings.then_some(self.at);
            if let Some(effects) = played.or_else(|| self.open_recorded(asked?)) {
                return effects;
            }
        }
        self.stands_anew()
    }

    /// What was seen before is of another step.
    pub(super) fn stands_anew(&mut self) -> Vec<Effect> {
        self.run.stands = true;
        self.run.looked = false;
        self.run.unmet = false;
        self.run.told = false;
        self.run.acted_outside = false;
        self.run.refused = None;
        self.failure = None;
        self.acts.clear();
        self.scroll = 0;
        self.changed.clear();
        self.before = self.now.clone();
        self.journal_from = self.journal.len();
        for shell in &mut self.shells {
            shell.forget();
            shell.touched = false;
        }
        vec![Effect::Look, Effect::SaveProgress]
    }

    /// Back, unless something is being built; what the learner typed is not lost without asking.
    pub(super) fn back(&mut self) -> Vec<Effect> {
        // A clicker's key that is held down is one Back however long.
        let last = self.run.back_at.replace(self.clock).filter(|_| self.presenting.is_some());
        if last.is_some_and(|at| self.clock - at < HELD) {
            return Vec::new();
        }
        if self.overlay.take().is_some() {
            return Vec::new();
        }
        match self.view {
            View::Slides => self.back_on_slide(),
            _ if self.is_building() => Vec::new(),
            View::Agenda { .. } => Vec::new(),
            View::Recall => self.leave_recall(),
            View::Failure { .. } => self.show_agenda(),
            // Before a room nothing is asked: what was typed there was by the way.
            View::Lesson if self.presenting.is_none() && self.preceding().is_some() && self.was_typed_into() => {
                self.cover(Overlay::Rebuild);
                Vec::new()
            }
            View::Lesson => self.go_back(),
        }
    }

    fn was_typed_into(&self) -> bool {
        self.shells.iter().any(|shell| shell.touched)
    }

    pub(super) fn go_back(&mut self) -> Vec<Effect> {
        match self.preceding() {
            Some(place) => self.enter(place),
            None => self.show_agenda(),
        }
    }

    /// Whether a box is being built for the step, or its state being typed.
    #[must_use]
    pub fn is_building(&self) -> bool {
        self.rebuilding || self.run.waits == Some(Waits::Box)
    }

    /// Shows the agenda, or on a stage the lesson's slide; the box keeps running.
    pub(super) fn show_agenda(&mut self) -> Vec<Effect> {
        if self.presenting.is_some() {
            return self.back_to_slides();
        }
        self.overlay = None;
        self.keyboard = None;
        self.scroll = 0;
        self.view = View::Agenda { chosen: self.at.lesson };
        vec![Effect::SaveProgress]
    }

    /// Starts a lesson from the agenda, or goes on with it where its bench still stands.
    pub(super) fn go_in(&mut self, lesson: usize) -> Vec<Effect> {
        if self.goes_on_in(lesson) {
            self.view = View::Lesson;
            return Vec::new();
        }
        if self.is_building() {
            return Vec::new();
        }
        self.enter(self.entry(lesson))
    }

    /// Whether the bench still stands for a step of this lesson that is not its last one, done.
    pub(super) fn goes_on_in(&self, lesson: usize) -> bool {
        let more = self.phase != Phase::Done || self.following().is_some_and(|at| at.lesson == lesson);
        lesson == self.at.lesson && self.run.stands && more
    }

    /// Start or continue.
    pub(super) fn start_lesson(&mut self) -> Vec<Effect> {
        match self.view {
            View::Agenda { chosen } if self.overlay.is_none() => self.go_in(chosen),
            _ => self.nothing(),
        }
    }

    /// Goes to a lesson by number or name, or to a step by name: `3`, `uts`, `rename-inside`, `uts/rename-inside`.
    pub(super) fn go_to(&mut self, name: &str) -> Vec<Effect> {
        if let Some(at) = self.slide_named(name.trim()) {
            return self.show_slide(at);
        }
        if self.is_building() && self.view != View::Slides {
            return Vec::new();
        }
        match self.find(name.trim()) {
            Some(place) => self.enter(place),
            None => self.nothing(),
        }
    }

    /// The step that a name leads to: of a lesson, or its own.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Place> {
        let lesson = |name: &str| match name.parse::<usize>() {
            Ok(number) => Some(number).filter(|number| *number < self.lessons.len()),
            Err(_) => self.lessons.iter().position(|lesson| lesson.id == name),
        };
        if let Some((of, name)) = name.split_once('/') {
            return self.named_in(lesson(of)?, name);
        }
        if let Some(lesson) = lesson(name) {
            return Some(self.entry(lesson));
        }
        let numbered = name.parse::<usize>().is_ok();
        let by_name = |within: usize| self.named_in(within, name).filter(|_| !numbered);
        by_name(self.at.lesson).or_else(|| (0..self.lessons.len()).find_map(by_name))
    }

    /// A step of a lesson by its name or number, or an exercise where there are any.
    fn named_in(&self, lesson: usize, name: &str) -> Option<Place> {
        let of = &self.lessons[lesson];
        let numbered = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let step = of.named(name).or(numbered).filter(|step| *step < of.places())?;
        (self.has_exercises() || of.exercise(step).is_none()).then_some(Place { lesson, step })
    }
}
