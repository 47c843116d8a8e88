//! Each system call once, and the crate's only `unsafe`.
//!
//! A call that makes a container goes into the journal, and its failure reads as the call itself:
//! `mount("proc", "/proc", "proc") = EPERM`. See section 2 of the manual for each by its name.

#![allow(unsafe_code, reason = "the one place: each block says why it is sound")]

pub mod bpf;
mod older;
pub mod privileges;

use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::mount::{MntFlags, MsFlags};
use nix::sched::CloneFlags;
use nix::sys::signal::{SigHandler, Signal};
use nix::unistd::{AccessFlags, Pid};
use rustix::fs::OFlags;

use super::journal::{self, Call};

/// A call that the kernel refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{call} ({})", .errno.desc())]
pub struct SysError {
    /// The call, its arguments and the errno's name.
    pub call: Call,
    /// Why.
    pub errno: Errno,
}

/// What a call returns.
pub type Result<T = ()> = std::result::Result<T, SysError>;

/// Writes `name(args) = result` to the journal and gives the result back.
fn journalled<T>(name: &str, args: Vec<String>, result: nix::Result<T>, value: impl Fn(&T) -> i64) -> Result<T> {
    let outcome = match &result {
        Ok(ok) => Ok(value(ok)),
        Err(errno) => Err(format!("{errno:?}")),
    };
    let call = Call { name: name.to_owned(), args, result: outcome };
    journal::record(&call);
    result.map_err(|errno| SysError { call, errno })
}

/// A failure of a call that makes no container, and so stands in no journal.
fn plain<T>(name: &str, args: Vec<String>, result: nix::Result<T>) -> Result<T> {
    result.map_err(|errno| SysError {
        call: Call { name: name.to_owned(), args, result: Err(format!("{errno:?}")) },
        errno,
    })
}

/// Writes a message of rtnetlink(7) that changes something to the journal, and what the kernel answered.
pub(super) fn told(message: &str, words: &[&str], answer: nix::Result<()>) -> Result {
    let kind = ["NETLINK_ROUTE", message].map(str::to_owned);
    journalled("sendto", kind.into_iter().chain(words.iter().map(quoted)).collect(), answer, |()| 0)
}

/// A refusal of a call that makes no container.
pub(super) fn refused(name: &str, words: &[&str], errno: Errno) -> SysError {
    let args = words.iter().map(ToString::to_string).collect();
    SysError { call: Call { name: name.to_owned(), args, result: Err(format!("{errno:?}")) }, errno }
}

fn quoted(text: impl Display) -> String {
    format!("\"{text}\"")
}

fn path(path: &Path) -> String {
    quoted(path.display())
}

/// The names of the flags that are set: `CLONE_NEWNS|CLONE_NEWUTS`.
fn names<'a>(flags: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = flags.collect();
    if names.is_empty() { "0".to_owned() } else { names.join("|") }
}

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
            journalled("openat", args, Err(Errno::from_raw(error.raw_os_error().unwrap_or(0))), |()| 0)
        }
        Ok(mut open) => {
            let result =
                open.write(data.as_bytes()).map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or(0)));
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
    let result = std::fs::remove_dir(dir).map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or(0)));
    journalled("rmdir", vec![path(dir)], result, |()| 0)
}

/// seccomp(2) `SECCOMP_SET_MODE_FILTER`: from now on every call of this process is put to `program` first.
///
/// # Errors
/// EACCES without CAP_SYS_ADMIN and without no_new_privs; EINVAL for a program that the kernel cannot prove to end.
pub fn seccomp(program: seccompiler::BpfProgramRef<'_>) -> Result {
    /// `struct sock_fprog` of linux/filter.h.
    #[repr(C)]
    struct Fprog {
        len: libc::c_ushort,
        filter: *const seccompiler::sock_filter,
    }
    let len = libc::c_ushort::try_from(program.len()).unwrap_or(libc::c_ushort::MAX);
    let fprog = Fprog { len, filter: program.as_ptr() };
    // SAFETY: the kernel copies the program, which lives for as long as the call, and is as long as is said.
    let returned = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const fprog) };
    let args = vec!["SECCOMP_SET_MODE_FILTER".to_owned(), format!("{{len={len}}}")];
    journalled("seccomp", args, Errno::result(returned).map(drop), |()| 0)
}

/// bpf(2) with a command and what it needs of `union bpf_attr`.
fn bpf_call<T>(command: i32, attr: &T) -> nix::Result<i64> {
    // SAFETY: `attr` lives for as long as the call and is as long as is said; what it points to is its maker's to keep.
    let returned = unsafe { libc::syscall(libc::SYS_bpf, command, std::ptr::from_ref(attr), size_of::<T>()) };
    Errno::result(returned)
}

/// A file that a call of [`bpf_call`] has just opened.
fn owned(fd: i64) -> OwnedFd {
    // SAFETY: it is new and ours; a file descriptor always fits in an i32.
    unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap_or(-1)) }
}

/// execve(2), looking the command up in `PATH` of `env` as execvp(3) does. Returns only when it failed.
#[must_use]
pub fn exec(command: &[CString], env: &[CString]) -> SysError {
    let name = command.first().cloned().unwrap_or_default();
    let words: Vec<String> = command.iter().map(|word| quoted(word.to_string_lossy())).collect();
    let mut found = Errno::ENOENT;
    let files = candidates(&name, env);
    for file in &files {
        let errno = match nix::unistd::execve(file, command, env) {
            Ok(never) => match never {},
            Err(errno) => errno,
        };
        // One that is there but may not be started says more than the many places where there is none, or where we may
        // not look.
        let there = files.len() == 1 || nix::unistd::access(file.as_c_str(), AccessFlags::F_OK).is_ok();
        if there && !matches!(errno, Errno::ENOENT | Errno::ENOTDIR) {
            found = errno;
        }
    }
    let args = vec![quoted(name.to_string_lossy()), format!("[{}]", words.join(", "))];
    SysError { call: Call { name: "execve".to_owned(), args, result: Err(format!("{found:?}")) }, errno: found }
}

/// execveat(2) of an open file. Returns only when it failed.
#[must_use]
pub fn exec_file(file: BorrowedFd<'_>, command: &[CString], env: &[CString]) -> SysError {
    let errno = match nix::unistd::execveat(file, c"", command, env, AtFlags::AT_EMPTY_PATH) {
        Ok(never) => match never {},
        Err(errno) => errno,
    };
    let args = vec![file.as_raw_fd().to_string(), "AT_EMPTY_PATH".to_owned()];
    SysError { call: Call { name: "execveat".to_owned(), args, result: Err(format!("{errno:?}")) }, errno }
}

/// The files that a command's name may mean.
fn candidates(name: &CStr, env: &[CString]) -> Vec<CString> {
    if name.to_bytes().contains(&b'/') {
        return vec![name.to_owned()];
    }
    let path = env.iter().find_map(|entry| entry.to_bytes().strip_prefix(b"PATH=")).unwrap_or(b"/bin:/usr/bin");
    let file = |dir: &[u8]| CString::new([dir, b"/", name.to_bytes()].concat()).ok();
    path.split(|byte| *byte == b':').filter_map(file).collect()
}

/// chdir(2).
///
/// # Errors
/// ENOENT, ENOTDIR, EACCES.
pub fn chdir(folder: &Path) -> Result {
    plain("chdir", vec![path(folder)], nix::unistd::chdir(folder))
}

/// Who returns from [`fork`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fork {
    /// The process that called, with its child's PID.
    Parent(Pid),
    /// The new process.
    Child,
}

/// fork(2).
///
/// Call it from a single-threaded process only: a child has one thread, and a lock that another thread held
/// would stay locked in it for ever. Our stages are started as programs of their own for just that reason.
///
/// # Errors
/// EAGAIN at a limit on processes; ENOMEM when the PID namespace's first process is dead.
pub fn fork() -> Result<Fork> {
    // SAFETY: the caller is single-threaded, so the child may go on as any program would.
    let result = unsafe { nix::unistd::fork() };
    plain("fork", vec![], result).map(|done| match done {
        nix::unistd::ForkResult::Parent { child } => Fork::Parent(child),
        nix::unistd::ForkResult::Child => Fork::Child,
    })
}

/// clone(2) with `CLONE_PARENT`: as [`fork`], but the child is the caller's sibling.
///
/// The stage forks once more to be inside the PID namespace that it asked for, and then has no more to do. A sibling
/// is waited for by the stage's own parent, so that no process stands between the box and whoever started it.
///
/// # Errors
/// As [`fork`].
pub fn fork_sibling() -> Result<Fork> {
    let flags = libc::CLONE_PARENT | libc::SIGCHLD;
    // SAFETY: without CLONE_VM it is a fork; the caller is single-threaded (see `fork`), and a null stack
    // means a copy of the caller's.
    let returned = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    let result = Errno::result(returned);
    plain("clone", vec!["CLONE_PARENT|SIGCHLD".to_owned()], result).map(|pid| match i32::try_from(pid) {
        Ok(0) | Err(_) => Fork::Child,
        Ok(pid) => Fork::Parent(Pid::from_raw(pid)),
    })
}

/// pidfd_open(2): a file that stands for the process and for no later one with its number.
///
/// # Errors
/// ESRCH when there is no such process; ENOSYS before Linux 5.3.
pub fn pidfd_open(pid: Pid) -> Result<OwnedFd> {
    // SAFETY: plain numbers go in; the file that comes out is new and ours.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
    let fd = plain("pidfd_open", vec![pid.to_string()], Errno::result(fd))?;
    // SAFETY: see above; a file descriptor always fits in an i32.
    Ok(unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap_or(-1)) })
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
    // SAFETY: an open file and a number; the file that comes out is new and ours.
    let fd = unsafe { libc::ioctl(namespace.as_raw_fd(), question as _) };
    let fd = plain("ioctl", vec![name.to_owned()], Errno::result(fd))?;
    // SAFETY: see above.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// pidfd_send_signal(2).
///
/// # Errors
/// ESRCH when the process has ended.
pub fn pidfd_kill(process: BorrowedFd<'_>, signal: Signal) -> Result {
    // SAFETY: plain numbers and a null siginfo, which means as kill(2) would.
    let returned = unsafe {
        libc::syscall(libc::SYS_pidfd_send_signal, process.as_raw_fd(), signal as i32, std::ptr::null::<u8>(), 0)
    };
    plain("pidfd_send_signal", vec![signal.to_string()], Errno::result(returned).map(drop))
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

/// Ends this process at once, by `_exit`: nothing that fork(2) copied from the parent is flushed or dropped a second time.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: ends the process; nothing runs after it.
    unsafe { libc::_exit(status) }
}

/// Gives a signal its default action back: signal(2) `SIG_DFL`.
///
/// # Errors
/// EINVAL for SIGKILL and SIGSTOP, which have no other.
pub fn default_signal(name: Signal) -> nix::Result<()> {
    // SAFETY: installs no handler, so no code of ours can run at a bad moment.
    unsafe { nix::sys::signal::signal(name, SigHandler::SigDfl) }.map(drop)
}

/// Ignores a signal: signal(2) `SIG_IGN`.
///
/// # Errors
/// EINVAL for SIGKILL and SIGSTOP.
pub fn ignore_signal(name: Signal) -> nix::Result<()> {
    // SAFETY: installs no handler, so no code of ours can run at a bad moment.
    unsafe { nix::sys::signal::signal(name, SigHandler::SigIgn) }.map(drop)
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

/// Makes the terminal `tty` the controlling one of this session: ioctl(2) `TIOCSCTTY`.
///
/// # Errors
/// EPERM when this process leads no session or the terminal belongs to another.
pub fn take_terminal(tty: BorrowedFd<'_>) -> Result {
    // SAFETY: an open file and a number.
    let returned = unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCSCTTY, 0) };
    plain("ioctl", vec!["TIOCSCTTY".to_owned()], Errno::result(returned).map(drop))
}

/// Tells a terminal its size: ioctl(2) `TIOCSWINSZ`. The kernel sends SIGWINCH to its foreground group.
pub fn set_size(tty: BorrowedFd<'_>, cols: u16, rows: u16) {
    let size = libc::winsize { ws_row: rows, ws_col: cols, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: an open file and a live struct. Failure means that it is no terminal, and then it has no size.
    unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
}

/// A terminal's size (columns, rows): ioctl(2) `TIOCGWINSZ`.
#[must_use]
pub fn size_of_terminal(tty: BorrowedFd<'_>) -> Option<(u16, u16)> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: an open file and a live struct that the kernel fills.
    let returned = unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCGWINSZ, &raw mut size) };
    (returned == 0 && size.ws_col > 0).then_some((size.ws_col, size.ws_row))
}

/// The foreground process group of a terminal, seen from its master side, as a PID of this process's namespace.
#[must_use]
pub fn foreground(master: BorrowedFd<'_>) -> Option<Pid> {
    let mut group: libc::pid_t = 0;
    // SAFETY: an open file and a live integer that the kernel fills.
    let returned = unsafe { libc::ioctl(master.as_raw_fd(), libc::TIOCGPGRP, &raw mut group) };
    (returned == 0 && group > 0).then(|| Pid::from_raw(group))
}

/// Takes the ids of the root of this process's user namespace: setgroups(2), setresgid(2), setresuid(2).
///
/// # Errors
/// EINVAL where the namespace has no id 0; EPERM without the right.
pub fn become_root() -> Result {
    let (uid, gid) = (nix::unistd::Uid::from_raw(0), nix::unistd::Gid::from_raw(0));
    let result = nix::unistd::setgroups(&[gid])
        .and_then(|()| nix::unistd::setresgid(gid, gid, gid))
        .and_then(|()| nix::unistd::setresuid(uid, uid, uid))
        // That took away dumpability, and with it the right of others, and our own, to our files in /proc.
        .and_then(|()| nix::sys::prctl::set_dumpable(true));
    plain("setresuid", vec!["0".to_owned(); 3], result)
}

/// keyctl(2) `KEYCTL_JOIN_SESSION_KEYRING`: leaves the session's keys for a keyring without any.
///
/// # Errors
/// ENOSYS where the kernel keeps no keys; EDQUOT.
pub fn leave_keyring() -> Result {
    const JOIN_SESSION_KEYRING: libc::c_long = 1;
    // SAFETY: a null pointer stands for a keyring without a name.
    let returned = unsafe { libc::syscall(libc::SYS_keyctl, JOIN_SESSION_KEYRING, 0_usize) };
    plain("keyctl", vec!["KEYCTL_JOIN_SESSION_KEYRING".to_owned()], Errno::result(returned).map(drop))
}

/// Takes a variable out of this process's environment.
///
/// Only for a process with one thread: another could be reading the environment just then.
#[must_use]
pub fn take_env(name: &str) -> Option<OsString> {
    let value = std::env::var_os(name)?;
    // SAFETY: the caller has one thread.
    unsafe { std::env::remove_var(name) };
    Some(value)
}

/// Sets a variable of this process's environment; as [`take_env`], only for a process with one thread.
pub fn set_env(name: &str, value: &OsStr) {
    // SAFETY: the caller has one thread.
    unsafe { std::env::set_var(name, value) };
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

fn errno_of<T>(result: rustix::io::Result<T>) -> nix::Result<T> {
    result.map_err(|errno| Errno::from_raw(errno.raw_os_error()))
}
