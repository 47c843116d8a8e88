//! What the session and the bench say to each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ids::Range;
use super::without::Without;
use crate::kernel::container::Spec;
use crate::kernel::container::cgroup::{Group, Limits};
use crate::kernel::container::link::Failed;
use crate::kernel::fact::Facts;
use crate::kernel::run_cgroup::{NoCgroup, NoScope};

/// How a bench shall be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Config {
    /// Its host name.
    pub hostname: String,
    /// The root file system that boxes may get.
    pub rootfs: Option<PathBuf>,
    /// Whether to make cgroups at all.
    pub cgroup: bool,
    /// The folder of records.
    pub records: PathBuf,
    /// No bench at all: the machine itself is the outside.
    #[serde(default)]
    pub host: bool,
    /// Why systemd gave no scope, if it was asked in vain.
    pub no_scope: Option<NoScope>,
}

/// What a bench turned out to be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Standing {
    /// The cgroup below which boxes get theirs, as the bench's own mounts show it.
    pub cgroup: Option<Group>,
    /// Why there is none.
    pub no_cgroup: Option<NoCgroup>,
    /// What could not be had, and why.
    pub without: Vec<Without>,
    /// The bench's ids for boxes with a user namespace of their own, if it has more than one.
    pub ids: Option<Range>,
    /// Whether its files are an overlay that can be written to.
    pub writable: bool,
    /// The folder with the overlay of boxes: `upper`, `work`, `root`; empty where each box has one of its own.
    pub place: PathBuf,
    /// Whether the outside is the machine itself.
    #[serde(default)]
    pub host: bool,
    /// What the end outside of a box's cable is called; `None` where there can be no such cable.
    #[serde(default)]
    pub cable: Option<String>,
    /// The root file system, as the bench's own mounts show it.
    pub rootfs: Option<PathBuf>,
    /// A file on a real disk, to be written to where bandwidth is limited.
    #[serde(default)]
    pub disk: Option<Disk>,
}

/// A file on a disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Where the machine has it; on the bench it is [`Disk::ON_THE_BENCH`].
    pub file: PathBuf,
    /// Major and minor number of the whole disk.
    pub numbers: (u32, u32),
}

impl Disk {
    /// Where the bench has it, and boxes that share the bench's files.
    pub const ON_THE_BENCH: &str = "/run/unha/disk";
}

/// What the session asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Start the outside shell.
    Outside(Spec),
    /// Stop the box, if one runs, and start this one.
    Start(Spec, Limits),
    /// Stop the box.
    Stop,
    /// Stop the box and forget the files that it wrote.
    Forget,
    /// Set limits of the running box.
    Limit(Limits),
    /// Look at the bench and the box.
    Look,
    /// Look at the bench and at what is most apart from it, whoever made that.
    LookApart,
}

/// What the bench reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Report {
    /// The bench stands. Comes with a pidfd of its PID 1.
    Standing(Standing),
    /// The bench could not be made.
    Failed(Failed),
    /// The outside shell runs; comes with its terminal and its pidfd.
    Outside,
    /// The box runs: its first process's PID as the bench sees it. Comes with its terminal and its pidfd.
    Box(i32),
    /// The box could not be started.
    BoxFailed(Failed),
    /// A shell ended: whether it was the box's first process, the exit code if it exited, else the signal.
    Ended {
        /// The box's, or the outside shell.
        of_box: bool,
        /// By exit(2).
        exit: Option<i32>,
        /// By a signal.
        signal: Option<i32>,
    },
    /// The limits that are in force after a [`Request::Limit`], read back; or the refusal.
    Limits(Result<Limits, Failed>),
    /// What the bench and the box look like.
    Seen {
        /// The bench's view.
        outside: Facts,
        /// The box's view.
        inside: Facts,
        /// Limits of the box read back from its cgroup, if the box's first process is a member of it.
        held: Option<Limits>,
    },
}
