//! An exercise as it stands in a lesson's file, behind its steps: a container made by hand, without unha's engine.
//!
//! The learner works in the shell of a bare bench with the system's own tools or any program. What counts is what the kernel
//! says: each goal is a list of expectations, ticked off by whatever way it came about. "Inside" is then the learner's own
//! container: of all processes on the bench the one that is most apart from it.
//!
//! ```toml
//! [[exercise]]
//! id = "name-it"                    # stable: progress is kept by it
//! kind = "blank"                    # whole | blank | order | free
//! seconds = 60
//! text = { en = "…", pt-BR = "…" }  # what to do: at most 2 lines of 76
//! do = ["unshare --uts sh", "hostname caixa"]   # the reference solution, line by line
//! gap = "--uts"                     # blank alone: what is left out of the lines shown
//! see = ["hostname", "ns.uts"]      # facts for the columns, at most 3
//! hints = [{ en = "…", pt-BR = "…" }]           # two to four: where to look, the idea, the command with a gap
//! after = { en = "…", pt-BR = "…" } # said when all goals are reached: at most 2 lines of 69
//!
//! [[exercise.goal]]                 # at most 4
//! say = { en = "…", pt-BR = "…" }   # one line of 69
//! expect = [{ fact = "ns.uts", sides = "differ" }]
//!
//! [[exercise.diagnosis]]            # said while it holds and the goal does not
//! when = [{ fact = "hostname", on = "outside", is = "caixa" }]
//! say = { en = "…", pt-BR = "…" }   # what is wrong, not what to type: at most 2 lines of 69
//! wrong = ["hostname caixa"]        # a typical wrong attempt that yields it: `unha check` makes it
//! ```

use serde::Deserialize;

use super::lesson::{Expect, OnHost, Step};
use super::text::Text;
use crate::kernel::fact::Fact;

/// How much of the way is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The lines are shown whole, to be typed.
    Whole,
    /// The lines are shown with a gap.
    Blank,
    /// The lines are shown out of order.
    Order,
    /// Nothing but the goals is shown.
    Free,
}

/// One exercise.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Written")]
pub struct Exercise {
    /// How much of the way is shown.
    pub kind: Kind,
    /// What is to be brought about.
    pub goals: Vec<Goal>,
    /// The reference solution: lines for the shell of the bench.
    pub solution: Vec<String>,
    /// What is left out of the lines that are shown.
    pub gap: Option<String>,
    /// Where to look, the idea, the command with a gap. The whole command comes by itself after them.
    pub hints: Vec<Text>,
    /// What is wrong while it holds.
    pub diagnoses: Vec<Diagnosis>,
    /// What cannot be made good again on this bench.
    pub lost: Vec<Diagnosis>,
    /// What it has in common with a step: its id, its time, its text, the facts to see; its why is said after success.
    pub step: Step,
}

/// One thing to bring about.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Goal {
    /// What is to be so, in a few words.
    pub say: Text,
    /// What must be true, all of it at once.
    pub expect: Vec<Expect>,
    /// Whether it counts as reached once it was, whatever comes after.
    #[serde(default)]
    pub once: bool,
}

/// What is said of a way that does not lead there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Diagnosis {
    /// What is true then, all of it at once.
    pub when: Vec<Expect>,
    /// What is wrong, without giving the answer away.
    pub say: Text,
    /// The goal that it is about, from 1: it is said while that one is not reached. None: while any is not.
    pub goal: Option<usize>,
    /// Lines that bring it about.
    #[serde(default)]
    pub wrong: Vec<String>,
}

/// As it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    id: String,
    /// Its names of old.
    #[serde(default)]
    was: Vec<String>,
    kind: Kind,
    seconds: u32,
    text: Text,
    #[serde(rename = "do")]
    solution: Vec<String>,
    gap: Option<String>,
    #[serde(default)]
    see: Vec<Fact>,
    #[serde(default)]
    two_ids: bool,
    #[serde(default)]
    hints: Vec<Text>,
    after: Text,
    #[serde(rename = "goal")]
    goals: Vec<Goal>,
    #[serde(default, rename = "diagnosis")]
    diagnoses: Vec<Diagnosis>,
    #[serde(default)]
    lost: Vec<Diagnosis>,
}

impl From<Written> for Exercise {
    fn from(written: Written) -> Self {
        let step = Step {
            id: written.id,
            was: written.was,
            in_lines: None,
            must: false,
            seconds: written.seconds,
            text: written.text,
            choices: Vec::new(),
            answer: None,
            acts: Vec::new(),
            expect: written.goals.iter().flat_map(|goal| goal.expect.clone()).collect(),
            see: written.see,
            gauges: false,
            why: written.after,
            code: None,
            docker: None,
            page: None,
            load: Vec::new(),
            destroys: false,
            two_ids: written.two_ids,
            host: OnHost::default(),
        };
        let Written { kind, goals, solution, gap, hints, diagnoses, lost, .. } = written;
        Self { kind, goals, solution, gap, hints, diagnoses, lost, step }
    }
}

/// What stands where something is left out.
pub const GAP: &str = "____";

impl Exercise {
    /// Its stable name within the lesson; no step and no other exercise of it has that.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.step.id
    }

    /// The lines that are shown from the start, as the learner gets them.
    #[must_use]
    pub fn shown(&self) -> Vec<String> {
        match self.kind {
            Kind::Free => Vec::new(),
            Kind::Whole => self.solution.clone(),
            Kind::Blank => self.solution.iter().map(|line| self.gapped(line)).collect(),
            Kind::Order => self.shuffled().into_iter().map(|line| self.solution[line].clone()).collect(),
        }
    }

    fn gapped(&self, line: &str) -> String {
        self.gap.as_deref().filter(|gap| !gap.is_empty()).map_or_else(|| line.to_owned(), |gap| line.replace(gap, GAP))
    }

    /// The lines of the solution in the order in which they are shown out of order: always the same, and never the right one.
    #[must_use]
    pub fn shuffled(&self) -> Vec<usize> {
        let count = self.solution.len();
        let mut order: Vec<usize> = (0..count).collect();
        // A linear congruential generator; the id is its seed, so that exercises differ and one stays as it is.
        let mut state = self.id().bytes().fold(17_u64, |state, byte| state.wrapping_mul(31).wrapping_add(byte.into()));
        for at in (1..count).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from(state >> 33).unwrap_or(0) % (at + 1);
            order.swap(at, other);
        }
        if order.is_sorted() {
            order.rotate_left(1.min(count));
        }
        order
    }
}
