//! Network namespace: links, addresses, routes and ports of its own. network_namespaces(7), veth(4), tc-tbf(8).
//!
//! The learner sees one link inside, `lo`, and that even that is down; then a cable to outside, one end on each side, and
//! what comes through it when it is narrow.

use std::net::Ipv4Addr;
use std::os::fd::BorrowedFd;

use nix::sched::CloneFlags;

use super::link::Failed;
use super::{Cable, Spec};
use crate::kernel::netlink::Netlink;
use crate::kernel::sys::{Result, unshare};

/// The address of the cable's end outside.
pub const OUTSIDE: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 1);
/// The address of its end inside.
pub const INSIDE: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 2);
/// Their network has these two and no more.
pub const PREFIX: u8 = 30;

/// The name of the end inside.
const END: &str = "eth0";

/// Leaves the network namespace for a new one, with nothing in it but `lo`, down.
pub(super) fn enter() -> Result {
    unshare(CloneFlags::CLONE_NEWNET)
}

/// Outside: makes the cable, whose other end is in the box's network namespace. Only who stayed outside has the right to.
pub(super) fn plug_in(cable: &Cable, there: BorrowedFd<'_>) -> std::result::Result<(), Failed> {
    let outside = Netlink::open()?;
    // An address that is taken would lead what is sent to it to the wrong one.
    if outside.addresses()?.iter().any(|(_, address, _)| *address == OUTSIDE || *address == INSIDE) {
        return Err(Failed::words(&format!("{OUTSIDE} or {INSIDE} is taken already on this side")));
    }
    outside.pair(&cable.name, END, there)?;
    outside.give_address(&cable.name, OUTSIDE, PREFIX)?;
    // Before the link is up, so that nothing gets through sooner.
    if cable.rate.is_some() {
        outside.limit(&cable.name, cable.rate)?;
    }
    Ok(outside.up(&cable.name)?)
}

/// Inside: switches on what shall be on.
pub(super) fn switch_on(spec: &Spec) -> Result {
    if !spec.lo && spec.cable.is_none() {
        return Ok(());
    }
    let inside = Netlink::open()?;
    if spec.lo {
        inside.up("lo")?;
    }
    if spec.cable.is_some() {
        inside.give_address(END, INSIDE, PREFIX)?;
        inside.up(END)?;
    }
    Ok(())
}

/// Lets so many bits per second into the box. A queue holds back what is *sent*, so it is on the end outside.
///
/// # Errors
/// ENODEV without the cable.
pub fn limit(name: &str, rate: Option<u64>) -> Result {
    Netlink::open()?.limit(name, rate)
}

/// How many bits per second it lets in, read back; `None` where there is no limit or no cable.
#[must_use]
pub fn limit_of(name: &str) -> Option<u64> {
    let outside = Netlink::open().ok()?;
    let end = outside.links().ok()?.into_iter().find(|link| link.name == name)?;
    outside.bucket(end.index).ok()?.map(|bucket| bucket.rate)
}

/// Removes the cable. It goes with the box's network namespace too, but only some time after.
///
/// # Errors
/// EPERM.
pub fn unplug(name: &str) -> Result {
    Netlink::open()?.remove(name)
}
