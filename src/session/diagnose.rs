//! Why the kernel refused: from a failed call and what can be seen on this machine to a cause that has a remedy.
//!
//! user_namespaces(7), apparmor(7). The learner sees it as the failure pane.

use std::fs;

use crate::course::event::{Cause, Failure};
use crate::kernel::container::link::Failed;

/// Settings that decide on namespaces for ordinary users, and the value that forbids them.
const SETTINGS: [(&str, &str, Cause); 3] = [
    ("kernel/apparmor_restrict_unprivileged_userns", "1", Cause::AppArmor),
    ("kernel/unprivileged_userns_clone", "0", Cause::NoUserNamespaces),
    ("user/max_user_namespaces", "0", Cause::NoUserNamespaces),
];

/// A failure with its cause. `without` is what the bench could not have.
#[must_use]
pub fn failure(failed: &Failed, without: &[String]) -> Failure {
    let mut seen = vec![];
    let mut cause = Cause::Other;
    let name = failed.call.as_ref().map_or("", |call| call.name.as_str());
    let refused = matches!(failed.errno, Some(libc::EPERM | libc::EACCES | libc::ENOSPC));
    if refused && !nix::unistd::geteuid().is_root() {
        for (key, forbids, why) in SETTINGS {
            let value = fs::read_to_string(format!("/proc/sys/{key}")).unwrap_or_default();
            if value.trim() == forbids {
                seen.push(format!("{} = {forbids}", key.replace('/', ".")));
                cause = why;
            }
        }
    }
    if cause == Cause::Other {
        cause = if failed.message.contains("cgroup") {
            Cause::NoCgroup
        } else if failed.message.contains("root file system") {
            Cause::NoRootfs
        } else if refused
            && (matches!(name, "unshare" | "mount" | "sethostname" | "pivot_root")
                || failed.message.contains("/proc/self/"))
        {
            seen.extend(filter());
            Cause::NotPermitted
        } else {
            Cause::Other
        };
    }
    if cause == Cause::NoCgroup {
        seen.extend(without.iter().cloned());
    }
    Failure { call: failed.call.clone(), before: vec![], message: failed.message.clone(), seen, cause }
}

/// The system call filter that this process is under, as a container's is: seccomp(2).
fn filter() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().any(|line| line == "Seccomp:\t2").then(|| "Seccomp: 2".to_owned())
}
