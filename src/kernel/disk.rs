//! Which disk files are on. stat(2), proc_pid_mountinfo(5), sysfs(5).
//!
//! A file's `st_dev` names a partition, or, with btrfs and overlayfs, nothing that exists; what can be limited is the whole
//! disk below. The learner sees its numbers in `io.max`.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use nix::sys::stat::{major, minor};

use super::mounts;
use super::probe::Proc;

/// How often a file system may lie on another one: an overlay on an overlay on a disk.
const DEEPEST: usize = 8;

/// Major and minor number of the whole disk that a file or folder is on, or that a device file stands for.
///
/// # Errors
/// Why there is none: the file system is in memory, or on another machine.
pub fn of(path: &Path) -> Result<(u32, u32), String> {
    let said = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let mut path = fs::canonicalize(path).map_err(|error| said(path, &error))?;
    for _ in 0..DEEPEST {
        let found = fs::metadata(&path).map_err(|error| said(&path, &error))?;
        let device = if found.file_type().is_block_device() { found.rdev() } else { found.dev() };
        if let Some(disk) = whole(device) {
            return Ok(disk);
        }
        // No device: the mount says what is below.
        let proc = Proc::open("/proc").map_err(|why| said(&path, &why))?;
        let table = mounts::table(&proc, "self").map_err(|why| said(&path, &why))?;
        let mount = table
            .iter()
            .filter(|mount| path.starts_with(&mount.point))
            .max_by_key(|mount| mount.point.as_os_str().len());
        let mount = mount.ok_or_else(|| said(&path, &"in no mount"))?;
        let below =
            if mount.kind == "overlay" { upper(&proc, &mount.point) } else { Some(PathBuf::from(&mount.source)) };
        let below = below.filter(|below| below.is_absolute() && *below != path && below.exists());
        path = below
            .ok_or_else(|| format!("{} is on a {}, which is on no disk of this machine", path.display(), mount.kind))?;
    }
    Err(said(&path, &"on no disk"))
}

/// The disk of a device's number; `None` where there is no such device.
fn whole(device: u64) -> Option<(u32, u32)> {
    let (major, minor) = (u32::try_from(major(device)).ok()?, u32::try_from(minor(device)).ok()?);
    let folder = fs::canonicalize(format!("/sys/dev/block/{major}:{minor}")).ok()?;
    let disk = if folder.join("partition").exists() { folder.parent()?.to_owned() } else { folder };
    let numbers = fs::read_to_string(disk.join("dev")).ok()?;
    let (major, minor) = numbers.trim().split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The folder that an overlay writes to.
fn upper(proc: &Proc, point: &Path) -> Option<PathBuf> {
    let text = proc.read("self/mountinfo").ok()?;
    let mut lines = text.lines().rev().filter(|line| line.split(' ').nth(4) == point.to_str());
    let upper = lines.next()?.split([' ', ',']).find_map(|word| word.strip_prefix("upperdir="))?;
    Some(PathBuf::from(super::cgroupfs::unescape(upper)))
}
