//! What Enter does, and what else can be typed: the last line of all that is said.

use super::super::order::Verb;
use super::super::pages::place_name;
use super::{in_lines, spoken, word};
use crate::course::exercise::{Exercise, Kind};
use crate::course::talk::{Overlay, Phase, Recall, Talk, View};
use crate::course::text::Lang;

/// What Enter does, as the last line of all that is said.
pub fn prompt(talk: &Talk) -> String {
    let lang = talk.lang;
    let enter = |does: &str| format!("Enter: {does}.");
    match (talk.overlay, talk.view) {
        (Some(Overlay::Rebuild), _) => format!("{} {}", enter(&does(talk)), no(lang.pick("stays", "fica"), lang)),
        (Some(Overlay::Switches { .. }), _) => {
            let flips = lang.pick("A number switches.", "Um número liga ou desliga.");
            format!("{flips} {} {}", enter(&does(talk)), no(lang.pick("changes nothing", "não muda nada"), lang))
        }
        (None, View::Agenda { .. }) => {
            let number = lang.pick("A number goes to that lesson.", "Um número vai àquela lição.");
            format!("{number} {}", enter(&does(talk)))
        }
        (None, View::Failure { .. }) => {
            let number = lang.pick("A number chooses.", "Um número escolhe.");
            format!("{number} {}", enter(&does(talk)))
        }
        (None, View::Lesson) if talk.phase == Phase::Ask && talk.stray.is_none() && !talk.misses_its_box() => {
            let numbers = numbers(talk.step().choices.len(), lang);
            let answer = format!("{numbers}: {}.", lang.pick("your answer", "a sua resposta"));
            format!("{answer} {}", enter(&does(talk)))
        }
        (None, View::Recall) => recall_prompt(talk, &enter(&does(talk))),
        (None, View::Lesson) => {
            let enter = enter(&does(talk));
            talk.exercise().map_or_else(|| enter.clone(), |exercise| hand_prompt(talk, exercise, &enter))
        }
        _ => enter(&does(talk)),
    }
}

/// At a question from an earlier day.
fn recall_prompt(talk: &Talk, enter: &str) -> String {
    let lang = talk.lang;
    let asked = talk.recall.as_ref().and_then(Recall::asks).filter(|asked| asked.said.is_none());
    let answer = asked.map_or_else(String::new, |asked| {
        let choices = talk.lessons[asked.place.lesson].steps[asked.place.step].choices.len();
        format!("{}: {}. ", numbers(choices, lang), lang.pick("your answer", "a sua resposta"))
    });
    format!("{answer}{}: {}. {enter}", word(Verb::Close, lang), lang.pick("to the agenda", "à agenda"))
}

/// In an exercise that is not done yet.
fn hand_prompt(talk: &Talk, exercise: &Exercise, enter: &str) -> String {
    let lang = talk.lang;
    if talk.phase == Phase::Done || talk.misses_its_box() {
        return enter.to_owned();
    }
    let types = match lang {
        Lang::En => "! LINE: types it into the shell.",
        Lang::PtBr => "! LINHA: digita no shell.",
    };
    if exercise.kind != Kind::Order || talk.phase != Phase::Ready {
        return format!("{types} {enter}");
    }
    let numbers = numbers(exercise.solution.len(), lang);
    let line = if talk.is_in_order() {
        lang.pick("takes that line out", "tira aquela linha")
    } else {
        lang.pick("the line that comes next", "a linha que vem a seguir")
    };
    format!("{numbers}: {line}. {types} {enter}")
}

/// `1 to 3`, and where there are two `1 or 2`.
pub(super) fn numbers(last: usize, lang: Lang) -> String {
    let between = if last == 2 { lang.pick("or", "ou") } else { lang.pick("to", "a") };
    format!("1 {between} {last}")
}

fn no(stays: &str, lang: Lang) -> String {
    format!("{}: {stays}.", word(Verb::Close, lang))
}

/// What Enter does. The next step is read as soon as it is there, and not before.
fn does(talk: &Talk) -> String {
    let lang = talk.lang;
    let plain_step = talk.overlay.is_none() && talk.view == View::Lesson && talk.stray.is_none();
    let next = talk.following().filter(|next| next.lesson == talk.at.lesson);
    if let Some(next) = next.filter(|_| plain_step && talk.phase == Phase::Done && talk.step().page.is_none()) {
        let name = place_name(talk, next, true);
        let mut letters = name.chars();
        return letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
    }
    in_lines(&spoken(&talk.next_does_whole(lang), lang))
}
