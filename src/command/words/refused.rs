//! Why the kernel refused a call of a box, and what can be done about it.
//!
//! `user_namespaces(7)`, cgroups(7), apparmor(7), `pivot_root(2)`. What the failure pane says of a step, for whoever is at
//! the command line and can do more than go on with the lesson.

use std::fs;
use std::path::Path;

use nix::unistd::geteuid;

use super::Remedy;
use crate::course::event::Cause;
use crate::course::text::Text;
use crate::kernel::container::link::Failed;
use crate::kernel::run_cgroup::NoScope;
use crate::kernel::scope;
use crate::session::diagnose;

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
    known.or_else(|| by_cause(failed))
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

fn by_cause(failed: &Failed) -> Option<Remedy> {
    let failure = diagnose::failure(failed, &[]);
    let seen = failure.seen.join(", ");
    Some(match failure.cause {
        Cause::AppArmor => both(
            (
                format!("AppArmor takes its powers away from an ordinary user's namespace ({seen})"),
                format!("o AppArmor tira os poderes do namespace de um usuário comum ({seen})"),
            ),
            (
                "sudo unha …; or, until the next boot: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
                "sudo unha …; ou, até o próximo boot: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
            ),
        ),
        Cause::NoUserNamespaces => {
            let switch = if seen.contains("unprivileged_userns_clone") {
                "kernel.unprivileged_userns_clone=1"
            } else {
                "user.max_user_namespaces=15000"
            };
            both(
                (
                    format!("this system lets no ordinary user make a user namespace ({seen})"),
                    format!("este sistema não deixa um usuário comum criar um user namespace ({seen})"),
                ),
                (
                    format!("sudo unha …; or, until the next boot: sudo sysctl -w {switch}"),
                    format!("sudo unha …; ou, até o próximo boot: sudo sysctl -w {switch}"),
                ),
            )
        }
        Cause::NotPermitted => not_permitted(&seen),
        Cause::NoCgroup => no_cgroup(failed),
        Cause::NoRootfs | Cause::Wanted | Cause::Other => return None,
    })
}

fn not_permitted(seen: &str) -> Remedy {
    let seen = if seen.is_empty() { String::new() } else { format!(" ({seen})") };
    both(
        (
            format!("a system call filter or a missing capability forbids this call, as in a container{seen}"),
            format!("um filtro de chamadas ou uma capability que falta proíbe esta chamada, como num contêiner{seen}"),
        ),
        (
            "in Docker: docker run --privileged …; elsewhere: sudo unha …",
            "no Docker: docker run --privileged …; fora dele: sudo unha …",
        ),
    )
}

/// A cgroup that was handed over, but not with all that is wanted: root decides once what every login gets.
fn delegation_lacks(without: (&str, &str)) -> Remedy {
    let command = scope::delegate_command();
    both(
        (
            "systemd hands this user's logins fewer controllers than are wanted",
            "o systemd delega aos logins deste usuário menos controladores do que é preciso",
        ),
        (
            format!("{command}, then log in anew; {}", without.0),
            format!("{command}, e entre de novo na sessão; {}", without.1),
        ),
    )
}

/// Nowhere to make a cgroup. Version 1 is root's alone; in version 2 a part can be handed over.
fn no_cgroup(failed: &Failed) -> Remedy {
    let without = ("or without --memory, --cpus, --pids-limit, --all", "ou sem --memory, --cpus, --pids-limit, --all");
    let ordinary = !geteuid().is_root();
    let handed_over = failed.message.contains("handed over") || failed.message.contains("cgroup.procs");
    let (why, next) = if failed.message.ends_with("is mounted") {
        (
            ("there is no cgroup folder to make ours in", "não há pasta de cgroup onde criar a nossa"),
            ("sudo mount -t cgroup2 cgroup2 /sys/fs/cgroup", "sudo mount -t cgroup2 cgroup2 /sys/fs/cgroup"),
        )
    } else if ordinary && failed.message.contains("handed over without") {
        return delegation_lacks(without);
    } else if ordinary && handed_over {
        let (en, pt_br) = match scope::refused() {
            Some(NoScope::NoUserManager { .. }) => (
                "log in as this user on a console or by ssh (su gives no session), or sudo unha …",
                "entre com este usuário num console ou por ssh (su não abre sessão), ou sudo unha …",
            ),
            Some(NoScope::NoProgram) => {
                ("sudo apt install systemd, or sudo unha …", "sudo apt install systemd, ou sudo unha …")
            }
            _ => ("sudo unha …", "sudo unha …"),
        };
        (
            (
                "an ordinary user may set limits only in a cgroup that was delegated to them",
                "um usuário comum só põe limites num cgroup que foi delegado a ele",
            ),
            (en, pt_br),
        )
    } else if ordinary {
        (
            ("with cgroup version 1, only root makes cgroups", "com cgroup versão 1, só root cria cgroups"),
            ("sudo unha …", "sudo unha …"),
        )
    } else {
        (
            (
                "the cgroup file system is read-only here, or not handed over, as in a container",
                "aqui o sistema de arquivos de cgroup é só leitura, ou não foi delegado, como num contêiner",
            ),
            ("docker run --privileged …", "docker run --privileged …"),
        )
    };
    both(why, (format!("{}; {}", next.0, without.0), format!("{}; {}", next.1, without.1)))
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
