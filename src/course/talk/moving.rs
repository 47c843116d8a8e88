//! Next, back, go to: from step to step, and what is built on the way.
//!
//! Going on builds nothing: the step is entered in the state that the one before left. Entering a lesson and
//! going back build everything anew, and type again what the script typed up to that step.

use super::super::event::{Cause, Effect, Failure, NO_CGROUP};
use super::super::lesson::{Act, Page};
use super::super::text::Text;
use super::super::way::{Way, ways};
use super::{Answer, Notice, Overlay, Phase, Place, Route, Talk, View};
use crate::kernel::reason::{Because, Reason};

/// Two Next so close together, in milliseconds, are one: a held key or a bouncing clicker.
const BOUNCE: u64 = 250;

impl Talk {
    /// Whether the route walks this step.
    #[must_use]
    pub fn walks(&self, place: Place) -> bool {
        let Some(lesson) = self.lessons.get(place.lesson) else { return false };
        if lesson.exercise(place.step).is_some() {
            return self.walks_exercises();
        }
        lesson.steps.get(place.step).is_some_and(|step| self.route == Route::Full || step.must)
    }

    pub(super) fn walked(&self) -> impl DoubleEndedIterator<Item = Place> {
        let steps = |lesson: usize| (0..self.lessons[lesson].places()).map(move |step| Place { lesson, step });
        (0..self.lessons.len()).flat_map(steps).filter(|place| self.walks(*place))
    }

    /// The next step on the route, of this lesson or a later one.
    #[must_use]
    pub fn following(&self) -> Option<Place> {
        self.walked().find(|place| *place > self.at)
    }

    /// The step before on the route, within the lesson.
    pub(super) fn preceding(&self) -> Option<Place> {
        self.walked().rev().find(|place| *place < self.at).filter(|place| place.lesson == self.at.lesson)
    }

    /// Whether the kernel has confirmed the step.
    #[must_use]
    pub fn is_done(&self, place: Place) -> bool {
        self.done.contains(&self.key_of(place))
    }

    /// Where a lesson begins or goes on: where one left, else its first step that is not done, else the
    /// first that is worth another look, else its first.
    #[must_use]
    pub fn entry(&self, lesson: usize) -> Place {
        if lesson == self.at.lesson && !self.is_done(self.at) && self.walks(self.at) {
            return self.at;
        }
        let of_lesson = || self.walked().filter(|place| place.lesson == lesson);
        let undone = of_lesson().find(|place| !self.is_done(*place));
        let again = || self.worth_another_look(lesson).next();
        undone.or_else(again).or_else(|| of_lesson().next()).unwrap_or(Place { lesson, step: 0 })
    }

    /// The phase in which the step opens.
    pub(super) fn first_phase(&self) -> Phase {
        let key = self.key();
        let answered = self.presenting.is_none() && matches!(self.answers.get(&key), Some(Answer::Chose(_)));
        // What was answered wrongly on an earlier day is asked again.
        let again = self.began > 0 && self.was_wrong(self.at) && self.answered_at(&key) < self.began;
        let answered = answered && !again;
        if self.step().choices.is_empty() || answered { Phase::Ready } else { Phase::Ask }
    }

    /// Next, unless it comes too soon.
    pub(super) fn next(&mut self, said: Option<Notice>) -> Vec<Effect> {
        if self.is_held() {
            return self.hand_over();
        }
        // Measured from the last one that came, so that a key that is held down is one Next however long.
        let too_soon = self.run.next_at.replace(self.clock).is_some_and(|at| self.clock - at < BOUNCE);
        let acts = self.view == View::Lesson && (self.overlay.is_none() || self.overlay == Some(Overlay::Rebuild));
        let waits = self.rebuilding || self.run.waits.is_some() && self.exercise().is_none();
        if too_soon || acts && !self.run.stumbled && waits {
            self.notice = said;
            return Vec::new();
        }
        if self.overlay.is_none() {
            self.start_clock();
        }
        match (self.overlay, self.view) {
            (Some(Overlay::Rebuild), _) => self.go_back(),
            (Some(Overlay::Overview), _) => self.go_to_chosen(),
            (Some(Overlay::Switches { set, .. }), _) => self.start_switched(set),
            (Some(_), _) => self.close(),
            (None, View::Slides) => self.next_on_slide(),
            (None, View::Agenda { chosen }) => self.go_in(chosen),
            (None, View::Recall) => self.next_question(),
            (None, View::Failure { chosen }) => self.get_out(chosen),
            (None, View::Lesson) => self.next_in_step(said.as_ref()),
        }
    }

    /// Takes a way out of a failure.
    fn get_out(&mut self, chosen: usize) -> Vec<Effect> {
        match ways(self).get(chosen) {
            Some(Way::Root | Way::Mend | Way::Docker) => vec![Effect::SaveProgress, Effect::Quit],
            Some(Way::Help) => vec![Effect::AskForHelp],
            Some(Way::Skip) => self.skip_step(),
            Some(Way::Recorded) => self.choose_recording(),
            Some(Way::Again) => self.enter(self.at),
            Some(Way::Agenda) | None => self.show_agenda(),
        }
    }

    fn next_in_step(&mut self, said: Option<&Notice>) -> Vec<Effect> {
        if self.stray.is_some() {
            return self.fresh();
        }
        if self.run.stumbled {
            return self.get_past();
        }
        if let Some(Notice::Busy(side, _)) = said {
            return self.interrupt(*side);
        }
        if self.exercise().is_some() {
            return self.next_in_exercise(said);
        }
        if self.misses_its_box() {
            return self.build_anew();
        }
        match self.phase {
            // Before a room nobody is waited for: hands are counted, or not.
            Phase::Ask if self.presenting.is_some() => {
                self.phase = Phase::Ready;
                self.next_in_step(None)
            }
            Phase::Ask if said != Some(&Notice::PickOrSkip) => {
                self.notice = Some(Notice::PickOrSkip);
                Vec::new()
            }
            Phase::Ask => {
                self.take_answer(self.key(), Answer::Skipped);
                self.phase = Phase::Ready;
                Vec::new()
            }
            Phase::Ready if self.refusal().is_some() => self.refuse_on_host(),
            Phase::Ready if self.lacks_limits() => self.refuse_unlimited(),
            Phase::Ready if self.step().two_ids && self.no_range().is_some() => self.refuse_single(),
            Phase::Ready => self.begin(),
            Phase::Doing if !self.acts.is_empty() => self.go_on(),
            Phase::Doing => {
                self.say_what_is_missing();
                Vec::new()
            }
            Phase::Done if self.step().page == Some(Page::Script) => {
                self.cover(Overlay::Script);
                Vec::new()
            }
            Phase::Done => self.leave_step(),
        }
    }

    /// Whether the box ended, and Next has to build it anew before the step can go on.
    #[must_use]
    pub fn misses_its_box(&self) -> bool {
        let own_start = matches!(self.phase, Phase::Ask | Phase::Ready) && self.starts_anew();
        self.phase != Phase::Done && !self.box_runs && self.ended.is_some() && !own_start
    }

    /// Whether Next is what builds the box anew.
    #[must_use]
    pub fn builds_anew(&self) -> bool {
        self.misses_its_box() && self.stray.is_none() && !self.run.stumbled
    }

    /// Whether the step's act begins with a box of its own.
    pub(super) fn starts_anew(&self) -> bool {
        matches!(self.step().acts.first(), Some(Act::Start(_) | Act::Restart(_)))
    }

    /// Why the step at hand is left out where outside is the real machine.
    #[must_use]
    pub fn refusal(&self) -> Option<&Text> {
        self.step().host.refusal(self.machine.root).filter(|_| self.host)
    }

    /// The lesson says why.
    fn refuse_on_host(&mut self) -> Vec<Effect> {
        let (before, seen) = (Vec::new(), Vec::new());
        self.refuse(Failure { call: None, before, message: String::new(), seen, cause: Cause::NotOnHost })
    }

    /// Without a cgroup a step on limits proves nothing, and one that loads would load the machine.
    fn refuse_unlimited(&mut self) -> Vec<Effect> {
        self.refuse(self.unlimited())
    }

    /// With a single user id there is nobody else to be.
    pub(super) fn refuse_single(&mut self) -> Vec<Effect> {
        let because = self.no_range().unwrap_or_else(|| Because::seen(Reason::NoSubids, []));
        let (before, cause) = (Vec::new(), Cause::Reason(because.reason));
        self.refuse(Failure { call: None, before, message: String::new(), seen: because.seen, cause })
    }

    /// Why there are no limits, or not the one that the step is about.
    pub(super) fn unlimited(&self) -> Failure {
        let because = self.lacks().map(|reason| Because::seen(reason, []));
        let because = because.or_else(|| self.machine.cgroup.clone().err());
        Failure {
            call: because.as_ref().and_then(|because| because.call.clone()),
            before: Vec::new(),
            message: self.names.get(NO_CGROUP).cloned().unwrap_or_default(),
            seen: because.as_ref().map(|because| because.seen.clone()).unwrap_or_default(),
            cause: Cause::Reason(because.map_or(Reason::CgroupRefused, |because| because.reason)),
        }
    }

    /// Says why the step is not begun.
    pub(super) fn refuse(&mut self, failure: Failure) -> Vec<Effect> {
        self.keyboard = None;
        self.fail(failure, true)
    }

    /// Goes from a step that is done to the next.
    pub(super) fn leave_step(&mut self) -> Vec<Effect> {
        match self.following() {
            following if self.presenting.is_some() && following.is_none_or(|place| place.lesson != self.at.lesson) => {
                self.leave_for_slides()
            }
            None => self.show_agenda(),
            Some(place) if place.lesson != self.at.lesson || self.plays() || self.is_exercise(place) => {
                self.enter(place)
            }
            Some(place) => {
                self.at = place;
                self.run.hands.clear();
                self.phase = self.first_phase();
                if self.box_runs || self.starts_anew() {
                    return self.opened();
                }
                self.rebuilding = true;
                self.run.opening = true;
                self.run.replay.clear();
                self.start_box(self.start.clone())
            }
        }
    }
}
