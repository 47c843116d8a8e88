//! Progress on disk: in the user's state folder, written whole or not at all. rename(2).
//!
//! The learner sees that the course goes on where they left it, under sudo too.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{fchown, lchown};
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User, geteuid};

/// Who progress belongs to: under sudo the user who called it, not root.
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

/// Reads a file of progress; a missing one is `None`. One that is not understood is kept aside under another name.
///
/// # Errors
/// What the file could not be read for, or that it was not understood and where it is kept now.
pub fn load<T: serde::de::DeserializeOwned>(file: &Path) -> io::Result<Option<T>> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text?,
    };
    serde_json::from_str(&text).map(Some).or_else(|error| {
        let aside = file.with_extension("json.unread");
        fs::rename(file, &aside)?;
        Err(io::Error::other(format!("{}: {error}; it is kept as {}", file.display(), aside.display())))
    })
}

/// Gives a file that was just made to whoever progress belongs to.
///
/// # Errors
/// What fchown(2) fails for.
pub fn give_to_owner(file: &fs::File) -> io::Result<()> {
    owner().map_or(Ok(()), |(uid, gid)| fchown(file, Some(uid), Some(gid)))
}

/// Writes progress, whole or not at all.
///
/// # Errors
/// What the folder or the file could not be written for.
pub fn save(file: &Path, progress: &impl serde::Serialize) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let made: Vec<&Path> = folder.ancestors().take_while(|dir| !dir.exists()).collect();
    fs::create_dir_all(folder)?;
    if let Some((uid, gid)) = owner() {
        for path in made {
            lchown(path, Some(uid), Some(gid))?;
        }
    }
    // A new file, never one that is there: under sudo the folder is the user's, who could have laid a link in it.
    let temporary = file.with_extension(format!("json.{}", std::process::id()));
    let _ = fs::remove_file(&temporary);
    let mut open = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
    open.write_all(serde_json::to_string_pretty(progress)?.as_bytes())?;
    give_to_owner(&open)?;
    fs::rename(&temporary, file)
}
