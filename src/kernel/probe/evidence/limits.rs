//! Limits in force. cgroups(7).
//!
//! A cgroup is limited by its own files and by those of every cgroup above. What limits the viewer too limits the whole
//! machine's work, and is no limit of a container's.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::cgroup::UNLIMITED;
use super::super::place::{Place, Unread, read_path};
use super::super::printable;
use super::seen;
use crate::kernel::cgroupfs::{Cgroups, Controller, Folder, Version};
use crate::kernel::evidence::{Limit, Resource, Seen};

/// Each resource: who limits it, and by which file in version 1 and in version 2.
const FILES: [(Resource, Controller, [&str; 2]); 3] = [
    (Resource::Pids, Controller::Pids, ["pids.max"; 2]),
    (Resource::Memory, Controller::Memory, ["memory.limit_in_bytes", "memory.max"]),
    (Resource::Cpu, Controller::Cpu, ["cpu.cfs_quota_us", "cpu.max"]),
];

/// How many processes of a cgroup are asked whose they are, and how far up their descent is followed.
const MOST: usize = 512;
const DEEPEST: usize = 64;

/// The limits of the process that are not the viewer's as well.
pub(super) fn all(place: &Place<'_>) -> BTreeMap<Resource, Seen<Limit>> {
    let of = |place: &Place<'_>| -> Result<Cgroups, Unread> {
        Ok(Cgroups::from_texts(place.viewer().mountinfo()?, &place.read("cgroup")?))
    };
    let both = of(place).and_then(|theirs| Ok((theirs, of(place.viewer())?)));
    let limit = |controller, files| {
        let (theirs, ours) = both.as_ref().map_err(Clone::clone)?;
        let shown = place.shown("cgroup");
        one(&shown, [theirs, ours], controller, files)
    };
    FILES.into_iter().map(|(resource, controller, files)| (resource, seen(limit(controller, files)))).collect()
}

/// How many others are in its cgroup of memory. In the topmost there is everybody, and no number is its own.
pub(super) fn counted_along(place: &Place<'_>) -> Result<usize, Unread> {
    let cgroups = Cgroups::from_texts(place.viewer().mountinfo()?, &place.read("cgroup")?);
    let Some(folder) = cgroups.folder(Controller::Memory).filter(|folder| !folder.is_topmost()) else { return Ok(0) };
    let text = read_path(&folder.dir.join("cgroup.procs").display().to_string())?;
    let pids = place.namespace("pid")?;
    let has_own = place.viewer().namespace("pid").ok() != Some(pids);
    let parent = |pid: u32| -> Option<u32> {
        Place::of_process(place.viewer(), pid).status_of("PPid").ok()?.next()?.parse().ok()
    };
    let is_its = |pid: u32| {
        let is_beside = || Place::of_process(place.viewer(), pid).namespace("pid").ok() == Some(pids);
        std::iter::successors(Some(pid), |pid| parent(*pid)).take(DEEPEST).any(|pid| pid.to_string() == place.name)
            || (has_own && is_beside())
    };
    // 0 stands for one that the viewer has no number for.
    let all = text.lines().filter_map(|line| line.parse::<u32>().ok()).take(MOST);
    Ok(all.filter(|pid| !is_its(*pid)).count())
}

fn one(
    shown: &str,
    [theirs, ours]: [&Cgroups; 2],
    controller: Controller,
    [v1, v2]: [&str; 2],
) -> Result<Limit, Unread> {
    // Whoever makes a cgroup gives it any name.
    let none = |file: String| Ok(Limit { file: printable(&file), in_force: false });
    let [there, here] = [theirs, ours].map(|cgroups| cgroups.path(controller).unwrap_or("0"));
    let compared = format!("{shown} {}:{there} {} {here}", controller.name(), if there == here { "=" } else { "≠" });
    let Some(Folder { version, mount, dir }) = theirs.folder(controller) else { return none(compared) };
    let file = if *version == Version::V1 { v1 } else { v2 };
    let is_ours = |dir: &Path| ours.dir(controller).is_some_and(|ours| ours.starts_with(dir));
    let mut own = None;
    for dir in dir.ancestors().take_while(|dir| dir.starts_with(mount)) {
        let path = dir.join(file).display().to_string();
        // The root of a hierarchy has no limits, and of version 2 no files for them.
        let text = if is_ours(dir) { None } else { read_path(&path).ok() };
        let Some(text) = text else { continue };
        let said = format!("{path} {}", text.trim());
        let number = text.split_ascii_whitespace().next().and_then(|word| word.parse::<u64>().ok());
        if number.is_some_and(|number| number < UNLIMITED) {
            return Ok(Limit { file: printable(&said), in_force: true });
        }
        own.get_or_insert(said);
    }
    none(own.unwrap_or(compared))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_cgroup_commands_no_terminal() {
        let [theirs, ours] = ["0::/\u{1b}[2Jbox\n", "0::/\n"].map(|cgroup| Cgroups::from_texts("", cgroup));
        let limit = one("/proc/7/cgroup", [&theirs, &ours], Controller::Pids, ["pids.max"; 2]).unwrap();
        assert_eq!(limit.file, "/proc/7/cgroup pids:/\u{fffd}[2Jbox ≠ /");
    }
}
