//! User namespace: root inside, nobody special outside. user_namespaces(7).
//!
//! The learner without root sees that every other feature works for them too: whoever makes a user namespace
//! has all capabilities *in it*, and so over the namespaces that are made there.

use nix::sched::CloneFlags;
use nix::unistd::{Gid, Uid};

use crate::kernel::sys::{Result, unshare, write_file};

/// Leaves the user namespace for a new one in which `uid` and `gid`, our own so far, are called 0.
pub(super) fn enter(uid: Uid, gid: Gid) -> Result {
    unshare(CloneFlags::CLONE_NEWUSER)?;
    write_file("/proc/self/uid_map", &format!("0 {uid} 1\n"))?;
    // Whoever can drop a group can pass a file that shuts that group out, so this right goes before the map comes.
    write_file("/proc/self/setgroups", "deny")?;
    write_file("/proc/self/gid_map", &format!("0 {gid} 1\n"))
}
