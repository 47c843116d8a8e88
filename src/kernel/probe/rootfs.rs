//! Seeing the root file system.
//!
//! `pivot_root(2)`, chroot(2), os-release(5). `/proc/PID/root` leads to the folder that the process calls `/`.
//! The learner sees another distribution's name, and a `/` that is another folder of another file system.

use rustix::fs::{AtFlags, StatxFlags, statx};

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

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
    Ok(Value::Text(format!("{}:{}/{}", seen.stx_dev_major, seen.stx_dev_minor, seen.stx_ino)))
}

/// The type of the file system that `/` is in.
pub(super) fn kind(place: &Place<'_>) -> Result<Value, Unread> {
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
    let kind = line.and_then(|line| line.split_once(" - ")?.1.split(' ').next());
    kind.map(|kind| Value::Text(kind.to_owned())).ok_or_else(|| Unread::words("/ is in no mount that shows"))
}

fn look_at_root(place: &Place<'_>) -> Result<rustix::fs::Statx, Unread> {
    statx(place.root()?, "", AtFlags::EMPTY_PATH, StatxFlags::INO | StatxFlags::MNT_ID)
        .map_err(|errno| Unread::call("statx", &format!("/proc/{}/root", place.name), errno))
}
