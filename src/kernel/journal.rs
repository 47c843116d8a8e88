//! The journal: every system call that makes the container, as it was made, the failed ones too.
//!
//! `sethostname("caixa") = 0`, `mount("proc", "/proc", "proc") = EPERM`: it is what the screen's call
//! line shows, what errors quote, and what a test holds against strace(1).

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::sync::OnceLock;

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

/// The file that this process and its children write their calls to, and how; unset: nobody listens.
static JOURNAL: OnceLock<(File, Form)> = OnceLock::new();

/// From now on, writes every call of this process and of the children it forks to `file`, a line each. Once is for good.
///
/// It is a file and no list in memory because the calls are made by several processes one after the other:
/// one pipe keeps them in the order in which they happened, and survives whoever made them.
pub fn write_to(file: OwnedFd, form: Form) {
    let _ = JOURNAL.set((File::from(file), form));
}

/// Writes one call. Nobody reading is no reason to stop: a journal that cannot be written is lost, not fatal.
pub(super) fn record(call: &Call) {
    let Some((mut file, form)) = JOURNAL.get().map(|(file, form)| (file, form)) else { return };
    let line = match form {
        Form::Text => format!("{call}\n"),
        Form::Json => serde_json::to_string(call).unwrap_or_default() + "\n",
    };
    // One write(2) a line: the processes that share the file never mix within a line.
    let _ = file.write(line.as_bytes());
}
