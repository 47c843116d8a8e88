//! The calls that make a tree of files: what is mounted where, how, and what `/` is.
//!
//! mount(2), umount2(2), pivot_root(2), chroot(2); open_tree(2), move_mount(2) and mount_setattr(2), which take a mount by a
//! file that stands for it.

use std::ffi::CString;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::Path;

use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags};

use super::{Result, errno_of, journalled, names, older, path, quoted};

/// mount(2).
///
/// # Errors
/// EPERM without the right; ENODEV for an unknown file system; and many more.
pub fn mount(source: &str, target: impl AsRef<Path>, kind: &str, flags: MsFlags, data: &str) -> Result {
    let target = target.as_ref();
    let mut args = vec![quoted(source), path(target)];
    if !kind.is_empty() {
        args.push(quoted(kind));
    }
    if !flags.is_empty() {
        args.push(names(flags.iter_names().map(|(name, _)| name)));
    }
    if !data.is_empty() {
        args.push(quoted(data));
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let result =
        nix::mount::mount(some(source).as_deref(), target, some(kind).as_deref(), flags, some(data).as_deref());
    journalled("mount", args, result, |()| 0)
}

/// umount2(2).
///
/// # Errors
/// EINVAL where nothing is mounted; EBUSY while it is used and `MNT_DETACH` is not given.
pub fn umount(target: impl AsRef<Path>, flags: MntFlags) -> Result {
    let target = target.as_ref();
    let args = vec![path(target), names(flags.iter_names().map(|(name, _)| name))];
    journalled("umount2", args, nix::mount::umount2(target, flags), |()| 0)
}

/// pivot_root(2): makes `new` the root mount and puts the old one at `old`.
///
/// # Errors
/// EBUSY when `new` is a plain folder of the root mount; EINVAL when it is one of another mount, when a mount involved is
/// shared, or when the root is a ramdisk.
pub fn pivot_root(new: &str, old: &str) -> Result {
    journalled("pivot_root", vec![quoted(new), quoted(old)], nix::unistd::pivot_root(new, old), |()| 0)
}

/// chroot(2): makes `folder` what this process calls `/`.
///
/// # Errors
/// EPERM without CAP_SYS_CHROOT; ENOENT, ENOTDIR, EACCES for the path.
pub fn chroot(folder: &Path) -> Result {
    journalled("chroot", vec![path(folder)], nix::unistd::chroot(folder), |()| 0)
}

/// open_tree(2) with `OPEN_TREE_CLONE`: a copy of the mount at `at`, attached nowhere.
///
/// # Errors
/// EPERM without CAP_SYS_ADMIN; ENOSYS before Linux 5.2.
pub fn clone_tree(at: &Path) -> Result<OwnedFd> {
    use rustix::mount::OpenTreeFlags as F;
    let flags = F::OPEN_TREE_CLONE | F::OPEN_TREE_CLOEXEC;
    let result = rustix::mount::open_tree(rustix::fs::CWD, at, flags);
    journalled("open_tree", vec![path(at), "OPEN_TREE_CLONE".to_owned()], errno_of(result), |fd| {
        i64::from(fd.as_raw_fd())
    })
}

/// move_mount(2): attaches the tree that [`clone_tree`] gave at `to`.
///
/// # Errors
/// EPERM without CAP_SYS_ADMIN; EINVAL where the tree may not be attached.
pub fn attach_tree(tree: BorrowedFd<'_>, to: &Path) -> Result {
    use rustix::mount::MoveMountFlags as F;
    let result = rustix::mount::move_mount(tree, "", rustix::fs::CWD, to, F::MOVE_MOUNT_F_EMPTY_PATH);
    journalled("move_mount", vec![tree.as_raw_fd().to_string(), path(to)], errno_of(result), |()| 0)
}

/// What mount_setattr(2) changes; `struct mount_attr` of linux/mount.h.
#[repr(C)]
#[derive(Default)]
struct MountAttr {
    attr_set: u64,
    attr_clr: u64,
    propagation: u64,
    userns_fd: u64,
}

fn mount_setattr(dir: RawFd, at: &str, recursive: bool, attr: &MountAttr, words: &str) -> Result {
    let c_path = CString::new(at).unwrap_or_default();
    let mut flags = libc::AT_EMPTY_PATH;
    if recursive {
        flags |= libc::AT_RECURSIVE;
    }
    // SAFETY: the path is NUL-terminated and `attr` is a live struct of the size that is passed with it.
    let returned =
        unsafe { libc::syscall(libc::SYS_mount_setattr, dir, c_path.as_ptr(), flags, attr, size_of::<MountAttr>()) };
    let at = if at.is_empty() { dir.to_string() } else { quoted(at) };
    journalled("mount_setattr", vec![at, words.to_owned()], Errno::result(returned).map(drop), |()| 0)
}

/// mount_setattr(2) with `MOUNT_ATTR_IDMAP`: files below the detached `tree` belong to whom `users` maps their owners to.
///
/// # Errors
/// EINVAL where the file system cannot; ENOSYS before Linux 5.12.
pub fn map_owners(tree: BorrowedFd<'_>, users: BorrowedFd<'_>) -> Result {
    let userns_fd = u64::from(users.as_raw_fd().unsigned_abs());
    let attr = MountAttr { attr_set: libc::MOUNT_ATTR_IDMAP, userns_fd, ..MountAttr::default() };
    mount_setattr(tree.as_raw_fd(), "", false, &attr, "MOUNT_ATTR_IDMAP")
}

/// mount_setattr(2) with `MOUNT_ATTR_RDONLY`, for the whole tree below `at`; before Linux 5.12 by mount(2), one by one.
///
/// # Errors
/// What the kernel refused.
pub fn read_only_tree(at: &str) -> Result {
    let attr = MountAttr { attr_set: libc::MOUNT_ATTR_RDONLY, ..MountAttr::default() };
    match mount_setattr(libc::AT_FDCWD, at, true, &attr, "AT_RECURSIVE, MOUNT_ATTR_RDONLY") {
        Err(error) if older::is_unknown(error.errno) => older::read_only_mounts(Path::new(at)),
        done => done,
    }
}

/// mount_setattr(2) with `MOUNT_ATTR_RDONLY`, for the detached `tree` that [`clone_tree`] gave.
///
/// # Errors
/// EPERM without CAP_SYS_ADMIN; ENOSYS before Linux 5.12.
pub fn read_only_mount(tree: BorrowedFd<'_>) -> Result {
    let attr = MountAttr { attr_set: libc::MOUNT_ATTR_RDONLY, ..MountAttr::default() };
    mount_setattr(tree.as_raw_fd(), "", false, &attr, "MOUNT_ATTR_RDONLY")
}
