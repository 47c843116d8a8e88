//! Looks at a source and says what it is: a folder, a tar, an OCI layout, a saved image, or none of them.
//!
//! Magic numbers at the beginning of a file are older than names with endings, and do not lie as often: gzip has 1f 8b,
//! a tar "ustar" in its 257th byte.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::entry::Content;
use super::error::ImportError;
use super::keep::{Found, Keep, head, look_through};
use super::reason::{Damage, Looks};
use super::{Config, Kind, Layer, Source, Wanted, docker, oci};

/// How a tar is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::image) enum Packing {
    /// Not at all.
    None,
    /// gzip(1).
    Gzip,
    /// xz(1).
    Xz,
    /// zstd(1).
    Zstd,
}

impl Packing {
    /// By its first bytes.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            // A frame, or one to be skipped before it.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::None,
        }
    }
}

/// What else it might be. The names are those of the formats, in any language.
const FORMATS: [(usize, &[u8], &str); 16] = [
    (0, b"PK\x03\x04", "zip"),
    (0, b"hsqs", "SquashFS"),
    (0x8001, b"CD001", "ISO 9660"),
    (0x438, b"\x53\xef", "ext4"),
    (0, b"QFI\xfb", "qcow2"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"BZh", "bzip2"),
    (0, b"\x7fELF", "ELF"),
    (0, b"!<arch>\n", "deb (ar)"),
    (0, b"\xed\xab\xee\xdb", "RPM"),
    (0, b"070701", "cpio"),
    (0, b"\x04\x22\x4d\x18", "lz4"),
    (0, b"LZIP", "lzip"),
    (0, b"Rar!", "RAR"),
    (0, b"\x5d\0\0", "lzma"),
    (0, b"\xe2\xe1\xf5\xe0", "EROFS"),
];

fn looks(head: &[u8]) -> Looks {
    if head.is_empty() {
        return Looks::Nothing;
    }
    let is = |(at, magic, _): &&(usize, &[u8], &str)| head.get(*at..).is_some_and(|rest| rest.starts_with(magic));
    FORMATS.iter().find(is).map_or(Looks::Other, |(.., name)| Looks::Format(name))
}

/// Finds out what is there.
pub(super) fn look(path: &Path, wanted: &Wanted) -> Result<Source, ImportError> {
    let is = fs::metadata(path).map_err(|why| match why.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ImportError::NotThere(path.to_owned()),
        _ => ImportError::call("stat", path)(why),
    })?;
    if is.is_dir() {
        folder(path, wanted)
    } else if is.is_file() {
        file(path, wanted)
    } else {
        Err(ImportError::Unknown { path: path.to_owned(), looks: Looks::NoFile })
    }
}

/// Whether a folder has nothing that the root of a system has at its top, as far as that can be seen: of what was unpacked,
/// the root may be one folder further in.
#[must_use]
pub fn lacks_all_of_a_root(path: &Path) -> bool {
    let lacks = |name| path.join(name).symlink_metadata().is_err_and(|why| why.kind() == io::ErrorKind::NotFound);
    ["bin", "etc", "usr"].into_iter().all(lacks)
}

fn folder(path: &Path, wanted: &Wanted) -> Result<Source, ImportError> {
    let keep = Keep::folder(path)?;
    if keep.has(b"oci-layout") && keep.has(b"index.json") {
        return oci::read(&Arc::new(keep), wanted);
    }
    if keep.has(b"manifest.json") && lacks_all_of_a_root(path) && docker::is_of_images(&keep) {
        return docker::read(&Arc::new(keep), wanted);
    }
    let mut entries = fs::read_dir(path).map_err(ImportError::call("getdents64", path))?;
    if entries.next().is_none() {
        return Err(ImportError::Empty(path.to_owned()));
    }
    Ok(root(path, Kind::Folder, None, Content::Folder(path.to_owned())))
}

fn file(path: &Path, wanted: &Wanted) -> Result<Source, ImportError> {
    let (head, length) = head(path)?;
    let packing = Packing::of(&head);
    let found = look_through(path, packing).map_err(|why| match why {
        // What is no tar from its first byte on is something else.
        ImportError::Damaged { why: Damage::Header(0), .. } => {
            let looks = if packing == Packing::None { looks(&head) } else { Looks::Other };
            ImportError::Unknown { path: path.to_owned(), looks }
        }
        ImportError::Damaged { why: Damage::Truncated, .. } if packing == Packing::None && head.len() < 512 => {
            ImportError::Unknown { path: path.to_owned(), looks: looks(&head) }
        }
        other => other,
    })?;
    match found {
        Found::Nothing => Err(ImportError::Empty(path.to_owned())),
        Found::Parts(members) => {
            let has = |name: &str| members.contains_key(name.as_bytes());
            let (is_oci, is_docker) = (has("oci-layout") && has("index.json"), has("manifest.json"));
            let keep = Arc::new(Keep::Archive(path.to_owned(), packing, members));
            if is_oci {
                oci::read(&keep, wanted)
            } else if is_docker {
                docker::read(&keep, wanted)
            } else {
                Ok(root(path, Kind::Tar, Some(length), Content::File(path.to_owned())))
            }
        }
        Found::Root => Ok(root(path, Kind::Tar, Some(length), Content::File(path.to_owned()))),
    }
}

fn root(path: &Path, kind: Kind, size: Option<u64>, content: Content) -> Source {
    let layer = Layer { name: path.display().to_string(), size, content };
    Source { path: path.to_owned(), kind, layers: vec![layer], config: Config::default(), tag: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        assert_eq!(Packing::of(b"\x1f\x8b\x08"), Packing::Gzip);
        assert_eq!(Packing::of(b"\xfd7zXZ\0"), Packing::Xz);
        assert_eq!(Packing::of(b"\x28\xb5\x2f\xfd"), Packing::Zstd);
        assert_eq!(Packing::of(b"bin/"), Packing::None);
        assert_eq!(looks(b"PK\x03\x04abc"), Looks::Format("zip"));
        assert_eq!(looks(&[&[0; 0x438][..], b"\x53\xef"].concat()), Looks::Format("ext4"));
        assert_eq!(looks(b"hello"), Looks::Other);
        assert_eq!(looks(b""), Looks::Nothing);
    }
}
