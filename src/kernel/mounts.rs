//! The mount table of a process, entry by entry. `proc_pid_mountinfo(5)`.
//!
//! The learner sees it as "machine: untouched": what of the real machine's table came out of a box, and what did not.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::cgroupfs::unescape;
use super::probe::{Proc, Unread};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mount {
    /// The kernel's number for it, of this mount namespace; given anew when it is free again.
    pub id: u32,
    /// The file system's device, `0:57`: the same wherever that file system is mounted.
    pub device: String,
    /// Where it is mounted.
    pub point: PathBuf,
    /// The file system's kind.
    pub kind: String,
    /// What was mounted: a device, or any word.
    pub source: String,
}

/// The table of a process (a number, or `self`), as the procfs shows it.
///
/// # Errors
/// ENOENT: there is no such process, or `self` is in another PID namespace than the procfs.
pub fn table(proc: &Proc, pid: &str) -> Result<Vec<Mount>, Unread> {
    let text = proc.read(&format!("{pid}/mountinfo"))?;
    Ok(text.lines().filter_map(entry).collect())
}

/// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw`
fn entry(line: &str) -> Option<Mount> {
    let (place, system) = line.split_once(" - ")?;
    let mut place = place.split(' ');
    let id = place.next()?.parse().ok()?;
    let device = place.nth(1)?.to_owned();
    let point = PathBuf::from(unescape(place.nth(1)?));
    let mut system = system.split(' ');
    let kind = unescape(system.next()?);
    Some(Mount { id, device, point, kind, source: unescape(system.next()?) })
}

/// The mounts of the machine that came out of a box or a bench: new since `first`, and of a file system that was new
/// to the machine and is mounted there too. What somebody else mounts meanwhile is mounted on the machine alone, for the
/// bench hears of nothing.
#[must_use]
pub fn leaked<'m>(first: &[Mount], machine: &'m [Mount], theirs: &[Vec<Mount>]) -> Vec<&'m Mount> {
    let known: BTreeSet<&str> = first.iter().map(|mount| mount.device.as_str()).collect();
    let inside: BTreeSet<&str> = theirs.iter().flatten().map(|mount| mount.device.as_str()).collect();
    let is_new = |mount: &&Mount| !known.contains(mount.device.as_str()) && inside.contains(mount.device.as_str());
    machine.iter().filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tmpfs(device: &str, point: &str) -> Mount {
        let line = format!("7 1 {device} / {point} rw,relatime shared:3 master:2 - tmpfs none rw");
        entry(&line).unwrap()
    }

    #[test]
    fn an_entry_is_taken_apart() {
        let disk = entry(r"36 35 98:0 / /media/my\040disk rw - ext3 /dev/sdb1 rw,errors=continue").unwrap();
        assert_eq!((disk.id, disk.device.as_str(), disk.kind.as_str()), (36, "98:0", "ext3"));
        assert_eq!((disk.point, disk.source), (PathBuf::from("/media/my disk"), "/dev/sdb1".to_owned()));
        assert_eq!(tmpfs("0:57", "/mnt").source, "none");
        assert_eq!(entry("36 35"), None);
    }

    #[test]
    fn what_leaked_is_told_from_what_was_plugged_in() {
        let first = [tmpfs("0:1", "/"), tmpfs("0:2", "/tmp")];
        let stick = tmpfs("8:1", "/media/stick");
        let secret = tmpfs("0:57", "/mnt");
        let machine = [first.to_vec(), vec![stick, secret.clone()]].concat();
        // The box has the machine's own file systems as well, and one that it has mounted itself.
        let theirs = [[first.to_vec(), vec![secret.clone()]].concat()];
        assert_eq!(leaked(&first, &machine, &theirs), [&secret]);
        assert!(leaked(&first, &machine, &[first.to_vec()]).is_empty());
    }
}
