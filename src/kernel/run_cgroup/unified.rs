//! Where a run may make its cgroup in the one hierarchy of version 2. cgroups(7), "Delegation".
//!
//! There a cgroup either has processes or hands controllers on, never both (except the root of the hierarchy). And where
//! systemd runs, what it did not hand over is its own, even before root.

use std::fs;
use std::path::Path;

use nix::errno::Errno;
use nix::unistd::{AccessFlags, access};

use super::{Group, LEAF, NoCgroup, Parent};
use crate::kernel::cgroupfs::{Cgroups, Controller};
use crate::kernel::scope;

/// The controllers that a run wants.
const WANTED: [&str; 3] = ["pids", "memory", "cpu"];

/// This process's own cgroup, if that was handed over (to whatever depth it moved in it); else the root of the
/// hierarchy, if we may.
pub(super) fn below_unified(own: &Cgroups) -> Result<Parent, NoCgroup> {
    let Some(folder) = own.unified() else {
        return Err(NoCgroup::OutOfSight { path: own.path(Controller::Pids).unwrap_or_default().to_owned() });
    };
    let at_home = handed_over(&folder.dir, &folder.mount);
    // The hierarchy's real root alone has no cgroup.type.
    let root = Some(folder.mount.as_path()).filter(|mount| !mount.join("cgroup.type").exists());
    at_home.or_else(|why| {
        let root = root.filter(|root| may_write(root).is_ok()).and_then(|root| parent_at(root).ok());
        root.map(|parent| Parent { of_the_machine: true, ..parent }).ok_or(why)
    })
}

/// The cgroup in which this process was started, if it is ours to divide.
fn handed_over(own: &Path, mount: &Path) -> Result<Parent, NoCgroup> {
    let in_leaf = own.file_name().is_some_and(|name| name == LEAF);
    let dir = own.parent().filter(|dir| in_leaf && dir.starts_with(mount)).unwrap_or(own);
    let not = || NoCgroup::NotHandedOver { dir: own.to_owned(), scope: None };
    may_write(dir).map_err(|errno| match errno {
        Errno::EROFS => NoCgroup::ReadOnly { dir: dir.to_owned(), version: 2 },
        _ => not(),
    })?;
    // Even where we may write to it: what systemd keeps for itself it changes and removes as it likes.
    if !in_leaf && is_unit(dir) && scope::booted() && !scope::is_ours() && !is_delegated(dir) {
        return Err(not());
    }
    let parent = parent_at(dir)?;
    if parent.lacks.is_empty() {
        return Ok(parent);
    }
    let members = parent.group.members();
    let others = members.iter().filter(|pid| **pid != us()).count();
    if others > 0 {
        return Err(NoCgroup::Populated { dir: dir.to_owned(), others, scope: None });
    }
    Ok(Parent { leave: members.contains(&us()), ..parent })
}

/// The cgroup with what it does not hand on yet. What it does not have itself, it can never hand on.
fn parent_at(dir: &Path) -> Result<Parent, NoCgroup> {
    let words = |file: &str| fs::read_to_string(dir.join(file)).unwrap_or_default();
    let without = |text: &str| -> Vec<String> {
        let missing = WANTED.iter().filter(|name| !text.split_whitespace().any(|word| word == **name));
        missing.map(|name| (*name).to_owned()).collect()
    };
    let lacks = without(&words("cgroup.controllers"));
    if !lacks.is_empty() {
        return Err(NoCgroup::NotDelegated { dir: dir.to_owned(), lacks, scope: None });
    }
    let folder = |controller: Controller| (controller.name().to_owned(), true, dir.to_owned());
    let mut folders: Vec<_> = Controller::ALL.into_iter().filter(|one| *one != Controller::Io).map(folder).collect();
    let handed_on = words("cgroup.subtree_control");
    let mut lacks = without(&handed_on);
    let io = |text: &str| text.split_whitespace().any(|word| word == "io");
    // Disks are limited where that costs nothing: nobody goes without the other limits, or is in the way, for it.
    let free = || {
        let root = !dir.join("cgroup.type").exists();
        root || Group { folders: vec![folder(Controller::Pids)] }.members().iter().all(|pid| *pid == us())
    };
    if io(&handed_on) {
        folders.push(folder(Controller::Io));
    } else if io(&words("cgroup.controllers")) && free() {
        folders.push(folder(Controller::Io));
        lacks.push("io".to_owned());
    }
    Ok(Parent { lacks, ..Parent::of(Group { folders }) })
}

fn us() -> i32 {
    std::process::id().cast_signed()
}

fn may_write(dir: &Path) -> nix::Result<()> {
    access(dir, AccessFlags::W_OK).and_then(|()| access(&dir.join("cgroup.procs"), AccessFlags::W_OK))
}

/// Whether the cgroup is one of systemd's, by its name.
fn is_unit(dir: &Path) -> bool {
    let ends = |end: &str| dir.extension().is_some_and(|found| found == end);
    ["scope", "service", "slice"].into_iter().any(ends)
}

/// Whether systemd has handed the cgroup over: it says so in an extended attribute, for everybody since its version 251.
fn is_delegated(dir: &Path) -> bool {
    ["user.delegate", "trusted.delegate"].iter().any(|name| {
        let mut value = [0_u8; 8];
        rustix::fs::getxattr(dir, *name, &mut value[..]).is_ok_and(|length| value[..length] == *b"1")
    })
}
