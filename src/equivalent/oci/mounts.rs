//! What a bundle mounts: the same as the engine does in every root of its own.

use std::path::PathBuf;

use oci_spec::runtime::Mount;

use crate::equivalent::Wanted;
use crate::kernel::feature::Feature;

/// All of it, in order.
pub(super) fn all(wanted: &Wanted) -> Vec<Mount> {
    let quiet = ["nosuid", "nodev", "noexec"];
    if !wanted.has(Feature::Rootfs) {
        // Bound onto itself, or a runtime would fill the machine's own /dev with devices and links.
        let mut mounts = vec![mount("/dev", "bind", "/dev", &["rbind"])];
        if wanted.mounts_proc() {
            mounts.push(mount("/proc", "proc", "proc", &quiet));
        }
        return mounts;
    }
    let foreign = |feature| wanted.has(Feature::User) && !wanted.has(feature);
    let mut mounts = vec![];
    // The kernel gives a fresh one only to whoever owns the namespace that it shows.
    mounts.push(if foreign(Feature::Pid) {
        mount("/proc", "none", "/proc", &["rbind"])
    } else {
        mount("/proc", "proc", "proc", &quiet)
    });
    mounts.push(if foreign(Feature::Net) {
        mount("/sys", "none", "/sys", &["rbind", "ro", "nosuid", "nodev", "noexec"])
    } else {
        mount("/sys", "sysfs", "sysfs", &["ro", "nosuid", "nodev", "noexec"])
    });
    // Without nodev: runtimes make the devices in it, where they do not bind them.
    mounts.push(mount("/dev", "tmpfs", "tmpfs", &["nosuid", "mode=755", "size=64k", "nr_inodes=64"]));
    mounts.push(mount(
        "/dev/pts",
        "devpts",
        "devpts",
        &["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=620"],
    ));
    mounts.push(mount(
        "/dev/shm",
        "tmpfs",
        "shm",
        &["nosuid", "nodev", "noexec", "mode=1777", "size=64m", "nr_inodes=4096"],
    ));
    if wanted.mounts_queues() {
        mounts.push(mount("/dev/mqueue", "mqueue", "mqueue", &quiet));
    }
    mounts
}

fn mount(at: &str, kind: &str, source: &str, options: &[&str]) -> Mount {
    let mut mount = Mount::default();
    mount
        .set_destination(PathBuf::from(at))
        .set_typ(Some(kind.to_owned()))
        .set_source(Some(PathBuf::from(source)))
        .set_options(Some(options.iter().map(|option| (*option).to_owned()).collect()));
    mount
}

/// What of /proc acts on the whole machine.
pub(super) fn read_only() -> Vec<String> {
    in_proc(&["sys", "sysrq-trigger", "irq", "bus", "fs"])
}

/// What of it tells about the whole machine.
pub(super) fn hidden() -> Vec<String> {
    in_proc(&["kcore", "keys", "timer_list", "sched_debug", "acpi", "scsi"])
}

fn in_proc(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("/proc/{name}")).collect()
}
