//! The last few samples of what moves: CPU in use, its share, bytes a second.
//!
//! The learner sees them as a small curve behind a gauge's bar, where there is room.

use std::collections::{BTreeMap, VecDeque};

use crate::kernel::fact::{Fact, Side, Snapshot, Value};

/// How many samples are kept: some ten seconds.
const KEPT: usize = 40;

/// What goes up and down by itself.
const MOVES: [Fact; 7] =
    [Fact::CpuNow, Fact::MemoryNow, Fact::PidsNow, Fact::CpuShare, Fact::IoNow, Fact::CpuPressure, Fact::IoPressure];

/// The samples, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past(BTreeMap<Fact, VecDeque<u64>>);

impl Past {
    /// Adds a look.
    pub(in crate::course) fn add(&mut self, look: &Snapshot) {
        for fact in MOVES {
            let Some(Value::Number(number)) =
                look.value(Side::Inside, fact).or_else(|| look.value(Side::Outside, fact))
            else {
                continue;
            };
            let samples = self.0.entry(fact).or_default();
            samples.push_back(*number);
            samples.drain(..samples.len().saturating_sub(KEPT));
        }
    }

    /// The latest samples of a fact, at most `count`.
    pub fn of(&self, fact: Fact, count: usize) -> impl Iterator<Item = u64> {
        let samples = self.0.get(&fact);
        let skip = samples.map_or(0, |samples| samples.len().saturating_sub(count));
        samples.into_iter().flatten().skip(skip).copied()
    }
}
