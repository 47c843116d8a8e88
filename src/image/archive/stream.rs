//! The bytes of a tar as they come: from a file or a part of one, decompressed, counted and held against a digest.
//!
//! Nothing here is larger than a buffer, however large the file is. Which compression it is, the first bytes tell
//! (RFC 1952, RFC 8878, the .xz format); a name's ending tells nothing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::entry::Check;
use super::error::ImportError;
use super::look::Packing;
use super::reason::{Bound, Damage};
use super::seal::{Sealed, Unsealed};
use super::unzstd::Unzstd;

const BUFFER: usize = 256 << 10;

/// In KiB: a few bytes can ask for a dictionary of 4 GiB. `xz -9` asks for 64 MiB.
const MOST_FOR_XZ: u32 = 128 << 10;

/// Bytes that can be skipped, and cheaply where the kernel can do it.
pub(in crate::image) trait Feed: Read {
    /// Goes on `count` bytes from here. Whether they were there shows when the next are read.
    fn skip(&mut self, count: u64) -> io::Result<()> {
        let mut left = count;
        let mut passed = [0; 8 << 10];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(passed.len());
            match self.read(&mut passed[..most])? {
                0 => break,
                count => left -= count as u64,
            }
        }
        Ok(())
    }
}

/// A piece of a file: all of it, or a part of an archive.
pub(in crate::image) struct Piece {
    file: File,
    left: u64,
}

impl Piece {
    /// `length` bytes from `start` on.
    pub fn new(mut file: File, start: u64, length: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        Ok(Self { file, left: length })
    }
}

impl Read for Piece {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(to.len());
        let count = self.file.read(&mut to[..most])?;
        self.left -= count as u64;
        Ok(count)
    }
}

impl Feed for Piece {
    fn skip(&mut self, count: u64) -> io::Result<()> {
        let count = count.min(self.left);
        self.left -= count;
        self.file.seek_relative(count.cast_signed())
    }
}

/// Any reader, skipped by reading.
pub(in crate::image) struct Plain<R>(pub R);

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.0.read(to)
    }
}

impl<R: Read> Feed for Plain<R> {}

/// Counts what is read of a source, for the bar.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(to)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A tar's bytes.
pub(in crate::image) struct Stream {
    inner: BufReader<Box<dyn Feed>>,
    part: String,
    at: u64,
    most: u64,
    /// Whether a digest tells that all is there, and whether at least the compression's own sum does.
    checked: bool,
    sealed: bool,
}

impl Stream {
    /// The bytes of `feed` as they are, for a look at what is in it; `part` is what damage is said of.
    pub fn look(feed: Box<dyn Feed>, packing: Packing, part: String, most: u64) -> Self {
        let inner = if packing == Packing::None { feed } else { unpacked(feed, packing) };
        Self { inner: BufReader::with_capacity(8 << 10, inner), part, at: 0, most, checked: false, sealed: false }
    }

    /// The bytes of a layer to be unpacked: at most `most` of them, counted as they are read of the source.
    pub fn layer(
        feed: Box<dyn Feed>,
        check: &Check,
        part: String,
        most: u64,
        count: Arc<AtomicU64>,
    ) -> Result<Self, ImportError> {
        let blob = if let Check::Blob(digest) = check { Some(digest.clone()) } else { None };
        let counted = Counted { inner: feed, count };
        let mut raw = BufReader::with_capacity(BUFFER, Sealed::new(counted, blob, part.clone()));
        let packing = match raw.fill_buf() {
            Ok(head) => Packing::of(head),
            Err(why) => return Err(wrong(why, &part)),
        };
        let content = if let Check::Content(digest) = check { Some(digest.clone()) } else { None };
        let content = Sealed::new(unpacked(Box::new(Plain(raw)), packing), content, part.clone());
        let inner: Box<dyn Feed> = Box::new(Plain(content));
        let checked = *check != Check::Nothing;
        let sealed = checked || packing != Packing::None;
        Ok(Self { inner: BufReader::with_capacity(BUFFER, inner), part, at: 0, most, checked, sealed })
    }

    /// The bytes themselves, from which nothing has been read yet.
    pub fn into_inner(self) -> Box<dyn Feed> {
        self.inner.into_inner()
    }

    /// How many bytes have been taken.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Whether a digest will tell if all is there.
    pub fn is_checked(&self) -> bool {
        self.checked
    }

    /// What is said of damage here.
    pub fn damaged(&self, why: Damage) -> ImportError {
        ImportError::Damaged { part: self.part.clone(), why }
    }

    /// The next bytes; it is an error if there are none.
    pub fn fill(&mut self) -> Result<&[u8], ImportError> {
        if self.at > self.most {
            return Err(ImportError::TooMuch { entry: self.part.clone().into(), bound: Bound::Bytes(self.most) });
        }
        // Twice, because the borrow of the first would last through the error.
        match self.inner.fill_buf() {
            Ok([]) => return Err(self.damaged(Damage::Truncated)),
            Ok(_) => {}
            Err(why) => return Err(wrong(why, &self.part)),
        }
        Ok(self.inner.buffer())
    }

    /// How many of them have been used.
    pub fn used(&mut self, count: usize) {
        self.inner.consume(count);
        self.at += count as u64;
    }

    /// Fills `to`; false when there is nothing at all any more.
    pub fn read(&mut self, to: &mut [u8]) -> Result<bool, ImportError> {
        let mut filled = 0;
        while filled < to.len() {
            match self.inner.read(&mut to[filled..]) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(self.damaged(Damage::Truncated)),
                Ok(count) => filled += count,
                Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
                Err(why) => return Err(wrong(why, &self.part)),
            }
        }
        self.at += filled as u64;
        Ok(true)
    }

    /// Goes on `count` bytes.
    pub fn skip(&mut self, mut count: u64) -> Result<(), ImportError> {
        let buffered = (self.inner.buffer().len() as u64).min(count);
        self.used(usize::try_from(buffered).unwrap_or(0));
        count -= buffered;
        if self.at.saturating_add(count) > self.most {
            return Err(ImportError::TooMuch { entry: self.part.clone().into(), bound: Bound::Bytes(self.most) });
        }
        if count > 0 {
            self.inner.get_mut().skip(count).map_err(|why| wrong(why, &self.part))?;
            self.at += count;
        }
        Ok(())
    }

    /// Reads a piece of what is behind the tar's own end, if there is a digest or a sum to come. False at the very end.
    pub fn end(&mut self) -> Result<bool, ImportError> {
        if !self.sealed {
            return Ok(false);
        }
        let count = self.inner.fill_buf().map_err(|why| wrong(why, &self.part))?.len();
        self.used(count);
        if self.at > self.most {
            return Err(ImportError::TooMuch { entry: self.part.clone().into(), bound: Bound::Bytes(self.most) });
        }
        Ok(count > 0)
    }
}

/// Takes the compression off.
fn unpacked(feed: Box<dyn Feed>, packing: Packing) -> Box<dyn Feed> {
    let raw = BufReader::with_capacity(BUFFER, feed);
    match packing {
        Packing::None => Box::new(Plain(raw)),
        Packing::Gzip => Box::new(Plain(flate2::bufread::MultiGzDecoder::new(raw))),
        Packing::Xz => Box::new(Plain(lzma_rust2::XzReader::new_mem_limit(raw, true, MOST_FOR_XZ))),
        Packing::Zstd => Box::new(Plain(Unzstd::new(raw))),
    }
}

/// What an error while reading means: a wrong digest, damage, or the kernel's no.
pub(super) fn wrong(why: io::Error, part: &str) -> ImportError {
    if why.raw_os_error().is_some() {
        return ImportError::Call { call: "read", path: part.into(), why };
    }
    if why.kind() == io::ErrorKind::UnexpectedEof {
        return ImportError::Damaged { part: part.to_owned(), why: Damage::Truncated };
    }
    match why.downcast::<Unsealed>() {
        Ok(Unsealed { part, said, is }) => ImportError::Digest { part, said, is },
        Err(why) => ImportError::Damaged { part: part.to_owned(), why: Damage::Compressed(why.to_string()) },
    }
}
