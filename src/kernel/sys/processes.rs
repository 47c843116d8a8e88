//! How a process begins, becomes another program, is signalled and ends; and what it takes along.
//!
//! fork(2), clone(2), execve(2), pidfd_open(2), pidfd_send_signal(2), signal(2), _exit(2), environ(7). Most of them ask for a
//! process with one thread: that is why stages are programs of their own.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::sys::signal::{SigHandler, Signal};
use nix::unistd::{AccessFlags, Pid};

use super::{Result, SysError, owned, path, plain, quoted};

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
    SysError::new("execve", args, found)
}

/// execveat(2) of an open file. Returns only when it failed.
#[must_use]
pub fn exec_file(file: BorrowedFd<'_>, command: &[CString], env: &[CString]) -> SysError {
    let errno = match nix::unistd::execveat(file, c"", command, env, AtFlags::AT_EMPTY_PATH) {
        Ok(never) => match never {},
        Err(errno) => errno,
    };
    let args = vec![file.as_raw_fd().to_string(), "AT_EMPTY_PATH".to_owned()];
    SysError::new("execveat", args, errno)
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

/// pidfd_open(2): a file that stands for the process and for no later one with its number.
///
/// # Errors
/// ESRCH when there is no such process; ENOSYS before Linux 5.3.
pub fn pidfd_open(pid: Pid) -> Result<OwnedFd> {
    // SAFETY: plain numbers.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
    plain("pidfd_open", vec![pid.to_string()], Errno::result(fd)).map(owned)
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

/// Ends this process at once, by `_exit`: nothing that fork(2) copied from the parent is flushed or dropped a second time.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: ends the process; nothing runs after it.
    unsafe { libc::_exit(status) }
}
