//! A copy of a root file system, for where there can be no overlay: user namespaces before Linux 5.11, or SELinux.
//!
//! symlink(2), chmod(2). It costs memory and a moment, and there are no layers to be seen; the box is the same.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::path::Path;

/// Whom a user namespace shows where it has no id for the owner: /proc/sys/kernel/overflowuid.
const UNMAPPED: u32 = 65534;

/// Gives a folder and what is in it to others: whoever was the first of a range of ids is the first of another now, and so
/// on. lchown(2).
pub(in crate::kernel) fn give(tree: &Path, from: (u32, u32), to: (u32, u32)) -> io::Result<()> {
    if from == to {
        return Ok(());
    }
    let moved = |id: u32, from: u32, to: u32| id.checked_sub(from).filter(|nth| *nth < 65536).map(|nth| to + nth);
    let mut todo = vec![tree.to_owned()];
    while let Some(path) = todo.pop() {
        let found = fs::symlink_metadata(&path)?;
        if found.is_dir() {
            for entry in fs::read_dir(&path)? {
                todo.push(entry?.path());
            }
        }
        lchown(&path, moved(found.uid(), from.0, to.0), moved(found.gid(), from.1, to.1))?;
        // That took setuid and setgid away.
        if found.is_file() && found.mode() & 0o6000 != 0 {
            fs::set_permissions(&path, fs::Permissions::from_mode(found.mode() & 0o7777))?;
        }
    }
    Ok(())
}

/// Copies what is in `from` into the folder `to`: folders, files and links, with their modes, and with their owners as far
/// as this user may give files away. Devices and sockets stay out.
/// How much it can be at most is decided by the file system of `to`, a bounded tmpfs.
pub(in crate::kernel) fn tree(from: &Path, to: &Path) -> io::Result<()> {
    let mut folders = vec![(from.to_owned(), to.to_owned())];
    // A folder without the right to write gets its mode when everything is in it.
    let mut modes = vec![];
    while let Some((from, to)) = folders.pop() {
        let entries = match fs::read_dir(&from) {
            // What this user may not read is not theirs in the copy either.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && !modes.is_empty() => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let (kind, source, target) = (entry.file_type()?, entry.path(), to.join(entry.file_name()));
            if kind.is_dir() {
                fs::create_dir(&target)?;
                keep_owner(&entry.metadata()?, &target)?;
                modes.push((target.clone(), entry.metadata()?.permissions()));
                folders.push((source, target));
            } else if kind.is_symlink() {
                symlink(fs::read_link(&source)?, &target)?;
                keep_owner(&entry.metadata()?, &target)?;
            } else if kind.is_file() {
                match fs::copy(&source, &target) {
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => continue,
                    done => drop(done?),
                }
                let found = entry.metadata()?;
                keep_owner(&found, &target)?;
                // That took setuid and setgid away.
                if found.mode() & 0o6000 != 0 {
                    fs::set_permissions(&target, fs::Permissions::from_mode(found.mode() & 0o7777))?;
                }
            }
        }
    }
    modes
        .into_iter()
        .try_for_each(|(folder, mode)| fs::set_permissions(folder, fs::Permissions::from_mode(mode.mode() & 0o7777)))
}

/// Nobody but root may give files away, and root only to ids that its user namespace has: else they are the copier's.
fn keep_owner(found: &fs::Metadata, target: &Path) -> io::Result<()> {
    if found.uid() == UNMAPPED {
        return Ok(());
    }
    match lchown(target, Some(found.uid()), Some(found.gid())) {
        Err(error) if matches!(error.raw_os_error(), Some(libc::EPERM | libc::EINVAL)) => Ok(()),
        done => done,
    }
}
