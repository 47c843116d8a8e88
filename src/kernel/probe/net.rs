//! Seeing network links.
//!
//! `network_namespaces(7)`, `proc_pid_net(5)`. `/proc/PID/net` is the network as that process has it, so nobody needs
//! to go there. The learner sees the machine's network cards on one side and a lonely `lo` on the other.

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

/// The names of its links, in the kernel's order.
pub(super) fn links(place: &Place<'_>) -> Result<Value, Unread> {
    let table = place.read("net/dev")?;
    // Two lines of headings, then `  eth0: 123 …`.
    let names = table.lines().skip(2).filter_map(|line| line.split_once(':'));
    Ok(Value::List(names.map(|(name, _)| name.trim().to_owned()).collect()))
}

/// Which network namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("net").map(Value::Number)
}
