//! Everything that lives in other namespaces than the machine's first process, as a tree: no lesson made it, no engine told of it.
//!
//! namespaces(7), `proc_pid_ns(5)`. A container is no object of the kernel: what there is are processes, and those that are in the
//! same eight namespaces belong together. The learner sees a line for each such group, below the group that started it.

mod grouping;
mod ourselves;
mod process;
mod watcher;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use self::process::{cgroup_of, name_of, started};
pub use self::watcher::Watcher;
use super::engines::Container;
pub use super::evidence::Kind;

/// The namespaces of a process, by their inodes, in the order of [`Kind::ALL`]; 0 for a kind that this kernel has not got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Namespaces(pub [u64; 8]);

impl Namespaces {
    /// The inode of one kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        Kind::ALL.iter().position(|known| *known == kind).map_or(0, |at| self.0[at])
    }

    /// The kinds in which two differ.
    #[must_use]
    pub fn apart(&self, other: &Self) -> Vec<Kind> {
        let pairs = self.0.iter().zip(&other.0).zip(Kind::ALL);
        pairs.filter(|((here, there), _)| here != there).map(|(_, kind)| kind).collect()
    }
}

/// With whose namespaces all are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Those of process 1 of the viewer's /proc.
    #[default]
    Init,
    /// Those of whoever looks: process 1 may not be read, as by an ordinary user.
    Viewer,
}

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number, as the viewer's /proc has it.
    pub pid: u32,
    /// When it was started, in ticks since the machine's start: with the number it names the process for good.
    pub started: u64,
    /// The same in seconds since 1970, for people.
    pub since: u64,
    /// Its parent's number; 0 where that is outside of the viewer's PID namespace.
    pub parent: u32,
    /// Its name (`comm`), nothing in it that would command a terminal.
    pub name: String,
    /// Its command line, words with blanks between, likewise; its name in brackets where it has none.
    pub command: String,
    /// Its user id, as the viewer numbers users.
    pub uid: u32,
    /// Its number in its own PID namespace.
    pub pid_inside: u32,
    /// Its cgroup: of version 2, or where that is empty or not there, the longest path of version 1's.
    pub cgroup: String,
}

/// All processes that are in the same eight namespaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Their namespaces: what names the group from one look to the next.
    pub namespaces: Namespaces,
    /// Which kinds of these are others than the origin's; never empty.
    pub apart: Vec<Kind>,
    /// The group, by its place in [`Tree::groups`], that the first process descends from; `None` where that is the machine.
    pub parent: Option<usize>,
    /// How many groups stand above it.
    pub depth: usize,
    /// Its first process: the oldest whose parent is in another group, or the oldest.
    pub first: Process,
    /// The parent of that, its parent and so on, in the group or not, the first 64 of them.
    #[serde(default)]
    pub ancestors: Vec<u32>,
    /// The numbers of all, zombies too, in order.
    pub pids: Vec<u32>,
    /// How many of them have ended while nobody has asked how.
    pub zombies: usize,
    /// Of the kinds that are apart, those that other groups are in as well, and these groups by their place in
    /// [`Tree::groups`], the first 32 of them: a sidecar shares net so.
    pub shares: BTreeMap<Kind, Vec<usize>>,
    /// Whose container it is, where an engine or the cgroup's path tells; [`super::engines::Roster::name`] fills it in.
    pub container: Option<Container>,
}

/// One look at all processes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tree {
    /// With whose namespaces they are compared.
    pub origin: Origin,
    /// And these.
    pub namespaces: Namespaces,
    /// The groups, each below the one that it descends from, the oldest first: ready to be drawn from top to bottom.
    pub groups: Vec<Group>,
    /// How many processes there are, threads of the kernel apart.
    pub processes: usize,
    /// How many of them are in the origin's namespaces.
    pub here: usize,
    /// How many have ended and nobody has asked how, in groups or not: the kernel tells no namespaces of them, so each
    /// counts where it was last seen, else where its parent is.
    pub zombies: usize,
    /// How many may not be looked into: they are other users', and in no group.
    pub closed: usize,
    /// How many ended while they were looked at.
    pub ended: usize,
}

impl Tree {
    /// The groups that descend from a process and from none of each other: what the starter outside has started.
    #[must_use]
    pub fn started_by(&self, pid: u32) -> Vec<&Group> {
        let descends = |group: &Group| group.first.pid != pid && group.ancestors.contains(&pid);
        let is_below = |group: &Group| group.parent.and_then(|at| self.groups.get(at)).is_some_and(descends);
        self.groups.iter().filter(|group| descends(group) && !is_below(group)).collect()
    }

    /// The group that a process is in.
    #[must_use]
    pub fn home_of(&self, pid: u32) -> Option<&Group> {
        self.groups.iter().find(|group| group.pids.contains(&pid))
    }
}
