//! Root file systems with a name: a folder for each in the user's data folder. flock(2), renameat2(2).
//!
//! What is being unpacked, and what is being removed, has no name: it stands beside them, below a name that begins with
//! a dot and a file that says so before it is there, locked by whoever works on it. The kernel lets go of a lock when its
//! holder ends, however that happens; so the learner meets a whole system under a name, or none, and what was left
//! half-made is known by its free lock.

mod aside;
mod label;
mod layers;
mod name;
mod place;
mod user;

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FlockOperation, RenameFlags, flock, renameat_with};

pub use self::aside::{Aside, remove_tree};
pub use self::label::{Label, Part, Settled, os_name};
pub use self::layers::{Origin, measure, origin};
pub use self::name::{is_name, name_of_file, name_of_reference};
pub use self::place::{data_dir, data_dir_of_caller};
pub use self::user::{Identity, NoSuch, identity};
use super::error::ImageError;
use super::store::{LOCK, lock_all};

/// The folder of named root file systems.
#[derive(Debug, Clone)]
pub struct Shelf {
    dir: PathBuf,
}

/// One of them, which will not be removed while this value lives.
#[derive(Debug)]
pub struct Held {
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub label: Label,
    /// Its files.
    pub root: PathBuf,
    /// Its layers one by one, the lowest first; none where it came as one.
    pub layers: Vec<PathBuf>,
    _lock: File,
}

/// Why a name could not be given or taken away.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// There is one of that name.
    #[error("{0:?} is there already")]
    Taken(String),
    /// There is none of that name.
    #[error("{0:?} is not there")]
    Unknown(String),
    /// A box has it as its root, or something is mounted in it.
    #[error("{0:?} is in use")]
    InUse(String),
    /// The kernel refused a call.
    #[error(transparent)]
    Image(#[from] ImageError),
}

impl Shelf {
    /// The shelf in this folder (see [`data_dir`]).
    #[must_use]
    pub fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// Its folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The names on it, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| is_name(name) && self.dir.join(name).is_dir()).collect();
        names.sort_unstable();
        names
    }

    /// The root file system of that name, held.
    ///
    /// # Errors
    /// When there is none, or it is about to be removed; or what could not be read.
    pub fn hold(&self, name: &str) -> Result<Held, ShelfError> {
        let folder = self.dir.join(name);
        let path = folder.join(LOCK);
        let unknown = || ShelfError::Unknown(name.to_owned());
        if !is_name(name) || !folder.is_dir() {
            return Err(unknown());
        }
        let lock = File::open(&path).map_err(ImageError::call("open", &path))?;
        flock(&lock, FlockOperation::NonBlockingLockShared).map_err(|_| unknown())?;
        // Another may have come by that name between the two.
        if !is_same(&lock, &path) {
            return Err(unknown());
        }
        let mut label = Label::read(&folder)?;
        let root = folder.join(ROOT);
        if !label.settled.is_whole(&root) {
            return Err(unknown());
        }
        if label.settled.is_new() {
            label.settled = Settled::Yes;
            // Where it cannot be written down it is found out again next time.
            let _ = label.write(&folder);
        }
        let layers = if label.layers.len() > 1 { layers::folders(&folder, label.layers.len()) } else { vec![] };
        Ok(Held { name: name.to_owned(), label, root, layers, _lock: lock })
    }

    /// A place to unpack into: its folder `root`, and `layers` beside that. It is there until it is named or removed.
    ///
    /// # Errors
    /// What could not be made.
    pub fn draft(&self) -> Result<Aside, ShelfError> {
        let _alone = lock_all(&self.dir)?;
        let aside = Aside::begin(&self.dir)?;
        let folder = aside.folder();
        // There are setuid programs in it, and files of anybody: it is nobody else's to look into, whatever the shelf is.
        DirBuilder::new().mode(0o700).create(folder).map_err(ImageError::call("mkdir", folder))?;
        Ok(aside)
    }

    /// Gives a whole draft its name. What was there under that name is set aside, if `replaces`, and returned.
    ///
    /// # Errors
    /// When the name is taken, or what was there is in use; or what the kernel refused.
    pub fn publish(
        &self,
        draft: Aside,
        name: &str,
        label: &Label,
        replaces: bool,
    ) -> Result<(Held, Option<Aside>), ShelfError> {
        let new = draft.folder();
        Label { settled: Settled::now(&new.join(ROOT)), ..label.clone() }.write(new)?;
        let lock = new.join(LOCK);
        File::create(&lock).map_err(ImageError::call("open", &lock))?;
        let _alone = lock_all(&self.dir)?;
        let folder = self.dir.join(name);
        let there = fs::symlink_metadata(&folder).is_ok();
        if there && !replaces {
            return Err(ShelfError::Taken(name.to_owned()));
        }
        let held = if there { Some(self.alone(name)?) } else { None };
        // Both at once, so that at no moment there is nothing under the name.
        let how = if there { RenameFlags::EXCHANGE } else { RenameFlags::NOREPLACE };
        renameat_with(CWD, new, CWD, &folder, how)
            .or_else(|why| plainly(new, &folder, there, why))
            .map_err(|why| ImageError::call("renameat2", &folder)(why.into()))?;
        drop(held);
        let old = if there {
            Some(draft)
        } else {
            draft.settled();
            None
        };
        Ok((self.hold(name)?, old))
    }

    /// Takes the name from a root file system: what is returned is to be removed.
    ///
    /// # Errors
    /// When there is none of that name, or it is in use; or what the kernel refused.
    pub fn take(&self, name: &str) -> Result<Aside, ShelfError> {
        let _alone = lock_all(&self.dir)?;
        let folder = self.dir.join(name);
        if !is_name(name) || !folder.is_dir() {
            return Err(ShelfError::Unknown(name.to_owned()));
        }
        let held = self.alone(name)?;
        let aside = Aside::begin(&self.dir)?;
        fs::rename(&folder, aside.folder()).map_err(ImageError::call("rename", &folder))?;
        drop(held);
        Ok(aside)
    }

    /// What was left half-made or half-removed by whoever is dead; with their locks held, to be removed. With `look_only`
    /// nothing loses its name by that.
    #[must_use]
    pub fn left(&self, look_only: bool) -> Vec<Aside> {
        if !self.dir.is_dir() {
            return vec![];
        }
        let Ok(_alone) = lock_all(&self.dir) else { return vec![] };
        // What a power cut has taken a part of has its name still; it loses it here.
        let broken = self.names().into_iter().filter(|name| !look_only && self.is_broken(name));
        let unnamed = broken.filter_map(|name| {
            let held = self.alone(&name).ok()?;
            let aside = Aside::begin(&self.dir).ok()?;
            fs::rename(self.dir.join(&name), aside.folder()).ok()?;
            drop(held);
            Some(aside)
        });
        let mut found: Vec<Aside> = unnamed.collect();
        found.extend(aside::left(&self.dir));
        found
    }

    /// Whether a power cut has taken a part of it. What cannot be read for another reason, or has no label, is none of
    /// ours to judge.
    fn is_broken(&self, name: &str) -> bool {
        let folder = self.dir.join(name);
        match Label::read(&folder) {
            Ok(label) => !label.settled.is_whole(&folder.join(ROOT)),
            Err(ImageError::Call { why, .. }) => {
                [io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof].contains(&why.kind())
            }
            Err(_) => false,
        }
    }

    /// Makes sure that nobody has it in use, for as long as what is returned lives.
    fn alone(&self, name: &str) -> Result<Option<File>, ShelfError> {
        let folder = self.dir.join(name);
        let in_use = || ShelfError::InUse(name.to_owned());
        if super::store::is_mounted_on(&folder) {
            return Err(in_use());
        }
        // Without a lock it is none of ours that is whole, and nobody holds it.
        let Ok(lock) = File::open(folder.join(LOCK)) else { return Ok(None) };
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|_| in_use())?;
        Ok(Some(lock))
    }
}

/// The files of a root file system, in its folder.
const ROOT: &str = "root";

/// Where the file system knows no flags of rename: two steps, while nobody else works on the shelf.
fn plainly(new: &Path, folder: &Path, there: bool, why: rustix::io::Errno) -> Result<(), rustix::io::Errno> {
    let unknown = [rustix::io::Errno::INVAL, rustix::io::Errno::NOSYS].contains(&why);
    if !unknown || there {
        return Err(why);
    }
    rustix::fs::rename(new, folder)
}

/// Whether the open file still is the one of that name.
fn is_same(open: &File, path: &Path) -> bool {
    let number = |is: io::Result<fs::Metadata>| is.map(|is| (is.dev(), is.ino())).ok();
    let there = number(fs::metadata(path));
    there.is_some() && number(open.metadata()) == there
}

#[cfg(test)]
mod tests;
