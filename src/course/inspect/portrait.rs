//! One process as it was last seen: both sides, what isolates it and what does not, and what has changed of late.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Inspection;
use crate::course::holes::{Isolation, isolation};
use crate::course::talk::Past;
use crate::course::{Evidence, Fact, Side, Snapshot, Value};

/// For how many seconds a value that is new is marked.
const NEWS: u64 = 3;

/// A process, and no later one with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its number.
    pub pid: u32,
    /// When it was started, in ticks since the machine's start.
    pub started: u64,
}

/// What one look told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// All of it.
    Seen {
        /// Whom it was at.
        subject: Subject,
        /// Both sides.
        now: Box<Snapshot>,
        /// What a judge needs.
        evidence: Box<Evidence>,
    },
    /// It has ended.
    Ended(Subject),
    /// It may not be looked into, or there was no look: the call that was refused.
    Refused(Subject, String),
}

impl Look {
    /// Whom it was at.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Seen { subject, .. } | Self::Ended(subject) | Self::Refused(subject, _) => *subject,
        }
    }
}

/// What is known of a process.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    /// Whose it is.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Both sides, as last seen.
    pub now: Snapshot,
    /// What moves, over the last looks.
    pub past: Past,
    /// What isolates it and what does not.
    pub isolation: Isolation,
    /// Whether it has been seen at all.
    pub is_seen: bool,
    /// When it was last seen, in seconds since 1970.
    pub at: u64,
    /// Whether it has ended since.
    pub ended: bool,
    /// Why it was not seen.
    pub refused: Option<String>,
    news: BTreeMap<Fact, u64>,
}

impl Portrait {
    fn new(subject: Subject) -> Self {
        Self {
            subject,
            name: String::new(),
            now: Snapshot::default(),
            past: Past::default(),
            isolation: Isolation::default(),
            is_seen: false,
            at: 0,
            ended: false,
            refused: None,
            news: BTreeMap::new(),
        }
    }

    /// Whether the inside's value has become another of late.
    #[must_use]
    pub fn is_news(&self, fact: Fact, now: u64) -> bool {
        self.news.get(&fact).is_some_and(|at| at + NEWS > now)
    }

    /// Whether a filter looks at its system calls.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        self.now.value(Side::Inside, Fact::Seccomp) == Some(&Value::Number(2))
    }

    fn take(&mut self, now: Snapshot, evidence: &Evidence, at: u64) {
        if self.is_seen {
            let is_other = |fact: &Fact| {
                let value = |look: &Snapshot| look.value(Side::Inside, *fact).cloned();
                value(&self.now).is_some() && value(&now).is_some() && value(&self.now) != value(&now)
            };
            // What only counts up is no news.
            let others = now.inside.keys().copied().filter(|fact| *fact != Fact::Uptime).filter(is_other);
            let others: Vec<Fact> = others.collect();
            self.news.extend(others.into_iter().map(|fact| (fact, at)));
        }
        self.past.add(&now);
        self.isolation = isolation(evidence);
        self.name.clone_from(&evidence.name);
        self.now = now;
        (self.is_seen, self.at, self.refused) = (true, at, None);
    }
}

impl Inspection {
    /// A look at one process; one at another than is shown comes too late.
    pub fn looked(&mut self, look: Look) {
        let subject = look.subject();
        if self.subject() != Some(subject) {
            return;
        }
        if self.portrait.as_ref().is_none_or(|known| known.subject != subject) {
            self.portrait = Some(Portrait::new(subject));
        }
        let Some(portrait) = &mut self.portrait else { return };
        match look {
            Look::Seen { now, evidence, .. } => portrait.take(*now, &evidence, self.now),
            Look::Ended(_) => portrait.ended = true,
            Look::Refused(_, why) => portrait.refused = Some(why),
        }
    }
}
