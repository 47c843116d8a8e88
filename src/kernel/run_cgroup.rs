//! The cgroup of one run: everything that a run starts is in one cgroup named after it. cgroups(7).
//!
//! Its top always carries safety limits, because learners type fork bombs too; below it are leaves for the bench and
//! the box. Where a cgroup may be made is found out, never taken for granted.

pub mod reason;

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{AccessFlags, Pid, access};

use super::cgroupfs::{Cgroups, Controller, Version};
use super::container::cgroup::{Group, Limits};
use super::sys::{SysError, rmdir, write_file};

pub use self::reason::{NoCgroup, NoScope};

/// How long the kernel may take to let go of a cgroup whose processes were killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// The limits that every run has: 512 processes, and the smaller of 1 GiB and a quarter of the machine's memory.
#[must_use]
pub fn safety() -> Limits {
    let total = nix::sys::sysinfo::sysinfo().map_or(4 << 30, |info| info.ram_total());
    Limits { pids: Some(512), memory: Some((total / 4).min(1 << 30)), cpu: None }
}

/// A cgroup below which a run may make its own.
#[derive(Debug)]
pub struct Parent {
    /// The cgroup.
    pub group: Group,
    /// Controllers that it does not hand on yet (version 2): they are switched on for the run, and off again after it.
    pub lacks: Vec<String>,
    /// This process is alone in it and must leave it for a leaf.
    leave: bool,
}

/// Finds the cgroup below which this process may make one with limits for pids, memory and cpu. Changes nothing.
///
/// # Errors
/// Why there is none, with what was seen.
pub fn parent() -> Result<Parent, NoCgroup> {
    let proc = fs::File::open("/proc").map_err(|error| NoCgroup::Unread(format!("open(\"/proc\"): {error}")))?;
    let own = Cgroups::of("self", proc.as_fd()).map_err(|error| NoCgroup::Unread(error.to_string()))?;
    match own.version_of_limits() {
        None => Err(NoCgroup::NotMounted),
        Some(Version::V1) => writable(Group::of(&own)).map(|group| Parent { group, lacks: vec![], leave: false }),
        Some(Version::V2) => below_unified(&own),
    }
}

impl Parent {
    /// Makes it hand on what it lacks. Only after that is written down: see [`super::record`].
    ///
    /// # Errors
    /// The write that the kernel refused.
    pub fn hand_on(&self) -> Result<(), SysError> {
        if self.leave {
            let leaf = self.group.child("unha-self");
            leaf.create().or_else(|error| if error.errno == Errno::EEXIST { Ok(()) } else { Err(error) })?;
            leaf.join()?;
        }
        let Some(dir) = self.group.dirs().first().copied() else { return Ok(()) };
        self.lacks.iter().try_for_each(|name| write_file(dir.join("cgroup.subtree_control"), &format!("+{name}")))
    }
}

/// Whether cgroups can be made in every folder of the group.
fn writable(group: Group) -> Result<Group, NoCgroup> {
    for controller in ["pids", "memory", "cpu"] {
        if group.folder(controller).is_none() {
            return Err(NoCgroup::NoController { controller: controller.to_owned() });
        }
    }
    // CPU time used is good to know, but no reason to go without limits.
    let mut group = group;
    group.folders.retain(|(name, _, dir)| name != "cpuacct" || access(dir, AccessFlags::W_OK).is_ok());
    for dir in group.dirs() {
        access(dir, AccessFlags::W_OK).map_err(|errno| match errno {
            Errno::EROFS => NoCgroup::ReadOnly { dir: dir.to_owned(), version: 1 },
            _ => NoCgroup::NotWritable { dir: dir.to_owned(), errno: errno as i32, version: 1 },
        })?;
    }
    Ok(group)
}

/// In version 2 a cgroup either has processes or hands controllers on, never both (except the root of the hierarchy).
/// So ours comes below the root if we may, else beside our own if its parent is ours, else below our own, emptied into a leaf.
fn below_unified(own: &Cgroups) -> Result<Parent, NoCgroup> {
    let Some(folder) = own.unified() else {
        return Err(NoCgroup::OutOfSight { path: own.path(Controller::Pids).unwrap_or_default().to_owned() });
    };
    let may = |dir: &Path| {
        access(dir, AccessFlags::W_OK) == Ok(()) && access(&dir.join("cgroup.procs"), AccessFlags::W_OK) == Ok(())
    };
    // Without what it cannot hand on, for its own parent does not hand it on to it.
    let at = |dir: &Path| {
        let words = |file: &str| fs::read_to_string(dir.join(file)).unwrap_or_default();
        let (has, hands_on) = (words("cgroup.controllers"), words("cgroup.subtree_control"));
        let lacks =
            ["pids", "memory", "cpu"].iter().filter(|name| !hands_on.split_whitespace().any(|word| word == **name));
        let lacks: Vec<String> = lacks.map(|name| (*name).to_owned()).collect();
        let folders = ["pids", "memory", "cpu", "cpuacct"].map(|name| (name.to_owned(), true, dir.to_owned())).to_vec();
        let can = may(dir) && lacks.iter().all(|name| has.split_whitespace().any(|word| word == name));
        can.then_some(Parent { group: Group { folders }, lacks, leave: false })
    };
    // The hierarchy's real root alone has no cgroup.type.
    let root = Some(folder.mount.as_path()).filter(|mount| !mount.join("cgroup.type").exists()).and_then(at);
    let beside = || {
        let dir = folder.dir.parent().filter(|dir| dir.starts_with(&folder.mount));
        dir.and_then(at).filter(|parent| parent.lacks.is_empty())
    };
    let below = || {
        let parent = at(&folder.dir)?;
        let leave = !parent.lacks.is_empty();
        let alone = parent.group.members() == [std::process::id().cast_signed()];
        (alone || !leave).then_some(Parent { leave, ..parent })
    };
    root.or_else(beside).or_else(below).ok_or_else(|| NoCgroup::NotHandedOver { dir: folder.dir.clone(), scope: None })
}

/// What a limit's file says where nobody has set one.
const UNLIMITED: [(&str, &str, &str); 9] = [
    ("pids", "pids.max", "max"),
    ("memory", "memory.max", "max"),
    ("memory", "memory.high", "max"),
    ("memory", "memory.low", "0"),
    ("memory", "memory.min", "0"),
    ("memory", "memory.swap.max", "max"),
    ("cpu", "cpu.max", "max 100000"),
    ("cpu", "cpu.weight", "100"),
    ("cpu", "cpu.idle", "0"),
];

/// Makes the cgroup above no longer hand on what was switched on for a run, unless somebody has come to use it: a limit
/// is set in a cgroup there, or one hands it on itself (EBUSY).
pub fn take_back(group: &Group, controllers: &[String]) {
    let Some(parent) = group.dirs().first().and_then(|dir| dir.parent()) else { return };
    let children = children(parent).unwrap_or_default();
    let limits = |dir: &Path, name: &str| {
        UNLIMITED
            .iter()
            .filter(|(of, _, _)| *of == name)
            .any(|(_, file, none)| fs::read_to_string(dir.join(file)).is_ok_and(|text| text.trim() != *none))
    };
    for name in controllers {
        if !children.iter().any(|dir| limits(dir, name)) {
            let _ = write_file(parent.join("cgroup.subtree_control"), &format!("-{name}"));
        }
    }
}

/// Kills every process in the group and the cgroups below it, and removes them all. What is gone already is fine.
///
/// # Errors
/// The rmdir that the kernel still refused after some seconds.
pub fn remove(group: &Group) -> Result<(), SysError> {
    let deadline = Instant::now() + PATIENCE;
    for dir in group.dirs() {
        remove_tree(dir, deadline)?;
    }
    Ok(())
}

fn remove_tree(dir: &Path, deadline: Instant) -> Result<(), SysError> {
    match fs::read_to_string(dir.join("cgroup.procs")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // Most are empty by now and have nothing below them: then there is nobody to look for.
        Ok(members) if members.is_empty() && rmdir(dir).is_ok() => return Ok(()),
        _ => {}
    }
    kill_all(dir);
    for child in children(dir).unwrap_or_default() {
        remove_tree(&child, deadline)?;
    }
    loop {
        match rmdir(dir) {
            Ok(()) => return Ok(()),
            Err(error) if error.errno == Errno::ENOENT => return Ok(()),
            // A killed process stays a member until it is buried, which the kernel and its parent do in their own time.
            Err(error) if error.errno == Errno::EBUSY && Instant::now() < deadline => {
                kill_all(dir);
                std::thread::sleep(Duration::from_millis(2));
            }
            Err(error) => return Err(error),
        }
    }
}

/// The cgroups below a cgroup.
fn children(dir: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(dir)?.filter_map(Result::ok);
    Ok(entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect())
}

/// Kills the members: at once by `cgroup.kill` (Linux 5.14), else one by one. Whoever is a member of a cgroup that
/// we made was started by us, so no foreign process can be hit.
fn kill_all(dir: &Path) {
    let Ok(members) = fs::read_to_string(dir.join("cgroup.procs")) else { return };
    if members.is_empty() || (dir.join("cgroup.kill").exists() && write_file(dir.join("cgroup.kill"), "1").is_ok()) {
        return;
    }
    for pid in members.lines().filter_map(|line| line.parse().ok()).filter(|pid| *pid > 1) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}
