//! Finding a container that nobody announced: of many processes, the one that is most apart from whoever looks.
//!
//! namespaces(7), cgroups(7), chroot(2). A container is no object of the kernel, only processes whose namespaces, root or
//! cgroup are others than ours. Its first process is the one whose parent is less apart than itself.
//! The learner sees the column of what they built by hand, whatever tool they built it with.

use std::collections::BTreeMap;

use rustix::fs::{Dir, Mode, OFlags, openat};

use super::place::{Place, Proc, Unread};
use super::rootfs;

/// The namespaces that a process is in.
const KINDS: [&str; 8] = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

/// Those that only its next child will be in: unshare(2) does not move the caller.
const FOR_CHILDREN: [(&str, &str); 2] = [("pid", "pid_for_children"), ("time", "time_for_children")];

/// The first process of what is most apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Its number in the procfs that was looked at.
    pub pid: u32,
    /// What of it is another than the viewer's: `uts`, `mnt`, `root`, `cgroup-path`, `pid_for_children`.
    pub kinds: Vec<&'static str>,
}

/// A process as far as it is compared.
struct Candidate {
    parent: u32,
    /// When it was started, in ticks since boot: numbers are used again, times are not.
    started: u64,
    kinds: Vec<&'static str>,
}

impl Candidate {
    /// Where two are as much apart in number, what holds for a process itself counts more than what waits for its child.
    fn score(&self) -> usize {
        self.kinds.iter().map(|kind| if kind.ends_with("for_children") { 1 } else { 2 }).sum()
    }
}

/// Of these processes (numbers of the procfs `proc`) the first one of what is most apart from the viewer; `None` where
/// nothing is apart. Of several that are so alike, the oldest.
#[must_use]
pub fn most(proc: &Proc, among: impl IntoIterator<Item = u32>) -> Option<Apart> {
    let viewer = Place::of_viewer(proc);
    let seen: BTreeMap<u32, Candidate> =
        among.into_iter().filter_map(|pid| Some((pid, candidate(&viewer, pid)?))).collect();
    let best = seen.values().map(Candidate::score).max().filter(|best| *best > 0)?;
    let is_first = |candidate: &Candidate| seen.get(&candidate.parent).is_none_or(|parent| parent.score() < best);
    let firsts = seen.iter().filter(|(_, candidate)| candidate.score() == best && is_first(candidate));
    let (pid, first) = firsts.min_by_key(|(pid, candidate)| (candidate.started, **pid))?;
    Some(Apart { pid: *pid, kinds: first.kinds.clone() })
}

/// Every process that the procfs lists, but for the viewer.
///
/// # Errors
/// If the procfs cannot be listed.
pub fn everybody(proc: &Proc) -> Result<Vec<u32>, Unread> {
    let refused = |errno| Unread::call("getdents64", "/proc", errno);
    let myself: Option<u32> = Place::of_viewer(proc).status_of("Tgid")?.next().and_then(|pid| pid.parse().ok());
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let dir = openat(proc, ".", flags, Mode::empty()).map_err(refused)?;
    let entries = Dir::new(dir).map_err(refused)?.filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str().ok()?.parse().ok());
    Ok(pids.filter(|pid| Some(*pid) != myself).collect())
}

/// `None`: it has ended, or may not be looked at.
fn candidate(viewer: &Place<'_>, pid: u32) -> Option<Candidate> {
    let place = Place::of_process(viewer, pid);
    let stat = place.read("stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    // Behind the name in parentheses: state, parent, and the start as the twentieth.
    let (state, parent) = (fields.next()?, fields.next()?.parse().ok()?);
    let started = fields.nth(17)?.parse().ok()?;
    (state != "Z").then(|| Candidate { parent, started, kinds: kinds(viewer, &place) })
}

/// What of a place is another than the viewer's. What cannot be read is not said to be apart.
fn kinds(viewer: &Place<'_>, place: &Place<'_>) -> Vec<&'static str> {
    let differs = |kind: &str, of_viewer: &str| {
        place.namespace(kind).ok().zip(viewer.namespace(of_viewer).ok()).is_some_and(|(there, here)| there != here)
    };
    let mut kinds: Vec<&'static str> = KINDS.into_iter().filter(|kind| differs(kind, kind)).collect();
    let waiting = FOR_CHILDREN.into_iter().filter(|(kind, _)| !kinds.contains(kind));
    // The link leads nowhere (ENOENT) until the first child has made the new namespace its own.
    let awaits_first = |kind: &str, next: &str| place.namespace(kind).is_ok() && place.namespace(next).is_err();
    let waits = |(kind, next): &(&str, &str)| awaits_first(kind, next) || differs(next, kind);
    let waiting: Vec<_> = waiting.filter(waits).map(|(_, next)| next).collect();
    kinds.extend(waiting);
    let root = |place: &Place<'_>| rootfs::root(place).ok();
    if root(place).zip(root(viewer)).is_some_and(|(there, here)| there != here) {
        kinds.push("root");
    }
    let cgroup = |place: &Place<'_>| place.read("cgroup").ok();
    if cgroup(place).zip(cgroup(viewer)).is_some_and(|(there, here)| there != here) {
        kinds.push("cgroup-path");
    }
    kinds
}
