//! A tree as it is on the disk, entry by entry, to be held against another.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What is held against another's.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its type and permission bits.
    pub mode: u32,
    pub owner: (u32, u32),
    /// A file's size and a sum of its content; a link's target.
    pub content: (u64, u64),
    /// The first of the names that it has.
    pub linked: PathBuf,
    pub attributes: Vec<(Vec<u8>, Vec<u8>)>,
    pub device: u64,
}

/// All of it, by path.
pub fn of(top: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut found = BTreeMap::new();
    let mut todo = vec![PathBuf::new()];
    while let Some(inner) = todo.pop() {
        let path = top.join(&inner);
        let is = fs::symlink_metadata(&path).unwrap();
        if is.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|entry| inner.join(entry.unwrap().file_name())));
        }
        let mut sum = DefaultHasher::new();
        let content = if is.is_file() {
            sum.write(&fs::read(&path).unwrap());
            (is.len(), sum.finish())
        } else if is.is_symlink() {
            sum.write(fs::read_link(&path).unwrap().as_os_str().as_bytes());
            (is.len(), sum.finish())
        } else {
            (0, 0)
        };
        let device = if is.is_dir() || is.is_file() || is.is_symlink() { 0 } else { is.rdev() };
        let entry = Entry {
            mode: is.mode(),
            owner: (is.uid(), is.gid()),
            content,
            linked: inner.clone(),
            attributes: attributes(&path),
            device,
        };
        found.insert(inner, entry);
    }
    link(top, &mut found);
    found
}

/// Says of each file that has several names which of them is the first.
fn link(top: &Path, found: &mut BTreeMap<PathBuf, Entry>) {
    let mut firsts: BTreeMap<(u64, u64), PathBuf> = BTreeMap::new();
    for (inner, entry) in found {
        let is = fs::symlink_metadata(top.join(inner)).unwrap();
        if !is.is_dir() {
            entry.linked.clone_from(firsts.entry((is.dev(), is.ino())).or_insert_with(|| inner.clone()));
        }
    }
}

fn attributes(path: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut names = vec![0; 4096];
    let Ok(length) = rustix::fs::llistxattr(path, &mut names[..]) else { return vec![] };
    let mut found: Vec<(Vec<u8>, Vec<u8>)> = names[..length]
        .split(|byte| *byte == 0)
        // What overlayfs writes down for itself is no part of the tree; nor what umoci does, as an ordinary user.
        .filter(|name| {
            !name.is_empty() && !name.starts_with(b"trusted.overlay.") && !name.starts_with(b"user.overlay.")
        })
        .map(|name| {
            let mut value = vec![0; 4096];
            let length = rustix::fs::lgetxattr(path, name, &mut value[..]).unwrap_or_default();
            (name.to_vec(), value[..length].to_vec())
        })
        .collect();
    found.sort_unstable();
    found
}

/// Panics with the first differences, if there are any.
#[track_caller]
pub fn assert_same(what: &str, ours: &BTreeMap<PathBuf, Entry>, theirs: &BTreeMap<PathBuf, Entry>) {
    let mut differ = vec![];
    for path in ours.keys().chain(theirs.keys().filter(|path| !ours.contains_key(*path))) {
        // The folder itself is made by the one who unpacks, where the source says nothing of it.
        if ours.get(path) != theirs.get(path) && path != Path::new("") {
            differ.push(format!("{}:\n  ours   {:?}\n  theirs {:?}", path.display(), ours.get(path), theirs.get(path)));
        }
    }
    assert!(differ.is_empty(), "{what}: {} differ\n{}", differ.len(), differ[..differ.len().min(5)].join("\n"));
    assert!(ours.len() > 5, "{what}: there is hardly anything to compare");
}
