//! Files: those of cgroups and id maps, those below another root, and those that a process hands on to the next.
//!
//! openat2(2), write(2), mkdir(2), rmdir(2), close_range(2). An open file is a right to it, whatever root and namespaces its
//! holder has by then: so each that goes into a box goes there on purpose.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::{Result, errno_in, journalled, older, path, quoted};

/// openat2(2) with `RESOLVE_IN_ROOT` and `RESOLVE_NO_MAGICLINKS`: opens `path` as a process whose root is `root` would.
/// `flags` is `O_PATH` or `O_DIRECTORY`. Before Linux 5.6 by openat(2), part by part.
///
/// # Errors
/// ENOENT, EACCES, …; ELOOP for a magic link.
pub fn open_in_root(root: BorrowedFd<'_>, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    use rustix::fs::{Mode, ResolveFlags, openat2};
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    match openat2(root, path, flags | OFlags::CLOEXEC, Mode::empty(), resolve) {
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => older::open_in_root(root, path, flags),
        opened => opened,
    }
}

/// write(2) of the whole of `data` to an existing kernel file (a cgroup's, an id map), at once.
///
/// # Errors
/// What open(2) or the file's own handler answers: EACCES, EBUSY, EINVAL, …
pub fn write_file(file: impl AsRef<Path>, data: &str) -> Result {
    let file = file.as_ref();
    // One write for all of it: the kernel takes an id map or a limit in one piece or not at all.
    match OpenOptions::new().write(true).custom_flags(libc::O_CLOEXEC).open(file) {
        Err(error) => {
            let args = vec![path(file), "O_WRONLY".to_owned()];
            journalled("openat", args, Err(errno_in(&error)), |()| 0)
        }
        Ok(mut open) => {
            let result = open.write(data.as_bytes()).map_err(|error| errno_in(&error));
            let args = vec![path(file), quoted(data.trim_end().escape_default())];
            journalled("write", args, result, |n| i64::try_from(*n).unwrap_or(i64::MAX)).map(drop)
        }
    }
}

/// mkdir(2) of a cgroup.
///
/// # Errors
/// EACCES or EROFS where the tree is not ours; EEXIST.
pub fn mkdir(dir: &Path) -> Result {
    let result = nix::unistd::mkdir(dir, nix::sys::stat::Mode::from_bits_truncate(0o755));
    journalled("mkdir", vec![path(dir)], result, |()| 0)
}

/// rmdir(2) of a cgroup.
///
/// # Errors
/// EBUSY while a process is in it.
pub fn rmdir(dir: &Path) -> Result {
    let result = std::fs::remove_dir(dir).map_err(|error| errno_in(&error));
    journalled("rmdir", vec![path(dir)], result, |()| 0)
}

/// close_range(2) with `CLOSE_RANGE_CLOEXEC`: every file from `first` on is closed by the coming execve(2).
///
/// A file that leaks into a container is a door out of it (CVE-2024-21626). Kernels before 5.11 do not have
/// the flag; there each open file is marked.
pub fn close_on_exec_from(first: RawFd) {
    // SAFETY: plain numbers; it only sets flags.
    let returned = unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if returned == 0 {
        return;
    }
    for fd in older::open_from(first) {
        // SAFETY: F_SETFD on a number that is no open file fails with EBADF and does nothing.
        unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
}

/// Closes every file from `first` on. Only for a process that owns none of them by a Rust value that it still uses.
pub fn close_from(first: RawFd) {
    // SAFETY: the caller promises not to use those files again.
    let returned = unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) };
    if returned != 0 {
        for fd in older::open_from(first) {
            // SAFETY: as above; a number that is no open file fails with EBADF.
            unsafe { libc::close(fd) };
        }
    }
}

/// A file of this process by its number, for as long as the process lives.
#[must_use]
pub fn borrow(fd: RawFd) -> BorrowedFd<'static> {
    // SAFETY: callers pass numbers that stay open for the life of the process: 0, 1, 2 and the journal's.
    unsafe { BorrowedFd::borrow_raw(fd) }
}

/// Takes over a file that the parent handed to this process by its number.
#[must_use]
pub fn inherited(fd: RawFd) -> OwnedFd {
    // SAFETY: the parent promised the file under this number (see `bench::start`), and nobody else here owns it.
    unsafe { OwnedFd::from_raw_fd(fd) }
}

/// A file that a call has just opened and answered with its number.
pub(super) fn owned(fd: impl TryInto<RawFd>) -> OwnedFd {
    // SAFETY: it is new and nobody else's; a file descriptor always fits in an i32.
    unsafe { OwnedFd::from_raw_fd(fd.try_into().unwrap_or(-1)) }
}
