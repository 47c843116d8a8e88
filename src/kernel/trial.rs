//! Any program, started to be looked at, with everybody that it starts; and ended again with all of them.
//!
//! pty(7), prctl(2) `PR_SET_CHILD_SUBREAPER`, pidfd_open(2). It gets a terminal of its own at which nobody types: programs
//! that want one have it, and a shell waits for a line that never comes. What it prints is read, for else it would stop.
//! The learner sees that nothing of it is left running.

use std::collections::VecDeque;
use std::ffi::CString;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, dup2_stderr, dup2_stdin, dup2_stdout, getpid, pipe2, setpgid, setsid, tcsetpgrp};

use super::{descendants, sys};

/// The most of what it prints that is kept: its end.
const KEPT: usize = 4096;
/// How long what made the container may take to clear it away, and everybody to heed SIGTERM.
const TO_CLEAR: Duration = Duration::from_secs(3);
const TO_HEED: Duration = Duration::from_secs(1);
/// How long they may take to be dead: a fork bomb is not ended at once, and what is another user's may not be at all.
const TO_DIE: Duration = Duration::from_secs(10);

/// Why it could not be started.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// The command itself: execve(2).
    #[error("{0}")]
    Command(sys::SysError),
    /// What stands before that.
    #[error("{0}() = {1:?}")]
    Call(&'static str, Errno),
}

/// A program that runs, and its descendants.
#[derive(Debug)]
pub struct Trial {
    command: Pid,
    leader: Pid,
    /// Children that this process had before: who executed unha may have started some.
    strangers: Vec<u32>,
    terminal: OwnedFd,
    signals: SignalFd,
    said: VecDeque<u8>,
    ended: Option<WaitStatus>,
}

impl Trial {
    /// Starts it. The caller must have one thread; from now on it hears of signals by [`Trial::turn`].
    ///
    /// # Errors
    /// What the kernel refused.
    pub fn start(command: &[CString], env: &[CString]) -> Result<Self, NotStarted> {
        let strangers = descendants::all_but(&[]);
        descendants::adopt().map_err(|errno| NotStarted::Call("prctl", errno))?;
        let (terminal, theirs) = terminal().map_err(|errno| NotStarted::Call("posix_openpt", errno))?;
        let (heard, telling) = pipe2(OFlag::O_CLOEXEC).map_err(|errno| NotStarted::Call("pipe2", errno))?;
        let signals = signals().map_err(|errno| NotStarted::Call("signalfd", errno))?;
        match sys::fork().map_err(NotStarted::Command)? {
            sys::Fork::Child => lead(command, env, &theirs, telling),
            sys::Fork::Parent(leader) => {
                drop((theirs, telling));
                let mut told = Vec::new();
                // Whoever executes the command closes the pipe by that, and who leads has closed it.
                let _ = File::from(heard).read_to_end(&mut told);
                let record = |tag: u8| {
                    let number = told.chunks_exact(RECORD).find(|record| record[0] == tag)?;
                    Some(i32::from_ne_bytes(number[1..].try_into().ok()?))
                };
                if let (Some(command), None) = (record(STARTED), record(REFUSED)) {
                    let command = Pid::from_raw(command);
                    return Ok(Self {
                        command,
                        leader,
                        strangers,
                        terminal,
                        signals,
                        said: VecDeque::new(),
                        ended: None,
                    });
                }
                let _ = kill(leader, Signal::SIGKILL);
                while waitpid(leader, None) == Err(Errno::EINTR) {}
                let name = command.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let errno = Errno::from_raw(record(REFUSED).unwrap_or_default());
                Err(NotStarted::Command(sys::refused("execve", &[&format!("{name:?}")], errno)))
            }
        }
    }

    /// The command's own process.
    #[must_use]
    pub const fn command(&self) -> Pid {
        self.command
    }

    /// Everybody who descends from the command.
    #[must_use]
    pub fn descendants(&self) -> Vec<u32> {
        let leader = self.leader.as_raw().cast_unsigned();
        descendants::all_but(&[&self.strangers[..], &[leader]].concat())
    }

    /// How the command itself ended, if it did.
    #[must_use]
    pub const fn ended(&self) -> Option<WaitStatus> {
        self.ended
    }

    /// The end of what was printed.
    #[must_use]
    pub fn said(&self) -> Vec<u8> {
        self.said.iter().copied().collect()
    }

    /// Lets so much time pass: reads what is printed, buries the dead. The signal that asks unha itself to end comes back.
    pub fn turn(&mut self, time: Duration) -> Option<Signal> {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let timeout = PollTimeout::try_from(left + Duration::from_millis(1)).unwrap_or(PollTimeout::ZERO);
            // Where nobody has the terminal open it is always ready, with EIO, and only time passes.
            let wanted = if self.read() { 2 } else { 1 };
            let mut files = [
                PollFd::new(self.signals.as_fd(), PollFlags::POLLIN),
                PollFd::new(self.terminal.as_fd(), PollFlags::POLLIN),
            ];
            let _ = poll(&mut files[..wanted], timeout);
            self.bury();
            while let Ok(Some(info)) = self.signals.read_signal() {
                match Signal::try_from(info.ssi_signo.cast_signed()) {
                    Ok(Signal::SIGCHLD) | Err(_) => {}
                    Ok(name) => return Some(name),
                }
            }
            if Instant::now() >= end {
                return None;
            }
        }
    }

    /// Whether anybody still has the terminal open.
    fn read(&mut self) -> bool {
        let mut chunk = [0; 8192];
        loop {
            match nix::unistd::read(&self.terminal, &mut chunk) {
                Ok(0) | Err(Errno::EIO) => return false,
                Ok(length) => {
                    self.said.extend(&chunk[..length]);
                    let more = self.said.len().saturating_sub(KEPT);
                    self.said.drain(..more);
                    // No more for now: a program that prints without end must not keep us from looking at it.
                    return true;
                }
                Err(Errno::EINTR) => {}
                Err(_) => return true,
            }
        }
    }

    fn bury(&mut self) {
        while let Ok(status) = waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)) {
            match status.pid() {
                None => return,
                Some(pid) if pid == self.command => self.ended = Some(status),
                Some(_) => {}
            }
        }
    }

    /// Ends all of it. First the container's first process, so that whoever made the container clears it away as after any
    /// other end; who is left is asked to end, and then made to. Whom the kernel does not let us end comes back.
    #[must_use]
    pub fn end(mut self, first: Option<BorrowedFd<'_>>) -> Vec<u32> {
        if let Some(first) = first {
            let _ = sys::pidfd_kill(first, Signal::SIGKILL);
            self.wait(TO_CLEAR);
        }
        if ask_to_end(&|| self.descendants()) {
            self.wait(TO_HEED);
        }
        let end = Instant::now() + TO_DIE;
        let _ = kill(self.leader, Signal::SIGKILL);
        loop {
            // Children alone are ended by their number: until they are buried it is given to nobody else, and who is no child
            // becomes one when its parent dies.
            let is_ours = |child: &Pid| !self.strangers.contains(&child.as_raw().cast_unsigned());
            for child in descendants::children().into_iter().filter(is_ours) {
                let _ = kill(child, Signal::SIGKILL);
            }
            self.turn(Duration::from_millis(2));
            let left = descendants::all_but(&self.strangers);
            if left.is_empty() || Instant::now() > end {
                return left;
            }
        }
    }

    /// Waits until there are no descendants, but no longer than that.
    fn wait(&mut self, longest: Duration) {
        let end = Instant::now() + longest;
        while !self.descendants().is_empty() && Instant::now() < end {
            self.turn(Duration::from_millis(5));
        }
    }
}

/// Asks whoever is left to end; whether there was anybody.
fn ask_to_end(them: &impl Fn() -> Vec<u32>) -> bool {
    let held: Vec<(u32, OwnedFd)> = them().into_iter().filter_map(|pid| Some((pid, hold(pid)?))).collect();
    // A number that was given to somebody else meanwhile is none of a descendant's any more.
    let still = them();
    for (_, process) in held.iter().filter(|(pid, _)| still.contains(pid)) {
        for name in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGCONT] {
            let _ = sys::pidfd_kill(process.as_fd(), name);
        }
    }
    !still.is_empty()
}

/// The signals that ask to end, and the news of children, as a file.
fn signals() -> nix::Result<SignalFd> {
    use Signal::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    let set: SigSet = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD].into_iter().collect();
    sigprocmask(SigmaskHow::SIG_BLOCK, Some(&set), None)?;
    SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

/// Both ends of a new terminal: ours does not wait.
fn terminal() -> nix::Result<(OwnedFd, OwnedFd)> {
    let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let ours = posix_openpt(flags)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let theirs = open(ptsname_r(&ours)?.as_str(), flags, Mode::empty())?;
    sys::set_size(theirs.as_fd(), 80, 24);
    let now = OFlag::from_bits_retain(fcntl(&ours, FcntlArg::F_GETFL)?);
    fcntl(&ours, FcntlArg::F_SETFL(now | OFlag::O_NONBLOCK))?;
    Ok((ours.into(), theirs))
}

/// The child: takes the terminal as a shell would have it, starts the command, and is there until it is ended.
///
/// When the leader of a terminal's session ends, the kernel hangs up on all of it; a command that puts itself into the
/// background and ends must not take that with it, so it is not the leader.
fn lead(command: &[CString], env: &[CString], terminal: &OwnedFd, telling: OwnedFd) -> ! {
    let tell = |tag: u8, number: i32| {
        let _ = nix::unistd::write(&telling, &[&[tag][..], &number.to_ne_bytes()].concat());
    };
    let taken = setsid().and_then(|_| sys::take_terminal(terminal.as_fd()).map_err(|error| error.errno));
    match taken.and_then(|()| sys::fork_sibling().map_err(|error| error.errno)) {
        Ok(sys::Fork::Child) => {
            tell(REFUSED, become_command(command, env, terminal) as i32);
            sys::exit_now(127)
        }
        Ok(sys::Fork::Parent(command)) => tell(STARTED, command.as_raw()),
        Err(errno) => tell(REFUSED, errno as i32),
    }
    drop(telling);
    sys::close_from(0);
    // If unha is killed, the kernel hangs up on the command by our end.
    let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
    loop {
        nix::unistd::pause();
    }
}

/// What is told through the pipe: a letter and a number.
const RECORD: usize = 5;
const STARTED: u8 = b's';
const REFUSED: u8 = b'r';

/// Becomes the command, in the foreground, as it would be started from any shell. Returns why it could not.
fn become_command(command: &[CString], env: &[CString], terminal: &OwnedFd) -> Errno {
    // To take the foreground from the background is answered by SIGTTOU, unless that is blocked.
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), None);
    let prepared = setpgid(Pid::from_raw(0), Pid::from_raw(0))
        .and_then(|()| tcsetpgrp(terminal, getpid()))
        .and_then(|()| dup2_stdin(terminal))
        .and_then(|()| dup2_stdout(terminal))
        .and_then(|()| dup2_stderr(terminal));
    for name in Signal::iterator() {
        let _ = sys::default_signal(name);
    }
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None);
    sys::close_on_exec_from(3);
    prepared.err().unwrap_or_else(|| sys::exec(command, env).errno)
}

/// A process's own pidfd, where the kernel has them.
#[must_use]
pub fn hold(pid: u32) -> Option<OwnedFd> {
    sys::pidfd_open(Pid::from_raw(pid.cast_signed())).ok()
}
