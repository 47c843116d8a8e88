//! What a step does: `do` in a lesson's file, one thing after the other.
//!
//! A line is typed where the learner could have typed it; a box is started as docker run would be told to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::fact::Side;
use crate::kernel::feature::FeatureSet;

/// One thing that Next does. Exactly one of the verbs stands in an act's table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Act {
    /// Types a line into the inside shell. `{pid}` and the other names of [`PLACEHOLDERS`] are filled in.
    Inside(String),
    /// Types a line into the outside shell.
    Outside(String),
    /// Stops the box and starts it anew with exactly this.
    Start(Start),
    /// Sets a limit of the running box, live.
    Limit(BTreeMap<Limit, String>),
    /// Sends Ctrl-C to a shell.
    Interrupt(Side),
    /// Ends every process of the box and starts it anew with the same features.
    Restart(Restart),
}

/// How a box is started.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Start {
    /// The features that are on.
    pub features: FeatureSet,
    /// The host name set before the command starts (needs uts).
    pub hostname: Option<String>,
    /// Whether `lo` inside is switched on (needs net): it is down unless said otherwise.
    pub lo: Option<Switch>,
    /// A cable to outside, 10.77.0.1 there and 10.77.0.2 inside (needs net).
    pub cable: bool,
    /// How many seconds more than outside the machine has been up (needs time).
    pub boottime: i64,
    /// Mount a /proc of its own (needs mount and pid): true unless said otherwise.
    pub proc: Option<bool>,
    /// Leave the mounts shared with outside, so that they leak.
    pub shared: bool,
    /// Try to pivot without first making the new root a mount: fails with EBUSY.
    pub wrong_order: bool,
    /// Put a PID 1 of ours before the shell, which buries the dead (needs pid).
    pub init: bool,
    /// Capabilities that are taken from Docker's 14: `CHOWN`, or `ALL` (needs capabilities).
    pub cap_drop: Vec<String>,
    /// Capabilities that are left beside them.
    pub cap_add: Vec<String>,
    /// System calls that are refused with EPERM, in place of the built-in profile (needs seccomp).
    pub refuses: Vec<String>,
    /// System calls that their caller is killed for by SIGSYS, likewise.
    pub kills: Vec<String>,
}

/// On or off, as ip(8) says it of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// On.
    Up,
    /// Off.
    Down,
}

/// What is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// The box alone; its files too.
    Box,
    /// The bench, and the box in it.
    Bench,
}

/// A limit of the box, of its cgroup but for the last, by docker run's names and in its units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Processes and threads: `15`.
    Pids,
    /// Memory without swap: `32M`.
    Memory,
    /// Cores: `0.2`.
    Cpus,
    /// How much CPU while others want it too: `512` is half of what is usual.
    CpuShares,
    /// Bytes a second written to the disk that `{disk}` is on: `1M`.
    DeviceWriteBps,
    /// A device that is taken away: `c 1:5`; `none` gives it back. Only the machine's root can.
    DeviceDeny,
    /// `frozen`, as by `docker pause`, or `thawed`. A box that is started anew never is frozen.
    Freezer,
    /// Bits per second that come in by the cable, in tc(8)'s notation: `4mbit`.
    Rate,
}

/// Names that a typed line or an expectation may hold in braces, filled in by the session from the kernel:
/// `{pid}` the box's first process as outside sees it; `{pids}`, `{memory}`, `{cpu}`, `{io}`, `{devices}`, `{freezer}` the
/// folder of the box's cgroup for that controller as outside sees it; `{pids-root}`, `{memory-root}`, `{cpu-root}`, `{io-root}`,
/// `{freezer-root}` the folder above; `{memory.max}`, `{memory.events}`, `{cpu.max}`, `{cpu.stat}`, `{cpu.weight}`, `{io.max}`, `{io.stat}`,
/// `{cgroup.freeze}`, `{cgroup.events}` the file names as this machine's cgroup version has them, `{freeze}` and `{thaw}` what is
/// written there, `{wbps}` what stands before the bytes a second; `{disk}` a file on a real disk, seen outside and in boxes without a
/// rootfs, and `{disk-device}` the numbers of that disk; `{sys.prctl}`, `{sys.sethostname}` the numbers of these calls here;
/// `{machine-name}`, `{bench-name}`, `{box-name}` host names; `{upper}` and `{lower}` the overlay's folders as outside
/// sees them.
pub const PLACEHOLDERS: &[&str] = &[
    "pid",
    "pids",
    "memory",
    "cpu",
    "pids-root",
    "memory-root",
    "cpu-root",
    "io-root",
    "freezer-root",
    "io",
    "devices",
    "freezer",
    "disk",
    "disk-device",
    "freeze",
    "thaw",
    "wbps",
    "sys.prctl",
    "sys.sethostname",
    "memory.max",
    "memory.events",
    "cpu.max",
    "cpu.stat",
    "cpu.weight",
    "io.max",
    "io.stat",
    "cgroup.freeze",
    "cgroup.events",
    "machine-name",
    "bench-name",
    "box-name",
    "upper",
    "lower",
];
