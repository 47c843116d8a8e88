//! Why no cgroup can be made or limited: not mounted, no controllers, read-only, root's alone, or not handed over.
//!
//! cgroups(7), statvfs(3). Only what is seen decides: the mounts, their flags, the owner; never a version number.

use std::fs;
use std::os::fd::AsFd;
use std::path::Path;

use nix::errno::Errno;
use nix::sys::statvfs::{FsFlags, statvfs};

use super::{Evidence, Reason};
use crate::kernel::cgroupfs::{Cgroups, Controller, Version};
use crate::kernel::container::link::Failed;

/// The reason, and what shows it.
pub(super) fn why_not(failed: &Failed, evidence: &Evidence) -> (Reason, Vec<String>) {
    let Ok(proc) = fs::File::open("/proc") else { return (Reason::NoProc, vec![]) };
    let own = match Cgroups::of("self", proc.as_fd()) {
        Ok(own) => own,
        Err(error) => return (Reason::NoProc, vec![error.to_string()]),
    };
    let folders: Vec<_> =
        [Controller::Pids, Controller::Memory, Controller::Cpu].into_iter().filter_map(|of| own.folder(of)).collect();
    let Some(first) = folders.first() else {
        return match own.unified() {
            None => (Reason::NoCgroupfs, vec![]),
            Some(unified) => (Reason::NoControllers, controllers(&unified.dir)),
        };
    };
    if folders.len() < 3 {
        return (Reason::NoControllers, controllers(&first.dir));
    }
    let read_only = |dir: &Path| statvfs(dir).is_ok_and(|found| found.flags().contains(FsFlags::ST_RDONLY));
    if let Some(folder) = folders.iter().find(|folder| read_only(&folder.dir)) {
        return (Reason::CgroupReadOnly, vec![format!("{} is mounted read-only", folder.mount.display())]);
    }
    let refused = matches!(failed.errno.map(Errno::from_raw), Some(Errno::EACCES | Errno::EPERM | Errno::EROFS));
    let handed_over = failed.message.contains("handed over");
    let version = if own.version_of_limits() == Some(Version::V1) { "cgroup" } else { "cgroup2" };
    let here = format!("{version}: {}", first.dir.display());
    match own.version_of_limits() {
        Some(Version::V1) if refused && !evidence.root => (Reason::CgroupV1, vec![here]),
        Some(Version::V2) if (refused || handed_over) && !evidence.root && evidence.systemd => {
            (Reason::CgroupNotDelegated, vec![here])
        }
        Some(Version::V2) if (refused || handed_over) && !evidence.root => (Reason::CgroupNoSystemd, vec![here]),
        _ if refused || handed_over => (Reason::CgroupNotOurs, vec![here]),
        _ if failed.call.is_some() => (Reason::CgroupRefused, vec![]),
        _ => (Reason::CgroupRefused, vec![failed.message.clone()]),
    }
}

/// The controllers that there are, where the three that matter are not among them.
fn controllers(dir: &Path) -> Vec<String> {
    let text = fs::read_to_string(dir.join("cgroup.controllers")).unwrap_or_default();
    let words = if text.trim().is_empty() { "(none)" } else { text.trim() };
    vec![format!("cgroup.controllers: {words}")]
}
