//! A terminal of its own. pty(7), pts(4).
//!
//! The learner sees `tty` say /dev/pts/0, and job control, Ctrl-C and Ctrl-Z work as in any terminal.

use std::os::fd::{AsFd, OwnedFd};

use nix::fcntl::{OFlag, open};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::stat::Mode;
use nix::unistd::{dup2_stderr, dup2_stdin, dup2_stdout, getpid, setsid, tcsetpgrp};

use crate::kernel::sys::{set_size, take_terminal};

/// Opens a terminal in *this* root's /dev/pts, makes it this process's own, and returns its other end.
///
/// It must be opened inside: one that was opened outside is not in the box's /dev/pts, and `tty` says "not a tty".
pub(super) fn open_own((cols, rows): (u16, u16)) -> nix::Result<OwnedFd> {
    let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname_r(&master)?;
    let slave = open(name.as_str(), OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC, Mode::empty())?;
    set_size(slave.as_fd(), cols, rows);
    // Only the leader of a session can have a controlling terminal; without one Ctrl-C is only a byte.
    setsid()?;
    take_terminal(slave.as_fd()).map_err(|error| error.errno)?;
    // Else a shell that is PID 1 finds that its process group, 0 as seen from its namespace, is not in front, and gives up.
    tcsetpgrp(&slave, getpid())?;
    dup2_stdin(&slave)?;
    dup2_stdout(&slave)?;
    dup2_stderr(&slave)?;
    Ok(master.into())
}
