//! The screen's own words, in both languages side by side, and how facts and their values are called.
//!
//! What a lesson says stands in the lesson; here is only what the screen itself says.

use crate::course::event::Ended;
use crate::course::text::Lang;
use crate::course::{Fact, Side, Value};

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
        Fact::Mounts => ("mounts", "montagens"),
        Fact::MountPoints => ("only here", "só aqui"),
        Fact::Os => ("os-release", "os-release"),
        Fact::Root => ("/ is inode", "/ é o inode"),
        Fact::RootType => ("/ is a", "/ é um"),
        Fact::PidsNow => ("pids now", "pids agora"),
        Fact::PidsRefused => ("refused", "recusados"),
        Fact::MemoryNow => ("memory now", "memória"),
        Fact::OomKills => ("oom_kill", "oom_kill"),
        Fact::CpuNow => ("cpu now", "cpu agora"),
        Fact::CpuThrottled => ("throttled", "esperou"),
        Fact::MemTotal => ("MemTotal", "MemTotal"),
        Fact::Links => ("links", "interfaces"),
        Fact::Queues => ("queues", "filas"),
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
        Fact::NoNewPrivs => ("NoNewPrivs", "NoNewPrivs"),
        Fact::Seccomp => ("Seccomp", "Seccomp"),
        other => (other.key(), other.key()),
    };
    lang.pick(en, pt_br)
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
        (Fact::Frozen, Value::Number(frozen)) => if *frozen == 1 { yes(lang) } else { no(lang) }.to_owned(),
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

/// How the box's first process ended.
#[must_use]
pub fn ended(how: Ended, lang: Lang) -> String {
    match how {
        Ended::Exit(status) => format!("exit {status}"),
        Ended::Signal(signal) => format!("{} {signal}", lang.pick("signal", "sinal")),
    }
}
