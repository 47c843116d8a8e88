//! The calls by which a process gets namespaces of its own, names what is in them and asks who rules over them.
//!
//! unshare(2), sethostname(2), namespaces(7), time_namespaces(7), ioctl_nsfs(2).

use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::sched::CloneFlags;

use super::{Result, journalled, names, owned, plain, quoted};

/// unshare(2): leaves the namespaces named by `flags` for new ones.
///
/// # Errors
/// EPERM without the right; ENOSPC at the limit of namespaces; EINVAL where the kernel has no such namespace.
pub fn unshare(flags: CloneFlags) -> Result {
    let args = vec![names(flags.iter_names().map(|(name, _)| name))];
    journalled("unshare", args, nix::sched::unshare(flags), |()| 0)
}

/// unshare(2) with `CLONE_NEWTIME`: the next child is in a new time namespace.
///
/// # Errors
/// As [`unshare`]; EINVAL before Linux 5.6.
pub fn unshare_time() -> Result {
    // It is no flag of nix's: clone(2) cannot take it, the bit is one of the exit signal's there.
    // SAFETY: a plain number; what a process may share with others is none of Rust's business.
    let returned = unsafe { libc::unshare(libc::CLONE_NEWTIME) };
    journalled("unshare", vec!["CLONE_NEWTIME".to_owned()], Errno::result(returned).map(drop), |()| 0)
}

/// sethostname(2): names the host of this process's UTS namespace.
///
/// # Errors
/// EPERM without CAP_SYS_ADMIN in the user namespace that owns the UTS namespace; EINVAL beyond 64 bytes.
pub fn sethostname(name: &str) -> Result {
    journalled("sethostname", vec![quoted(name)], nix::unistd::sethostname(name), |()| 0)
}

/// ioctl(2) `NS_GET_USERNS`: the user namespace whose root rules over this namespace. ioctl_nsfs(2).
///
/// # Errors
/// EPERM where that is none of the caller's, nor below it.
pub fn owner_of(namespace: BorrowedFd<'_>) -> Result<OwnedFd> {
    ask_namespace(namespace, "NS_GET_USERNS", 0xb701)
}

/// ioctl(2) `NS_GET_PARENT`: the user namespace that this one was made in. ioctl_nsfs(2).
///
/// # Errors
/// EPERM where that is none of the caller's, nor below it.
pub fn parent_of(users: BorrowedFd<'_>) -> Result<OwnedFd> {
    ask_namespace(users, "NS_GET_PARENT", 0xb702)
}

/// The numbers are `_IO(0xb7, 0x1)` and so on of linux/nsfs.h.
fn ask_namespace(namespace: BorrowedFd<'_>, name: &str, question: libc::c_ulong) -> Result<OwnedFd> {
    // SAFETY: an open file and a number.
    let fd = unsafe { libc::ioctl(namespace.as_raw_fd(), question as _) };
    plain("ioctl", vec![name.to_owned()], Errno::result(fd)).map(owned)
}
