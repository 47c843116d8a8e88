//! The words around the lessons, in both languages side by side: on the screen, in lines of text and in the handout.
//!
//! What a lesson says stands in the lesson; here is only what those that show it say themselves.

mod facts;
mod values;

pub use self::facts::{fact, has_true_value, is_namespace, machine_values, used};
pub use self::values::{size, value};
use super::event::{Cause, Ended, Failure};
use super::lesson::{Lesson, Limit};
use super::portuguese::plainly;
use super::talk::{Instead, Moment, Talk};
use super::text::Lang;
use super::{Feature, Side};

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
