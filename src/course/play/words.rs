//! The play in words, in both languages: what a line is, what Docker calls it, and what was just said.

pub use super::about::about;
use super::{Choice, Line, Pane, Play, Said};
use crate::course::lesson::Limit;
use crate::course::portuguese::plainly;
use crate::course::text::Lang;
use crate::kernel::feature::Feature;

/// The name of a line: at most 12 columns.
#[must_use]
pub const fn name(line: Line, lang: Lang) -> &'static str {
    match line {
        Line::Feature(Feature::Capabilities) => "caps",
        Line::Feature(feature) => feature.name(),
        Line::Hostname => lang.pick("host name", "nome"),
        Line::Init => "init",
        Line::Root => lang.pick("system", "sistema"),
        Line::Lo => "lo",
        Line::Cable => lang.pick("cable", "cabo"),
        Line::Offset => lang.pick("up since", "no ar há"),
        Line::Powers => lang.pick("powers", "poderes"),
        Line::Limit(Limit::Pids) => "pids",
        Line::Limit(Limit::Memory) => lang.pick("memory", "memória"),
        Line::Limit(Limit::Cpus) => "cpus",
        Line::Limit(Limit::CpuShares) => lang.pick("cpu weight", "peso cpu"),
        Line::Limit(Limit::DeviceWriteBps) => lang.pick("disk writes", "disco"),
        Line::Limit(Limit::Rate) => lang.pick("network", "rede"),
        Line::Limit(Limit::Freezer) => lang.pick("freezer", "congelar"),
        Line::Limit(Limit::DeviceDeny) => lang.pick("devices", "disposit."),
    }
}

/// What a line is set to, in at most 10 columns.
#[must_use]
pub fn setting(play: &Play, line: Line) -> String {
    let (choice, lang) = (&play.choice, play.talk.lang);
    if line == Line::Root {
        // Of a folder, the end says more than the beginning.
        return play.root().rsplit('/').next().unwrap_or_default().chars().take(10).collect();
    }
    let off = || match line {
        Line::Limit(Limit::CpuShares) => "1024".to_owned(),
        Line::Limit(Limit::Freezer) => lang.pick("runs", "roda").to_owned(),
        Line::Limit(Limit::DeviceDeny) => lang.pick("all", "todos").to_owned(),
        Line::Limit(_) => lang.pick("no limit", "sem limite").to_owned(),
        Line::Powers => lang.pick("Docker's", "do Docker").to_owned(),
        _ => lang.pick("off", "não").to_owned(),
    };
    let Some(setting) = choice.setting(line) else {
        return if choice.has(line) { lang.pick("on", "sim").to_owned() } else { off() };
    };
    match (line, setting.as_str()) {
        (Line::Offset, "3600") => "+1 h".to_owned(),
        (Line::Offset, "86400") => lang.pick("+1 day", "+1 dia").to_owned(),
        (Line::Offset, "31536000") => lang.pick("+1 year", "+1 ano").to_owned(),
        (Line::Offset, seconds) => format!("{seconds} s"),
        (Line::Powers, "all") => lang.pick("all", "todos").to_owned(),
        (Line::Powers, _) => lang.pick("none", "nenhum").to_owned(),
        (Line::Limit(Limit::Freezer), _) => lang.pick("frozen", "parado").to_owned(),
        (Line::Limit(Limit::DeviceDeny), "c 1:5") => lang.pick("no zero", "sem zero").to_owned(),
        (Line::Limit(Limit::DeviceDeny), "c 1:3") => lang.pick("no null", "sem null").to_owned(),
        (Line::Limit(Limit::DeviceDeny), "c 1:7") => lang.pick("no full", "sem full").to_owned(),
        (Line::Limit(Limit::DeviceWriteBps), _) => format!("{setting}/s"),
        _ => setting,
    }
}

/// The title of what stands beside the switches.
#[must_use]
pub const fn title(pane: Pane, lang: Lang) -> &'static str {
    match pane {
        Pane::Columns => lang.pick("columns", "colunas"),
        Pane::Script => lang.pick("shell script", "script de shell"),
        Pane::Docker => "docker run",
        Pane::Podman => "podman run",
        Pane::Bwrap => "bwrap",
        Pane::Oci => "OCI config.json",
        Pane::Unha => "unha run",
    }
}

/// Lines by name, as a person says them: `uts, pid and mount`.
#[must_use]
pub fn listed(lines: &[Line], lang: Lang) -> String {
    let names: Vec<&str> = lines.iter().map(|line| name(*line, lang)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} {} {last}", others.join(", "), lang.pick("and", "e")),
    }
}

/// The features that are on, one word each; where there is none, that there is none.
#[must_use]
pub fn combination(choice: &Choice, lang: Lang) -> String {
    let names: Vec<&str> = choice.start.features.iter().map(|feature| name(Line::Feature(feature), lang)).collect();
    if names.is_empty() {
        lang.pick("a process and nothing more", "um processo e mais nada").to_owned()
    } else {
        names.join(" ")
    }
}

/// A passing word.
#[must_use]
pub fn said(said: &Said, play: &Play) -> String {
    let lang = play.talk.lang;
    match said {
        Said::Along { line, on, along } => {
            let (name, others) = (name(*line, lang), listed(along, lang));
            let one = along.len() == 1;
            match (on, lang) {
                (true, Lang::En) => format!("{name} needs {others}: switched on too"),
                (true, Lang::PtBr) => format!("{name} precisa de {others}: também ligado"),
                (false, Lang::En) => {
                    format!("{others} {} {name}: switched off too", if one { "needs" } else { "need" })
                }
                (false, Lang::PtBr) => {
                    format!("{others} {} de {name}: também desligado", if one { "precisa" } else { "precisam" })
                }
            }
        }
        Said::Cannot(line) => {
            let why = play.refusal(*line).unwrap_or_default();
            format!("{}: {why}", lang.pick("not here", "aqui não dá"))
        }
        Said::End => lang.pick("that is as far as it goes", "não vai além disso").to_owned(),
        Said::Already => lang.pick("it is so already", "já está assim").to_owned(),
        Said::Copied(pane) => {
            let what = title(*pane, lang);
            match lang {
                Lang::En => format!("{what}: sent to the terminal's clipboard"),
                Lang::PtBr => format!("{what}: enviado à área de transferência do terminal"),
            }
        }
        Said::Limit(why) => {
            format!("{}: {}", lang.pick("the limit was refused", "o limite foi recusado"), plainly(why, lang))
        }
        Said::NotSo(why) => {
            format!(
                "{}: {}",
                lang.pick("not so here, all is as before", "assim aqui não dá, voltou como estava"),
                plainly(why, lang)
            )
        }
    }
}

/// What there is to know of a combination that is easily taken for something else.
#[must_use]
pub fn beware(play: &Play) -> Option<&'static str> {
    let (lang, has) = (play.talk.lang, |feature| play.choice.start.features.has(feature));
    match play.line() {
        Line::Feature(Feature::Pid) if has(Feature::Pid) && !has(Feature::Mount) => Some(lang.pick(
            "without mount, ps still reads the old /proc and shows the processes outside",
            "sem mount, o ps ainda lê o /proc antigo e mostra os processos de fora",
        )),
        Line::Feature(Feature::Net) if has(Feature::Net) && !play.choice.start.cable => Some(lang.pick(
            "a network with nobody in it: switch cable on to reach outside",
            "uma rede sem ninguém: ligue o cabo para alcançar o lado de fora",
        )),
        _ => None,
    }
}

/// What Enter will do.
#[must_use]
pub fn enter(play: &Play) -> String {
    let lang = play.talk.lang;
    if play.cover.is_some() {
        return if play.cover == Some(super::Cover::Leave) {
            lang.pick("stay", "ficar")
        } else {
            lang.pick("close", "fechar")
        }
        .to_owned();
    }
    if let Some(next) = &play.asked {
        let with = combination(next, lang);
        return match lang {
            Lang::En => format!("end what runs inside, start with {with}"),
            Lang::PtBr => format!("acabar com o que roda dentro, iniciar com {with}"),
        };
    }
    if play.failure.is_some() {
        return lang.pick("try again", "tentar de novo").to_owned();
    }
    if play.talk.is_building() {
        return lang.pick("wait", "esperar").to_owned();
    }
    if !play.talk.box_runs {
        return lang.pick("start the box anew", "iniciar a caixa de novo").to_owned();
    }
    let line = play.line();
    let (name, on) = (name(line, lang), play.choice.has(line));
    if !on && !play.can(line) {
        return lang.pick("nothing: it cannot be had here", "nada: aqui isso não dá").to_owned();
    }
    if line == Line::Root {
        return lang.pick("another system, on a new bench", "outro sistema, numa bancada nova").to_owned();
    }
    if line == Line::Limit(Limit::Freezer) {
        return if on { lang.pick("let it go on", "deixar seguir") } else { lang.pick("freeze it", "congelar") }
            .to_owned();
    }
    match (line.is_live(), on, lang) {
        (true, true, Lang::En) => format!("lift the limit on {name}"),
        (true, true, Lang::PtBr) => format!("tirar o limite de {name}"),
        (true, false, Lang::En) => format!("limit {name}, live"),
        (true, false, Lang::PtBr) => format!("limitar {name}, ao vivo"),
        (false, true, Lang::En) => format!("{name} off: starts the box anew"),
        (false, true, Lang::PtBr) => format!("desligar {name}: reinicia a caixa"),
        (false, false, Lang::En) => format!("{name} on: starts the box anew"),
        (false, false, Lang::PtBr) => format!("ligar {name}: reinicia a caixa"),
    }
}
