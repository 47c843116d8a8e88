//! Seeing the view of cgroups.
//!
//! `cgroup_namespaces(7)`. `/proc/PID/cgroup` gives a path from the root of the reader's own cgroup namespace, so the
//! observer goes in to read it. The learner sees a long path on one side and `/` on the other, for one and the same folder.

use super::cgroup;
use super::place::{Place, Unread};
use super::visit::visit;
use crate::kernel::fact::Value;

/// Its cgroup as its own cgroup namespace shows it: `/` is where that namespace was made.
pub(super) fn innermost(place: &Place<'_>) -> Result<Value, Unread> {
    visit(place, "cgroup", || cgroup::here(place))
}

/// Which cgroup namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("cgroup").map(Value::Number)
}
