//! Progress and rehearsals on disk: in the user's state folder, written whole or not at all. rename(2), flock(2).
//!
//! The learner sees that the course goes on where they left it, under sudo too.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, fchown, lchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use nix::unistd::{Uid, User, geteuid};

use crate::course::kept::{Kept, Senseless};

/// No file that is kept is larger.
const LARGEST: u64 = 4 << 20;

/// How long another program may take that writes the same file.
const PATIENCE: Duration = Duration::from_secs(3);

/// Who the files belong to: under sudo the user who called it, not root.
fn owner() -> Option<(u32, u32)> {
    let id = |name| env::var(name).ok()?.parse::<u32>().ok();
    geteuid().is_root().then(|| Some((id("SUDO_UID")?, id("SUDO_GID")?))).flatten()
}

/// The file of progress: `$XDG_STATE_HOME/unha/progress.json`, else below `~/.local/state`.
#[must_use]
pub fn file() -> Option<PathBuf> {
    let home = match owner() {
        Some((uid, _)) => User::from_uid(Uid::from_raw(uid)).ok().flatten().map(|user| user.dir.join(".local/state")),
        None => env::var_os("XDG_STATE_HOME")
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
            .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".local/state"))),
    };
    home.map(|state| state.join("unha/progress.json"))
}

/// Why a file that is kept could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unkept {
    /// It stands there still.
    #[error("{}: {error}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What reading it, or putting it aside, failed for.
        error: io::Error,
    },
    /// It was not understood.
    #[error("{}: {why}; it is kept as {}", file.display(), aside.display())]
    Aside {
        /// The file.
        file: PathBuf,
        /// Why not.
        why: Senseless,
        /// What it is called now.
        aside: PathBuf,
    },
}

/// Reads a file that is kept; a missing one is `None`. One that is not understood is put aside under another name.
///
/// # Errors
/// What the file could not be read for, or that it was not understood and where it is kept now.
pub fn load<T: Kept>(file: &Path) -> Result<Option<T>, Unkept> {
    match understood(file) {
        Ok(Ok(kept)) => Ok(kept),
        Err(error) => Err(Unkept::Unreadable { file: file.to_owned(), error }),
        Ok(Err(_)) => {
            let lock = Lock::on(file).map_err(|error| Unkept::Unreadable { file: file.to_owned(), error })?;
            load_alone(file, &lock)
        }
    }
}

/// The copy of the save before the last one, for whoever lost that.
#[must_use]
pub fn load_older<T: Kept>(file: &Path) -> Option<T> {
    understood(&older(file)).ok()?.ok()?
}

fn older(file: &Path) -> PathBuf {
    file.with_extension("json.old")
}

/// What stands in a file: nothing where there is none.
fn understood<T: Kept>(file: &Path) -> io::Result<Result<Option<T>, Senseless>> {
    let open = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(file);
    let open = match open {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ok(None)),
        open => open?,
    };
    let mut bytes = vec![];
    open.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(T::read(&bytes).map(Some))
}

/// Reads a file while nobody else may put it aside or write it.
fn load_alone<T: Kept>(file: &Path, _alone: &Lock) -> Result<Option<T>, Unkept> {
    let unreadable = |error| Unkept::Unreadable { file: file.to_owned(), error };
    let why = match understood(file).map_err(unreadable)? {
        Ok(kept) => return Ok(kept),
        Err(why) => why,
    };
    let aside = free(file, "unread").map_err(unreadable)?;
    fs::rename(file, &aside).map_err(unreadable)?;
    Err(Unkept::Aside { file: file.to_owned(), why, aside })
}

/// A name beside the file's that nothing has yet, so that nothing is lost: `progress.json.unread2`.
fn free(file: &Path, word: &str) -> io::Result<PathBuf> {
    let mut names = (1..1000).map(|number: u32| match number {
        1 => file.with_extension(format!("json.{word}")),
        _ => file.with_extension(format!("json.{word}{number}")),
    });
    names.find(|name| fs::symlink_metadata(name).is_err()).ok_or_else(|| io::ErrorKind::AlreadyExists.into())
}

/// Gives a file that was just made to whoever progress belongs to.
///
/// # Errors
/// What fchown(2) fails for.
pub fn give_to_owner(file: &fs::File) -> io::Result<()> {
    owner().map_or(Ok(()), |(uid, gid)| fchown(file, Some(uid), Some(gid)))
}

/// Writes what is to be kept, whole or not at all, whatever stood there.
///
/// # Errors
/// What the folder or the file could not be written for.
pub fn save(file: &Path, kept: &impl Kept) -> io::Result<()> {
    write(file, kept, &Lock::on(file)?)
}

/// Writes what is to be kept with what the file says by now, which another program may have written: nothing of it is
/// lost. What is not understood by now is put aside first, and said.
///
/// # Errors
/// What the file could not be read or written for.
pub fn merge<T: Kept>(file: &Path, kept: T, both: impl FnOnce(T, T) -> T) -> io::Result<(T, Option<Unkept>)> {
    let alone = Lock::on(file)?;
    let (before, aside) = match load_alone(file, &alone) {
        Ok(before) => (before, None),
        Err(Unkept::Unreadable { error, .. }) => return Err(error),
        Err(aside) => (load_older(file), Some(aside)),
    };
    let kept = match before {
        Some(before) => both(before, kept),
        None => kept,
    };
    write(file, &kept, &alone)?;
    Ok((kept, aside))
}

/// Puts something else in the place of what is kept, of which a copy stays under another name: that, if there was any.
///
/// # Errors
/// What the file could not be read, copied or written for.
pub fn replace<T: Kept>(file: &Path, with: impl FnOnce(Option<T>) -> T) -> io::Result<Option<PathBuf>> {
    let alone = Lock::on(file)?;
    let before = understood(file)?.ok().flatten();
    let copy = if file.exists() { Some(free(file, "before")?) } else { None };
    if let Some(copy) = &copy {
        fs::hard_link(file, copy).or_else(|_| fs::copy(file, copy).map(drop))?;
    }
    write(file, &with(before), &alone)?;
    Ok(copy)
}

/// Writes a new file and gives it the name of the old one, of which the last but one is left.
fn write(file: &Path, kept: &impl Kept, _alone: &Lock) -> io::Result<()> {
    let text = kept.text()?;
    // A new file, never one that is there: under sudo the folder is the user's, who could have laid a link in it.
    let temporary = file.with_extension("json.new");
    let _ = fs::remove_file(&temporary);
    let mut open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    open.write_all(text.as_bytes())?;
    give_to_owner(&open)?;
    // Else a machine that loses its power may be left with the new name and none of the bytes.
    open.sync_all()?;
    // Some file systems know no second name: then there is no copy. A file that was put aside leaves the copy of before.
    if file.exists() {
        let older = older(file);
        let _ = fs::remove_file(&older);
        let _ = fs::hard_link(file, &older);
    }
    fs::rename(&temporary, file)?;
    fs::File::open(folder_of(file))?.sync_all()
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

/// While it is held nobody else writes the file. flock(2): it ends with whoever holds it, however that ends.
struct Lock(#[expect(dead_code, reason = "held, never read")] Option<Flock<fs::File>>);

impl Lock {
    fn on(file: &Path) -> io::Result<Self> {
        let folder = folder_of(file);
        let made: Vec<&Path> = folder.ancestors().take_while(|dir| !dir.exists()).collect();
        fs::create_dir_all(folder)?;
        if let Some((uid, gid)) = owner() {
            for path in made {
                lchown(path, Some(uid), Some(gid))?;
            }
        }
        let path = file.with_extension("json.lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).mode(0o600).custom_flags(libc::O_NOFOLLOW);
        let mut open = match options.clone().create_new(true).open(&path) {
            Ok(new) => give_to_owner(&new).map(|()| new)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(&path)?,
            Err(error) => return Err(error),
        };
        let until = Instant::now() + PATIENCE;
        loop {
            open = match Flock::lock(open, FlockArg::LockExclusiveNonblock) {
                Ok(lock) => return Ok(Self(Some(lock))),
                Err((open, Errno::EWOULDBLOCK)) if Instant::now() < until => open,
                // A file system without locks: whoever keeps it there runs one unha at a time.
                Err((_, Errno::ENOLCK | Errno::EOPNOTSUPP | Errno::ENOSYS)) => return Ok(Self(None)),
                Err((_, errno)) => return Err(errno.into()),
            };
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
