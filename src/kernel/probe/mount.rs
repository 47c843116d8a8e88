//! Seeing the mount table.
//!
//! `mount_namespaces(7)`, `proc_pid_mountinfo(5)`. Each mount namespace has a table of its own, and
//! `/proc/PID/mountinfo` is the table of that process, to be read from anywhere.
//! The learner sees a mount that is in one table and not in the other.

use std::collections::BTreeSet;

use super::place::{Place, Unread};
use crate::kernel::cgroupfs::unescape;
use crate::kernel::fact::{Fact, Facts, Reading, Value};

/// How many entries the table has.
pub(super) fn count(place: &Place<'_>) -> Result<Value, Unread> {
    Ok(Value::Number(place.mountinfo()?.lines().count() as u64))
}

/// Where they are mounted.
pub(super) fn points(place: &Place<'_>) -> Result<Value, Unread> {
    let points: BTreeSet<String> =
        place.mountinfo()?.lines().filter_map(|line| line.split(' ').nth(4)).map(unescape).collect();
    Ok(Value::List(points.into_iter().collect()))
}

/// The mount points among a side's facts.
pub(super) fn all(facts: &Facts) -> BTreeSet<String> {
    match facts.get(&Fact::MountPoints) {
        Some(Reading::Value(Value::List(points))) => points.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}

/// Leaves only some of the mount points among a side's facts.
pub(super) fn keep(facts: &mut Facts, which: impl Fn(&String) -> bool) {
    if let Some(Reading::Value(Value::List(points))) = facts.get_mut(&Fact::MountPoints) {
        points.retain(which);
    }
}

/// Which mount namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("mnt").map(Value::Number)
}
