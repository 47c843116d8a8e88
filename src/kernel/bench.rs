//! The bench: what is outside of every box. It stands for the host, so that a lesson is safe on a laptop.
//!
//! namespaces(7). It has namespaces of its own of every kind, files of its own over the machine's, and a user namespace
//! whose root is nobody on the machine: `rm -rf /`, `reboot -f`, `sysctl -w`, a mount, a cgroup made by hand reach the
//! bench and no further. Its PID 1 is [`serve`]: it starts shells and boxes and looks at places for the session.

mod files;
mod ground;
mod host;
pub mod ids;
mod keeper;
pub mod protocol;
mod serve;
mod tree;
pub mod without;

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::pipe2;

use self::protocol::{Config, Report, Request};
use super::container::link;

pub use self::keeper::keep;

/// The hidden verb that starts the keeper of a bench.
pub const VERB: &str = "__bench";

/// The program that is running, even if its file has been replaced meanwhile.
const ITSELF: &str = "/proc/self/exe";

/// A running bench, seen from the session.
#[derive(Debug)]
pub struct Bench {
    keeper: Child,
    control: OwnedFd,
    /// The journal of the bench and its boxes: one JSON [`super::journal::Call`] a line.
    pub journal: Option<OwnedFd>,
}

impl Bench {
    /// Starts a bench. It reports [`Report::Standing`] or [`Report::Failed`] over [`Bench::report`].
    ///
    /// The caller has threads, so it does not fork but starts this program anew: a child made by fork(2) has one
    /// thread, and unshare(2) of a user namespace is refused to a process with more.
    ///
    /// # Errors
    /// What the program could not be started for.
    pub fn start(config: &Config) -> io::Result<Self> {
        Self::start_by(Path::new(ITSELF), config)
    }

    /// As [`Bench::start`], by another copy of this program than the one that is running.
    ///
    /// # Errors
    /// What the program could not be started for.
    pub fn start_by(program: &Path, config: &Config) -> io::Result<Self> {
        let (control, theirs) = link::messages()?;
        let (journal, write_end) = pipe2(nix::fcntl::OFlag::O_CLOEXEC)?;
        // The two files go as stdin and stdout: no other way to hand a file to exec(2) is as free of leaks.
        let keeper = Command::new(program)
            // Its name in ps(1); the path of the file is of no interest there.
            .arg0("unha")
            .arg(VERB)
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::from(write_end))
            .stderr(Stdio::null())
            .spawn()?;
        link::send(&control, config, &[])?;
        Ok(Self { keeper, control, journal: Some(journal) })
    }

    /// Asks for something.
    ///
    /// # Errors
    /// EPIPE when the bench has ended.
    pub fn ask(&self, request: &Request) -> nix::Result<()> {
        link::send(&self.control, request, &[])
    }

    /// Waits for the next report and the files that come with it; `None` when the bench has ended.
    ///
    /// # Errors
    /// What recvmsg(2) says.
    pub fn report(&self) -> nix::Result<Option<(Report, Vec<OwnedFd>)>> {
        link::receive(&self.control)
    }

    /// As [`Bench::report`], but gives up at `deadline`.
    ///
    /// # Errors
    /// ETIMEDOUT, and what recvmsg(2) says.
    pub fn report_until(&self, deadline: Instant) -> nix::Result<Option<(Report, Vec<OwnedFd>)>> {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(self.control.as_fd(), PollFlags::POLLIN)], timeout)? {
            0 => Err(Errno::ETIMEDOUT),
            _ => self.report(),
        }
    }

    /// A second handle on the line, for a thread that only listens.
    ///
    /// # Errors
    /// EMFILE.
    pub fn listener(&self) -> io::Result<Listener> {
        self.control.as_fd().try_clone_to_owned().map(Listener)
    }
}

/// The listening end of a bench's line.
#[derive(Debug)]
pub struct Listener(OwnedFd);

impl Listener {
    /// As [`Bench::report`].
    ///
    /// # Errors
    /// What recvmsg(2) says.
    pub fn report(&self) -> nix::Result<Option<(Report, Vec<OwnedFd>)>> {
        link::receive(&self.0)
    }
}

impl Drop for Bench {
    /// Ends the bench with all that is in it, and waits until nothing of it is left.
    fn drop(&mut self) {
        // Not by dropping the line: a listener may hold its other handle.
        let _ = nix::sys::socket::shutdown(
            std::os::fd::AsRawFd::as_raw_fd(&self.control),
            nix::sys::socket::Shutdown::Both,
        );
        let _ = self.keeper.wait();
    }
}
