//! The box and the bench: started, made anew, ended, refused.

use super::super::event::{Cause, Effect, Ended, Failure, Names};
use super::super::lesson::{Act, Restart, Start};
use super::acting::{ends, typed};
use super::run::Waits;
use super::shells::terminal;
use super::{Past, Phase, Stray, Talk, View, index};
use crate::kernel::fact::Side;
use crate::kernel::feature::Feature;

impl Talk {
    /// Stops the box and starts it so.
    pub(super) fn start_box(&mut self, start: Start) -> Vec<Effect> {
        if !start.features.has(Feature::Cgroup) {
            self.limits.clear();
        }
        self.run.last_start = std::mem::replace(&mut self.start, start.clone());
        self.await_box(Side::Inside);
        vec![Effect::StartBox(start)]
    }

    /// Makes the box, or the bench too, anew.
    pub(super) fn restart(&mut self, restart: Restart, start: Start) -> Vec<Effect> {
        self.limits.clear();
        self.run.last_start = std::mem::replace(&mut self.start, start.clone());
        if restart == Restart::Bench {
            self.run.has_bench = false;
            self.run.typed_outside = false;
            self.await_box(Side::Outside);
        }
        self.await_box(Side::Inside);
        vec![Effect::Restart(restart, start)]
    }

    /// A side's shell is started anew, and nothing goes on before the box runs.
    pub(super) fn await_box(&mut self, side: Side) {
        self.box_runs = false;
        self.ended = None;
        let shell = &mut self.shells[index(side)];
        let (rows, columns) = shell.terminal.screen().size();
        shell.terminal = terminal(rows, columns);
        shell.idle = false;
        shell.leave_line();
        self.run.new[index(side)] = true;
        self.take_keyboard_from(side);
        self.wait(Waits::Box);
    }

    /// Gives the keyboard back to the talk, if it was with a shell that is no more.
    fn take_keyboard_from(&mut self, side: Side) {
        if self.keyboard == Some(side) {
            self.keyboard = None;
            self.run.held = false;
            self.run.half = None;
        }
    }

    /// The box runs.
    pub(super) fn box_started(&mut self, names: Names) -> Vec<Effect> {
        self.names.extend(names);
        self.box_runs = true;
        self.past = Past::default();
        self.ended = None;
        self.run.looked = false;
        if self.run.waits != Some(Waits::Box) {
            return vec![Effect::Look];
        }
        let mut effects = Vec::new();
        // A cgroup made anew knows no limit.
        if !self.limits.is_empty() {
            effects.push(Effect::SetLimits(self.limits.clone()));
        }
        effects.push(Effect::Look);
        effects.extend(self.go_on());
        effects
    }

    /// The box's first process ended.
    pub(super) fn box_ended(&mut self, ended: Ended) -> Vec<Effect> {
        // While the next one is being built, this is the word of the one that it takes the place of.
        if self.run.waits == Some(Waits::Box) {
            return Vec::new();
        }
        self.box_runs = false;
        self.ended = Some(ended);
        self.shells[index(Side::Inside)].idle = false;
        self.take_keyboard_from(Side::Inside);
        let mut effects = vec![Effect::Look];
        if self.rebuilding {
            self.run.replay.clear();
            effects.extend(self.go_on());
        } else if self.phase == Phase::Doing && ends(self.step()) {
            let of_inside = |act: &Act| typed(act).is_some_and(|(side, _)| side == Side::Inside);
            self.acts.retain(|act| !of_inside(act));
            self.run.looked = false;
            if self.waits_for(Side::Inside) || self.run.waits.is_none() {
                effects.extend(self.go_on());
            }
        } else if self.phase == Phase::Doing {
            self.stop_acting();
            self.run.stumbled = self.presenting.is_some();
        }
        effects
    }

    /// Whether what is waited for is to come from this side's shell.
    fn waits_for(&self, side: Side) -> bool {
        match self.run.waits {
            Some(Waits::Typing(on) | Waits::Idle(on) | Waits::Prompt(on)) => on == side,
            Some(Waits::Box) | None => false,
        }
    }

    /// The box or the bench could not be built.
    pub(super) fn stage_failed(&mut self, mut failure: Failure) -> Vec<Effect> {
        self.acts.clear();
        self.run.replay.clear();
        self.run.waits = None;
        self.box_runs = false;
        self.ended = None;
        self.take_keyboard_from(Side::Inside);
        // A slide says that nothing is live; the lesson will say why.
        if self.view == View::Slides {
            self.forget_own_box();
            self.run.stands = false;
            self.rebuilding = false;
            return Vec::new();
        }
        if self.stray == Some(Stray::Switched) && !self.rebuilding {
            return self.switching_failed(&failure);
        }
        let errno = failure.call.as_ref().and_then(|call| call.result.as_ref().err()).cloned();
        let wanted = |errno: &str| self.step().expect.iter().any(|e| e.refused.as_deref() == Some(errno));
        if self.phase == Phase::Doing && !self.rebuilding && errno.as_deref().is_some_and(wanted) {
            failure.cause = Cause::Wanted;
            self.failure = Some(failure);
            self.run.refused = errno;
            self.run.looked = true;
            // What was refused is nothing to start the next box with.
            self.start = self.run.last_start.clone();
            return vec![Effect::Look];
        }
        let acting = self.phase == Phase::Doing && !self.rebuilding;
        self.rebuilding = false;
        self.run.stands = false;
        self.keyboard = None;
        self.overlay = None;
        self.phase = self.first_phase();
        self.fail(failure, acting)
    }

    /// Builds the box anew after it ended; the step goes on where it was.
    pub(super) fn build_anew(&mut self) -> Vec<Effect> {
        if self.plays() {
            return self.open_recorded(self.at).unwrap_or_default();
        }
        if self.phase == Phase::Doing {
            self.stop_acting();
        }
        self.rebuilding = true;
        self.run.opening = false;
        self.run.replay.clear();
        self.start_box(self.start.clone())
    }
}
