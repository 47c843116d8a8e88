//! The folder of built roots: who is building, who is using, what may go.
//!
//! One lock on the whole folder is held while building and sweeping, one on each root while it is in
//! use, both flock(2): the kernel lets go of them when the process ends, however it ends. A root gets its
//! name by rename(2) only when it is complete, so what the learner starts in is never half a system.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock, syncfs};
use serde::{Deserialize, Serialize};

use super::build::build;
use super::error::ImageError;
use super::missing::Missing;
use super::plan::Plan;
use super::recipe::{Kit, Recipe};
use super::seen::Seen;

/// While one is being built, and while one is being removed, it has a name that begins like this.
const UNFINISHED: &str = ".new";
const LEAVING: &str = ".old-";

/// What a root remembers of its making, in a file beside it.
#[derive(Serialize, Deserialize)]
struct Stamp {
    missing: Vec<Missing>,
    seen: Seen,
}

/// A root that is ready, and in use as long as `lock` is open.
pub(super) struct Ready {
    pub root: PathBuf,
    pub missing: Vec<Missing>,
    pub lock: File,
}

/// The first half of a root's name, by what unha brings; the second is by what the machine has.
pub(super) fn kit_digest(kit: &Kit) -> String {
    let files = kit.files.iter().flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]);
    digest([env!("CARGO_PKG_VERSION").as_bytes(), kit.recipe.as_bytes()].into_iter().chain(files))
}

/// A root of this kit that is what would be built now. It costs a stat(2) for each file it came from.
pub(super) fn find_ready(cache: &Path, kit: &str) -> Option<Ready> {
    let names = fs::read_dir(cache).ok()?.flatten().map(|entry| entry.file_name());
    let mine = names.filter(|name| name.to_str().is_some_and(|name| name.starts_with(kit)));
    mine.into_iter().find_map(|name| ready(&cache.join(name)))
}

fn ready(folder: &Path) -> Option<Ready> {
    let lock = locked(folder, FlockOperation::NonBlockingLockShared)?;
    let stamp: Stamp = serde_json::from_slice(&fs::read(folder.join("stamp")).ok()?).ok()?;
    let root = folder.join("root");
    let whole = stamp.seen.still_so() && root.join("bin/sh").exists();
    whole.then_some(Ready { root, missing: stamp.missing, lock })
}

/// Takes the lock of a root, if it still is the root of that name: it may have been removed in between.
fn locked(folder: &Path, how: FlockOperation) -> Option<File> {
    let path = folder.join(LOCK);
    let lock = File::open(&path).ok()?;
    flock(&lock, how).ok()?;
    let (held, there) = (lock.metadata().ok()?, fs::metadata(&path).ok()?);
    ((held.dev(), held.ino()) == (there.dev(), there.ino())).then_some(lock)
}

/// The file that is locked: in a folder of roots while any of them is made or removed, in a root's own while it is used.
pub(super) const LOCK: &str = "lock";

/// Waits until nobody else builds or sweeps here, and keeps everybody else waiting until dropped.
pub(super) fn lock_all(cache: &Path) -> Result<File, ImageError> {
    let path = cache.join(LOCK);
    let mut how = OpenOptions::new();
    let lock = how.create(true).append(true).mode(0o600).open(&path).map_err(ImageError::call("open", &path))?;
    loop {
        match flock(&lock, FlockOperation::LockExclusive) {
            Ok(()) => return Ok(lock),
            Err(rustix::io::Errno::INTR) => {}
            Err(why) => return Err(ImageError::call("flock", &path)(why.into())),
        }
    }
}

/// Builds a root beside the others, gives it its name, and removes those that it replaces.
/// The caller holds the lock of [`lock_all`].
pub(super) fn build_new(cache: &Path, kit: &Kit, recipe: &Recipe, plan: Plan) -> Result<Ready, ImageError> {
    sweep(cache, None);
    let new = cache.join(UNFINISHED);
    DirBuilder::new().mode(0o755).create(&new).map_err(ImageError::call("mkdir", &new))?;
    let built = fill(&new, kit, recipe, &plan).and_then(|second| {
        let name = format!("{}-{second}", kit_digest(kit));
        let folder = cache.join(&name);
        set_aside(&folder, None); // of this very name, and not ready: damaged
        let lock = locked(&new, FlockOperation::NonBlockingLockShared);
        fs::rename(&new, &folder).map_err(ImageError::call("rename", &folder))?;
        sweep(cache, Some(&name));
        let lock = lock.ok_or_else(|| ImageError::call("flock", &folder)(io::ErrorKind::ResourceBusy.into()))?;
        Ok(Ready { root: folder.join("root"), missing: plan.missing, lock })
    });
    if built.is_err() {
        remove(&new, None);
    }
    built
}

/// The root, its lock and its stamp; gives the second half of its name.
fn fill(new: &Path, kit: &Kit, recipe: &Recipe, plan: &Plan) -> Result<String, ImageError> {
    let lock = new.join(LOCK);
    let file = File::create(&lock).map_err(ImageError::call("open", &lock))?;
    build(&new.join("root"), recipe, kit, plan)?;
    let stamp = new.join("stamp");
    let text = serde_json::to_vec(&Seal { missing: &plan.missing, seen: &plan.seen });
    let text = text.map_err(|why| ImageError::call("write", &stamp)(why.into()))?;
    fs::write(&stamp, &text).map_err(ImageError::call("write", &stamp))?;
    // Else a power cut after the rename could leave a root of empty files under a trusted name.
    syncfs(&file).map_err(|why| ImageError::call("syncfs", new)(why.into()))?;
    Ok(digest([text.as_slice()]))
}

/// [`Stamp`], borrowed for writing.
#[derive(Serialize)]
struct Seal<'a> {
    missing: &'a [Missing],
    seen: &'a Seen,
}

/// Removes what an interrupted build left, and, once there is `newest`, every root that is not in use.
fn sweep(cache: &Path, newest: Option<&str>) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let (folder, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str() else { continue };
        if name == UNFINISHED || name.starts_with(LEAVING) {
            remove(&folder, None);
        } else if newest.is_some_and(|newest| newest != name) && is_root_name(name) {
            let lock = locked(&folder, FlockOperation::NonBlockingLockExclusive);
            if lock.is_some() || !folder.join(LOCK).exists() {
                set_aside(&folder, lock);
            }
        }
    }
}

/// Takes its name from a root, then removes it. `lock` is held on the root, if anything is.
fn set_aside(folder: &Path, lock: Option<File>) {
    let (Some(cache), Some(name)) = (folder.parent(), folder.file_name().and_then(|name| name.to_str())) else {
        return;
    };
    let names = (0..100).map(|number| cache.join(format!("{LEAVING}{number}-{name}")));
    if let Some(leaving) = names.into_iter().find(|path| !path.exists())
        && fs::rename(folder, &leaving).is_ok()
    {
        remove(&leaving, lock);
    }
}

/// Best effort: what is in use or cannot be removed now is tried again by the next build.
fn remove(folder: &Path, lock: Option<File>) {
    let lock = lock.or_else(|| locked(folder, FlockOperation::NonBlockingLockExclusive));
    let unused = lock.is_some() || !folder.join(LOCK).exists();
    if unused && !is_mounted_on(folder) {
        let _ = fs::remove_dir_all(folder);
    }
}

/// Whether something is mounted at or below the folder. A learner may have bound /dev into a root by
/// hand, and removing the root's files would remove the machine's. When in doubt, it is.
pub(super) fn is_mounted_on(folder: &Path) -> bool {
    let (Ok(folder), Ok(table)) = (fs::canonicalize(folder), fs::read_to_string("/proc/self/mountinfo")) else {
        return true;
    };
    table.lines().filter_map(|line| line.split(' ').nth(4)).any(|point| Path::new(&plain(point)).starts_with(&folder))
}

/// proc(5) writes space, tab, newline and backslash as octal numbers.
fn plain(point: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(point.to_owned(), |text, (code, char)| text.replace(code, char))
}

fn is_root_name(name: &str) -> bool {
    let hex = |half: &str| half.len() == 16 && half.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.split_once('-').is_some_and(|(kit, machine)| hex(kit) && hex(machine))
}

/// FNV-1a: tells versions apart, guards against nobody. A separator keeps parts from running together.
fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let bytes = parts.into_iter().flat_map(|part| part.iter().chain(&[0]));
    let sum =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(digest([b"ab".as_slice(), b"c"]), digest([b"a".as_slice(), b"bc"]));
        assert!(is_root_name(&format!("{}-{}", digest([b"a".as_slice()]), digest([]))));
        assert!(!is_root_name(".new") && !is_root_name("lock") && !is_root_name("a-b"));
    }

    #[test]
    fn a_folder_with_a_mount_is_known() {
        assert!(is_mounted_on(Path::new("/")));
        assert!(is_mounted_on(Path::new("/proc")));
        assert!(!is_mounted_on(tempfile::tempdir().unwrap().path()));
        assert_eq!(plain("/a\\040b"), "/a b");
    }
}
