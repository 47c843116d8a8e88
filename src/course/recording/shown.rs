//! What of an event is written down: what lessons and slides show of the machine, and nothing else of it.

use std::collections::BTreeSet;

use crate::course::deck::{Part, parts};
use crate::course::event::{Event, NO_CGROUP, Names};
use crate::course::lesson::Lesson;
use crate::kernel::fact::{Fact, Facts, Snapshot};

/// The name by which the talk knows that boxes can be limited.
const CGROUP: &str = "pids";

/// What is shown of a machine.
#[derive(Debug, Clone)]
pub struct Shown {
    facts: BTreeSet<Fact>,
    /// The sources of the lessons, in which placeholders are looked for.
    text: String,
}

impl Shown {
    /// What these lessons and the slides in these files show; `text` are the lessons' sources.
    #[must_use]
    pub fn of<'a>(lessons: impl IntoIterator<Item = &'a Lesson>, text: String, slides: &[(String, String)]) -> Self {
        let mut facts = BTreeSet::new();
        for step in lessons.into_iter().flat_map(|lesson| &lesson.steps) {
            facts.extend(&step.see);
            facts.extend(step.expect.iter().filter_map(|expect| expect.fact));
            let limits = |fact: &&Fact| fact.is_of_cgroup() || fact.key().starts_with("net.");
            facts.extend(Fact::ALL.iter().filter(limits).filter(|_| step.gauges));
        }
        let live = slides.iter().flat_map(|(_, text)| parts(text)).filter_map(|part| match part {
            Part::Live(live) => Some(live.fact),
            Part::Words(_) => None,
        });
        facts.extend(live);
        Self { facts, text }
    }

    /// The event without what is not shown.
    #[must_use]
    pub fn of_event(&self, event: &Event) -> Event {
        match event {
            Event::Snapshot(look) => Event::Snapshot(self.of_look(look)),
            Event::BenchReady(names) => Event::BenchReady(self.of_names(names)),
            Event::BoxStarted(names) => Event::BoxStarted(self.of_names(names)),
            other => other.clone(),
        }
    }

    /// The look without what is not shown.
    pub(in crate::course) fn of_look(&self, look: &Snapshot) -> Snapshot {
        let facts = |facts: &Facts| -> Facts {
            let kept = facts.iter().filter(|(fact, _)| self.facts.contains(fact));
            kept.map(|(fact, reading)| (*fact, reading.clone())).collect()
        };
        Snapshot { machine: facts(&look.machine), outside: facts(&look.outside), inside: facts(&look.inside) }
    }

    fn of_names(&self, names: &Names) -> Names {
        let used = |name: &str| [CGROUP, NO_CGROUP].contains(&name) || self.text.contains(&format!("{{{name}}}"));
        names.iter().filter(|(name, _)| used(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}
