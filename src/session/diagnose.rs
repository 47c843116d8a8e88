//! Why the kernel refused a step: from the engine's failure and what can be seen on this machine to what the pane shows.
//!
//! The reasons are [`crate::kernel::reason`]'s, the same as `unha doctor` gives.

use crate::course::event::{Cause, Failure};
use crate::kernel::container::link::Failed;
use crate::kernel::reason::{Because, Evidence, Reason};

/// A failure with its cause. `without` is what the bench could not have.
#[must_use]
pub fn failure(failed: &Failed, without: &[String]) -> Failure {
    let Because { reason, mut seen, .. } = Because::of(failed, &Evidence::look());
    let cause = if reason == Reason::Unknown { Cause::Other } else { Cause::Reason(reason) };
    if failed.message.contains("cgroup") {
        seen.extend(without.iter().cloned());
    }
    Failure { call: failed.call.clone(), before: vec![], message: failed.message.clone(), seen, cause }
}
