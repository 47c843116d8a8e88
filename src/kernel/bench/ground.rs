//! How the bench's process leaves the machine: namespaces of every kind, ids, capabilities.
//!
//! namespaces(7), capabilities(7). The learner sees it in the last step of the first lesson: the bench is made of what
//! they just learned.

use std::fs;
use std::os::fd::OwnedFd;

use nix::sched::CloneFlags;
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{getgid, getuid};
use rustix::thread::{CapabilitySet, remove_capability_from_bounding_set};
use serde::{Deserialize, Serialize};

use super::ids::Ids;
use super::protocol::{Config, Disk};
use super::tree::{self, Trees};
use super::without::Without;
use super::{files, serve};
use crate::kernel::container::cgroup::Group;
use crate::kernel::container::link::{self, Failed};
use crate::kernel::container::protect_proc;
use crate::kernel::run_cgroup::NoCgroup;
use crate::kernel::sys::{self, Fork, unshare};

/// What the bench's process is given.
pub(super) struct Ground {
    pub config: Config,
    /// The cgroup that becomes the root of the bench's cgroup namespace.
    pub group: Option<Group>,
    /// How its ids are mapped: its own single one by itself, a range by the keeper.
    pub ids: Ids,
    /// Controllers that nobody handed over.
    pub not_delegated: Vec<String>,
    /// The file on a disk.
    pub disk: Option<Disk>,
    /// Why there is no such cgroup.
    pub no_cgroup: Option<NoCgroup>,
}

/// What the bench's process says to the keeper.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Word {
    /// The user namespace is made; its maps are wanted. Answered with the trees, if the keeper maps.
    UserNamespace,
    /// PID 1 of the bench has this PID on the machine.
    First(i32),
    /// The bench stands.
    Standing,
    /// It could not be made.
    Failed(Failed),
}

/// As many processes as the cgroup would allow.
const PROCESSES: u64 = 512;

/// Bytes of the largest file: more than a tmpfs of the bench holds, so that a full one is told as ENOSPC.
const LARGEST_FILE: u64 = 320 << 20;

/// A capability that even the bench's own root does without: nothing to be learned is lost with it.
const DROPPED: [CapabilitySet; 5] = [
    CapabilitySet::SYS_BOOT,
    CapabilitySet::SYS_MODULE,
    CapabilitySet::SYS_RAWIO,
    CapabilitySet::SYS_TIME,
    CapabilitySet::MKNOD,
];

/// Becomes the bench's PID 1 and serves until killed. Returns only when it could not be made.
pub(super) fn make(ground: &Ground, control: &OwnedFd, keeper: &OwnedFd) {
    if let Err(failed) = enter(ground, control, keeper) {
        let _ = link::send(keeper, &Word::Failed(failed), &[]);
    }
}

fn enter(ground: &Ground, control: &OwnedFd, keeper: &OwnedFd) -> Result<(), Failed> {
    let tell = |word: &Word| link::send(keeper, word, &[]).map_err(|errno| Failed::plain("sendmsg", errno));
    let mut hierarchies = None;
    if let Some(group) = &ground.group {
        group.join()?;
        hierarchies = Some(files::hierarchies()?);
    }
    let (uid, gid) = (getuid(), getgid());
    unshare(CloneFlags::CLONE_NEWUSER)?;
    let mut trees = Trees::default();
    if let Ids::Single(_) = ground.ids {
        sys::write_file("/proc/self/uid_map", &format!("0 {uid} 1\n"))?;
        sys::write_file("/proc/self/setgroups", "deny")?;
        sys::write_file("/proc/self/gid_map", &format!("0 {gid} 1\n"))?;
    } else {
        tell(&Word::UserNamespace)?;
        trees = tree::receive(keeper)?.ok_or_else(|| Failed::words(&"the keeper of the bench is gone"))?;
        // The process still runs under an id that the new namespace does not know; it takes the ids of its root.
        sys::become_root()?;
    }
    // The order among these is free. The cgroup namespace's root is where the process is now.
    let mut all =
        CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWUTS | CloneFlags::CLONE_NEWIPC | CloneFlags::CLONE_NEWNET;
    all |= CloneFlags::CLONE_NEWCGROUP | CloneFlags::CLONE_NEWPID;
    unshare(all)?;
    if let Fork::Parent(first) = sys::fork_sibling()? {
        tell(&Word::First(first.as_raw()))?;
        sys::exit_now(0);
    }
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(|errno| Failed::plain("prctl", errno))?;
    sys::sethostname(&ground.config.hostname)?;
    let of_its_own = ground.ids == Ids::OfRoot;
    let mut standing = files::make(&ground.config, &trees, of_its_own, hierarchies.as_deref(), ground.disk.as_ref())?;
    // Left open they would be doors: whoever is root on the bench can open them by /proc/1/fd.
    drop(trees);
    standing.ids = ground.ids.for_boxes();
    if !ground.not_delegated.is_empty() {
        standing.without.push(Without::Controllers(ground.not_delegated.clone()));
    }
    if let Ids::Single(why) = &ground.ids {
        standing.without.push(Without::Range(why.clone()));
    }
    standing.no_cgroup = standing.no_cgroup.or_else(|| ground.no_cgroup.clone());
    // Numbers on the bench shall look like a host's: in the lessons the outside number is "some high one".
    let _ = fs::write("/proc/sys/kernel/ns_last_pid", "4200");
    protect_proc()?;
    // Not where the bench's root is called what the machine's is: it could write to it.
    if of_its_own || !uid.is_root() {
        files::complete_proc();
    }
    for capability in DROPPED {
        let _ = remove_capability_from_bounding_set(capability);
    }
    if standing.disk.is_some() {
        // The one file here that is not in memory has a bound too, and nobody on the bench can take it away.
        let _ = setrlimit(Resource::RLIMIT_FSIZE, LARGEST_FILE, LARGEST_FILE);
    }
    if ground.group.is_none() {
        bound_processes(of_its_own);
    }
    tell(&Word::Standing)?;
    serve::serve(control, standing)
}

/// Where no cgroup bounds the bench, bounds at least the number of its processes: setrlimit(2) `RLIMIT_NPROC`.
///
/// Since Linux 5.14 it counts a user's processes in each user namespace for itself. Before, it counts all of the user's
/// on the whole machine, and a bench on a busy desktop could not fork at all; so there it is left alone, unless the bench has ids that nobody else has.
fn bound_processes(ids_of_its_own: bool) {
    let release =
        nix::sys::utsname::uname().map(|name| name.release().to_string_lossy().into_owned()).unwrap_or_default();
    let mut numbers = release.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    if ids_of_its_own || (numbers.next(), numbers.next()) >= (Some(5), Some(14)) {
        let _ = setrlimit(Resource::RLIMIT_NPROC, PROCESSES, PROCESSES);
    }
}
