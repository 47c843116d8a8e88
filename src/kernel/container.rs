//! The engine: makes a box with just the features that are asked for.
//!
//! A feature's file below this folder is what the learner reads on the screen: it is short, and it is the code that
//! runs. [`stage`] puts them in the kernel's order.

mod capabilities;
pub mod cgroup;
mod cgroupns;
pub(in crate::kernel) mod copy;
mod dev;
pub mod escape;
mod init;
mod ipc;
pub mod link;
mod mount;
pub mod net;
mod no_new_privs;
mod pid;
pub mod profile;
mod pty;
mod rootfs;
mod scratch;
mod seccomp;
mod stage;
mod time;
mod user;
mod uts;

pub(in crate::kernel) use self::dev::{fresh_dev, fresh_or_old_proc, fresh_sys, protect_proc};

use std::ffi::CString;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use nix::sys::wait::waitpid;
use nix::unistd::Pid;
use rustix::thread::CapabilitySet;
use serde::{Deserialize, Serialize};

use self::cgroup::Group;
use self::link::{Failed, Word};
use self::profile::Profile;
use super::capability;
use super::feature::{Feature, FeatureSet};
use super::sys::{self, Fork};

/// What a box shall be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Spec {
    /// The features that are on; closed under what they need.
    pub features: FeatureSet,
    /// With user: the 65536 ids outside, from these on, that are the box's own; else it has a single one, the caller's.
    pub ids: Option<(u32, u32)>,
    /// Whether uid 0 in the box is the machine's own root: also where a user namespace calls it 0 again.
    pub machine_root: bool,
    /// The host name set before the command starts.
    pub hostname: Option<String>,
    /// With time: how many seconds more than outside the machine has been up.
    pub boottime: i64,
    /// With net: switch `lo` on.
    pub lo: bool,
    /// With net: a cable to outside.
    pub cable: Option<Cable>,
    /// With pid and mount: mount a /proc of its own.
    pub proc: bool,
    /// Leave the copied mounts shared with outside.
    pub shared: bool,
    /// Pivot to a folder that is no mount, to be refused.
    pub wrong_order: bool,
    /// Capabilities that are kept beside Docker's 14, with [`Feature::Capabilities`]: `SYS_TIME`, or `ALL`.
    #[serde(default)]
    pub cap_add: Vec<String>,
    /// Those of them that are not: `CHOWN`, or `ALL`.
    #[serde(default)]
    pub cap_drop: Vec<String>,
    /// What is filtered, with [`Feature::Seccomp`]; else what stands in seccomp.json.
    #[serde(default)]
    pub profile: Option<Profile>,
    /// The root file system, with [`Feature::Rootfs`].
    pub rootfs: Option<Rootfs>,
    /// The command and its arguments.
    pub command: Vec<CString>,
    /// Its environment, `NAME=value` each.
    pub env: Vec<CString>,
    /// Give it a terminal of its own.
    pub terminal: bool,
    /// That terminal's size: columns, rows.
    pub size: (u16, u16),
    /// Let a PID 1 of ours bury the dead, instead of the command.
    pub init: bool,
}

impl Spec {
    /// Whether its mounts are made with the machine's own rights, and not with those in a user namespace.
    const fn mounts_as_machine(&self) -> bool {
        self.machine_root && !self.features.has(Feature::User)
    }

    /// The capabilities that the command may hold at most.
    ///
    /// # Errors
    /// The name that is no capability's.
    pub fn kept(&self) -> Result<CapabilitySet, Failed> {
        if !self.features.has(Feature::Capabilities) {
            return Ok(CapabilitySet::all());
        }
        capability::changed(capabilities::DOCKER, &self.cap_add, &self.cap_drop)
            .map_err(|name| Failed::words(&format!("{name}: no capability; capabilities(7) has their names")))
    }

    fn profile(&self) -> Result<Profile, Failed> {
        self.profile.clone().map_or_else(Profile::of_the_house, Ok)
    }

    /// What is filtered in this box: the profile's rules that count for it, and no others.
    ///
    /// # Errors
    /// What in it is no profile.
    pub fn settled_profile(&self) -> Result<Profile, Failed> {
        Ok(self.profile()?.settled(self.kept()?))
    }

    /// The filter's programs as the kernel is given them, in the order in which they are installed.
    ///
    /// # Errors
    /// What in the profile cannot be compiled.
    pub fn filters(&self) -> Result<Vec<Vec<u8>>, Failed> {
        let programs = self.profile()?.programs(self.kept()?)?;
        Ok(programs.iter().map(profile::bytes).collect())
    }
}

/// A root file system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rootfs {
    /// Its files, never written to.
    pub lower: PathBuf,
    /// A folder with `upper`, `work` and `root` in it, which outlive the box; else they are in a tmpfs that goes with it.
    pub place: Option<PathBuf>,
}

/// A pair of links, one end outside and one inside: veth(4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cable {
    /// The name of the end outside.
    pub name: String,
    /// How many bits per second it lets into the box; `None` is all that it can.
    pub rate: Option<u64>,
}

/// A box whose command has been executed.
#[derive(Debug)]
pub struct Running {
    /// Its first process, a child of this one.
    pub pid: Pid,
    /// The other end of its terminal.
    pub terminal: Option<OwnedFd>,
}

/// Makes a box and executes its command in it; in `group`, if one is given. The caller must be single-threaded.
///
/// # Errors
/// What the kernel refused; nothing is left behind then.
pub fn start(spec: &Spec, group: Option<&Group>) -> Result<Running, Failed> {
    let (here, there) = link::pair().map_err(|errno| Failed::plain("socketpair", errno))?;
    let stage = match sys::fork()? {
        Fork::Child => {
            drop(here);
            there.failed(stage::run(spec, group, &there));
            sys::exit_now(127)
        }
        Fork::Parent(stage) => stage,
    };
    drop(there);
    let mut running = Running { pid: stage, terminal: None };
    let mut failed = None;
    let mut ready = false;
    // The line ends when the command is executed or everybody at its other end is dead.
    while let Some((word, mut files)) = link::receive::<Word>(&here).map_err(|errno| Failed::plain("recvmsg", errno))? {
        match word {
            Word::First(pid) => {
                // The stage has done its part; it is ours to bury.
                let _ = waitpid(stage, None);
                running.pid = Pid::from_raw(pid);
            }
            Word::Network => {
                let there = files.pop();
                let done = match (&spec.cable, there) {
                    (Some(cable), Some(there)) => net::plug_in(cable, there.as_fd()),
                    _ => Ok(()),
                };
                // Whoever waits for it in vain is dead, and then the line ends.
                let _ = link::send(&here, &done, &[]);
            }
            Word::Ready => {
                ready = true;
                running.terminal = files.pop();
            }
            Word::Failed(why) => failed = Some(why),
        }
    }
    if !ready && failed.is_none() {
        failed = Some(Failed::words(&"the box's first process died before its command was executed"));
    }
    match failed {
        None => Ok(running),
        Some(why) => {
            let _ = waitpid(running.pid, None);
            Err(why)
        }
    }
}

/// The source of a feature's file, as compiled: what the screen shows is what runs.
#[must_use]
pub fn source(file: &str) -> Option<&'static str> {
    Some(match file {
        "stage.rs" => include_str!("container/stage.rs"),
        "uts.rs" => include_str!("container/uts.rs"),
        "pid.rs" => include_str!("container/pid.rs"),
        "mount.rs" => include_str!("container/mount.rs"),
        "cgroup.rs" => include_str!("container/cgroup.rs"),
        "cgroup/weight.rs" => include_str!("container/cgroup/weight.rs"),
        "cgroup/io.rs" => include_str!("container/cgroup/io.rs"),
        "cgroup/devices.rs" => include_str!("container/cgroup/devices.rs"),
        "cgroup/freezer.rs" => include_str!("container/cgroup/freezer.rs"),
        "cgroupns.rs" => include_str!("container/cgroupns.rs"),
        "time.rs" => include_str!("container/time.rs"),
        "rootfs.rs" => include_str!("container/rootfs.rs"),
        "dev.rs" => include_str!("container/dev.rs"),
        "ipc.rs" => include_str!("container/ipc.rs"),
        "net.rs" => include_str!("container/net.rs"),
        "capabilities.rs" => include_str!("container/capabilities.rs"),
        "no_new_privs.rs" => include_str!("container/no_new_privs.rs"),
        "seccomp.rs" => include_str!("container/seccomp.rs"),
        "seccomp.json" => include_str!("container/seccomp.json"),
        "user.rs" => include_str!("container/user.rs"),
        "pty.rs" => include_str!("container/pty.rs"),
        "escape.rs" => include_str!("container/escape.rs"),
        "init.rs" => include_str!("container/init.rs"),
        _ => return None,
    })
}
