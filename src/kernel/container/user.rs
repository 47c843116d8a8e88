//! User namespace: root inside, nobody special outside. user_namespaces(7).
//!
//! The learner without root sees that every other feature works for them too: whoever makes a user namespace
//! has all capabilities *in it*, and so over the namespaces that are made there.

use std::os::fd::AsFd;

use nix::sched::CloneFlags;
use nix::unistd::{Gid, Uid, getpid};

use super::link::Failed;
use crate::kernel::sys::{self, Fork, Result, unshare, write_file};

/// Leaves the user namespace for a new one in which `uid` and `gid`, our own so far, are called 0.
pub(super) fn enter(uid: Uid, gid: Gid) -> Result {
    unshare(CloneFlags::CLONE_NEWUSER)?;
    write_file("/proc/self/uid_map", &format!("0 {uid} 1\n"))?;
    // Whoever can drop a group can pass a file that shuts that group out, so this right goes before the map comes.
    write_file("/proc/self/setgroups", "deny")?;
    write_file("/proc/self/gid_map", &format!("0 {gid} 1\n"))
}

/// The same with 65536 ids each, which outside begin at `uid` and `gid`: whoever is root inside is a user like any other
/// outside, and not even the one who started the box.
pub(super) fn enter_with_range(uid: u32, gid: u32) -> std::result::Result<(), Failed> {
    // Such maps take a right over the ids outside, which whoever leaves has left behind. So a child that stays writes them.
    let (wait, go) = nix::unistd::pipe().map_err(|errno| Failed::plain("pipe", errno))?;
    let leaving = getpid();
    match sys::fork()? {
        Fork::Child => {
            drop(go);
            let _ = nix::unistd::read(wait.as_fd(), &mut [0]);
            let map =
                |file: &str, first: u32| write_file(format!("/proc/{leaving}/{file}"), &format!("0 {first} 65536\n"));
            let written = map("uid_map", uid).and_then(|()| map("gid_map", gid));
            sys::exit_now(written.map_or_else(|error| error.errno as i32, |()| 0));
        }
        Fork::Parent(child) => {
            unshare(CloneFlags::CLONE_NEWUSER)?;
            drop(go);
            let code = match nix::sys::wait::waitpid(child, None) {
                Ok(nix::sys::wait::WaitStatus::Exited(_, code)) => code,
                _ => libc::EIO,
            };
            if code != 0 {
                return Err(Failed::plain("write", nix::errno::Errno::from_raw(code)));
            }
        }
    }
    Ok(sys::become_root()?)
}
