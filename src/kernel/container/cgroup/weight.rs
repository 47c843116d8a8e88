//! CPU weight: who gets how much while several want it. Documentation/admin-guide/cgroup-v2.rst, `cpu.weight`.
//!
//! The learner sees two loops on one core: alone each has all of it, together they share it by their weights.

use super::Group;
use crate::kernel::cgroupfs::weight;
use crate::kernel::sys::{Result, write_file};

/// The weight of a cgroup that nobody gave one, in the numbers of `docker run --cpu-shares`.
pub const USUAL: u64 = 1024;

/// Writes the weight, in version 2 by the curve on which 1024 there is 100 here. It costs nobody anything while there is CPU to spare.
pub(super) fn set(group: &Group, shares: u64) -> Result {
    match group.folder("cpu") {
        Some((dir, true)) => write_file(dir.join("cpu.weight"), &weight(shares).to_string()),
        Some((dir, false)) => write_file(dir.join("cpu.shares"), &shares.to_string()),
        None => group.write_limit("cpu", "cpu.weight", ""),
    }
}
