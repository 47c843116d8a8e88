//! What is asked of a description again and again.

use std::ffi::CString;

use rustix::thread::CapabilitySet;

use super::Wanted;
use crate::kernel::capability;
use crate::kernel::feature::Feature;

impl Wanted {
    /// Whether the feature is on.
    pub(super) const fn has(&self, feature: Feature) -> bool {
        self.spec.features.has(feature)
    }

    /// Whether a limit is set that a cgroup sets.
    pub(super) fn has_limits(&self) -> bool {
        let limits = &self.limits;
        [limits.pids, limits.memory, limits.cpu, limits.cpu_shares].iter().any(Option::is_some) || limits.io.is_some()
    }

    /// The folder that its root is made from.
    pub(super) fn root(&self) -> Option<String> {
        let rootfs = self.spec.rootfs.as_ref().filter(|_| self.has(Feature::Rootfs))?;
        Some(rootfs.lower.display().to_string())
    }

    /// The folder in which the command starts, where that is not the root.
    pub(super) fn workdir(&self) -> Option<String> {
        self.spec.workdir.as_ref().map(|folder| folder.display().to_string())
    }

    /// Whether it mounts a /proc of its own over the machine's.
    pub(super) const fn mounts_proc(&self) -> bool {
        self.has(Feature::Mount) && self.has(Feature::Pid) && self.spec.proc && !self.has(Feature::Rootfs)
    }

    /// Whether POSIX message queues can be mounted: only by whoever owns the IPC namespace.
    pub(super) const fn mounts_queues(&self) -> bool {
        self.has(Feature::Ipc) || !self.has(Feature::User)
    }

    /// The command and its arguments.
    pub(super) fn command(&self) -> Vec<String> {
        self.spec.command.iter().map(|word| word.to_string_lossy().into_owned()).collect()
    }

    /// Its environment, as far as it is not merely what the caller's shell happens to have.
    pub(super) fn env(&self) -> Vec<(String, String)> {
        let own = self.has(Feature::Rootfs);
        let entry = |entry: &CString| {
            let text = entry.to_string_lossy();
            let (name, value) = text.split_once('=')?;
            let known = ["PATH", "HOME", "LANG", "TERM"].contains(&name);
            (own || known).then(|| (name.to_owned(), value.to_owned()))
        };
        self.spec.env.iter().filter_map(entry).collect()
    }

    /// What an image says besides of its environment; an engine gives the usual ones to every box.
    pub(super) fn env_of_image(&self) -> Vec<(String, String)> {
        let usual = |name: &str| ["PATH", "HOME", "LANG", "TERM"].contains(&name);
        self.env().into_iter().filter(|(name, _)| self.has(Feature::Rootfs) && !usual(name)).collect()
    }

    /// Whether that is all that there is to keep.
    pub(super) fn keeps_all(&self) -> bool {
        let held = self.bounding.unwrap_or(u64::MAX);
        let known = CapabilitySet::all().iter_names().filter(|(_, one)| one.bits() & held != 0).count();
        self.kept().len() >= known
    }

    /// The names of the capabilities that it keeps at most: `CAP_CHOWN`, …
    pub(super) fn kept(&self) -> Vec<String> {
        // In a user namespace of its own nothing that the caller has not got is missing.
        let held = self.bounding.filter(|_| !self.has(Feature::User)).unwrap_or(u64::MAX);
        let known = |kept: CapabilitySet| kept.iter_names().fold(0, |bits, (_, one)| bits | one.bits());
        self.spec.kept().map(|kept| capability::names(known(kept) & held)).unwrap_or_default()
    }
}

/// The path of a disk, by its numbers, as a shell finds it: engines take no path with a colon in it, such as those that
/// udev keeps in /dev/block.
pub(super) fn disk((major, minor): (u32, u32)) -> String {
    format!("\"/dev/$(sed -n s/^DEVNAME=//p /sys/dev/block/{major}:{minor}/uevent)\"")
}
