//! What Next will do, in words: the promise on the bottom line.
//!
//! It is read off the talk's state, so that the line cannot promise what [`Talk::update`] does not do.

use crate::course::lesson::{Act, Limit, Page, Restart, Start};
use crate::course::talk::{Phase, Place, Route, Talk, View};
use crate::course::text::Lang;
use crate::course::{Feature, Side};

/// What Next does now, without the key's name.
#[must_use]
pub fn next(talk: &Talk) -> String {
    let lang = talk.lang;
    match talk.view {
        View::Agenda { .. } | View::Failure { .. } => String::new(),
        View::Lesson if !talk.box_runs && talk.ended.is_some() && talk.phase != Phase::Done => {
            lang.pick("builds the box anew", "monta a caixa de novo").to_owned()
        }
        View::Lesson => match talk.phase {
            Phase::Ask => lang.pick("skips the question", "pula a pergunta").to_owned(),
            Phase::Ready => talk.step().acts.first().map_or_else(
                || {
                    let asked = !talk.step().choices.is_empty();
                    if asked {
                        lang.pick("shows the answer", "mostra a resposta")
                    } else {
                        lang.pick("goes on", "segue")
                    }
                    .to_owned()
                },
                |act| does(act, talk),
            ),
            Phase::Doing => lang.pick("wait for the kernel", "espere o kernel").to_owned(),
            Phase::Done => after(talk),
        },
    }
}

/// An act in words.
fn does(act: &Act, talk: &Talk) -> String {
    let lang = talk.lang;
    match act {
        Act::Inside(line) => format!("{} {}", lang.pick("types inside:", "digita dentro:"), filled(line, talk)),
        Act::Outside(line) => format!("{} {}", lang.pick("types outside:", "digita fora:"), filled(line, talk)),
        Act::Start(start) => starts(start, &talk.start, lang),
        Act::Limit(limits) => {
            limits.iter().map(|(limit, value)| format!("{} = {value}", file(*limit))).collect::<Vec<_>>().join(", ")
        }
        Act::Interrupt(Side::Inside) => lang.pick("Ctrl-C inside", "Ctrl-C dentro").to_owned(),
        Act::Interrupt(_) => lang.pick("Ctrl-C outside", "Ctrl-C fora").to_owned(),
        Act::Restart(Restart::Box) => lang.pick("a fresh box", "uma caixa nova").to_owned(),
        Act::Restart(Restart::Bench) => lang.pick("a fresh bench", "uma bancada nova").to_owned(),
    }
}

/// A start in words: what it switches on or off, if that is all.
fn starts(start: &Start, now: &Start, lang: Lang) -> String {
    let names = |on: &Start, off: &Start| {
        Feature::ALL
            .into_iter()
            .filter(|f| on.features.has(*f) && !off.features.has(*f))
            .map(Feature::name)
            .collect::<Vec<_>>()
    };
    let (on, off) = (names(start, now), names(now, start));
    match (on.as_slice(), off.as_slice(), &start.hostname) {
        ([], [], Some(name)) => format!("{} {name}", lang.pick("starts the box as", "inicia a caixa com o nome")),
        ([], [], None) => lang.pick("starts the box anew", "inicia a caixa de novo").to_owned(),
        ([], off, _) => format!("{} {}", lang.pick("starts it without", "inicia sem"), off.join(", ")),
        (on, _, _) => format!("{} {}", lang.pick("switches on", "liga"), on.join(", ")),
    }
}

/// What comes after a step that is done.
fn after(talk: &Talk) -> String {
    let lang = talk.lang;
    if talk.step().page == Some(Page::Script) {
        return lang.pick("your container in 12 lines", "o seu contêiner em 12 linhas").to_owned();
    }
    match following(talk) {
        None => lang.pick("the agenda", "a agenda").to_owned(),
        Some(place) if place.lesson == talk.at.lesson => {
            let step = &talk.lessons[place.lesson].steps[place.step];
            gist(step.text.get(lang)).to_owned()
        }
        Some(place) => {
            let lesson = &talk.lessons[place.lesson];
            format!("{}: {}", lesson.title.get(lang).to_uppercase(), lesson.summary.get(lang))
        }
    }
}

/// The next step on the route.
fn following(talk: &Talk) -> Option<Place> {
    let walked = |place: &Place| talk.route == Route::Full || talk.lessons[place.lesson].steps[place.step].must;
    talk.lessons
        .iter()
        .enumerate()
        .skip(talk.at.lesson)
        .flat_map(|(lesson, l)| (0..l.steps.len()).map(move |step| Place { lesson, step }))
        .filter(walked)
        .find(|place| *place > talk.at)
}

/// The first sentence of a text.
fn gist(text: &str) -> &str {
    let end =
        text.find(['.', '?', ':', '\n']).map_or(text.len(), |at| if text[at..].starts_with('?') { at + 1 } else { at });
    &text[..end]
}

/// A line with the values of its placeholders in place.
fn filled(line: &str, talk: &Talk) -> String {
    let mut filled = line.to_owned();
    if line.contains('{') {
        for (name, value) in &talk.names {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
    }
    filled
}

/// The file that holds a limit.
const fn file(limit: Limit) -> &'static str {
    match limit {
        Limit::Pids => "pids.max",
        Limit::Memory => "memory.max",
        Limit::Cpus => "cpu.max",
    }
}
