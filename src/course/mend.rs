//! What mends it here: for each reason the one line for this distribution, the least invasive that there is.
//!
//! os-release(5). A line that changes the machine lasts until the next boot unless it must be for good; nothing here
//! weakens the machine for everybody where running as root is enough.

mod packages;

pub use self::packages::programs;
use self::packages::{Family, family, install};
use super::text::{Lang, Text};
use crate::kernel::doctor::About;
use crate::kernel::reason::{Because, Reason};

/// Starts unha in a cgroup that an ordinary user's systemd hands over.
const SCOPE: &str = "systemd-run --user --scope -p Delegate=yes unha";

/// The line that mends it here; or, where no command does, what does. `None`: nobody knows.
#[must_use]
pub fn mend(because: &Because, about: &About, lang: Lang) -> Option<String> {
    line(because, about).or_else(|| Some(in_words(because.reason, about)?.get(lang).to_owned()))
}

/// The line that mends it, to be typed as it is, where there is one.
#[must_use]
pub fn line(because: &Because, about: &About) -> Option<String> {
    let sudo = if about.root { "" } else { "sudo " };
    let first = because.seen.first().map_or("", String::as_str);
    let container = |options: &str| match about.container.as_deref() {
        Some("podman") => Some(format!("podman run {options} …")),
        Some(_) => Some(format!("docker run {options} …")),
        None => None,
    };
    let as_root = || (!about.root).then(|| "sudo unha".to_owned());
    match because.reason {
        Reason::ApparmorUserns if about.root => {
            Some("sysctl -w kernel.apparmor_restrict_unprivileged_userns=0".to_owned())
        }
        Reason::UsernsClone if about.root => Some("sysctl -w kernel.unprivileged_userns_clone=1".to_owned()),
        Reason::ApparmorUserns
        | Reason::UsernsClone
        | Reason::NotRoot
        | Reason::CgroupV1
        | Reason::CgroupNoSystemd
        | Reason::CgroupScopeRefused
        | Reason::CgroupRefused => as_root(),
        Reason::ApparmorProfile => {
            container("--privileged").or_else(|| Some(format!("{sudo}aa-exec -p unconfined -- unha")))
        }
        Reason::Selinux => {
            container("--privileged").or_else(|| Some("sudo -r unconfined_r -t unconfined_t unha".to_owned()))
        }
        Reason::NamespaceLimit => {
            let key = first.split(" = ").next().filter(|key| key.starts_with("user."));
            key.map(|key| format!("{sudo}sysctl -w {key}=15000"))
        }
        Reason::SeccompFilter | Reason::MissingCapability => container("--privileged"),
        Reason::CgroupNotOurs | Reason::CgroupOutOfSight | Reason::NoControllers => {
            container("--privileged --cgroupns=private")
        }
        Reason::ProcMasked => match about.container.as_deref() {
            Some("podman") => container("--security-opt unmask=ALL"),
            Some(_) => container("--security-opt systempaths=unconfined"),
            None => first.strip_prefix("mounted over ").map(|path| format!("{sudo}umount {path}")),
        },
        Reason::NoProc => Some(format!("{sudo}mount -t proc proc /proc")),
        Reason::NoOverlay => Some(format!("{sudo}modprobe overlay")),
        Reason::OverlayRefused | Reason::CacheUnwritable => Some("XDG_CACHE_HOME=$(mktemp -d) unha".to_owned()),
        Reason::NoCgroupfs if family(about) == Family::Apk => Some(format!("{sudo}rc-service cgroups start")),
        Reason::NoCgroupfs => Some(format!("{sudo}mount -t cgroup2 cgroup2 /sys/fs/cgroup")),
        Reason::CgroupReadOnly => container("--privileged --cgroupns=private")
            .or_else(|| Some(format!("{sudo}mount -o remount,rw /sys/fs/cgroup"))),
        Reason::CgroupNotAllDelegated => Some(format!(
            "{sudo}sh -c 'cd /etc/systemd/system && mkdir -p user@.service.d && printf \"[Service]\\nDelegate=cpu memory \
             pids\\n\" >user@.service.d/unha.conf && systemctl daemon-reload'"
        )),
        Reason::IoNotDelegated => Some(format!(
            "{sudo}sh -c 'cd /etc/systemd/system && mkdir -p user@.service.d && printf \"[Service]\\nDelegate=cpu cpuset io \
             memory pids\\n\" >user@.service.d/unha.conf && systemctl daemon-reload'"
        )),
        Reason::CgroupNotDelegated => Some(SCOPE.to_owned()),
        Reason::CgroupPopulated if about.systemd && !about.root => Some(SCOPE.to_owned()),
        Reason::NoNewuidmap => install(&["newuidmap"], about),
        Reason::NoSubids => {
            Some(format!("{sudo}usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER"))
        }
        Reason::NewuidmapRefused => Some(format!("{sudo}chmod u+s $(command -v newuidmap newgidmap)")),
        Reason::PressureOff if family(about) == Family::Dnf => {
            Some(format!("{sudo}grubby --update-kernel=ALL --args=psi=1"))
        }
        Reason::ProgramMissing | Reason::ProgramBusybox | Reason::RootfsLacks => {
            let names: Vec<&str> = because.seen.iter().map(String::as_str).collect();
            install(&names, about)
        }
        Reason::NoTerminal => Some("unha check".to_owned()),
        Reason::TerminalDumb => Some("TERM=xterm-256color unha".to_owned()),
        Reason::NotUtf8 => Some("LC_ALL=C.UTF-8 unha".to_owned()),
        _ => None,
    }
}

/// What helps where no command does.
fn in_words(reason: Reason, about: &About) -> Option<Text> {
    let (en, pt_br) = match reason {
        Reason::Chrooted => ("leave the chroot (exit) and run unha there", "saia do chroot (exit) e rode o unha lá"),
        Reason::CgroupNoUserManager => {
            ("log in as yourself (not by su), then unha", "entre com o seu login (sem su), depois unha")
        }
        Reason::CgroupPopulated => (
            "start unha alone in a cgroup: by its own service or scope",
            "rode o unha sozinho num cgroup: num serviço ou scope só dele",
        ),
        Reason::SeccompFilter | Reason::MissingCapability | Reason::CgroupNotOurs | Reason::CgroupOutOfSight => (
            "run unha outside of the container or sandbox that this is",
            "rode o unha fora do contêiner ou sandbox em que está",
        ),
        Reason::NotInKernel | Reason::RootIsRamdisk => {
            ("a virtual machine: unha vm multipass", "uma máquina virtual: unha vm multipass")
        }
        Reason::NoControllers if about.wsl => (
            "in .wslconfig: kernelCommandLine = cgroup_no_v1=all; then wsl --shutdown",
            "no .wslconfig: kernelCommandLine = cgroup_no_v1=all; depois wsl --shutdown",
        ),
        Reason::NoControllers => (
            "cgroup_enable=memory on the kernel's command line, then a reboot",
            "cgroup_enable=memory na linha de comando do kernel, e reiniciar",
        ),
        Reason::PressureOff => {
            ("psi=1 on the kernel's command line, then a reboot", "psi=1 na linha de comando do kernel, e reiniciar")
        }
        Reason::TerminalTooSmall | Reason::TerminalNarrow => {
            ("a larger window or a smaller font: 80×24 at least", "uma janela maior ou letra menor: pelo menos 80×24")
        }
        Reason::TooSlow => ("try again when the machine is less busy", "tente de novo com a máquina menos ocupada"),
        Reason::ProgramMissing | Reason::ProgramBusybox | Reason::NoNewuidmap | Reason::RootfsLacks => {
            ("install them as this system installs programs", "instale como este sistema instala programas")
        }
        _ => return None,
    };
    Some(Text::both(en, pt_br))
}

/// Whether running as root would be enough.
#[must_use]
pub const fn root_helps(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::ApparmorUserns
            | Reason::UsernsClone
            | Reason::NotRoot
            | Reason::CgroupV1
            | Reason::CgroupNotDelegated
            | Reason::CgroupNoSystemd
            | Reason::CgroupNoUserManager
            | Reason::CgroupScopeRefused
            | Reason::CgroupNotAllDelegated
            | Reason::IoNotDelegated
            | Reason::CgroupPopulated
            | Reason::CgroupRefused
            | Reason::OverlayRefused
            | Reason::Unknown
    )
}

/// Whether another kernel's own system, in a VM or a privileged container, would be enough.
#[must_use]
pub const fn elsewhere_helps(reason: Reason) -> bool {
    !matches!(
        reason,
        Reason::NoTerminal
            | Reason::TerminalTooSmall
            | Reason::TerminalNarrow
            | Reason::TerminalDumb
            | Reason::NotUtf8
            | Reason::TooSlow
            | Reason::NoSubids
            | Reason::PressureOff
    )
}

/// The lines that help *here* against these reasons, best first: what mends each, root, docker, a VM.
#[must_use]
pub fn helps<'a>(reasons: impl IntoIterator<Item = &'a Because>, about: &About, lang: Lang) -> Vec<String> {
    let reasons: Vec<&Because> = reasons.into_iter().collect();
    let mut lines: Vec<String> = vec![];
    let as_root = !about.root && !reasons.is_empty() && reasons.iter().all(|because| root_helps(because.reason));
    if as_root {
        lines.push("sudo unha".to_owned());
    }
    let delegated = reasons.iter().all(|because| because.reason == Reason::CgroupNotDelegated);
    if !as_root || delegated {
        let at = if delegated { 0 } else { lines.len() };
        for line in reasons.iter().filter_map(|because| mend(because, about, lang)).rev() {
            lines.insert(at, line);
        }
    }
    if reasons.iter().any(|because| elsewhere_helps(because.reason)) {
        if about.docker {
            lines.push("unha vm docker".to_owned());
        }
        lines.push(if about.wsl { "unha vm wsl" } else { "unha vm multipass" }.to_owned());
    }
    let mut seen = std::collections::BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(words: &[&str]) -> About {
        About { distribution: words.iter().map(|word| (*word).to_owned()).collect(), ..About::default() }
    }

    #[test]
    fn a_package_is_installed_as_the_distribution_does() {
        let because = Because::seen(Reason::ProgramMissing, ["ps".to_owned(), "hostname".to_owned()]);
        let cases = [
            (&["ubuntu", "debian"][..], "sudo apt install hostname procps"),
            (&["fedora"], "sudo dnf install hostname procps-ng"),
            (&["rocky", "rhel", "centos", "fedora"], "sudo dnf install hostname procps-ng"),
            (&["manjaro", "arch"], "sudo pacman -S inetutils procps-ng"),
            (&["alpine"], "sudo apk add busybox procps"),
            (&["opensuse-leap", "suse", "opensuse"], "sudo zypper install hostname procps"),
            (&["nixos"], "nix-shell -p inetutils procps"),
        ];
        for (words, line) in cases {
            assert_eq!(mend(&because, &on(words), Lang::En).as_deref(), Some(line));
        }
        let elsewhere = mend(&because, &on(&["haiku"]), Lang::En).unwrap();
        assert!(elsewhere.starts_with("install them"), "{elsewhere}");
    }

    #[test]
    fn every_reason_but_the_unknown_has_something_that_helps_an_ordinary_user() {
        for reason in Reason::ALL {
            let because = Because::seen(*reason, ["user.max_user_namespaces = 0".to_owned()]);
            let lines = helps([&because], &on(&["debian"]), Lang::En);
            assert!(!lines.is_empty() || *reason == Reason::RootfsUnusable, "{reason:?}");
        }
    }

    #[test]
    fn the_least_invasive_line_comes_first() {
        let apparmor = Because::seen(Reason::ApparmorUserns, []);
        let about = About { docker: true, ..on(&["ubuntu", "debian"]) };
        assert_eq!(helps([&apparmor], &about, Lang::En), ["sudo unha", "unha vm docker", "unha vm multipass"]);
        let limit = Because::seen(Reason::NamespaceLimit, ["user.max_user_namespaces = 0".to_owned()]);
        assert_eq!(helps([&limit], &about, Lang::En)[0], "sudo sysctl -w user.max_user_namespaces=15000");
        let filter = Because::seen(Reason::SeccompFilter, []);
        let inside = About { container: Some("docker".to_owned()), root: true, ..on(&["debian"]) };
        assert_eq!(helps([&filter], &inside, Lang::En)[0], "docker run --privileged …");
        let scope = Because::seen(Reason::CgroupNotDelegated, []);
        assert_eq!(helps([&scope], &about, Lang::En)[0], "systemd-run --user --scope -p Delegate=yes unha");
    }
}
