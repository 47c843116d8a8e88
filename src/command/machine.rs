//! What the agenda says of this machine: found out by asking, in a moment.

use nix::unistd::geteuid;

use crate::course::talk::Machine;
use crate::image::ImageError;
use crate::kernel::doctor::glance;

/// Looks at this machine, whose built-in root file system came out so. Before there are threads: it forks.
pub fn look<T>(rootfs: &Result<T, ImageError>) -> Machine {
    let (namespaces, cgroup) = glance();
    let rootfs = rootfs.as_ref().map(drop).map_err(super::doctor::no_rootfs);
    Machine { root: geteuid().is_root(), namespaces, cgroup, rootfs }
}

/// A machine that nobody has looked at.
pub fn unknown() -> Machine {
    use crate::kernel::reason::{Because, Reason};
    Machine { root: false, namespaces: Ok(()), cgroup: Err(Because::seen(Reason::Unknown, [])), rootfs: Ok(()) }
}
