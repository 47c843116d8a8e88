//! What is true of a box, by `unha inspect`.

use serde_json::Value;
use unha::kernel::fact::Fact;
use unha::kernel::feature::{Feature, FeatureSet};

use crate::part::Here;
use crate::program::options;

/// What both sides see.
#[derive(Debug)]
pub struct Sides(Value);

impl Sides {
    /// The fact as the outside sees it; panics with the reason when it is missing.
    #[track_caller]
    pub fn outside(&self, fact: Fact) -> &Value {
        self.of("outside", fact)
    }

    /// Why the outside cannot see the fact.
    #[track_caller]
    pub fn missing_outside(&self, fact: Fact) -> &str {
        self.0["outside"][fact.key()]["missing"].as_str().unwrap_or_else(|| panic!("{fact} is there: {self:?}"))
    }

    /// The fact as the inside sees it.
    #[track_caller]
    pub fn inside(&self, fact: Fact) -> &Value {
        self.of("inside", fact)
    }

    #[track_caller]
    fn of(&self, side: &str, fact: Fact) -> &Value {
        let reading = &self.0[side][fact.key()];
        reading.get("value").unwrap_or_else(|| panic!("{side}, {fact}: {reading}"))
    }

    #[track_caller]
    fn differs(&self, fact: Fact) -> bool {
        self.outside(fact) != self.inside(fact)
    }
}

impl Here {
    /// The facts of a box with these options while its command stands still.
    pub fn facts(&self, options: &str) -> Sides {
        self.facts_after(options, ":")
    }

    /// The same, after the command has done something.
    pub fn facts_after(&self, options: &str, script: &str) -> Sides {
        let mut running = self.run(options).sh(&format!("{script}; echo ready; read line")).start();
        assert_eq!(running.line(), "ready", "{options}");
        let pid = running.first();
        let report = self.unha(&format!("inspect {pid} --json")).says();
        running.tell("");
        assert_eq!(running.end().0, 0, "{options}");
        Sides(serde_json::from_str(&report).unwrap())
    }

    /// Makes sure that the facts differ between outside and inside with the feature on, and that they do not with every
    /// other feature on and this one off.
    #[track_caller]
    pub fn on_and_off(&self, feature: Feature, facts: &[Fact]) {
        let on = self.facts(&options(FeatureSet::NONE.with(feature).closed()));
        let mut others: FeatureSet = Feature::ALL.into_iter().filter(|other| *other != feature).collect();
        // Cgroups are not for everybody, and the rootfs needs mounts.
        others = others.without(Feature::Cgroup);
        if others.closed() != others {
            others = others.without(Feature::Rootfs);
        }
        let off = self.facts(&options(others));
        let bare = self.facts("");
        for fact in facts {
            assert!(on.differs(*fact), "{fact} with {feature} on: {on:?}");
            assert!(!off.differs(*fact), "{fact} with {feature} off, all others on: {off:?}");
            assert!(!bare.differs(*fact), "{fact} with nothing on: {bare:?}");
        }
    }
}
