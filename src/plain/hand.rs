//! An exercise as lines: what to do, the lines shown, its goals, what is wrong, the hint, the order chosen.
//!
//! Goals are said when they are reached and when they are open again, and what is wrong once, until it is something else.

use std::collections::BTreeSet;

use super::order::Verb;
use super::say::word;
use crate::course::exercise::{Exercise, Kind};
use crate::course::talk::{Phase, Said, Talk};
use crate::course::text::Lang;

/// What was said of the exercise at hand.
#[derive(Default)]
pub struct Hand {
    met: BTreeSet<usize>,
    said: Option<Said>,
    rung: usize,
    nudged: bool,
    order: Vec<usize>,
}

/// An exercise that has come to stand open, but for its text.
pub fn open(talk: &Talk, exercise: &Exercise) -> Vec<String> {
    let lang = talk.lang;
    let title = match exercise.kind {
        Kind::Free => None,
        Kind::Whole => Some(lang.pick("The lines:", "As linhas:")),
        Kind::Blank => Some(lang.pick("The lines, with a gap:", "As linhas, com uma lacuna:")),
        Kind::Order => Some(lang.pick("The lines, out of order:", "As linhas, fora de ordem:")),
    };
    let mut said: Vec<String> = title.map(str::to_owned).into_iter().collect();
    let lines = exercise.shown().into_iter().map(|line| gaps(&talk.fill(&line), lang));
    said.extend((1..).zip(lines).map(|(number, line)| match exercise.kind {
        Kind::Order => format!("{number}: {line}"),
        _ => format!("  {line}"),
    }));
    said.extend((0..exercise.goals.len()).map(|at| {
        let state = if is_met(talk, at) { lang.pick("done", "feito") } else { lang.pick("open", "falta") };
        format!("{} {}, {state}: {}.", lang.pick("Goal", "Objetivo"), at + 1, goal(talk, exercise, at))
    }));
    said
}

impl Hand {
    /// What `open` has said.
    pub fn opened(talk: &Talk, exercise: &Exercise) -> Self {
        Self { met: met(talk, exercise), ..Self::default() }
    }

    /// What is new of the exercise.
    pub fn tell(&mut self, talk: &Talk, exercise: &Exercise) -> Vec<String> {
        let (lang, practice) = (talk.lang, &talk.practice);
        let mut said = vec![];
        let met = met(talk, exercise);
        for at in met.symmetric_difference(&self.met).copied() {
            let state = if met.contains(&at) {
                lang.pick("is reached", "alcançado")
            } else {
                lang.pick("is open again", "falta de novo")
            };
            let name = lang.pick("Goal", "Objetivo");
            let sign = lang.pick("", ",");
            said.push(format!("{name} {}{sign} {state}: {}.", at + 1, goal(talk, exercise, at)));
        }
        if practice.order != self.order {
            said.push(order(talk, exercise));
        }
        if let Some(what) = practice.said.filter(|what| self.said != Some(*what)) {
            let begins = match what {
                Said::Lost(_) => lang.pick("Lost", "Perdido"),
                Said::Diagnosis(_) => lang.pick("But", "Mas"),
            };
            said.extend(
                talk.diagnosis().map(|diagnosis| format!("{begins}: {}", keyless(diagnosis.say.get(lang), lang))),
            );
        }
        let hint = practice.rung.checked_sub(1).filter(|_| practice.rung != self.rung && talk.phase != Phase::Done);
        if let Some((rung, hint)) = hint.and_then(|rung| Some((rung, exercise.hints.get(rung)?))) {
            let (name, of) = (lang.pick("Hint", "Dica"), lang.pick("of", "de"));
            let hint = keyless(hint.get(lang), lang);
            said.push(format!("{name} {} {of} {}: {hint}", rung + 1, exercise.hints.len()));
        }
        if practice.is_nudged() && !self.nudged {
            let hint = word(Verb::Hint, lang);
            said.push(match lang {
                Lang::En => format!("{hint}: a hint; again: the next one."),
                Lang::PtBr => format!("{hint}: uma dica; de novo: a seguinte."),
            });
        }
        let (order, nudged) = (practice.order.clone(), practice.is_nudged());
        *self = Self { met, said: practice.said, rung: practice.rung, nudged, order };
        said
    }
}

/// The goals that are reached, all of them once the exercise is done.
fn met(talk: &Talk, exercise: &Exercise) -> BTreeSet<usize> {
    (0..exercise.goals.len()).filter(|at| is_met(talk, *at)).collect()
}

fn is_met(talk: &Talk, at: usize) -> bool {
    talk.phase == Phase::Done || talk.practice.met.contains(&at)
}

fn goal<'a>(talk: &Talk, exercise: &'a Exercise, at: usize) -> &'a str {
    exercise.goals[at].say.get(talk.lang)
}

/// The lines that were chosen so far.
fn order(talk: &Talk, exercise: &Exercise) -> String {
    let lang = talk.lang;
    let lines = talk.practice.order.iter().filter_map(|line| exercise.solution.get(*line));
    let lines: Vec<String> =
        (1..).zip(lines).map(|(nth, line): (usize, _)| format!("{nth}. {}", talk.fill(line))).collect();
    if lines.is_empty() {
        return lang.pick("No line is chosen.", "Nenhuma linha escolhida.").to_owned();
    }
    format!("{} {}", lang.pick("Your order:", "A sua ordem:"), lines.join(" "))
}

/// The line that was put at the prompt, and how it is run from here.
pub fn at_the_prompt(talk: &Talk) -> String {
    let lang = talk.lang;
    let Some(line) = talk.line_at_the_prompt() else {
        return lang.pick("The lines stand in order now.", "As linhas agora estão em ordem.").to_owned();
    };
    match lang {
        Lang::En => format!("At the prompt, not run: {line}\n! alone runs it; ! and another line takes its place."),
        Lang::PtBr => {
            format!("No prompt, sem executar: {line}\n! sozinho executa; ! e outra linha fica no lugar dela.")
        }
    }
}

/// A gap as a word: underscores are not read aloud, or one by one.
fn gaps(text: &str, lang: Lang) -> String {
    let gap = lang.pick("[gap]", "[lacuna]");
    let mut parts = vec![];
    let mut rest = text;
    while let Some(at) = rest.find("__") {
        parts.push(&rest[..at]);
        parts.push(gap);
        rest = rest[at..].trim_start_matches('_');
    }
    parts.push(rest);
    parts.concat()
}

/// What lessons say of the keys of the screen, as it is done here.
const KEYS: [(Lang, &str, &str); 16] = [
    (
        Lang::En,
        "F2 gives the shell below your keyboard, F2 again takes it back.",
        "! and a line types it into the shell.",
    ),
    (Lang::En, "F2 gives the shell below your keyboard.", "! and a line types it into the shell."),
    (Lang::PtBr, "F2 passa o teclado ao shell aqui embaixo; F2 de novo devolve.", "! e uma linha digita no shell."),
    (Lang::PtBr, "F2 passa o teclado ao shell aqui embaixo.", "! e uma linha digita no shell."),
    (Lang::En, "r … fresh bench", "fresh: a fresh bench."),
    (Lang::PtBr, "r … bancada nova", "nova: uma bancada nova."),
    (Lang::En, "; r gives you a fresh bench", "; fresh gives you a fresh bench"),
    (Lang::PtBr, "; r dá uma bancada nova", "; nova dá uma bancada nova"),
    (Lang::En, "Press Enter:", "Type ! alone, which is Enter:"),
    (Lang::PtBr, "Dê Enter:", "Digite ! sozinho, que é o Enter:"),
    (Lang::En, "Enter ends it.", "! alone, which is Enter, ends it."),
    (Lang::PtBr, "Enter encerra.", "! sozinho, que é o Enter, encerra."),
    (Lang::En, ", then Enter.", ", then Enter alone."),
    (Lang::PtBr, ", depois Enter.", ", depois Enter sozinho."),
    (Lang::En, ", F2.", "."),
    (Lang::PtBr, ", F2.", "."),
];

/// A text of an exercise without the keys that only the screen has.
pub fn keyless(text: &str, lang: Lang) -> String {
    let known = KEYS.iter().filter(|(of, ..)| *of == lang);
    let mut said = known.fold(text.to_owned(), |said, (_, key, here)| said.replace(key, here));
    while let Some(at) = said.find("F2, ") {
        let begins = said[..at].trim_end().ends_with('.') || at == 0;
        let rest = said.split_off(at).split_off("F2, ".len());
        let mut letters = rest.chars();
        match letters.next().filter(|_| begins) {
            Some(first) => said.extend(first.to_uppercase().chain(letters)),
            None => said += &rest,
        }
    }
    for last in '3'..='5' {
        said = said.replace(&format!("1-{last},"), &format!("1 {} {last},", lang.pick("to", "a")));
    }
    gaps(&said.replace('…', "..."), lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::lesson::Lesson;

    fn course() -> Vec<Lesson> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|kind| kind == "toml"));
        files.map(|file| toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()).collect()
    }

    #[test]
    fn no_text_of_an_exercise_speaks_of_a_key_that_lines_do_not_have() {
        let mut wrong = vec![];
        for lesson in course() {
            for exercise in &lesson.exercises {
                let said = exercise.diagnoses.iter().chain(&exercise.lost).map(|said| &said.say);
                let goals = exercise.goals.iter().map(|goal| &goal.say);
                for text in [&exercise.step.text, &exercise.step.why]
                    .into_iter()
                    .chain(&exercise.hints)
                    .chain(said)
                    .chain(goals)
                {
                    for lang in Lang::ALL {
                        let said = keyless(text.get(lang), lang);
                        for key in ["F2", "F4", "…", "1-", "__", " r "] {
                            let has = said.contains(key);
                            wrong.extend(has.then(|| format!("{}/{}: {key}: {said}", lesson.id, exercise.id())));
                        }
                    }
                }
            }
        }
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn what_stands_around_a_key_stays_a_sentence() {
        let en = |text| keyless(text, Lang::En);
        assert_eq!(en("By hand: F2, these two lines, F2. And so on."), "By hand: these two lines. And so on.");
        assert_eq!(en("In perl. F2, type, F2."), "In perl. Type.");
        assert_eq!(en("In which order? 1-3, then Enter."), "In which order? 1 to 3, then Enter alone.");
        assert_eq!(keyless("unshare --u__ sh; hostname ____", Lang::PtBr), "unshare --u[lacuna] sh; hostname [lacuna]");
        assert_eq!(en("It has gone. r … fresh bench"), "It has gone. fresh: a fresh bench.");
    }
}
