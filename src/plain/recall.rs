//! A question from an earlier day, as lines: where it is from, what is asked, and what was said to it.

use super::pages::said_and_so;
use crate::course::talk::{Recall, Talk};
use crate::course::text::Lang;

/// The question at hand, as it is asked.
pub fn question(talk: &Talk) -> Vec<String> {
    let lang = talk.lang;
    let Some((recall, asked)) = talk.recall.as_ref().and_then(|recall| Some((recall, recall.asks()?))) else {
        return vec![];
    };
    let (at, count, lesson) = (recall.at + 1, recall.asked.len(), &talk.lessons[asked.place.lesson]);
    let (title, summary) = (lesson.title.get(lang), lesson.summary.get(lang));
    let of = asked.place.lesson;
    let mut said = vec![String::new()];
    if recall.at == 0 {
        said.push(lang.pick("Before you go on: what do you remember?", "Antes de continuar: o que ficou?").to_owned());
    }
    let step = &lesson.steps[asked.place.step];
    said.push(match lang {
        Lang::En => format!("Question {at} of {count}, from lesson {of}, {title}: {summary}."),
        Lang::PtBr => format!("Pergunta {at} de {count}, da lição {of}, {title}: {summary}."),
    });
    said.push(step.told(lang).to_owned());
    said.extend((1..).zip(&step.choices).map(|(number, choice)| format!("{number}: {}", choice.get(lang))));
    said
}

/// What was said to it, what it is, and why.
pub fn answer(talk: &Talk) -> Vec<String> {
    let Some(asked) = talk.recall.as_ref().and_then(Recall::asks) else { return vec![] };
    let Some(number) = asked.said else { return vec![] };
    let step = &talk.lessons[asked.place.lesson].steps[asked.place.step];
    let verdict = said_and_so(step, number, step.answer, talk.lang);
    let why = format!("{}: {}", talk.lang.pick("Why", "Por quê"), step.why.get(talk.lang));
    verdict.into_iter().chain([why]).collect()
}
