//! What newer system calls do, done by older ones: for kernels down to 5.4, and under filters that know no newer calls.
//!
//! mount(2), openat(2), close_range(2). Each is asked for first; its own refusal decides, never a version's number.

use std::collections::VecDeque;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::path::Path;

use nix::errno::Errno;
use nix::mount::MsFlags;
use rustix::fs::{FileType, Mode, OFlags, PROC_SUPER_MAGIC, fstat, fstatfs, openat, readlinkat};
use rustix::io::Errno as Refused;

use super::Result;
use crate::kernel::cgroupfs::unescape;

/// Whether the kernel, or a filter before it, does not know the call: seccomp(2) filters of containers say EPERM.
pub(super) const fn is_unknown(errno: Errno) -> bool {
    matches!(errno, Errno::ENOSYS | Errno::EPERM | Errno::EINVAL)
}

/// Makes every mount at and below `at` read-only, one by one: what mount_setattr(2) does at once since Linux 5.12.
///
/// In a user namespace the flags that a mount came with are locked, so they are given again: else EPERM.
pub(super) fn read_only_mounts(at: &Path) -> Result {
    let table = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    for line in table.lines() {
        let mut fields = line.split(' ').skip(4);
        let (Some(point), Some(options)) = (fields.next(), fields.next()) else { continue };
        let point = unescape(point);
        if !Path::new(&point).starts_with(at) {
            continue;
        }
        let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | kept(options);
        match super::mount("", &point, "", flags, "") {
            // Below a folder that we may not enter: then nobody here reaches it either.
            Err(error) if error.errno == Errno::EACCES => {}
            // Hidden below another mount of the same tree.
            Err(error)
                if matches!(error.errno, Errno::ENOENT | Errno::ENOTDIR | Errno::EINVAL)
                    && point != at.to_string_lossy() => {}
            done => done?,
        }
    }
    Ok(())
}

/// The flags of a mount that a remount must repeat. Times of access stay as they are when none is named.
fn kept(options: &str) -> MsFlags {
    let flag = |name: &str| match name {
        "nosuid" => MsFlags::MS_NOSUID,
        "nodev" => MsFlags::MS_NODEV,
        "noexec" => MsFlags::MS_NOEXEC,
        _ => MsFlags::empty(),
    };
    options.split(',').map(flag).collect()
}

/// The open files of this process from `first` on: what close_range(2) names since Linux 5.9.
pub(super) fn open_from(first: RawFd) -> Vec<RawFd> {
    let listed = std::fs::read_dir("/proc/self/fd").map(|entries| {
        let names =
            entries.filter_map(std::result::Result::ok).filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        names.filter(|fd| *fd >= first).collect()
    });
    // Without /proc they are tried one by one, as far as there can usually be any.
    listed.unwrap_or_else(|_| (first..1024).collect())
}

/// As many links as the kernel follows.
const MOST_LINKS: u32 = 40;

/// Opens `path` as a process whose root is `root` would, and no magic link: openat2(2) with `RESOLVE_IN_ROOT` and
/// `RESOLVE_NO_MAGICLINKS`, since Linux 5.6. `flags` is `O_PATH` or `O_DIRECTORY`.
///
/// Every folder on the way is held open, and `..` goes back to the one before: so whoever renames folders meanwhile
/// cannot lead it out of the root.
pub(super) fn open_in_root(root: BorrowedFd<'_>, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let handle = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let top = openat(root, ".", handle | OFlags::DIRECTORY, Mode::empty())?;
    let mut way = vec![top];
    let mut parts: VecDeque<String> = path.split('/').map(str::to_owned).collect();
    let mut links = 0;
    while let Some(part) = parts.pop_front() {
        let Some(here) = way.last() else { return Err(Refused::NOENT) };
        match part.as_str() {
            "" | "." | ".." if FileType::from_raw_mode(fstat(here)?.st_mode) != FileType::Directory => {
                return Err(Refused::NOTDIR);
            }
            "" | "." => continue,
            ".." => {
                way.truncate(way.len().saturating_sub(1).max(1));
                continue;
            }
            _ => {}
        }
        let found = openat(here, part.as_str(), handle, Mode::empty())?;
        if FileType::from_raw_mode(fstat(&found)?.st_mode) != FileType::Symlink {
            way.push(found);
            continue;
        }
        links += 1;
        // In /proc links may be magic, which lead anywhere and not by their text.
        if links > MOST_LINKS || fstatfs(&found)?.f_type == PROC_SUPER_MAGIC {
            return Err(Refused::LOOP);
        }
        let target = readlinkat(&found, "", Vec::new())?.to_string_lossy().into_owned();
        if target.starts_with('/') {
            way.truncate(1);
        }
        for part in target.rsplit('/') {
            parts.push_front(part.to_owned());
        }
    }
    let found = way.pop().ok_or(Refused::NOENT)?;
    if flags.contains(OFlags::PATH) {
        return Ok(found);
    }
    openat(found.as_fd(), ".", flags | OFlags::CLOEXEC, Mode::empty())
}

#[cfg(test)]
mod tests;
