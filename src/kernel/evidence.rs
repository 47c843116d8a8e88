//! What was seen of a process that claims to be a container: all that a judge needs, and no judgement.
//!
//! namespaces(7), cgroups(7), capabilities(7), proc(5). Whoever looks is the outside: everything is compared with what the
//! looking process has itself, be it a machine or a bench that stands for one.
//! The learner sees it as the line below each verdict.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was seen, or the call and the errno that kept it from being seen.
pub type Seen<T> = Result<T, String>;

/// A kind of namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// User and group ids.
    User,
    /// The host name.
    Uts,
    /// Process numbers.
    Pid,
    /// The mount table.
    Mnt,
    /// The network.
    Net,
    /// System V objects and message queues.
    Ipc,
    /// The root of what is seen of cgroups.
    Cgroup,
    /// The clocks that count from the machine's start.
    Time,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::User, Self::Uts, Self::Pid, Self::Mnt, Self::Net, Self::Ipc, Self::Cgroup, Self::Time];

    /// The name of its link in `/proc/PID/ns`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Uts => "uts",
            Self::Pid => "pid",
            Self::Mnt => "mnt",
            Self::Net => "net",
            Self::Ipc => "ipc",
            Self::Cgroup => "cgroup",
            Self::Time => "time",
        }
    }
}

/// A namespace of the process beside the looker's of the same kind, each by its inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// The looker's.
    pub here: u64,
    /// The process's.
    pub there: u64,
    /// Whether only the process's next child will be in another one: unshare(2) without a fork.
    pub next_child: bool,
}

impl Namespace {
    /// Whether it is another one than the looker's.
    #[must_use]
    pub const fn is_own(self) -> bool {
        self.here != self.there
    }
}

/// Whose processes a procfs lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// Those of the process's own PID namespace.
    Own,
    /// Those that the looker's lists.
    Outside,
    /// Those of some other PID namespace, or it does not tell.
    Other,
}

/// What the process calls `/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Device and inode, such as `0:45/2`.
    pub there: String,
    /// The looker's.
    pub here: String,
    /// The root of the process's mount namespace, in which a chroot is only a folder; or why it was not seen.
    pub bottom: Seen<String>,
    /// Where in its reach the whole file system is mounted that the looker's `/` is on.
    pub old: Vec<String>,
    /// Whether its `/` is mounted read only.
    #[serde(default)]
    pub read_only: bool,
    /// Where else in its reach files of the looker's mounts can be written, as far as the mounts go.
    #[serde(default)]
    pub writable: Vec<String>,
}

/// A resource that a cgroup can limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Processes and threads.
    Pids,
    /// Memory.
    Memory,
    /// CPU time.
    Cpu,
}

/// A limit's file: of the process's cgroup, or of one above that the looker is not in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The file and what stands in it, where it limits; else of the process's own cgroup.
    pub file: String,
    /// Whether it is a number.
    pub in_force: bool,
}

/// Files through which a process changes what belongs to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    /// The cgroup tree.
    Cgroups,
    /// The kernel's settings, /proc/sys, and /proc/sysrq-trigger.
    ProcSys,
    /// /sys.
    Sys,
}

/// Of such files, those that the process reaches and those of these that it may write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Which are there.
    pub there: Vec<String>,
    /// Which it may write: by their owner, mode and mount, and its ids and capabilities.
    pub writable: Vec<String>,
}

/// Disks that the process could read as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disks {
    /// Nodes of block devices in its /dev that its ids, its capabilities and the mount let it open.
    pub nodes: Vec<String>,
    /// The line of its cgroup's devices.list that refuses them all the same.
    pub denied: Option<String>,
}

/// What the process holds open that leads out of its own files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// `fd/7` or `cwd`.
    pub name: String,
    /// What it is open on, as its link says.
    pub link: String,
}

/// Capabilities, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Those that count now.
    pub effective: Vec<String>,
    /// Those that it may make count.
    #[serde(default)]
    pub permitted: Vec<String>,
    /// Those that a program could get.
    pub bounding: Vec<String>,
    /// Of the looker's bounding set, how many.
    pub here: usize,
}

/// Who the process is, as the looker numbers ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// Its effective user id.
    pub uid: u32,
    /// Its map of user ids, a line each: first there, first here, how many.
    pub map: Vec<[u64; 3]>,
}

/// Under which policy of AppArmor's or SELinux's a process is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// `apparmor` or `selinux`.
    pub module: String,
    /// The process's profile or context, as the kernel writes it.
    pub label: String,
    /// Whether it restricts anything.
    pub confines: bool,
}

/// Folders that are the machine's and of no use to a container.
pub const SYSTEM_FOLDERS: [&str; 20] = [
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/usr",
    "/bin",
    "/sbin",
    "/root",
    "/home",
    "/var",
    "/run",
    "/var/run",
    "/var/lib",
    "/var/log",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/kubelet",
    "/etc/kubernetes",
];

/// What of the machine's was put into its reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposed {
    /// Sockets of container engines of the looker's that it may connect to, by their paths in it.
    pub sockets: Seen<Vec<String>>,
    /// Folders of the looker's system that are mounted in it, `/host-etc ← /etc`: which, and which it may write.
    pub folders: Seen<Reach>,
    /// Files of /proc and /sys that engines hide, and that it may read.
    pub unmasked: Seen<Vec<String>>,
    /// Its policy; `None` where this kernel enforces neither AppArmor's nor SELinux's.
    pub policy: Seen<Option<Policy>>,
}

impl Default for Exposed {
    /// Nothing.
    fn default() -> Self {
        Self { sockets: Ok(vec![]), folders: Ok(Reach::default()), unmasked: Ok(vec![]), policy: Ok(None) }
    }
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The process's numbers, from the looker's PID namespace inwards.
    pub pids: Vec<u32>,
    /// Its name.
    pub name: String,
    /// Its namespaces; a kind that this kernel has not got is not there.
    pub namespaces: BTreeMap<Kind, Seen<Namespace>>,
    /// Who it is.
    pub ids: Seen<Ids>,
    /// Every procfs in its reach: where it is mounted, and whose it is.
    pub procs: Seen<Vec<(String, Whose)>>,
    /// Those of them in which hidepid hides other users' processes from it.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Mount points whose mounts appear outside as well: their peer group is one of the looker's.
    pub shared: Seen<Vec<String>>,
    /// Its root.
    pub root: Seen<Root>,
    /// Its limits.
    pub limits: BTreeMap<Resource, Seen<Limit>>,
    /// How many processes its cgroup counts along that are not of the container: neither its descendants nor in a PID namespace
    /// of its own.
    #[serde(default)]
    pub counted_along: usize,
    /// What it could change that belongs to all.
    pub controls: BTreeMap<Control, Seen<Reach>>,
    /// Disks.
    pub disks: Seen<Disks>,
    /// Descriptors that lead out.
    pub doors: Seen<Vec<Door>>,
    /// How many descriptors it has.
    pub descriptors: Seen<usize>,
    /// Its current folder, and whether it leads out.
    pub cwd: Seen<(Door, bool)>,
    /// Its capabilities.
    pub capabilities: Seen<Capabilities>,
    /// `NoNewPrivs`.
    pub no_new_privs: Seen<u64>,
    /// `Seccomp`.
    pub seccomp: Seen<u64>,
    /// What of the machine's was put into its reach; `unha grade` does not ask for it.
    #[serde(default)]
    pub exposed: Exposed,
}

impl Evidence {
    /// The process's number where it was looked at from.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pids.first().copied().unwrap_or_default()
    }

    /// Whether a namespace of this kind is its own; `false` too where that was not seen.
    #[must_use]
    pub fn has_own(&self, kind: Kind) -> bool {
        matches!(self.namespaces.get(&kind), Some(Ok(namespace)) if namespace.is_own())
    }
}
