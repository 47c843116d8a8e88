//! The verdicts in words: what was found and, where something is missing or leaks, what that allows.
//!
//! "Out here" is where unha looks from: a machine, or a bench that stands for one. namespaces(7).

use super::{Aspect as A, Finding as F, Item, Verdict};
use crate::course::text::Lang;

/// A verdict as a word.
#[must_use]
pub const fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Has => lang.pick("has", "tem"),
        Verdict::Missing => lang.pick("missing", "falta"),
        Verdict::Leaky => lang.pick("leaky", "vaza"),
        Verdict::Unknown => lang.pick("unknown", "incerto"),
    }
}

/// What was found, as a sentence.
#[must_use]
pub const fn means(item: &Item, lang: Lang) -> &'static str {
    let (en, pt_br) = match item.finding {
        F::Unread => ("It could not be looked at.", "Não deu para olhar."),
        F::NextChild => (
            "Only its next child will be in a new one: unshare(2) moves children, so fork.",
            "Só o próximo filho dele vai estar num novo: unshare(2) vale para filhos; falta um fork.",
        ),
        _ => match item.aspect {
            A::Uts | A::Net | A::Ipc | A::Cgroup | A::Time | A::User | A::Pid | A::Mount => namespace(item),
            A::RootId | A::Proc | A::Root => files(item),
            A::PidsLimit | A::MemoryLimit | A::CpuLimit => limit(item),
            A::Cgroupfs | A::ProcSys | A::Sys | A::Disks => kernel(item),
            _ => process(item),
        },
    };
    lang.pick(en, pt_br)
}

const fn namespace(item: &Item) -> (&'static str, &'static str) {
    match (item.aspect, item.finding) {
        (A::Pid, F::Own) => ("It is PID 1 of a PID namespace of its own.", "É o PID 1 de um PID namespace próprio."),
        (A::Pid, F::NotFirst) => (
            "Its PID namespace is another one, but it is not PID 1 there.",
            "O PID namespace é outro, mas ali ele não é o PID 1.",
        ),
        (A::Mount, F::Own) => (
            "Its mount table is its own, and nothing mounted in it appears out here.",
            "A tabela de montagens é própria, e nada montado nela aparece aqui fora.",
        ),
        (A::Mount, F::Propagates) => (
            "Its mount table is its own, but some mounts in it are shared with ours.",
            "A tabela de montagens é própria, mas há montagens compartilhadas com as nossas.",
        ),
        (_, F::Own) => ("It has one of its own.", "Tem um namespace próprio."),
        _ => ("It shares ours.", "É o mesmo daqui."),
    }
}

const fn files(item: &Item) -> (&'static str, &'static str) {
    match (item.aspect, item.finding) {
        (A::RootId, F::Mapped) => (
            "Root in there is an ordinary user out here, or nobody.",
            "O root lá dentro é um usuário comum aqui fora, ou ninguém.",
        ),
        (A::RootId, F::Ordinary) => ("It does not run as root.", "Não roda como root."),
        (A::RootId, _) => ("Its uid 0 is our uid 0.", "O uid 0 dele é o nosso uid 0."),
        (A::Proc, F::None) => {
            ("No /proc is mounted, so none shows ours.", "Não há /proc montado; nenhum mostra o nosso.")
        }
        (A::Proc, F::Own) => {
            ("Every /proc in it lists its own processes alone.", "Todo /proc que há nele lista só os processos dele.")
        }
        (A::Proc, F::Hidden) => (
            "A /proc in it is ours, and hides the processes of other users.",
            "Um /proc que há nele é o nosso, e esconde os processos dos outros usuários.",
        ),
        (A::Proc, F::Foreign) => (
            "A /proc in it lists some other PID namespace's processes.",
            "Um /proc que há nele lista os processos de outro PID namespace.",
        ),
        (A::Proc, _) => ("A /proc in it lists our processes.", "Um /proc que há nele lista os nossos processos."),
        (_, F::Own) => (
            "Its / is another one, at the bottom of its mount namespace; ours is gone.",
            "O / é outro, na base do mount namespace dele; o nosso sumiu.",
        ),
        (_, F::ChrootOnly) => (
            "A chroot: below its / the mount namespace still has another root.",
            "Um chroot: embaixo do / dele, o mount namespace ainda tem outra raiz.",
        ),
        (_, F::OldRoot) => (
            "Its / is another one, but our whole root is mounted within its reach.",
            "O / é outro, mas a nossa raiz inteira está montada ao alcance dele.",
        ),
        (_, F::ReadOnly) => ("Its / is our /, read only.", "O / dele é o nosso /, só para leitura."),
        (_, F::PartlyWritable) => (
            "Its / is our /, read only but for some mounts below it.",
            "O / dele é o nosso /, só para leitura, fora algumas montagens abaixo dele.",
        ),
        (_, F::Remountable) => (
            "Its / is our /, read only as long as it does not mount it otherwise.",
            "O / dele é o nosso /, só para leitura enquanto ele não remontar.",
        ),
        _ => ("Its / is our /.", "O / dele é o nosso /."),
    }
}

const fn limit(item: &Item) -> (&'static str, &'static str) {
    match (item.aspect, item.finding) {
        (A::PidsLimit, F::Limited) => {
            ("How many processes it may have is limited.", "O número de processos é limitado.")
        }
        (A::PidsLimit, _) => {
            ("No cgroup limits how many processes it has.", "Nenhum cgroup limita o número de processos.")
        }
        (A::MemoryLimit, F::Limited) => ("Its memory is limited.", "A memória é limitada."),
        (A::MemoryLimit, _) => ("No cgroup limits its memory.", "Nenhum cgroup limita a memória."),
        (_, F::Limited) => ("Its CPU time is limited.", "O tempo de CPU é limitado."),
        _ => ("No cgroup limits its CPU time.", "Nenhum cgroup limita o tempo de CPU."),
    }
}

const fn kernel(item: &Item) -> (&'static str, &'static str) {
    match (item.aspect, item.finding) {
        (A::Cgroupfs, F::None) => ("It sees no cgroup tree.", "Não vê nenhuma árvore de cgroups."),
        (A::Cgroupfs, F::ReadOnly) => {
            ("It sees a cgroup tree and cannot write to it.", "Vê uma árvore de cgroups e não pode escrever nela.")
        }
        (A::Cgroupfs, _) => ("It may write to a cgroup tree.", "Pode escrever numa árvore de cgroups."),
        (A::ProcSys, F::None) => ("No /proc/sys is there.", "Não há /proc/sys."),
        (A::ProcSys, F::ReadOnly) => {
            ("It cannot write the kernel's settings.", "Não pode mudar as configurações do kernel.")
        }
        (A::ProcSys, _) => ("It may write the kernel's settings.", "Pode mudar as configurações do kernel."),
        (A::Sys, F::None) => ("No /sys is there.", "Não há /sys."),
        (A::Sys, F::ReadOnly) => ("It cannot write to /sys.", "Não pode escrever no /sys."),
        (A::Sys, _) => ("It may write to /sys.", "Pode escrever no /sys."),
        (_, F::None) => ("Its /dev has no disk that it could open.", "O /dev dele não tem disco que ele possa abrir."),
        (_, F::Denied) => {
            ("Its /dev has disks, and its cgroup refuses them.", "O /dev dele tem discos, e o cgroup os recusa.")
        }
        _ => ("Its /dev has disks that it may open.", "O /dev dele tem discos que ele pode abrir."),
    }
}

const fn process(item: &Item) -> (&'static str, &'static str) {
    match (item.aspect, item.finding) {
        (A::Descriptors, F::Closed) => (
            "No descriptor leads out; 0, 1 and 2 are not counted.",
            "Nenhum descritor leva para fora; 0, 1 e 2 não contam.",
        ),
        (A::Descriptors, _) => {
            ("A descriptor was left open that leads out.", "Ficou aberto um descritor que leva para fora.")
        }
        (A::Cwd, F::Closed) => ("Its current folder is below its root.", "A pasta atual está abaixo da raiz dele."),
        (A::Cwd, _) => ("Its current folder is outside of its root.", "A pasta atual está fora da raiz dele."),
        (A::Capabilities, F::Harmless) => (
            "It holds no capability that reaches beyond a container.",
            "Não tem nenhuma capability que alcance além de um contêiner.",
        ),
        (A::Capabilities, F::Confined) => (
            "It holds strong ones, which count in its own user namespace alone.",
            "Tem capabilities fortes, que só valem no user namespace dele.",
        ),
        (A::Capabilities, F::Dangerous) => (
            "Some were dropped, but it holds ones that reach beyond a container.",
            "Algumas foram tiradas, mas ele tem as que alcançam além de um contêiner.",
        ),
        (A::Capabilities, _) => ("It holds all that our root has.", "Tem todas as que o nosso root tem."),
        (A::NoNewPrivs, F::On) => ("No program gives it more rights.", "Nenhum programa dá mais direitos a ele."),
        (A::NoNewPrivs, _) => ("A setuid program gives it more rights.", "Um programa setuid dá mais direitos a ele."),
        (_, F::On) => ("A filter looks at its system calls.", "Um filtro olha as chamadas de sistema dele."),
        _ => ("It may make every system call.", "Pode fazer qualquer chamada de sistema."),
    }
}

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
