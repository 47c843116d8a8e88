//! Disk bandwidth: bytes a second to one disk. Documentation/admin-guide/cgroup-v2.rst, `io.max`.
//!
//! The learner sees a direct write take its time. A buffered one seems to be done at once, and fsync(2) tells.

use serde::{Deserialize, Serialize};

use super::Group;
use crate::kernel::sys::{Result, write_file};

/// How much may be written to a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteLimit {
    /// Major and minor number of the whole disk: the kernel takes no partition here (ENODEV).
    pub disk: (u32, u32),
    /// Bytes a second.
    pub bytes: u64,
}

/// Writes the limit. Version 1 counts what a process writes itself: what the kernel writes for it later, out of memory, is
/// nobody's there.
pub(super) fn set(group: &Group, limit: WriteLimit) -> Result {
    let WriteLimit { disk: (major, minor), bytes } = limit;
    match group.folder("io") {
        Some((dir, true)) => write_file(dir.join("io.max"), &format!("{major}:{minor} wbps={bytes}")),
        Some((dir, false)) => {
            write_file(dir.join("blkio.throttle.write_bps_device"), &format!("{major}:{minor} {bytes}"))
        }
        None => group.write_limit("io", "io.max", ""),
    }
}

/// What is in force, whoever wrote it: the first disk that has a limit.
pub(super) fn read(group: &Group) -> Option<WriteLimit> {
    let (dir, v2) = group.folder("io")?;
    let text = std::fs::read_to_string(dir.join(if v2 { "io.max" } else { "blkio.throttle.write_bps_device" })).ok()?;
    text.lines().find_map(|line| {
        let (disk, limits) = line.split_once(' ')?;
        let (major, minor) = disk.split_once(':')?;
        let bytes = if v2 { limits.split(' ').find_map(|word| word.strip_prefix("wbps=")) } else { Some(limits) };
        Some(WriteLimit { disk: (major.parse().ok()?, minor.parse().ok()?), bytes: bytes?.parse().ok()? })
    })
}
