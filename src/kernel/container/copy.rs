//! A copy of a root file system, for where there can be no overlay: user namespaces before Linux 5.11, or SELinux.
//!
//! symlink(2), chmod(2). It costs memory and a moment, and there are no layers to be seen; the box is the same.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// Copies what is in `from` into the folder `to`: folders, files and links, with their modes. Devices and sockets stay out.
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
                modes.push((target.clone(), entry.metadata()?.permissions()));
                folders.push((source, target));
            } else if kind.is_symlink() {
                symlink(fs::read_link(&source)?, &target)?;
            } else if kind.is_file() {
                match fs::copy(&source, &target) {
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                    done => drop(done?),
                }
            }
        }
    }
    modes
        .into_iter()
        .try_for_each(|(folder, mode)| fs::set_permissions(folder, fs::Permissions::from_mode(mode.mode() & 0o7777)))
}
