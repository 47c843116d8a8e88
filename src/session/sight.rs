//! Looking at all sides, and typing what may only be typed when a look has proven it safe.

use super::typist::Typist;
use super::{PATIENCE, Session};
use crate::course::event::Event;
use crate::course::lesson::Limit;
use crate::kernel::bench::protocol::Request;
use crate::kernel::container::cgroup::Limits;
use crate::kernel::fact::{Fact, Facts, Reading, Side, Snapshot};
use crate::kernel::probe;

/// What a cgroup limits and counts.
const OF_THE_CGROUP: [Fact; 9] = [
    Fact::PidsMax,
    Fact::PidsNow,
    Fact::PidsRefused,
    Fact::MemoryMax,
    Fact::MemoryNow,
    Fact::OomKills,
    Fact::CpuMax,
    Fact::CpuNow,
    Fact::CpuThrottled,
];

/// A line that may only be typed when something is proven first.
pub(super) struct Guarded {
    pub side: Side,
    pub line: String,
    pub limits: Vec<Limit>,
    pub destroys: bool,
    /// The look that proves it, by its number: an earlier one may still be on its way.
    pub look: u64,
}

impl Session {
    pub(super) fn look(&mut self) {
        if self.standing.is_some() {
            self.looks.0 += 1;
            self.ask(&Request::Look);
        }
    }

    pub(super) fn look_now(&mut self) {
        self.asked = true;
        self.look();
    }

    pub(super) fn seen(&mut self, outside: Facts, mut inside: Facts, held: Option<&Limits>) -> Vec<Event> {
        // The box's limits and use are read from outside; they are shown, and asked for by lessons, as the box's own.
        for fact in OF_THE_CGROUP {
            if let Some(reading) = outside.get(&fact) {
                inside.entry(fact).or_insert_with(|| reading.clone());
            }
        }
        let subject = self.shells[1].as_ref().and_then(|shell| shell.pid);
        let machine = self.proc.as_ref().map(|proc| probe::outside(proc, subject)).unwrap_or_default();
        let mut events = vec![];
        let first = self.first_look.get_or_insert_with(|| machine.clone());
        let untouched = [Fact::Hostname, Fact::Mounts].iter().all(|fact| first.get(fact) == machine.get(fact));
        if untouched != self.untouched {
            self.untouched = untouched;
            events.push(Event::Machine { untouched });
        }
        self.looks.1 += 1;
        let now = Snapshot { machine, outside, inside };
        if std::mem::take(&mut self.asked) || now != self.last {
            self.last = now.clone();
            events.push(Event::Snapshot(now));
        }
        events.extend(self.guard(held));
        events
    }

    /// Types the line that waited for proof, or says what is not proven.
    pub(super) fn guard(&mut self, held: Option<&Limits>) -> Option<Event> {
        let seen = self.looks.1;
        let guarded = self.guarded.take_if(|guarded| guarded.look <= seen)?;
        match self.proven(&guarded, held) {
            Ok(()) => {
                self.typist = Some(Typist::new(guarded.side, &guarded.line, PATIENCE));
                None
            }
            Err(why) => Some(Event::LoadRefused(why)),
        }
    }

    pub(super) fn proven(&self, guarded: &Guarded, held: Option<&Limits>) -> Result<(), String> {
        for limit in &guarded.limits {
            let held = held.ok_or("the box is not a member of a cgroup of its own")?;
            let set = match limit {
                Limit::Pids => held.pids,
                Limit::Memory => held.memory,
                Limit::Cpus => held.cpu,
            };
            // v1 says "no limit" as a number beyond any memory.
            if set.is_none_or(|limit| limit > 1 << 50) {
                return Err(format!("{limit:?}: no limit is in force"));
            }
        }
        let value = |facts: &Facts, fact| facts.get(&fact).and_then(Reading::value).cloned();
        let (inside, outside) = (&self.last.inside, &self.last.outside);
        let own_overlay = value(inside, Fact::RootType).is_some_and(|kind| kind.to_string() == "overlay")
            && value(inside, Fact::Root).is_some()
            && value(inside, Fact::Root) != value(outside, Fact::Root)
            && value(inside, Fact::NsMnt) != value(outside, Fact::NsMnt);
        if guarded.destroys && !own_overlay {
            return Err("/ inside is not the box's own overlay".to_owned());
        }
        Ok(())
    }
}
