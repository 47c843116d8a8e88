//! A folder without a name: what is being unpacked, or is being removed. flock(2).
//!
//! The file that tells of it is made and locked before it, and removed after it. So whoever finds that file unlocked
//! knows that the one who worked there is dead, and removes what there is.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use crate::image::error::ImageError;

/// How such a name begins, and how that of the file beside it ends.
const BEGINS: &str = ".aside-";
const ENDS: &str = ".lock";

/// How long a process that was killed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(3);

/// The folder, and the lock that says that somebody works on it.
#[derive(Debug)]
pub struct Aside {
    folder: PathBuf,
    record: PathBuf,
    lock: File,
}

impl Aside {
    /// Writes down a folder that is about to be made. The caller holds the lock of the shelf, so that nobody takes the
    /// file for a dead one's before it is locked.
    pub(super) fn begin(shelf: &Path) -> Result<Self, ImageError> {
        let pid = std::process::id();
        let mut number = 0_u32;
        loop {
            let folder = shelf.join(format!("{BEGINS}{pid}-{number}"));
            let record = beside(&folder);
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&record) {
                Err(why) if why.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(why) => return Err(ImageError::call("open", &record)(why)),
                Ok(mut lock) => {
                    flock(&lock, FlockOperation::NonBlockingLockExclusive)
                        .map_err(|why| ImageError::call("flock", &record)(why.into()))?;
                    let written = lock.write_all(pid.to_string().as_bytes());
                    written.map_err(ImageError::call("write", &record))?;
                    return Ok(Self { folder, record, lock });
                }
            }
        }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes it and what tells of it.
    ///
    /// # Errors
    /// What could not be removed; it is still told of then.
    pub fn remove(self) -> Result<(), ImageError> {
        remove_tree(&self.folder)?;
        self.settled();
        Ok(())
    }

    /// The folder is gone, or has a name by now: nothing is to be told any more.
    pub fn settled(self) {
        let _ = fs::remove_file(&self.record);
        drop(self.lock);
    }
}

fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(ENDS);
    name.into()
}

/// What dead ones have left, locked by us now. The caller holds the lock of the shelf.
pub(super) fn left(shelf: &Path) -> Vec<Aside> {
    let mut found = vec![];
    let end = Instant::now() + PATIENCE;
    for entry in fs::read_dir(shelf).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str().filter(|name| name.starts_with(BEGINS)) else { continue };
        let record = if name.ends_with(ENDS) { path } else { beside(&path) };
        if found.iter().any(|known: &Aside| known.record == record) {
            continue;
        }
        // A folder of which nothing tells: whoever removed that file cannot be at work here.
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&record);
        let Ok(lock) = opened else { continue };
        let folder = PathBuf::from(record.as_os_str().to_string_lossy().trim_end_matches(ENDS));
        if locked(&lock, &record, end) {
            found.push(Aside { folder, record, lock });
        }
    }
    found
}

/// Takes the lock, if it is free; or will be in a moment, for a process that is killed is not gone at once, and the one
/// that it started for the work follows it.
fn locked(lock: &File, record: &Path, end: Instant) -> bool {
    loop {
        if flock(lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
            return true;
        }
        let pid = fs::read_to_string(record).unwrap_or_default();
        let lives = pid.is_empty() || Path::new("/proc").join(pid.trim()).exists();
        if lives || Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Removes a folder with all that is in it, also where a folder's owner has no right to write to it.
///
/// # Errors
/// What could not be removed, or that something is mounted in it: its files are another's.
pub fn remove_tree(folder: &Path) -> Result<(), ImageError> {
    if fs::symlink_metadata(folder).is_err_and(|why| why.kind() == io::ErrorKind::NotFound) {
        return Ok(());
    }
    if crate::image::store::is_mounted_on(folder) {
        return Err(ImageError::call("rmdir", folder)(io::ErrorKind::ResourceBusy.into()));
    }
    if fs::remove_dir_all(folder).is_ok() {
        return Ok(());
    }
    open_up(folder);
    fs::remove_dir_all(folder).map_err(ImageError::call("rmdir", folder))
}

/// Gives ourselves the right to remove what is in these folders, where they are ours.
fn open_up(top: &Path) {
    let mut todo = vec![top.to_owned()];
    while let Some(folder) = todo.pop() {
        let _ = fs::set_permissions(&folder, Permissions::from_mode(0o700));
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        todo.extend(
            entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_may_not_be_written_to_go_too() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("c"), "").unwrap();
        fs::set_permissions(&inner, Permissions::from_mode(0o500)).unwrap();
        remove_tree(&dir.path().join("a")).unwrap();
        assert!(!dir.path().join("a").exists());
        remove_tree(&dir.path().join("never")).unwrap();
    }
}
