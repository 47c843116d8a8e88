//! What can be seen of this process and its machine that tells one refusal from another.
//!
//! proc(5): `/proc/self/status`, `/proc/self/attr/current`, `/proc/self/mountinfo`, `/proc/sys/user`. Nothing is tried
//! here; a file that cannot be read is one that says nothing.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::geteuid;

use crate::kernel::cgroupfs::unescape;

/// The flags that ask for a namespace, and the kind's name in the setting that limits it.
const KINDS: [(&str, &str); 8] = [
    ("CLONE_NEWUSER", "user"),
    ("CLONE_NEWUTS", "uts"),
    ("CLONE_NEWPID", "pid"),
    ("CLONE_NEWNS", "mnt"),
    ("CLONE_NEWIPC", "ipc"),
    ("CLONE_NEWNET", "net"),
    ("CLONE_NEWCGROUP", "cgroup"),
    ("CLONE_NEWTIME", "time"),
];

fn limit_of(kind: &str) -> String {
    format!("user.max_{kind}_namespaces")
}

/// What is seen.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is so or not")]
pub struct Evidence {
    /// Whether this process is root where it is.
    pub root: bool,
    /// Whether it is in another user namespace than the machine's first.
    pub in_user_namespace: bool,
    /// Whether it has CAP_SYS_ADMIN.
    pub sys_admin: bool,
    /// The line of its status that says that it is under a filter.
    pub filtered: Option<String>,
    /// Why we say that it is chrooted.
    pub chrooted: Option<String>,
    /// `kernel.unprivileged_userns_clone`, where the kernel has it.
    pub userns_clone: Option<String>,
    /// `kernel.apparmor_restrict_unprivileged_userns`, where the kernel has it.
    pub restrict_userns: Option<String>,
    /// Its AppArmor profile, unless it is unconfined.
    pub profile: Option<String>,
    /// That SELinux enforces, with the context of this process.
    pub selinux: Option<String>,
    /// What is mounted over parts of /proc, or that it is read-only.
    pub over_proc: Vec<String>,
    /// Whether `/` is an initramfs.
    pub on_ramdisk: bool,
    /// Whether systemd runs this machine.
    pub systemd: bool,
    /// How many namespaces of each kind there may be: `user.max_net_namespaces`, its value.
    pub limits: Vec<(String, String)>,
}

impl Evidence {
    /// Looks.
    #[must_use]
    pub fn look() -> Self {
        let status = text("/proc/self/status");
        let line = |key: &str| status.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
        let capabilities = line("CapEff:").and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
        let mountinfo = text("/proc/self/mountinfo");
        let label = text("/proc/self/attr/current");
        let label = label.trim_end_matches(['\0', '\n']);
        let enforces = text("/sys/fs/selinux/enforce").trim() == "1";
        Self {
            root: geteuid().is_root(),
            // The first user namespace maps every number to itself.
            in_user_namespace: !text("/proc/self/uid_map").split_whitespace().eq(["0", "0", "4294967295"]),
            sys_admin: capabilities & (1 << 21) != 0,
            filtered: line("Seccomp:").filter(|mode| *mode == "2").map(|mode| format!("Seccomp: {mode}")),
            chrooted: chrooted(&mountinfo),
            userns_clone: sysctl("kernel/unprivileged_userns_clone"),
            restrict_userns: sysctl("kernel/apparmor_restrict_unprivileged_userns"),
            profile: (!enforces && !label.is_empty() && label != "unconfined").then(|| label.to_owned()),
            selinux: enforces.then(|| format!("SELinux enforces; this process is {label}")),
            over_proc: over_proc(&mountinfo),
            on_ramdisk: fields(&mountinfo).any(|mount| mount.point == "/" && mount.kind == "rootfs"),
            systemd: Path::new("/run/systemd/system").is_dir(),
            limits: KINDS
                .iter()
                .filter_map(|(_, kind)| Some((limit_of(kind), sysctl(&limit_of(kind).replacen('.', "/", 1))?)))
                .collect(),
        }
    }

    /// What shows that AppArmor takes the powers of user namespaces away: the profile that it puts such a process under,
    /// or its switch, which root is exempt from.
    pub(super) fn apparmor_takes_powers(&self) -> Option<Vec<String>> {
        let transition = self.profile.as_ref().filter(|profile| profile.starts_with("unprivileged_userns"));
        let switched = (!self.root || self.in_user_namespace) && self.restrict_userns.as_deref() == Some("1");
        if transition.is_none() && !switched {
            return None;
        }
        let switch = switched.then(|| "kernel.apparmor_restrict_unprivileged_userns = 1".to_owned());
        let profile = transition.map(|profile| format!("/proc/self/attr/current: {profile}"));
        Some(switch.into_iter().chain(profile).collect())
    }

    /// The limits on how many namespaces of the kinds in `flags` there may be; those at zero, if there are such, alone.
    pub(super) fn limits_of(&self, flags: &str) -> Vec<String> {
        let asked = KINDS.iter().filter(|(flag, _)| flags.split('|').any(|word| word == *flag));
        let keys: Vec<String> = asked.map(|(_, kind)| limit_of(kind)).collect();
        let limits: Vec<&(String, String)> = self.limits.iter().filter(|(key, _)| keys.contains(key)).collect();
        let zero: Vec<&(String, String)> = limits.iter().copied().filter(|(_, value)| value == "0").collect();
        let telling = if zero.is_empty() { limits } else { zero };
        telling.iter().map(|(key, value)| format!("{key} = {value}")).collect()
    }

    /// That the capability which matters here is not there.
    #[expect(clippy::unused_self, reason = "said of this evidence")]
    pub(super) fn capabilities(&self) -> Vec<String> {
        vec!["CapEff: no CAP_SYS_ADMIN".to_owned()]
    }
}

/// A small file as text; empty where it cannot be read.
fn text(path: &str) -> String {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// A sysctl's value, where the kernel has it.
fn sysctl(key: &str) -> Option<String> {
    fs::read_to_string(format!("/proc/sys/{key}")).ok().map(|value| value.trim().to_owned())
}

/// One line of mountinfo.
struct Mount {
    point: String,
    options: String,
    kind: String,
}

fn fields(mountinfo: &str) -> impl Iterator<Item = Mount> {
    mountinfo.lines().filter_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        let mut left = left.split(' ').skip(4);
        let point = unescape(left.next()?);
        let options = left.next()?.to_owned();
        Some(Mount { point, options, kind: right.split(' ').next()?.to_owned() })
    })
}

/// That `/` is no mount's top, or is not what the machine's first process has as its own.
fn chrooted(mountinfo: &str) -> Option<String> {
    if !mountinfo.is_empty() && !fields(mountinfo).any(|mount| mount.point == "/") {
        return Some("/ is not the top of a mount".to_owned());
    }
    let id = |path: &str| fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
    let namespace = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/mnt")).ok();
    let same_mounts = namespace("self").is_some_and(|own| namespace("1") == Some(own));
    let (own, first) = (id("/")?, id("/proc/1/root/.")?);
    (same_mounts && own != first).then(|| "/ is not the / of process 1".to_owned())
}

/// What hides a part of /proc. The folder for binfmt_misc is empty by itself, and hides nothing.
fn over_proc(mountinfo: &str) -> Vec<String> {
    let mut seen = vec![];
    for mount in fields(mountinfo) {
        let below = mount.point.strip_prefix("/proc/").is_some_and(|below| !below.starts_with("sys/fs/binfmt_misc"));
        if below {
            seen.push(format!("mounted over {}", mount.point));
        } else if mount.point == "/proc" && mount.options.split(',').any(|option| option == "ro") {
            seen.push("/proc is read-only".to_owned());
        }
    }
    seen.dedup();
    seen.truncate(4);
    seen
}
