//! Network namespace: links, addresses, routes and ports of its own. network_namespaces(7).
//!
//! The learner sees one link inside, `lo`, and that even that is down.

use nix::sched::CloneFlags;

use crate::kernel::sys::{Result, unshare};

/// Leaves the network namespace for a new one, with nothing in it but `lo`, down.
pub(super) fn enter() -> Result {
    unshare(CloneFlags::CLONE_NEWNET)
}
