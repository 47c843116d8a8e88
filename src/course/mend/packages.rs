//! Which package has a program, and how it is installed: each family of distributions has names and a tool of its own.
//!
//! os-release(5) says of which family a machine is: `ID`, else the first of `ID_LIKE` that is known.

use crate::kernel::doctor::About;

/// The families of distributions, by what installs their packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Apt,
    Dnf,
    Pacman,
    Apk,
    Zypper,
    Nix,
    Other,
}

/// A program, and the package that has it: apt, dnf, pacman, apk, zypper, nix. Programs of the core utilities are
/// everywhere.
const PACKAGES: [(&str, [&str; 6]); 17] = [
    ("ps", ["procps", "procps-ng", "procps-ng", "procps", "procps", "procps"]),
    ("pgrep", ["procps", "procps-ng", "procps-ng", "procps", "procps", "procps"]),
    ("hostname", ["hostname", "hostname", "inetutils", "busybox", "hostname", "inetutils"]),
    ("mount", ["mount", "util-linux", "util-linux", "util-linux", "util-linux", "util-linux"]),
    ("umount", ["mount", "util-linux", "util-linux", "util-linux", "util-linux", "util-linux"]),
    ("unshare", ["util-linux", "util-linux", "util-linux", "util-linux", "util-linux", "util-linux"]),
    ("grep", ["grep", "grep", "grep", "grep", "grep", "gnugrep"]),
    ("ip", ["iproute2", "iproute", "iproute2", "iproute2", "iproute2", "iproute2"]),
    ("sh", ["dash", "bash", "bash", "busybox", "bash", "bash"]),
    ("newuidmap", ["uidmap", "shadow-utils", "shadow", "shadow-uidmap", "shadow", "shadow"]),
    ("sudo", ["sudo", "sudo", "sudo", "sudo", "sudo", "sudo"]),
    ("ss", ["iproute2", "iproute", "iproute2", "iproute2-ss", "iproute2", "iproute2"]),
    ("bash", ["bash", "bash", "bash", "bash", "bash", "bash"]),
    ("nc", ["netcat-openbsd", "nmap-ncat", "openbsd-netcat", "busybox", "netcat-openbsd", "busybox"]),
    ("uptime", ["procps", "procps-ng", "procps-ng", "procps", "procps", "procps"]),
    ("ipcmk", ["util-linux", "util-linux", "util-linux", "util-linux-misc", "util-linux", "util-linux"]),
    ("ipcs", ["util-linux", "util-linux-core", "util-linux", "util-linux", "util-linux", "util-linux"]),
];

/// Programs that lessons may call and that a machine may lack.
#[must_use]
pub fn programs() -> Vec<&'static str> {
    let core = [
        "cat", "chmod", "chroot", "head", "id", "ls", "mkdir", "rm", "rmdir", "seq", "sleep", "tail", "touch", "uname",
    ];
    let packaged = PACKAGES.iter().map(|(name, _)| *name).filter(|name| !matches!(*name, "newuidmap" | "sudo"));
    packaged.chain(core).collect()
}

pub(super) fn family(about: &About) -> Family {
    let families = [
        ("debian", Family::Apt),
        ("ubuntu", Family::Apt),
        ("fedora", Family::Dnf),
        ("rhel", Family::Dnf),
        ("centos", Family::Dnf),
        ("arch", Family::Pacman),
        ("alpine", Family::Apk),
        ("suse", Family::Zypper),
        ("opensuse", Family::Zypper),
        ("nixos", Family::Nix),
    ];
    let of = |word: &String| families.iter().find(|(name, _)| word == name || word.starts_with(&format!("{name}-")));
    about.distribution.iter().find_map(of).map_or(Family::Other, |(_, family)| *family)
}

/// The line that installs what has these programs.
pub(super) fn install(programs: &[&str], about: &About) -> Option<String> {
    let family = family(about);
    let packages = |column: usize| {
        let mut names: Vec<&str> = programs
            .iter()
            .map(|name| {
                PACKAGES.iter().find(|(known, _)| known == name).map_or("coreutils", |(_, names)| names[column])
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names.join(" ")
    };
    let sudo = if about.root { "" } else { "sudo " };
    Some(match family {
        Family::Apt => format!("{sudo}apt install {}", packages(0)),
        Family::Dnf => format!("{sudo}dnf install {}", packages(1)),
        Family::Pacman => format!("{sudo}pacman -S {}", packages(2)),
        Family::Apk => format!("{sudo}apk add {}", packages(3)),
        Family::Zypper => format!("{sudo}zypper install {}", packages(4)),
        Family::Nix => format!("nix-shell -p {}", packages(5)),
        Family::Other => return None,
    })
}
