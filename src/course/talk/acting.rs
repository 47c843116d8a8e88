//! From acts to effects: one act after the other, each begun when the one before has come to its end.
//!
//! A line that is typed has come to its end when the shell waits at its prompt again; the last act of a
//! step has none but the step's expectations, because some commands are meant never to return.

use super::super::event::{Cause, Effect, Failure};
use super::super::lesson::{Act, BoxIs, Limit, Step};
use super::run::Waits;
use super::{Notice, Phase, Talk, index};
use crate::kernel::fact::Side;
use std::collections::BTreeMap;

/// How long a new shell may take to its prompt before it is typed into all the same, in milliseconds.
const PROMPT: u64 = 1_000;
/// How long a replayed line may take before the step opens without the rest, in milliseconds.
const REPLAY: u64 = 10_000;
/// How long the step waits before it says what for, in milliseconds.
const PATIENCE: u64 = 20_000;

/// Whether the step shows how the box ends.
pub(super) fn ends(step: &Step) -> bool {
    step.expect.iter().any(|expect| expect.box_is == Some(BoxIs::Ended))
}

/// The side and the line of an act that types.
pub(super) fn typed(act: &Act) -> Option<(Side, &str)> {
    match act {
        Act::Inside(line) => Some((Side::Inside, line)),
        Act::Outside(line) => Some((Side::Outside, line)),
        _ => None,
    }
}

impl Talk {
    /// Begins the step's act.
    pub(super) fn begin(&mut self) -> Vec<Effect> {
        self.acts = self.step().acts.clone().into();
        self.phase = Phase::Doing;
        self.before = self.now.clone();
        self.acted_at = self.clock;
        self.run.told = false;
        self.run.stumbled = false;
        if self.acts.is_empty() {
            return Vec::new();
        }
        self.run.refused = None;
        self.failure = None;
        self.run.looked = false;
        for shell in &mut self.shells {
            shell.forget();
        }
        let mut effects = self.go_on();
        if self.plays() {
            effects.push(self.play());
        }
        effects
    }

    /// Does the acts that are due, up to one that has to be waited for.
    pub(super) fn go_on(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.run.waits = None;
        if self.is_held() && !self.rebuilding {
            return effects;
        }
        while self.run.waits.is_none() {
            let queue = if self.rebuilding { &self.run.replay } else { &self.acts };
            if let Some((side, _)) = queue.front().and_then(typed)
                && self.run.new[index(side)]
                && self.has_box_for(side)
            {
                self.wait(Waits::Prompt(side));
                break;
            }
            let queue = if self.rebuilding { &mut self.run.replay } else { &mut self.acts };
            let Some(act) = queue.pop_front() else { break };
            self.run.act = Some(act.clone());
            self.run.looked = false;
            effects.extend(self.act(act));
        }
        if self.rebuilding && self.run.waits.is_none() {
            effects.extend(self.stage_stands());
        }
        effects
    }

    /// Waits for this from now on.
    pub(super) fn wait(&mut self, waits: Waits) {
        self.run.waits = Some(waits);
        self.run.since = self.clock;
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        match act {
            Act::Inside(line) => self.type_line(Side::Inside, &line),
            Act::Outside(line) => self.type_line(Side::Outside, &line),
            Act::Start(start) => self.start_box(start),
            Act::Limit(limits) => self.set_limits(limits),
            Act::Interrupt(side) => {
                if !self.acts.is_empty() && !self.shells[index(side)].idle {
                    self.wait(Waits::Prompt(side));
                }
                vec![Effect::Send(side, vec![3]), Effect::Look]
            }
            Act::Restart(restart) => self.restart(restart, self.start.clone()),
        }
    }

    fn type_line(&mut self, side: Side, line: &str) -> Vec<Effect> {
        // The step may have ended the box on purpose, and this line come after it.
        if !self.has_box_for(side) {
            return Vec::new();
        }
        self.show(side);
        self.run.acted_outside |= side == Side::Outside && !self.rebuilding;
        self.wait(Waits::Typing(side));
        let (step, line) = (self.step(), self.fill(line));
        let guarded = side == Side::Inside && !self.rebuilding && (step.destroys || !step.load.is_empty());
        if guarded {
            vec![Effect::TypeGuarded(side, line, step.load.clone(), step.destroys)]
        } else {
            vec![Effect::Type(side, line)]
        }
    }

    /// Whether a side has a place where a line can be typed.
    pub(super) fn has_box_for(&self, side: Side) -> bool {
        side != Side::Inside || self.box_runs
    }

    /// Puts a side in view, unless the learner is typing.
    pub(super) fn show(&mut self, side: Side) {
        if self.keyboard.is_none() {
            self.side = side;
        }
    }

    /// Sets limits of the running box.
    pub(super) fn set_limits(&mut self, limits: BTreeMap<Limit, String>) -> Vec<Effect> {
        // Whoever is frozen cannot be typed to: a box that is made anew runs.
        let kept = limits.iter().filter(|(limit, value)| **limit != Limit::Freezer || *value == "thawed");
        self.limits.retain(|limit, _| *limit != Limit::Freezer);
        self.limits.extend(kept.map(|(limit, value)| (*limit, value.clone())));
        vec![Effect::SetLimits(limits), Effect::Look]
    }

    /// A line has been typed whole.
    pub(super) fn line_typed(&mut self, side: Side) -> Vec<Effect> {
        if self.run.waits != Some(Waits::Typing(side)) {
            return Vec::new();
        }
        self.shells[index(side)].idle = false;
        self.run.looked = false;
        if self.rebuilding || !self.acts.is_empty() {
            self.wait(Waits::Idle(side));
        } else {
            self.run.waits = None;
        }
        vec![Effect::Look]
    }

    /// A shell came to its prompt, or left it.
    pub(super) fn shell_idle(&mut self, side: Side, idle: bool) -> Vec<Effect> {
        let at = index(side);
        self.shells[at].idle = idle;
        if !idle {
            return Vec::new();
        }
        self.run.new[at] = false;
        let mut effects = self.command_ended();
        if matches!(self.run.waits, Some(Waits::Idle(on) | Waits::Prompt(on)) if on == side) {
            effects.push(Effect::Look);
            effects.extend(self.go_on());
        }
        effects
    }

    /// A line was not typed, because this command still runs.
    pub(super) fn shell_busy(&mut self, side: Side, command: String) -> Vec<Effect> {
        if self.run.waits == Some(Waits::Typing(side)) {
            if self.rebuilding {
                return self.give_up_replay();
            }
            self.run.waits = None;
            self.acts.extend(self.run.act.take());
            self.acts.rotate_right(1);
        }
        self.notice = Some(Notice::Busy(side, command));
        Vec::new()
    }

    /// The learner types where the script is typing: the session drops the script's line, and nobody will say that it
    /// was typed whole.
    pub(super) fn give_way(&mut self, side: Side) -> Vec<Effect> {
        if self.run.waits != Some(Waits::Typing(side)) {
            return Vec::new();
        }
        if self.rebuilding {
            return self.give_up_replay();
        }
        self.stop_acting();
        Vec::new()
    }

    /// Sends Ctrl-C to the shell that was found busy, and takes up the act again.
    pub(super) fn interrupt(&mut self, side: Side) -> Vec<Effect> {
        if self.phase == Phase::Doing && !self.acts.is_empty() {
            self.wait(Waits::Prompt(side));
        }
        vec![Effect::Send(side, vec![3])]
    }

    /// The load was not started.
    pub(super) fn load_refused(&mut self, why: String) -> Vec<Effect> {
        if self.phase == Phase::Doing {
            self.stop_acting();
            if self.recording().is_some() {
                self.keyboard = None;
                let (before, seen) = (Vec::new(), Vec::new());
                return self.fail(Failure { call: None, before, message: why, seen, cause: Cause::Other }, true);
            }
            self.run.stumbled = self.presenting.is_some();
        }
        self.notice = Some(Notice::LoadRefused(why));
        Vec::new()
    }

    /// Leaves the act unfinished: Next begins it anew.
    pub(super) fn stop_acting(&mut self) {
        self.acts.clear();
        self.run.waits = None;
        self.run.act = None;
        self.run.held = false;
        self.run.half = None;
        self.run.stumbled = false;
        self.phase = Phase::Ready;
    }

    fn give_up_replay(&mut self) -> Vec<Effect> {
        self.run.replay.clear();
        self.go_on()
    }

    /// Time has passed.
    pub(super) fn tick(&mut self, clock: u64) -> Vec<Effect> {
        self.clock = self.clock.max(clock);
        let waited = self.clock - self.run.since;
        match self.run.waits {
            Some(Waits::Prompt(side)) if waited >= PROMPT => {
                self.run.new[index(side)] = false;
                return self.go_on();
            }
            Some(Waits::Typing(_) | Waits::Idle(_)) if self.rebuilding && waited >= REPLAY => {
                return self.give_up_replay();
            }
            _ => {}
        }
        self.stumble_in_time(PATIENCE);
        let waits = self.exercise().is_none()
            && self.phase == Phase::Doing
            && !self.is_held()
            && !self.run.told
            && self.notice.is_none();
        if waits && self.clock.saturating_sub(self.acted_at) >= PATIENCE {
            self.say_what_is_missing();
        }
        Vec::new()
    }
}
