//! Seeing whether programs may still give rights: proc_pid_status(5), `NoNewPrivs`.
//!
//! The learner sees 1 inside, and the setuid bit of a program that does nothing.

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

/// 1 where the bit is set.
pub(super) fn bit(place: &Place<'_>) -> Result<Value, Unread> {
    place.number_of("NoNewPrivs")
}
