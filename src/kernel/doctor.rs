//! What this machine can do, found out by doing it: each thing in a process that is thrown away, with a deadline.
//!
//! namespaces(7), user_namespaces(7), cgroups(7). Version numbers and settings promise much; what counts is whether the
//! call is taken, and what the one after it says. The learner sees it as `unha doctor`.

mod about;
mod child;
mod ids;
mod namespaces;
mod resources;
mod stand;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use self::about::About;
use super::reason::{Because, Evidence, Reason};
use super::run_cgroup;

/// One thing that a machine does or does not do. Its word, in kebab-case, is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A user namespace whose root has the powers of one.
    User,
    /// A host name of its own, and setting it.
    Uts,
    /// Process numbers of its own: a first process that is 1.
    Pid,
    /// Mounts of its own, and mounting there.
    Mount,
    /// A new /proc for new process numbers.
    Proc,
    /// IPC objects of its own.
    Ipc,
    /// Network links of its own.
    Net,
    /// A view of cgroups of its own.
    CgroupNamespace,
    /// Clocks of its own, and setting them.
    Time,
    /// A pair of network links and a queue that holds back what it sends.
    Cable,
    /// An overlay mounted in a user namespace.
    Overlay,
    /// pivot_root(2).
    PivotRoot,
    /// A cgroup with limits that are in force.
    Cgroup,
    /// A range of ids in a user namespace.
    Ids,
    /// Pressure stall information.
    Pressure,
    /// Stopping a box and letting it go on.
    Freezer,
    /// Bandwidth of a disk.
    Disk,
    /// Taking a device away from a box.
    Devices,
    /// The bench: all of the above that it needs, as it needs it.
    Bench,
    /// A box on the bench, with everything that lessons switch on.
    Box,
    /// The built-in root file system.
    Rootfs,
    /// The programs that lessons call.
    Programs,
    /// Columns and rows of the terminal.
    Size,
    /// Colours of the terminal.
    Colours,
    /// Letters beyond ASCII: the locale's encoding.
    Letters,
    /// Signs and lines: what the terminal's font has.
    Glyphs,
}

impl What {
    /// The word.
    #[must_use]
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// How well it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// All of it.
    Works,
    /// Less than all of it, and lessons still go.
    Partly,
    /// Not at all.
    Not,
}

/// What was found out about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The thing.
    pub what: What,
    /// How well it goes.
    pub standing: Standing,
    /// Why it does not go, or not better.
    pub because: Option<Because>,
    /// What was found where it goes, such as `80×24`: a value that has no language.
    pub value: Option<String>,
}

impl Finding {
    /// It goes.
    #[must_use]
    pub const fn works(what: What, value: Option<String>) -> Self {
        Self { what, standing: Standing::Works, because: None, value }
    }

    /// It goes, but not all of it.
    #[must_use]
    pub const fn partly(what: What, because: Because) -> Self {
        Self { what, standing: Standing::Partly, because: Some(because), value: None }
    }

    /// It does not go.
    #[must_use]
    pub const fn not(what: What, because: Because) -> Self {
        Self { what, standing: Standing::Not, because: Some(because), value: None }
    }

    fn of(what: What, done: Result<Option<String>, Because>) -> Self {
        match done {
            Ok(value) => Self::works(what, value),
            Err(because) => Self::not(what, because),
        }
    }
}

/// Tries everything that is the kernel's. Its bench and box get `rootfs`; records of what outlives a process go to
/// `records`. The caller must be single-threaded.
#[must_use]
pub fn examine(rootfs: Option<&Path>, records: &Path) -> Vec<Finding> {
    let mut found = namespaces::all();
    found.push(ids::finding());
    found.push(pressure());
    found.extend(stand::all(rootfs, records));
    found.sort_by_key(|finding| finding.what);
    found
}

/// What the agenda asks in a moment: whether namespaces can be had with their powers, and a cgroup (its version).
/// The caller must be single-threaded.
pub fn glance() -> (Result<(), Because>, Result<u8, Because>) {
    (namespaces::bench_like(), cgroup_version())
}

/// The version of the cgroups in which this process may set limits. Changes nothing.
///
/// # Errors
/// Why there is none.
pub fn cgroup_version() -> Result<u8, Because> {
    let parent = run_cgroup::parent().map_err(|why| Because::of_no_cgroup(&why, &Evidence::look()))?;
    Ok(if parent.group.folder("memory").is_some_and(|(_, v2)| v2) { 2 } else { 1 })
}

/// Whether the kernel keeps account of who waits for what. Reading is the test: the file may be there and say
/// `EOPNOTSUPP`.
fn pressure() -> Finding {
    let done = std::fs::read_to_string("/proc/pressure/cpu");
    Finding::of(
        What::Pressure,
        done.map(|_| None)
            .map_err(|error| Because::seen(Reason::PressureOff, [format!("/proc/pressure/cpu: {error}")])),
    )
}
