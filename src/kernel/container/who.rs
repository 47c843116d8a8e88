//! Whom the command runs as, and where: what an image says by USER and WORKDIR. setresuid(2), chdir(2).
//!
//! The learner sees a box whose command is nobody special, not even inside.

use std::fs;
use std::path::Path;

use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, fchown};
use rustix::thread::CapabilitySet;

use super::Who;
use crate::kernel::sys::Result;
use crate::kernel::sys::privileges::{become_user, drop_bounding, in_bounding_set};

/// Goes into the folder in which the command shall start.
pub(super) fn enter_folder(folder: &Path) -> Result {
    // As docker run does: what is not there is made.
    let _ = fs::create_dir_all(folder);
    crate::kernel::sys::chdir(folder)
}

/// Becomes that user, who can never get more than the `ceiling`.
pub(super) fn become_them(who: &Who, ceiling: CapabilitySet, terminal: bool) -> Result {
    if terminal {
        // Else they could not open their own terminal again, as `cat /dev/stdin` does.
        let _ = fchown(std::io::stdin(), Some(Uid::from_raw(who.uid)), None::<Gid>);
    }
    // While we may: to lower the ceiling takes a capability, and whoever leaves uid 0 leaves them all.
    for one in in_bounding_set().difference(ceiling).iter() {
        drop_bounding(one)?;
    }
    become_user(who.uid, who.gid, &who.groups)?;
    // To change one's ids takes this wish back, and without it a box could outlive whoever started it.
    let _ = prctl::set_pdeathsig(Signal::SIGKILL);
    Ok(())
}
