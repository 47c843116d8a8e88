//! Going into a namespace for the length of one look.
//!
//! setns(2). A host name or a list of IPC objects shows only from within. A visit goes in, reads and comes back;
//! nothing is held, so the namespace ends when its processes do. The PID namespace is never joined: the learner's
//! `ps` inside must not show the observer.

use std::fs::File;
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sched::{CloneFlags, setns};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::wait::waitpid;
use nix::unistd::pipe2;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::place::{Place, Unread};
use crate::kernel::evidence::Kind;
use crate::kernel::join;
use crate::kernel::sys::{self, Fork};

/// The way back out of a namespace was refused: whatever would be read from now on would be of the wrong place.
#[derive(Debug, Clone, thiserror::Error)]
#[error("setns({kind}) = {errno:?} on the way back out of a namespace; this process must end")]
pub struct Stranded {
    kind: &'static str,
    errno: nix::Error,
}

/// Looks from within the place's namespace of this kind (`uts`, `ipc`, `net`, `cgroup`).
pub(super) fn visit<T>(
    place: &Place<'_>,
    kind: &'static str,
    look: impl FnOnce() -> Result<T, Unread>,
) -> Result<T, Unread> {
    let home = place.viewer();
    if place.namespace(kind)? == home.namespace(kind)? {
        return look();
    }
    let (back, there) = (home.open_namespace(kind)?, place.open_namespace(kind)?);
    let flag = flag(kind);
    // The way back first: joining one's own namespace changes nothing, but asks for the same permission.
    setns(&back, flag).map_err(|errno| refused(home, kind, errno))?;
    setns(&there, flag).map_err(|errno| refused(place, kind, errno))?;
    let seen = look();
    setns(&back, flag).map_err(|errno| Stranded { kind, errno })?;
    seen
}

/// Joins the place's user namespace, which gives every capability there, and what a visit would visit: that may belong to
/// a user namespace further out, and then goes first.
pub(super) fn settle(place: &Place<'_>) -> Result<(), Unread> {
    let mut namespaces = vec![(Kind::User, place.open_namespace("user")?)];
    for kind in [Kind::Uts, Kind::Ipc, Kind::Net, Kind::Cgroup] {
        let here = place.viewer().namespace(kind.name()).ok();
        if place.namespace(kind.name()).ok() != here {
            namespaces.extend(place.open_namespace(kind.name()).map(|there| (kind, there)));
        }
    }
    let left = join::all(namespaces, &mut |_| {}).err().unwrap_or_default();
    // What else stays out of reach is missing with its own reason when a visit is tried.
    end_with_parent();
    let users = left.into_iter().find(|(kind, _)| *kind == Kind::User);
    users.map_or(Ok(()), |(kind, errno)| Err(refused(place, kind.name(), errno)))
}

fn refused(place: &Place<'_>, kind: &str, errno: Errno) -> Unread {
    Unread::call("setns", &place.shown(&format!("ns/{kind}")), rustix::io::Errno::from_raw_os_error(errno as i32))
}

/// Joins the place's mount namespace, and where that takes it the user namespace whose root rules over it, which may be
/// another than the place's. `/` is then the namespace's own root. There is no way back.
pub(super) fn move_into_mounts(place: &Place<'_>) -> Result<(), Unread> {
    let mounts = place.open_namespace("mnt")?;
    let join = || setns(&mounts, CloneFlags::CLONE_NEWNS);
    join()
        .or_else(|errno| {
            let users = sys::owner_of(mounts.as_fd()).map_err(|_| errno)?;
            setns(&users, CloneFlags::CLONE_NEWUSER).map_err(|_| errno)?;
            join()
        })
        .inspect(|()| end_with_parent())
        .map_err(|errno| refused(place, "mnt", errno))
}

/// Whoever asked for the look may be ended for want of an answer, and this process hang in the same file system. To join a
/// user namespace takes the wish back, prctl(2).
fn end_with_parent() {
    let _ = set_pdeathsig(Signal::SIGKILL);
}

/// Looks by a child that ends when it has told what it saw. The caller must have one thread.
pub(super) fn by_child<T: Serialize + DeserializeOwned + Default>(look: impl FnOnce() -> T) -> T {
    let Ok((ours, theirs)) = pipe2(OFlag::O_CLOEXEC) else { return T::default() };
    match sys::fork() {
        Err(_) => T::default(),
        Ok(Fork::Child) => {
            end_with_parent();
            let told = serde_json::to_writer(File::from(theirs), &look());
            sys::exit_now(i32::from(told.is_err()))
        }
        Ok(Fork::Parent(child)) => {
            drop(theirs);
            let facts = serde_json::from_reader(File::from(ours)).unwrap_or_default();
            let _ = waitpid(child, None);
            facts
        }
    }
}

fn flag(kind: &str) -> CloneFlags {
    match kind {
        "uts" => CloneFlags::CLONE_NEWUTS,
        "ipc" => CloneFlags::CLONE_NEWIPC,
        "net" => CloneFlags::CLONE_NEWNET,
        "cgroup" => CloneFlags::CLONE_NEWCGROUP,
        _ => CloneFlags::empty(),
    }
}
