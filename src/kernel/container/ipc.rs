//! IPC namespace: System V objects and POSIX message queues of its own. ipc_namespaces(7).
//!
//! The learner sees that `ipcs` inside does not list what was made outside.

use nix::sched::CloneFlags;

use crate::kernel::sys::{Result, unshare};

/// Leaves the IPC namespace for a new and empty one.
pub(super) fn enter() -> Result {
    unshare(CloneFlags::CLONE_NEWIPC)
}
