//! Seeing the root file system.
//!
//! `pivot_root(2)`, chroot(2), os-release(5). `/proc/PID/root` leads to the folder that the process calls `/`.
//! The learner sees another distribution's name, and a `/` that is another folder of another file system.

use std::os::fd::{AsFd, BorrowedFd};

use rustix::fs::{AtFlags, Mode, OFlags, StatxFlags, openat, statx};

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

/// So many folders are climbed at most.
const DEEPEST: usize = 4096;

/// What the system there calls itself.
pub(super) fn os(place: &Place<'_>) -> Result<Value, Unread> {
    let text = match place.file_below_root("etc/os-release") {
        Ok(text) => text,
        // os-release(5): the second place to look at.
        Err(why) => place.file_below_root("usr/lib/os-release").map_err(|_| why)?,
    };
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.ok_or_else(|| Unread::words("its os-release has no PRETTY_NAME"))?.trim();
    Ok(Value::Text(name.trim_matches(['"', '\'']).to_owned()))
}

/// Device and inode of `/`.
pub(super) fn root(place: &Place<'_>) -> Result<Value, Unread> {
    let seen = look_at_root(place)?;
    Ok(Value::Text(named(seen.stx_dev_major, seen.stx_dev_minor, seen.stx_ino)))
}

fn named(major: u32, minor: u32, inode: u64) -> String {
    format!("{major}:{minor}/{inode}")
}

/// The type of the file system that `/` is in.
pub(super) fn kind(place: &Place<'_>) -> Result<Value, Unread> {
    let line = entry(place)?;
    let kind = line.split_once(" - ").and_then(|(_, of_file_system)| of_file_system.split(' ').next());
    kind.map(|kind| Value::Text(kind.to_owned())).ok_or_else(not_in_sight)
}

/// Of how many folders the overlay at `/` is made, the one that takes the writes among them.
pub(super) fn layers(place: &Place<'_>) -> Result<Value, Unread> {
    let line = entry(place)?;
    let options = line.split_once(" - ").map(|(_, rest)| rest).filter(|rest| rest.starts_with("overlay "));
    let options = options.and_then(|rest| rest.split(' ').nth(2));
    let options = options.ok_or_else(|| Unread::words("/ is no overlay"))?;
    // All the lower ones in one option, a colon between them; or one option each, as the newer mount calls are given them.
    let folders = |option: &str| match option.split_once('=') {
        Some(("lowerdir", folders)) => folders.split(':').count(),
        Some(("lowerdir+" | "datadir+" | "upperdir", _)) => 1,
        _ => 0,
    };
    Ok(Value::Number(options.split(',').map(folders).sum::<usize>() as u64))
}

/// The line of the mount table for the mount that `/` is in.
fn entry<'a>(place: &'a Place<'_>) -> Result<&'a str, Unread> {
    let seen = look_at_root(place)?;
    let id = (seen.stx_mask & StatxFlags::MNT_ID.bits() != 0).then(|| seen.stx_mnt_id.to_string());
    // Before 5.8 the kernel does not number what it shows: then the entry that is mounted at `/`.
    let is_root = |line: &&str| match &id {
        Some(id) => line.split(' ').next() == Some(id),
        None => line.split(' ').nth(4) == Some("/"),
    };
    // After a chroot the process's table does not have the mount that its `/` is a folder of; the viewer's may.
    let line = match place.mountinfo()?.lines().rfind(is_root) {
        Some(line) => Some(line),
        None => place.viewer().mountinfo()?.lines().rfind(is_root),
    };
    line.ok_or_else(not_in_sight)
}

fn not_in_sight() -> Unread {
    Unread::words("/ is in no mount that shows")
}

/// Whether the other's `/` is somewhere above the place's. To whoever goes up, `..` ends only at their own root and at the
/// top of all mounts: what is the top to the place is none to us.
pub(super) fn is_below(place: &Place<'_>, other: &Place<'_>) -> Result<bool, Unread> {
    let shown = |errno| Unread::call("openat", &format!("/proc/{}/root/..", place.name), errno);
    let what = |dir: BorrowedFd<'_>| {
        statx(dir, "", AtFlags::EMPTY_PATH, StatxFlags::INO | StatxFlags::MNT_ID)
            .map(|seen| (seen.stx_dev_major, seen.stx_dev_minor, seen.stx_ino, seen.stx_mnt_id))
            .map_err(shown)
    };
    let up = |dir: BorrowedFd<'_>| {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        openat(dir, "..", flags, Mode::empty()).map_err(shown)
    };
    let root = root(other)?;
    let mut here = what(place.root()?)?;
    let mut dir = up(place.root()?)?;
    for _ in 0..DEEPEST {
        let above = what(dir.as_fd())?;
        if above == here {
            return Ok(false);
        }
        let (major, minor, inode, _) = above;
        if Value::Text(named(major, minor, inode)) == root {
            return Ok(true);
        }
        (here, dir) = (above, up(dir.as_fd())?);
    }
    Ok(false)
}

fn look_at_root(place: &Place<'_>) -> Result<rustix::fs::Statx, Unread> {
    statx(place.root()?, "", AtFlags::EMPTY_PATH, StatxFlags::INO | StatxFlags::MNT_ID)
        .map_err(|errno| Unread::call("statx", &format!("/proc/{}/root", place.name), errno))
}
