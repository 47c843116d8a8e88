//! What can go wrong with a root file system, each with its path and, where the kernel refused, its errno.
//!
//! The enum keeps the parts apart so that the edge can say them in the learner's language; `Display`
//! is the English of it: the call, its arguments, the errno (errno(3)), and the next thing to do.

use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;

use super::missing::Missing;

/// Why there is no root file system to start in.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The kernel refused a system call.
    #[error("{call}({path:?}) = {}", said(.why))]
    Call {
        /// The call's name in section 2 of the manual.
        call: &'static str,
        /// What it was asked to work on.
        path: PathBuf,
        /// What came back.
        why: io::Error,
    },
    /// No folder was found that is ours, can be written and lets programs run.
    #[error("no folder for the built-in root: tried {tried:?}; set XDG_CACHE_HOME to one that is yours and not noexec")]
    NoCache {
        /// Every folder tried, in order.
        tried: Vec<PathBuf>,
    },
    /// No data folder was found that is ours.
    #[error("no folder for root file systems with a name: tried {tried:?}; set XDG_DATA_HOME to one that is yours")]
    NoData {
        /// Every folder tried, in order.
        tried: Vec<PathBuf>,
    },
    /// The private folder below TMPDIR might have been laid out by somebody else.
    #[error("{path:?} belongs to uid {owner} with mode {mode:04o}, not to us alone; remove it, or set XDG_CACHE_HOME")]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// Its owner's uid.
        owner: u32,
        /// Its permission bits.
        mode: u32,
    },
    /// The recipe does not say what a recipe must say.
    #[error("rootfs/recipe.toml: {0}")]
    Recipe(String),
    /// A tool that the recipe requires cannot be had on this machine.
    #[error("the built-in root needs a tool: {0}; install it, or give a root with --rootfs")]
    Required(Missing),
    /// `--rootfs`: nothing is there.
    #[error("{0:?} does not exist; give the folder that holds bin, etc, usr")]
    NotThere(PathBuf),
    /// `--rootfs`: something is there, and it is no folder.
    #[error("{0:?} is not a folder; a root file system is a folder: unpack an archive or image first")]
    NotFolder(PathBuf),
    /// `--rootfs`: the folder has nothing in it.
    #[error("{0:?} is empty; a root file system needs at least a shell")]
    Empty(PathBuf),
    /// `--rootfs`: neither /bin/sh nor /usr/bin/sh leads to a program within the root.
    #[error("{0:?} has no shell: neither /bin/sh nor /usr/bin/sh is a program in it; is it the top of a system?")]
    NoShell(PathBuf),
    /// The command is nowhere in the root's PATH.
    #[error("{command:?} is not in {root:?}{}", meant(.nearest.as_deref()))]
    NoCommand {
        /// The root.
        root: PathBuf,
        /// What was asked for.
        command: String,
        /// The name in PATH that is nearest to it.
        nearest: Option<String>,
    },
    /// The file is there and cannot be run: a folder, or no permission to execute.
    #[error("execve({path:?}) in {root:?} = EACCES: it is no file, or nobody may execute it")]
    NotExecutable {
        /// The root.
        root: PathBuf,
        /// The file as the root sees it.
        path: PathBuf,
    },
    /// The file is there and what must interpret it is not: execve(2) would say ENOENT, to much puzzlement.
    #[error("execve({path:?}) in {root:?} = ENOENT: it is there, but {interpreter:?}, which must load it, is not")]
    NoInterpreter {
        /// The root.
        root: PathBuf,
        /// The file as the root sees it.
        path: PathBuf,
        /// The loader or the script's shell.
        interpreter: PathBuf,
    },
}

impl ImageError {
    /// For `map_err`: the call and what it worked on.
    pub(super) fn call(call: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |why| Self::Call { call, path, why }
    }
}

/// `EACCES (Permission denied)`, or the words of an error that is not the kernel's.
pub(super) fn said(why: &io::Error) -> String {
    why.raw_os_error().map_or_else(
        || why.to_string(),
        |code| {
            let errno = Errno::from_raw(code);
            format!("{errno:?} ({})", errno.desc())
        },
    )
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean {name:?}?"))
}
