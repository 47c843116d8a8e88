//! An exercise: the learner makes a container by hand, and the kernel says which goals are reached.
//!
//! No box of unha's runs meanwhile. Goals, diagnoses and what cannot be reached any more are judged by every look, whatever
//! was typed; hints are climbed one by one, and nobody counts them.

mod seen;

use std::collections::{BTreeSet, VecDeque};

use super::super::event::Effect;
use super::super::exercise::{Exercise, Kind};
use super::super::lesson::{Act, Expect, Start};
use super::run::Waits;
use super::{Notice, Phase, Place, Route, Talk, View};
use crate::course::text::Lang;
use crate::kernel::fact::{Fact, Side};

/// After so many commands that reached nothing new the learner is told of the hints.
const NUDGE: u32 = 3;

/// How far an exercise is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is true or not by itself; together they are no state")]
pub struct Practice {
    /// The goals that are reached now, by their places.
    pub met: BTreeSet<usize>,
    /// What is to be said of the way taken, if anything is.
    pub said: Option<Said>,
    /// How many hints are shown.
    pub rung: usize,
    /// The lines that were chosen so far, by their places in the solution, where they are to be put in order.
    pub order: Vec<usize>,
    /// Whether the latest hint came after the latest diagnosis.
    pub hinted_last: bool,
    /// Whether the goals were seen not reached.
    unmet: bool,
    /// Whether all were seen reached by the look before.
    reached: bool,
    /// Commands that have ended since a goal was newly reached.
    tries: u32,
    /// Whether a command has ended, and the look that shows what it did is still to come.
    ended: bool,
    /// The line of the solution that is put at the prompt next, and whether it was put and not sent yet.
    line: usize,
    placed: bool,
    /// Whether lines ran on this bench.
    ran: bool,
    /// Whether the lines are to run in this order as soon as the bench stands.
    runs: bool,
}

/// What is said of the way taken, by its place among its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A goal cannot be reached on this bench any more.
    Lost(usize),
    /// What is wrong.
    Diagnosis(usize),
}

impl Practice {
    /// The learner sent a line.
    pub(super) fn line_sent(&mut self) {
        self.ran = true;
        if std::mem::take(&mut self.placed) {
            self.line += 1;
        }
    }

    /// Whether what the last command did has been looked at.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        !self.ended
    }

    /// Whether the learner goes round in circles without a hint.
    #[must_use]
    pub const fn is_nudged(&self) -> bool {
        self.tries >= NUDGE && self.rung == 0
    }
}

impl Talk {
    /// The exercise at hand, if one is.
    #[must_use]
    pub fn exercise(&self) -> Option<&Exercise> {
        self.lesson().exercise(self.at.step)
    }

    pub(super) fn is_exercise(&self, place: Place) -> bool {
        self.lessons.get(place.lesson).is_some_and(|lesson| lesson.exercise(place.step).is_some())
    }

    /// Whether there can be exercises: for somebody at a keyboard, on a bench. A room has no hands, and the machine itself is
    /// no place to try.
    #[must_use]
    pub fn has_exercises(&self) -> bool {
        let bench = !self.host && self.machine.namespaces.is_ok() && !self.plays();
        self.practises && self.presenting.is_none() && bench
    }

    /// Whether exercises are walked: the short route leaves them out.
    pub(super) fn walks_exercises(&self) -> bool {
        self.route == Route::Full && self.has_exercises()
    }

    /// Makes a bare bench for an exercise.
    pub(super) fn enter_exercise(&mut self, place: Place) -> Vec<Effect> {
        self.at = place;
        self.practice = Practice::default();
        self.bare_bench()
    }

    /// A bench on which nothing was done yet; hints and order stay.
    pub(super) fn fresh_bench(&mut self) -> Vec<Effect> {
        let Practice { rung, order, tries, .. } = std::mem::take(&mut self.practice);
        self.practice = Practice { rung, order, tries, ..Practice::default() };
        self.bare_bench()
    }

    fn bare_bench(&mut self) -> Vec<Effect> {
        self.forget_own_box();
        self.stop_acting();
        self.view = View::Lesson;
        self.overlay = None;
        self.failure = None;
        self.stray = None;
        self.keyboard = None;
        self.side = Side::Outside;
        self.run.hands.clear();
        self.run.replay = VecDeque::new();
        self.run.has_bench = false;
        self.run.typed_outside = false;
        self.rebuilding = true;
        self.run.opening = true;
        self.limits.clear();
        self.run.last_start = std::mem::take(&mut self.start);
        self.start = Start::default();
        self.await_box(Side::Inside);
        self.await_box(Side::Outside);
        vec![Effect::BareBench]
    }

    /// A bench stands: for an exercise that is all there is to wait for.
    pub(super) fn bare_bench_stands(&mut self) -> Vec<Effect> {
        if self.run.waits == Some(Waits::Box) && self.exercise().is_some() { self.go_on() } else { Vec::new() }
    }

    /// The exercise stands open.
    pub(super) fn exercise_opened(&mut self) -> Vec<Effect> {
        let Some(exercise) = self.exercise() else { return Vec::new() };
        let (limits, two_ids) = (exercise.needs_cgroup(), exercise.step.two_ids);
        if limits && (!self.has_cgroup() || self.lacks().is_some()) {
            let unlimited = self.unlimited();
            return self.refuse(unlimited);
        }
        if two_ids && self.no_range().is_some() {
            return self.refuse_single();
        }
        let mut effects = self.stands_anew();
        if std::mem::take(&mut self.practice.runs) {
            effects.extend(self.run_lines());
        }
        effects
    }

    /// Next: on when it is done, else the order is run, else it is said that there is something left, once.
    pub(super) fn next_in_exercise(&mut self, said: Option<&Notice>) -> Vec<Effect> {
        if self.phase == Phase::Done {
            return self.leave_step();
        }
        if self.misses_its_box() {
            return self.fresh_bench();
        }
        if said == Some(&Notice::NotReached) {
            return self.skip_step();
        }
        if self.is_in_order() && self.phase == Phase::Ready && said != Some(&Notice::WrongOrder) {
            return self.run_order();
        }
        self.notice = Some(Notice::NotReached);
        Vec::new()
    }

    /// Straight to the lesson's last exercise.
    pub(super) fn challenge(&mut self) -> Vec<Effect> {
        let lesson = self.lesson();
        let last = Place { step: lesson.places().saturating_sub(1), ..self.at };
        let leads_there = self.view == View::Lesson && self.exercise().is_some() && self.at < last;
        if leads_there && !self.is_building() { self.enter(last) } else { self.nothing() }
    }

    /// Chooses the line that stands at this place as the next one, or takes it out again.
    pub(super) fn choose_line(&mut self, at: usize) -> Vec<Effect> {
        let Some(exercise) = self.exercise().filter(|exercise| exercise.kind == Kind::Order) else {
            return self.nothing();
        };
        let Some(line) = exercise.shuffled().get(at).copied() else { return self.nothing() };
        if self.phase != Phase::Ready {
            return self.nothing();
        }
        match self.practice.order.iter().position(|chosen| *chosen == line) {
            Some(chosen) => drop(self.practice.order.remove(chosen)),
            None => self.practice.order.push(line),
        }
        Vec::new()
    }

    /// Whether all lines stand in some order.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.exercise().is_some_and(|exercise| {
            exercise.kind == Kind::Order && self.practice.order.len() == exercise.solution.len()
        })
    }

    /// Runs the lines in the order chosen, on a bench on which nothing was done.
    fn run_order(&mut self) -> Vec<Effect> {
        if !self.practice.ran && !self.shells.iter().any(|shell| shell.touched) {
            return self.run_lines();
        }
        let effects = self.fresh_bench();
        self.practice.runs = true;
        effects
    }

    fn run_lines(&mut self) -> Vec<Effect> {
        let Some(exercise) = self.exercise() else { return Vec::new() };
        let lines = self.practice.order.iter().filter_map(|line| exercise.solution.get(*line));
        self.acts = lines.map(|line| Act::Outside(line.clone())).collect();
        self.practice.ran = true;
        self.phase = Phase::Doing;
        self.acted_at = self.clock;
        self.go_on()
    }

    /// One hint more; behind the last one the command is put at the prompt, and not run.
    pub(super) fn climb(&mut self) -> Vec<Effect> {
        let Some(exercise) = self.exercise() else { return self.nothing() };
        if self.phase == Phase::Done || self.is_building() || matches!(self.run.waits, Some(Waits::Typing(_))) {
            return self.nothing();
        }
        let (hints, kind, lines) = (exercise.hints.len(), exercise.kind, exercise.solution.clone());
        if self.practice.rung < hints {
            self.practice.rung += 1;
            self.practice.hinted_last = true;
            return Vec::new();
        }
        self.notice = Some(Notice::AtThePrompt);
        if kind == Kind::Order {
            self.practice.order = (0..lines.len()).collect();
            return Vec::new();
        }
        // Who has run them all begins anew.
        let at = if self.practice.line < lines.len() { self.practice.line } else { 0 };
        (self.practice.line, self.practice.placed) = (at, true);
        lines.get(at).map(|line| Effect::Prefill(Side::Outside, self.fill(line))).into_iter().collect()
    }

    /// The line of the solution that stands at the prompt and was not sent, if one does.
    #[must_use]
    pub fn line_at_the_prompt(&self) -> Option<String> {
        let line = self.exercise()?.solution.get(self.practice.line)?;
        self.practice.placed.then(|| self.fill(line))
    }

    /// What Next does in an exercise.
    pub(super) fn practising(&self, lang: Lang) -> String {
        match self.phase {
            Phase::Done => self.leaving(lang),
            _ if self.misses_its_box() => lang.pick("a fresh bench", "uma bancada nova").into(),
            Phase::Ready
                if self.is_in_order() && !matches!(self.notice, Some(Notice::NotReached | Notice::WrongOrder)) =>
            {
                lang.pick("run the lines in this order", "rodar as linhas nesta ordem").into()
            }
            _ => lang.pick("go on without this exercise", "seguir sem este exercício").into(),
        }
    }
}

impl Exercise {
    /// Whether it cannot be done without a cgroup.
    #[must_use]
    pub fn needs_cgroup(&self) -> bool {
        let cgroup = |expect: &Expect| expect.fact.is_some_and(Fact::is_of_cgroup);
        let names = ["{pids", "{memory", "{cpu", "{io", "{devices", "{freezer", "{cgroup."];
        self.step.expect.iter().any(cgroup)
            || self.solution.iter().any(|line| names.iter().any(|name| line.contains(name)))
    }
}
