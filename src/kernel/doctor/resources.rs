//! Whether a box can be frozen, kept from a device, and slowed down at its disk. cgroups(7).
//!
//! Tried on the box that doctor has started, and undone.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;
use std::time::Instant;

use nix::unistd::geteuid;

use super::stand::{ask, because, next};
use super::{Because, Finding, What};
use crate::kernel::bench::Bench;
use crate::kernel::bench::protocol::{Report, Request, Standing};
use crate::kernel::cgroupfs::Cgroups;
use crate::kernel::container::cgroup::devices::Device;
use crate::kernel::container::cgroup::io::WriteLimit;
use crate::kernel::container::cgroup::{Group, Limits};
use crate::kernel::container::link::Failed;
use crate::kernel::reason::Reason;
use crate::kernel::{disk, record};

/// /dev/zero, which the box does not need.
const ZERO: Device = Device { block: false, major: 1, minor: 5 };

/// All three, where the box, whose terminal and pidfd `files` are, has a cgroup; else the same reason for each.
pub(super) fn all(
    bench: &Bench,
    standing: &Standing,
    cgroup: &Result<Option<String>, Because>,
    files: &[OwnedFd],
    deadline: Instant,
) -> Vec<Finding> {
    let tried = |try_it: &dyn Fn() -> Result<Option<String>, Because>| match cgroup {
        Ok(_) => try_it(),
        Err(why) => Err(why.clone()),
    };
    vec![
        Finding::of(What::Freezer, tried(&|| freeze(bench, deadline))),
        Finding::of(What::Disk, tried(&|| slow_down(bench, standing, deadline))),
        Finding::of(What::Devices, tried(&|| take_away(files))),
    ]
}

fn freeze(bench: &Bench, deadline: Instant) -> Result<Option<String>, Because> {
    let frozen = limited(bench, Limits { frozen: Some(true), ..Limits::default() }, deadline);
    let thawed = limited(bench, Limits { frozen: Some(false), ..Limits::default() }, deadline);
    frozen.and(thawed).map(|_| None)
}

fn slow_down(bench: &Bench, standing: &Standing, deadline: Instant) -> Result<Option<String>, Because> {
    let Some(disk) = &standing.disk else {
        let has_io = standing.cgroup.as_ref().is_some_and(|group| group.folder("io").is_some());
        return Err(match disk::of(Path::new(record::DISK)) {
            Err(why) => Because::seen(Reason::NoDisk, [why]),
            Ok(_) if has_io => Because::seen(Reason::NoDisk, [format!("{}: no file could be made", record::DISK)]),
            Ok(_) => Because::seen(Reason::IoNotDelegated, []),
        });
    };
    let io = WriteLimit { disk: disk.numbers, bytes: 1 << 30 };
    let held = limited(bench, Limits { io: Some(io), ..Limits::default() }, deadline)?;
    if held.io != Some(io) {
        return Err(Because::seen(Reason::CgroupRefused, [format!("{:?}", held.io)]));
    }
    Ok(Some(format!("{}:{}", disk.numbers.0, disk.numbers.1)))
}

fn limited(bench: &Bench, limits: Limits, deadline: Instant) -> Result<Limits, Because> {
    ask(bench, &Request::Limit(limits))?;
    match next(bench, deadline)?.0 {
        Report::Limits(Ok(held)) => Ok(held),
        Report::Limits(Err(failed)) => Err(because(&failed)),
        other => Err(Because::seen(Reason::CgroupRefused, [format!("{other:?}")])),
    }
}

/// As a lesson does it: from the machine's side, whose root alone may.
fn take_away(files: &[OwnedFd]) -> Result<Option<String>, Because> {
    if !geteuid().is_root() {
        return Err(Because::seen(Reason::NotRoot, []));
    }
    let own = || -> Result<Group, Failed> {
        let words = |why: &dyn std::fmt::Display| Failed::words(why);
        let process = files.get(1).ok_or_else(|| words(&"no box"))?;
        let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", process.as_raw_fd()));
        let info = info.map_err(|error| words(&error))?;
        let pid = info.lines().find_map(|line| line.strip_prefix("Pid:")).map(str::trim).unwrap_or_default();
        let proc = std::fs::File::open("/proc").map_err(|error| words(&error))?;
        Ok(Group::of(&Cgroups::of(pid, proc.as_fd()).map_err(|error| words(&error))?))
    };
    let group = own().map_err(|failed| because(&failed))?;
    group.deny(ZERO).and_then(|()| group.allow(ZERO)).map(|()| None).map_err(|error| because(&error.into()))
}
