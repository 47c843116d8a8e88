//! The agenda, what this machine can do, and a step that could not be done, as lines.

use super::order::Verb;
use super::say::{in_lines, spoken, word};
use crate::course::Because;
use crate::course::event::Failure;
use crate::course::mend::helps;
use crate::course::portuguese::plainly;
use crate::course::reason::why;
use crate::course::talk::{Place, Route, Talk};
use crate::course::text::Lang;
use crate::course::way::{does, note, reasons, ways};
use crate::course::words;

/// The lessons, a line each, and how far one is.
pub fn agenda(talk: &Talk) -> Vec<String> {
    let lang = talk.lang;
    let mut said = vec![];
    for (index, lesson) in talk.lessons.iter().enumerate() {
        said.extend(lesson.begins_part.as_ref().map(|part| format!("{}:", part.get(lang))));
        let (title, summary) = (lesson.title.get(lang), lesson.summary.get(lang));
        let state = state(talk, index).map_or_else(String::new, |state| format!(" {state}."));
        said.push(format!("{index}: {title}, {summary}. {} min.{state}", talk.minutes(index)));
    }
    said.push(route(talk));
    said
}

/// How far a lesson is: nothing where it was not begun.
fn state(talk: &Talk, lesson: usize) -> Option<String> {
    let steps = (0..talk.lessons[lesson].steps.len()).map(|step| Place { lesson, step });
    let walked: Vec<Place> = steps.filter(|place| talk.walks(*place)).collect();
    let (done, of) = (walked.iter().filter(|place| talk.is_done(**place)).count(), walked.len());
    match (done, talk.lang) {
        (0, _) => None,
        (done, lang) if done == of && is_done_by_hand(talk, lesson) => {
            Some(lang.pick("Done, by hand too", "Feito, também na unha").to_owned())
        }
        (done, lang) if done == of => Some(lang.pick("Done", "Feito").to_owned()),
        (done, Lang::En) => Some(format!("{done} of {of} steps done")),
        (done, Lang::PtBr) => Some(format!("{done} de {of} passos feitos")),
    }
}

fn is_done_by_hand(talk: &Talk, lesson: usize) -> bool {
    let of = &talk.lessons[lesson];
    of.places() > of.steps.len() && (of.steps.len()..of.places()).all(|step| talk.is_done(Place { lesson, step }))
}

/// The route, and how long it is.
#[must_use]
pub fn route(talk: &Talk) -> String {
    let minutes: u32 = (0..talk.lessons.len()).map(|lesson| talk.minutes(lesson)).sum();
    match (talk.route, talk.lang) {
        (Route::Full, Lang::En) => format!("Every step is walked: {minutes} minutes."),
        (Route::Full, Lang::PtBr) => format!("A trilha é a completa: {minutes} minutos."),
        (Route::Short, Lang::En) => format!("The short route is walked: {minutes} minutes."),
        (Route::Short, Lang::PtBr) => format!("A trilha é a curta: {minutes} minutos."),
    }
}

/// What this machine can do, and why not.
pub fn machine(talk: &Talk) -> Vec<String> {
    let (lang, machine) = (talk.lang, &talk.machine);
    let cgroup = machine.cgroup.as_ref().map_or_else(|_| "cgroup".to_owned(), |version| format!("cgroup v{version}"));
    let can = [
        ("root", machine.root),
        ("namespaces", machine.namespaces.is_ok()),
        (cgroup.as_str(), machine.cgroup.is_ok()),
        ("rootfs", machine.rootfs.is_ok()),
    ];
    let can = can.map(|(name, can)| format!("{name} {}", if can { words::yes(lang) } else { words::no(lang) }));
    let mut said = vec![format!("{}: {}.", lang.pick("This machine", "Esta máquina"), can.join(", "))];
    let because = [machine.namespaces.as_ref().err(), machine.cgroup.as_ref().err(), machine.rootfs.as_ref().err()];
    let because: Vec<&Because> = because.into_iter().flatten().collect();
    for reason in because.iter().map(|because| why(because.reason, lang).to_owned()) {
        if !said.contains(&reason) {
            said.push(reason);
        }
    }
    if !because.is_empty() {
        let helps = helps(because, &talk.about, lang);
        said.extend(helps.iter().map(|line| format!("{}: {}", lang.pick("Helps here", "Ajuda aqui"), in_lines(line))));
        said.push(lang.pick("unha doctor says more.", "unha doctor diz mais.").to_owned());
    }
    said.push(outside(talk).to_owned());
    said
}

/// What outside is.
const fn outside(talk: &Talk) -> &'static str {
    if talk.host {
        talk.lang.pick(
            "Outside is this machine: what you break is broken.",
            "Fora é esta máquina: o que você quebrar, quebrou.",
        )
    } else {
        talk.lang.pick(
            "Outside is the bench: what you break stays there.",
            "Fora é a bancada: o que você quebrar fica nela.",
        )
    }
}

/// Why a step could not be done, and the ways out.
pub fn failure(talk: &Talk, failure: &Failure) -> Vec<String> {
    let lang = talk.lang;
    let title = words::refused(failure, lang);
    let mut letters = title.chars();
    let first = letters.next().map(String::from).unwrap_or_default();
    let nothing = lang.pick("Nothing was left behind.", "Nada ficou para trás.");
    let mut said = vec![format!("{first}{}. {nothing}", letters.as_str().to_lowercase())];
    said.extend(failure.call.as_ref().map(|call| format!("{}: {call}", lang.pick("Call", "Chamada"))));
    said.extend(failure.before.last().map(|call| format!("{}: {call}", lang.pick("Before it", "Antes dela"))));
    said.extend(reasons(talk, failure, lang).iter().map(|why| format!("{}: {why}", lang.pick("Why", "Por quê"))));
    said.extend(failure.seen.iter().map(|seen| format!("{}: {}", lang.pick("Seen", "Visto"), plainly(seen, lang))));
    said.push(lang.pick("What you can do, best first:", "O que dá para fazer, do melhor ao pior:").to_owned());
    for (number, way) in (1..).zip(ways(talk)) {
        said.push(format!("{number}: {}; {}.", in_lines(&spoken(&does(way, talk, lang), lang)), note(way, lang)));
    }
    said
}

/// That one is back at the agenda, without all of it.
pub fn back_at_agenda(talk: &Talk) -> String {
    let (lang, agenda) = (talk.lang, word(Verb::Agenda, talk.lang));
    match (talk.minutes_left(), lang) {
        (0, Lang::En) => format!("The agenda. The course is done. {agenda} reads all lessons."),
        (0, Lang::PtBr) => format!("A agenda. Curso completo. {agenda} lê todas as lições."),
        (left, Lang::En) => format!("The agenda. About {left} minutes to go. {agenda} reads all lessons."),
        (left, Lang::PtBr) => format!("A agenda. Faltam uns {left} minutos. {agenda} lê todas as lições."),
    }
}
