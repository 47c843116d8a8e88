//! What a bench could not have on this machine, and why: each a value of its own, so that it can be said in any language.
//!
//! The learner sees that a part falls away, never that something pretends to be there.

use serde::{Deserialize, Serialize};

use crate::kernel::container::link::Failed;

/// Something that the bench had to do without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Without {
    /// Root's bench has ids of its own, but its files' owners could not be mapped to them (mount_setattr(2), Linux 5.12).
    #[error("the owners of files cannot be mapped here: files of root are shown as nobody's")]
    Owners,
    /// No overlay over the machine's files: they are shown, to be read only.
    #[error("the bench's files are read-only: {0}")]
    Writing(Failed),
    /// No overlay in a user namespace (Linux 5.11): each box has a copy of the root file system, and no layers.
    #[error("no overlay for boxes: each has a copy of the root file system ({0})")]
    Layers(Failed),
    /// The bench has one user id only, and not a range of them.
    #[error("the bench has a single user id: {0}")]
    Range(NoRange),
    /// Controllers that nobody handed over to this user, such as io: limits of that kind cannot be had.
    /// [`crate::kernel::scope::delegate_command`] is what root can do about it.
    #[error("not handed over to this user: {}; {}", .0.join(", "), crate::kernel::scope::delegate_command())]
    Controllers(Vec<String>),
}

/// Why an ordinary user's bench has a single user id. subuid(5), newuidmap(1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NoRange {
    /// The programs newuidmap(1) and newgidmap(1) are not to be found (Debian's package uidmap, Fedora's shadow-utils).
    #[error("{program} is not installed")]
    NoProgram {
        /// The one that is missing.
        program: String,
    },
    /// /etc/subuid or /etc/subgid gives this user no range.
    #[error("{file} has no range of 65536 ids for {user}")]
    NoEntry {
        /// The file.
        file: String,
        /// The user's name, or number.
        user: String,
    },
    /// The programs were there and refused: not setuid root (a nosuid mount, no_new_privs), ids that are not theirs.
    #[error("{program} refused: {said}")]
    Refused {
        /// The program.
        program: String,
        /// What it said.
        said: String,
    },
}
