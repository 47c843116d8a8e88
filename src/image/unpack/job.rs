//! The whole way from a source to a tree: layer by layer, entry by entry, with an eye on limits, disk and interrupts.
//!
//! write(2), linkat(2), symlinkat(2), mknodat(2): each on one name beneath a descriptor. Folders get their modes last,
//! so that one that nobody may write to can be filled by anybody. `ls -l` afterwards shows what the archive said.

mod content;
mod link;

use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{
    CWD, FileType, Mode, OFlags, fchmod, fchown, fremovexattr, fstat, fstatvfs, makedev, mkdirat, mknodat, openat,
    symlinkat,
};

use super::fault::Fault;
use super::layer::Layer;
use super::meta::{Dresser, Meta};
use super::place::Place;
use super::tree::{Found, Tree};
use super::whiteout;
use super::{How, Progress, Unpacked};
use crate::image::archive::{
    Bound, Content, Entries, Entry, ImportError, Kind, Refusal, Source, Stream, Tar, Walk, What,
};

const DIR: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// The devices that every distribution comes with, and that give nobody anything: null, zero, full, random, urandom,
/// tty, console, ptmx.
const HARMLESS: [(u32, u32); 8] = [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2)];

struct Job<'a> {
    how: &'a How<'a>,
    progress: &'a mut dyn FnMut(Progress),
    target: OwnedFd,
    /// Whether it comes in layers, though it be one: in a tar or folder nothing is a whiteout.
    is_image: bool,
    merged: Tree,
    dresser: Dresser,
    count: Arc<AtomicU64>,
    so_far: Progress,
    bytes: u64,
}

/// Unpacks all layers.
pub(super) fn run(
    source: &Source,
    into: &Path,
    how: &How<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Unpacked, ImportError> {
    let call = |call: &'static str| move |why: rustix::io::Errno| ImportError::call(call, into)(why.into());
    let target = openat(CWD, into, DIR, Mode::empty()).map_err(call("open"))?;
    let top = make_root(&target).map_err(call("mkdirat"))?;
    let many = source.layers.len() > 1;
    let layers = if many { Some(make_layers(&target).map_err(call("mkdirat"))?) } else { None };
    let is = fstat(&target).map_err(call("fstat"))?;
    let total = source.layers.iter().try_fold(0_u64, |sum, layer| Some(sum.saturating_add(layer.size?)));
    let mut job = Job {
        how,
        progress,
        target,
        is_image: matches!(source.kind, Kind::Oci | Kind::Docker),
        merged: Tree::new(top, how.limits, true),
        dresser: Dresser::new(how.owners),
        count: Arc::default(),
        so_far: Progress { total, ..Progress::default() },
        bytes: 0,
    };
    for (number, layer) in source.layers.iter().enumerate() {
        let mut entries = job.read(&layer.content, (is.st_dev, is.st_ino), &source.path)?;
        let mut alone = match &layers {
            Some(layers) => Some(Layer::new(layers, number, how.limits).map_err(call("mkdirat"))?),
            None => None,
        };
        job.layer(&mut *entries, alone.as_mut())?;
        while entries.end()? {
            job.tell()?;
        }
        if let Some(alone) = alone {
            let done = alone.finish(&job.merged, &mut job.dresser);
            job.said(done, layer.name.as_bytes())?;
        }
    }
    if job.so_far.entries == 0 {
        return Err(ImportError::Empty(source.path.clone()));
    }
    job.finish()?;
    let layers = if many { source.layers.len() as u64 } else { 0 };
    Ok(Unpacked { entries: job.so_far.entries, bytes: job.bytes, layers, but: job.dresser.but })
}

/// The folder that becomes the tree: the caller's alone, and heir of nothing that the folder above it hands down.
fn make_root(target: &OwnedFd) -> rustix::io::Result<OwnedFd> {
    mkdirat(target, "root", Mode::RWXU)?;
    let root = openat(target, "root", DIR | OFlags::NOFOLLOW, Mode::empty())?;
    let _ = fremovexattr(&root, "system.posix_acl_default");
    fchown(&root, Some(rustix::process::geteuid()), Some(rustix::process::getegid()))?;
    fchmod(&root, Mode::RWXU)?;
    Ok(root)
}

fn make_layers(target: &OwnedFd) -> rustix::io::Result<OwnedFd> {
    mkdirat(target, "layers", Mode::RWXU)?;
    let layers = openat(target, "layers", DIR | OFlags::NOFOLLOW, Mode::empty())?;
    let _ = fremovexattr(&layers, "system.posix_acl_default");
    fchown(&layers, Some(rustix::process::geteuid()), Some(rustix::process::getegid()))?;
    fchmod(&layers, Mode::from_raw_mode(0o755))?;
    Ok(layers)
}

impl Job<'_> {
    /// Begins to read a layer.
    fn read(&self, content: &Content, avoid: (u64, u64), path: &Path) -> Result<Box<dyn Entries>, ImportError> {
        use crate::image::archive::{Check, whole_file};
        let most = self.how.limits.bytes;
        let (feed, check, part) = match content {
            Content::Folder(path) => return Ok(Box::new(Walk::new(path, avoid, self.count.clone())?)),
            Content::File(path) => (whole_file(path)?, &Check::Nothing, path.display().to_string()),
            Content::Part { keep, name, check } => {
                let part = format!("{} in {}", crate::image::archive::shown(name), path.display());
                (keep.feed(name)?.0, check, part)
            }
        };
        Ok(Box::new(Tar::new(Stream::layer(feed, check, part, most, self.count.clone())?)))
    }

    fn layer(&mut self, entries: &mut dyn Entries, mut alone: Option<&mut Layer>) -> Result<(), ImportError> {
        loop {
            self.tell()?;
            let Some(entry) = entries.next()? else { return Ok(()) };
            self.so_far.entries += 1;
            if self.so_far.entries > self.how.limits.entries {
                let bound = Bound::Entries(self.how.limits.entries);
                return Err(ImportError::TooMuch { entry: entry.name, bound });
            }
            self.entry(&entry, entries, alone.as_deref_mut())?;
            self.pass(entries)?;
        }
    }

    /// What has content and should not have any is passed over, and that may be long.
    fn pass(&mut self, entries: &mut dyn Entries) -> Result<(), ImportError> {
        loop {
            let count = entries.fill()?.len();
            if count == 0 {
                return Ok(());
            }
            entries.used(count);
            self.tell()?;
        }
    }

    /// Tells how far it is, and hears whether to go on.
    fn tell(&mut self) -> Result<(), ImportError> {
        self.so_far.read = self.count.load(Ordering::Relaxed);
        (self.progress)(self.so_far);
        if self.how.stop.load(Ordering::Relaxed) { Err(ImportError::Interrupted) } else { Ok(()) }
    }

    /// A fault as the error of an entry.
    fn said<T>(&self, done: Result<T, Fault>, entry: &[u8]) -> Result<T, ImportError> {
        done.map_err(|fault| fault.of(entry, || self.free()))
    }

    /// How many bytes the caller may still write where the target is.
    fn free(&self) -> u64 {
        fstatvfs(&self.target).map_or(0, |is| is.f_bavail.saturating_mul(is.f_frsize))
    }

    fn entry(
        &mut self,
        entry: &Entry,
        entries: &mut dyn Entries,
        alone: Option<&mut Layer>,
    ) -> Result<(), ImportError> {
        let place = Place::of(&entry.name, Refusal::Up, &self.how.limits);
        let place = self.said(place, &entry.name)?;
        self.dresser.but.absolute += u64::from(place.absolute);
        if place.path().is_empty() {
            if entry.what != What::Folder {
                return self.said(Err(Refusal::Top.into()), &entry.name);
            }
            let done = self.merged.remember(vec![], Meta::of(entry));
            return self.said(done, &entry.name);
        }
        let mut alone = alone;
        let done = match alone.as_deref_mut() {
            Some(alone) => whiteout::carry_out(&mut self.merged, alone, &place),
            // There is nothing below that could be gone.
            None if self.is_image => whiteout::of(&place).map(|name| name.is_some()),
            None => Ok(false),
        };
        if self.said(done, &entry.name)? {
            return Ok(());
        }
        if let What::File { size, pieces } = &entry.what {
            return self.file(entry, &place, *size, pieces.as_deref(), entries, alone);
        }
        let done = self.other(entry, &place, alone);
        self.said(done, &entry.name)
    }

    /// All that has no content.
    fn other(&mut self, entry: &Entry, place: &Place, alone: Option<&mut Layer>) -> Result<(), Fault> {
        let (name, meta) = (place.name(), Meta::of(entry));
        match &entry.what {
            What::Disk => self.dresser.but.devices += 1,
            What::Unknown => self.dresser.but.unknown += 1,
            What::Device(major, minor) if !self.dresser.keeps() || !HARMLESS.contains(&(*major, *minor)) => {
                self.dresser.but.devices += 1;
            }
            What::Folder | What::Mount => {
                self.dresser.but.mounts += u64::from(entry.what == What::Mount);
                let folder = self.merged.make(place.folder())?;
                self.merged.folder(&folder, name, meta)?;
                if let Some(alone) = alone {
                    alone.folder(&super::place::join(&folder.path, name))?;
                }
            }
            What::Symlink(to) => {
                if to.is_empty() || to.contains(&0) {
                    return Err(if to.is_empty() { Refusal::Nameless } else { Refusal::Nul }.into());
                }
                let folder = self.merged.make(place.folder())?;
                let make = |at: &OwnedFd, name: &[u8]| symlinkat(to.as_slice(), at, name);
                self.merged.put(&folder, name, "symlinkat", make)?;
                self.dresser.dress_at(&folder.fd, name, &meta, true)?;
                beside(alone, &folder, name)?;
            }
            What::Fifo => {
                let folder = self.merged.make(place.folder())?;
                let make = |at: &OwnedFd, name: &[u8]| mknodat(at, name, FileType::Fifo, Mode::RUSR, 0);
                self.merged.put(&folder, name, "mknodat", make)?;
                self.dresser.dress_at(&folder.fd, name, &meta, false)?;
                beside(alone, &folder, name)?;
            }
            What::Device(major, minor) => {
                let folder = self.merged.make(place.folder())?;
                let device = makedev(*major, *minor);
                let make = |at: &OwnedFd, name: &[u8]| mknodat(at, name, FileType::CharacterDevice, Mode::RUSR, device);
                match self.merged.put(&folder, name, "mknodat", make) {
                    // In a user namespace nobody may make one.
                    Err(Fault::Call("mknodat", rustix::io::Errno::PERM)) => self.dresser.but.devices += 1,
                    done => {
                        done?;
                        self.dresser.dress_at(&folder.fd, name, &meta, false)?;
                        beside(alone, &folder, name)?;
                    }
                }
            }
            What::Link(to) => self.link(place, to, alone)?,
            What::File { .. } => {}
        }
        Ok(())
    }

    /// The folders get what they have to be like.
    fn finish(&mut self) -> Result<(), ImportError> {
        let (stop, dresser) = (self.how.stop, &mut self.dresser);
        let done = self.merged.finish(|fd, meta, _| {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            dresser.dress(fd, meta, true)
        });
        self.said(done, b"root")?;
        self.tell()
    }
}

/// The layer alone has it too.
fn beside(alone: Option<&mut Layer>, folder: &Found, name: &[u8]) -> Result<(), Fault> {
    alone.map_or(Ok(()), |alone| alone.link(folder, name))
}
