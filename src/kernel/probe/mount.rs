//! Seeing the mount table.
//!
//! `mount_namespaces(7)`, `proc_pid_mountinfo(5)`. Each mount namespace has a table of its own, and
//! `/proc/PID/mountinfo` is the table of that process, to be read from anywhere.
//! The learner sees a mount that is in one table and not in the other.

use std::collections::BTreeSet;

use super::place::{Place, Unread};
use super::rootfs;
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

/// How mounts at its `/` spread, by the optional fields of the last entry that is mounted there.
pub(super) fn propagation(place: &Place<'_>) -> Result<Value, Unread> {
    let root = place.mountinfo()?.lines().rfind(|line| line.split(' ').nth(4) == Some("/"));
    let root = root.ok_or_else(|| Unread::words("nothing is mounted at its /"))?;
    let tags: Vec<&str> = root.split(' ').skip(6).take_while(|field| *field != "-").collect();
    let known = [("shared:", "shared"), ("master:", "slave"), ("unbindable", "unbindable")];
    let said = known.iter().find(|(tag, _)| tags.iter().any(|field| field.starts_with(tag)));
    Ok(Value::Text(said.map_or("private", |(_, word)| word).to_owned()))
}

/// Where the viewer's `/` is mounted in its table: entries of the same file system and the same folder of it. After
/// a chroot(2) the table does not show it, but it is still above.
pub(super) fn old_root(place: &Place<'_>) -> Result<Value, Unread> {
    let what = |line: &str| line.split(' ').skip(2).take(2).map(str::to_owned).collect::<Vec<_>>();
    let at = |line: &str| line.split(' ').nth(4).map(unescape);
    let outside = place.viewer().mountinfo()?;
    let root = outside.lines().rfind(|line| at(line).as_deref() == Some("/")).map(what);
    let root = root.ok_or_else(|| Unread::words("nothing is mounted at the viewer's /"))?;
    let mut points: Vec<String> = place.mountinfo()?.lines().filter(|line| what(line) == root).filter_map(at).collect();
    if rootfs::is_below(place, place.viewer())? {
        points.insert(0, "/..".to_owned());
    }
    Ok(Value::List(points))
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
