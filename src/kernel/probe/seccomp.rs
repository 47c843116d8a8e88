//! Seeing whether a filter looks at system calls: proc_pid_status(5), `Seccomp`. What is in it, the kernel does not tell.
//!
//! The learner sees 2 inside, and 0 outside.

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

/// 0 is none, 1 the strict mode of old, 2 a filter.
pub(super) fn mode(place: &Place<'_>) -> Result<Value, Unread> {
    place.number_of("Seccomp")
}
