//! The journal: every system call that makes the container, as it was made, the failed ones too.
//!
//! `sethostname("caixa") = 0`, `mount("proc", "/proc", "proc") = EPERM`: it is what the screen's call
//! line shows, what errors quote, and what a test holds against strace(1).

use std::fmt;
use std::os::fd::{BorrowedFd, IntoRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use serde::{Deserialize, Serialize};

/// One system call and what the kernel answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The call's name in section 2 of the manual.
    pub name: String,
    /// Its arguments as strace(1) would put them, the unimportant ones left out.
    pub args: Vec<String>,
    /// What it returned, or the errno's name.
    pub result: Result<i64, String>,
}

impl Call {
    /// Whether the kernel refused.
    #[must_use]
    pub const fn failed(&self) -> bool {
        self.result.is_err()
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}) = ", self.name, self.args.join(", "))?;
        match &self.result {
            Ok(value) => value.fmt(f),
            Err(errno) => f.write_str(errno),
        }
    }
}

/// How calls are written to the journal's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a person reads them.
    Text,
    /// One JSON object a line, for another process of ours.
    Json,
}

/// The file that this process and its children write their calls to; -1: nobody listens.
static FILE: AtomicI32 = AtomicI32::new(-1);
static JSON: AtomicBool = AtomicBool::new(false);

/// From now on, writes every call of this process and of the children it forks to `file`, a line each.
///
/// It is a file and no list in memory because the calls are made by several processes one after the other:
/// one pipe keeps them in the order in which they happened, and survives whoever made them.
pub fn write_to(file: OwnedFd, form: Form) {
    JSON.store(form == Form::Json, Ordering::Relaxed);
    FILE.store(file.into_raw_fd(), Ordering::Relaxed);
}

/// The journal's file, so that it can be kept open where all others are closed.
#[must_use]
pub fn file() -> Option<RawFd> {
    Some(FILE.load(Ordering::Relaxed)).filter(|fd| *fd >= 0)
}

/// Writes one call. Nobody reading is no reason to stop: a journal that cannot be written is lost, not fatal.
pub(super) fn record(call: &Call) {
    let Some(fd) = file() else { return };
    let line = if JSON.load(Ordering::Relaxed) {
        serde_json::to_string(call).unwrap_or_default() + "\n"
    } else {
        format!("{call}\n")
    };
    // One write(2) a line: the processes that share the file never mix within a line.
    let _ = nix::unistd::write(super::sys::borrow(fd), line.as_bytes());
}

/// The journal's file, borrowed.
#[must_use]
pub fn borrowed() -> Option<BorrowedFd<'static>> {
    file().map(super::sys::borrow)
}
