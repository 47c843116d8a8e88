//! Reads tar(5): blocks of 512 bytes, a header before each entry, its content behind it.
//!
//! The format of 1979 with the additions of GNU and of pax(1). Headers are laid out by the `tar` crate; its own reader
//! takes extended headers of any size into memory and splits them at newlines, so that reading is done here. Nothing
//! of what an entry says is acted on here: it is only understood, or refused as damaged.

use ::tar::{GnuExtSparseHeader, GnuHeader, Header};

use super::entry::{Entries, Entry, What};
use super::error::ImportError;
use super::number::number;
use super::pax::Pax;
use super::reason::{Bound, Damage, Field};
use super::sparse::{self, Ahead, Described, Pieces};
use super::stream::Stream;

const BLOCK: u64 = 512;

/// Long names and extended headers of an entry that are together larger than this are a bomb: the kernel takes 4 KiB
/// of name and 64 KiB of attributes.
const LARGEST_HEADER: u64 = 1 << 20;

/// What is said of all entries is looked through for each of them.
const LARGEST_GLOBAL: u64 = 16 << 10;

/// A tar that is being read.
pub(in crate::image) struct Tar {
    stream: Stream,
    globals: Pax,
    /// How much of the present entry's content has not been read, and how much padding follows it.
    left: u64,
    padding: u64,
    /// Whether the blocks of zeros that end a tar were seen.
    ended: bool,
}

/// What stands before the header of an entry and belongs to it.
#[derive(Default)]
struct Before {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    pax: Vec<Pax>,
}

impl Tar {
    /// A tar that comes out of a stream.
    pub fn new(stream: Stream) -> Self {
        Self { stream, globals: Pax::default(), left: 0, padding: 0, ended: false }
    }

    /// How many bytes of the tar have been read: where the content of the present entry begins.
    pub fn at(&self) -> u64 {
        self.stream.at()
    }

    /// How many bytes of the present entry are stored in the tar.
    pub fn stored(&self) -> u64 {
        self.left
    }

    fn damaged(&self, why: Damage) -> ImportError {
        self.stream.damaged(why)
    }

    fn number(&self, entry: &[u8], field: Field) -> ImportError {
        self.damaged(Damage::Number { entry: entry.to_vec(), field })
    }

    /// The next header, or nothing at the end.
    fn header(&mut self) -> Result<Option<Header>, ImportError> {
        let at = self.stream.at();
        let mut block = [0; 512];
        if !self.stream.read(&mut block)? {
            // Without an end mark and without a digest nobody can tell whether there was more.
            return if self.stream.is_checked() || self.ended {
                Ok(None)
            } else {
                Err(self.damaged(Damage::Truncated))
            };
        }
        if block.iter().all(|&byte| byte == 0) {
            self.ended = true;
            return Ok(None);
        }
        let header = Header::from_byte_slice(&block).clone();
        let sum = |of: &dyn Fn(u8) -> i64| -> i64 {
            let blank = 148..156;
            block.iter().enumerate().map(|(at, &byte)| of(if blank.contains(&at) { b' ' } else { byte })).sum()
        };
        let told = number(&header.as_old().cksum).and_then(|told| i64::try_from(told).ok());
        // Some wrote the sum of signed bytes.
        if told.is_none_or(|told| told != sum(&i64::from) && told != sum(&|byte| i64::from(byte.cast_signed()))) {
            return Err(self.damaged(Damage::Header(at)));
        }
        Ok(Some(header))
    }

    /// The whole content of a header that describes the next one.
    fn small(&mut self, header: &Header) -> Result<Vec<u8>, ImportError> {
        let is_global = header.entry_type().is_pax_global_extensions();
        let most = if is_global { LARGEST_GLOBAL } else { LARGEST_HEADER };
        let name = header.path_bytes().into_owned();
        let size = number(&header.as_old().size).and_then(|size| u64::try_from(size).ok());
        let size = size.ok_or_else(|| self.number(&name, Field::Size))?;
        if size > most {
            return Err(ImportError::TooMuch { entry: name, bound: Bound::Header(most) });
        }
        let mut content = vec![0; usize::try_from(size).unwrap_or(0)];
        if !content.is_empty() && !self.stream.read(&mut content)? {
            return Err(self.damaged(Damage::Truncated));
        }
        self.stream.skip(size.next_multiple_of(BLOCK) - size)?;
        Ok(content)
    }

    fn entry(&mut self, header: &Header, before: Before) -> Result<Entry, ImportError> {
        let pax = Pax::together(std::iter::once(&self.globals).chain(&before.pax));
        let said = |key: &str| pax.get(key).map(<[u8]>::to_vec);
        let name = said("GNU.sparse.name").or(said("path")).or(before.name);
        let name = name.unwrap_or_else(|| header.path_bytes().into_owned());
        let link = said("linkpath").or(before.link);
        let link = link.unwrap_or_else(|| header.link_name_bytes().map_or_else(Vec::new, std::borrow::Cow::into_owned));
        let old = header.as_old();
        let bad = |field| self.number(&name, field);
        let id = |key, field: &[u8]| -> Result<u32, ImportError> {
            let told = pax.number(key).map_err(|()| bad(Field::Owner))?.map(i128::from).or_else(|| number(field));
            // The last number means "nobody" to chown(2): as it stands.
            told.and_then(|id| u32::try_from(id).ok()).filter(|&id| id != u32::MAX).ok_or_else(|| bad(Field::Owner))
        };
        let (uid, gid) = (id("uid", &old.uid)?, id("gid", &old.gid)?);
        let mode = number(&old.mode).and_then(|mode| u32::try_from(mode).ok()).ok_or_else(|| bad(Field::Mode))?;
        let in_header = || number(&old.mtime).and_then(|time| i64::try_from(time).ok()).map(|time| (time, 0));
        let time = pax.time("mtime").map_err(|()| bad(Field::Time))?.or_else(in_header);
        let time = time.ok_or_else(|| bad(Field::Time))?;
        let size = pax.number("size").map_err(|()| bad(Field::Size))?.map(i128::from).or_else(|| number(&old.size));
        let size = size.and_then(|size| u64::try_from(size).ok()).filter(|&size| i64::try_from(size).is_ok());
        let xattrs = pax.xattrs();
        let flag = header.entry_type().as_byte();
        // Once there was no flag for a folder, only the slash behind its name.
        let kind = if matches!(flag, 0 | b'0') && name.ends_with(b"/") { b'5' } else { flag };
        // What is no file has no content, whatever its size field says: all readers agree on that.
        let stored = if matches!(flag, b'1'..=b'6') { 0 } else { size.ok_or_else(|| bad(Field::Size))? };
        let what = match kind {
            0 | b'0' | b'7' | b'S' => {
                let described = sparse::described(&pax).map_err(|()| bad(Field::Sparse))?;
                self.file(header, &name, described, stored)?
            }
            b'1' => What::Link(link),
            b'2' => What::Symlink(link),
            b'3' => match [header.device_major(), header.device_minor()] {
                [Ok(Some(major)), Ok(Some(minor))] => What::Device(major, minor),
                _ => return Err(self.number(&name, Field::Device)),
            },
            b'4' => What::Disk,
            b'5' => What::Folder,
            b'6' => What::Fifo,
            _ => What::Unknown,
        };
        if !matches!(what, What::File { .. }) {
            (self.left, self.padding) = (stored, stored.next_multiple_of(BLOCK) - stored);
        }
        Ok(Entry { name, what, mode: mode & 0o7777, uid, gid, time, xattrs })
    }

    /// The content of a file: all of it, or what is no hole.
    fn file(&mut self, header: &Header, name: &[u8], keys: Described, stored: u64) -> Result<What, ImportError> {
        self.padding = stored.next_multiple_of(BLOCK) - stored;
        self.left = stored;
        let old_sparse = if header.entry_type().is_gnu_sparse() { header.as_gnu() } else { None };
        let (size, pieces) = match (keys, old_sparse) {
            (Described::Map(size, pieces), _) => (size, pieces),
            (Described::Ahead(size), _) => (size, self.map_ahead(name)?),
            (Described::No, Some(header)) => self.map_in_header(header, name)?,
            (Described::No, None) if header.entry_type().is_gnu_sparse() => {
                return Err(self.number(name, Field::Sparse));
            }
            (Described::No, None) => return Ok(What::File { size: stored, pieces: None }),
        };
        if !sparse::fits(size, self.left, &pieces) {
            return Err(self.number(name, Field::Sparse));
        }
        Ok(What::File { size, pieces: Some(pieces) })
    }

    /// The map is the first blocks of what is stored.
    fn map_ahead(&mut self, name: &[u8]) -> Result<Pieces, ImportError> {
        let mut ahead = Ahead::default();
        loop {
            let mut block = [0; 512];
            if self.left < BLOCK {
                return Err(self.number(name, Field::Sparse));
            }
            if !self.stream.read(&mut block)? {
                return Err(self.damaged(Damage::Truncated));
            }
            self.left -= BLOCK;
            if let Some(pieces) = ahead.take(&block).map_err(|()| self.number(name, Field::Sparse))? {
                return Ok(pieces);
            }
        }
    }

    /// The map is in the header, and goes on in blocks behind it that its size does not count.
    fn map_in_header(&mut self, header: &GnuHeader, name: &[u8]) -> Result<(u64, Pieces), ImportError> {
        let whole = |field: &[u8]| number(field).and_then(|number| u64::try_from(number).ok());
        let mut pieces = vec![];
        let bad = Damage::Number { entry: name.to_vec(), field: Field::Sparse };
        let mut add = |parts: &[::tar::GnuSparseHeader]| {
            for part in parts.iter().filter(|part| part.offset[0] != 0 && part.numbytes[0] != 0) {
                pieces.push((whole(&part.offset)?, whole(&part.numbytes)?));
            }
            (pieces.len() <= sparse::MOST).then_some(())
        };
        let mut good = add(&header.sparse);
        let mut more = header.isextended[0] == 1;
        while more && good.is_some() {
            let mut next = GnuExtSparseHeader::new();
            if !self.stream.read(next.as_mut_bytes())? {
                return Err(self.damaged(Damage::Truncated));
            }
            good = add(&next.sparse);
            more = next.isextended[0] == 1;
        }
        match (good, whole(&header.realsize)) {
            (Some(()), Some(size)) => Ok((size, pieces)),
            _ => Err(self.damaged(bad)),
        }
    }
}

impl Entries for Tar {
    fn next(&mut self) -> Result<Option<Entry>, ImportError> {
        self.stream.skip(self.left)?;
        self.stream.skip(self.padding)?;
        (self.left, self.padding) = (0, 0);
        if self.ended {
            return Ok(None);
        }
        let mut before = Before::default();
        let mut described = 0;
        while let Some(header) = self.header()? {
            let kind = header.entry_type();
            let is_pax = kind.is_pax_local_extensions() || kind.is_pax_global_extensions();
            if !(is_pax || kind.is_gnu_longname() || kind.is_gnu_longlink()) {
                return self.entry(&header, before).map(Some);
            }
            let text = self.small(&header)?;
            // Each is small, but there may be any number of them, empty ones too.
            described += BLOCK.max(text.len() as u64);
            if described > LARGEST_HEADER {
                let entry = header.path_bytes().into_owned();
                return Err(ImportError::TooMuch { entry, bound: Bound::Header(LARGEST_HEADER) });
            }
            if kind.is_gnu_longname() {
                before.name = Some(name(text));
            } else if kind.is_gnu_longlink() {
                before.link = Some(name(text));
            } else {
                let pax = Pax::read(&text).ok_or_else(|| self.damaged(Damage::Extended))?;
                if kind.is_pax_global_extensions() { self.globals = pax } else { before.pax.push(pax) }
            }
        }
        Ok(None)
    }

    fn fill(&mut self) -> Result<&[u8], ImportError> {
        if self.left == 0 {
            return Ok(&[]);
        }
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let there = self.stream.fill()?;
        Ok(&there[..there.len().min(left)])
    }

    fn used(&mut self, count: usize) {
        self.stream.used(count);
        self.left -= count as u64;
    }

    fn end(&mut self) -> Result<bool, ImportError> {
        self.stream.end()
    }
}

/// GNU writes long names with a NUL at their end.
fn name(mut content: Vec<u8>) -> Vec<u8> {
    let end = content.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    content.truncate(end);
    content
}
