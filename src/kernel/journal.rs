//! The journal: every system call that makes the container, as it was made, the failed ones too.
//!
//! `sethostname("caixa") = 0`, `mount("proc", "/proc", "proc") = EPERM`: it is what the screen's call
//! line shows, what errors quote, and what a test holds against strace(1).

use std::fmt;

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
