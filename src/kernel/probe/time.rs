//! Seeing the clocks.
//!
//! `time_namespaces(7)`, `proc_pid_timens_offsets(5)`. A time namespace adds so many seconds to the clocks that count from
//! the machine's start, and the offset of each process's can be read. The learner sees `up 1000 days` on one side.

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

/// The seconds since the machine was started, as they are counted there.
pub(super) fn uptime(place: &Place<'_>) -> Result<Value, Unread> {
    // This file says what the reader's own time namespace makes of it, whoever's procfs it is in.
    let text = place.proc.read("uptime")?;
    let seconds = text.split('.').next().and_then(|whole| whole.parse::<i64>().ok());
    let seconds = seconds.ok_or_else(|| Unread::words("/proc/uptime has no number"))?;
    // Without time namespaces (before Linux 5.6) there is nothing to add.
    let offset = |place: &Place<'_>| offset(place).unwrap_or(0);
    let there = seconds - offset(place.viewer()) + offset(place);
    Ok(Value::Number(u64::try_from(there / 60 * 60).unwrap_or(0)))
}

/// How many of these seconds its time namespace has added.
pub(super) fn boottime(place: &Place<'_>) -> Result<Value, Unread> {
    let offset = offset(place)?;
    Ok(u64::try_from(offset).map_or_else(|_| Value::Text(offset.to_string()), Value::Number))
}

/// Which time namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("time").map(Value::Number)
}

/// Lines `clock seconds nanoseconds`.
fn offset(place: &Place<'_>) -> Result<i64, Unread> {
    // A thread has no such file, only a process; and the threads of one share their clocks.
    let viewer = std::ptr::eq(place, place.viewer());
    let text = if viewer { place.proc.read("self/timens_offsets")? } else { place.read("timens_offsets")? };
    let line = text.lines().find_map(|line| line.strip_prefix("boottime"));
    let seconds = line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok());
    seconds.ok_or_else(|| Unread::words("its timens_offsets has no line boottime"))
}
