//! UTS namespace: a host name of its own. uts_namespaces(7).
//!
//! The learner sees two names on one kernel: renaming on one side leaves the other side's name alone.

use nix::sched::CloneFlags;

use crate::kernel::sys::{Result, sethostname, unshare};

/// Leaves the UTS namespace for a new one, which starts as a copy: the name is still the same.
pub(super) fn enter() -> Result {
    unshare(CloneFlags::CLONE_NEWUTS)
}

/// Names the host. After [`enter`], or the outside would be renamed; before exec, or there is no code of ours left to do it.
pub(super) fn set_hostname(name: &str) -> Result {
    sethostname(name)
}
