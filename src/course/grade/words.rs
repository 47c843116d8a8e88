//! The verdicts in words, and what was found.
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
