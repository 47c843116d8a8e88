//! Every path of the machine that was looked at, and what stood there: the root's birth certificate.
//!
//! stat(2) on some hundred paths takes well below a millisecond, so each start can ask whether a root
//! built earlier is still what would be built now: an upgraded libc, a newly installed `ping`, a file
//! in a folder that comes first all show, and the learner's root is built anew.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What tells a file from the one that takes its place: inode number, size, and time of last change
/// (seconds, nanoseconds). The device number is no part of it, it may differ after a reboot.
pub(super) type Identity = (u64, u64, i64, i64);

/// Paths and what stood there when they were looked at.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen(BTreeMap<PathBuf, Option<Identity>>);

impl Seen {
    /// Whether something stands at `path`, symbolic links followed; remembers the answer.
    pub fn look(&mut self, path: &Path) -> bool {
        self.0.entry(path.to_owned()).or_insert_with(|| identity(path)).is_some()
    }

    /// Whether every path would give the same answer now.
    pub fn still_so(&self) -> bool {
        self.0.iter().all(|(path, then)| identity(path) == *then)
    }
}

fn identity(path: &Path) -> Option<Identity> {
    let now = fs::metadata(path).ok()?;
    Some((now.ino(), now.size(), now.mtime(), now.mtime_nsec()))
}
