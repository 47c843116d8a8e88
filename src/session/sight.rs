//! Looking at all sides, and typing what may only be typed when a look has proven it safe.

use std::collections::BTreeMap;
use std::os::fd::AsFd;

use super::typist::Typist;
use super::{PATIENCE, Session, limits};
use crate::course::event::Event;
use crate::course::lesson::Limit;
use crate::kernel::bench::protocol::Request;
use crate::kernel::cgroupfs::{Cgroups, weight as weight_of};
use crate::kernel::container::cgroup::devices::Device;
use crate::kernel::container::cgroup::weight::USUAL;
use crate::kernel::container::cgroup::{Group, Limits};
use crate::kernel::fact::{Fact, Facts, Reading, Side, Snapshot, Value};
use crate::kernel::{mounts, probe};

/// What the box is limited to, what it uses and how it waits, of its cgroup and of its cable.
const OF_THE_BOX: [Fact; 23] = [
    Fact::PidsMax,
    Fact::PidsNow,
    Fact::PidsRefused,
    Fact::MemoryMax,
    Fact::MemoryNow,
    Fact::OomKills,
    Fact::OomWords,
    Fact::CpuMax,
    Fact::CpuNow,
    Fact::CpuThrottled,
    Fact::CpuThrottledTime,
    Fact::CpuWeight,
    Fact::CpuShare,
    Fact::IoMax,
    Fact::IoWritten,
    Fact::IoNow,
    Fact::Frozen,
    Fact::CpuPressure,
    Fact::MemoryPressure,
    Fact::IoPressure,
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
            self.ask(if self.by_hand { &Request::LookApart } else { &Request::Look });
        }
    }

    pub(super) fn look_now(&mut self) {
        self.asked = true;
        self.look();
    }

    pub(super) fn seen(&mut self, mut outside: Facts, mut inside: Facts, held: Option<&Limits>) -> Vec<Event> {
        let subject = self.shells[1].as_ref().and_then(|shell| shell.pid);
        if let Some(proc) = &self.proc {
            outside.insert(Fact::OomWords, self.log.oom(proc, subject));
        }
        // The box's limits and use are read from outside; they are shown, and asked for by lessons, as the box's own.
        // By hand there may be none yet, and then it has nothing.
        let is_there = !self.by_hand || !inside.is_empty();
        for fact in OF_THE_BOX.into_iter().filter(|_| is_there) {
            if let Some(reading) = outside.get(&fact) {
                inside.entry(fact).or_insert_with(|| reading.clone());
            }
        }
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

    /// Sets limits of the running box: the bench does, for the cgroup is its own; all but devices, which only the machine's
    /// root may take away, and so we do it here.
    pub(super) fn set_limits(&mut self, limits: &BTreeMap<Limit, String>) -> Result<(), String> {
        let disk = self.standing.as_ref().and_then(|standing| standing.disk.as_ref()).map(|disk| disk.numbers);
        let parsed = limits::parse(limits, disk)?;
        if let Some(text) = limits.get(&Limit::DeviceDeny) {
            self.deny(limits::device(text)?)?;
        }
        if parsed != Limits::default() {
            self.ask(&Request::Limit(parsed));
        }
        Ok(())
    }

    fn deny(&mut self, device: Option<Device>) -> Result<(), String> {
        let pid = self.shells[1].as_ref().and_then(|shell| shell.pid).ok_or("no box runs")?;
        let proc = self.proc.as_ref().ok_or("no /proc can be read")?;
        let cgroups = Cgroups::of(&pid.to_string(), proc.as_fd()).map_err(|error| error.to_string())?;
        let group = Group::of(&cgroups);
        // It must be the box's own: what is taken away there would be missing elsewhere.
        if !group.folder("devices").is_some_and(|(dir, _)| dir.ends_with("box")) {
            return Err("the box has no cgroup of its own".to_owned());
        }
        let done = match (device, self.denied.take()) {
            (Some(device), _) => group.deny(device),
            (None, Some(device)) => group.allow(device),
            (None, None) => Ok(()),
        };
        self.denied = device;
        done.map_err(|error| error.to_string())
    }

    pub(super) fn proven(&self, guarded: &Guarded, held: Option<&Limits>) -> Result<(), String> {
        for limit in &guarded.limits {
            let held = held.ok_or("the box is not a member of a cgroup of its own")?;
            let set = match limit {
                Limit::Pids => held.pids,
                Limit::Memory => held.memory,
                Limit::Cpus => held.cpu,
                // The usual weight is there without anybody's doing, and proves nothing.
                Limit::CpuShares => held.cpu_shares.filter(|weight| ![USUAL, weight_of(USUAL)].contains(weight)),
                Limit::DeviceWriteBps => held.io.map(|limit| limit.bytes),
                // These hold back nothing that a load could use up.
                Limit::DeviceDeny | Limit::Freezer => None,
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
