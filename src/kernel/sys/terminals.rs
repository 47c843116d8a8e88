//! What a shell's terminal is told, and asked: ioctl_tty(2).
//!
//! Whose it is (Ctrl-C goes to its foreground process group, credentials(7)), and how large: programs that draw ask it.

use std::os::fd::{AsRawFd, BorrowedFd};

use nix::errno::Errno;
use nix::unistd::Pid;

use super::{Result, plain};

/// Makes the terminal `tty` the controlling one of this session: ioctl(2) `TIOCSCTTY`.
///
/// # Errors
/// EPERM when this process leads no session or the terminal belongs to another.
pub fn take_terminal(tty: BorrowedFd<'_>) -> Result {
    // SAFETY: an open file and a number.
    let returned = unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCSCTTY, 0) };
    plain("ioctl", vec!["TIOCSCTTY".to_owned()], Errno::result(returned).map(drop))
}

/// Tells a terminal its size: ioctl(2) `TIOCSWINSZ`. The kernel sends SIGWINCH to its foreground group.
pub fn set_size(tty: BorrowedFd<'_>, cols: u16, rows: u16) {
    let size = libc::winsize { ws_row: rows, ws_col: cols, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: an open file and a live struct. Failure means that it is no terminal, and then it has no size.
    unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
}

/// A terminal's size (columns, rows): ioctl(2) `TIOCGWINSZ`.
#[must_use]
pub fn size_of_terminal(tty: BorrowedFd<'_>) -> Option<(u16, u16)> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: an open file and a live struct that the kernel fills.
    let returned = unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCGWINSZ, &raw mut size) };
    (returned == 0 && size.ws_col > 0).then_some((size.ws_col, size.ws_row))
}

/// The foreground process group of a terminal, seen from its master side, as a PID of this process's namespace.
#[must_use]
pub fn foreground(master: BorrowedFd<'_>) -> Option<Pid> {
    let mut group: libc::pid_t = 0;
    // SAFETY: an open file and a live integer that the kernel fills.
    let returned = unsafe { libc::ioctl(master.as_raw_fd(), libc::TIOCGPGRP, &raw mut group) };
    (returned == 0 && group > 0).then(|| Pid::from_raw(group))
}
