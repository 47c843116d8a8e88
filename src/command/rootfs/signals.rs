//! The signals that end an import, as a file: signalfd(2).

use std::fs::File;
use std::io::BufReader;
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};

/// They are blocked from now on. The child leaves them to us: it never takes them off its mask.
pub(super) struct Signals(SignalFd);

impl Signals {
    pub(super) fn take() -> nix::Result<Self> {
        let set: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT].into_iter().collect();
        sigprocmask(SigmaskHow::SIG_BLOCK, Some(&set), None)?;
        SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK).map(Self)
    }

    /// Waits for the next line or a signal; the signal, if it was one.
    pub(super) fn next(&self, line: &BufReader<File>) -> Option<Signal> {
        let files = &mut [
            PollFd::new(self.0.as_fd(), PollFlags::POLLIN),
            PollFd::new(line.get_ref().as_fd(), PollFlags::POLLIN),
        ];
        let timeout = if line.buffer().is_empty() { PollTimeout::NONE } else { PollTimeout::ZERO };
        while poll(files, timeout) == Err(Errno::EINTR) {}
        let info = self.0.read_signal().ok().flatten()?;
        Signal::try_from(info.ssi_signo.cast_signed()).ok()
    }
}
