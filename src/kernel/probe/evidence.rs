//! Seeing all that tells a container from a process that only claims to be one.
//!
//! namespaces(7), `proc_pid_mountinfo(5)`, `proc_pid_fd(5)`. Nothing is tried: no file of the container's is opened, no
//! call made in its place. What it may do follows from what the kernel tells of it.
//! The learner sees these lines as the evidence of a verdict.

mod asked;
mod doors;
mod exposed;
mod files;
mod limits;
mod writable;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use procfs_core::process::MountInfo;

use super::place::{Place, Proc, Unread};
use super::printable;
use crate::kernel::capability;
use crate::kernel::evidence::{Capabilities, Door, Evidence, Ids, Kind, Namespace, Seen};
use crate::kernel::fact::Value;

pub use self::asked::by_another;

/// Looks at the process `pid`, a number of the procfs `proc`, in comparison with the process that looks.
///
/// A child of the caller's visits the mount namespace, so the caller must have one thread.
#[must_use]
pub fn evidence(proc: &Proc, pid: u32) -> Evidence {
    let viewer = Place::of_viewer(proc);
    let place = Place::of_process(&viewer, pid);
    Evidence {
        pids: pids(&place).unwrap_or_else(|_| vec![pid]),
        name: printable(place.read("comm").unwrap_or_default().trim_end()),
        namespaces: namespaces(&place),
        ids: seen(ids(&place)),
        procs: seen(files::procs(&place)),
        hidden: files::hidden(&place).unwrap_or_default(),
        shared: seen(files::shared(&place)),
        root: seen(files::root(&place)),
        limits: limits::all(&place),
        counted_along: limits::counted_along(&place).unwrap_or_default(),
        controls: writable::controls(&place),
        disks: seen(writable::disks(&place)),
        doors: seen(doors::all(&place)),
        descriptors: seen(doors::count(&place)),
        cwd: seen(doors::cwd(&place)),
        capabilities: seen(capabilities(&place)),
        no_new_privs: seen(number(&place, "NoNewPrivs")),
        seccomp: seen(number(&place, "Seccomp")),
        exposed: exposed::all(&place),
    }
}

/// Its descriptors that lead out, as the judge finds them: for whoever makes a container and wants to see it at once.
pub(super) fn leaks(place: &Place<'_>) -> Result<Value, Unread> {
    let named = |door: Door| format!("{}→{}", door.name.trim_start_matches("fd/"), door.link);
    Ok(Value::List(doors::all(place)?.into_iter().map(named).collect()))
}

fn seen<T>(read: Result<T, Unread>) -> Seen<T> {
    read.map_err(|why| printable(&why.to_string()))
}

/// Its numbers, from the viewer's PID namespace inwards.
fn pids(place: &Place<'_>) -> Result<Vec<u32>, Unread> {
    // The viewer may be deeper than the procfs that it reads: as deep as it has numbers there.
    let depth = place.viewer().status_of("NSpid")?.count().saturating_sub(1);
    Ok(place.status_of("NSpid")?.skip(depth).filter_map(|word| word.parse().ok()).collect())
}

fn namespaces(place: &Place<'_>) -> BTreeMap<Kind, Seen<Namespace>> {
    let viewer = place.viewer();
    let each = Kind::ALL.into_iter().filter_map(|kind| {
        // A kind that the viewer is in no namespace of is not in this kernel.
        let here = viewer.namespace(kind.name()).ok()?;
        let there = place.namespace(kind.name());
        Some((kind, seen(there.map(|there| Namespace { here, there, next_child: waits(place, kind, there) }))))
    });
    each.collect()
}

/// Whether only its next child will be in another namespace of this kind.
fn waits(place: &Place<'_>, kind: Kind, there: u64) -> bool {
    if !matches!(kind, Kind::Pid | Kind::Time) {
        return false;
    }
    // The link leads nowhere until the first child has made the new PID namespace its own.
    place.namespace(&format!("{}_for_children", kind.name())).map_or(kind == Kind::Pid, |next| next != there)
}

fn ids(place: &Place<'_>) -> Result<Ids, Unread> {
    let uid = place.status_of("Uid")?.nth(1).and_then(|word| word.parse().ok());
    let uid = uid.ok_or_else(|| Unread::words("its status has no user id"))?;
    Ok(Ids { uid, map: map(&place.read("uid_map")?) })
}

/// Lines `first there, first here, how many`.
fn map(text: &str) -> Vec<[u64; 3]> {
    let line = |line: &str| {
        let mut numbers = line.split_ascii_whitespace().map_while(|word| word.parse::<u64>().ok());
        Some([numbers.next()?, numbers.next()?, numbers.next()?])
    };
    text.lines().filter_map(line).collect()
}

fn capabilities(place: &Place<'_>) -> Result<Capabilities, Unread> {
    let sets = [bits(place, "CapEff")?, bits(place, "CapPrm")?, bits(place, "CapBnd")?];
    let [effective, permitted, bounding] = sets.map(capability::names);
    Ok(Capabilities { effective, permitted, bounding, here: capability::names(bits(place.viewer(), "CapBnd")?).len() })
}

fn bits(place: &Place<'_>, key: &str) -> Result<u64, Unread> {
    let bits = place.status_of(key)?.next().and_then(|hex| u64::from_str_radix(hex, 16).ok());
    bits.ok_or_else(|| Unread::words(format!("its status has no {key}")))
}

fn number(place: &Place<'_>, key: &str) -> Result<u64, Unread> {
    match place.number_of(key)? {
        Value::Number(number) => Ok(number),
        other => Err(Unread::words(other.to_string())),
    }
}

/// A mount table, entry by entry; what cannot be taken apart is left out.
fn table(mountinfo: &str) -> Vec<MountInfo> {
    mountinfo.lines().filter_map(|line| MountInfo::from_line(line).ok()).collect()
}

/// Whether a process is still the one that it was: its program, its words, its mounts, its namespaces, its rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    text: String,
    /// Whether it runs the same program as its parent, as what makes a container does until it executes the command.
    pub as_its_maker: bool,
}

/// What the process looks like; `None` when it has ended or may not be looked at.
#[must_use]
pub fn sketch(proc: &Proc, pid: u32) -> Option<Sketch> {
    const RIGHTS: [&str; 8] = ["Name", "PPid", "Uid", "Groups", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp"];
    let viewer = Place::of_viewer(proc);
    let place = Place::of_process(&viewer, pid);
    let state = place.status_of("State").ok()?.next()?;
    // What is dead has no namespaces and no root any more, and its number still.
    if matches!(state, "Z" | "X") {
        return None;
    }
    let program = doors::program(&place);
    let parent = place.status_of("PPid").ok()?.next()?.parse().ok()?;
    let as_its_maker = program.is_some() && program == doors::program(&Place::of_process(&viewer, parent));
    let mut text = place.read("cmdline").ok()? + place.mountinfo().unwrap_or_default();
    text += &place.read("cgroup").unwrap_or_default();
    for key in RIGHTS {
        text.extend(place.status_of(key).into_iter().flatten());
    }
    for kind in Kind::ALL {
        text += &place.namespace(kind.name()).unwrap_or_default().to_string();
    }
    let _ = write!(text, "{program:?}");
    Some(Sketch { text, as_its_maker })
}
