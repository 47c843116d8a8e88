//! Each system call once, and the crate's only `unsafe`: a file for each family, and here what they share.
//!
//! A call that makes a container goes into the journal, and its failure reads as the call itself:
//! `mount("proc", "/proc", "proc") = EPERM`. See section 2 of the manual for each by its name.

#![allow(unsafe_code, reason = "the one room for it: each block says why it is sound")]

pub mod bpf;
mod files;
mod mounts;
mod namespaces;
mod older;
pub mod privileges;
mod processes;
mod terminals;

use std::fmt::Display;
use std::io;
use std::path::Path;

use nix::errno::Errno;

use self::files::owned;
pub use self::files::{borrow, close_from, close_on_exec_from, inherited, mkdir, open_in_root, rmdir, write_file};
pub use self::mounts::{
    attach_tree, chroot, clone_tree, map_owners, mount, pivot_root, read_only_mount, read_only_tree, umount,
};
pub use self::namespaces::{owner_of, parent_of, sethostname, unshare, unshare_time};
pub use self::privileges::{become_root, leave_keyring, seccomp};
pub use self::processes::{
    Fork, chdir, default_signal, exec, exec_file, exit_now, fork, fork_sibling, ignore_signal, pidfd_kill, pidfd_open,
    set_env, take_env,
};
pub use self::terminals::{foreground, set_size, size_of_terminal, take_terminal};
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

impl SysError {
    fn new(name: &str, args: Vec<String>, errno: Errno) -> Self {
        Self { call: Call { name: name.to_owned(), args, result: Err(format!("{errno:?}")) }, errno }
    }
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
    result.map_err(|errno| SysError::new(name, args, errno))
}

/// Writes a message of rtnetlink(7) that changes something to the journal, and what the kernel answered.
pub(super) fn told(message: &str, words: &[&str], answer: nix::Result<()>) -> Result {
    let kind = ["NETLINK_ROUTE", message].map(str::to_owned);
    journalled("sendto", kind.into_iter().chain(words.iter().map(quoted)).collect(), answer, |()| 0)
}

/// A refusal of a call that makes no container.
pub(super) fn refused(name: &str, words: &[&str], errno: Errno) -> SysError {
    SysError::new(name, words.iter().map(ToString::to_string).collect(), errno)
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

/// What rustix calls an error is nix's.
fn errno_of<T>(result: rustix::io::Result<T>) -> nix::Result<T> {
    result.map_err(|errno| Errno::from_raw(errno.raw_os_error()))
}

/// What the standard library says of a call is its errno.
fn errno_in(error: &io::Error) -> Errno {
    Errno::from_raw(error.raw_os_error().unwrap_or(0))
}
