//! Everybody's container or unit, by the cgroup that each process is in: needs no engine's permission. `proc_pid_cgroup(5)`.
//!
//! A unit of systemd's is told so alone, without its bus being asked. It reads a file of each process, and so is for who looks for
//! a name, not for who looks every second.

use std::collections::BTreeMap;

use super::super::tree::{cgroup_of, started};
use super::Container;
use super::files::container;
use super::path::hint;

/// What the cgroups of all processes tell, each with its oldest process.
#[must_use]
pub fn by_cgroups() -> Vec<Container> {
    let mut oldest: BTreeMap<(String, String), (u64, Container)> = BTreeMap::new();
    for pid in entries_of_proc() {
        let Some(hint) = cgroup_of(pid).as_deref().and_then(hint) else { continue };
        let Some(start) = started(pid) else { continue };
        let name = hint.shown();
        let found = container(hint.engine, &name, hint.id.as_deref(), Some(pid));
        let entry = oldest.entry((found.full_name(), hint.id.unwrap_or_default())).or_insert((start, found.clone()));
        if start < entry.0 {
            *entry = (start, found);
        }
    }
    oldest.into_values().map(|(_, found)| found).collect()
}

fn entries_of_proc() -> Vec<u32> {
    let mut pids = vec![];
    for entry in std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok) {
        pids.extend(entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    pids
}
