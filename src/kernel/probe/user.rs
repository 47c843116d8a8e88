//! Seeing user ids.
//!
//! `user_namespaces(7)`, `proc_pid_uid_map(5)`. The kernel keeps one id for a process and translates it for whoever
//! asks; `/proc/PID/uid_map` says how. The learner sees that root inside is an ordinary user outside.

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

/// Its (effective) user id as the viewer sees it.
pub(super) fn here(place: &Place<'_>) -> Result<Value, Unread> {
    uid(place).map(Value::Number)
}

/// Its user id as it sees itself: what `id -u` prints there.
pub(super) fn innermost(place: &Place<'_>) -> Result<Value, Unread> {
    let uid = uid(place)?;
    // Read from within, the map speaks of the parent's ids; but from within there is nothing to translate.
    if place.namespace("user")? == place.viewer().namespace("user")? {
        return Ok(Value::Number(uid));
    }
    // Lines `first id inside, first id outside, how many`.
    let inside = place.read("uid_map")?.lines().find_map(|line| {
        let mut numbers = line.split_ascii_whitespace().map_while(|word| word.parse::<u64>().ok());
        let (inside, outside, count) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let offset = uid.checked_sub(outside).filter(|offset| *offset < count)?;
        Some(inside + offset)
    });
    // An id without a number there is shown as nobody.
    let nobody = || place.proc.read("sys/kernel/overflowuid").ok()?.trim().parse().ok();
    inside.or_else(nobody).map(Value::Number).ok_or_else(|| Unread::words("its user id has no number there"))
}

/// `Uid:` has the real, effective, saved and file system ids.
fn uid(place: &Place<'_>) -> Result<u64, Unread> {
    let uid = place.status_of("Uid")?.nth(1).and_then(|word| word.parse().ok());
    uid.ok_or_else(|| Unread::words("its status has no user id"))
}

/// Its map of user ids, a line each.
pub(super) fn uids(place: &Place<'_>) -> Result<Value, Unread> {
    map(place, "uid_map")
}

/// Its map of group ids.
pub(super) fn gids(place: &Place<'_>) -> Result<Value, Unread> {
    map(place, "gid_map")
}

/// Which ids are the others' is for the reader: whoever is outside reads its own ids there, as who is inside does.
fn map(place: &Place<'_>, file: &str) -> Result<Value, Unread> {
    let text = place.read(file)?;
    let line = |line: &str| line.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Value::List(text.lines().map(line).collect()))
}

/// Which user namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("user").map(Value::Number)
}
