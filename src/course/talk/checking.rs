//! What the headless check asks of the talk.

use super::super::event::{Effect, NO_RANGE};
use super::super::expect;
use super::super::lesson::{Act, Lesson, Limit, Step};
use super::{Phase, Place, Talk, View};
use crate::course::Because;
use crate::course::text::Lang;
use crate::course::words;
use crate::kernel::fact::{Fact, Side};
use crate::kernel::feature::Feature;
use crate::kernel::reason::Reason;

/// Placeholders that only a cgroup gives a value to.
const OF_THE_CGROUP: [&str; 7] = ["{pids", "{memory", "{cpu", "{io", "{devices", "{freezer", "{cgroup."];

impl Step {
    /// Whether the step cannot be done without a cgroup.
    #[must_use]
    pub fn needs_cgroup(&self, lesson: &Lesson) -> bool {
        let named = |text: &str| OF_THE_CGROUP.iter().any(|name| text.contains(name));
        let act = |act: &Act| match act {
            Act::Inside(line) | Act::Outside(line) => named(line),
            Act::Limit(limits) => limits.keys().any(|limit| *limit != Limit::Rate),
            Act::Start(start) => start.features.has(Feature::Cgroup) && !lesson.begins_with.has(Feature::Cgroup),
            Act::Interrupt(_) | Act::Restart(_) => false,
        };
        let of_net = |fact: &Fact| fact.key().starts_with("net.");
        (self.gauges && (self.see.is_empty() || !self.see.iter().all(of_net)))
            || !self.load.is_empty()
            || self.acts.iter().any(act)
            || self.expect.iter().any(|expect| expect.fact.is_some_and(Fact::is_of_cgroup))
    }
}

impl Talk {
    /// Whether boxes can be limited on this bench.
    #[must_use]
    pub fn has_cgroup(&self) -> bool {
        self.names.contains_key("pids")
    }

    /// Why a limit of the step at hand cannot be set, though this bench has limits. Nothing is set while a recording plays.
    #[must_use]
    pub fn lacks(&self) -> Option<Reason> {
        let acts = &self.step().acts;
        let by_hand =
            self.exercise().is_some_and(|exercise| exercise.solution.iter().any(|line| line.contains("{disk")));
        let sets = |limit| acts.iter().any(|act| matches!(act, Act::Limit(limits) if limits.contains_key(&limit)));
        if !self.has_cgroup() || self.plays() {
            None
        } else if (by_hand || sets(Limit::DeviceWriteBps)) && !self.names.contains_key("disk") {
            Some(if self.names.contains_key("io") { Reason::NoDisk } else { Reason::IoNotDelegated })
        } else {
            (sets(Limit::DeviceDeny) && !self.machine.root).then_some(Reason::NotRoot)
        }
    }

    /// Why the bench has a single user id, if it has.
    #[must_use]
    pub fn no_range(&self) -> Option<Because> {
        self.names.get(NO_RANGE).and_then(|why| serde_json::from_str(why).ok())
    }

    /// Whether a look has arrived since the step opened or its latest act was done.
    #[must_use]
    pub const fn was_looked_at(&self) -> bool {
        self.run.looked
    }

    /// Whether nothing is under way: nothing changes here any more until a person does something.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        if self.is_building() || self.view == View::Lesson && self.run.waits.is_some() {
            return false;
        }
        if self.view != View::Lesson {
            return true;
        }
        let looked = self.run.looked || self.plays();
        match self.phase {
            Phase::Ask | Phase::Ready => looked,
            Phase::Doing => !self.acts.is_empty() || self.run.told || self.misses_its_box() && looked,
            Phase::Done => true,
        }
    }

    /// Whether the step is done, and what it changed is marked by a look that came after.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.phase == Phase::Done && !self.run.unmarked
    }

    /// Goes to a step from anywhere, as the agenda goes to a lesson.
    pub fn jump(&mut self, place: Place) -> Vec<Effect> {
        self.enter(place)
    }

    /// What is not as the step wants it, and what the shells printed meanwhile.
    #[must_use]
    pub fn missing(&self, lang: Lang) -> Vec<String> {
        let unmet = self.unmet().into_iter().filter_map(|index| self.step().expect.get(index));
        let mut said: Vec<String> = unmet.map(|expect| self.expected_words(expect, lang)).collect();
        // Whether or not it was asked for: what a command complained of is why the fact is not there.
        for (side, shell) in [Side::Outside, Side::Inside].into_iter().zip(&self.shells) {
            let text = expect::plain(&shell.since);
            let text = text.trim();
            if !text.is_empty() && !expect::PROMPTS.contains(&text) {
                said.push(format!("{}: {text:?}", words::side(side, lang)));
            }
        }
        said
    }
}
