//! Where the cgroup hierarchies are mounted, and which folder a process has in them.
//!
//! cgroups(7), `cgroup_namespaces(7)`, `proc_pid_mountinfo(5)`. A controller sits either in the one hierarchy of
//! version 2 or in a version 1 hierarchy of its own; distributions, containers and WSL mount them in different
//! places, so nothing is taken for granted: `/proc/self/mountinfo` says where, `/proc/PID/cgroup` which folder.
//! The learner sees the result as the path of a folder that `mkdir` makes.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::BorrowedFd;
use std::path::{Component, Path, PathBuf};

use procfs_core::process::MountInfo;
use procfs_core::{FromRead, ProcessCGroups};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, StatxFlags, openat, statx};

/// Which cgroup interface a controller is served by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// A hierarchy for each controller (or a few together).
    V1,
    /// One hierarchy for all.
    V2,
}

/// The controllers that unha sets limits with or reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Controller {
    /// How many processes and threads.
    Pids,
    /// How much memory.
    Memory,
    /// How much CPU time.
    Cpu,
    /// CPU time used. A controller in version 1; in version 2 every cgroup counts it in `cpu.stat`.
    Cpuacct,
    /// How much is read from and written to disks. Version 1 calls it blkio.
    Io,
    /// Which devices may be opened. A controller in version 1; in version 2 a program attached to the cgroup.
    Devices,
    /// Stopping and going on. A controller in version 1; in version 2 every cgroup has the file.
    Freezer,
}

impl Controller {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Pids, Self::Memory, Self::Cpu, Self::Cpuacct, Self::Io, Self::Devices, Self::Freezer];

    /// The kernel's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pids => "pids",
            Self::Memory => "memory",
            Self::Cpu => "cpu",
            Self::Cpuacct => "cpuacct",
            Self::Io => "io",
            Self::Devices => "devices",
            Self::Freezer => "freezer",
        }
    }

    /// What version 1 calls it.
    const fn name_in_v1(self) -> &'static str {
        if matches!(self, Self::Io) { "blkio" } else { self.name() }
    }

    /// Whether a cgroup of version 2 must hand it on for those below to have it; the others every cgroup has.
    #[must_use]
    pub const fn is_handed_on(self) -> bool {
        matches!(self, Self::Pids | Self::Memory | Self::Cpu | Self::Io)
    }
}

/// A process's place in the hierarchy of one controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The interface that its files have.
    pub version: Version,
    /// Where the hierarchy is mounted.
    pub mount: PathBuf,
    /// The process's folder, at or below the mount point.
    pub dir: PathBuf,
}

impl Folder {
    /// Whether it is the topmost cgroup of its hierarchy, which counts what the whole machine does. No other place than the
    /// mount point can be, but that does not tell: in a cgroup namespace another is mounted as `/` too. Each version has a
    /// file that only the topmost has, or only the others.
    #[must_use]
    pub fn is_topmost(&self) -> bool {
        let has = |file: &str| self.dir.join(file).exists();
        self.dir == self.mount
            && match self.version {
                Version::V1 => has("release_agent"),
                Version::V2 => has("cgroup.procs") && !has("cgroup.events"),
            }
    }
}

/// One line of `/proc/PID/cgroup`: a hierarchy, and where the process is in it.
#[derive(Debug)]
struct Line {
    version: Version,
    controllers: Vec<String>,
    path: String,
}

/// The cgroups of one process, as the reader's mounts and cgroup namespace show them.
#[derive(Debug)]
pub struct Cgroups {
    lines: Vec<Line>,
    folders: [Option<Folder>; 7],
    unified: Option<Folder>,
}

/// What a look at the file system must answer beside the two texts; tests answer it themselves.
struct Look<'a> {
    /// Whether the mount is the one that its mount point leads to, and not hidden below another.
    on_top: &'a dyn Fn(&MountInfo) -> bool,
    /// The controllers that the version 2 hierarchy mounted here hands out (its file `cgroup.controllers`).
    controllers: &'a dyn Fn(&Path) -> String,
}

impl Cgroups {
    /// Finds the cgroups of `pid` (a number or `self`) by means of the procfs that `proc` is open on.
    ///
    /// # Errors
    /// The call that failed and its errno, such as `open("/proc/7/cgroup") = ENOENT`; the kind is kept.
    pub fn of(pid: &str, proc: BorrowedFd<'_>) -> io::Result<Self> {
        // The reader's own mounts, for its own paths; thread-self, because a thread may have others than its process.
        let mountinfo = read(proc, "thread-self/mountinfo")?;
        let cgroup = read(proc, &format!("{pid}/cgroup"))?;
        Ok(Self::from_texts(&mountinfo, &cgroup))
    }

    /// The same from the texts of the reader's own `mountinfo` and of the process's `cgroup`, just read.
    #[must_use]
    pub fn from_texts(mountinfo: &str, cgroup: &str) -> Self {
        Self::parse(mountinfo, cgroup, &Look { on_top: &is_on_top, controllers: &handed_out })
    }

    /// Which interface serves `controller` here; `None` where no hierarchy has it.
    #[must_use]
    pub fn version(&self, controller: Controller) -> Option<Version> {
        let v1 = self.line(controller).is_some_and(|line| line.version == Version::V1);
        if v1 { Some(Version::V1) } else { self.folder(controller).map(|folder| folder.version) }
    }

    /// The interface of the hierarchies that can limit: `V1` as soon as one of them is still there (hybrid).
    #[must_use]
    pub fn version_of_limits(&self) -> Option<Version> {
        let versions = [Controller::Pids, Controller::Memory, Controller::Cpu].map(|c| self.version(c));
        if versions.contains(&Some(Version::V1)) { Some(Version::V1) } else { versions.into_iter().flatten().next() }
    }

    /// The process's place in `controller`'s hierarchy, if a mount leads there.
    #[must_use]
    pub const fn folder(&self, controller: Controller) -> Option<&Folder> {
        self.folders[controller as usize].as_ref()
    }

    /// The process's folder in `controller`'s hierarchy, if a mount leads there.
    #[must_use]
    pub fn dir(&self, controller: Controller) -> Option<&Path> {
        self.folder(controller).map(|folder| folder.dir.as_path())
    }

    /// The process's place in the version 2 hierarchy, whether or not that has controllers.
    #[must_use]
    pub const fn unified(&self) -> Option<&Folder> {
        self.unified.as_ref()
    }

    /// The cgroup's path as `/proc/PID/cgroup` names it: relative to the root of the reader's cgroup namespace, and
    /// beginning with `/..` where it lies outside of that.
    #[must_use]
    pub fn path(&self, controller: Controller) -> Option<&str> {
        self.line(controller).map(|line| line.path.as_str())
    }

    fn line(&self, controller: Controller) -> Option<&Line> {
        line_of(&self.lines, controller)
    }

    fn parse(mountinfo: &str, cgroup: &str, look: &Look<'_>) -> Self {
        let lines = lines(cgroup);
        let mounts: Vec<MountInfo> = mountinfo
            .lines()
            // Only these are taken apart, so that no odd line of some other file system is in the way.
            .filter(|line| line.contains(" - cgroup"))
            .filter_map(|line| MountInfo::from_line(line).ok())
            .collect();

        let unified =
            lines.iter().find(|line| line.version == Version::V2).and_then(|line| folder(line, &mounts, look));
        let handed_out = unified.as_ref().map_or_else(String::new, |folder| (look.controllers)(&folder.mount));
        let mut cgroups = Self { lines, folders: Default::default(), unified };
        cgroups.folders = Controller::ALL.map(|controller| {
            let line = cgroups.line(controller)?;
            match line.version {
                Version::V1 => folder(line, &mounts, look),
                // Beside version 1, a version 2 hierarchy may have no controllers; some things it does all the same.
                Version::V2 => {
                    let here = !controller.is_handed_on()
                        || handed_out.split_ascii_whitespace().any(|name| name == controller.name());
                    cgroups.unified.clone().filter(|_| here)
                }
            }
        });
        cgroups
    }
}

/// As [`Cgroups::path`], from the text of a `/proc/PID/cgroup` alone.
#[must_use]
pub fn path_of(cgroup: &str, controller: Controller) -> Option<String> {
    line_of(&lines(cgroup), controller).map(|line| line.path.clone())
}

/// The line that speaks of `controller`: a version 1 line names it, the version 2 line has what is left.
fn line_of(lines: &[Line], controller: Controller) -> Option<&Line> {
    let named = |line: &&Line| line.controllers.iter().any(|name| name == controller.name_in_v1());
    lines.iter().find(named).or_else(|| lines.iter().find(|line| line.version == Version::V2))
}

fn lines(cgroup: &str) -> Vec<Line> {
    let line = |cgroup: procfs_core::ProcessCGroup| Line {
        version: if cgroup.hierarchy == 0 { Version::V2 } else { Version::V1 },
        controllers: cgroup.controllers,
        path: cgroup.pathname,
    };
    ProcessCGroups::from_read(cgroup.as_bytes()).map_or_else(|_| Vec::new(), |all| all.into_iter().map(line).collect())
}

/// The folder of a hierarchy's line, below the first mount of that hierarchy that shows it.
fn folder(line: &Line, mounts: &[MountInfo], look: &Look<'_>) -> Option<Folder> {
    let of_this_hierarchy = |mount: &&MountInfo| match line.version {
        Version::V2 => mount.fs_type == "cgroup2",
        Version::V1 => {
            mount.fs_type == "cgroup" && line.controllers.iter().any(|name| mount.super_options.contains_key(name))
        }
    };
    mounts.iter().filter(of_this_hierarchy).filter(|mount| (look.on_top)(mount)).find_map(|mount| {
        let mount_point = PathBuf::from(unescape(&mount.mount_point.to_string_lossy()));
        let below = below(&line.path, &unescape(&mount.root))?;
        let dir = if below.as_os_str().is_empty() { mount_point.clone() } else { mount_point.join(below) };
        Some(Folder { version: line.version, mount: mount_point, dir })
    })
}

/// Where a cgroup lies below the cgroup that a mount shows as its root; both paths start from the reader's cgroup
/// namespace. `None` where the mount does not show it: a `..` has no name from here.
fn below(cgroup: &str, root: &str) -> Option<PathBuf> {
    let rest = Path::new(cgroup).strip_prefix(root).ok()?;
    let named = !rest.components().any(|part| part == Component::ParentDir);
    named.then(|| rest.to_owned())
}

/// Version 1 counts from 2 to 262144, version 2 from 1 to 10000: the curve on which 1024, the usual weight there, is 100,
/// the usual one here. <https://github.com/opencontainers/cgroups/pull/20>.
#[must_use]
pub fn weight(shares: u64) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "beyond 2^52 it is the largest weight all the same")]
    let power = (shares.clamp(2, 262_144) as f64).log2();
    let exponent = (power * power + 125.0 * power) / 612.0 - 7.0 / 34.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 10000")]
    let weight = (10_f64.powf(exponent) - 1e-9).ceil() as u64;
    weight.clamp(1, 10_000)
}

/// mountinfo writes space, tab, newline and backslash as `\040` and so on.
#[must_use]
pub fn unescape(field: &str) -> String {
    let mut text = Vec::with_capacity(field.len());
    let mut bytes = field.as_bytes();
    while let [first, rest @ ..] = bytes {
        let octal = rest.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) if *first == b'\\' => {
                text.push(byte);
                bytes = &rest[3..];
            }
            _ => {
                text.push(*first);
                bytes = rest;
            }
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// A hidden mount still has its line. The kernel numbers mounts; before 5.8 it does not tell: then believe the line.
fn is_on_top(mount: &MountInfo) -> bool {
    let path = unescape(&mount.mount_point.to_string_lossy());
    match statx(CWD, path.as_str(), AtFlags::empty(), StatxFlags::MNT_ID) {
        Ok(seen) if seen.stx_mask & StatxFlags::MNT_ID.bits() != 0 => {
            i32::try_from(seen.stx_mnt_id) == Ok(mount.mnt_id)
        }
        Ok(_) | Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => true,
        Err(_) => false,
    }
}

fn handed_out(mount: &Path) -> String {
    std::fs::read_to_string(mount.join("cgroup.controllers")).unwrap_or_default()
}

fn read(proc: BorrowedFd<'_>, path: &str) -> io::Result<String> {
    let refused = |call: &str, error: io::Error| {
        let errno =
            error.raw_os_error().map_or_else(|| error.to_string(), |n| format!("{:?}", nix::Error::from_raw(n)));
        io::Error::new(error.kind(), format!("{call}(\"/proc/{path}\") = {errno}"))
    };
    let fd = openat(proc, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
    let mut file = File::from(fd.map_err(|errno| refused("open", errno.into()))?);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| refused("read", error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests;
