//! Which lessons need what of a machine: told by the lessons themselves, not by a list beside them.

use std::collections::BTreeSet;

use super::lesson::{Act, Lesson, Limit};
use super::mend;
use crate::kernel::doctor::{Finding, Standing, What};
use crate::kernel::feature::{Feature, FeatureSet};

/// Everything that the boxes of a lesson switch on.
fn features(lesson: &Lesson) -> FeatureSet {
    let acts = lesson.steps.iter().flat_map(|step| &step.acts);
    let starts = acts.filter_map(|act| if let Act::Start(start) = act { Some(start.features) } else { None });
    std::iter::once(lesson.begins_with).chain(starts).flat_map(|set| set.closed().iter().collect::<Vec<_>>()).collect()
}

/// The lines that a lesson types.
fn typed(lesson: &Lesson) -> impl Iterator<Item = &str> {
    let acts = lesson.steps.iter().flat_map(|step| &step.acts);
    acts.filter_map(|act| match act {
        Act::Inside(line) | Act::Outside(line) => Some(line.as_str()),
        _ => None,
    })
}

/// The programs that a lesson types, of those that a machine may lack.
#[must_use]
pub fn programs(lesson: &Lesson) -> BTreeSet<&'static str> {
    let known = mend::programs();
    let words =
        typed(lesson).flat_map(|line| line.split(|letter: char| letter.is_whitespace() || ";|&(){}".contains(letter)));
    words.filter_map(|word| known.iter().find(|name| **name == word).copied()).collect()
}

/// Whether the lesson needs what was found out about.
#[must_use]
pub fn concerns(finding: &Finding, lesson: &Lesson) -> bool {
    let has = |feature| features(lesson).has(feature);
    match finding.what {
        What::Ids | What::Pressure => false,
        What::Freezer => limits(lesson, Limit::Freezer),
        What::Disk => limits(lesson, Limit::DeviceWriteBps),
        What::Devices => limits(lesson, Limit::DeviceDeny),
        What::Box => has(Feature::Mount),
        What::Overlay | What::PivotRoot | What::Rootfs => has(Feature::Rootfs),
        What::Cgroup => lesson.steps.iter().any(|step| step.needs_cgroup(lesson)),
        What::Programs => {
            let missing = finding.because.as_ref().map_or(&[][..], |because| &because.seen);
            let typed = programs(lesson);
            // No shell goes without one.
            finding.standing == Standing::Works
                || missing.iter().any(|name| name == "sh" || typed.contains(name.as_str()))
        }
        // The new /proc among them: by it the two sides are looked at, and on a bench with the machine's own even ps(1)
        // does not find itself.
        _ => true,
    }
}

/// Whether a step of the lesson sets that limit.
fn limits(lesson: &Lesson, limit: Limit) -> bool {
    let acts = lesson.steps.iter().flat_map(|step| &step.acts);
    acts.filter_map(|act| if let Act::Limit(limits) = act { Some(limits) } else { None })
        .any(|limits| limits.contains_key(&limit))
}

/// Whether the whole lesson can run.
#[must_use]
pub fn runs(lesson: &Lesson, findings: &[Finding]) -> bool {
    !findings.iter().any(|finding| finding.standing == Standing::Not && concerns(finding, lesson))
}
