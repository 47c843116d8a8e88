//! Everybody who was started by this process, however many parents stood between: ended when it ends.
//!
//! prctl(2) `PR_SET_CHILD_SUBREAPER`, `proc_pid_task(5)`. The learner sees that nothing is left running.

use std::collections::BTreeMap;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

/// From now on orphans among them come to us and not to the machine's init, so that we can end them too.
///
/// # Errors
/// None that Linux 3.4 and later have.
pub fn adopt() -> nix::Result<()> {
    nix::sys::prctl::set_child_subreaper(true)
}

/// Ends whoever was started by this process and those that it started. We are their subreaper, so whoever lost its parent
/// is our child now, and a child that we have not buried keeps its number: no foreign process can be hit.
pub fn end() {
    loop {
        for child in children() {
            let _ = kill(child, Signal::SIGKILL);
        }
        if waitpid(Pid::from_raw(-1), None) == Err(Errno::ECHILD) {
            return;
        }
    }
}

/// Everybody who descends from this process and still has a number: nobody is missing, for orphans came to us. Of its
/// children those that are named are left out, and who descends from them.
#[must_use]
pub fn all_but(strangers: &[u32]) -> Vec<u32> {
    let mut parents: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    for pid in entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok()) {
        if let (Some(parent), Ok(pid)) = (parent(pid), pid.try_into()) {
            parents.entry(parent).or_default().push(pid);
        }
    }
    let mut found = parents.remove(&std::process::id()).unwrap_or_default();
    found.retain(|child| !strangers.contains(child));
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        let children = parents.remove(pid).unwrap_or_default();
        found.extend(children);
        next += 1;
    }
    found
}

/// How long the process would have run and had no core to run on: the second number of /proc/PID/schedstat, if it is kept.
#[must_use]
pub fn kept_waiting(pid: u32) -> Duration {
    let told = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    Duration::from_nanos(told.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or_default())
}

/// The children of this process: the kernel lists them (`CONFIG_PROC_CHILDREN`), else every process names its parent.
pub(super) fn children() -> Vec<Pid> {
    let me = std::process::id();
    if let Ok(list) = std::fs::read_to_string(format!("/proc/self/task/{me}/children")) {
        return list.split_whitespace().filter_map(|pid| pid.parse().ok()).map(Pid::from_raw).collect();
    }
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|pid| parent(*pid) == Some(me))
        .map(Pid::from_raw)
        .collect()
}

/// The parent of a process: the fourth field of /proc/PID/stat, the second one after the name in parentheses.
fn parent(pid: i32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
