//! Writing a recording: what the lesson shows of the machine, and nothing else of it.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

use super::read::belongs;
use super::{Header, Moment};
use crate::course::event::{Event, Names};
use crate::course::lesson::Lesson;
use crate::kernel::fact::{Fact, Facts, Snapshot};

/// The name by which the talk knows that boxes can be limited.
const CGROUP: &str = "pids";

/// The bytes of a recording's file, compressed.
///
/// # Errors
/// None that is to be expected: it is written into memory.
pub fn write(header: &Header, lesson: &Lesson, moments: &[Moment]) -> std::io::Result<Vec<u8>> {
    // Without the time, which gzip would write down too, the same events give the same file.
    let mut file: GzEncoder<Vec<u8>> = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let mut line = |value: &Value| writeln!(file, "{value}");
    line(&serde_json::to_value(header)?)?;
    let shown = shown(lesson);
    let began = moments.first().map_or(0, |moment| moment.t);
    let mut last: Option<Event> = None;
    let mut count = 0;
    for moment in moments.iter().filter(|moment| belongs(&moment.event)) {
        let t = moment.t.saturating_sub(began);
        let event = cleared(&moment.event, &shown, &header.lesson);
        let look = matches!(event, Event::Snapshot(_));
        if look && last.as_ref() == Some(&event) {
            line(&json!({ "t": t, "same": true }))?;
        } else {
            line(&json!({ "t": t, "event": event }))?;
        }
        if look {
            last = Some(event);
        }
        count += 1;
    }
    line(&json!({ "end": count }))?;
    file.finish()
}

/// The facts that the lesson shows or asks for.
fn shown(lesson: &Lesson) -> BTreeSet<Fact> {
    let mut shown = BTreeSet::new();
    for step in &lesson.steps {
        shown.extend(&step.see);
        shown.extend(step.expect.iter().filter_map(|expect| expect.fact));
        let limits = |fact: &&Fact| fact.is_of_cgroup() || fact.key().starts_with("net.");
        shown.extend(Fact::ALL.iter().filter(limits).filter(|_| step.gauges));
    }
    shown
}

/// The event without what the lesson does not show.
fn cleared(event: &Event, shown: &BTreeSet<Fact>, lesson: &str) -> Event {
    let facts = |facts: &Facts| -> Facts {
        let kept = facts.iter().filter(|(fact, _)| shown.contains(fact));
        kept.map(|(fact, reading)| (*fact, reading.clone())).collect()
    };
    let names = |names: &Names| -> Names {
        let used = |name: &str| name == CGROUP || lesson.contains(&format!("{{{name}}}"));
        names.iter().filter(|(name, _)| used(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    match event {
        Event::Snapshot(look) => Event::Snapshot(Snapshot {
            machine: facts(&look.machine),
            outside: facts(&look.outside),
            inside: facts(&look.inside),
        }),
        Event::BenchReady(all) => Event::BenchReady(names(all)),
        Event::BoxStarted(all) => Event::BoxStarted(names(all)),
        other => other.clone(),
    }
}
