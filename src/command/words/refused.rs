//! Why the kernel refused a call of a box, and what can be done about it.
//!
//! `user_namespaces(7)`, cgroups(7), apparmor(7), `pivot_root(2)`. What the failure pane says of a step, for whoever is at
//! the command line and can do more than go on with the lesson.

use std::fs;
use std::path::Path;

use nix::unistd::geteuid;

use super::Remedy;
use crate::course::mend::mend;
use crate::course::portuguese::plainly;
use crate::course::reason::why;
use crate::course::text::{Lang, Text};
use crate::kernel::container::link::Failed;
use crate::kernel::doctor::About;
use crate::kernel::reason::{Because, Evidence, Reason};

/// The cause of a failure and the next thing to do, where they are known.
pub(super) fn remedy(failed: &Failed) -> Option<Remedy> {
    let call = failed.call.as_ref();
    let name = call.map_or("", |call| call.name.as_str());
    let args: Vec<&str> =
        call.map_or_else(Vec::new, |call| call.args.iter().map(|arg| arg.trim_matches('"')).collect());
    let first = args.first().copied().unwrap_or_default();
    let known = match (name, failed.errno.unwrap_or_default()) {
        ("execve", errno) => return execve(first, errno),
        ("sethostname", libc::EINVAL) => Some(hostname(first)),
        ("fork" | "clone", libc::EAGAIN) => Some(too_few_processes()),
        ("", libc::ENOMEM) => Some(too_little_memory()),
        ("mount", errno) => mount(&args, errno),
        ("pivot_root", libc::EINVAL) => Some(on_initramfs()),
        ("unshare", libc::ENOSPC) => Some(used_up(first)),
        ("unshare", libc::EINVAL) => Some(not_built_in(first)),
        ("openat" | "write", errno) => limit(first, errno),
        _ => None,
    };
    known.or_else(|| by_reason(failed))
}

fn both(why: (impl Into<String>, impl Into<String>), next: (impl Into<String>, impl Into<String>)) -> Remedy {
    Remedy { why: Text::both(why.0, why.1), next: Text::both(next.0, next.1) }
}

fn execve(command: &str, errno: i32) -> Option<Remedy> {
    Some(match errno {
        libc::EACCES => both(
            (
                "it may not be executed: no x permission, a folder, or a file system mounted noexec",
                "não pode ser executado: sem permissão x, é uma pasta, ou está num sistema de arquivos noexec",
            ),
            (format!("ls -ld {command}; findmnt -T {command}"), format!("ls -ld {command}; findmnt -T {command}")),
        ),
        libc::ENOEXEC => both(
            (
                "it is no program for this machine; a script needs a first line such as #!/bin/sh",
                "não é um programa para esta máquina; um script precisa começar com uma linha como #!/bin/sh",
            ),
            (format!("file {command}; or unha run sh {command}"), format!("file {command}; ou unha run sh {command}")),
        ),
        libc::E2BIG => both(
            (
                "arguments and environment together are too long",
                "os argumentos e o ambiente, somados, são longos demais",
            ),
            ("fewer or shorter arguments", "menos argumentos, ou mais curtos"),
        ),
        _ => return None,
    })
}

fn hostname(name: &str) -> Remedy {
    let bytes = name.len();
    both(
        (
            format!("Linux takes a host name of 64 bytes at most, and this one has {bytes}"),
            format!("o Linux aceita um hostname de até 64 bytes, e este tem {bytes}"),
        ),
        ("a shorter --hostname", "um --hostname mais curto"),
    )
}

fn too_few_processes() -> Remedy {
    both(
        (
            "the limit of processes was reached before the command started (pids.max, or ulimit -u)",
            "o limite de processos foi atingido antes de o comando começar (pids.max, ou ulimit -u)",
        ),
        ("a higher --pids-limit, such as 15", "um --pids-limit maior, como 15"),
    )
}

fn too_little_memory() -> Remedy {
    both(
        (
            "its memory limit does not even let it start: the kernel's OOM killer ended it",
            "com esse limite de memória ele nem começa: o OOM killer do kernel o matou",
        ),
        ("a higher --memory, such as 16M", "um --memory maior, como 16M"),
    )
}

fn mount(args: &[&str], errno: i32) -> Option<Remedy> {
    let kind = args.get(2).copied().unwrap_or_default();
    Some(match (kind, errno) {
        ("overlay", libc::ENODEV) => both(
            (
                "this kernel has no overlay file system loaded",
                "este kernel não tem o sistema de arquivos overlay carregado",
            ),
            ("sudo modprobe overlay", "sudo modprobe overlay"),
        ),
        ("overlay", libc::EPERM) if !geteuid().is_root() => both(
            ("before Linux 5.11 only root may mount an overlay", "antes do Linux 5.11, só root pode montar um overlay"),
            ("sudo unha run …, or no --rootfs", "sudo unha run …, ou sem --rootfs"),
        ),
        ("overlay", libc::EINVAL) => both(
            (
                "the kernel takes no overlay over this folder: another overlay, or a file system that cannot be below one",
                "o kernel não aceita um overlay sobre essa pasta: outro overlay, ou um sistema de arquivos que não serve \
                 de base",
            ),
            ("a folder on ext4, xfs, btrfs or tmpfs", "uma pasta em ext4, xfs, btrfs ou tmpfs"),
        ),
        ("proc", libc::EPERM) => both(
            (
                "a new /proc is only for those who see a whole old one, and something is mounted over parts of this one",
                "um /proc novo é só para quem vê o antigo inteiro, e há algo montado por cima de partes deste",
            ),
            (
                "in Docker: docker run --security-opt systempaths=unconfined …; or --no-mount",
                "no Docker: docker run --security-opt systempaths=unconfined …; ou --no-mount",
            ),
        ),
        _ => return None,
    })
}

fn on_initramfs() -> Remedy {
    both(
        (
            "the root here is the initramfs, which cannot be pivoted away from",
            "a raiz daqui é o initramfs, e dele não se sai com pivot_root",
        ),
        ("start unha from a system on a disk", "rode o unha num sistema em disco"),
    )
}

/// The setting that says how many namespaces there may be, by the flag that asks for one.
fn setting(flag: &str) -> &'static str {
    match flag {
        "CLONE_NEWUTS" => "uts",
        "CLONE_NEWPID" => "pid",
        "CLONE_NEWNS" => "mnt",
        "CLONE_NEWIPC" => "ipc",
        "CLONE_NEWNET" => "net",
        "CLONE_NEWCGROUP" => "cgroup",
        "CLONE_NEWTIME" => "time",
        _ => "user",
    }
}

fn used_up(flag: &str) -> Remedy {
    let name = setting(flag);
    let value = fs::read_to_string(format!("/proc/sys/user/max_{name}_namespaces")).unwrap_or_default();
    let seen = format!("user.max_{name}_namespaces = {}", value.trim());
    both(
        (
            format!("as many namespaces of this kind as are allowed are in use ({seen}), or 32 are nested"),
            format!("já há tantos namespaces desse tipo quantos são permitidos ({seen}), ou 32 aninhados"),
        ),
        (
            format!("sudo sysctl -w user.max_{name}_namespaces=15000"),
            format!("sudo sysctl -w user.max_{name}_namespaces=15000"),
        ),
    )
}

fn not_built_in(flag: &str) -> Remedy {
    both(
        (
            format!("this kernel was built without what {flag} asks for"),
            format!("este kernel foi compilado sem o que {flag} pede"),
        ),
        ("ls /proc/self/ns shows which namespaces it has", "ls /proc/self/ns mostra quais namespaces ele tem"),
    )
}

/// A limit's file that was not written to; `None` if the file holds none.
fn limit(file: &str, errno: i32) -> Option<Remedy> {
    let name = Path::new(file).file_name()?.to_str()?;
    let option = match name.split('.').next()? {
        "pids" => "--pids-limit",
        "memory" => "--memory",
        "cpu" => "--cpus",
        _ => return None,
    };
    let why = match errno {
        libc::EINVAL if option == "--pids-limit" => (
            "the kernel takes no more than 4194304 processes here".to_owned(),
            "aqui o kernel não aceita mais de 4194304 processos".to_owned(),
        ),
        libc::EINVAL => (
            format!("the kernel takes no such value in {name}: the cgroup above it may allow less"),
            format!("o kernel não aceita esse valor em {name}: talvez o cgroup de cima permita menos"),
        ),
        libc::EBUSY => (
            format!("more than that is in use already, so {name} cannot be set"),
            format!("já está em uso mais do que isso, então {name} não aceita"),
        ),
        libc::ENOENT => (
            format!("this kernel has no {name} here: the controller is not there"),
            format!("este kernel não tem {name} aqui: falta o controlador"),
        ),
        _ => return None,
    };
    Some(both(why, (format!("another {option}, or none"), format!("outro {option}, ou nenhum"))))
}

/// What is known of a refusal on this machine: the same as `unha doctor` says.
fn by_reason(failed: &Failed) -> Option<Remedy> {
    let because = Because::of(failed, &Evidence::look());
    let refused = matches!(failed.errno, Some(libc::EPERM | libc::EACCES));
    if because.reason == Reason::Unknown && !refused {
        return None;
    }
    let about = About::look();
    let seen = because.seen.join("; ");
    let why = |lang| match seen.as_str() {
        "" => why(because.reason, lang).to_owned(),
        seen => format!("{} ({})", why(because.reason, lang), plainly(seen, lang)),
    };
    let next = |lang: Lang| {
        let line = mend(&because, &about, lang);
        let line =
            line.unwrap_or_else(|| lang.pick("unha doctor, which says more", "unha doctor, que diz mais").to_owned());
        // What is typed is a command of `run`, not the course.
        let line = if line.ends_with(" unha") { format!("{line} run …") } else { line };
        if of_the_cgroup(because.reason) {
            let without = lang.pick(
                "or without --memory, --cpus, --pids-limit, --all",
                "ou sem --memory, --cpus, --pids-limit, --all",
            );
            return format!("{line}; {without}");
        }
        line
    };
    Some(Remedy { why: Text::both(why(Lang::En), why(Lang::PtBr)), next: Text::both(next(Lang::En), next(Lang::PtBr)) })
}

const fn of_the_cgroup(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::NoCgroupfs
            | Reason::NoControllers
            | Reason::CgroupReadOnly
            | Reason::CgroupV1
            | Reason::CgroupNotDelegated
            | Reason::CgroupNoSystemd
            | Reason::CgroupNotOurs
            | Reason::CgroupOutOfSight
            | Reason::CgroupNoUserManager
            | Reason::CgroupScopeRefused
            | Reason::CgroupNotAllDelegated
            | Reason::CgroupPopulated
            | Reason::CgroupRefused
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::journal::Call;

    fn failed(name: &str, args: &[&str], errno: i32) -> Failed {
        let result = Err(format!("{:?}", nix::errno::Errno::from_raw(errno)));
        let call = Call { name: name.to_owned(), args: args.iter().map(|arg| format!("\"{arg}\"")).collect(), result };
        Failed { message: call.to_string(), call: Some(call), errno: Some(errno) }
    }

    #[test]
    fn what_is_known_has_a_cause_and_a_way_out_in_both_languages() {
        let memory = "/sys/fs/cgroup/unha-1-0/memory.max";
        let known = [
            failed("execve", &["x"], libc::EACCES),
            failed("execve", &["x"], libc::ENOEXEC),
            failed("execve", &["x"], libc::E2BIG),
            failed("sethostname", &["x"], libc::EINVAL),
            failed("clone", &[], libc::EAGAIN),
            failed("mount", &["overlay", "/", "overlay"], libc::ENODEV),
            failed("mount", &["overlay", "/", "overlay"], libc::EINVAL),
            failed("mount", &["proc", "/proc", "proc"], libc::EPERM),
            failed("pivot_root", &[".", "."], libc::EINVAL),
            failed("unshare", &["CLONE_NEWNET"], libc::ENOSPC),
            failed("unshare", &["CLONE_NEWNET"], libc::EINVAL),
            failed("unshare", &["CLONE_NEWUSER"], libc::EPERM),
            failed("write", &["/proc/self/uid_map", "0 0 1"], libc::EPERM),
            failed("write", &[memory, "1"], libc::EBUSY),
            failed("write", &[memory, "1"], libc::EINVAL),
            failed("openat", &[memory, "O_WRONLY"], libc::ENOENT),
            failed("openat", &["/sys/fs/cgroup/x/cgroup.procs", "O_WRONLY"], libc::EACCES),
            Failed::words(&"no cgroup hierarchy with the controllers pids, memory and cpu is mounted"),
            Failed::words(&"/sys/fs/cgroup/x: no cgroup here is handed over to this user"),
        ];
        for failed in known {
            let Some(Remedy { why, next }) = remedy(&failed) else { panic!("nothing is known of {failed}") };
            assert_ne!(why.en, why.pt_br, "{failed}");
            assert!(!next.en.is_empty() && !next.pt_br.is_empty(), "{failed}");
        }
    }
}
