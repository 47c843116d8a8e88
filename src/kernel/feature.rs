//! The isolation features, one word each, the same word in every folder of this project.
//!
//! namespaces(7), cgroups(7), pivot_root(2). The learner sees them as the chain at the top of the screen.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One isolation feature that a box may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// A host name of its own: uts_namespaces(7).
    Uts,
    /// Process numbers of its own: pid_namespaces(7).
    Pid,
    /// A list of mounts of its own: mount_namespaces(7).
    Mount,
    /// Limits on what it may use: cgroups(7).
    Cgroup,
    /// A root file system of its own: pivot_root(2). Needs [`Feature::Mount`].
    Rootfs,
    /// System V and POSIX message objects of its own: ipc_namespaces(7).
    Ipc,
    /// Network devices of its own: network_namespaces(7).
    Net,
    /// User ids of its own, and a root that is nobody special outside: user_namespaces(7).
    User,
    /// A view of cgroups that begins at its own: cgroup_namespaces(7).
    Cgroupns,
    /// Clocks of its own, of the time since the machine was started: time_namespaces(7).
    Time,
    /// Only some of root's powers: capabilities(7).
    Capabilities,
    /// No more rights by executing a program: prctl(2), `PR_SET_NO_NEW_PRIVS`.
    NoNewPrivs,
    /// A filter for system calls: seccomp(2).
    Seccomp,
}

impl Feature {
    /// All features in talk order.
    pub const ALL: [Self; 13] = [
        Self::Uts,
        Self::Pid,
        Self::Mount,
        Self::Cgroup,
        Self::Rootfs,
        Self::Ipc,
        Self::Net,
        Self::User,
        Self::Cgroupns,
        Self::Time,
        Self::Capabilities,
        Self::NoNewPrivs,
        Self::Seccomp,
    ];

    /// The feature's one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uts => "uts",
            Self::Pid => "pid",
            Self::Mount => "mount",
            Self::Cgroup => "cgroup",
            Self::Rootfs => "rootfs",
            Self::Ipc => "ipc",
            Self::Net => "net",
            Self::User => "user",
            Self::Cgroupns => "cgroupns",
            Self::Time => "time",
            Self::Capabilities => "capabilities",
            Self::NoNewPrivs => "no-new-privs",
            Self::Seccomp => "seccomp",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Feature {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|f| f.name() == word).ok_or(())
    }
}

/// A set of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Feature>", into = "Vec<Feature>")]
pub struct FeatureSet(u32);

impl FeatureSet {
    /// No feature: a process and nothing more.
    pub const NONE: Self = Self(0);

    /// The same set with `feature` in it.
    #[must_use]
    pub const fn with(self, feature: Feature) -> Self {
        Self(self.0 | 1 << feature as u32)
    }

    /// The same set with `feature` out of it.
    #[must_use]
    pub const fn without(self, feature: Feature) -> Self {
        Self(self.0 & !(1 << feature as u32))
    }

    /// Whether `feature` is in the set.
    #[must_use]
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & 1 << feature as u32 != 0
    }

    /// The features in the set, in talk order.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL.into_iter().filter(move |f| self.has(*f))
    }

    /// Whether the kernel gives one of them only to root, of a user namespace at least. What takes rights away is for
    /// everybody; but a filter is taken from an ordinary user only together with [`Feature::NoNewPrivs`].
    #[must_use]
    pub fn take_root(self) -> bool {
        let given = if self.has(Feature::NoNewPrivs) { self.without(Feature::Seccomp) } else { self };
        given.without(Feature::NoNewPrivs) != Self::NONE
    }

    /// The set with everything that its members need: a root of its own needs a mount table of its own.
    #[must_use]
    pub const fn closed(self) -> Self {
        if self.has(Feature::Rootfs) { self.with(Feature::Mount) } else { self }
    }
}

impl FromIterator<Feature> for FeatureSet {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Self {
        features.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Feature>> for FeatureSet {
    fn from(features: Vec<Feature>) -> Self {
        features.into_iter().collect()
    }
}

impl From<FeatureSet> for Vec<Feature> {
    fn from(set: FeatureSet) -> Self {
        set.iter().collect()
    }
}
