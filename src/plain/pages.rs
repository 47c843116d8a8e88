//! What is read on request: the words, the source, the system calls, the glossary, the lesson so far, the switches.

use super::hand::keyless;
use super::order::{Verb, WORDS};
use super::say::word;
use crate::course::glossary::{Term, terms};
use crate::course::lesson::Step;
use crate::course::talk::{Answer, Phase, Place, Talk};
use crate::course::text::Lang;
use crate::course::{Call, Feature, FeatureSet, words};

/// How the course in lines works, in less than a screenful.
pub fn intro(lang: Lang) -> Vec<String> {
    let text = match lang {
        Lang::En => {
            "\
unha, Linux containers by hand, as lines of text.
A container is a process. You build one, piece by piece.
Outside is the bench, which stands for your machine. Inside is the box, the container.
Each step asks, does it on a real box, and says what the kernel shows then.
The last line of all that is said tells what Enter does. A number answers.
in hostname: types hostname into the shell inside. out hostname: outside.
Other words: back, repeat, hint, values, code, syscalls, agenda, go, language, quit.
help: what each word does. One letter is often enough."
        }
        Lang::PtBr => {
            "\
unha, Linux contêineres na unha, em linhas de texto.
Um contêiner é um processo. Você monta um, peça por peça.
Fora é a bancada, que faz o papel da sua máquina. Dentro é a caixa, o contêiner.
Cada passo pergunta, faz numa caixa de verdade e diz o que o kernel mostra depois.
A última linha de tudo o que se diz conta o que Enter faz. Um número responde.
dentro hostname: digita hostname no shell de dentro. fora hostname: no de fora.
Outras palavras: voltar, repetir, dica, fatos, código, chamadas, agenda, ir, língua, sair.
ajuda: o que cada palavra faz. Muitas vezes basta uma letra."
        }
    };
    text.lines().map(str::to_owned).collect()
}

/// All words, a line each.
pub fn help(lang: Lang) -> Vec<String> {
    let enter = lang.pick(
        "Enter alone does what the last line says. A number chooses. Then there are these words:",
        "Enter sozinho faz o que diz a última linha. Um número escolhe. Além disso há estas palavras:",
    );
    let or = lang.pick("or", "ou");
    let each = WORDS.iter().map(|known| {
        let (word, letter) = known.spelled(lang);
        let letter = if letter.is_empty() { String::new() } else { format!(" {or} {letter}") };
        let argument = known.argument(lang);
        let must = argument.chars().any(char::is_uppercase);
        let argument = if must { format!(", {argument}") } else { String::new() };
        let does = known.does(lang);
        let end = if does.ends_with('?') { "" } else { "." };
        format!("{word}{letter}{argument}: {does}{end}")
    });
    let last = lang.pick(
        "! LINE types into the shell that was last at work. A word may be cut short to three letters or more.",
        "! LINHA digita no shell que trabalhou por último. Toda palavra pode ser encurtada para três letras ou mais.",
    );
    std::iter::once(enter.to_owned()).chain(each).chain([last.to_owned()]).collect()
}

/// The lines of the source that the step is about, or all of it.
pub fn code(talk: &Talk, source_of: fn(&str) -> Option<&'static str>, all: bool) -> Vec<String> {
    let lang = talk.lang;
    let none = || vec![words::no_code(lang).to_owned()];
    let first = || talk.lesson().steps.iter().find_map(|step| step.code.as_ref());
    let Some(code) = talk.taught().or_else(first) else { return none() };
    let Some(source) = source_of(&code.file) else { return none() };
    let lit = code.lit_lines(source);
    let count = source.lines().count();
    let (from, to) = if all { (0, count) } else { (lit.start, lit.end) };
    let title = match lang {
        _ if from + 1 == to => {
            format!("{}, {} {to} {} {count}:", code.file, lang.pick("line", "linha"), lang.pick("of", "de"))
        }
        Lang::En => format!("{}, lines {} to {to} of {count}:", code.file, from + 1),
        Lang::PtBr => format!("{}, linhas {} a {to} de {count}:", code.file, from + 1),
    };
    let mut said = vec![title];
    // How far a line is indented says nothing to an ear, and its number where it stands.
    said.extend(source.lines().take(to).skip(from).map(|line| if all { line } else { line.trim() }.to_owned()));
    said.push(code.note.get(lang).to_owned());
    if !all {
        said.push(format!(
            "{} {}",
            word(Verb::Code, lang),
            lang.pick("all: the whole file.", "tudo: o arquivo inteiro.")
        ));
    }
    said
}

/// The system calls of the step, or of this bench and its boxes.
pub fn calls(talk: &Talk, all: bool) -> Vec<String> {
    let lang = talk.lang;
    let from = if all { 0 } else { talk.journal_from.min(talk.journal.len()) };
    let calls = &talk.journal[from..];
    let mut said: Vec<String> = match (calls.len(), lang) {
        (0, _) if !all => vec![lang.pick("None in this step.", "Nenhuma neste passo.").to_owned()],
        (0, _) => vec![words::no_calls(lang).to_owned()],
        (1, _) => vec![],
        (count, Lang::En) => vec![format!("{count} system calls:")],
        (count, Lang::PtBr) => vec![format!("{count} chamadas de sistema:")],
    };
    said.extend(calls.iter().map(Call::to_string));
    if from > 0 {
        let all = format!("{} {}", word(Verb::Calls, lang), lang.pick("all", "tudo"));
        said.push(match lang {
            Lang::En => format!("{from} were made before this step; {all} reads them too."),
            Lang::PtBr => format!("{from} foram feitas antes deste passo; {all} lê também essas."),
        });
    }
    said
}

/// What the words of the step mean, or the word that is named.
pub fn glossary(talk: &Talk, named: &str) -> Vec<String> {
    let lang = talk.lang;
    let said = |term: &Term| format!("{}: {} ({})", term.name(lang), term.means.get(lang), term.source);
    let wanted = named.to_lowercase();
    if wanted.is_empty() {
        let here = talk.terms();
        if here.is_empty() {
            let word = word(Verb::Words, lang);
            let all = lang.pick("all", "tudo");
            return vec![match lang {
                Lang::En => format!("No word of the trade stands here. {word} {all} reads them all."),
                Lang::PtBr => format!("Nenhuma palavra do ofício aqui. {word} {all} lê todas."),
            }];
        }
        return here.into_iter().map(said).collect();
    }
    let mut known: Vec<&Term> = terms().iter().collect();
    known.sort_by_key(|term| term.name(lang).to_lowercase());
    let all = ["all", "tudo", "todas"].contains(&wanted.as_str());
    let spells =
        |term: &&Term| all || term.id == wanted || term.forms(lang).iter().any(|form| form.to_lowercase() == wanted);
    let found: Vec<String> = known.into_iter().filter(spells).map(said).collect();
    if found.is_empty() {
        return vec![match lang {
            Lang::En => format!("The glossary does not have {named}."),
            Lang::PtBr => format!("O glossário não tem {named}."),
        }];
    }
    found
}

/// The lesson so far: what was asked, what was said, what it was, and why.
pub fn past(talk: &Talk) -> Vec<String> {
    let mut said = vec![];
    for step in 0..=talk.at.step {
        let place = Place { step, ..talk.at };
        if !talk.walks(place) {
            continue;
        }
        let Some(of) = talk.lesson().at(step) else { continue };
        said.push(format!("{}. {}", place_name(talk, place, false), told(talk, place)));
        let over = step < talk.at.step || talk.phase == Phase::Done;
        said.extend(verdict(talk, step, over));
        said.extend(over.then(|| why(talk, of)));
    }
    said
}

/// Why a step came out so, or what is to be said of an exercise that is done.
pub fn why(talk: &Talk, step: &Step) -> String {
    let said = step.why.get(talk.lang);
    if talk.lesson().steps.iter().any(|other| other.id == step.id) { said.to_owned() } else { keyless(said, talk.lang) }
}

/// "You said 1, the new one. It is 2, the one it had."
pub fn verdict(talk: &Talk, step: usize, over: bool) -> Option<String> {
    let (lang, lesson) = (talk.lang, talk.lesson());
    let step = lesson.at(step)?;
    let truth = step.answer.filter(|_| over);
    let said = match talk.answers.get(&(lesson.id.clone(), step.id.clone())) {
        Some(Answer::Chose(number)) => return said_and_so(step, *number, truth, lang),
        Some(Answer::Skipped) => Some(lang.pick("You skipped the question.", "Você pulou a pergunta.").to_owned()),
        None => None,
    };
    let truth = truth.and_then(|truth| it_is(step, truth, lang));
    let both: Vec<String> = [said, truth].into_iter().flatten().collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// What was said to a question, and what it is.
pub fn said_and_so(step: &Step, number: usize, truth: Option<usize>, lang: Lang) -> Option<String> {
    let said = format!("{} {}.", lang.pick("You said", "Você disse"), named(step, number, lang)?);
    if truth == Some(number) {
        return Some(format!("{said} {}.", lang.pick("That is it", "É isso")));
    }
    Some(
        [Some(said), truth.and_then(|truth| it_is(step, truth, lang))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    )
}

fn it_is(step: &Step, truth: usize, lang: Lang) -> Option<String> {
    Some(format!("{} {}.", lang.pick("It is", "Deu"), named(step, truth, lang)?))
}

fn named(step: &Step, number: usize, lang: Lang) -> Option<String> {
    Some(format!("{number}, {}", step.choices.get(number.checked_sub(1)?)?.get(lang)))
}

/// Which step or exercise it is, and of how many.
pub fn place_name(talk: &Talk, place: Place, of: bool) -> String {
    let lang = talk.lang;
    let name = match talk.lessons[place.lesson].exercise(place.step) {
        Some(_) => lang.pick("Exercise", "Exercício"),
        None => lang.pick("Step", "Passo"),
    };
    let (number, count) = talk.numbered(place);
    if of { format!("{name} {number} {} {count}", lang.pick("of", "de")) } else { format!("{name} {number}") }
}

/// The text of a step or an exercise, without the keys of a screen.
pub fn told(talk: &Talk, place: Place) -> String {
    let lesson = &talk.lessons[place.lesson];
    let text = lesson.at(place.step).map_or("", |step| step.told(talk.lang));
    if lesson.exercise(place.step).is_some() { keyless(text, talk.lang) } else { text.to_owned() }
}

/// The features as switches, a line each.
pub fn switches(set: FeatureSet, lang: Lang) -> Vec<String> {
    let title = lang.pick("What the box has of its own:", "O que a caixa tem de seu:");
    let each = (1..).zip(Feature::ALL).map(|(number, feature)| format!("{number}: {}", switch(set, feature, lang)));
    std::iter::once(title.to_owned()).chain(each).collect()
}

/// A switch: `uts, a host name: on`.
pub fn switch(set: FeatureSet, feature: Feature, lang: Lang) -> String {
    let state = if set.has(feature) { lang.pick("on", "ligado") } else { lang.pick("off", "desligado") };
    format!("{}, {}: {state}", feature.name(), words::feature(feature, lang))
}
