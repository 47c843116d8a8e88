//! The reasons in words: one sentence each, in both languages. Every screen and command that says why takes it from here.

use super::text::{Lang, Text};
use crate::kernel::doctor::What;
use crate::kernel::reason::Reason;

/// Why, as a sentence.
#[must_use]
pub fn why(reason: Reason, lang: Lang) -> &'static str {
    let (en, pt_br) = sentence(reason);
    lang.pick(en, pt_br)
}

#[expect(clippy::too_many_lines, reason = "a table")]
const fn sentence(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::ApparmorUserns => (
            "This system lets you make a user namespace, then AppArmor takes its powers away.",
            "Este sistema deixa criar um user namespace, mas o AppArmor tira os poderes dele.",
        ),
        Reason::ApparmorProfile => {
            ("An AppArmor profile confines this program.", "Um perfil do AppArmor confina este programa.")
        }
        Reason::Selinux => ("SELinux forbids it by its policy.", "A política do SELinux proíbe."),
        Reason::NamespaceLimit => (
            "No more namespaces of this kind are allowed here: the limit is 0, or all are in use.",
            "Não são permitidos mais namespaces desse tipo: o limite é 0, ou já estão todos em uso.",
        ),
        Reason::UsernsClone => (
            "This system's switch keeps ordinary users from making user namespaces.",
            "Uma chave deste sistema impede usuários comuns de criar user namespaces.",
        ),
        Reason::Chrooted => (
            "This is a chroot, and the kernel gives no user namespace to a chrooted process.",
            "Isto é um chroot, e o kernel não dá user namespace a um processo em chroot.",
        ),
        Reason::SeccompFilter => (
            "A system call filter (seccomp) forbids it, as in a container.",
            "Um filtro de chamadas de sistema (seccomp) proíbe, como num contêiner.",
        ),
        Reason::MissingCapability => (
            "This root lacks the capability for it, as in a container.",
            "A este root falta a capability para isso, como num contêiner.",
        ),
        Reason::NotRoot => ("Only root may do this.", "Só root pode fazer isso."),
        Reason::NotInKernel => (
            "This kernel was built without it, or is too old.",
            "Este kernel foi compilado sem isso, ou é antigo demais.",
        ),
        Reason::ProcMasked => (
            "Parts of /proc are hidden or read-only here, and then the kernel gives no new one.",
            "Partes do /proc estão escondidas ou só para leitura, e aí o kernel não dá um novo.",
        ),
        Reason::NoProc => ("No /proc is mounted here.", "Não há /proc montado aqui."),
        Reason::NoOverlay => (
            "The kernel has no overlay file system loaded.",
            "O kernel não tem o sistema de arquivos overlay carregado.",
        ),
        Reason::OverlayRefused => (
            "The kernel takes no overlay over these folders: they are on another overlay, or on a file system that \
             cannot be below one.",
            "O kernel não aceita um overlay sobre essas pastas: estão em outro overlay, ou num sistema de arquivos que \
             não serve de base.",
        ),
        Reason::RootIsRamdisk => (
            "The root here is the initramfs, which cannot be pivoted away from.",
            "A raiz daqui é o initramfs, e dele não se sai com pivot_root.",
        ),
        Reason::NoCgroupfs => {
            ("No cgroup file system is mounted here.", "Não há sistema de arquivos de cgroup montado aqui.")
        }
        Reason::NoControllers => (
            "The cgroups here come without the controllers pids, memory and cpu.",
            "Os cgroups daqui vêm sem os controladores pids, memory e cpu.",
        ),
        Reason::CgroupReadOnly => (
            "The cgroup file system is read-only here, as in a container.",
            "Aqui o sistema de arquivos de cgroup é só para leitura, como num contêiner.",
        ),
        Reason::CgroupV1 => {
            ("With cgroup version 1, only root may set limits.", "Com cgroup versão 1, só root pode pôr limites.")
        }
        Reason::CgroupNotDelegated => (
            "An ordinary user may set limits only in a cgroup that was delegated to them.",
            "Um usuário comum só põe limites num cgroup que foi delegado a ele.",
        ),
        Reason::CgroupNoSystemd => (
            "No cgroup is delegated to you, and no systemd runs here that could do it.",
            "Nenhum cgroup foi delegado a você, e aqui não roda um systemd que pudesse delegar.",
        ),
        Reason::CgroupNotOurs => (
            "Root may not make a cgroup here, as in a container.",
            "Aqui nem root pode criar um cgroup, como num contêiner.",
        ),
        Reason::CgroupOutOfSight => (
            "The cgroup of this process is outside of what is mounted here.",
            "O cgroup deste processo fica fora do que está montado aqui.",
        ),
        Reason::CgroupNoUserManager => (
            "Your own systemd does not run, as after su, so it cannot hand over a cgroup.",
            "O seu systemd não está rodando, como depois de um su, e não pode delegar um cgroup.",
        ),
        Reason::CgroupScopeRefused => (
            "systemd was asked to hand over a cgroup, and did not.",
            "Pedimos ao systemd que delegasse um cgroup, e ele não delegou.",
        ),
        Reason::CgroupNotAllDelegated => (
            "systemd hands over cgroups here, but not all of pids, memory and cpu.",
            "O systemd daqui delega cgroups, mas não com pids, memory e cpu juntos.",
        ),
        Reason::IoNotDelegated => (
            "systemd hands over cgroups here, but not io, the one for disks.",
            "O systemd daqui delega cgroups, mas não com io, o dos discos.",
        ),
        Reason::NoDisk => (
            "/var/tmp is on no disk of this machine, so there is none to slow down.",
            "/var/tmp não está em nenhum disco desta máquina: não há o que limitar.",
        ),
        Reason::CgroupPopulated => (
            "Other processes are in the cgroup that was handed over, and they are not ours to move.",
            "Há outros processos no cgroup que foi delegado, e não cabe a nós movê-los.",
        ),
        Reason::CgroupRefused => {
            ("No cgroup with limits can be had here.", "Aqui não dá para ter um cgroup com limites.")
        }
        Reason::NoNewuidmap => (
            "newuidmap is not installed: a user namespace of yours gets one id only.",
            "O newuidmap não está instalado: um user namespace seu recebe um id só.",
        ),
        Reason::NoSubids => (
            "No range of ids is granted to you: a user namespace of yours gets one id only.",
            "Nenhuma faixa de ids foi dada a você: um user namespace seu recebe um id só.",
        ),
        Reason::NewuidmapRefused => (
            "newuidmap refuses to map the range of ids that you are granted.",
            "O newuidmap se recusa a mapear a faixa de ids que foi dada a você.",
        ),
        Reason::PressureOff => ("The kernel keeps no account of pressure (PSI).", "O kernel não mede a pressão (PSI)."),
        Reason::ProgramMissing => ("Programs that lessons call are missing.", "Faltam programas que as lições chamam."),
        Reason::ProgramBusybox => (
            "These are busybox's, which lack options that lessons use.",
            "Estes são do busybox, sem opções que as lições usam.",
        ),
        Reason::CacheUnwritable => (
            "There is no folder to keep the built-in root file system in.",
            "Não há pasta onde guardar o sistema de arquivos raiz embutido.",
        ),
        Reason::RootfsUnusable => (
            "The root file system for the box is missing or cannot be used.",
            "O sistema de arquivos raiz da caixa falta ou não serve.",
        ),
        Reason::RootfsLacks => (
            "The root file system for the box could not be given all of its programs.",
            "O sistema de arquivos raiz da caixa ficou sem alguns programas.",
        ),
        Reason::NoTerminal => ("There is no terminal here to look at.", "Não há um terminal aqui para examinar."),
        Reason::TerminalTooSmall => {
            ("The terminal is too small to show a lesson.", "O terminal é pequeno demais para mostrar uma lição.")
        }
        Reason::TerminalNarrow => (
            "The terminal is smaller than 80×24: texts are cut short.",
            "O terminal é menor que 80×24: os textos ficam cortados.",
        ),
        Reason::TerminalDumb => (
            "TERM says that the terminal can do nothing but print.",
            "Pelo TERM, o terminal não faz nada além de imprimir.",
        ),
        Reason::NotUtf8 => (
            "The locale is not UTF-8: lines and accents may come out garbled.",
            "O locale não é UTF-8: linhas e acentos podem sair trocados.",
        ),
        Reason::TooSlow => {
            ("It took longer than it may, so it was given up.", "Demorou mais do que pode, e desistimos.")
        }
        Reason::Unknown => (
            "The kernel refuses, and nothing was seen that explains it.",
            "O kernel recusa, e nada do que se vê explica por quê.",
        ),
    }
}

/// A thing that a machine can do: its name for people, and what it is.
#[must_use]
pub fn thing(what: What) -> (Text, Text) {
    let (en, pt_br, en_is, pt_br_is) = match what {
        What::User => {
            ("user namespace", "user namespace", "root in it, with root's powers", "root nele, com os poderes de root")
        }
        What::Uts => ("uts namespace", "UTS namespace", "a host name of its own", "hostname próprio"),
        What::Pid => ("pid namespace", "PID namespace", "a first process of its own", "um primeiro processo próprio"),
        What::Mount => ("mount namespace", "mount namespace", "mounts of its own", "montagens próprias"),
        What::Proc => ("/proc", "/proc", "a new one for new process numbers", "um novo para PIDs novos"),
        What::Ipc => ("ipc namespace", "IPC namespace", "IPC objects of its own", "objetos IPC próprios"),
        What::Net => ("net namespace", "net namespace", "network links of its own", "interfaces de rede próprias"),
        What::CgroupNamespace => {
            ("cgroup namespace", "cgroup namespace", "a view of cgroups of its own", "visão própria dos cgroups")
        }
        What::Time => ("time namespace", "time namespace", "an uptime of its own", "uptime próprio"),
        What::Cable => ("cable", "cabo", "a pair of links, with a limit", "um par de interfaces, com limite"),
        What::Overlay => {
            ("overlay", "overlay", "a layer that takes what is written", "uma camada que recebe o que se escreve")
        }
        What::PivotRoot => ("pivot_root", "pivot_root", "another folder becomes /", "outra pasta vira o /"),
        What::Cgroup => {
            ("cgroup", "cgroup", "limits on processes, memory and CPU", "limites de processos, memória e CPU")
        }
        What::Ids => ("range of ids", "faixa de ids", "more than one user in a box", "mais de um usuário na caixa"),
        What::Pressure => ("pressure", "pressão", "who waits for what (PSI)", "quem espera por quê (PSI)"),
        What::Freezer => {
            ("freezer", "freezer", "stopping a box and letting it go on", "parar uma caixa e deixar seguir")
        }
        What::Disk => ("disk bandwidth", "banda de disco", "bytes a second to a disk", "bytes por segundo num disco"),
        What::Devices => ("devices", "dispositivos", "taking one away, even from root", "tirar um, até do root"),
        What::Bench => ("bench", "bancada", "the outside of every lesson", "o lado de fora de toda lição"),
        What::Box => ("box", "caixa", "the inside, with all features on", "o lado de dentro, com tudo ligado"),
        What::Rootfs => ("rootfs", "rootfs", "the built-in root file system", "o sistema de arquivos raiz embutido"),
        What::Programs => ("programs", "programas", "what lessons call, such as ps", "o que as lições chamam, como ps"),
        What::Size => ("terminal size", "tamanho do terminal", "columns and rows", "colunas e linhas"),
        What::Colours => ("colours", "cores", "to tell the sides apart", "para distinguir os lados"),
        What::Letters => ("letters", "letras", "accents and signs in UTF-8", "acentos e sinais em UTF-8"),
        What::Glyphs => ("glyphs", "glifos", "lines and marks of the font", "linhas e marcas da fonte"),
    };
    (Text::both(en, pt_br), Text::both(en_is, pt_br_is))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_sentence_of_its_own_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for reason in Reason::ALL {
            for lang in Lang::ALL {
                let said = why(*reason, lang);
                // Names of programs stay small.
                let begins = !said.starts_with(char::is_lowercase)
                    || ["newuidmap", "systemd"].iter().any(|name| said.starts_with(name));
                assert!(said.ends_with('.') && begins, "{said}");
                assert!(seen.insert(said), "{said} is said of two reasons");
            }
        }
    }
}
