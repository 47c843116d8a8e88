//! Looking at all sides, and typing what may only be typed when a look has proven it safe.

use super::typist::Typist;
use super::{PATIENCE, Session};
use crate::course::event::Event;
use crate::course::lesson::Limit;
use crate::kernel::bench::protocol::Request;
use crate::kernel::container::cgroup::Limits;
use crate::kernel::fact::{Fact, Facts, Reading, Side, Snapshot, Value};
use crate::kernel::{mounts, probe};

/// What the box is limited to and uses, of its cgroup and of its cable.
const OF_THE_BOX: [Fact; 12] = [
    Fact::PidsMax,
    Fact::PidsNow,
    Fact::PidsRefused,
    Fact::MemoryMax,
    Fact::MemoryNow,
    Fact::OomKills,
    Fact::CpuMax,
    Fact::CpuNow,
    Fact::CpuThrottled,
    Fact::NetRate,
    Fact::NetNow,
    Fact::NetDropped,
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
        for fact in OF_THE_BOX {
            if let Some(reading) = outside.get(&fact) {
                inside.entry(fact).or_insert_with(|| reading.clone());
            }
        }
        let subject = self.shells[1].as_ref().and_then(|shell| shell.pid);
        let machine = self.proc.as_ref().map(|proc| probe::outside(proc, subject)).unwrap_or_default();
        let mut events = vec![];
        let untouched = self.is_untouched(&machine, &outside, &inside);
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

    /// Whether nothing of the box or the bench is to be seen on the machine: neither the name that one of them has now,
    /// nor a mount that came out of them. A stick that was plugged in meanwhile is no change of ours.
    fn is_untouched(&mut self, machine: &Facts, outside: &Facts, inside: &Facts) -> bool {
        let table = |pid: &str| self.proc.as_ref().and_then(|proc| mounts::table(proc, pid).ok()).unwrap_or_default();
        let Some((first, at_start)) = &self.first_look else {
            self.first_look = Some((machine.clone(), table("self")));
            return true;
        };
        let moved = |fact: Fact| first.get(&fact) != machine.get(&fact);
        let name = machine.get(&Fact::Hostname);
        if moved(Fact::Hostname) && [outside, inside].iter().any(|side| side.get(&Fact::Hostname) == name) {
            return false;
        }
        if !moved(Fact::Mounts) && !moved(Fact::MountPoints) {
            return true;
        }
        let pids = self.shells.iter().flatten().filter_map(|shell| shell.pid);
        let theirs: Vec<_> = pids.map(|pid| table(&pid.to_string())).collect();
        mounts::leaked(at_start, &table("self"), &theirs).is_empty()
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
                Limit::Rate => held.rate,
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
        // Below the box's root there could be a folder of the machine's by now.
        let mounted = value(inside, Fact::MountPoints).is_none_or(|points| points != Value::List(vec![]));
        if guarded.destroys && self.host.is_some() && mounted {
            return Err("something was mounted inside, and outside is the machine itself".to_owned());
        }
        Ok(())
    }
}
