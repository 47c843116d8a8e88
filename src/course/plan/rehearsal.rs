//! A rehearsal: what each slide and step took when nobody watched, which is what the next talk is planned by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Watch;

/// What was shown for less than this, in milliseconds, was passed over on the way to something else.
const PASSED_OVER: u64 = 1000;

/// The times of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The day of the latest one: `2026-11-20`.
    pub date: String,
    /// What each slide and step took, by its name, in milliseconds.
    pub took: BTreeMap<String, u64>,
}

impl Rehearsal {
    /// What was rehearsed on this day, and for what was not come to, what is known from before. `None`: nothing was.
    #[must_use]
    pub fn of(watch: &Watch, date: String, before: Option<&Self>) -> Option<Self> {
        let spoken = watch.spent().iter().filter(|(_, spent)| **spent >= PASSED_OVER);
        let spoken: BTreeMap<String, u64> = spoken.map(|(name, spent)| (name.clone(), *spent)).collect();
        if spoken.is_empty() {
            return None;
        }
        let mut took = before.map(|before| before.took.clone()).unwrap_or_default();
        took.extend(spoken);
        Some(Self { date, took })
    }
}
