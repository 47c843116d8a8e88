//! The half of the judge that asks what a process may use and do: limits, files of the kernel's, descriptors, rights.
//!
//! cgroups(7), capabilities(7), seccomp(2). What the process has because nothing was done about it is missing; what leads
//! through a root of its own leaks.

use super::{Aspect, DANGEROUS, Finding, Judged, Verdict, known, some};
use crate::kernel::evidence::{Control, Evidence, Kind, Resource, Seen};

pub(super) fn limit(e: &Evidence, aspect: Aspect) -> Judged {
    let resource = match aspect {
        Aspect::PidsLimit => Resource::Pids,
        Aspect::MemoryLimit => Resource::Memory,
        _ => Resource::Cpu,
    };
    let none = Err(String::new());
    known(e.limits.get(&resource).unwrap_or(&none), |limit| {
        let seen = vec![limit.file.clone()];
        if limit.in_force {
            (Verdict::Has, Finding::Limited, seen)
        } else {
            (Verdict::Missing, Finding::Unlimited, seen)
        }
    })
}

/// A gap in what has a root of its own is a leak in it; without one, nothing was done.
fn gap(e: &Evidence) -> Verdict {
    let own_root = e.root.as_ref().is_ok_and(|root| root.there != root.here);
    if own_root { Verdict::Leaky } else { Verdict::Missing }
}

pub(super) fn control(e: &Evidence, control: Control) -> Judged {
    let none = Err(String::new());
    known(e.controls.get(&control).unwrap_or(&none), |reach| {
        let modes = |paths: &[String], what: &str| vec![format!("{what}: {}", some(paths))];
        if !reach.writable.is_empty() {
            (gap(e), Finding::Writable, modes(&reach.writable, "w"))
        } else if reach.there.is_empty() {
            (Verdict::Has, Finding::None, modes(&[], "r"))
        } else {
            (Verdict::Has, Finding::ReadOnly, modes(&reach.there, "r"))
        }
    })
}

pub(super) fn disks(e: &Evidence) -> Judged {
    known(&e.disks, |disks| {
        let seen = format!("/proc/{}/root/dev b: {}", e.pid(), some(&disks.nodes));
        match &disks.denied {
            _ if disks.nodes.is_empty() => (Verdict::Has, Finding::None, vec![seen]),
            Some(list) => (Verdict::Has, Finding::Denied, vec![seen, list.clone()]),
            None => (gap(e), Finding::Reachable, vec![seen]),
        }
    })
}

pub(super) fn descriptors(e: &Evidence) -> Judged {
    known(&e.doors, |doors| {
        let count = e.descriptors.as_ref().map_or_else(Clone::clone, usize::to_string);
        let mut seen = vec![format!("/proc/{}/fd: {count}", e.pid())];
        seen.extend(doors.iter().take(6).map(|door| format!("/proc/{}/{} → {}", e.pid(), door.name, door.link)));
        let out = !doors.is_empty();
        if out { (Verdict::Leaky, Finding::LeadsOut, seen) } else { (Verdict::Has, Finding::Closed, seen) }
    })
}

pub(super) fn cwd(e: &Evidence) -> Judged {
    known(&e.cwd, |(door, out)| {
        let seen = vec![format!("/proc/{}/cwd → {}", e.pid(), door.link)];
        if *out { (Verdict::Leaky, Finding::LeadsOut, seen) } else { (Verdict::Has, Finding::Closed, seen) }
    })
}

pub(super) fn capabilities(e: &Evidence) -> Judged {
    known(&e.capabilities, |sets| {
        let count = |key: &str, count: usize| format!("/proc/{}/status {key}: {count}", e.pid());
        let mut seen = vec![count("CapEff", sets.effective.len()), count("CapBnd", sets.bounding.len())];
        let dangerous: Vec<String> =
            sets.effective.iter().filter(|name| DANGEROUS.contains(&name.as_str())).cloned().collect();
        if dangerous.is_empty() {
            return (Verdict::Has, Finding::Harmless, seen);
        }
        seen.push(dangerous.join(" "));
        if e.has_own(Kind::User) {
            (Verdict::Has, Finding::Confined, seen)
        } else if sets.bounding.len() < sets.here {
            (Verdict::Leaky, Finding::Dangerous, seen)
        } else {
            (Verdict::Missing, Finding::Everything, seen)
        }
    })
}

pub(super) fn bit(e: &Evidence, bit: &Seen<u64>, key: &str) -> Judged {
    known(bit, |value| {
        let seen = vec![format!("/proc/{}/status {key}: {value}", e.pid())];
        if *value > 0 { (Verdict::Has, Finding::On, seen) } else { (Verdict::Missing, Finding::Off, seen) }
    })
}
