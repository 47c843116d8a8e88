//! Cgroup namespace: a view of cgroups that begins at its own. cgroup_namespaces(7).
//!
//! The learner sees that `/proc/self/cgroup` inside says `/`, for the very folder that has a long path outside.

use nix::sched::CloneFlags;

use crate::kernel::sys::{Result, unshare};

/// Leaves the cgroup namespace for a new one. Its root is the cgroup in which this process is now, so it comes after the
/// cgroup was joined; and before a cgroup file system is mounted, which shows the tree from the root of its time.
pub(super) fn enter() -> Result {
    unshare(CloneFlags::CLONE_NEWCGROUP)
}
