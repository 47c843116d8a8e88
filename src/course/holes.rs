//! What isolates a container and what does not, one sentence each: the judge's items, and the well-known holes with their weight.
//!
//! It is a pure function of the [`Evidence`]; what `unha grade` asks as well is told in the same words. namespaces(7),
//! capabilities(7). The learner sees walls and holes, and where it is written that a hole is one.

mod more;
mod weight;

use serde::Serialize;

use super::grade::{self, Item, Verdict};
use super::text::{Lang, Text};
use crate::kernel::evidence::Evidence;

/// How much a hole lets through, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something is seen, or a second line of defence is not there.
    Low,
    /// It disturbs the machine or its neighbours, or makes another flaw a way out.
    Medium,
    /// It is a way out, or all but one.
    High,
}

/// Where it is written that this is a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// As people cite it: `capabilities(7)`, `CVE-2024-21626`, `CIS Docker Benchmark 1.6.0, 5.32`.
    pub name: &'static str,
    /// Where to read it.
    pub url: &'static str,
}

/// Something that does not isolate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hole {
    /// Its word, stable and the same in every language: `net`, `root-id`, `engine-socket`.
    #[serde(rename = "hole")]
    pub word: &'static str,
    /// How much it lets through.
    pub severity: Severity,
    /// What is so, one sentence.
    pub says: Text,
    /// What that allows, one sentence.
    pub allows: Text,
    /// Where it is written.
    pub source: Source,
    /// What was seen, as the kernel says it.
    pub seen: Vec<String>,
}

/// Something that isolates, or that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wall {
    /// The judge's word for what is looked at.
    #[serde(rename = "item")]
    pub word: &'static str,
    /// What is so, one sentence.
    pub says: Text,
    /// What was seen.
    pub seen: Vec<String>,
}

/// All that is said of a process.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Isolation {
    /// What isolates it.
    pub walls: Vec<Wall>,
    /// What does not, the worst first.
    pub holes: Vec<Hole>,
    /// What could not be looked at, and why.
    pub unknown: Vec<Wall>,
    /// How many processes of others its cgroup counts along.
    pub counted_along: usize,
}

/// A severity as a word, the same on the screen and in print.
#[must_use]
pub const fn severity(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::High => lang.pick("HIGH", "ALTA"),
        Severity::Medium => lang.pick("MEDIUM", "MÉDIA"),
        Severity::Low => lang.pick("LOW", "BAIXA"),
    }
}

/// Tells walls from holes: the items of the judge, and what only is a hole and no item.
#[must_use]
pub fn isolation(evidence: &Evidence) -> Isolation {
    let mut told = Isolation { counted_along: evidence.counted_along, ..Isolation::default() };
    for item in grade::grade(evidence) {
        match item.verdict {
            Verdict::Has => told.walls.push(wall(&item)),
            Verdict::Unknown => told.unknown.push(wall(&item)),
            Verdict::Missing | Verdict::Leaky => match more::by_capability(&item, evidence) {
                Some(each) => told.holes.extend(each),
                None => told.holes.push(hole(&item)),
            },
        }
    }
    more::exposed(evidence, &mut told);
    // Stable: those of one severity stay in the judge's order.
    told.holes.sort_by_key(|hole| std::cmp::Reverse(hole.severity));
    told
}

/// That what is told to be used is used by others too; nothing where it is all its own.
#[must_use]
pub fn counted_along(told: &Isolation, lang: Lang) -> Option<String> {
    match (told.counted_along, lang) {
        (0, _) => None,
        (1, Lang::En) => Some("with 1 other process in its cgroup".to_owned()),
        (1, Lang::PtBr) => Some("com mais 1 processo no cgroup dele".to_owned()),
        (count, Lang::En) => Some(format!("with {count} other processes in its cgroup")),
        (count, Lang::PtBr) => Some(format!("com mais {count} processos no cgroup dele")),
    }
}

fn wall(item: &Item) -> Wall {
    let says = Text::by(|lang| grade::means(item, lang).to_owned());
    Wall { word: item.aspect.word(), says, seen: item.seen.clone() }
}

fn hole(item: &Item) -> Hole {
    let (severity, source) = weight::of(item);
    Hole {
        word: item.aspect.word(),
        severity,
        says: Text::by(|lang| grade::means(item, lang).to_owned()),
        allows: Text::by(|lang| grade::allows(item, lang).unwrap_or_default().to_owned()),
        source,
        seen: item.seen.clone(),
    }
}
