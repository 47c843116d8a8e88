//! What is known of a root file system that has a name: where it came from, what it brought along. os-release(5).
//!
//! It lies beside the files and not among them: the box sees nothing of it.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};

use super::layers::measure;
use crate::image::archive::{Config, Kind};
use crate::image::error::ImageError;
use crate::image::inside::open_inside;
use crate::image::unpack::But;

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The version of this form.
    pub schema: u32,
    /// What it was unpacked from.
    pub source: String,
    /// What that was: a folder, an archive, an image.
    pub kind: Kind,
    /// When, in seconds since 1970.
    pub made: u64,
    /// Whether files belong to whom they belonged to in the source, and not all of them to one user.
    pub owners_kept: bool,
    /// How many bytes its files have in all.
    pub size: u64,
    /// How many files, folders and links there are.
    pub entries: u64,
    /// Its layers, the lowest first.
    pub layers: Vec<Part>,
    /// What was left out or changed.
    #[serde(default)]
    pub but: But,
    /// What the image says of how it is started.
    pub config: Config,
    /// Whether all of it is known to be on the disk.
    #[serde(default)]
    pub settled: Settled,
}

/// Whether all of a root file system is on the disk. To wait for that (syncfs(2)) takes from a quarter to nine tenths of the
/// time of the unpacking on a quiet disk, and on a busy one as long as whatever others have written there: so it is
/// asked for when it matters: after another boot. What a power cut took is then seen by what is no longer as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Settled {
    /// It is.
    #[default]
    Yes,
    /// It was unpacked during this boot of the machine, and its user saw so many bytes and entries.
    Since {
        /// The boot, as the kernel names it.
        boot: String,
        /// Bytes and entries, as its user sees them from outside.
        seen: (u64, u64),
    },
}

impl Settled {
    /// What can be said right after the unpacking.
    pub(super) fn now(root: &Path) -> Self {
        Self::Since { boot: boot(), seen: measure(root) }
    }

    /// Whether all is there; after another boot that is found out.
    pub(super) fn is_whole(&self, root: &Path) -> bool {
        match self {
            Self::Yes => true,
            Self::Since { boot: then, seen } => *then == boot() || measure(root) == *seen,
        }
    }

    /// Whether it has been found out and need not be again.
    pub(super) fn is_new(&self) -> bool {
        matches!(self, Self::Since { boot: then, .. } if *then != boot())
    }
}

fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// One layer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The digest that the image names it by.
    pub digest: Option<String>,
    /// How many bytes its files have.
    pub size: u64,
    /// How many files, folders and links it brings.
    pub entries: u64,
}

/// The file's name, beside the root.
const FILE: &str = "label.json";

impl Label {
    /// Reads the label of the root file system in this folder.
    pub(super) fn read(folder: &Path) -> Result<Self, ImageError> {
        let path = folder.join(FILE);
        let text = fs::read(&path).map_err(ImageError::call("open", &path))?;
        serde_json::from_slice(&text).map_err(|why| ImageError::call("read", &path)(why.into()))
    }

    /// Writes it there.
    pub(super) fn write(&self, folder: &Path) -> Result<(), ImageError> {
        let path = folder.join(FILE);
        let text = serde_json::to_vec_pretty(self).map_err(|why| ImageError::call("write", &path)(why.into()))?;
        // As a whole or not at all, for there may be one already.
        let new = folder.join("label.new");
        fs::write(&new, text).map_err(ImageError::call("write", &new))?;
        fs::rename(&new, &path).map_err(ImageError::call("rename", &path))
    }
}

/// What a root calls itself: `PRETTY_NAME` of its os-release(5).
#[must_use]
pub fn os_name(root: &Path) -> Option<String> {
    let mut text = String::new();
    let files = ["/etc/os-release", "/usr/lib/os-release"].map(Path::new);
    let file = files.iter().find_map(|file| open_inside(root, file, OFlags::RDONLY | OFlags::NONBLOCK).ok())?;
    file.take(16384).read_to_string(&mut text).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    let name: String = line.trim().trim_matches(['"', '\'']).chars().filter(|char| !char.is_control()).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_says_what_it_is_called() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(os_name(root.path()), None);
        fs::create_dir_all(root.path().join("usr/lib")).unwrap();
        fs::create_dir(root.path().join("etc")).unwrap();
        fs::write(root.path().join("usr/lib/os-release"), "ID=x\nPRETTY_NAME=\"Debian \u{1b}[31m12\"\n").unwrap();
        std::os::unix::fs::symlink("/usr/lib/os-release", root.path().join("etc/os-release")).unwrap();
        assert_eq!(os_name(root.path()).as_deref(), Some("Debian [31m12"));
    }
}
