//! Why this machine does not do something: one word for each reason, told apart by what was refused and by what is seen.
//!
//! user_namespaces(7), apparmor(7), seccomp(2), cgroups(7), proc(5). The same EPERM comes from a dozen places; a learner
//! who is told the wrong one mends the wrong thing. The failure pane, the agenda, `unha check` and `unha doctor` all speak
//! of these.

mod cgroup;
mod evidence;

use nix::errno::Errno;
use serde::{Deserialize, Serialize};

pub use self::evidence::Evidence;
use super::container::link::Failed;
use super::journal::Call;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// One known reason. Its word, in kebab-case, is stable: `unha doctor --json` says it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Reason { $($(#[doc = $doc])+ $name,)+ }

        impl Reason {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
        }
    };
}

reasons! {
    /// AppArmor lets an ordinary user make a user namespace and takes its powers away: Ubuntu 23.10 and later.
    ApparmorUserns,
    /// An AppArmor profile confines this program.
    ApparmorProfile,
    /// SELinux enforces a policy that does not allow it.
    Selinux,
    /// `user.max_*_namespaces`: none allowed, or all in use.
    NamespaceLimit,
    /// `kernel.unprivileged_userns_clone = 0`: Debian's and Arch's own switch.
    UsernsClone,
    /// This process was chrooted: chroot(2), and such a one gets no user namespace.
    Chrooted,
    /// A system call filter, as container runtimes install one: seccomp(2).
    SeccompFilter,
    /// Root without the capability: capabilities(7).
    MissingCapability,
    /// Ordinary users may not.
    NotRoot,
    /// The kernel was built without it, or is too old.
    NotInKernel,
    /// Something is mounted over parts of /proc, or it is read-only, so no new one is given: as in Docker.
    ProcMasked,
    /// No /proc is mounted.
    NoProc,
    /// overlayfs is not loaded.
    NoOverlay,
    /// overlayfs refuses these folders.
    OverlayRefused,
    /// The root is an initramfs, which cannot be pivoted away from.
    RootIsRamdisk,
    /// No cgroup file system is mounted where this process could see it.
    NoCgroupfs,
    /// cgroups are mounted, but without the controllers pids, memory and cpu.
    NoControllers,
    /// The cgroup file system is read-only.
    CgroupReadOnly,
    /// cgroup version 1 belongs to root.
    CgroupV1,
    /// Version 2, and systemd could hand over a part of it, but has not.
    CgroupNotDelegated,
    /// Version 2, and nobody here hands over a part of it.
    CgroupNoSystemd,
    /// Version 2, and this root may not make cgroups: a container's.
    CgroupNotOurs,
    /// The cgroup of this process is outside of what is mounted.
    CgroupOutOfSight,
    /// Version 2: a cgroup was handed over, but not the controller io.
    IoNotDelegated,
    /// /var/tmp, where a file for it would be, is in memory or on another machine.
    NoDisk,
    /// Version 2: systemd runs, but not this user's own.
    CgroupNoUserManager,
    /// Version 2: systemd was asked for a scope, and gave none.
    CgroupScopeRefused,
    /// Version 2: a cgroup was handed over without all of the controllers.
    CgroupNotAllDelegated,
    /// Version 2: a cgroup was handed over, and others are in it.
    CgroupPopulated,
    /// Limits cannot be set, for a reason that the call says.
    CgroupRefused,
    /// newuidmap(1) is not installed.
    NoNewuidmap,
    /// /etc/subuid or /etc/subgid has no range for this user.
    NoSubids,
    /// newuidmap(1) refuses.
    NewuidmapRefused,
    /// Pressure stall information is switched off.
    PressureOff,
    /// A program that lessons call is not installed.
    ProgramMissing,
    /// A program that lessons call is busybox's, which lacks options.
    ProgramBusybox,
    /// The folder for the built-in root file system cannot be written to.
    CacheUnwritable,
    /// The built-in root file system cannot be built.
    RootfsUnusable,
    /// The built-in root file system lacks programs.
    RootfsLacks,
    /// There is no terminal to look at.
    NoTerminal,
    /// The terminal has too few columns or rows to show anything.
    TerminalTooSmall,
    /// The terminal is smaller than a projector's 80×24.
    TerminalNarrow,
    /// The terminal takes no escape sequences.
    TerminalDumb,
    /// The locale is not UTF-8.
    NotUtf8,
    /// It took longer than it may.
    TooSlow,
    /// Anything else; the call says what there is to say.
    Unknown,
}

impl Reason {
    /// The reason's word.
    #[must_use]
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// A reason with what shows that it is this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The reason.
    pub reason: Reason,
    /// The call that was refused.
    pub call: Option<Call>,
    /// What was seen that tells this reason from others, such as `kernel.unprivileged_userns_clone = 0`.
    pub seen: Vec<String>,
}

impl Because {
    /// A reason that was seen without a refused call.
    #[must_use]
    pub fn seen(reason: Reason, seen: impl IntoIterator<Item = String>) -> Self {
        Self { reason, call: None, seen: seen.into_iter().collect() }
    }

    /// Why a call, or something else of the engine's, failed: by the errno, the call and what is seen of this process.
    #[must_use]
    pub fn of(failed: &Failed, evidence: &Evidence) -> Self {
        let name = failed.call.as_ref().map_or("", |call| call.name.as_str());
        let args = failed.call.as_ref().map_or(&[][..], |call| &call.args);
        let errno = Errno::from_raw(failed.errno.unwrap_or_default());
        let (reason, seen) = if failed.call.is_none() && failed.message.contains("root file system is wanted") {
            (Reason::RootfsUnusable, vec![])
        } else if failed.message.contains("cgroup") && name != "unshare" {
            return cgroup::said(failed, evidence);
        } else {
            refusal(name, args, errno, evidence)
        };
        Self { reason, call: failed.call.clone(), seen }
    }
}

/// The reason for a refused call, and what shows it.
fn refusal(name: &str, args: &[String], errno: Errno, evidence: &Evidence) -> (Reason, Vec<String>) {
    let arg = |index: usize| args.get(index).map_or("", |arg| arg.trim_matches('"'));
    match (name, errno) {
        ("unshare" | "clone", Errno::ENOSPC | Errno::EUSERS) => (Reason::NamespaceLimit, evidence.limits_of(arg(0))),
        // Some filters say that there is no such call.
        (_, Errno::ENOSYS) if evidence.filtered.is_some() => confined(evidence),
        ("unshare" | "clone", Errno::EPERM | Errno::EACCES) => may_not_unshare(arg(0), evidence),
        ("pivot_root", Errno::EINVAL) if evidence.on_ramdisk => (Reason::RootIsRamdisk, vec![]),
        ("mount", Errno::ENODEV) if arg(2) == "overlay" => (Reason::NoOverlay, vec![]),
        ("unshare" | "clone", Errno::EINVAL) | ("mount", Errno::ENODEV) | (_, Errno::ENOSYS) => {
            (Reason::NotInKernel, vec![])
        }
        // veth and tbf are modules, which a kernel may lack.
        ("sendto", Errno::EOPNOTSUPP | Errno::ENOENT) => (Reason::NotInKernel, vec![]),
        ("mount", Errno::EINVAL | Errno::ELOOP | Errno::ESTALE) if arg(2) == "overlay" => {
            (Reason::OverlayRefused, vec![])
        }
        ("mount", Errno::EPERM) if arg(2) == "proc" && !evidence.over_proc.is_empty() => {
            (Reason::ProcMasked, evidence.over_proc.clone())
        }
        // What is refused inside of a user namespace that was given: its powers are taken away again.
        (_, Errno::EPERM | Errno::EACCES) if in_namespace(name, arg(0)) => powerless(evidence),
        _ => (Reason::Unknown, vec![]),
    }
}

/// Whether the call is one that root of a user namespace may make in namespaces that it owns.
fn in_namespace(name: &str, file: &str) -> bool {
    matches!(
        name,
        "sendto" | "mount" | "sethostname" | "pivot_root" | "umount2" | "setresuid" | "mount_setattr" | "move_mount"
    ) || (matches!(name, "write" | "openat") && file.starts_with("/proc/"))
}

fn may_not_unshare(flags: &str, evidence: &Evidence) -> (Reason, Vec<String>) {
    let user = flags.contains("CLONE_NEWUSER");
    if user && let Some(seen) = &evidence.chrooted {
        return (Reason::Chrooted, vec![seen.clone()]);
    }
    if user && !evidence.root && evidence.userns_clone.as_deref() == Some("0") {
        return (Reason::UsernsClone, vec!["kernel.unprivileged_userns_clone = 0".to_owned()]);
    }
    // Without a user namespace in between, it is the capability that decides, or the filter before it.
    if !user && !evidence.in_user_namespace && evidence.filtered.is_none() {
        if !evidence.root {
            return (Reason::NotRoot, vec![]);
        }
        if !evidence.sys_admin {
            return (Reason::MissingCapability, evidence.capabilities());
        }
    }
    if !user {
        return powerless(evidence);
    }
    match confined(evidence) {
        // Ubuntu lets the namespace be made and refuses what comes after; but not where its profile is not loaded.
        (Reason::Unknown, _) if evidence.apparmor_takes_powers().is_some() => powerless(evidence),
        // The kernel has no other reason for this refusal (`create_user_ns`): what can be seen from within a chroot to
        // the top of a mount is no different from a machine's own root.
        (Reason::Unknown, _) => (Reason::Chrooted, vec!["no filter, profile or setting that forbids it".to_owned()]),
        known => known,
    }
}

fn powerless(evidence: &Evidence) -> (Reason, Vec<String>) {
    if let Some(seen) = evidence.apparmor_takes_powers() {
        return (Reason::ApparmorUserns, seen);
    }
    confined(evidence)
}

/// What else forbids: the filter first, for it answers before anything else is asked.
fn confined(evidence: &Evidence) -> (Reason, Vec<String>) {
    if let Some(line) = &evidence.filtered {
        return (Reason::SeccompFilter, vec![line.clone()]);
    }
    if let Some(seen) = &evidence.selinux {
        return (Reason::Selinux, vec![seen.clone()]);
    }
    if let Some(profile) = &evidence.profile {
        return (Reason::ApparmorProfile, vec![format!("/proc/self/attr/current: {profile}")]);
    }
    if evidence.root && !evidence.sys_admin {
        return (Reason::MissingCapability, evidence.capabilities());
    }
    (Reason::Unknown, vec![])
}
