//! A process that tries one thing and is thrown away: whatever it makes, the kernel takes back when it ends.
//!
//! fork(2), poll(2). Its answer comes over a pipe; one that does not come in time is an answer too.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::pipe2;

use crate::kernel::container::link::Failed;
use crate::kernel::reason::{Because, Evidence, Reason};
use crate::kernel::sys::{self, Fork};

/// How long one thing may take. All of them take some milliseconds; under emulation or load ten times that.
const PATIENCE: Duration = Duration::from_secs(3);

/// Does `work` in a child, and says why it failed as the child itself sees it: its profile and filter, not ours.
pub(super) fn tried(work: impl FnOnce() -> Result<Option<String>, Failed>) -> Result<Option<String>, Because> {
    let Ok((read, write)) = pipe2(OFlag::O_CLOEXEC) else { return Err(Because::seen(Reason::Unknown, [])) };
    let child = match sys::fork() {
        Err(error) => return Err(Because::of(&error.into(), &Evidence::look())),
        Ok(Fork::Child) => {
            drop(read);
            // Nobody is to be left of us if whoever asked is killed meanwhile.
            let _ = prctl::set_pdeathsig(Signal::SIGKILL);
            // A new user namespace has limits of its own; those that count were there before.
            let limits = Evidence::look().limits;
            let answer = work().map_err(|failed| Because::of(&failed, &Evidence { limits, ..Evidence::look() }));
            let text = serde_json::to_vec(&answer).unwrap_or_default();
            let _ = File::from(write).write_all(&text);
            sys::exit_now(0)
        }
        Ok(Fork::Parent(child)) => child,
    };
    drop(write);
    let mut text = vec![];
    let timeout = PollTimeout::try_from(PATIENCE).unwrap_or(PollTimeout::MAX);
    let answered = poll(&mut [PollFd::new(read.as_fd(), PollFlags::POLLIN)], timeout);
    let in_time = matches!(answered, Ok(1..));
    if in_time {
        let _ = File::from(read).take(1 << 16).read_to_end(&mut text);
    }
    // Not waited for before it is killed: one that hangs in a call would keep us too. Its children die with the pipe's
    // reader or with their PID namespace.
    let _ = kill(child, Signal::SIGKILL);
    let _ = waitpid(child, None);
    let unknown = if in_time { Reason::Unknown } else { Reason::TooSlow };
    serde_json::from_slice(&text).unwrap_or_else(|_| Err(Because::seen(unknown, [])))
}
