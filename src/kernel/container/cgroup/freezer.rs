//! Freezing: every process of a cgroup stops where it stands, and goes on as if nothing had been. cgroups(7),
//! Documentation/admin-guide/cgroup-v2.rst, `cgroup.freeze`.
//!
//! The learner sees a counter stand still: `docker pause`. No signal was sent, and none could be caught.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::errno::Errno;

use super::Group;
use crate::kernel::journal::Call;
use crate::kernel::sys::{Result, SysError, write_file};

/// How long the kernel may take: whoever waits for a disk freezes only when that answers.
const PATIENCE: Duration = Duration::from_secs(2);

/// Freezes or thaws, and waits until it is done.
pub(super) fn set(group: &Group, frozen: bool) -> Result {
    let Some((dir, v2)) = group.folder("freezer") else { return group.write_limit("freezer", "cgroup.freeze", "") };
    if v2 {
        write_file(dir.join("cgroup.freeze"), if frozen { "1" } else { "0" })?;
    } else {
        write_file(dir.join("freezer.state"), if frozen { "FROZEN" } else { "THAWED" })?;
    }
    // The write only asks; the files say when the last process has come to a halt.
    let end = Instant::now() + PATIENCE;
    while read(group) != Some(frozen) {
        if Instant::now() > end {
            return Err(silent(dir));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Whether all of it stands still; `None` while some of it does.
pub(super) fn read(group: &Group) -> Option<bool> {
    let (dir, v2) = group.folder("freezer")?;
    if v2 {
        let events = fs::read_to_string(dir.join("cgroup.events")).ok()?;
        return events.lines().find_map(|line| line.strip_prefix("frozen ")).map(|frozen| frozen == "1");
    }
    match fs::read_to_string(dir.join("freezer.state")).ok()?.trim() {
        "FROZEN" => Some(true),
        "THAWED" => Some(false),
        _ => None,
    }
}

fn silent(dir: &Path) -> SysError {
    let args = vec![format!("{:?}", dir.join("freezer"))];
    let errno = Errno::ETIMEDOUT;
    SysError { call: Call { name: "read".to_owned(), args, result: Err(format!("{errno:?}")) }, errno }
}
