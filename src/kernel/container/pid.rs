//! PID namespace: process numbers of its own, from 1. pid_namespaces(7).
//!
//! The learner sees one process with one number per level: 1 inside, some high number outside.

use nix::sched::CloneFlags;
use nix::unistd::Pid;

use crate::kernel::sys::{Fork, Result, fork_sibling, unshare};

/// Asks for a new PID namespace. A process never changes its own number, so only the *next child* will be in it.
pub(super) fn enter() -> Result {
    unshare(CloneFlags::CLONE_NEWPID)
}

/// Makes that child. It returns from here, as PID 1 if that was asked for; the caller gets its number on this side, and
/// has done its part.
pub(super) fn become_first() -> Result<Option<Pid>> {
    Ok(match fork_sibling()? {
        Fork::Parent(first) => Some(first),
        Fork::Child => None,
    })
}
