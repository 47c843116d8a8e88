//! Seeing process numbers.
//!
//! `pid_namespaces(7)`, `proc_pid_status(5)`. A process has one number for each PID namespace that it is in, and the
//! line `NSpid` lists them from the reader's procfs inwards. A procfs lists the processes of the namespace that it
//! was mounted in, whoever reads it. The learner sees that one process is both 26318 and 1.

use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{Dir, readlinkat};

use super::place::{LONGEST_OF_KERNEL, Place, Unread, read};
use crate::kernel::fact::Value;

/// The process's number where the viewer is.
pub(super) fn here(place: &Place<'_>) -> Result<Value, Unread> {
    // The viewer may itself be deeper than the procfs that it reads: as deep as it has numbers there.
    let depth = place.viewer().status_of("NSpid")?.count().saturating_sub(1);
    number(place.status_of("NSpid")?.nth(depth))
}

/// Its number where it is itself: what `echo $$` prints.
pub(super) fn innermost(place: &Place<'_>) -> Result<Value, Unread> {
    number(place.status_of("NSpid")?.last())
}

fn number(word: Option<&str>) -> Result<Value, Unread> {
    let number = word.and_then(|word| word.parse().ok());
    number.map(Value::Number).ok_or_else(|| Unread::words("it has no number in this PID namespace"))
}

/// How many processes its `/proc` lists, as it is mounted there now: what `ps` believes.
pub(super) fn processes(place: &Place<'_>) -> Result<Value, Unread> {
    let refused = |errno| Unread::call("getdents", &format!("/proc/{}/root/proc", place.name), errno);
    let mut processes = 0;
    for entry in Dir::new(place.own_proc()?).map_err(refused)? {
        processes += u64::from(entry.map_err(refused)?.file_name().to_bytes()[0].is_ascii_digit());
    }
    Ok(Value::Number(processes))
}

/// How many of those have ended, and nobody has asked how: `ps` calls them defunct.
pub(super) fn zombies(place: &Place<'_>) -> Result<Value, Unread> {
    let refused = |errno| Unread::call("getdents", &format!("/proc/{}/root/proc", place.name), errno);
    let proc = place.own_proc()?;
    let mut zombies = 0;
    for entry in Dir::read_from(&proc).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let name = entry.file_name().to_string_lossy();
        zombies += u64::from(name.starts_with(|c: char| c.is_ascii_digit()) && is_zombie(&proc, &name));
    }
    Ok(Value::Number(zombies))
}

/// The state is the first word behind the name in parentheses. Who has gone meanwhile is none.
fn is_zombie(proc: &OwnedFd, pid: &str) -> bool {
    let stat = read(proc.as_fd(), &format!("{pid}/stat"), "stat", LONGEST_OF_KERNEL);
    stat.is_ok_and(|stat| stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('Z')))
}

/// Which PID namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("pid").map(Value::Number)
}

/// Whether its next child will be in another PID namespace than itself: `unshare(CLONE_NEWPID)` moves children alone.
pub(super) fn awaits_child(place: &Place<'_>) -> Result<Value, Unread> {
    let own = place.namespace("pid")?;
    // The link leads nowhere until the first child has made the new namespace its own.
    Ok(Value::Number(u64::from(place.namespace("pid_for_children").ok() != Some(own))))
}

/// Whether the first process that its `/proc` lists is the first one of its own namespace.
pub(super) fn proc_is_own(place: &Place<'_>) -> Result<Value, Unread> {
    let shown = |errno| Unread::call("readlink", &format!("/proc/{}/root/proc/1/ns/pid", place.name), errno);
    let link = readlinkat(place.own_proc()?, "1/ns/pid", Vec::new()).map_err(shown)?;
    let own = format!("pid:[{}]", place.namespace("pid")?);
    Ok(Value::Number(u64::from(link.to_string_lossy() == own)))
}
