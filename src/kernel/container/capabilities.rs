//! Capabilities: what root may do, cut into some forty pieces. capabilities(7).
//!
//! The learner sees that uid 0 is only a number: without `CAP_CHOWN` even root's chown is refused.

use rustix::thread::CapabilitySet as Set;

use crate::kernel::sys::Result;
use crate::kernel::sys::privileges::{capset, drop_ambient, drop_bounding, in_bounding_set, permitted};

/// The 14 that `docker run` leaves: moby v28.3.0, oci/caps/defaults.go. Each has a use in ordinary containers (packages
/// chown, servers bind port 80, ping sends raw packets), and none reaches the machine as `CAP_SYS_ADMIN` would.
pub(super) const DOCKER: Set = Set::CHOWN
    .union(Set::DAC_OVERRIDE)
    .union(Set::FSETID)
    .union(Set::FOWNER)
    .union(Set::MKNOD)
    .union(Set::NET_RAW)
    .union(Set::SETGID)
    .union(Set::SETUID)
    .union(Set::SETFCAP)
    .union(Set::SETPCAP)
    .union(Set::NET_BIND_SERVICE)
    .union(Set::SYS_CHROOT)
    .union(Set::KILL)
    .union(Set::AUDIT_WRITE);

/// Gives up every capability but `kept`, for good: no program that is executed from here on gets it back.
pub(super) fn keep_only(kept: Set) -> Result {
    // The bounding set first, for to drop from it takes CAP_SETPCAP, which may be about to go. It is the ceiling: what
    // root executes gets all that is in it.
    for one in in_bounding_set().difference(kept).iter() {
        drop_bounding(one)?;
    }
    // Ambient ones would pass an execve(2) by themselves.
    drop_ambient()?;
    // Last what we hold ourselves. Nobody can take more than they have, so what we lack stays lacking. Nothing is
    // inheritable: Docker's once was, and a program's file could take it up again (CVE-2022-24769).
    capset(kept.intersection(permitted()?))
}
