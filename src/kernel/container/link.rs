//! The line between whoever starts a box and the process that becomes it. unix(7), `SCM_RIGHTS`.
//!
//! Its far end closes when the command is executed: then the box stands. What went wrong before comes over it.

use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg, sendmsg, socketpair,
};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::kernel::journal::Call;
use crate::kernel::sys::{self, SysError};

/// Why a box could not be made: a call that the kernel refused, or plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failed {
    /// The call, if there was one.
    pub call: Option<Call>,
    /// The errno's number, if there was one.
    pub errno: Option<i32>,
    /// All of it as a sentence.
    pub message: String,
}

impl Failed {
    /// A failure of a call that stands in no journal.
    #[must_use]
    pub fn plain(name: &str, errno: Errno) -> Self {
        let call = Call { name: name.to_owned(), args: vec![], result: Err(format!("{errno:?}")) };
        SysError { call, errno }.into()
    }

    /// A failure in words.
    #[must_use]
    pub fn words(why: &dyn std::fmt::Display) -> Self {
        Self { call: None, errno: None, message: why.to_string() }
    }
}

impl From<SysError> for Failed {
    fn from(error: SysError) -> Self {
        Self { errno: Some(error.errno as i32), message: error.to_string(), call: Some(error.call) }
    }
}

/// What the stage says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Word {
    /// The box's first process has this PID on the starter's side.
    First(i32),
    /// It has a network namespace, which comes along, and waits for the cable's other end. Answered with how that went.
    Network,
    /// All is made; the terminal, if one was wanted, comes along. The command is executed next.
    Ready,
    /// It could not be made.
    Failed(Failed),
}

/// The stage's end.
#[derive(Debug)]
pub(super) struct Stage(OwnedFd);

impl Stage {
    /// Tells who the box's first process is, and ends this process: its part is done.
    pub(super) fn first_process(&self, first: Pid) -> ! {
        let _ = send(&self.0, &Word::First(first.as_raw()), &[]);
        // Not `exit`: nothing of the parent's that was copied by fork(2), such as unflushed output, is to be done twice.
        sys::exit_now(0)
    }

    /// Asks those outside for a cable into this process's network namespace, and waits until it is there.
    pub(super) fn plugged_in(&self) -> Result<(), Failed> {
        let ours = std::fs::File::open("/proc/self/ns/net").map_err(|error| Failed::words(&error))?;
        send(&self.0, &Word::Network, &[ours.as_raw_fd()]).map_err(|errno| Failed::plain("sendmsg", errno))?;
        let answer = receive(&self.0).map_err(|errno| Failed::plain("recvmsg", errno))?;
        answer.map_or_else(|| Err(Failed::words(&"whoever started the box is gone")), |(done, _)| done)
    }

    /// Tells that all is made. Fails when whoever started us is gone, and then there is nobody to go on for.
    pub(super) fn ready(&self, terminal: Option<&OwnedFd>) -> Result<(), Failed> {
        let files: Vec<RawFd> = terminal.iter().map(|terminal| terminal.as_raw_fd()).collect();
        send(&self.0, &Word::Ready, &files).map_err(|errno| Failed::plain("sendmsg", errno))
    }

    /// Tells what went wrong.
    pub(super) fn failed(&self, failed: Failed) {
        let _ = send(&self.0, &Word::Failed(failed), &[]);
    }
}

/// Makes the line: the starter's end and the stage's.
pub(super) fn pair() -> nix::Result<(OwnedFd, Stage)> {
    let (here, there) = messages()?;
    Ok((here, Stage(there)))
}

/// A pair of connected sockets that keep messages apart.
///
/// # Errors
/// EMFILE, ENFILE.
pub fn messages() -> nix::Result<(OwnedFd, OwnedFd)> {
    socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)
}

/// Sends one message, and files with it.
///
/// # Errors
/// EPIPE when nobody is at the other end.
pub fn send(to: &OwnedFd, message: &impl Serialize, files: &[RawFd]) -> nix::Result<()> {
    let bytes = serde_json::to_vec(message).map_err(|_| Errno::EINVAL)?;
    let rights = [ControlMessage::ScmRights(files)];
    let rights = if files.is_empty() { &rights[..0] } else { &rights[..] };
    sendmsg::<()>(to.as_raw_fd(), &[IoSlice::new(&bytes)], rights, MsgFlags::MSG_NOSIGNAL, None).map(drop)
}

/// Receives one message and the files that came with it; `None` when the other end is closed.
///
/// # Errors
/// What recvmsg(2) says; EINVAL for a message that is none of ours.
pub fn receive<T: DeserializeOwned>(from: &OwnedFd) -> nix::Result<Option<(T, Vec<OwnedFd>)>> {
    let mut bytes = vec![0; 256 * 1024];
    let mut space = nix::cmsg_space!([RawFd; 4]);
    let (length, files) = loop {
        let mut parts = [IoSliceMut::new(&mut bytes)];
        let received = recvmsg::<()>(from.as_raw_fd(), &mut parts, Some(&mut space), MsgFlags::MSG_CMSG_CLOEXEC);
        match received {
            Err(Errno::EINTR) => {}
            Err(Errno::ECONNRESET) => return Ok(None),
            Err(errno) => return Err(errno),
            Ok(message) => {
                let rights = message.cmsgs()?.flat_map(|control| match control {
                    ControlMessageOwned::ScmRights(files) => files,
                    _ => vec![],
                });
                break (message.bytes, rights.map(sys::inherited).collect::<Vec<_>>());
            }
        }
    };
    if length == 0 {
        return Ok(None);
    }
    serde_json::from_slice(&bytes[..length]).map(|message| Some((message, files))).map_err(|_| Errno::EINVAL)
}
