//! A shell inside of what is looked at: its screen, and the line that says what is about to be run.

use std::fmt;

use super::Subject;
use crate::course::Kind;

/// The lines that are kept of what scrolled away.
const KEPT: usize = 500;

/// A shell in its terminal.
pub struct Pane {
    /// What its terminal shows.
    pub terminal: vt100::Parser,
    /// Inside of whom it is.
    pub subject: Subject,
    /// The name of that.
    pub name: String,
    /// How it has ended, if it has: its exit code, or what went wrong.
    pub ended: Option<Result<i32, String>>,
}

impl Pane {
    /// A shell that has printed nothing yet, on a terminal of this size: columns, rows.
    #[must_use]
    pub fn new(subject: Subject, name: String, (columns, rows): (u16, u16)) -> Self {
        Self { terminal: vt100::Parser::new(rows, columns, KEPT), subject, name, ended: None }
    }
}

impl fmt::Debug for Pane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pane").field("subject", &self.subject).field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// What opens such a shell by hand: of the namespaces those that are others than ours, as these are joined. Who is no root out here
/// may not join one that is the machine's, nor set groups where setgroups(2) is denied for good, as in a user namespace of theirs.
#[must_use]
pub fn line(subject: Subject, apart: &[Kind], is_root: bool) -> String {
    let option = |kind: &Kind| match kind {
        Kind::Mnt => " --mount".to_owned(),
        kind => format!(" --{}", kind.name()),
    };
    let options: String = apart.iter().map(option).collect();
    let keeps = if apart.contains(&Kind::User) && !is_root { " --preserve-credentials" } else { "" };
    format!("nsenter --target {}{options}{keeps} --root /bin/sh", subject.pid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_machines_is_not_joined() {
        let subject = Subject { pid: 7, started: 1 };
        let apart = [Kind::User, Kind::Pid, Kind::Mnt];
        let said = [true, false].map(|is_root| line(subject, &apart, is_root));
        assert_eq!(said[0], "nsenter --target 7 --user --pid --mount --root /bin/sh");
        assert_eq!(said[1], "nsenter --target 7 --user --pid --mount --preserve-credentials --root /bin/sh");
    }
}
