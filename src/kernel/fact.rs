//! Facts: what is true of a place at one moment, read from the kernel.
//!
//! A fact is seen from a side (whose view) and, for some, is about a subject: the box's first process
//! has one PID per level. The learner sees facts as the rows of the two columns.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Whose view a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The real machine.
    Machine,
    /// The bench, which stands for the host.
    Outside,
    /// The box.
    Inside,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// One observable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Fact { $($(#[$doc])* #[serde(rename = $key)] $name,)* }

        impl Fact {
            /// All facts, in the order of the columns.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The key by which data files, JSON and the screen name the fact.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }
        }
    };
}

facts! {
    /// The host name: the UTS namespace's nodename. The viewer's own.
    Hostname = "hostname",
    /// Inode of the UTS namespace, such as `4026531838`. Likewise the other `ns.*` facts.
    NsUts = "ns.uts",
    /// Inode of the PID namespace.
    NsPid = "ns.pid",
    /// 1 where the next child of the side's process will be in another PID namespace than the process itself, else 0: who
    /// unshares does not move.
    AwaitsChild = "pid.awaits-child",
    /// 1 where the side's /proc shows the PID namespace that its process is in, else 0.
    ProcIsOwn = "proc.own",
    /// Inode of the mount namespace.
    NsMnt = "ns.mnt",
    /// Inode of the IPC namespace.
    NsIpc = "ns.ipc",
    /// Inode of the network namespace.
    NsNet = "ns.net",
    /// Inode of the cgroup namespace.
    NsCgroup = "ns.cgroup",
    /// Inode of the user namespace.
    NsUser = "ns.user",
    /// Inode of the time namespace.
    NsTime = "ns.time",
    /// The kernel's release, uname(2): the same on every side, for there is one kernel.
    Kernel = "kernel",
    /// The PID of the box's first process as the side sees it.
    Pid = "pid",
    /// The user id of the box's first process as the side sees it.
    Uid = "uid",
    /// The side's map of user ids, as it reads it itself: lines such as `0 100000 65536`, which are the first id there, the
    /// first one outside of its user namespace, and how many.
    UidMap = "uid-map",
    /// The side's map of group ids, likewise.
    GidMap = "gid-map",
    /// How many processes the side's /proc lists.
    Processes = "processes",
    /// How many of those that the box's /proc lists have ended while nobody has asked how: `ps` calls them defunct.
    Zombies = "zombies",
    /// How many entries the side's mount table has.
    Mounts = "mounts",
    /// Mount points that only this side's mount table has, of those that came after the start.
    MountPoints = "mount-points",
    /// Where new mounts at the side's `/` go and come from: `shared`, `slave`, `private` or `unbindable`.
    Propagation = "propagation",
    /// Where the outside's `/` is to the side: among its own mounts, and `/..` where its own `/` is only a folder below.
    /// Once the old root is gone, nowhere.
    OldRoot = "old-root",
    /// Descriptors of the box's first process that lead out of its own files: each its number and what it is open on, such
    /// as `7→/`.
    Leaks = "fd.leaks",
    /// `PRETTY_NAME` of the side's /etc/os-release.
    Os = "os",
    /// Device and inode of the side's `/`, such as `0:45/2`.
    Root = "root",
    /// File system type of the side's `/`.
    RootType = "root-type",
    /// Of how many folders the overlay at the side's `/` is made, the one that takes the writes among them.
    RootLayers = "root-layers",
    /// The box's cgroup as the side sees it.
    Cgroup = "cgroup",
    /// `pids.max` of the box's cgroup: a number or `max`.
    PidsMax = "pids.max",
    /// Processes and threads now in the box's cgroup.
    PidsNow = "pids.current",
    /// How often the cgroup refused a fork (`pids.events` max).
    PidsRefused = "pids.refused",
    /// `memory.max` in bytes, or `max`.
    MemoryMax = "memory.max",
    /// Bytes now charged to the box's cgroup.
    MemoryNow = "memory.current",
    /// How many processes the cgroup's memory limit has killed.
    OomKills = "memory.oom-kills",
    /// What the kernel's log said when it last killed for that: `Memory cgroup out of memory: Killed process 6507 (dd)`.
    OomWords = "memory.oom-words",
    /// CPU limit in percent of one core, or `max`.
    CpuMax = "cpu.max",
    /// CPU used since the last sample, in percent of one core.
    CpuNow = "cpu.current",
    /// How often the box had to wait for CPU (`nr_throttled`).
    CpuThrottled = "cpu.throttled",
    /// For how long, in milliseconds.
    CpuThrottledTime = "cpu.throttled-time",
    /// How much CPU it gets while others want it too, in version 2's numbers: 100 is usual.
    CpuWeight = "cpu.weight",
    /// Of the CPU time that the cgroups beside it and itself had since the last sample, the box's part, in percent.
    CpuShare = "cpu.share",
    /// How many bytes a second may be written to a disk, or `max`.
    IoMax = "io.max",
    /// Bytes that were written to disks so far.
    IoWritten = "io.written",
    /// Bytes a second written to disks since the last sample.
    IoNow = "io.current",
    /// 1 while every process of the box's cgroup stands still, else 0.
    Frozen = "frozen",
    /// Of the last ten seconds, the part in which some process waited for CPU, in percent: pressure stall information.
    CpuPressure = "cpu.pressure",
    /// The same, waited for memory.
    MemoryPressure = "memory.pressure",
    /// The same, waited for a disk.
    IoPressure = "io.pressure",
    /// `MemTotal` of the side's /proc/meminfo in bytes.
    MemTotal = "memtotal",
    /// Seconds since the machine was started as the side counts them, in whole minutes as uptime(1) shows them.
    Uptime = "uptime",
    /// How many seconds the side's time namespace adds to that; below zero it is a text, such as `-60`.
    Boottime = "boottime",
    /// Network links that the side has.
    Links = "links",
    /// Those of them that are up.
    LinksUp = "links.up",
    /// The side's addresses, each `link address/prefix`, without those that every link gives itself (fe80::/10).
    Addresses = "addresses",
    /// Bits per second that the box's cable lets in, or `max`.
    NetRate = "net.rate",
    /// Bits per second that came in by the box's links, `lo` apart, since the last sample.
    NetNow = "net.current",
    /// Packets to the box that the limit has dropped.
    NetDropped = "net.dropped",
    /// System V shared memory segments and message queues that the side sees.
    Ipc = "ipc",
    /// POSIX message queues that the side's /dev/mqueue lists, if such a file system is mounted there.
    Queues = "queues",
    /// Device files in the side's /dev, links apart.
    Devices = "devices",
    /// Capabilities that count when the side's process calls the kernel (`CapEff`): `CAP_CHOWN` and so on.
    CapEff = "cap.eff",
    /// Capabilities that a program executed there can get at most (`CapBnd`).
    CapBnd = "cap.bnd",
    /// 1 where no executed program gives more rights (`NoNewPrivs`), else 0.
    NoNewPrivs = "no-new-privs",
    /// 2 where a filter looks at each system call (`Seccomp`), else 0; 1 is the old mode with four calls.
    Seccomp = "seccomp",
}

impl Fact {
    /// Whether it is a limit of the box's cgroup, or what counts against one.
    #[must_use]
    pub fn is_of_cgroup(self) -> bool {
        self == Self::Frozen || ["pids.", "memory.", "cpu.", "io."].iter().any(|part| self.key().starts_with(part))
    }

    /// Whether the value only names a thing (inode, PID) or goes on by itself (time): compared across sides, never across
    /// restarts.
    #[must_use]
    pub const fn is_identity(self) -> bool {
        matches!(
            self,
            Self::NsUts
                | Self::NsPid
                | Self::NsMnt
                | Self::NsIpc
                | Self::NsNet
                | Self::NsCgroup
                | Self::NsUser
                | Self::NsTime
                | Self::Uptime
                | Self::Pid
                | Self::Root
                | Self::Cgroup
        )
    }

    /// Whether it is read only of what somebody else than unha has made: by hand, or a process that is inspected.
    #[must_use]
    pub const fn is_of_others(self) -> bool {
        matches!(
            self,
            Self::AwaitsChild
                | Self::ProcIsOwn
                | Self::Zombies
                | Self::Propagation
                | Self::OldRoot
                | Self::RootLayers
                | Self::Leaks
        )
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Fact {
    type Err = ();

    fn from_str(key: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|f| f.key() == key).ok_or(())
    }
}

/// What a fact's value is: a number where it counts, else words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A count, a size in bytes, an id, an inode.
    Number(u64),
    /// Anything else, as the kernel says it.
    Text(String),
    /// Several names, such as the links.
    List(Vec<String>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => f.write_str(&items.join(" ")),
        }
    }
}

/// A fact as read: its value, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// What the kernel said.
    Value(Value),
    /// Why nothing could be read, in the kernel's words (a call and its errno).
    Missing(String),
}

impl Reading {
    /// The value, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing(_) => None,
        }
    }
}

/// All facts of one side.
pub type Facts = BTreeMap<Fact, Reading>;

/// One moment of all sides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The real machine's true values.
    pub machine: Facts,
    /// The bench's.
    pub outside: Facts,
    /// The box's; empty while no box runs.
    pub inside: Facts,
}

impl Snapshot {
    /// The facts of one side.
    #[must_use]
    pub const fn side(&self, side: Side) -> &Facts {
        match side {
            Side::Machine => &self.machine,
            Side::Outside => &self.outside,
            Side::Inside => &self.inside,
        }
    }

    /// The value of `fact` on `side`, if it could be read.
    #[must_use]
    pub fn value(&self, side: Side, fact: Fact) -> Option<&Value> {
        self.side(side).get(&fact).and_then(Reading::value)
    }
}
