//! A root file system of its own: overlay and pivot_root(2).
//!
//! The learner sees another distribution on the same kernel, and that no path leads back to the old root:
//! it was swapped, then unmounted.

use std::fs;
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, MsFlags};

use crate::kernel::sys::{Result, mount, pivot_root, umount};

/// Where the pieces of the overlay are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layers {
    /// The files as they were; never written to. One folder, or an image's layers, the uppermost first.
    pub lower: Vec<PathBuf>,
    /// What the box writes.
    pub upper: PathBuf,
    /// Room that overlayfs works in; on the same file system as `upper`.
    pub work: PathBuf,
    /// Where both are seen as one.
    pub merged: PathBuf,
}

/// Lays the box's own folder over the lower ones: it may write everywhere, and the lower folders stay as they were.
pub(super) fn overlay(layers: &Layers, options: &str) -> Result {
    let lower = layers.lower.iter().map(|path| escaped(path)).collect::<Vec<_>>().join(":");
    let [upper, work] = [&layers.upper, &layers.work].map(|path| escaped(path));
    let data = format!("lowerdir={lower},upperdir={upper},workdir={work}{options}");
    mount("overlay", &layers.merged, "overlay", MsFlags::MS_NODEV, &data)
}

/// Swaps the root: the new one becomes `/`, the old one is stacked on the same place and taken off.
pub(super) fn pivot(merged: &Path) -> Result {
    enter_folder(merged)?;
    // The same folder for both spares a folder in the new root to put the old one in: see pivot_root(2), Notes.
    pivot_root(".", ".")?;
    // A mount in use cannot go at once; detached, it is out of reach now and goes with its last user.
    umount(".", MntFlags::MNT_DETACH)?;
    enter_folder(Path::new("/"))
}

/// Moves into a folder, by chdir(2).
fn enter_folder(folder: &Path) -> Result {
    crate::kernel::sys::chdir(folder)
}

/// overlayfs reads `,` and `:` as separators; a backslash takes that meaning away.
fn escaped(path: &Path) -> String {
    path.display().to_string().replace('\\', "\\\\").replace(',', "\\,").replace(':', "\\:")
}

/// The folders that a fresh root's file systems are mounted on, made where they are missing.
pub(super) fn mount_points(merged: &Path) -> std::io::Result<()> {
    for name in ["proc", "sys", "dev"] {
        let folder = merged.join(name);
        match fs::symlink_metadata(&folder) {
            // A link there could lead the coming mount to anywhere (CVE-2026-41579).
            Ok(found) if !found.is_dir() => return Err(std::io::Error::other(format!("/{name} is no folder"))),
            Ok(_) => {}
            Err(_) => fs::create_dir(&folder)?,
        }
    }
    Ok(())
}
