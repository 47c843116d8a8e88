//! Seeing capabilities.
//!
//! capabilities(7), `proc_pid_status(5)`. The kernel tells each set as a number, one bit for each capability; here they
//! become names. They count in the process's own user namespace: all 41 of a box of an ordinary user open nothing outside.
//! The learner sees the one name that is gone.

use super::place::{Place, Unread};
use crate::kernel::capability;
use crate::kernel::fact::Value;

/// Those that count now.
pub(super) fn effective(place: &Place<'_>) -> Result<Value, Unread> {
    set(place, "CapEff")
}

/// Those that a program can get by being executed.
pub(super) fn bounding(place: &Place<'_>) -> Result<Value, Unread> {
    set(place, "CapBnd")
}

fn set(place: &Place<'_>, key: &str) -> Result<Value, Unread> {
    let bits = place.status_of(key)?.next().and_then(|hex| u64::from_str_radix(hex, 16).ok());
    let bits = bits.ok_or_else(|| Unread::words(format!("its status has no {key}")))?;
    Ok(Value::List(capability::names(bits)))
}
