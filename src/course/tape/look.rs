//! In what a look differs from the one before: of forty facts a talk changes one or two a second.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::fact::{Fact, Facts, Reading, Snapshot};

/// What is another now, side by side; a fact that is gone is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    machine: Facet,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    outside: Facet,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    inside: Facet,
}

type Facet = BTreeMap<Fact, Option<Reading>>;

impl Change {
    /// What makes `now` of `before`.
    #[must_use]
    pub fn between(before: &Snapshot, now: &Snapshot) -> Self {
        Self {
            machine: difference(&before.machine, &now.machine),
            outside: difference(&before.outside, &now.outside),
            inside: difference(&before.inside, &now.inside),
        }
    }

    /// Makes the next look of the one before.
    pub fn apply(&self, look: &mut Snapshot) {
        let sides =
            [(&mut look.machine, &self.machine), (&mut look.outside, &self.outside), (&mut look.inside, &self.inside)];
        for (facts, changes) in sides {
            for (fact, reading) in changes {
                match reading {
                    Some(reading) => facts.insert(*fact, reading.clone()),
                    None => facts.remove(fact),
                };
            }
        }
    }
}

fn difference(before: &Facts, now: &Facts) -> Facet {
    let gone = before.keys().filter(|fact| !now.contains_key(fact)).map(|fact| (*fact, None));
    let other = now.iter().filter(|(fact, reading)| before.get(fact) != Some(reading));
    gone.chain(other.map(|(fact, reading)| (*fact, Some(reading.clone())))).collect()
}
