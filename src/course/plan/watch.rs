//! The watch of whoever speaks: how long each slide and step was before the room.
//!
//! It knows no time but the one that it is told, and counts only while it runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How much time may pass until what was counted is due to be kept.
const KEEP_EVERY: u64 = 10_000;

/// Whether the time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// Not yet: the talk begins, or goes on, with the first Next.
    #[default]
    Waiting,
    /// It does.
    Running,
    /// It was stopped, or the talk is over.
    Stopped,
}

/// How long each slide and step was shown, by its name, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watch {
    spent: BTreeMap<String, u64>,
    clock: Clock,
    /// The time that it was last told.
    now: u64,
    /// When what was counted was last due to be kept.
    kept: u64,
}

impl Watch {
    /// A watch that waits to go on from what was counted before.
    #[must_use]
    pub fn of(spent: BTreeMap<String, u64>) -> Self {
        Self { spent, ..Self::default() }
    }

    /// What was counted.
    #[must_use]
    pub const fn spent(&self) -> &BTreeMap<String, u64> {
        &self.spent
    }

    /// Whether it counts.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// It is so late; since it was last said, the slide or step `at` was shown. Answers whether what was counted is due
    /// to be kept.
    pub fn tick(&mut self, now: u64, at: &str) -> bool {
        let passed = now.saturating_sub(self.now);
        self.now += passed;
        if self.clock != Clock::Running || passed == 0 {
            return false;
        }
        match self.spent.get_mut(at) {
            Some(spent) => *spent += passed,
            None => drop(self.spent.insert(at.to_owned(), passed)),
        }
        let due = self.now - self.kept >= KEEP_EVERY;
        if due {
            self.kept = self.now;
        }
        due
    }

    /// The first Next: it runs; anew where the talk does.
    pub fn begin(&mut self, anew: bool) {
        if self.clock == Clock::Waiting {
            self.clock = Clock::Running;
            self.kept = self.now;
            if anew {
                self.spent.clear();
            }
        }
    }

    /// Stops it, or lets it go on.
    pub const fn toggle(&mut self) {
        self.clock = match self.clock {
            Clock::Running => Clock::Stopped,
            Clock::Waiting | Clock::Stopped => Clock::Running,
        };
    }

    /// The talk is over.
    pub fn stop(&mut self) {
        if self.clock == Clock::Running {
            self.clock = Clock::Stopped;
        }
    }
}
