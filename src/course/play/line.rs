//! The lines of the play: a switch for each feature, below it what it can be told, and a slider for each limit.
//!
//! What needs what stands here once. The learner flips any of them in any order; what a line needs comes along.

use crate::course::lesson::Limit;
use crate::kernel::doctor::What;
use crate::kernel::fact::Fact;
use crate::kernel::feature::Feature;

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// The switch of a feature.
    Feature(Feature),
    /// The host name that is set before the command starts.
    Hostname,
    /// A PID 1 that buries the dead, before the shell.
    Init,
    /// Which root file system it is, of those that have a name.
    Root,
    /// The link `lo` switched on.
    Lo,
    /// A cable to outside.
    Cable,
    /// How many seconds more the machine has been up.
    Offset,
    /// Which of root's powers are left.
    Powers,
    /// The slider of a limit.
    Limit(Limit),
}

impl Line {
    /// All lines, as they stand on the screen.
    pub const ALL: [Self; 28] = [
        Self::Feature(Feature::Uts),
        Self::Hostname,
        Self::Feature(Feature::Pid),
        Self::Init,
        Self::Feature(Feature::Mount),
        Self::Feature(Feature::Rootfs),
        Self::Root,
        Self::Feature(Feature::Ipc),
        Self::Feature(Feature::Net),
        Self::Lo,
        Self::Cable,
        Self::Feature(Feature::User),
        Self::Feature(Feature::Cgroupns),
        Self::Feature(Feature::Time),
        Self::Offset,
        Self::Feature(Feature::Capabilities),
        Self::Powers,
        Self::Feature(Feature::NoNewPrivs),
        Self::Feature(Feature::Seccomp),
        Self::Feature(Feature::Cgroup),
        Self::Limit(Limit::Pids),
        Self::Limit(Limit::Memory),
        Self::Limit(Limit::Cpus),
        Self::Limit(Limit::CpuShares),
        Self::Limit(Limit::DeviceWriteBps),
        Self::Limit(Limit::Rate),
        Self::Limit(Limit::Freezer),
        Self::Limit(Limit::DeviceDeny),
    ];

    /// What it cannot be had without.
    #[must_use]
    pub const fn needs(self) -> Option<Self> {
        match self {
            Self::Feature(Feature::Rootfs) => Some(Self::Feature(Feature::Mount)),
            Self::Feature(_) => None,
            Self::Hostname => Some(Self::Feature(Feature::Uts)),
            Self::Init => Some(Self::Feature(Feature::Pid)),
            Self::Root => Some(Self::Feature(Feature::Rootfs)),
            Self::Lo | Self::Cable => Some(Self::Feature(Feature::Net)),
            Self::Offset => Some(Self::Feature(Feature::Time)),
            Self::Powers => Some(Self::Feature(Feature::Capabilities)),
            Self::Limit(Limit::Rate) => Some(Self::Cable),
            Self::Limit(_) => Some(Self::Feature(Feature::Cgroup)),
        }
    }

    /// All that it cannot be had without, the nearest first.
    pub fn all_needs(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.needs(), |line| line.needs())
    }

    /// Whether it is a slider that acts on the running box.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Limit(_))
    }

    /// Whether it stands below a switch, and says more of it.
    #[must_use]
    pub const fn is_below(self) -> bool {
        !matches!(self, Self::Feature(_))
    }

    /// What the machine must be able to do for it, where it can be lacking.
    #[must_use]
    pub const fn asks_for(self) -> &'static [What] {
        match self {
            Self::Feature(feature) => match feature {
                Feature::Uts => &[What::Uts],
                Feature::Pid => &[What::Pid],
                Feature::Mount => &[What::Mount],
                Feature::Cgroup => &[What::Cgroup],
                Feature::Rootfs => &[What::Rootfs, What::PivotRoot],
                Feature::Ipc => &[What::Ipc],
                Feature::Net => &[What::Net],
                Feature::User => &[What::User],
                Feature::Cgroupns => &[What::CgroupNamespace],
                Feature::Time => &[What::Time],
                Feature::Capabilities | Feature::NoNewPrivs | Feature::Seccomp => &[],
            },
            Self::Cable | Self::Limit(Limit::Rate) => &[What::Cable],
            Self::Limit(Limit::Freezer) => &[What::Freezer],
            Self::Limit(Limit::DeviceWriteBps) => &[What::Disk],
            Self::Limit(Limit::DeviceDeny) => &[What::Devices],
            Self::Hostname | Self::Init | Self::Root | Self::Lo | Self::Offset | Self::Powers | Self::Limit(_) => &[],
        }
    }

    /// The fact in whose row it is seen.
    #[must_use]
    pub const fn fact(self) -> Option<Fact> {
        Some(match self {
            Self::Feature(Feature::Uts) | Self::Hostname => Fact::Hostname,
            Self::Feature(Feature::Pid) => Fact::Pid,
            Self::Init => Fact::Processes,
            Self::Feature(Feature::Mount) => Fact::Mounts,
            Self::Feature(Feature::Rootfs) | Self::Root => Fact::Os,
            Self::Feature(Feature::Ipc) => Fact::NsIpc,
            Self::Feature(Feature::Net) => Fact::Links,
            Self::Lo => Fact::LinksUp,
            Self::Cable => Fact::Addresses,
            Self::Feature(Feature::User) => Fact::Uid,
            Self::Feature(Feature::Cgroupns) => Fact::Cgroup,
            Self::Feature(Feature::Time) => Fact::NsTime,
            Self::Offset => Fact::Uptime,
            Self::Feature(Feature::Capabilities) | Self::Powers => Fact::CapEff,
            Self::Feature(Feature::NoNewPrivs) => Fact::NoNewPrivs,
            Self::Feature(Feature::Seccomp) => Fact::Seccomp,
            Self::Feature(Feature::Cgroup) | Self::Limit(Limit::Pids) => Fact::PidsMax,
            Self::Limit(Limit::Memory) => Fact::MemoryMax,
            Self::Limit(Limit::Cpus) => Fact::CpuMax,
            Self::Limit(Limit::CpuShares) => Fact::CpuWeight,
            Self::Limit(Limit::DeviceWriteBps) => Fact::IoMax,
            Self::Limit(Limit::Rate) => Fact::NetRate,
            Self::Limit(Limit::Freezer) => Fact::Frozen,
            Self::Limit(Limit::DeviceDeny) => return None,
        })
    }

    /// The settings of its slider, from the least to the most. Beyond the last one there is none at all.
    #[must_use]
    pub const fn ladder(self) -> &'static [&'static str] {
        match self {
            Self::Limit(Limit::Pids) => &["2", "4", "8", "15", "32", "64", "128", "256"],
            Self::Limit(Limit::Memory) => &["4M", "8M", "16M", "32M", "64M", "128M", "256M"],
            Self::Limit(Limit::Cpus) => &["0.05", "0.1", "0.2", "0.5", "1"],
            Self::Limit(Limit::CpuShares) => &["2", "64", "128", "256", "512"],
            Self::Limit(Limit::DeviceWriteBps) => &["256K", "512K", "1M", "2M", "4M", "8M", "16M"],
            Self::Limit(Limit::Rate) => &["256kbit", "512kbit", "1mbit", "4mbit", "16mbit", "64mbit"],
            Self::Limit(Limit::Freezer) => &["frozen"],
            // /dev/zero, /dev/null and /dev/full: what a shell shows at once.
            Self::Limit(Limit::DeviceDeny) => &["c 1:5", "c 1:3", "c 1:7"],
            Self::Offset => &["3600", "86400", "31536000"],
            Self::Powers => &["none", "all"],
            _ => &[],
        }
    }
}
