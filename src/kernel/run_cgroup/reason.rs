//! Why no cgroup can be made, with what was seen. cgroups(7), systemd.resource-control(5) `Delegate=`.
//!
//! Each reason has another remedy, so each is a value of its own; the words for people are put to it elsewhere. The
//! learner sees it where a lesson's limits cannot be had.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::kernel::container::link::Failed;
use crate::kernel::sys::SysError;

/// Why no cgroup with limits for pids, memory and cpu can be made by this process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NoCgroup {
    /// /proc does not say where this process is: the call and its errno.
    #[error("{0}")]
    Unread(String),
    /// No hierarchy that could limit is mounted.
    #[error("no cgroup hierarchy with the controllers pids, memory and cpu is mounted")]
    NotMounted,
    /// The hierarchies that are mounted lack a controller: the kernel has it not, or it is switched off
    /// (`cgroup_disable=memory`).
    #[error("no cgroup hierarchy with the controller {controller} is mounted")]
    NoController {
        /// The one that is missing.
        controller: String,
    },
    /// The cgroup of this process is outside of what the mounts show: it was moved, or the mount is another container's.
    #[error("the cgroup of this process is outside of what is mounted")]
    OutOfSight {
        /// As /proc/self/cgroup names it.
        path: String,
    },
    /// The cgroup file system is mounted read-only, as in a container.
    #[error("{}: the cgroup file system is read-only", dir.display())]
    ReadOnly {
        /// The folder in which a cgroup would have been made.
        dir: PathBuf,
        /// Its interface: 1 or 2.
        version: u8,
    },
    /// The folder may not be written to. Version 1 has no delegation: there it takes root.
    #[error("{}: {}", dir.display(), nix::errno::Errno::from_raw(*errno).desc())]
    NotWritable {
        /// The folder in which a cgroup would have been made.
        dir: PathBuf,
        /// What access(2) says: EACCES, EPERM, …
        errno: i32,
        /// Its interface: 1 or 2.
        version: u8,
    },
    /// Version 2: neither this process's cgroup nor one above it was given to this user.
    #[error("{}: no cgroup here is handed over to this user{}", dir.display(), also(scope.as_ref()))]
    NotHandedOver {
        /// This process's cgroup.
        dir: PathBuf,
        /// Why systemd gave none either, where it was asked.
        scope: Option<NoScope>,
    },
    /// Version 2: a cgroup was handed over, but not with all that is wanted.
    #[error("{}: handed over without {}{}", dir.display(), lacks.join(", "), also(scope.as_ref()))]
    NotDelegated {
        /// The cgroup.
        dir: PathBuf,
        /// The controllers that it does not have.
        lacks: Vec<String>,
        /// Why systemd gave none either, where it was asked.
        scope: Option<NoScope>,
    },
    /// Version 2: a cgroup was handed over, but other processes are in it, and a cgroup with processes hands no
    /// controllers on. Other people's processes are not ours to move.
    #[error("{}: handed over, but {others} other processes are in it{}", dir.display(), also(scope.as_ref()))]
    Populated {
        /// The cgroup.
        dir: PathBuf,
        /// How many processes are in it beside this one.
        others: usize,
        /// Why systemd gave none either, where it was asked.
        scope: Option<NoScope>,
    },
    /// There was a place, but the kernel or the disk refused what was to be done in it.
    #[error("{0}")]
    Refused(Failed),
}

/// Why systemd gave this process no scope of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NoScope {
    /// The machine is not run by systemd: sd_booted(3).
    #[error("systemd does not run here")]
    NoSystemd,
    /// systemd runs, but its program systemd-run(1) is not to be found.
    #[error("systemd-run is not installed")]
    NoProgram,
    /// systemd of this user does not run: no login session, as after su(1) or in cron(8).
    #[error("systemd of this user cannot be reached: {said}")]
    NoUserManager {
        /// The last line that systemd-run said.
        said: String,
    },
    /// systemd was asked and refused: polkit, a limit, an option that it does not know.
    #[error("systemd-run refused: {said}")]
    Refused {
        /// The last line that it said.
        said: String,
        /// Its exit code.
        code: Option<i32>,
    },
    /// It did not answer in time.
    #[error("systemd-run did not answer within {seconds} s")]
    Silent {
        /// How long was waited.
        seconds: u64,
    },
    /// There was a scope, but not even in there a cgroup with limits can be made.
    #[error("in a scope of systemd's: {0}")]
    OfNoUse(Box<NoCgroup>),
}

fn also(scope: Option<&NoScope>) -> String {
    scope.map_or_else(String::new, |why| format!("; {why}"))
}

impl NoCgroup {
    /// The same with the reason why systemd could not help.
    #[must_use]
    pub fn with_scope(mut self, why: Option<&NoScope>) -> Self {
        if let Self::NotHandedOver { scope, .. } | Self::NotDelegated { scope, .. } | Self::Populated { scope, .. } =
            &mut self
        {
            *scope = why.cloned();
        }
        self
    }

    /// Whether a scope of systemd's own making could help.
    #[must_use]
    pub const fn wants_scope(&self) -> bool {
        matches!(self, Self::NotHandedOver { .. } | Self::NotDelegated { .. } | Self::Populated { .. })
    }
}

impl From<Failed> for NoCgroup {
    fn from(failed: Failed) -> Self {
        Self::Refused(failed)
    }
}

impl From<SysError> for NoCgroup {
    fn from(error: SysError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<NoCgroup> for Failed {
    fn from(why: NoCgroup) -> Self {
        let message = why.to_string();
        match why {
            NoCgroup::Refused(failed) => failed,
            NoCgroup::NotWritable { errno, .. } => {
                Self { message, ..Self::plain("mkdir", nix::errno::Errno::from_raw(errno)) }
            }
            NoCgroup::ReadOnly { .. } => Self { message, ..Self::plain("mkdir", nix::errno::Errno::EROFS) },
            _ => Self::words(&message),
        }
    }
}
