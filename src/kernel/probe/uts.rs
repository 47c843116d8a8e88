//! Seeing the host name.
//!
//! `uts_namespaces(7)`, uname(2). The name belongs to the namespace of whoever asks, and no file under
//! `/proc/PID` tells another's, so the observer goes in, asks, and comes back.
//! The learner sees two names where there was one, and one kernel all the same.

use nix::sys::utsname::uname;

use super::place::{Place, Unread};
use super::visit::visit;
use crate::kernel::fact::Value;

/// The name that `hostname` prints there.
pub(super) fn hostname(place: &Place<'_>) -> Result<Value, Unread> {
    visit(place, "uts", || {
        let names = uname().map_err(|errno| Unread::words(format!("uname() = {errno:?}")))?;
        Ok(Value::Text(names.nodename().to_string_lossy().into_owned()))
    })
}

/// The kernel's release: the same answer in every namespace.
pub(super) fn kernel(_place: &Place<'_>) -> Result<Value, Unread> {
    let names = uname().map_err(|errno| Unread::words(format!("uname() = {errno:?}")))?;
    Ok(Value::Text(names.release().to_string_lossy().into_owned()))
}

/// Which UTS namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("uts").map(Value::Number)
}
