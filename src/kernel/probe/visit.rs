//! Going into a namespace for the length of one look.
//!
//! setns(2). A host name or a list of IPC objects shows only from within. A visit goes in, reads and comes back;
//! nothing is held, so the namespace ends when its processes do. The PID namespace is never joined: the learner's
//! `ps` inside must not show the observer.

use std::fs::File;
use std::os::fd::AsFd;

use nix::fcntl::OFlag;
use nix::sched::{CloneFlags, setns};
use nix::sys::wait::waitpid;
use nix::unistd::pipe2;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::place::{Place, Unread};
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
    let refused = |whose: &str, errno| Unread::words(format!("setns({whose} {kind} namespace) = {errno:?}"));
    // The way back first: joining one's own namespace changes nothing, but asks for the same permission.
    setns(&back, flag).map_err(|errno| refused("its own", errno))?;
    setns(&there, flag).map_err(|errno| refused("the", errno))?;
    let seen = look();
    setns(&back, flag).map_err(|errno| Stranded { kind, errno })?;
    seen
}

/// Joins the place's user namespace, which gives every capability there, and then what a visit would visit.
pub(super) fn settle(place: &Place<'_>) -> Result<(), Unread> {
    let user = place.open_namespace("user")?;
    setns(&user, CloneFlags::CLONE_NEWUSER)
        .map_err(|errno| Unread::words(format!("setns(user namespace) = {errno:?}")))?;
    for kind in ["uts", "ipc", "net", "cgroup"] {
        // What stays out of reach is missing with its own reason when a visit is tried.
        let _ = place.open_namespace(kind).map(|there| setns(&there, flag(kind)));
    }
    Ok(())
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
        .map_err(|errno| Unread::words(format!("setns(mount namespace) = {errno:?}")))
}

/// Looks by a child that ends when it has told what it saw. The caller must have one thread.
pub(super) fn by_child<T: Serialize + DeserializeOwned + Default>(look: impl FnOnce() -> T) -> T {
    let Ok((ours, theirs)) = pipe2(OFlag::O_CLOEXEC) else { return T::default() };
    match sys::fork() {
        Err(_) => T::default(),
        Ok(Fork::Child) => {
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
