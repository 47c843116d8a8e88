//! A rehearsal: what each slide and step took when nobody watched, which is what the next talk is planned by.
//!
//! What is kept of all of them is a file in the user's state folder:
//!
//! ```text
//! {"schema":1,"decks":{"/home/ana/deck":{"full":{"date":"2026-11-20","took":{"hello":42000,"uts/rename":61500}}}}}
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Plan, Watch};
use crate::course::kept::{Kept, Senseless, schema};
use crate::course::talk::Route;

/// What was shown for less than this, in milliseconds, was passed over on the way to something else.
pub const PASSED_OVER: u64 = 1000;

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

    /// Whether a talk was broken off: what was gone through is less than half of what was planned. By such a one no talk is
    /// planned.
    #[must_use]
    pub fn was_broken_off(plan: &Plan, watch: &Watch) -> bool {
        let spoken = |name: &str| watch.spent().get(name).is_some_and(|spent| *spent >= PASSED_OVER);
        let through: u64 = plan.items.iter().filter(|item| spoken(&item.name)).map(|item| item.planned).sum();
        through * 2 < plan.planned()
    }
}

/// The rehearsals of a deck, one for each route.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rehearsed {
    /// Of every slide and step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full: Option<Rehearsal>,
    /// Of the short route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short: Option<Rehearsal>,
}

impl Rehearsed {
    /// The one on this route.
    #[must_use]
    pub const fn on(&self, route: Route) -> Option<&Rehearsal> {
        match route {
            Route::Full => self.full.as_ref(),
            Route::Short => self.short.as_ref(),
        }
    }

    /// Another one on this route.
    pub fn put(&mut self, route: Route, rehearsal: Rehearsal) {
        match route {
            Route::Full => self.full = Some(rehearsal),
            Route::Short => self.short = Some(rehearsal),
        }
    }
}

/// Every rehearsal that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsals {
    /// The version of the format: [`Rehearsals::SCHEMA`].
    pub schema: u32,
    /// By the deck's folder; the embedded one has none.
    pub decks: BTreeMap<String, Rehearsed>,
}

impl Rehearsals {
    /// The version of the format.
    pub const SCHEMA: u32 = 1;
}

impl Default for Rehearsals {
    fn default() -> Self {
        Self { schema: Self::SCHEMA, decks: BTreeMap::new() }
    }
}

impl Kept for Rehearsals {
    fn read(bytes: &[u8]) -> Result<Self, Senseless> {
        schema(bytes, Self::SCHEMA)?;
        Ok(serde_json::from_slice(bytes)?)
    }

    fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}
