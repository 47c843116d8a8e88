//! What the kernel shows of an exercise: goals reached, a way that does not lead there, what cannot be reached any more.
//!
//! Judged by every look, by what is so and not by what was typed. The learner sees goals ticked off, and one sentence.

use std::collections::BTreeSet;

use super::Said;
use crate::course::event::Effect;
use crate::course::exercise::Diagnosis;
use crate::course::expect;
use crate::course::lesson::Expect;
use crate::course::talk::{Notice, Phase, Talk};

impl Talk {
    /// A command has come to its end: what it did is seen by the next look.
    pub(in crate::course::talk) fn command_ended(&mut self) -> Vec<Effect> {
        if self.exercise().is_none() || !self.practice.ran {
            return Vec::new();
        }
        self.practice.ended = true;
        self.run.looked = false;
        vec![Effect::Look]
    }

    /// Ticks off what the kernel shows, and says what it shows of a wrong way.
    pub(in crate::course::talk) fn judge_exercise(&mut self) -> Vec<Effect> {
        if self.rebuilding || !self.run.stands || !self.run.looked || self.phase == Phase::Done {
            return Vec::new();
        }
        let (met, said, goals) = self.seen_of_exercise();
        let newly = met.difference(&self.practice.met).next().is_some();
        let reached = met.len() == goals;
        self.practice.met = met;
        if said.is_some() && said != self.practice.said {
            self.practice.hinted_last = false;
        }
        self.practice.said = said;
        if newly {
            self.practice.tries = 0;
        }
        // The look that came with the end of the command, not one before it.
        let over = std::mem::take(&mut self.practice.ended);
        if over && !newly {
            self.practice.tries += 1;
        }
        if !reached {
            self.practice.unmet = true;
            self.practice.reached = false;
            if over && self.phase == Phase::Doing && self.acts.is_empty() && self.run.waits.is_none() {
                self.phase = Phase::Ready;
                self.notice = Some(Notice::WrongOrder);
            }
            return Vec::new();
        }
        let types = self.run.waits.is_some() || !self.acts.is_empty();
        if !self.practice.unmet || types {
            return Vec::new();
        }
        // The sides are read one after the other: what happened in between may show on one of them alone.
        if !std::mem::replace(&mut self.practice.reached, true) {
            self.run.looked = false;
            return vec![Effect::Look];
        }
        self.practice.said = None;
        if matches!(self.notice, Some(Notice::NotReached | Notice::WrongOrder | Notice::AtThePrompt)) {
            self.notice = None;
        }
        self.confirm()
    }

    /// The goals that are reached, what is to be said, and how many goals there are.
    fn seen_of_exercise(&self) -> (BTreeSet<usize>, Option<Said>, usize) {
        let Some(exercise) = self.exercise() else { return (BTreeSet::new(), None, 0) };
        let printed = self.printed();
        let world = self.world(&printed);
        let holds = |all: &[Expect]| all.iter().all(|expect| expect::met(expect, &world, &|text| self.fill(text)));
        let stays = |(at, once): (usize, bool)| once && self.practice.met.contains(&at);
        let goals = exercise.goals.iter().enumerate();
        let met: BTreeSet<usize> =
            goals.filter(|(at, goal)| stays((*at, goal.once)) || holds(&goal.expect)).map(|(at, _)| at).collect();
        let open = |said: &Diagnosis| match said.goal.and_then(|goal| goal.checked_sub(1)) {
            Some(goal) => !met.contains(&goal),
            None => met.len() < exercise.goals.len(),
        };
        let first = |all: &[Diagnosis]| all.iter().position(|said| open(said) && holds(&said.when));
        let said = first(&exercise.lost).map(Said::Lost).or_else(|| first(&exercise.diagnoses).map(Said::Diagnosis));
        (met, said, exercise.goals.len())
    }

    /// What is said of the way taken.
    #[must_use]
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        let exercise = self.exercise()?;
        match self.practice.said? {
            Said::Lost(at) => exercise.lost.get(at),
            Said::Diagnosis(at) => exercise.diagnoses.get(at),
        }
    }
}
