//! Off the script: a question from the room is answered by switching features or by typing, and one key returns.
//!
//! The script expects at a step what the steps before it leave; at one that is done, what that one leaves too. Nothing is
//! undone one by one: the box is built anew, the outside too where anybody typed into it.

use super::super::event::{Effect, Failure};
use super::super::lesson::{Restart, Start};
use super::acting::typed;
use super::run::Waits;
use super::{Notice, Overlay, Phase, Talk, View, index};
use crate::kernel::fact::Side;
use crate::kernel::feature::{Feature, FeatureSet};

/// How a person has led the stage away from what the script expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stray {
    /// Before a room: a line of their own was typed, or a limit turned.
    Typed,
    /// The box was started with features of their choice.
    Switched,
}

impl Talk {
    /// Shows the box's features as switches, or takes them away where they are shown.
    pub(super) fn show_switches(&mut self) -> Vec<Effect> {
        if matches!(self.overlay, Some(Overlay::Switches { .. })) {
            return self.close();
        }
        if self.plays() {
            return self.only_recorded();
        }
        if self.view != View::Lesson || !self.run.stands || self.is_building() || self.exercise().is_some() {
            return self.nothing();
        }
        self.cover(Overlay::Switches { set: self.start.features, chosen: 0 });
        Vec::new()
    }

    /// Flips a switch, and with it what the feature needs or what needs the feature.
    pub(super) fn flip(&mut self, at: usize) -> Vec<Effect> {
        let (Some(Overlay::Switches { set, .. }), Some(feature)) = (self.overlay, Feature::ALL.get(at).copied()) else {
            return self.nothing();
        };
        let on = !set.has(feature);
        if on && feature == Feature::Cgroup && !self.has_cgroup() {
            self.notice = Some(Notice::NoLimits);
            return Vec::new();
        }
        let needs_it = |other: &Feature| FeatureSet::NONE.with(*other).closed().has(feature);
        let flipped =
            if on { set.with(feature).closed() } else { set.iter().filter(|other| !needs_it(other)).collect() };
        let along = |other: &Feature| *other != feature && set.has(*other) != flipped.has(*other);
        let along: FeatureSet = Feature::ALL.into_iter().filter(along).collect();
        self.overlay = Some(Overlay::Switches { set: flipped, chosen: at });
        self.notice = (along != FeatureSet::NONE).then_some(Notice::Along { feature, on, along });
        Vec::new()
    }

    /// Flips the switch that is chosen.
    pub(super) fn flip_chosen(&mut self) -> Vec<Effect> {
        match self.overlay {
            Some(Overlay::Switches { chosen, .. }) => self.flip(chosen),
            _ => self.nothing(),
        }
    }

    /// Starts the box with the features that were switched on.
    pub(super) fn start_switched(&mut self, features: FeatureSet) -> Vec<Effect> {
        self.overlay = None;
        if features == self.start.features && self.box_runs {
            return Vec::new();
        }
        if self.phase == Phase::Doing {
            self.stop_acting();
        }
        self.stray = Some(Stray::Switched);
        self.changed.clear();
        let hostname = self.start.hostname.clone().filter(|_| features.has(Feature::Uts));
        self.start_box(Start { features, hostname, wrong_order: false, ..self.start.clone() })
    }

    /// What was switched on cannot be had here: says so, and the script has its box again.
    pub(super) fn switching_failed(&mut self, failure: &Failure) -> Vec<Effect> {
        let why = failure.call.as_ref().map_or_else(|| failure.message.clone(), ToString::to_string);
        let effects = self.fresh();
        self.notice = Some(Notice::NotSwitched(why));
        effects
    }

    /// Before a room, whatever the script did not do is off the script.
    pub(super) fn stray_by_hand(&mut self) {
        if self.presenting.is_some() {
            self.stray = self.stray.max(Some(Stray::Typed));
        }
    }

    /// The box for this step as the script expects it, and the outside where it is not so any more.
    pub(super) fn fresh(&mut self) -> Vec<Effect> {
        if self.view != View::Lesson || self.is_building() {
            return self.nothing();
        }
        if self.exercise().is_some() {
            return self.fresh_bench();
        }
        if self.plays() && self.presenting.is_none() {
            return self.open_recorded(self.at).unwrap_or_default();
        }
        if self.plays() {
            // Nobody chose the recording: what stood in the way may be gone.
            self.leave_recording();
            return self.enter(self.at);
        }
        let strayed = self.stray.is_some();
        // Who strayed from a step that was done goes on after it; else the step is to be done once more.
        let done = strayed && self.phase == Phase::Done;
        let (start, mut replay) = self.script(self.at, done);
        // What a person types inside reaches outside through whatever the two share.
        let typed_inside = strayed && self.shells[index(Side::Inside)].touched;
        let outside_differs = self.run.typed_outside || typed_inside || !done && self.run.acted_outside;
        let what = if outside_differs { Restart::Bench } else { Restart::Box };
        if what == Restart::Box {
            replay.retain(|act| typed(act).is_none_or(|(side, _)| side == Side::Inside));
        }
        self.overlay = None;
        let effects = self.rebuild(what, start, replay);
        if done {
            self.phase = Phase::Done;
            self.run.opening = false;
        }
        self.notice = strayed.then_some(Notice::OnScript);
        effects
    }

    /// Whether a person has the keyboard in the middle of the step's act, which goes on when they give it back.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.run.held && self.keyboard.is_some()
    }

    /// Whether the script is typing a line, which a person may take over.
    #[must_use]
    pub fn types_into(&self, side: Side) -> bool {
        self.phase == Phase::Doing && !self.rebuilding && self.run.waits == Some(Waits::Typing(side))
    }

    /// The script stops where it is: a line that is half typed stands at the prompt for the person to go on with.
    pub(super) fn hold(&mut self) -> Vec<Effect> {
        let under_way = self.run.waits.is_some() || !self.acts.is_empty();
        if self.phase != Phase::Doing || self.rebuilding || !under_way {
            return Vec::new();
        }
        self.run.held = true;
        let Some(Waits::Typing(side)) = self.run.waits else { return Vec::new() };
        self.run.waits = None;
        self.run.half = Some(side);
        if let Some(act) = self.run.act.take() {
            self.acts.push_front(act);
        }
        vec![Effect::Pause(side)]
    }

    /// The keyboard came back: the act goes on, unless the person went ways of their own.
    pub(super) fn handed_back(&mut self) -> Vec<Effect> {
        self.run.half = None;
        if !std::mem::take(&mut self.run.held) || self.phase != Phase::Doing {
            return Vec::new();
        }
        self.acted_at = self.clock;
        if self.stray.is_some() {
            self.stop_acting();
            return Vec::new();
        }
        if self.run.waits.is_some() || self.acts.is_empty() { Vec::new() } else { self.go_on() }
    }

    /// A person sent a line to a shell: the one that the script had begun, or one of their own.
    pub(super) fn line_sent(&mut self, side: Side) -> Vec<Effect> {
        self.shells[index(side)].idle = false;
        self.practice.line_sent();
        if self.run.half.take_if(|half| *half == side).is_none() {
            self.stray_by_hand();
            return Vec::new();
        }
        self.acts.pop_front();
        self.run.looked = false;
        if !self.acts.is_empty() {
            self.wait(Waits::Idle(side));
        }
        vec![Effect::Look]
    }
}
