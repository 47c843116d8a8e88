//! What `unha run` does while the command runs: waits, passes signals on, carries bytes to and from its terminal.
//!
//! signalfd(2), termios(3). With a terminal, ours is raw meanwhile: Ctrl-C is a byte that the box's own terminal
//! turns into a signal, for its own foreground group.

use std::cell::Cell;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::termios::{SetArg, Termios, cfmakeraw, tcgetattr, tcsetattr};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, read, write};

use super::End;
use crate::kernel::sys;

/// The signals that are passed on to the command.
const PASSED_ON: [Signal; 7] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGCONT,
];

/// Signals as a file that can be waited for along with others.
#[derive(Debug)]
pub(super) struct Signals {
    file: SignalFd,
    /// Whether one that was to end the command was lost on it.
    lost: Cell<bool>,
}

impl Signals {
    /// From now on signals arrive here. Before the box is started, so that none is lost between.
    pub(super) fn take() -> nix::Result<Self> {
        let mut set: SigSet = PASSED_ON.into_iter().collect();
        set.add(Signal::SIGCHLD);
        set.add(Signal::SIGWINCH);
        sigprocmask(SigmaskHow::SIG_BLOCK, Some(&set), None)?;
        let file = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        Ok(Self { file, lost: Cell::new(false) })
    }

    /// The next signal, and whether a process sent it (and not the terminal, which sends it to the box as well).
    fn next(&self) -> Option<(Signal, bool)> {
        let info = self.file.read_signal().ok().flatten()?;
        Some((Signal::try_from(info.ssi_signo.cast_signed()).ok()?, info.ssi_code <= 0))
    }

    /// Passes a signal on. A PID 1 that has made up its mind on none does not hear the ones that end others,
    /// pid_namespaces(7): the first is lost, as the kernel has it, and whoever sends another means the box to end.
    fn pass_on(&self, pid: Pid, name: Signal) {
        let lost = matches!(name, Signal::SIGTERM | Signal::SIGHUP) && is_deaf(pid, name);
        let again = lost && self.lost.replace(true);
        let _ = kill(pid, if again { Signal::SIGKILL } else { name });
    }
}

/// Waits for the command, which shares our terminal and files.
pub(super) fn wait(pid: Pid, signals: &Signals) -> nix::Result<End> {
    loop {
        if let Some(end) = ended(pid)? {
            return Ok(end);
        }
        wait_for(&mut [PollFd::new(signals.file.as_fd(), PollFlags::POLLIN)])?;
        while let Some((name, sent)) = signals.next() {
            if sent && PASSED_ON.contains(&name) {
                signals.pass_on(pid, name);
            }
        }
    }
}

/// Carries bytes between our terminal and the command's until it ends.
pub(super) fn terminal(pid: Pid, master: OwnedFd, signals: &Signals) -> nix::Result<End> {
    let (stdin, stdout) = (io::stdin(), io::stdout());
    let _raw = Raw::enter()?;
    // A terminal takes some 64 KiB that nobody reads. Whoever pastes more waits, but not what the command prints meanwhile.
    let flags = OFlag::from_bits_retain(fcntl(&master, FcntlArg::F_GETFL)?);
    fcntl(&master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    let mut typed = vec![];
    loop {
        let (ours, theirs) = if typed.is_empty() {
            (PollFlags::POLLIN, PollFlags::POLLIN)
        } else {
            (PollFlags::empty(), PollFlags::POLLIN | PollFlags::POLLOUT)
        };
        let mut files = [
            PollFd::new(master.as_fd(), theirs),
            PollFd::new(stdin.as_fd(), ours),
            PollFd::new(signals.file.as_fd(), PollFlags::POLLIN),
        ];
        wait_for(&mut files)?;
        let woken = files.map(|file| file.revents().unwrap_or(PollFlags::empty()));
        if woken[0].intersects(PollFlags::POLLIN) {
            carry(master.as_fd(), stdout.as_fd())?;
        }
        if woken[0].contains(PollFlags::POLLHUP) && !woken[0].contains(PollFlags::POLLIN) {
            // Everybody inside has closed the terminal: there is nothing more to carry, only an end to wait for.
            return wait(pid, signals);
        }
        if woken[1].intersects(PollFlags::POLLIN | PollFlags::POLLHUP) && !take(stdin.as_fd(), &mut typed)? {
            // Our terminal is gone, so is the command's: the kernel hangs up on everybody who has it open.
            drop(master);
            hang_up(pid);
            return wait(pid, signals);
        }
        hand_over(&mut typed, master.as_fd())?;
        while let Some((name, sent)) = signals.next() {
            if name == Signal::SIGWINCH {
                if let Some((cols, rows)) = sys::size_of_terminal(stdin.as_fd()) {
                    sys::set_size(master.as_fd(), cols, rows);
                }
            } else if sent && PASSED_ON.contains(&name) {
                signals.pass_on(pid, name);
            }
        }
        if let Some(end) = ended(pid)? {
            drain(&master, stdout.as_fd());
            return Ok(end);
        }
    }
}

/// Ends a command whose terminal is gone, unless it has made up its mind on SIGHUP: who ignores it shall go on, as under
/// nohup(1). That a PID 1 does not hear it is no such decision, and nobody could ever reach the box again.
fn hang_up(pid: Pid) {
    let decided = is_in(&status(pid), &["SigIgn:", "SigCgt:"], Signal::SIGHUP);
    let _ = kill(pid, if decided { Signal::SIGHUP } else { Signal::SIGKILL });
}

/// Whether it is the first process of a PID namespace and neither catches, ignores nor waits for the signal.
fn is_deaf(pid: Pid, name: Signal) -> bool {
    let status = status(pid);
    let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:")).unwrap_or_default();
    numbers.split_whitespace().last() == Some("1") && !is_in(&status, &["SigIgn:", "SigCgt:", "SigBlk:"], name)
}

fn status(pid: Pid) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default()
}

/// Whether one of these sets of a process's status has the signal in it.
fn is_in(status: &str, sets: &[&str], name: Signal) -> bool {
    let sets = status.lines().filter_map(|line| sets.iter().find_map(|set| line.strip_prefix(set)));
    let bit = 1 << (name as i32 - 1);
    sets.filter_map(|set| u64::from_str_radix(set.trim(), 16).ok()).any(|set| set & bit != 0)
}

/// Writes out what the command's terminal still holds, without waiting for more: a descendant may keep it open.
fn drain(master: &OwnedFd, stdout: BorrowedFd<'_>) {
    loop {
        let mut files = [PollFd::new(master.as_fd(), PollFlags::POLLIN)];
        let ready = poll(&mut files, PollTimeout::ZERO) == Ok(1)
            && files[0].revents().is_some_and(|events| events.contains(PollFlags::POLLIN));
        if !ready || carry(master.as_fd(), stdout) != Ok(true) {
            return;
        }
    }
}

/// Reads once, behind what is there; false at the end of file.
fn take(from: BorrowedFd<'_>, bytes: &mut Vec<u8>) -> nix::Result<bool> {
    let mut buffer = [0; 16 * 1024];
    match read(from, &mut buffer) {
        // A terminal's master says EIO when nobody has the other side open.
        Ok(0) | Err(Errno::EIO) => return Ok(false),
        Ok(length) => bytes.extend_from_slice(&buffer[..length]),
        Err(Errno::EINTR | Errno::EAGAIN) => {}
        Err(errno) => return Err(errno),
    }
    Ok(true)
}

/// Writes as much as is taken without waiting; the rest stays.
fn hand_over(bytes: &mut Vec<u8>, to: BorrowedFd<'_>) -> nix::Result<()> {
    while !bytes.is_empty() {
        match write(to, bytes) {
            Ok(written) => drop(bytes.drain(..written)),
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => return Ok(()),
            // Nobody has the other side open any more: there is nobody to read it.
            Err(Errno::EIO) => bytes.clear(),
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Reads once and writes it all; false at the end of file.
fn carry(from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> nix::Result<bool> {
    let mut bytes = vec![];
    if !take(from, &mut bytes)? {
        return Ok(false);
    }
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        match write(to, rest) {
            Ok(written) => rest = &rest[written..],
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => wait_for(&mut [PollFd::new(to, PollFlags::POLLOUT)])?,
            Err(Errno::EIO) => return Ok(false),
            Err(errno) => return Err(errno),
        }
    }
    Ok(true)
}

fn wait_for(files: &mut [PollFd<'_>]) -> nix::Result<()> {
    match poll(files, PollTimeout::NONE) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// Buries every child that is dead; says how the command ended if it was among them.
fn ended(pid: Pid) -> nix::Result<Option<End>> {
    let mut end = None;
    loop {
        match waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(who, code)) if who == pid => end = Some(End::Exit(code)),
            Ok(WaitStatus::Signaled(who, name, _)) if who == pid => end = Some(End::Signal(name)),
            Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return Ok(end),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno),
        }
    }
}

/// Our terminal in raw mode; dropping it gives back what it was.
struct Raw(Termios);

impl Raw {
    fn enter() -> nix::Result<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin)?;
        let mut raw = before.clone();
        cfmakeraw(&mut raw);
        tcsetattr(&stdin, SetArg::TCSADRAIN, &raw)?;
        Ok(Self(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), SetArg::TCSADRAIN, &self.0);
    }
}
