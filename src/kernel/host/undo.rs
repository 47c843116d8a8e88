//! Undoing one difference: by the one call that does just that, after a last look that it is still there.
//!
//! sethostname(2), umount2(2), rmdir(2), unlink(2). A mount that is in use stays; nothing is forced.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use nix::mount::MntFlags;

use super::Change;
use crate::kernel::mounts;
use crate::kernel::probe::Proc;
use crate::kernel::sys::{self, SysError};

impl Change {
    /// The command that a person would undo it with.
    #[must_use]
    pub fn command(&self) -> String {
        let quoted = |path: &Path| quoted(&path.to_string_lossy());
        match self {
            Self::Hostname { was, .. } => format!("hostname {}", self::quoted(was)),
            Self::Mounted(mount) => format!("umount {}", quoted(&mount.point)),
            Self::Unmounted(mount) => {
                format!("mount -t {} {} {}", mount.kind, self::quoted(&mount.source), quoted(&mount.point))
            }
            Self::Link(name) => format!("ip link del {}", self::quoted(name)),
            Self::Cgroup(dir) => format!("rmdir {}", quoted(dir)),
            Self::Made(path) if path.is_dir() => format!("rmdir {}", quoted(path)),
            Self::Made(path) => format!("rm {}", quoted(path)),
        }
    }

    /// Whether [`Change::undo`] can do it. What was unmounted may have had options that nobody has written down.
    #[must_use]
    pub const fn can_be_undone(&self) -> bool {
        !matches!(self, Self::Unmounted(_))
    }

    /// Undoes it.
    ///
    /// # Errors
    /// The call that the kernel refused, or that it is no longer as it was found.
    pub fn undo(&self) -> io::Result<()> {
        match self {
            Self::Hostname { was, .. } => sys::sethostname(was).map_err(of_call),
            Self::Mounted(mount) => {
                let proc = Proc::open("/proc").map_err(io::Error::other)?;
                let table = mounts::table(&proc, "self").map_err(io::Error::other)?;
                // umount2(2) takes off what is on top; that must be this one.
                let top = table.iter().rfind(|other| other.point == mount.point);
                if top != Some(mount) {
                    return Err(io::Error::other(format!("{}: another mount is there now", mount.point.display())));
                }
                sys::umount(&mount.point, MntFlags::UMOUNT_NOFOLLOW).map_err(of_call)
            }
            Self::Unmounted(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
            Self::Link(name) => {
                let output = Command::new("ip").args(["link", "del", name]).output()?;
                let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                if output.status.success() { Ok(()) } else { Err(io::Error::other(said)) }
            }
            Self::Cgroup(dir) => sys::rmdir(dir).map_err(of_call),
            // A link is not followed, and a folder with something in it stays.
            Self::Made(path) if fs::symlink_metadata(path)?.is_dir() => fs::remove_dir(path),
            Self::Made(path) => fs::remove_file(path),
        }
    }
}

fn of_call(error: SysError) -> io::Error {
    io::Error::other(error)
}

/// A word as a shell would have it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-:+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
