//! no_new_privs: no program that is executed gives more rights than there were before. prctl(2), `PR_SET_NO_NEW_PRIVS`.
//!
//! The learner sees that a setuid program of root's runs as whoever called it: the bit is there, and counts no more.

use crate::kernel::sys::Result;
use crate::kernel::sys::privileges::no_new_privs;

/// Sets the bit of this process. Its children are born with it, execve(2) keeps it, and no call takes it away.
pub(super) fn set() -> Result {
    no_new_privs()
}
