//! The judge's nouns: what is looked at, what was found of it, and the verdict. namespaces(7), capabilities(7).
//!
//! The learner sees one item a line: `leaky  proc`.

use serde::Serialize;

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is there and holds.
    Has,
    /// It was not made at all.
    Missing,
    /// It was made, but something leads through it.
    Leaky,
    /// It could not be looked at.
    Unknown,
}

macro_rules! aspects {
    ($($name:ident = $word:literal,)*) => {
        /// What is looked at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[expect(missing_docs, reason = "`means` says of each what it is")]
        pub enum Aspect { $(#[serde(rename = $word)] $name,)* }

        impl Aspect {
            /// All of them, in the order in which they are told.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its word, the same in every language.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

aspects! {
    User = "user",
    RootId = "root-id",
    Uts = "uts",
    Pid = "pid",
    Proc = "proc",
    Mount = "mount",
    Root = "root",
    Net = "net",
    Ipc = "ipc",
    Cgroup = "cgroup",
    Time = "time",
    PidsLimit = "pids-limit",
    MemoryLimit = "memory-limit",
    CpuLimit = "cpu-limit",
    Cgroupfs = "cgroupfs",
    ProcSys = "proc-sys",
    Sys = "sys",
    Disks = "disks",
    Descriptors = "descriptors",
    Cwd = "cwd",
    Capabilities = "capabilities",
    NoNewPrivs = "no-new-privs",
    Seccomp = "seccomp",
}

/// What was found of an aspect. Which verdict goes with it depends on the aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// It has one of its own.
    Own,
    /// It has the outside's.
    Shared,
    /// Only its next child will have one of its own.
    NextChild,
    /// It is not the first process of its PID namespace.
    NotFirst,
    /// Its root has an ordinary number outside.
    Mapped,
    /// It is not root and has no user namespace.
    Ordinary,
    /// Its root is the outside's root, whether or not it has a user namespace.
    OutsidesRoot,
    /// There is none.
    None,
    /// It has the outside's, in which hidepid hides other users' processes.
    Hidden,
    /// It is of neither the container nor the outside.
    Foreign,
    /// Mounts made in it appear outside.
    Propagates,
    /// A chroot, with the old root below.
    ChrootOnly,
    /// The outside's root is mounted within reach.
    OldRoot,
    /// A number is in force.
    Limited,
    /// No number is.
    Unlimited,
    /// It is there and cannot be written.
    ReadOnly,
    /// It cannot be written, but what is mounted below it can.
    PartlyWritable,
    /// It is mounted read only, and whom it is shown to may mount it otherwise.
    Remountable,
    /// It can be written.
    Writable,
    /// It is there, and its cgroup refuses it.
    Denied,
    /// It can be read.
    Reachable,
    /// Nothing leads out.
    Closed,
    /// Something leads out.
    LeadsOut,
    /// Nothing that reaches beyond a container.
    Harmless,
    /// All of them, but they count only in its own user namespace.
    Confined,
    /// Some that reach beyond a container.
    Dangerous,
    /// Everything that the outside's root has.
    Everything,
    /// It is on.
    On,
    /// It is off.
    Off,
    /// It could not be looked at.
    Unread,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What is looked at.
    #[serde(rename = "item")]
    pub aspect: Aspect,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What was found.
    pub finding: Finding,
    /// Whether it is shared with a process that holds no right over it: seen it is, changed it is not.
    #[serde(skip)]
    pub only_sees: bool,
    /// What was seen, as the kernel says it.
    pub seen: Vec<String>,
}

/// Capabilities that reach beyond a container, by what they allow: capabilities(7). Docker leaves none of them.
pub const DANGEROUS: [&str; 17] = [
    "CAP_SYS_ADMIN",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_PTRACE",
    "CAP_SYS_BOOT",
    "CAP_SYS_TIME",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYSLOG",
    "CAP_DAC_READ_SEARCH",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_ADMIN",
    "CAP_MAC_ADMIN",
    "CAP_MAC_OVERRIDE",
    "CAP_BPF",
    "CAP_PERFMON",
    "CAP_CHECKPOINT_RESTORE",
];
