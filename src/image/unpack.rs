//! Unpacks the layers of a source, one over the other, into a folder: afterwards there is a root file system.
//!
//! An archive is somebody else's word for where to write. So every name is opened by openat2(2), beneath a descriptor
//! of the target and nowhere else; what could lead out, or grow without end, is refused. The learner sees how many
//! files there were, and what could not be had: devices, owners, setuid.

mod fault;
mod job;
mod layer;
mod meta;
mod place;
mod tree;
mod whiteout;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

use super::archive::{ImportError, Source};

/// Whom the files will belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owners {
    /// Whom the archive says: for root, and for root of a user namespace with as many ids.
    Kept,
    /// The caller, all of them. Nothing is setuid or setgid then: it would be so for the caller.
    Mine,
}

/// How large what is unpacked may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All content together, holes included; and all that is decompressed.
    pub bytes: u64,
    /// How many entries, of all layers.
    pub entries: u64,
    /// How many folders below each other.
    pub depth: u64,
    /// How many bytes a path may have.
    pub path: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 << 30, entries: 2_000_000, depth: 128, path: 3800 }
    }
}

/// How to unpack.
#[derive(Debug)]
pub struct How<'a> {
    /// Whom the files will belong to.
    pub owners: Owners,
    /// How large it may become. The free disk is looked at in any case.
    pub limits: Limits,
    /// Set by somebody else, a signal handler say, it ends the work between two entries or two pieces of one.
    pub stop: &'a AtomicBool,
}

/// How far it is. Told after every entry and every piece of a large one: draw it as often as eyes want.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read of the source, as it lies on the disk.
    pub read: u64,
    /// How many there are in all; a folder is not counted beforehand.
    pub total: Option<u64>,
    /// Entries unpacked so far.
    pub entries: u64,
}

/// What was unpacked, and what of it is not as the archive has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unpacked {
    /// Entries, of all layers.
    pub entries: u64,
    /// Bytes of content, of all layers.
    pub bytes: u64,
    /// How many layers lie in `layers/`; none when there was but one.
    pub layers: u64,
    /// What was left out or changed.
    pub but: But,
}

/// How many entries were left out or changed, by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct But {
    /// Device nodes that were not made: all but null, zero, full, random, urandom, tty, console and ptmx,
    /// and all of them where the kernel does not let us.
    pub devices: u64,
    /// Files and folders that belong to the caller rather than to whom the archive says.
    pub owners: u64,
    /// Files that are no longer setuid or setgid.
    pub setuid: u64,
    /// Extended attributes that were not set.
    pub xattrs: u64,
    /// Absolute names, taken as beneath the target.
    pub absolute: u64,
    /// Sockets, and kinds of entry that nobody knows.
    pub unknown: u64,
    /// Folders of a source that something else was mounted on: made, and left empty.
    pub mounts: u64,
    /// Entries of an image's environment that are no variables.
    pub env: u64,
}

/// Unpacks `source` into `into`, which exists, is the caller's and has neither `root` nor `layers` in it: into
/// `into/root`, and for more than one layer also each alone into `into/layers/0`, `1`, … as overlayfs wants them (a
/// whiteout is the device 0:0, an opaque folder has the attribute). There, regular files are hard links to the root's.
///
/// What is there after an error is the caller's to remove. Unpacked as root, there are setuid programs in it and files
/// of anybody: keep others out of `into` (mode 0700).
///
/// # Errors
/// When the source is damaged or hostile, the disk is full, or a call is refused.
pub fn unpack(
    source: &Source,
    into: &Path,
    owners: Owners,
    progress: &mut dyn FnMut(Progress),
) -> Result<Unpacked, ImportError> {
    let how = How { owners, limits: Limits::default(), stop: &AtomicBool::new(false) };
    unpack_as(source, into, &how, progress)
}

/// [`unpack`] with limits and a flag that ends it.
///
/// # Errors
/// As [`unpack`], and [`ImportError::Interrupted`].
pub fn unpack_as(
    source: &Source,
    into: &Path,
    how: &How<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Unpacked, ImportError> {
    job::run(source, into, how, progress)
}
