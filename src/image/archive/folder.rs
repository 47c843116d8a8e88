//! A folder as a source: gives its entries one after the other, as a tar of it would.
//!
//! openat(2) with `O_NOFOLLOW`, folder by folder. Files with several names are given as hard links, holes are found
//! with `SEEK_HOLE`; what something else is mounted on (/proc of a running system) is given without what is in it.

use std::collections::HashMap;
use std::ffi::CString;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Mode, OFlags, SeekFrom, Stat, fgetxattr, flistxattr, fstat, major, minor, openat,
    readlinkat, seek, statat,
};

use super::entry::{Entries, Entry, What};
use super::error::ImportError;
use super::reason::{Bound, Damage};

/// So many folders may be open at once.
const DEEPEST: usize = 200;
const BUFFER: usize = 256 << 10;

/// A folder that is being walked.
pub(in crate::image) struct Walk {
    path: PathBuf,
    open: Vec<Level>,
    top: Option<OwnedFd>,
    /// Device and inode of the top, and of what must not be walked into: where it is unpacked.
    device: u64,
    avoid: (u64, u64),
    /// The first name of each file that has several, by device and inode: a file too may be mounted from elsewhere.
    named: HashMap<(u64, u64), Vec<u8>>,
    file: Option<(File, u64, Vec<u8>)>,
    buffer: Vec<u8>,
    from: usize,
    till: usize,
    count: Arc<AtomicU64>,
}

struct Level {
    fd: OwnedFd,
    names: std::vec::IntoIter<CString>,
    path: Vec<u8>,
}

impl Walk {
    /// The folder `path`, without the folder whose device and inode is `avoid`; bytes are counted in `count`.
    pub fn new(path: &Path, avoid: (u64, u64), count: Arc<AtomicU64>) -> Result<Self, ImportError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let top = openat(CWD, path, flags, Mode::empty());
        let top = top.map_err(|why| ImportError::call("open", path)(why.into()))?;
        let is = fstat(&top).map_err(|why| ImportError::call("fstat", path)(why.into()))?;
        Ok(Self {
            path: path.to_owned(),
            open: vec![],
            top: Some(top),
            device: is.st_dev,
            avoid,
            named: HashMap::new(),
            file: None,
            buffer: vec![0; BUFFER],
            from: 0,
            till: 0,
            count,
        })
    }

    fn call(&self, call: &'static str, at: &[u8]) -> impl FnOnce(rustix::io::Errno) -> ImportError + use<> {
        let path = self.path.join(std::ffi::OsStr::from_bytes(at));
        move |why| ImportError::Call { call, path, why: why.into() }
    }

    /// Goes into a folder.
    fn enter(&mut self, fd: OwnedFd, path: Vec<u8>) -> Result<(), ImportError> {
        if self.open.len() >= DEEPEST {
            return Err(ImportError::TooMuch { entry: path, bound: Bound::Depth(DEEPEST as u64) });
        }
        let mut names = vec![];
        for entry in Dir::read_from(&fd).map_err(self.call("getdents64", &path))? {
            let entry = entry.map_err(self.call("getdents64", &path))?;
            if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
                names.push(entry.file_name().to_owned());
            }
        }
        names.sort();
        self.open.push(Level { fd, names: names.into_iter(), path });
        Ok(())
    }

    /// The entry of what stands under a name; nothing for the folder that must be avoided.
    fn entry(&mut self, name: &CString, path: Vec<u8>) -> Result<Option<Entry>, ImportError> {
        let Some(level) = self.open.last() else { return Ok(None) };
        let is = statat(&level.fd, name, AtFlags::SYMLINK_NOFOLLOW).map_err(self.call("fstatat", &path))?;
        let kind = FileType::from_raw_mode(is.st_mode);
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut xattrs = vec![];
        let what = match kind {
            FileType::Directory if (is.st_dev, is.st_ino) == self.avoid => return Ok(None),
            FileType::Directory if is.st_dev != self.device => What::Mount,
            FileType::Directory => {
                let fd = openat(&level.fd, name, flags | OFlags::DIRECTORY, Mode::empty());
                let fd = fd.map_err(self.call("openat", &path))?;
                xattrs = attributes(&fd);
                self.enter(fd, path.clone())?;
                What::Folder
            }
            FileType::RegularFile => {
                if is.st_nlink > 1 {
                    if let Some(first) = self.named.get(&(is.st_dev, is.st_ino)) {
                        return Ok(Some(entry(path, What::Link(first.clone()), &is, xattrs)));
                    }
                    self.named.insert((is.st_dev, is.st_ino), path.clone());
                }
                let fd = openat(&level.fd, name, flags, Mode::empty()).map_err(self.call("openat", &path))?;
                xattrs = attributes(&fd);
                self.file(fd, &is, &path)?
            }
            FileType::Symlink => {
                let to = readlinkat(&level.fd, name, vec![]).map_err(self.call("readlinkat", &path))?;
                What::Symlink(to.into_bytes())
            }
            FileType::CharacterDevice => What::Device(major(is.st_rdev), minor(is.st_rdev)),
            FileType::BlockDevice => What::Disk,
            FileType::Fifo => What::Fifo,
            _ => What::Unknown,
        };
        Ok(Some(entry(path, what, &is, xattrs)))
    }

    /// A file, and where its content is if there are holes in it.
    fn file(&mut self, fd: OwnedFd, is: &Stat, path: &[u8]) -> Result<What, ImportError> {
        let size = u64::try_from(is.st_size).unwrap_or(0);
        let has_holes = u64::try_from(is.st_blocks).unwrap_or(0).saturating_mul(512) < size;
        let pieces = if has_holes { Some(pieces(&fd, size).map_err(self.call("lseek", path))?) } else { None };
        let left = pieces.as_ref().map_or(size, |pieces| pieces.iter().map(|(_, length)| length).sum());
        seek(&fd, SeekFrom::Start(0)).map_err(self.call("lseek", path))?;
        self.file = Some((File::from(fd), left, path.to_vec()));
        Ok(What::File { size, pieces })
    }
}

fn entry(name: Vec<u8>, what: What, is: &Stat, xattrs: Vec<(Vec<u8>, Vec<u8>)>) -> Entry {
    let time = (is.st_mtime, u32::try_from(is.st_mtime_nsec).unwrap_or(0));
    Entry { name, what, mode: is.st_mode & 0o7777, uid: is.st_uid, gid: is.st_gid, time, xattrs }
}

/// Where content is. A file that changes meanwhile gives what it gives.
fn pieces(fd: &OwnedFd, size: u64) -> rustix::io::Result<Vec<(u64, u64)>> {
    let mut pieces = vec![];
    let mut at = 0;
    while at < size && pieces.len() < super::sparse::MOST {
        let start = match seek(fd, SeekFrom::Data(at)) {
            Ok(start) => start.min(size),
            Err(rustix::io::Errno::NXIO) => break,
            Err(why) => return Err(why),
        };
        let end = seek(fd, SeekFrom::Hole(start))?.min(size);
        if end <= start {
            break;
        }
        pieces.push((start, end - start));
        at = end;
    }
    Ok(pieces)
}

/// The extended attributes, as far as they can be read: a file system without any says so by an error.
fn attributes(fd: impl AsFd) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut names = vec![0_u8; 64 << 10];
    let Ok(length) = flistxattr(&fd, names.as_mut_slice()) else { return vec![] };
    let names = names[..length].split(|&byte| byte == 0).filter(|name| !name.is_empty());
    let value = |name: &[u8]| {
        let mut value = vec![0_u8; 64 << 10];
        let length = fgetxattr(&fd, name, value.as_mut_slice()).ok()?;
        Some((name.to_vec(), value[..length].to_vec()))
    };
    names.filter_map(value).collect()
}

impl Entries for Walk {
    fn next(&mut self) -> Result<Option<Entry>, ImportError> {
        self.file = None;
        (self.from, self.till) = (0, 0);
        if let Some(top) = self.top.take() {
            let is = fstat(&top).map_err(self.call("fstat", b""))?;
            let xattrs = attributes(&top);
            self.enter(top, vec![])?;
            return Ok(Some(entry(b".".to_vec(), What::Folder, &is, xattrs)));
        }
        while let Some(level) = self.open.last_mut() {
            let Some(name) = level.names.next() else {
                self.open.pop();
                continue;
            };
            let slash: &[u8] = if level.path.is_empty() { b"" } else { b"/" };
            let path = [&level.path, slash, name.to_bytes()].concat();
            if let Some(entry) = self.entry(&name, path)? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    fn fill(&mut self) -> Result<&[u8], ImportError> {
        if self.from == self.till
            && let Some((file, left, path)) = &mut self.file
        {
            let most = usize::try_from(*left).unwrap_or(BUFFER).min(BUFFER);
            let at = self.path.join(std::ffi::OsStr::from_bytes(path));
            (self.from, self.till) = (0, 0);
            if most > 0 {
                self.till = file.read(&mut self.buffer[..most]).map_err(ImportError::call("read", &at))?;
                if self.till == 0 {
                    return Err(ImportError::Damaged { part: at.display().to_string(), why: Damage::Truncated });
                }
            }
            *left -= self.till as u64;
            self.count.fetch_add(self.till as u64, Ordering::Relaxed);
        }
        Ok(&self.buffer[self.from..self.till])
    }

    fn used(&mut self, count: usize) {
        self.from += count;
    }

    fn end(&mut self) -> Result<bool, ImportError> {
        Ok(false)
    }
}
