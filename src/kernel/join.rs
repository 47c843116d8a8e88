//! Joining several namespaces of one process, in the order in which one may. setns(2), `user_namespaces(7)`, ioctl_nsfs(2).
//!
//! Each namespace is ruled by the user namespace that it was made in, its owner; who joins it needs `CAP_SYS_ADMIN` there, and
//! has that after joining the owner or one above. The process may be further in: `bwrap --dev` makes a second user namespace
//! for it when all else is made, and who joins that one first has no say in the rest any more.
//! The learner sees the calls in this order.

use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::sched::{CloneFlags, setns};
use rustix::fs::fstat;

use super::evidence::Kind;
use super::sys;

/// What was joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// The namespace of this kind.
    Own(Kind),
    /// The user namespace that owns it.
    OwnerOf(Kind),
}

/// A namespace to be joined, and which user namespace owns it, where that is in sight.
struct Left {
    kind: Kind,
    file: OwnedFd,
    owner: Option<u64>,
}

/// Joins these, and tells what was joined. The caller has one thread, and there may be no way back.
///
/// # Errors
/// Those that the kernel refused, the others being joined.
pub fn all(namespaces: Vec<(Kind, OwnedFd)>, told: &mut dyn FnMut(Joined)) -> Result<(), Vec<(Kind, Errno)>> {
    let (users, others): (Vec<_>, Vec<_>) = namespaces.into_iter().partition(|(kind, _)| *kind == Kind::User);
    // Asked before anything is joined: from further in, what is further out is out of sight.
    let above = users.first().map_or_else(Vec::new, |(_, users)| above(users));
    let owner = |file: &OwnedFd| inode(&sys::owner_of(file.as_fd()).ok()?);
    let left = others.into_iter().map(|(kind, file)| Left { owner: owner(&file), kind, file });
    // Root outside has a say in each. Whoever has none gets it from the owners, the outermost first.
    let mut left = without_joined(left.collect(), told);
    for owner in above {
        let of = left.iter().find(|one| one.owner.is_some() && one.owner == inode(&owner)).map(|one| one.kind);
        // The caller's own is not joined once more: EINVAL.
        if let Some(kind) = of
            && setns(&owner, CloneFlags::CLONE_NEWUSER).is_ok()
        {
            told(Joined::OwnerOf(kind));
            left = without_joined(left, told);
        }
    }
    // The process's own comes last: it takes away the say in all that those further out own.
    let left = left.into_iter().map(|one| (one.kind, one.file));
    let mut refused = vec![];
    for (kind, file) in users.into_iter().chain(left) {
        match setns(&file, CloneFlags::empty()) {
            Ok(()) => told(Joined::Own(kind)),
            Err(errno) => refused.push((kind, errno)),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(refused) }
}

/// The user namespaces above this one as far as they are in sight, the outermost first.
fn above(users: &OwnedFd) -> Vec<OwnedFd> {
    let parent = |of: &OwnedFd| sys::parent_of(of.as_fd()).ok();
    let (mut found, mut next) = (vec![], parent(users));
    while let Some(users) = next {
        next = parent(&users);
        found.push(users);
    }
    found.reverse();
    found
}

fn inode(file: &OwnedFd) -> Option<u64> {
    fstat(file).ok().map(|found| found.st_ino)
}

/// Those that could not be joined now.
fn without_joined(left: Vec<Left>, told: &mut dyn FnMut(Joined)) -> Vec<Left> {
    let mut is_refused = |one: &Left| {
        let joined = setns(&one.file, CloneFlags::empty()).is_ok();
        if joined {
            told(Joined::Own(one.kind));
        }
        !joined
    };
    left.into_iter().filter(|one| is_refused(one)).collect()
}
