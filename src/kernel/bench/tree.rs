//! The files that the machine's side gives to a bench with ids of its own. open_tree(2), mount_setattr(2).
//!
//! A file of root belongs to nobody in a user namespace whose ids are others. So the mounts are copied, and in the copies
//! owners are mapped as the ids are.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use crate::kernel::container::link::{self, Failed};
use crate::kernel::sys;

/// A copy of a mount, attached nowhere; or where there can be none, the folder itself, opened.
pub(super) struct Tree {
    pub files: OwnedFd,
    /// Whether the owners of its files are mapped.
    pub owners: bool,
}

/// What the bench's process is given.
#[derive(Default)]
pub(super) struct Trees {
    /// The machine's root.
    pub machine: Option<Tree>,
    /// The boxes' root file system.
    pub rootfs: Option<Tree>,
}

/// Copies the mounts, maps their owners as `users` does its ids, and sends them. Where the file system or the kernel
/// cannot, owners are shown as nobody's: worse, but it works.
pub(super) fn send(to: &OwnedFd, rootfs: Option<&Path>, users: BorrowedFd<'_>) -> Result<(), Failed> {
    let mapped = |at: &Path| {
        let files = sys::clone_tree(at).ok()?;
        let owners = sys::map_owners(files.as_fd(), users).is_ok();
        Some(Tree { files, owners })
    };
    let opened = |at: &Path| Some(Tree { files: File::open(at).ok()?.into(), owners: false });
    let machine = mapped(Path::new("/"));
    let rootfs = rootfs.and_then(|at| mapped(at).or_else(|| opened(at)));
    let given = [&machine, &rootfs];
    let files: Vec<_> = given.iter().filter_map(|tree| Some(tree.as_ref()?.files.as_raw_fd())).collect();
    let owners = given.map(|tree| tree.as_ref().map(|tree| tree.owners));
    link::send(to, &owners, &files).map_err(|errno| Failed::plain("sendmsg", errno))
}

/// Tells that there are none: the bench's ids are the machine's.
pub(super) fn send_none(to: &OwnedFd) -> Result<(), Failed> {
    link::send(to, &[None::<bool>; 2], &[]).map_err(|errno| Failed::plain("sendmsg", errno))
}

/// Takes them; `None` when whoever would send them is gone.
pub(super) fn receive(from: &OwnedFd) -> Result<Option<Trees>, Failed> {
    let answer = link::receive::<[Option<bool>; 2]>(from).map_err(|errno| Failed::plain("recvmsg", errno))?;
    let Some((owners, files)) = answer else { return Ok(None) };
    let mut files = files.into_iter();
    let [machine, rootfs] = owners.map(|owners| Some(Tree { owners: owners?, files: files.next()? }));
    Ok(Some(Trees { machine, rootfs }))
}
