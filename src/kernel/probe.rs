//! The observer: what is true of a place, read from the kernel.
//!
//! proc(5) says nearly all of it: each process has a folder there with its namespaces, its mounts, its numbers.
//! The observer never builds anything and never asks the engine, so what it shows is judged by nobody but Linux.
//! The learner sees the two columns: the same functions, asked from outside and about the inside.

pub mod apart;
mod capabilities;
mod cgroup;
mod cgroupns;
mod devices;
mod evidence;
mod ipc;
mod log;
mod mount;
mod net;
mod no_new_privs;
mod pid;
mod place;
mod rootfs;
mod sampler;
mod seccomp;
mod time;
mod user;
mod uts;
mod visit;

use serde::{Deserialize, Serialize};

use crate::kernel::cgroupfs::Cgroups;
use crate::kernel::fact::{Fact, Facts, Reading, Value};

use place::Place;

pub use evidence::{Sketch, by_another as evidence_by_another, evidence, sketch};
pub use log::Log;
pub use place::{Proc, Unread};
pub use sampler::{Sampler, once};
pub use visit::Stranded;

/// How one fact is read.
type Read = fn(&Place<'_>) -> Result<Value, Unread>;

/// What every place says of itself, in talk order.
const OWN: &[(Fact, Read)] = &[
    (Fact::Hostname, uts::hostname),
    (Fact::Kernel, uts::kernel),
    (Fact::NsUts, uts::namespace),
    (Fact::NsPid, pid::namespace),
    (Fact::AwaitsChild, pid::awaits_child),
    (Fact::Processes, pid::processes),
    (Fact::ProcIsOwn, pid::proc_is_own),
    (Fact::NsMnt, mount::namespace),
    (Fact::Mounts, mount::count),
    (Fact::MountPoints, mount::points),
    (Fact::Propagation, mount::propagation),
    (Fact::OldRoot, mount::old_root),
    (Fact::NsCgroup, cgroupns::namespace),
    (Fact::MemTotal, cgroup::memtotal),
    (Fact::Os, rootfs::os),
    (Fact::Root, rootfs::root),
    (Fact::RootType, rootfs::kind),
    (Fact::RootLayers, rootfs::layers),
    (Fact::NsIpc, ipc::namespace),
    (Fact::Ipc, ipc::objects),
    (Fact::Queues, ipc::queues),
    (Fact::NsNet, net::namespace),
    (Fact::Links, net::links),
    (Fact::LinksUp, net::up),
    (Fact::Addresses, net::addresses),
    (Fact::NsUser, user::namespace),
    (Fact::UidMap, user::uids),
    (Fact::GidMap, user::gids),
    (Fact::NsTime, time::namespace),
    (Fact::Uptime, time::uptime),
    (Fact::Boottime, time::boottime),
    (Fact::Devices, devices::names),
    (Fact::CapEff, capabilities::effective),
    (Fact::CapBnd, capabilities::bounding),
    (Fact::NoNewPrivs, no_new_privs::bit),
    (Fact::Seccomp, seccomp::mode),
];

/// Who made what is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// Ourselves: looked at for as long as it runs, and so for no more than lessons ask.
    Unha,
    /// Anybody.
    Another,
}

impl Maker {
    fn tells(self, fact: Fact) -> bool {
        self == Self::Another || !fact.is_of_others()
    }
}

/// What a process may do: each has rights of its own, whatever place it is in.
const RIGHTS: [Fact; 4] = [Fact::CapEff, Fact::CapBnd, Fact::NoNewPrivs, Fact::Seccomp];

/// What a process's own view adds: its names for itself.
const ITSELF: &[(Fact, Read)] = &[
    (Fact::Pid, pid::innermost),
    (Fact::Zombies, pid::zombies),
    (Fact::Leaks, evidence::leaks),
    (Fact::Uid, user::innermost),
    (Fact::Cgroup, cgroupns::innermost),
];

/// The same as the viewer names it.
const SUBJECT: &[(Fact, Read)] = &[
    (Fact::Pid, pid::here),
    (Fact::Uid, user::here),
    (Fact::Cgroup, cgroup::here),
    (Fact::NetRate, net::rate),
    (Fact::NetDropped, net::dropped),
];

/// What it takes two looks to measure.
#[derive(Debug, Default)]
struct Meters {
    cgroup: cgroup::Meter,
    net: net::Meter,
}

/// The viewer's own facts, and how it sees the process `subject` (a number of the procfs `proc`).
///
/// Safe in a program with threads: no namespace is visited. For what takes two looks (`cpu.current`, `cpu.share`,
/// `io.current`, `net.current`) see [`Sampler`].
#[must_use]
pub fn outside(proc: &Proc, subject: Option<u32>) -> Facts {
    let viewer = Place::of_viewer(proc);
    let subject = subject.map(|pid| Place::of_process(&viewer, pid));
    seen_by(&viewer, subject.as_ref(), &mut Meters::default(), Maker::Another)
}

fn seen_by(viewer: &Place<'_>, subject: Option<&Place<'_>>, meters: &mut Meters, maker: Maker) -> Facts {
    let own = OWN.iter().filter(|(fact, _)| maker.tells(*fact));
    let mut facts: Facts = own.map(|(fact, read)| (*fact, reading_here(read(viewer)))).collect();
    if let Some(subject) = subject {
        facts.extend(SUBJECT.iter().map(|(fact, read)| (*fact, reading_here(read(subject)))));
        let cgroups = cgroup::cgroups(subject);
        let of = |read: &mut dyn FnMut(&Cgroups) -> Result<Value, Unread>| {
            reading_here(cgroups.as_ref().map_err(Clone::clone).and_then(read))
        };
        facts.extend(cgroup::FILES.iter().map(|(fact, read)| (*fact, of(&mut |cgroups| read(cgroups)))));
        facts.insert(Fact::CpuNow, of(&mut |cgroups| meters.cgroup.percent(cgroups)));
        facts.insert(Fact::CpuShare, of(&mut |cgroups| meters.cgroup.share(cgroups)));
        facts.insert(Fact::IoNow, of(&mut |cgroups| meters.cgroup.written(cgroups)));
        facts.insert(Fact::NetNow, reading_here(meters.net.bits(subject)));
    }
    facts
}

/// The rights of a process: who looks may have more than who types.
fn rights_of(place: &Place<'_>) -> Facts {
    let rights = OWN.iter().filter(|(fact, _)| RIGHTS.contains(fact));
    rights.map(|(fact, read)| (*fact, reading_here(read(place)))).collect()
}

/// What the process `pid` (a number of the procfs `proc`) sees itself.
///
/// What only shows from within is read by visiting a namespace for a moment; the caller must have one thread, or
/// not mind that another thread of its own is what visits.
///
/// # Errors
/// [`Stranded`] if the way back out of a namespace was refused: the caller must end.
pub fn inside(proc: &Proc, pid: u32) -> Result<Facts, Stranded> {
    seen_from_within(&Place::of_process(&Place::of_viewer(proc), pid), Maker::Another, &mut |_| {})
}

/// As [`inside`], for a process whose user namespace must be entered first to have a say in its other namespaces.
/// There is no way back: the caller must be a process of its own that ends when it has told the facts. `told` is told each
/// as it is read.
///
/// # Errors
/// [`Unread`] if the user namespace cannot be entered.
pub fn inside_for_good(proc: &Proc, pid: u32, told: &mut dyn FnMut(Told)) -> Result<Facts, Unread> {
    settled_within(proc, pid, Maker::Another, told)
}

fn settled_within(proc: &Proc, pid: u32, maker: Maker, told: &mut dyn FnMut(Told)) -> Result<Facts, Unread> {
    let viewer = Place::of_viewer(proc);
    visit::settle(&Place::of_process(&viewer, pid))?;
    Ok(seen_from_within(&Place::of_process(&viewer, pid), maker, told)?)
}

/// What a look tells as it goes on, for whoever may not wait until its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Told {
    /// All that is seen from outside.
    Outside(Facts),
    /// This is asked inside now.
    Asks(Fact),
    /// And that is the answer.
    Inside(Fact, Reading),
}

/// What is asked of a process's own files comes last: they may be on a file system that gives no answer, such as FUSE's.
const IN_ITS_FILES: [Fact; 14] = [
    Fact::Processes,
    Fact::Zombies,
    Fact::ProcIsOwn,
    Fact::MemTotal,
    Fact::Root,
    Fact::RootType,
    Fact::RootLayers,
    Fact::MountPoints,
    Fact::Propagation,
    Fact::OldRoot,
    Fact::Os,
    Fact::Queues,
    Fact::Devices,
    Fact::Leaks,
];

/// What is asked of somebody else's process, in that order.
pub fn asked_within() -> impl Iterator<Item = Fact> {
    reads_within(Maker::Another).into_iter().map(|(fact, _)| *fact)
}

fn reads_within(maker: Maker) -> Vec<&'static (Fact, Read)> {
    let mut reads: Vec<_> = OWN.iter().chain(ITSELF).filter(|(fact, _)| maker.tells(*fact)).collect();
    reads.sort_by_key(|(fact, _)| IN_ITS_FILES.iter().position(|late| late == fact));
    reads
}

fn seen_from_within(place: &Place<'_>, maker: Maker, told: &mut dyn FnMut(Told)) -> Result<Facts, Stranded> {
    let mut facts = Facts::new();
    for (fact, read) in reads_within(maker) {
        told(Told::Asks(*fact));
        let answer = reading(read(place))?;
        told(Told::Inside(*fact, answer.clone()));
        facts.insert(*fact, answer);
    }
    Ok(facts)
}

/// Where nothing is visited, nobody is stranded.
fn reading_here(read: Result<Value, Unread>) -> Reading {
    reading(read).unwrap_or_else(|stranded| Reading::Missing(stranded.to_string()))
}

fn reading(read: Result<Value, Unread>) -> Result<Reading, Stranded> {
    match read {
        Ok(value) => Ok(Reading::Value(plain(value))),
        Err(Unread::Missing(why)) => Ok(Reading::Missing(printable(&why))),
        Err(Unread::Stranded(stranded)) => Err(stranded),
    }
}

/// A box may call itself anything, and a fact is shown on a terminal: nothing in it may command that.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number),
        Value::Text(text) => Value::Text(printable(&text)),
        Value::List(items) => Value::List(items.iter().map(|item| printable(item)).collect()),
    }
}

fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// Leaves among each side's mount points only those that the other side's table does not have.
pub fn only_here(outside: &mut Facts, inside: &mut Facts) {
    let (theirs, ours) = (mount::all(outside), mount::all(inside));
    mount::keep(outside, |point| !ours.contains(point));
    mount::keep(inside, |point| !theirs.contains(point));
}
