//! What runs have left that could not clear up after themselves: a SIGKILL, a crash, a power cut. flock(2).
//!
//! Whose lock is free is dead, and what its record names is removed, that and nothing else: `unha clean`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};

use super::{Host, Page, boot_id};
use crate::kernel::container::cgroup::Group;
use crate::kernel::host::Notes;
use crate::kernel::probe::Proc;

/// What a sweep found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Swept {
    /// Folders of cgroups, of files and of links, that dead runs left, removed (or to be removed, when only looked at).
    pub cgroups: Vec<PathBuf>,
    /// Records of dead runs.
    pub records: Vec<PathBuf>,
    /// Records of dead courses that had the machine as their outside: they stay until somebody has decided on each
    /// difference (see [`forget`]).
    pub hosts: Vec<(PathBuf, Host)>,
    /// What could not be removed, and why.
    pub failed: Vec<String>,
}

/// Removes what dead runs of this user left behind; with `look_only`, only finds it.
#[must_use]
pub fn sweep(folder: &Path, look_only: bool) -> Swept {
    let mut swept = Swept::default();
    let Ok(entries) = fs::read_dir(folder) else { return swept };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("unha-"));
        let Some(file) = named.then(|| OpenOptions::new().read(true).write(true).open(&path).ok()).flatten() else {
            continue;
        };
        // Locked: that run lives, and what it names is its own.
        if let Ok(file) = Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            sweep_one(&path, file, look_only, &mut swept);
        }
    }
    swept
}

fn sweep_one(path: &Path, mut file: Flock<File>, look_only: bool, swept: &mut Swept) {
    let mut text = String::new();
    let _ = file.read_to_string(&mut text);
    let page: Option<Page> = serde_json::from_str(&text).ok();
    if let Some(page) = page.as_ref().filter(|page| page.boot == boot_id()) {
        let dirs = page.cgroup.as_ref().map(Group::dirs).unwrap_or_default();
        let link = page.cable.as_ref().map(|name| Path::new("/sys/class/net").join(name));
        let dirs = dirs.into_iter().chain(page.place.as_deref()).chain(link.as_deref());
        let left: Vec<PathBuf> = dirs.filter(|dir| dir.exists()).map(Path::to_owned).collect();
        if !look_only && let Err(error) = page.remove() {
            // The record stays, so that the next sweep tries again.
            swept.failed.push(error.to_string());
            return;
        }
        swept.cgroups.extend(left);
    }
    if let Some(host) = page.and_then(|page| host(&page)) {
        swept.hosts.push((path.to_owned(), host));
    } else if look_only || fs::remove_file(path).is_ok() {
        swept.records.push(path.to_owned());
    }
}

/// What is still to be decided of a page: after another boot only files can be left.
fn host(page: &Page) -> Option<Host> {
    let host = page.host.clone()?;
    if page.boot == boot_id() {
        return Some(host);
    }
    let left = host.deeds.made.iter().any(|path| fs::symlink_metadata(path).is_ok());
    let notes = Proc::open("/proc").and_then(|proc| Notes::take(&proc)).ok()?;
    left.then_some(Host { notes, ..host })
}

/// Removes the record of a dead course: all that it names has been decided on.
///
/// # Errors
/// EWOULDBLOCK if it is not dead; ENOENT.
pub fn forget(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let _lock = Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, errno)| errno)?;
    fs::remove_file(path)
}
