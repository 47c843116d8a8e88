//! What a layer consists of: entries, whether they are read from a tar or from a folder.

use std::path::PathBuf;
use std::sync::Arc;

use super::error::ImportError;
use super::keep::Keep;

/// Where a layer's content lies.
#[derive(Debug)]
pub(in crate::image) enum Content {
    /// A folder, as it is.
    Folder(PathBuf),
    /// A file that is a tar.
    File(PathBuf),
    /// A part of an image.
    Part {
        /// The image.
        keep: Arc<Keep>,
        /// The part's name in it.
        name: Vec<u8>,
        /// What its bytes must be.
        check: Check,
    },
}

/// A sha256 that is held against what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image) enum Check {
    /// Of the part as it lies there.
    Blob(String),
    /// Of what it is when decompressed.
    Content(String),
    /// The image says none.
    Nothing,
}

/// One file, folder, link or device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image) struct Entry {
    /// As it stands in the archive: nobody has looked at it yet.
    pub name: Vec<u8>,
    /// What it is.
    pub what: What,
    /// The permission bits, setuid and the like included.
    pub mode: u32,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// When it was last changed: seconds and nanoseconds.
    pub time: (i64, u32),
    /// Its extended attributes.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::image) enum What {
    /// A folder.
    Folder,
    /// A file of that many bytes. In a sparse one only the pieces are there, as offset and length.
    File {
        /// How long the file is.
        size: u64,
        /// Where its content stands in it, if not everywhere.
        pieces: Option<Vec<(u64, u64)>>,
    },
    /// A symbolic link to anything.
    Symlink(Vec<u8>),
    /// Another name of an earlier entry.
    Link(Vec<u8>),
    /// A character device; those of blocks are never made, and come as [`What::Disk`].
    Device(u32, u32),
    /// A block device.
    Disk,
    /// A named pipe.
    Fifo,
    /// A folder that something else is mounted on.
    Mount,
    /// A socket, or a kind that nobody knows.
    Unknown,
}

/// Gives the entries of a layer, one after the other, and the content of the one that it gave last.
pub(in crate::image) trait Entries {
    /// The next one.
    fn next(&mut self) -> Result<Option<Entry>, ImportError>;
    /// More of the content of the last one; nothing at its end.
    fn fill(&mut self) -> Result<&[u8], ImportError>;
    /// How much of what [`Self::fill`] gave has been used.
    fn used(&mut self, count: usize);
    /// After the last one: reads on to the end, where digests and sums are, piece by piece. False when there is no more.
    fn end(&mut self) -> Result<bool, ImportError>;
}
