//! seccomp: a filter for system calls, run by the kernel before each of them. seccomp(2).
//!
//! The learner sees `mkdir` refused though every permission is there, and with another action the caller killed.

use rustix::thread::CapabilitySet;

use super::link::Failed;
use super::profile::Profile;
use crate::kernel::sys;

/// Puts every system call of this process, of its children and of all that they execute under the filter. It cannot be
/// taken off; a further one can only forbid more.
///
/// A profile is for a container that holds `kept`: what a capability already forbids needs no second lock.
pub(super) fn install(profile: &Profile, kept: CapabilitySet) -> Result<(), Failed> {
    // One program knows a single answer besides "next", so a profile with several is several programs. The kernel asks
    // all of them and takes the strictest answer.
    for program in profile.programs(kept)? {
        sys::seccomp(&program)?;
    }
    Ok(())
}
