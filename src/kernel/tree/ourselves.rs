//! Telling the processes with which unha itself looks from those that are looked at.
//!
//! They go into the namespaces of whom they look at, and would stand there as somebody who shares them. `proc_pid_exe(5)`: a name and
//! words anybody can give themselves; the program's inode is what was executed.

use std::os::fd::BorrowedFd;

use rustix::fs::{AtFlags, Stat, stat, statat};

use super::process;

/// What such a process is started with.
const VERBS: [&str; 5] = ["__look", "__enter", "__facts", "__evidence", "__probe"];

/// Who looks: its number, its name, and its program.
#[derive(Debug)]
pub(super) struct Ourselves {
    pid: u32,
    name: String,
    program: Option<(u64, u64)>,
}

impl Ourselves {
    pub(super) fn new() -> Self {
        let pid = std::process::id();
        let program = stat("/proc/self/exe").ok().map(|found| inode(&found));
        Self { pid, name: process::name_of(pid).unwrap_or_default(), program }
    }

    /// Whether a process is one of these, of this viewer's or another's.
    pub(super) fn include(&self, proc: BorrowedFd<'_>, pid: u32, parent: u32, name: &str) -> bool {
        // Started by /proc/self/exe it is called so. Only who may be one is asked for more: there are thousands.
        if name != "exe" && name != self.name {
            return false;
        }
        if !process::second_word(proc, pid).is_some_and(|word| VERBS.contains(&word.as_str())) {
            return false;
        }
        // A child of this very process was started by it, even where its program may not be looked at.
        let program = || statat(proc, format!("{pid}/exe"), AtFlags::empty()).ok().map(|found| inode(&found));
        parent == self.pid || (self.program.is_some() && program() == self.program)
    }
}

fn inode(found: &Stat) -> (u64, u64) {
    (found.st_dev, found.st_ino)
}
