//! Lifting a limit again: the word for none, in each file's own language. Documentation/admin-guide/cgroup-v2.rst.
//!
//! The learner sees a slider at its end: what stood still for want of room goes on at once.

use super::{Group, Limits, PERIOD};
use crate::kernel::sys::{Result, write_file};

/// In place of a number: no limit any more.
pub const NONE: u64 = u64::MAX;

/// Lifts those limits that are [`NONE`]; returns the others.
pub(super) fn lifted(group: &Group, limits: &Limits) -> Result<Limits> {
    let mut left = *limits;
    if left.pids.take_if(|most| *most == NONE).is_some() {
        group.write_limit("pids", "pids.max", "max")?;
    }
    if left.memory.take_if(|most| *most == NONE).is_some() {
        memory(group)?;
    }
    if left.cpu.take_if(|most| *most == NONE).is_some() {
        match group.folder("cpu") {
            Some((dir, true)) => write_file(dir.join("cpu.max"), &format!("max {PERIOD}"))?,
            Some((dir, false)) => write_file(dir.join("cpu.cfs_quota_us"), "-1")?,
            None => group.write_limit("cpu", "cpu.max", "")?,
        }
    }
    if let Some(limit) = left.io.take_if(|limit| limit.bytes == NONE) {
        let (major, minor) = limit.disk;
        match group.folder("io") {
            Some((dir, true)) => write_file(dir.join("io.max"), &format!("{major}:{minor} wbps=max"))?,
            Some((dir, false)) => {
                write_file(dir.join("blkio.throttle.write_bps_device"), &format!("{major}:{minor} 0"))?;
            }
            None => group.write_limit("io", "io.max", "")?,
        }
    }
    Ok(left)
}

/// Memory, and the swap that went with it: the outer limit of version 1 first, for the inner may not exceed it.
fn memory(group: &Group) -> Result {
    let Some((dir, v2)) = group.folder("memory") else { return group.write_limit("memory", "memory.max", "") };
    let (swap, memory, none) = if v2 {
        ("memory.swap.max", "memory.max", "max")
    } else {
        ("memory.memsw.limit_in_bytes", "memory.limit_in_bytes", "-1")
    };
    if dir.join(swap).exists() {
        write_file(dir.join(swap), none)?;
    }
    write_file(dir.join(memory), none)
}
