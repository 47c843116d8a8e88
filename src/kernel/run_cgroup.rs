//! The cgroup of one run: everything that a run starts is in one cgroup named after it. cgroups(7).
//!
//! Its top always carries safety limits, because learners type fork bombs too; below it are leaves for the bench and
//! the box. Where a cgroup may be made is found out, never taken for granted.

pub mod reason;
mod removal;
mod unified;

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use nix::unistd::{AccessFlags, access};

use super::cgroupfs::{Cgroups, Version};
use super::container::cgroup::{Group, Limits};
use super::scope;
use super::sys::{SysError, write_file};

pub use self::reason::{NoCgroup, NoScope};
pub use self::removal::remove;
use self::unified::below_unified;

/// The limits that every run has: 512 processes, and the smaller of 1 GiB and a quarter of the machine's memory.
#[must_use]
pub fn safety() -> Limits {
    let total = nix::sys::sysinfo::sysinfo().map_or(4 << 30, |info| info.ram_total());
    Limits { pids: Some(512), memory: Some((total / 4).min(1 << 30)), cpu: None, rate: None }
}

/// A cgroup below which a run may make its own.
#[derive(Debug)]
pub struct Parent {
    /// The cgroup.
    pub group: Group,
    /// Controllers that it does not hand on yet (version 2): they are switched on for the run, and off again after it.
    pub lacks: Vec<String>,
    /// It is the root of the machine's own hierarchy (version 2), which nobody handed over.
    pub of_the_machine: bool,
    /// This process is alone in it and must leave it for a leaf.
    leave: bool,
}

/// The controllers of systemd's full delegation that this process's cgroup was not handed (version 2): io, as a rule.
/// What would allow it is [`scope::delegate_command`].
#[must_use]
pub fn not_delegated() -> Vec<String> {
    let own = fs::File::open("/proc").ok().and_then(|proc| Cgroups::of("self", proc.as_fd()).ok());
    let Some(dir) = own.as_ref().and_then(Cgroups::unified).map(|folder| &folder.dir) else { return vec![] };
    let has = |dir: &Path| fs::read_to_string(dir.join("cgroup.controllers")).unwrap_or_default();
    let leaf = dir.file_name().is_some_and(|name| name == LEAF);
    let has = has(dir.parent().filter(|_| leaf).unwrap_or(dir));
    let wanted = ["cpu", "cpuset", "io", "memory", "pids"].map(str::to_owned).into_iter();
    wanted.filter(|name| !has.split_whitespace().any(|word| word == name)).collect()
}

/// The leaf to which this process goes out of a cgroup that shall hand controllers on.
const LEAF: &str = "unha-self";

/// Finds the cgroup below which this process may make one with limits for pids, memory and cpu. Changes nothing.
///
/// # Errors
/// Why there is none, with what was seen.
pub fn parent() -> Result<Parent, NoCgroup> {
    let proc = fs::File::open("/proc").map_err(|error| NoCgroup::Unread(format!("open(\"/proc\"): {error}")))?;
    let own = Cgroups::of("self", proc.as_fd()).map_err(|error| NoCgroup::Unread(error.to_string()))?;
    match own.version_of_limits() {
        None => Err(NoCgroup::NotMounted),
        Some(Version::V1) => writable(Group::of(&own)).map(Parent::of),
        Some(Version::V2) => below_unified(&own).map_err(|why| why.with_scope(scope::refused())),
    }
}

impl Parent {
    const fn of(group: Group) -> Self {
        Self { group, lacks: vec![], of_the_machine: false, leave: false }
    }

    /// Moves this process, and only this one, out of the cgroup into a leaf of it, if it is in the way there.
    ///
    /// # Errors
    /// What the kernel refused.
    pub fn settle(&self) -> Result<(), SysError> {
        if !self.leave {
            return Ok(());
        }
        let leaf = self.group.child(LEAF);
        leaf.create().or_else(|error| if error.errno == Errno::EEXIST { Ok(()) } else { Err(error) })?;
        leaf.join()
    }

    /// Takes the turn to change what it hands on, until the value is dropped; then it is to be looked for once more. Else
    /// another run could switch off between our look and our first limit what nobody seems to use: flock(2).
    #[must_use]
    pub fn turn(&self) -> Option<Flock<fs::File>> {
        let unified = self.group.folders.iter().find(|(_, v2, _)| *v2)?;
        turn(&unified.2)
    }

    /// Makes it hand on what it lacks. Only after that is written down: see [`super::record`].
    ///
    /// # Errors
    /// The write that the kernel refused.
    pub fn hand_on(&self) -> Result<(), SysError> {
        self.settle()?;
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

fn turn(dir: &Path) -> Option<Flock<fs::File>> {
    Flock::lock(fs::File::open(dir).ok()?, FlockArg::LockExclusive).ok()
}

/// Makes the cgroup above no longer hand on what was switched on for a run, unless somebody has come to use it: a limit
/// is set in a cgroup there, or one hands it on itself (EBUSY).
pub fn take_back(group: &Group, controllers: &[String]) {
    let Some(parent) = group.dirs().first().and_then(|dir| dir.parent()).filter(|_| !controllers.is_empty()) else {
        return;
    };
    let _turn = turn(parent);
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

/// The cgroups below a cgroup.
fn children(dir: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(dir)?.filter_map(Result::ok);
    Ok(entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect())
}
