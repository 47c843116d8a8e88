//! The same evidence for a program with threads: another process looks, which ends when it has told. setns(2), fork(2).
//!
//! A look visits the mount namespace in a child, and a child of many threads is a copy of one alone.

use std::process::{Command, Stdio};

use crate::kernel::evidence::Evidence;

/// Looks at the process by starting this program again, with the hidden verb `__evidence`.
///
/// # Errors
/// Why nothing came of it.
pub fn by_another(pid: u32) -> Result<Evidence, String> {
    let mut command = Command::new("/proc/self/exe");
    command.args(["__evidence", &pid.to_string()]).stdin(Stdio::null());
    let told = command.output().map_err(|error| format!("execve(\"/proc/self/exe\") = {error}"))?;
    serde_json::from_slice(&told.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&told.stderr).trim().replace(char::is_control, " ");
        if said.is_empty() { told.status.to_string() } else { said }
    })
}
