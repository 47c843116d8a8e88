//! What a gap allows, in words: the half of a verdict that says why it matters.
//!
//! "Out here" is where unha looks from. `user_namespaces(7)`: what only is seen is told as seen.

use super::{Aspect as A, Finding as F, Item, Verdict};
use crate::course::text::Lang;

/// What a gap allows; nothing where there is none.
#[must_use]
pub const fn allows(item: &Item, lang: Lang) -> Option<&'static str> {
    if matches!(item.verdict, Verdict::Has | Verdict::Unknown) {
        return None;
    }
    let (en, pt_br) = match item.aspect {
        A::Proc if matches!(item.finding, F::Hidden) => (
            "It sees our processes of its own user, and of others at most the numbers.",
            "Vê os nossos processos do mesmo usuário; dos outros, no máximo os números.",
        ),
        _ if item.only_sees => to_its_eyes(item),
        A::User | A::RootId | A::Pid | A::Proc | A::Mount | A::Root => to_the_machine(item),
        A::Uts | A::Net | A::Ipc | A::Cgroup | A::Time => to_the_neighbours(item),
        _ => to_the_kernel(item),
    };
    Some(lang.pick(en, pt_br))
}

const fn to_the_machine(item: &Item) -> (&'static str, &'static str) {
    match (item.aspect, item.finding) {
        (A::User, _) => (
            "Its ids count out here: whoever gets out stays who they are.",
            "Os ids dele valem aqui fora: quem escapa continua sendo quem era.",
        ),
        (A::RootId, _) => (
            "Once out, it is root: every file and every process here.",
            "Se escapar, é root: alcança todo arquivo e todo processo daqui.",
        ),
        (A::Pid, F::NotFirst) => (
            "It dies with that other PID 1, and sees and signals its neighbours there.",
            "Morre junto com aquele outro PID 1, e vê e sinaliza os vizinhos de lá.",
        ),
        (A::Pid, _) => (
            "It can signal our processes, and root can trace and kill them.",
            "Pode mandar sinais aos nossos processos; root pode rastrear e matar.",
        ),
        (A::Proc, _) => (
            "It reads command lines of others and, as root by /proc/PID/root, all their files.",
            "Lê as linhas de comando dos outros e, como root, por /proc/PID/root, os arquivos deles.",
        ),
        (A::Mount, F::Propagates) => (
            "What it mounts there appears out here, over our files.",
            "O que ele monta ali aparece aqui fora, por cima dos nossos arquivos.",
        ),
        (A::Mount, _) => (
            "What it mounts and unmounts changes our mount table.",
            "O que ele monta e desmonta muda a nossa tabela de montagens.",
        ),
        (_, F::ChrootOnly) => (
            "Whoever may chroot once more walks out with `..`: CAP_SYS_CHROOT is enough.",
            "Quem pode dar outro chroot sai andando com `..`: basta CAP_SYS_CHROOT.",
        ),
        (_, F::OldRoot) => {
            ("It only has to cd there to have all our files.", "Basta um cd até lá para ter todos os nossos arquivos.")
        }
        (_, F::ReadOnly) => (
            "It reads all our files that its user may read, and writes none of them.",
            "Lê todos os nossos arquivos que o usuário dele pode ler, e não escreve em nenhum.",
        ),
        (_, F::PartlyWritable) => (
            "It reads all our files that its user may read, and writes below those mounts alone.",
            "Lê todos os nossos arquivos que o usuário dele pode ler, e só escreve abaixo dessas montagens.",
        ),
        (_, F::Remountable) => (
            "With CAP_SYS_ADMIN it mounts it writable, and then has all our files as far as its user may.",
            "Com CAP_SYS_ADMIN remonta para escrita, e aí tem todos os nossos arquivos, até onde o usuário dele pode.",
        ),
        _ => (
            "All our files are within its reach, as far as its user may read and write them.",
            "Todos os nossos arquivos estão ao alcance, até onde o usuário dele pode ler e escrever.",
        ),
    }
}

/// What is shared with a process that holds no right over it.
const fn to_its_eyes(item: &Item) -> (&'static str, &'static str) {
    match item.aspect {
        A::Uts => (
            "It sees this machine's name, and has no right to change it.",
            "Vê o hostname desta máquina, sem direito de mudar.",
        ),
        A::Pid => (
            "It sees our processes, and may signal those of its own user alone.",
            "Vê os nossos processos, e só pode mandar sinais aos do mesmo usuário.",
        ),
        A::Proc => (
            "It reads command lines of others; their files stay closed to it.",
            "Lê as linhas de comando dos outros; os arquivos deles continuam fechados.",
        ),
        A::Mount => (
            "It sees what we have mounted, and has no right to mount or unmount there.",
            "Vê o que temos montado, sem direito de montar nem desmontar ali.",
        ),
        A::Net => (
            "It sees our links, uses our ports and abstract sockets; it changes no link and sniffs nothing.",
            "Vê as nossas interfaces, usa portas e sockets abstratos; não muda a rede nem escuta o tráfego.",
        ),
        _ => (
            "It sees our shared memory and message queues, and opens those that its user may.",
            "Vê a nossa memória compartilhada e as filas de mensagens, e abre as que o usuário dele pode abrir.",
        ),
    }
}

const fn to_the_neighbours(item: &Item) -> (&'static str, &'static str) {
    match item.aspect {
        A::Uts => ("Its root can rename this machine.", "O root dele pode mudar o hostname desta máquina."),
        A::Net => (
            "It has our links and ports, sniffs as root, and reaches abstract sockets.",
            "Tem as nossas interfaces e portas; root escuta tudo e alcança sockets abstratos.",
        ),
        A::Ipc => (
            "It reads and removes our shared memory and message queues.",
            "Lê e apaga a nossa memória compartilhada e as filas de mensagens.",
        ),
        A::Cgroup => (
            "It sees where in our cgroup tree it is, and what is beside it.",
            "Vê em que lugar da nossa árvore de cgroups está, e o que há ao lado.",
        ),
        _ => (
            "It sees how long this machine has been up; no more than that.",
            "Vê há quanto tempo esta máquina está ligada; não mais que isso.",
        ),
    }
}

const fn to_the_kernel(item: &Item) -> (&'static str, &'static str) {
    match item.aspect {
        A::PidsLimit => (
            "A fork bomb takes every process number of this machine.",
            "Uma fork bomb toma todos os números de processo desta máquina.",
        ),
        A::MemoryLimit => (
            "It can use up this machine's memory, and others are killed for it.",
            "Pode esgotar a memória desta máquina, e outros morrem por isso.",
        ),
        A::CpuLimit => ("A busy loop takes every core.", "Um laço infinito toma todos os núcleos."),
        A::Cgroupfs => (
            "It lifts its own limits; on version 1, CAP_SYS_ADMIN has our root run a program (release_agent).",
            "Afrouxa os próprios limites; na versão 1, CAP_SYS_ADMIN faz o nosso root rodar algo (release_agent).",
        ),
        A::ProcSys => (
            "core_pattern names a program that our kernel runs as root, out here.",
            "core_pattern diz que programa o kernel roda como root, aqui fora.",
        ),
        A::Sys => (
            "It turns devices and drivers of this machine off and on.",
            "Liga e desliga dispositivos e drivers desta máquina.",
        ),
        A::Disks => (
            "It reads and writes our file systems below every permission.",
            "Lê e escreve os nossos sistemas de arquivos por baixo de toda permissão.",
        ),
        A::Descriptors => (
            "It leads past every root: from a folder on to all our files (CVE-2024-21626).",
            "Passa por fora de qualquer raiz: de uma pasta até todos os nossos arquivos (CVE-2024-21626).",
        ),
        A::Cwd => (
            "From there `..` leads to all our files (CVE-2024-21626).",
            "Dali, `..` leva a todos os nossos arquivos (CVE-2024-21626).",
        ),
        A::Capabilities => (
            "With them it mounts, traces, loads modules or sets the clock of the whole machine.",
            "Com elas monta, rastreia, carrega módulos ou acerta o relógio da máquina inteira.",
        ),
        A::NoNewPrivs => (
            "Who has given up being root gets it back by any setuid program in reach.",
            "Quem deixou de ser root volta a ser, por qualquer programa setuid ao alcance.",
        ),
        _ => (
            "A flaw in any of the kernel's calls, even the rarest, is a way out.",
            "Uma falha em qualquer chamada do kernel, mesmo a mais rara, é uma saída.",
        ),
    }
}
