//! Progress and rehearsals on disk: in the user's state folder, written whole or not at all. rename(2).
//!
//! The learner sees that the course goes on where they left it, under sudo too.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{fchown, lchown};
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User, geteuid};

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
    /// It is no such file as this program writes.
    #[error("{}: {error}; it is kept as {}", file.display(), aside.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// Where in it the sense ends.
        error: serde_json::Error,
        /// What it is called now.
        aside: PathBuf,
    },
    /// A newer program has written it.
    #[error("{}: schema {schema}, of a newer unha; it is kept as {}", file.display(), aside.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// The version of its format.
        schema: u32,
        /// What it is called now.
        aside: PathBuf,
    },
}

/// How every file that is kept begins.
#[derive(serde::Deserialize)]
struct Schema {
    #[serde(default)]
    schema: u32,
}

/// Reads a file that is kept, of this version of its format or an older one; a missing one is `None`. One that is not
/// understood is put aside under another name.
///
/// # Errors
/// What the file could not be read for, or that it was not understood and where it is kept now.
pub fn load<T: serde::de::DeserializeOwned>(file: &Path, newest: u32) -> Result<Option<T>, Unkept> {
    let unreadable = |error| Unkept::Unreadable { file: file.to_owned(), error };
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes.map_err(unreadable)?,
    };
    let understood = serde_json::from_slice(&bytes).and_then(|Schema { schema }| {
        if schema > newest { Ok(Err(schema)) } else { serde_json::from_slice(&bytes).map(Ok) }
    });
    let not_understood = match understood {
        Ok(Ok(kept)) => return Ok(Some(kept)),
        Ok(Err(schema)) => Ok(schema),
        Err(error) => Err(error),
    };
    let aside = put_aside(file).map_err(unreadable)?;
    let file = file.to_owned();
    Err(match not_understood {
        Ok(schema) => Unkept::Newer { file, schema, aside },
        Err(error) => Unkept::Broken { file, error, aside },
    })
}

/// Gives a file a name that none has yet, so that nothing is lost.
fn put_aside(file: &Path) -> io::Result<PathBuf> {
    let names = (1..).map(|number: u32| match number {
        1 => file.with_extension("json.unread"),
        _ => file.with_extension(format!("json.unread{number}")),
    });
    let free = names.take(1000).find(|name| !name.exists()).ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(file, &free)?;
    Ok(free)
}

/// Writes what is to be kept, whole or not at all.
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
pub fn save(file: &Path, kept: &impl serde::Serialize) -> io::Result<()> {
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
    open.write_all(serde_json::to_string_pretty(kept)?.as_bytes())?;
    give_to_owner(&open)?;
    fs::rename(&temporary, file)
}
