//! How facts are called, and which of them belong together.
//!
//! A name is at most 11 columns wide, so that a row has room for what each side says. What is a file's own word stays as
//! it is (`CapEff`, `oom_kill`): it is what the learner finds in proc(5) and in the cgroup.

use crate::course::text::Lang;
use crate::course::{Fact, Side, Snapshot};

/// The name of a fact: at most 11 columns.
#[must_use]
pub const fn fact(fact: Fact, lang: Lang) -> &'static str {
    let (en, pt_br) = match fact {
        Fact::Processes => ("processes", "processos"),
        Fact::Zombies => ("zombies", "zumbis"),
        Fact::Mounts => ("mounts", "montagens"),
        Fact::MountPoints => ("only here", "só aqui"),
        Fact::Os => ("os-release", "os-release"),
        Fact::Root => ("/ is inode", "/ é o inode"),
        Fact::RootType => ("/ is a", "/ é um"),
        Fact::RootLayers => ("layers", "camadas"),
        Fact::PidsNow => ("pids now", "pids agora"),
        Fact::PidsRefused => ("refused", "recusados"),
        Fact::MemoryNow => ("memory now", "memória"),
        Fact::OomKills => ("oom_kill", "oom_kill"),
        Fact::OomWords => ("kernel log", "log kernel"),
        Fact::CpuNow => ("cpu now", "cpu agora"),
        Fact::CpuThrottled => ("throttled", "esperou"),
        Fact::MemTotal => ("MemTotal", "MemTotal"),
        Fact::Links => ("links", "interfaces"),
        Fact::Queues => ("queues", "filas"),
        Fact::Devices => ("in /dev", "em /dev"),
        Fact::LinksUp => ("links up", "ligadas"),
        Fact::Addresses => ("addresses", "endereços"),
        Fact::NetRate => ("rate", "taxa"),
        Fact::NetNow => ("coming in", "entrando"),
        Fact::NetDropped => ("dropped", "descartados"),
        Fact::NsUts => ("ns uts", "ns uts"),
        Fact::NsPid => ("ns pid", "ns pid"),
        Fact::NsMnt => ("ns mnt", "ns mnt"),
        Fact::NsIpc => ("ns ipc", "ns ipc"),
        Fact::NsNet => ("ns net", "ns net"),
        Fact::NsCgroup => ("ns cgroup", "ns cgroup"),
        Fact::NsUser => ("ns user", "ns user"),
        Fact::NsTime => ("ns time", "ns time"),
        Fact::UidMap => ("uid map", "mapa de uid"),
        Fact::GidMap => ("gid map", "mapa de gid"),
        Fact::Uptime => ("up for", "no ar há"),
        Fact::Boottime => ("offset", "adianta"),
        Fact::CpuThrottledTime => ("waited", "tempo fora"),
        Fact::CpuShare => ("cpu share", "fatia cpu"),
        Fact::IoNow => ("disk now", "disco agora"),
        Fact::IoWritten => ("written", "escrito"),
        Fact::Frozen => ("frozen", "congelado"),
        Fact::CpuPressure => ("cpu waits", "cpu espera"),
        Fact::MemoryPressure => ("mem waits", "mem espera"),
        Fact::IoPressure => ("disk waits", "disco espera"),
        Fact::CapEff => ("CapEff", "CapEff"),
        Fact::CapBnd => ("CapBnd", "CapBnd"),
        Fact::AwaitsChild => ("child apart", "filho fora"),
        Fact::ProcIsOwn => ("own /proc", "/proc seu"),
        Fact::Propagation => ("mounts are", "montagens"),
        Fact::OldRoot => ("old root", "raiz velha"),
        Fact::Leaks => ("leaked fds", "fds vazados"),
        Fact::NoNewPrivs => ("NoNewPrivs", "NoNewPrivs"),
        Fact::Seccomp => ("Seccomp", "Seccomp"),
        other => (other.key(), other.key()),
    };
    lang.pick(en, pt_br)
}

/// Whether a fact is the inode of a namespace.
#[must_use]
pub const fn is_namespace(fact: Fact) -> bool {
    matches!(
        fact,
        Fact::NsUts
            | Fact::NsPid
            | Fact::NsMnt
            | Fact::NsIpc
            | Fact::NsNet
            | Fact::NsCgroup
            | Fact::NsUser
            | Fact::NsTime
    )
}

/// Whether the machine may have a true value of its own beside the bench's, which a row of its own then shows.
#[must_use]
pub const fn has_true_value(fact: Fact) -> bool {
    matches!(fact, Fact::Hostname | Fact::Pid | Fact::Uid) || is_namespace(fact)
}

/// The fact that says how much of a limit is used.
#[must_use]
pub const fn used(limit: Fact) -> Option<Fact> {
    match limit {
        Fact::PidsMax => Some(Fact::PidsNow),
        Fact::MemoryMax => Some(Fact::MemoryNow),
        Fact::CpuMax => Some(Fact::CpuNow),
        Fact::CpuWeight => Some(Fact::CpuShare),
        Fact::IoMax => Some(Fact::IoNow),
        Fact::NetRate => Some(Fact::NetNow),
        _ => None,
    }
}

/// The machine's values of these facts where they differ from the bench's: `hostname vm · ns uts […1838]`.
#[must_use]
pub fn machine_values(look: &Snapshot, facts: &[Fact], lang: Lang) -> String {
    let named = |fact: &Fact| {
        let value = look.value(Side::Machine, *fact).filter(|value| look.value(Side::Outside, *fact) != Some(value))?;
        has_true_value(*fact).then(|| format!("{} {}", self::fact(*fact, lang), super::value(*fact, value, lang)))
    };
    facts.iter().filter_map(named).collect::<Vec<_>>().join(" · ")
}
