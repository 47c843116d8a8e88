//! Who made a container, and what they call it: engines keep names, the kernel has none.
//!
//! Docker and Podman answer on a socket, unix(7); others leave their state in folders, or it is told by the cgroup's path,
//! cgroups(7). Nothing is started and nothing changed: who does not answer in time is said not to. The learner sees `docker:web`
//! instead of a number.

mod cgroups;
mod files;
mod find;
mod gather;
mod path;
mod podman;
mod socket;

use serde::{Deserialize, Serialize};

pub use self::cgroups::by_cgroups;
pub use self::find::{NotFound, find};
pub use self::gather::{roster, settled};

/// Where engines listen as root's: who may write to such a socket is as good as root.
pub const SOCKETS: [&str; 7] = [
    "/run/docker.sock",
    "/var/run/docker.sock",
    "/run/podman/podman.sock",
    "/run/containerd/containerd.sock",
    "/run/crio/crio.sock",
    "/run/cri-dockerd.sock",
    "/run/buildkit/buildkitd.sock",
];

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

impl Engine {
    /// All of them; who stands before another built on it: what Docker and runc both list is Docker's.
    pub const ALL: [Self; 11] = [
        Self::Docker,
        Self::Podman,
        Self::Kubernetes,
        Self::Containerd,
        Self::Crio,
        Self::Crun,
        Self::Runc,
        Self::Lxc,
        Self::Nspawn,
        Self::Unha,
        Self::Systemd,
    ];

    /// Its word, as in `docker:web`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Kubernetes => "kubernetes",
            Self::Containerd => "containerd",
            Self::Crio => "crio",
            Self::Crun => "crun",
            Self::Runc => "runc",
            Self::Lxc => "lxc",
            Self::Nspawn => "nspawn",
            Self::Unha => "unha",
            Self::Systemd => "systemd",
        }
    }

    /// The engine of that word, or of another that people use for it.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "k8s" | "cri" => Some(Self::Kubernetes),
            "cri-o" => Some(Self::Crio),
            "incus" | "lxd" => Some(Self::Lxc),
            "systemd-nspawn" | "machine" => Some(Self::Nspawn),
            _ => Self::ALL.into_iter().find(|engine| engine.word() == word),
        }
    }
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

impl Container {
    /// What picks it among all: `docker:web`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}:{}", self.engine.word(), self.name)
    }
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
