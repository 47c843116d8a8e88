//! Who made a container, and what they call it: engines keep names, the kernel has none.
//!
//! Docker and Podman answer on a socket, unix(7); others leave their state in folders, or it is told by the cgroup's path,
//! cgroups(7). Nothing is started and nothing changed: who does not answer in time is said not to. The learner sees `docker:web`
//! instead of a number.

use serde::{Deserialize, Serialize};

/// Who runs containers, or what is like them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// Docker (dockerd).
    Docker,
    /// Podman.
    Podman,
    /// Kubernetes, by any runtime (CRI).
    Kubernetes,
    /// containerd by itself.
    Containerd,
    /// CRI-O.
    Crio,
    /// crun by itself.
    Crun,
    /// runc by itself.
    Runc,
    /// LXC and Incus.
    Lxc,
    /// systemd-nspawn.
    Nspawn,
    /// unha's own boxes and benches.
    Unha,
    /// A unit of systemd's: a service or a scope.
    Systemd,
}

/// A container as its engine has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// Whose it is.
    pub engine: Engine,
    /// What it is called there; an id where it has no name. Nothing in it that would command a terminal.
    pub name: String,
    /// Its id, where it has one beside the name.
    pub id: Option<String>,
    /// Its first process here; `None` where it does not run, or only its cgroup is known.
    pub pid: Option<u32>,
    /// What it was made from.
    pub image: Option<String>,
}

/// An engine that is there but could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Which.
    pub engine: Engine,
    /// Its socket or folder.
    pub place: String,
    /// Why.
    pub why: Why,
}

/// Why an engine could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It takes the connection and does not answer, for so many milliseconds.
    Hangs(u64),
    /// This user may not: the call and its errno.
    Denied(String),
    /// Nobody listens there any more, or another call failed: the call and its errno.
    Failed(String),
    /// It answered something that is not its answer.
    Nonsense(String),
}

/// What all engines of this machine tell at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roster {
    /// Their containers; those that do not run too, without a process.
    pub containers: Vec<Container>,
    /// Who could not be asked.
    pub troubles: Vec<Trouble>,
}
