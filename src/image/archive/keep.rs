//! Where the parts of an image lie: in a folder, or in a tar that is read through once to know what is where.
//!
//! A part's name comes out of the image itself: in a folder it is opened with openat2(2) and `RESOLVE_IN_ROOT`, so that
//! it never leads to a file of the machine.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};

use super::entry::{Entries, What};
use super::error::{ImportError, shown};
use super::look::Packing;
use super::reason::{Bound, Damage};
use super::stream::{Feed, Piece, Plain, Stream, wrong};
use super::tar::Tar;

/// No JSON of an honest image is larger.
const LARGEST_JSON: u64 = 8 << 20;

/// An image with more parts than this is none.
const MOST_MEMBERS: usize = 20_000;

/// `blobs/sha256/` and a digest are 77 bytes.
const LONGEST_NAME: usize = 512;

/// More than this is not unpacked only to see what is in it.
const MOST_LOOKED_AT: u64 = 64 << 30;

/// A place that parts of an image lie in.
#[derive(Debug)]
pub(in crate::image) enum Keep {
    /// A folder.
    Folder(PathBuf, OwnedFd),
    /// A tar.
    Archive(PathBuf, Packing, HashMap<Vec<u8>, Member>),
}

/// A file in a tar.
#[derive(Debug)]
pub(in crate::image) enum Member {
    /// Its first byte, and how many there are.
    File(u64, u64),
    /// It is a link to another: old Docker wrote a layer that two images share only once.
    Link(Vec<u8>),
}

/// What a look through a tar finds.
pub(super) enum Found {
    /// A root file system.
    Root,
    /// What may be an image.
    Parts(HashMap<Vec<u8>, Member>),
    /// Nothing at all.
    Nothing,
}

/// Looks through a tar until it is clear that it is no image, or to its end.
pub(super) fn look_through(path: &Path, packing: Packing) -> Result<Found, ImportError> {
    let feed = piece(path, 0, u64::MAX)?;
    let mut tar = Tar::new(Stream::look(feed, packing, path.display().to_string(), MOST_LOOKED_AT));
    let mut parts = HashMap::new();
    let mut any = false;
    while let Some(entry) = tar.next()? {
        any = true;
        let name = plain(&entry.name, b"");
        if !could_be_part(&name) || name.len() > LONGEST_NAME {
            return Ok(Found::Root);
        }
        let member = match entry.what {
            What::File { pieces: None, .. } => Member::File(tar.at(), tar.stored()),
            What::Symlink(to) | What::Link(to) if to.len() > LONGEST_NAME => continue,
            What::Symlink(to) => Member::Link(plain(&to, parent(&name))),
            What::Link(to) => Member::Link(plain(&to, b"")),
            _ => continue,
        };
        parts.insert(name, member);
        if parts.len() > MOST_MEMBERS {
            let bound = Bound::Entries(MOST_MEMBERS as u64);
            return Err(ImportError::TooMuch { entry: entry.name, bound });
        }
    }
    Ok(if any { Found::Parts(parts) } else { Found::Nothing })
}

/// The names that the tools give to the parts of an image: docker and skopeo `DIGEST.json` and `DIGEST/layer.tar` or
/// `DIGEST.tar`; crane, ko and kaniko `sha256:DIGEST` and `DIGEST.tar.gz`.
fn could_be_part(name: &[u8]) -> bool {
    let first = name.split(|&byte| byte == b'/').next().unwrap_or_default();
    let ends = [b".tar".as_slice(), b".tar.gz", b".json"];
    let stem = ends.iter().find_map(|end| first.strip_suffix(*end)).unwrap_or(first);
    let stem = stem.strip_prefix(b"sha256:").unwrap_or(stem);
    let known = [b"oci-layout".as_slice(), b"index.json", b"manifest.json", b"repositories", b"blobs", b""];
    known.contains(&first) || (stem.len() == 64 && stem.iter().all(u8::is_ascii_hexdigit))
}

/// A name without `.` and `..`, relative to a folder: what is only looked up in a table may as well be tidy.
fn plain(name: &[u8], folder: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = vec![];
    for part in folder.split(|&byte| byte == b'/').chain(name.split(|&byte| byte == b'/')) {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join(&b'/')
}

fn parent(name: &[u8]) -> &[u8] {
    name.iter().rposition(|&byte| byte == b'/').map_or(b"", |slash| &name[..slash])
}

fn piece(path: &Path, start: u64, length: u64) -> Result<Box<dyn Feed>, ImportError> {
    let file = File::open(path).map_err(ImportError::call("open", path))?;
    Ok(Box::new(Piece::new(file, start, length).map_err(ImportError::call("lseek", path))?))
}

/// All bytes of a file.
pub(in crate::image) fn whole_file(path: &Path) -> Result<Box<dyn Feed>, ImportError> {
    piece(path, 0, u64::MAX)
}

impl Keep {
    /// The parts in a folder.
    pub fn folder(path: &Path) -> Result<Self, ImportError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir = openat(CWD, path, flags, Mode::empty());
        Ok(Self::Folder(path.to_owned(), dir.map_err(|why| ImportError::call("open", path)(why.into()))?))
    }

    /// The folder or file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder(path, _) | Self::Archive(path, ..) => path,
        }
    }

    /// Whether there is a part of that name.
    pub fn has(&self, name: &[u8]) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &[u8]) -> Option<(Option<File>, u64, u64)> {
        match self {
            Self::Folder(_, dir) => {
                // A pipe or a device would keep us waiting.
                let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
                let how = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
                let file = File::from(openat2(dir, plain(name, b""), flags, Mode::empty(), how).ok()?);
                let is = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
                Some((Some(file), 0, is.len()))
            }
            Self::Archive(_, _, members) => {
                let mut name = plain(name, b"");
                for _ in 0..8 {
                    match members.get(&name)? {
                        Member::File(start, length) => return Some((None, *start, *length)),
                        Member::Link(to) => name = to.clone(),
                    }
                }
                None
            }
        }
    }

    /// The bytes of a part, and how many there are.
    pub fn feed(&self, name: &[u8]) -> Result<(Box<dyn Feed>, u64), ImportError> {
        let lacks = || ImportError::Lacks(shown(name));
        let (file, start, length) = self.find(name).ok_or_else(lacks)?;
        match (self, file) {
            (_, Some(file)) => {
                let piece = Piece::new(file, 0, length).map_err(ImportError::call("lseek", self.path()))?;
                Ok((Box::new(piece), length))
            }
            (Self::Archive(path, Packing::None, _), None) => Ok((piece(path, start, length)?, length)),
            (Self::Archive(path, packing, _), None) => {
                // Nothing but reading leads to the middle of what is compressed.
                let part = path.display().to_string();
                let stream = Stream::look(piece(path, 0, u64::MAX)?, *packing, part.clone(), u64::MAX);
                let mut inner = stream.into_inner();
                inner.skip(start).map_err(|why| wrong(why, &part))?;
                Ok((Box::new(Plain(inner.take(length))), length))
            }
            (Self::Folder(..), None) => Err(lacks()),
        }
    }

    /// All of a small part.
    pub fn small(&self, name: &[u8]) -> Result<Vec<u8>, ImportError> {
        let (feed, length) = self.feed(name)?;
        if length > LARGEST_JSON {
            return Err(ImportError::TooMuch { entry: name.to_vec(), bound: Bound::Header(LARGEST_JSON) });
        }
        let mut content = vec![];
        feed.take(LARGEST_JSON).read_to_end(&mut content).map_err(|why| wrong(why, &shown(name)))?;
        if (content.len() as u64) < length {
            return Err(ImportError::Damaged { part: shown(name), why: Damage::Truncated });
        }
        Ok(content)
    }
}

/// The first bytes of a file, and how long it is.
pub(super) fn head(path: &Path) -> Result<(Vec<u8>, u64), ImportError> {
    let mut file = File::open(path).map_err(ImportError::call("open", path))?;
    let mut head = vec![];
    file.by_ref().take(64 << 10).read_to_end(&mut head).map_err(ImportError::call("read", path))?;
    let length = file.seek(SeekFrom::End(0)).map_err(ImportError::call("lseek", path))?;
    Ok((head, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_images_are_known_by_their_names() {
        let hex = "0123456789abcdef".repeat(4);
        for (name, part) in [
            ("oci-layout".to_owned(), true),
            ("blobs/sha256/x".to_owned(), true),
            (format!("{hex}/layer.tar"), true),
            (format!("{hex}.json"), true),
            (format!("sha256:{hex}"), true),
            (format!("{hex}.tar.gz"), true),
            (String::new(), true),
            ("bin/sh".to_owned(), false),
            ("blobsy".to_owned(), false),
        ] {
            assert_eq!(could_be_part(name.as_bytes()), part, "{name}");
        }
        assert_eq!(plain(b"../b/./layer.tar", b"a"), b"b/layer.tar");
        assert_eq!(plain(b"/../../x", b""), b"x");
    }
}
