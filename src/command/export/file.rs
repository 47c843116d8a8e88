//! Where the page goes: stdout, or a file that is written beside and put in its place whole. rename(2).

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use crate::command::words;
use crate::course::text::Lang;

/// Where the page goes.
pub enum Target {
    /// To stdout.
    Stdout,
    /// To a file; whether it may take the place of another.
    File(PathBuf, bool),
}

impl Target {
    /// What is meant by `path`.
    pub fn of(path: &Path, force: bool) -> Self {
        if path.as_os_str() == "-" { Self::Stdout } else { Self::File(path.to_owned(), force) }
    }

    /// Whether the page can go there, as far as it can be told before there is one.
    ///
    /// # Errors
    /// Why not, and what to do about it, in `lang`.
    pub fn check(&self, lang: Lang) -> Result<(), String> {
        let Self::File(path, force) = self else { return Ok(()) };
        match path.metadata() {
            Ok(there) if !there.is_file() => Err(words::not_a_file(path, lang)),
            Ok(_) if !force => Err(words::there_already(path, lang)),
            // It is made for real, for only that tells whether it can be; and it is gone again.
            _ => part(path).map(drop).map_err(|error| words::not_exported(path, &error, lang)),
        }
    }

    /// Writes the page, whole or not at all.
    ///
    /// # Errors
    /// Why not, and what to do about it, in `lang`.
    pub fn write(&self, page: &[u8], lang: Lang) -> Result<(), String> {
        let Self::File(path, force) = self else {
            return match io::stdout().write_all(page).and_then(|()| io::stdout().flush()) {
                // A reader that has seen enough, such as head, is no failure.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(words::unprinted(&error, lang)),
                _ => Ok(()),
            };
        };
        let unwritten = |error: &io::Error| words::not_exported(path, error, lang);
        let mut file = part(path).map_err(|error| unwritten(&error))?;
        file.as_file_mut()
            .write_all(page)
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| unwritten(&error))?;
        let put = if *force { file.persist(path) } else { file.persist_noclobber(path) };
        put.map(drop).map_err(|failed| match failed.error.kind() {
            io::ErrorKind::AlreadyExists => words::there_already(path, lang),
            _ => unwritten(&failed.error),
        })
    }
}

/// A file beside the one that is meant, with the rights that a new file gets; it goes unless it is put in place.
fn part(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The kernel's own error: the crate's speaks of a file that nobody has asked for. The dot: a file is no folder.
    access(&folder.join("."), AccessFlags::W_OK | AccessFlags::X_OK)?;
    tempfile::Builder::new().prefix(".unha-").permissions(Permissions::from_mode(0o666)).tempfile_in(folder)
}
