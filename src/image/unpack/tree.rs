//! A tree that is written by descriptors: openat2(2) beneath its top, one name at a time below that.
//!
//! A path given as text is looked up anew by every call, and what stood there may have become a link that leads out.
//! So no call here gets more than one name that does not stand beneath a descriptor. Where an archive's own symbolic
//! links are on the way they are followed as from within the tree: `/` is its top, and above it is nothing.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;

use rustix::fs::{
    AtFlags, Dir, FileType, Mode, OFlags, ResolveFlags, mkdirat, openat, openat2, readlinkat, statat, unlinkat,
};
use rustix::io::Errno;

use super::Limits;
use super::fault::Fault;
use super::meta::Meta;
use super::place::join;
use crate::image::archive::{Bound, Refusal};

/// Until all is unpacked a folder is the caller's alone, who must be able to fill it.
const OURS: Mode = Mode::RWXU;
const MOST_LINKS: u32 = 40;

/// Folders are remembered until the end: this much, near 200,000 of them, and no more. A Debian has some thousand.
const MOST_REMEMBERED: u64 = 32 << 20;

/// A tree that is being written.
pub(super) struct Tree {
    top: Rc<OwnedFd>,
    limits: Limits,
    /// Whether symbolic links on the way are followed; else they are in the way.
    follows: bool,
    last: Option<(Vec<u8>, Found)>,
    /// What the folders will be like once they are full.
    pub folders: BTreeMap<Vec<u8>, Meta>,
    remembered: u64,
    /// In a layer: the folders that took the place of something else.
    pub replaced: Vec<Vec<u8>>,
}

/// A folder in the tree.
#[derive(Clone)]
pub(super) struct Found {
    /// Its descriptor, good for looking things up beneath it.
    pub fd: Rc<OwnedFd>,
    /// The path that leads to it without any link.
    pub path: Rc<[u8]>,
}

impl Tree {
    /// The tree below a folder that is open.
    pub fn new(top: OwnedFd, limits: Limits, follows: bool) -> Self {
        let folders = BTreeMap::from([(vec![], Meta::implied())]);
        let remembered = Meta::implied().size() as u64;
        Self { top: Rc::new(top), limits, follows, last: None, folders, remembered, replaced: vec![] }
    }

    /// The folder `path`; with `make`, what is missing of it is made. Nothing when it is not there.
    pub fn enter(&mut self, path: &[u8], make: bool) -> Result<Option<Found>, Fault> {
        if let Some((last, found)) = &self.last
            && last == path
        {
            return Ok(Some(found.clone()));
        }
        let found = match self.open(path, OFlags::PATH) {
            Ok(fd) => Found { fd: Rc::new(fd), path: path.into() },
            // A link or a gap on the way, or a kernel without openat2: step by step.
            Err(_) => match self.walk(path, make)? {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        self.last = Some((path.to_vec(), found.clone()));
        Ok(Some(found))
    }

    /// [`Self::enter`], making what is missing.
    pub fn make(&mut self, path: &[u8]) -> Result<Found, Fault> {
        self.enter(path, true)?.ok_or(Fault::Call("openat2", Errno::NOENT))
    }

    /// Opens a folder whose path has no link in it.
    fn open(&self, path: &[u8], how: OFlags) -> rustix::io::Result<OwnedFd> {
        let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
        let path: &[u8] = if path.is_empty() { b"." } else { path };
        openat2(&*self.top, path, how | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty(), beneath)
    }

    fn walk(&mut self, path: &[u8], make: bool) -> Result<Option<Found>, Fault> {
        let mut left: Vec<Vec<u8>> = split(path);
        let mut done: Vec<Vec<u8>> = vec![];
        let mut at = self.top.clone();
        let mut links = 0;
        while let Some(part) = left.pop() {
            if part == b".." {
                done.pop();
                at = self.reopen(&done)?;
                continue;
            }
            match self.step(&at, &part)? {
                Step::Folder => {}
                Step::Link(to) if self.follows => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Refusal::Circle.into());
                    }
                    if to.first() == Some(&b'/') {
                        done.clear();
                        at = self.top.clone();
                    }
                    left.extend(split(&to));
                    continue;
                }
                _ if !make => return Ok(None),
                Step::Nothing => self.mkdir(&at, &done, &part)?,
                Step::Link(_) | Step::Other => {
                    self.remove(&at, &done.join(&b'/'), &part)?;
                    self.mkdir(&at, &done, &part)?;
                    self.replaces(join(&done.join(&b'/'), &part));
                }
            }
            at = Rc::new(openat(&*at, part.as_slice(), FOLDER, Mode::empty()).map_err(Fault::call("openat"))?);
            done.push(part);
            if done.len() as u64 > self.limits.depth {
                return Err(Fault::Over(Bound::Depth(self.limits.depth)));
            }
        }
        let path = done.join(&b'/');
        if path.len() as u64 > self.limits.path {
            return Err(Fault::Over(Bound::Path(self.limits.path)));
        }
        Ok(Some(Found { fd: at, path: path.into() }))
    }

    /// A folder that was walked through before, from the top.
    fn reopen(&self, parts: &[Vec<u8>]) -> Result<Rc<OwnedFd>, Fault> {
        let mut at = self.top.clone();
        for part in parts {
            at = Rc::new(openat(&*at, part.as_slice(), FOLDER, Mode::empty()).map_err(Fault::call("openat"))?);
        }
        Ok(at)
    }

    fn step(&self, at: &OwnedFd, part: &[u8]) -> Result<Step, Fault> {
        match statat(at, part, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(is) => Ok(match FileType::from_raw_mode(is.st_mode) {
                FileType::Directory => Step::Folder,
                FileType::Symlink if self.follows => {
                    Step::Link(readlinkat(at, part, vec![]).map_err(Fault::call("readlinkat"))?.into_bytes())
                }
                _ => Step::Other,
            }),
            Err(Errno::NOENT) => Ok(Step::Nothing),
            Err(why) => Err(Fault::Call("fstatat", why)),
        }
    }

    fn mkdir(&mut self, at: &OwnedFd, done: &[Vec<u8>], part: &[u8]) -> Result<(), Fault> {
        mkdirat(at, part, OURS).map_err(Fault::call("mkdirat"))?;
        self.remember(join(&done.join(&b'/'), part), Meta::implied())
    }

    /// Makes the folder `name` in `folder`, if it is not there; what is no folder has to go.
    pub fn folder(&mut self, folder: &Found, name: &[u8], meta: Meta) -> Result<(), Fault> {
        match mkdirat(&*folder.fd, name, OURS) {
            Ok(()) => {}
            Err(Errno::EXIST) => {
                if self.step(&folder.fd, name)? != Step::Folder {
                    self.remove(&folder.fd, &folder.path, name)?;
                    mkdirat(&*folder.fd, name, OURS).map_err(Fault::call("mkdirat"))?;
                    self.replaces(join(&folder.path, name));
                }
            }
            Err(why) => return Err(Fault::Call("mkdirat", why)),
        }
        self.remember(join(&folder.path, name), meta)
    }

    /// Keeps for the end what a folder is to be like.
    pub fn remember(&mut self, path: Vec<u8>, meta: Meta) -> Result<(), Fault> {
        self.forget(&path);
        self.remembered += (path.len() + meta.size()) as u64;
        self.folders.insert(path, meta);
        if self.remembered > MOST_REMEMBERED { Err(Fault::Over(Bound::Header(MOST_REMEMBERED))) } else { Ok(()) }
    }

    fn forget(&mut self, path: &[u8]) {
        if let Some(meta) = self.folders.remove(path) {
            self.remembered = self.remembered.saturating_sub((path.len() + meta.size()) as u64);
        }
    }

    fn replaces(&mut self, path: Vec<u8>) {
        if !self.follows {
            self.replaced.push(path);
        }
    }

    /// Makes `name` in `folder` by `call`, and once more when what was there before has been removed.
    pub fn put<T>(
        &mut self,
        folder: &Found,
        name: &[u8],
        call: &'static str,
        make: impl Fn(&OwnedFd, &[u8]) -> rustix::io::Result<T>,
    ) -> Result<T, Fault> {
        match make(&folder.fd, name) {
            Err(Errno::EXIST) => {
                self.remove(&folder.fd, &folder.path, name)?;
                make(&folder.fd, name).map_err(Fault::call(call))
            }
            done => done.map_err(Fault::call(call)),
        }
    }

    /// Removes `name` in the folder `at`, whatever it is, with all that is in it. It may as well not be there.
    pub fn remove(&mut self, at: &OwnedFd, folder: &[u8], name: &[u8]) -> Result<(), Fault> {
        self.last = None;
        match unlinkat(at, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => return Ok(()),
            Err(Errno::ISDIR | Errno::PERM) => {}
            Err(why) => return Err(Fault::Call("unlinkat", why)),
        }
        remove_folder(at, name, 0)?;
        let path = join(folder, name);
        let below = [&path, b"/".as_slice()].concat();
        let behind = [&path, b"0".as_slice()].concat(); // '0' is the byte after '/'
        let gone: Vec<Vec<u8>> = self.folders.range(below..behind).map(|(path, _)| path.clone()).collect();
        self.forget(&path);
        for path in gone {
            self.forget(&path);
        }
        Ok(())
    }

    /// Gives the folders their modes, owners and times, the deepest first: afterwards nothing may be filled any more.
    pub fn finish(&self, mut set: impl FnMut(&OwnedFd, &Meta, &[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
        for (path, meta) in self.folders.iter().rev() {
            let parts = || split(path).into_iter().rev().collect::<Vec<_>>();
            let fd = match self.open(path, OFlags::RDONLY) {
                Err(Errno::NOSYS | Errno::PERM) => {
                    let at = self.reopen(&parts())?;
                    openat(&*at, ".", READ, Mode::empty()).map_err(Fault::call("openat"))?
                }
                fd => fd.map_err(Fault::call("openat2"))?,
            };
            set(&fd, meta, path)?;
        }
        Ok(())
    }
}

#[derive(PartialEq, Eq)]
enum Step {
    Folder,
    Link(Vec<u8>),
    Nothing,
    Other,
}

const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
const READ: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The parts of a path, the last first.
fn split(path: &[u8]) -> Vec<Vec<u8>> {
    let parts = path.split(|&byte| byte == b'/').filter(|part| !part.is_empty() && *part != b".");
    parts.rev().map(<[u8]>::to_vec).collect()
}

/// The names in a folder.
pub(super) fn names(folder: impl AsFd) -> Result<Vec<CString>, Fault> {
    let mut names = vec![];
    for entry in Dir::read_from(folder).map_err(Fault::call("getdents64"))? {
        let entry = entry.map_err(Fault::call("getdents64"))?;
        if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
            names.push(entry.file_name().to_owned());
        }
    }
    Ok(names)
}

/// Not deeper than the limit, which holds for all that was made.
fn remove_folder(at: &OwnedFd, name: &[u8], depth: u32) -> Result<(), Fault> {
    let folder = openat(at, name, READ, Mode::empty()).map_err(Fault::call("openat"))?;
    for inner in names(&folder)? {
        match unlinkat(&folder, &inner, AtFlags::empty()) {
            Ok(()) => {}
            Err(Errno::ISDIR | Errno::PERM) if depth < 4096 => remove_folder(&folder, inner.to_bytes(), depth + 1)?,
            Err(why) => return Err(Fault::Call("unlinkat", why)),
        }
    }
    unlinkat(at, name, AtFlags::REMOVEDIR).map_err(Fault::call("unlinkat"))
}
