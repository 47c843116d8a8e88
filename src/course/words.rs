//! The words around the lessons, in both languages side by side, and how facts and their values are called: on the screen
//! and in the handout.
//!
//! What a lesson says stands in the lesson; here is only what those that show it say themselves.

use super::event::{Cause, Ended, Failure};
use super::lesson::{Lesson, Limit};
use super::portuguese::plainly;
use super::talk::{Instead, Moment, Talk};
use super::text::Lang;
use super::{Fact, Feature, Side, Snapshot, Value};

macro_rules! words {
    ($($name:ident: $en:literal, $pt_br:literal;)*) => {
        $(#[doc = $en] #[must_use] pub const fn $name(lang: Lang) -> &'static str { lang.pick($en, $pt_br) })*
    };
}

words! {
    outside: "OUTSIDE", "FORA";
    inside: "INSIDE", "DENTRO";
    machine: "machine", "máquina";
    bench: "bench", "bancada";
    this_machine: "this machine", "esta máquina";
    outside_is_this_machine: "OUTSIDE IS THIS MACHINE", "FORA É ESTA MÁQUINA";
    the_box: "box", "caixa";
    untouched: "untouched", "intacta";
    touched: "CHANGED", "MUDOU";
    changed: "changed", "mudou";
    call: "call", "chamada";
    ask: "QUESTION", "PERGUNTA";
    ready: "READY", "PRONTO";
    doing: "RUNNING", "FAZENDO";
    done: "DONE", "FEITO";
    stopped: "STOPPED", "PARADO";
    building: "BUILDING", "MONTANDO";
    help_key: "F1 help", "F1 ajuda";
    you_said: "you said", "você disse";
    room_said: "the room said", "a sala disse";
    room_split: "the room is split", "a sala se dividiu";
    it_is: "it is", "deu";
    skipped: "skipped", "pulou";
    keyboard_here: "YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI";
    first_f2: "F2, then Enter", "F2, depois Enter";
    no_limit: "no limit", "sem limite";
    none: "none", "nada";
    cgroup_files: "cgroup files", "arquivos do cgroup";
    full: "FULL", "CHEIO";
    lesson_so_far: "THE LESSON SO FAR", "A LIÇÃO ATÉ AQUI";
    scroll_back: "↓ back to the step", "↓ volta ao passo";
    system_calls: "SYSTEM CALLS", "CHAMADAS DE SISTEMA";
    no_calls: "None yet.", "Nenhuma ainda.";
    this_step: "this step", "este passo";
    code: "CODE", "CÓDIGO";
    no_code: "This step has no code of its own.", "Este passo não tem código próprio.";
    not_found: "This file is not in the program.", "Este arquivo não está no programa.";
    read_back: "read back", "lido de volta";
    recorded: "RECORDED", "GRAVADO";
    yes: "yes", "sim";
    no: "no", "não";
}

/// How far a step is, in one word.
#[must_use]
pub const fn moment(moment: Moment, lang: Lang) -> &'static str {
    match moment {
        Moment::Building => building(lang),
        Moment::Question => ask(lang),
        Moment::Ready => ready(lang),
        Moment::Running => doing(lang),
        Moment::Stopped => stopped(lang),
        Moment::Done => done(lang),
    }
}

/// [`recorded`] with air around it, to stand on a ground of its own.
#[must_use]
pub fn recorded_chip(lang: Lang) -> String {
    format!(" {} ", recorded(lang))
}

/// The word for a side.
#[must_use]
pub const fn side(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Machine => machine(lang),
        Side::Outside => outside(lang),
        Side::Inside => inside(lang),
    }
}

/// What a side is, beside its word: the bench or the box.
#[must_use]
pub const fn place(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Machine => machine(lang),
        Side::Outside => bench(lang),
        Side::Inside => the_box(lang),
    }
}

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

/// Where the learner's own container is looked for, and there is none.
#[must_use]
pub const fn nothing_apart(lang: Lang) -> &'static str {
    lang.pick("nothing apart yet", "nada seu à parte ainda")
}

/// The container that the learner made by hand.
#[must_use]
pub const fn yours(lang: Lang) -> &'static str {
    lang.pick("your container", "seu contêiner")
}

/// What exercises are called, in the chain and on the bottom line.
#[must_use]
pub const fn by_hand(lang: Lang) -> &'static str {
    lang.pick("by hand", "na unha")
}

/// A value as a person would say it: `32M`, `20%`, the last four digits of an inode.
#[must_use]
pub fn value(fact: Fact, value: &Value, lang: Lang) -> String {
    match (fact, value) {
        (_, Value::Number(inode)) if is_namespace(fact) => format!("[…{:04}]", inode % 10_000),
        (Fact::MemoryMax | Fact::MemoryNow | Fact::MemTotal | Fact::IoWritten, Value::Number(bytes)) => {
            size(*bytes, lang)
        }
        (
            Fact::CpuMax | Fact::CpuNow | Fact::CpuShare | Fact::CpuPressure | Fact::MemoryPressure | Fact::IoPressure,
            Value::Number(percent),
        ) => format!("{percent}%"),
        (Fact::IoMax | Fact::IoNow, Value::Number(bytes)) => format!("{}/s", size(*bytes, lang)),
        (Fact::CpuWeight, Value::Number(weight)) => {
            format!("{weight} ({})", lang.pick("100 is usual", "o normal é 100"))
        }
        (Fact::CpuThrottledTime, Value::Number(time)) => format!("{time} ms"),
        (Fact::Frozen | Fact::AwaitsChild | Fact::ProcIsOwn, Value::Number(holds)) => {
            if *holds == 1 { yes(lang) } else { no(lang) }.to_owned()
        }
        (Fact::Uptime, Value::Number(seconds)) => time_up(*seconds, lang),
        (Fact::Boottime, Value::Number(seconds)) => format!("{seconds} s"),
        (Fact::NetRate | Fact::NetNow, Value::Number(bits)) => bits_per_second(*bits, lang),
        (Fact::PidsMax | Fact::MemoryMax | Fact::CpuMax | Fact::IoMax | Fact::NetRate, Value::Text(max))
            if max == "max" =>
        {
            no_limit(lang).to_owned()
        }
        (Fact::Seccomp, Value::Number(2)) => lang.pick("2: a filter", "2: um filtro").to_owned(),
        (_, Value::List(items)) if items.is_empty() => none(lang).to_owned(),
        // Two names say more than a number, forty do not.
        (Fact::CapEff | Fact::CapBnd, Value::List(items)) if items.len() > 2 => format!("{} capabilities", items.len()),
        (_, Value::Text(text)) if text.is_empty() => none(lang).to_owned(),
        _ => value.to_string(),
    }
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

/// A rate as network people say it, to a tenth where it matters: `3.9 Mbit/s`.
fn bits_per_second(bits: u64, lang: Lang) -> String {
    let (unit, letter) = match bits {
        0..1000 => return format!("{bits} bit/s"),
        1000..1_000_000 => (1000, "kbit/s"),
        1_000_000..1_000_000_000 => (1_000_000, "Mbit/s"),
        _ => (1_000_000_000, "Gbit/s"),
    };
    let tenths = bits.saturating_mul(10) / unit;
    if tenths.is_multiple_of(10) || tenths >= 1000 {
        return format!("{} {letter}", tenths / 10);
    }
    format!("{}{}{} {letter}", tenths / 10, lang.pick(".", ","), tenths % 10)
}

/// How long a machine has been up, in the largest unit that counts: `1000 days`, `5 h`, `12 min`.
fn time_up(seconds: u64, lang: Lang) -> String {
    let minutes = seconds / 60;
    match (minutes / 1440, minutes / 60) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h"),
        (1, _) => lang.pick("1 day", "1 dia").to_owned(),
        (days, _) => format!("{days} {}", lang.pick("days", "dias")),
    }
}

/// Whether the machine may have a true value of its own beside the bench's, which a row of its own then shows.
#[must_use]
pub const fn has_true_value(fact: Fact) -> bool {
    matches!(fact, Fact::Hostname | Fact::Pid | Fact::Uid) || is_namespace(fact)
}

/// The machine's values of these facts where they differ from the bench's: `hostname vm · ns uts […1838]`.
#[must_use]
pub fn machine_values(look: &Snapshot, facts: &[Fact], lang: Lang) -> String {
    let named = |fact: &Fact| {
        let value = look.value(Side::Machine, *fact).filter(|value| look.value(Side::Outside, *fact) != Some(value))?;
        has_true_value(*fact).then(|| format!("{} {}", self::fact(*fact, lang), self::value(*fact, value, lang)))
    };
    facts.iter().filter_map(named).collect::<Vec<_>>().join(" · ")
}

/// A size in bytes as docker run writes it, to a tenth where it matters.
#[must_use]
pub fn size(bytes: u64, lang: Lang) -> String {
    let (unit, letter) = match bytes {
        0..1024 => return format!("{bytes}B"),
        1024..1_048_576 => (1024, 'K'),
        1_048_576..1_073_741_824 => (1_048_576, 'M'),
        _ => (1_073_741_824, 'G'),
    };
    let tenths = bytes.saturating_mul(10) / unit;
    if tenths.is_multiple_of(10) || tenths >= 1000 {
        format!("{}{letter}", tenths / 10)
    } else {
        format!("{}{}{}{letter}", tenths / 10, lang.pick(".", ","), tenths % 10)
    }
}

/// What stood in the way of a step that a recording plays instead of, in one line.
#[must_use]
pub fn instead(instead: &Instead, lang: Lang) -> String {
    match instead {
        Instead::Refused(failure) => match &failure.call {
            Some(call) => format!("{} {call}", lang.pick("here the kernel refused", "aqui o kernel recusou")),
            None => format!("{} {}", lang.pick("not here:", "aqui não:"), plainly(&failure.message, lang)),
        },
        Instead::Ended(how) => {
            format!(
                "{} ({})",
                lang.pick("here the box ended in mid-step", "aqui a caixa acabou no meio"),
                ended(*how, lang)
            )
        }
        Instead::Late => {
            lang.pick("here the effect was not seen in time", "aqui o efeito não apareceu a tempo").to_owned()
        }
    }
}

/// How the box's first process ended.
#[must_use]
pub fn ended(how: Ended, lang: Lang) -> String {
    match how {
        Ended::Exit(status) => format!("exit {status}"),
        Ended::Signal(signal) => format!("{} {signal}", lang.pick("signal", "sinal")),
    }
}

/// A limit, as Next says that it sets it.
#[must_use]
pub const fn limit(limit: Limit, lang: Lang) -> &'static str {
    match limit {
        Limit::Pids => "pids",
        Limit::Memory => lang.pick("memory", "memória"),
        Limit::Cpus => "cpus",
        Limit::CpuShares => "cpu-shares",
        Limit::DeviceWriteBps => lang.pick("disk", "disco"),
        Limit::DeviceDeny => lang.pick("without the device", "sem o dispositivo"),
        Limit::Freezer => "freezer",
        Limit::Rate => lang.pick("rate", "taxa"),
    }
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

/// What a feature gives the box.
#[must_use]
pub const fn feature(feature: Feature, lang: Lang) -> &'static str {
    let (en, pt_br) = match feature {
        Feature::Uts => ("a host name", "nome da máquina"),
        Feature::Pid => ("process numbers", "números de processo"),
        Feature::Mount => ("a list of mounts", "lista de montagens"),
        Feature::Cgroup => ("limits", "limites"),
        Feature::Rootfs => ("a root file system (needs mount)", "uma raiz só sua (precisa de mount)"),
        Feature::Ipc => ("System V objects, message queues", "objetos System V, filas de mensagens"),
        Feature::Net => ("network interfaces", "interfaces de rede"),
        Feature::User => ("user ids, root of its own", "ids de usuário, um root só seu"),
        Feature::Cgroupns => ("a view of cgroups", "visão dos cgroups"),
        Feature::Time => ("clocks since boot", "relógios desde o boot"),
        Feature::Capabilities => ("only some of root's powers", "só alguns dos poderes do root"),
        Feature::NoNewPrivs => ("no power by exec", "nenhum poder a mais por exec"),
        Feature::Seccomp => ("a filter over system calls", "um filtro de chamadas de sistema"),
    };
    lang.pick(en, pt_br)
}

/// That a step could not be done, over what is said of it.
#[must_use]
pub const fn refused(failure: &Failure, lang: Lang) -> &'static str {
    match failure.cause {
        Cause::NotOnHost | Cause::InTheWay => lang.pick("NOT ON A REAL MACHINE", "NÃO NUMA MÁQUINA DE VERDADE"),
        _ if failure.call.is_some() => lang.pick("THE KERNEL REFUSED THIS STEP", "O KERNEL RECUSOU ESTE PASSO"),
        _ => lang.pick("THIS STEP COULD NOT BE BUILT", "ESTE PASSO NÃO PÔDE SER MONTADO"),
    }
}

/// At the lesson on root file systems: those that there are, the one in use first, and how to get at more of them.
#[must_use]
pub fn roots(talk: &Talk, lesson: &Lesson) -> Option<[String; 2]> {
    let used = talk.roots.first().filter(|_| lesson.id == Feature::Rootfs.name())?;
    let others = talk.roots[1..].join(", ");
    Some(match (talk.lang, others.is_empty()) {
        (Lang::En, true) => [
            format!("Its boxes start in `{used}`; a distribution of your own:"),
            "unha rootfs import SOURCE, then unha learn --rootfs NAME".to_owned(),
        ],
        (Lang::En, false) => [
            format!("Its boxes start in `{used}`; there are also: {others}"),
            "another: unha learn --rootfs NAME · more: unha rootfs import SOURCE".to_owned(),
        ],
        (Lang::PtBr, true) => [
            format!("As caixas dela partem de `{used}`; uma distribuição sua:"),
            "unha rootfs import ORIGEM, depois unha learn --rootfs NOME".to_owned(),
        ],
        (Lang::PtBr, false) => [
            format!("As caixas dela partem de `{used}`; há também: {others}"),
            "outro: unha learn --rootfs NOME · mais: unha rootfs import ORIGEM".to_owned(),
        ],
    })
}
