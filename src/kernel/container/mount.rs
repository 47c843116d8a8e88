//! Mount namespace: a list of mounts of its own. mount_namespaces(7).
//!
//! The learner sees that a tmpfs mounted inside is not there outside; and, with a PID namespace, that
//! `ps` inside is right at last.

use nix::mount::MsFlags;
use nix::sched::CloneFlags;

use crate::kernel::sys::{Result, mount, unshare};

/// Leaves the mount namespace for a new one, which starts as a copy of the list.
pub(super) fn enter() -> Result {
    unshare(CloneFlags::CLONE_NEWNS)
}

/// Cuts the copied mounts off from their originals. Most hosts share `/` (systemd does), and then what is mounted
/// in the copy would appear outside too; so this comes before any other mount.
pub(super) fn make_private() -> Result {
    mount("", "/", "", MsFlags::MS_REC | MsFlags::MS_PRIVATE, "")
}

/// Mounts a /proc of this PID namespace over the old one. ps(1) reads /proc, and the copied one still shows everybody.
pub(super) fn fresh_proc(at: &str) -> Result {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount("proc", at, "proc", flags, "")
}
