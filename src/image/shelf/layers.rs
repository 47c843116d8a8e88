//! Which layer a file comes from: what overlayfs works out at each lookup, worked out by hand.
//!
//! Documentation/filesystems/overlayfs.rst. A layer takes a file of a lower one away by a character device 0:0 of that
//! name (a whiteout), and hides what is in a lower folder by an attribute of its own folder (opaque).

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Component, Path, PathBuf};

/// Where a path of the root comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// This layer has it; the lowest is 0.
    Layer(usize),
    /// A lower one had it, and this one took it away.
    Gone(usize),
    /// None has it.
    Nowhere,
}

/// The folders of so many layers, the lowest first; none if one of them is not there.
pub(super) fn folders(folder: &Path, count: usize) -> Vec<PathBuf> {
    let all: Vec<PathBuf> = (0..count).map(|number| folder.join("layers").join(number.to_string())).collect();
    if all.iter().all(|layer| layer.is_dir()) { all } else { vec![] }
}

/// How many bytes its files have, each counted once however many names it has, and how many entries there are.
#[must_use]
pub fn measure(folder: &Path) -> (u64, u64) {
    let (mut size, mut entries) = (0, 0);
    let mut seen = HashSet::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            entries += 1;
            let Ok(is) = entry.metadata() else { continue };
            if is.is_dir() {
                todo.push(entry.path());
            } else if is.is_file() && (is.nlink() == 1 || seen.insert(is.ino())) {
                size += is.len();
            }
        }
    }
    (size, entries)
}

/// Which of the layers, the lowest first, a path of the root comes from. Symbolic links are not followed: they are files,
/// and come from somewhere themselves.
#[must_use]
pub fn origin(layers: &[PathBuf], path: &Path) -> Origin {
    let parts: Vec<&OsStr> = path
        .components()
        .filter_map(|part| if let Component::Normal(name) = part { Some(name) } else { None })
        .collect();
    let mut lost = None;
    for (number, layer) in layers.iter().enumerate().rev() {
        match within(layer, &parts) {
            Found::There => return lost.map_or(Origin::Layer(number), Origin::Gone),
            Found::Hidden => lost = lost.or(Some(number)),
            Found::Not => {}
        }
    }
    Origin::Nowhere
}

enum Found {
    There,
    /// The layer has no such file, and hides the ones below.
    Hidden,
    Not,
}

fn within(layer: &Path, parts: &[&OsStr]) -> Found {
    let mut at = layer.to_owned();
    for (number, part) in parts.iter().enumerate() {
        let opaque = number > 0 && is_opaque(&at);
        at.push(part);
        match fs::symlink_metadata(&at) {
            Err(_) if opaque => return Found::Hidden,
            Err(_) => return Found::Not,
            Ok(is) if is.file_type().is_char_device() && is.rdev() == 0 => return Found::Hidden,
            // A file where others have a folder hides all that is in it.
            Ok(is) if !is.is_dir() && number + 1 < parts.len() => return Found::Hidden,
            Ok(_) => {}
        }
    }
    Found::There
}

fn is_opaque(folder: &Path) -> bool {
    ["trusted.overlay.opaque", "user.overlay.opaque"].iter().any(|name| {
        let mut value = [0; 4];
        rustix::fs::lgetxattr(folder, *name, &mut value[..]).is_ok_and(|length| value[..length] == *b"y")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uppermost_layer_that_has_it_counts() {
        let dir = tempfile::tempdir().unwrap();
        let layers: Vec<PathBuf> = ["0", "1", "2"].map(|name| dir.path().join(name)).to_vec();
        for (path, text) in [
            ("0/etc/a", "0"),
            ("0/etc/b", "0"),
            ("1/etc/b", "1"),
            ("2/bin/c", "2"),
            ("0/bin/d", "0"),
            ("0/x/y", "0"),
            ("1/x", "1"),
        ] {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        for (path, expected) in [
            ("/etc/a", Origin::Layer(0)),
            ("/etc/b", Origin::Layer(1)),
            ("etc/b", Origin::Layer(1)),
            ("/bin/c", Origin::Layer(2)),
            ("/bin/d", Origin::Layer(0)),
            ("/x/y", Origin::Gone(1)),
            ("/nowhere", Origin::Nowhere),
            ("/", Origin::Layer(2)),
        ] {
            assert_eq!(origin(&layers, Path::new(path)), expected, "{path}");
        }
        let opaque = rustix::fs::lsetxattr(
            dir.path().join("2/bin"),
            "user.overlay.opaque",
            b"y",
            rustix::fs::XattrFlags::empty(),
        );
        if opaque.is_ok() {
            assert_eq!(origin(&layers, Path::new("/bin/d")), Origin::Gone(2));
        }
    }
}
