//! Time namespace: clocks of its own, of the time since the machine was started. time_namespaces(7).
//!
//! The learner sees a box that has been up for 1000 days on a machine that was started this morning; `date` is the same
//! on both sides, for the time of day has no namespace.

use crate::kernel::sys::{Result, unshare_time, write_file};

/// Asks for a new time namespace, whose clocks are `boottime` seconds ahead. As with process numbers, only the *next
/// child* will be in it; and once somebody is, the clocks cannot be set any more.
pub(super) fn enter(boottime: i64) -> Result {
    unshare_time()?;
    if boottime == 0 {
        return Ok(());
    }
    write_file("/proc/self/timens_offsets", &format!("boottime {boottime} 0\n"))
}
