//! `--init`: a PID 1 that buries the dead. wait(2), pid_namespaces(7).
//!
//! The learner sees that orphans come to PID 1, and that one which never waits lets zombies pile up.

use std::convert::Infallible;
use std::ffi::CString;

use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpid, setpgid, tcsetpgrp};

use super::link::Failed;
use crate::kernel::sys::{self, Fork};

/// Gives every signal its default back and blocks none: the command is to start as any other would.
pub(super) fn default_signals() {
    for name in Signal::iterator() {
        // SIGKILL and SIGSTOP cannot be set and need not be.
        let _ = sys::default_signal(name);
    }
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None);
}

/// Starts the command as a child, passes signals on to it, buries whoever dies, and ends as the command ended.
pub(super) fn run(command: &[CString], env: &[CString], own_terminal: bool) -> Result<Infallible, Failed> {
    let mut wanted = SigSet::all();
    wanted.remove(Signal::SIGTTOU);
    wanted.remove(Signal::SIGTTIN);
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&wanted), None).map_err(|errno| Failed::plain("sigprocmask", errno))?;
    // The child inherits the link: an error of its exec(2) must still get out.
    let child = match sys::fork()? {
        Fork::Child => {
            if own_terminal {
                take_foreground();
            }
            default_signals();
            return Err(sys::exec(command, env).into());
        }
        Fork::Parent(child) => child,
    };
    // We never exec, so what would be closed by it is closed here: the link, whose end the starter waits for, and
    // every other file that came from outside and could be found again in /proc/1/fd.
    sys::close_from(3);
    let signals =
        SignalFd::with_flags(&wanted, SfdFlags::SFD_CLOEXEC).map_err(|errno| Failed::plain("signalfd", errno))?;
    loop {
        if let Ok(Some(info)) = signals.read_signal()
            && let Ok(name) = Signal::try_from(info.ssi_signo.cast_signed())
            && name != Signal::SIGCHLD
        {
            let _ = kill(child, name);
        }
        while let Ok(status) = waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)) {
            match status {
                WaitStatus::Exited(pid, code) if pid == child => sys::exit_now(code),
                WaitStatus::Signaled(pid, name, _) if pid == child => sys::exit_now(128 + name as i32),
                WaitStatus::StillAlive => break,
                _ => {}
            }
        }
    }
}

/// Puts the command in a process group of its own, in front of the box's terminal. One that is shared with outside has a
/// front already, which is the caller's.
fn take_foreground() {
    let _ = setpgid(Pid::from_raw(0), Pid::from_raw(0));
    // From a group that is not in front this call would stop us, unless its signal is ignored.
    let _ = sys::ignore_signal(Signal::SIGTTOU);
    // Fails where there is no terminal, and then there is no front either.
    let _ = tcsetpgrp(sys::borrow(0), getpid());
}
