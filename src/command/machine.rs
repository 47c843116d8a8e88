//! What the agenda says of this machine: found out by asking, in a moment.

use nix::unistd::geteuid;

use crate::course::talk::Machine;
use crate::kernel::run_cgroup;

/// Looks at this machine.
pub fn look() -> Machine {
    let root = geteuid().is_root();
    let cgroup = run_cgroup::parent().map_err(|why| why.to_string());
    Machine {
        root,
        namespaces: namespaces(root),
        cgroup: cgroup.map(|parent| if parent.group.folder("memory").is_some_and(|(_, v2)| v2) { 2 } else { 1 }),
        rootfs: super::rootfs::built_in().map(drop).map_err(|why| why.to_string()),
    }
}

/// A machine that nobody has looked at.
pub fn unknown() -> Machine {
    Machine { root: false, namespaces: Ok(()), cgroup: Err(String::new()), rootfs: Ok(()) }
}

/// What forbids namespaces, as far as settings say; the bench finds out the rest.
fn namespaces(root: bool) -> Result<(), String> {
    let setting = |name: &str| std::fs::read_to_string(format!("/proc/sys/{name}")).unwrap_or_default();
    let says = |name: &str, value: &str| setting(name).trim() == value;
    if says("user/max_user_namespaces", "0") {
        return Err("user.max_user_namespaces = 0".to_owned());
    }
    if !root && says("kernel/unprivileged_userns_clone", "0") {
        return Err("kernel.unprivileged_userns_clone = 0".to_owned());
    }
    if !root && says("kernel/apparmor_restrict_unprivileged_userns", "1") {
        return Err("kernel.apparmor_restrict_unprivileged_userns = 1".to_owned());
    }
    Ok(())
}
