//! How much each of the judge's gaps weighs, and where it is written that it is one.
//!
//! The weights are for a container that somebody else's program runs in. A recommendation is cited by its title, for the numbers of
//! benchmarks change from one edition to the next.

use super::super::grade::{Aspect as A, Finding as F, Item};
use super::{Severity, Source};

const fn source(name: &'static str, url: &'static str) -> Source {
    Source { name, url }
}

/// Kubernetes's Pod Security Standards: what no pod, or no hardened one, should have.
macro_rules! pods {
    ($level:literal, $control:literal) => {
        source(
            concat!("Kubernetes Pod Security Standards, ", $level, ": ", $control),
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        )
    };
}

/// The benchmark of the Center for Internet Security, in its section on containers at run time.
macro_rules! cis {
    ($title:literal) => {
        source(concat!("CIS Docker Benchmark, section 5: ", $title), "https://www.cisecurity.org/benchmark/docker")
    };
}

/// A page of the manual.
macro_rules! manual {
    ($page:literal, $section:literal) => {
        source(
            concat!($page, "(", $section, ")"),
            concat!("https://man7.org/linux/man-pages/man", $section, "/", $page, ".", $section, ".html"),
        )
    };
}

pub(super) const SOCKET: Source = source(
    "Docker: Docker daemon attack surface",
    "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
);
pub(super) const FOLDERS: Source = cis!("sensitive host system directories are not mounted on containers");
pub(super) const MASKS: Source = pods!("Baseline", "/proc Mount Type");
pub(super) const APPARMOR: Source = pods!("Baseline", "AppArmor");
pub(super) const SELINUX: Source = pods!("Baseline", "SELinux");
pub(super) const CAPABILITIES: Source = manual!("capabilities", "7");
pub(super) const POD_CAPABILITIES: Source = pods!("Baseline", "Capabilities");
pub(super) const BY_HANDLE: Source = manual!("open_by_handle_at", "2");
pub(super) const MODULES: Source = manual!("init_module", "2");
pub(super) const PTRACE: Source = manual!("ptrace", "2");

/// The weight and the source of a gap.
pub(super) const fn of(item: &Item) -> (Severity, Source) {
    match item.aspect {
        A::User
        | A::RootId
        | A::Uts
        | A::Pid
        | A::Proc
        | A::Mount
        | A::Root
        | A::Net
        | A::Ipc
        | A::Cgroup
        | A::Time => of_namespace(item),
        _ => of_process(item.aspect),
    }
}

const fn of_namespace(item: &Item) -> (Severity, Source) {
    use Severity::{High, Low, Medium};
    match (item.aspect, item.finding) {
        (A::Mount, F::Shared) if item.only_sees => (Low, manual!("mount_namespaces", "7")),
        (A::Net, _) if item.only_sees => (Low, manual!("network_namespaces", "7")),
        (A::Pid | A::Ipc, _) if item.only_sees => (Low, pods!("Baseline", "Host Namespaces")),
        (A::Proc, F::Hidden) => (Low, manual!("proc", "5")),
        (A::Proc, _) if item.only_sees => (Low, manual!("proc_pid_cmdline", "5")),
        (A::User, _) => (Low, manual!("user_namespaces", "7")),
        (A::RootId, _) => (Medium, pods!("Restricted", "Running as Non-root")),
        (A::Uts, _) => (Low, cis!("the host's UTS namespace is not shared")),
        (A::Pid, F::NotFirst) => (Low, manual!("pid_namespaces", "7")),
        (A::Pid | A::Ipc, _) => (Medium, pods!("Baseline", "Host Namespaces")),
        (A::Proc, _) => (Medium, manual!("proc_pid_root", "5")),
        (A::Mount, F::Propagates) => (Medium, cis!("mount propagation mode is not set to shared")),
        (A::Mount, _) => (High, manual!("mount_namespaces", "7")),
        (A::Root, F::ReadOnly) => (Medium, pods!("Baseline", "HostPath Volumes")),
        (A::Root, F::ChrootOnly) => (High, manual!("chroot", "2")),
        (A::Root, _) => (High, pods!("Baseline", "HostPath Volumes")),
        (A::Net, _) => (
            Medium,
            source(
                "CVE-2020-15257 (containerd-shim's socket, reached by sharing the network)",
                "https://nvd.nist.gov/vuln/detail/CVE-2020-15257",
            ),
        ),
        (A::Time, _) => (Low, manual!("time_namespaces", "7")),
        _ => (Low, manual!("cgroup_namespaces", "7")),
    }
}

const fn of_process(aspect: A) -> (Severity, Source) {
    use Severity::{High, Low, Medium};
    match aspect {
        A::PidsLimit => (Medium, cis!("the PIDs cgroup limit is used")),
        A::MemoryLimit => (Medium, cis!("the memory usage for containers is limited")),
        A::CpuLimit => (Low, manual!("cgroups", "7")),
        A::Cgroupfs => (
            High,
            source(
                "CVE-2022-0492 (cgroup version 1's release_agent)",
                "https://nvd.nist.gov/vuln/detail/CVE-2022-0492",
            ),
        ),
        A::ProcSys => (High, manual!("core", "5")),
        A::Sys => (High, cis!("sensitive host system directories are not mounted on containers")),
        A::Disks => (High, cis!("host devices are not directly exposed to containers")),
        A::Descriptors | A::Cwd => {
            (High, source("CVE-2024-21626 (runc)", "https://nvd.nist.gov/vuln/detail/CVE-2024-21626"))
        }
        A::Capabilities => (High, POD_CAPABILITIES),
        A::NoNewPrivs => (Low, pods!("Restricted", "Privilege Escalation")),
        _ => (Medium, pods!("Restricted", "Seccomp")),
    }
}
