//! The front's own words: notices, failures and what Enter does, as sentences that are read aloud.
//!
//! A sign such as ≠ is read badly or not at all, so that every sign is a word here.

mod prompt;

use self::prompt::numbers;
pub use self::prompt::prompt;
use super::hand::at_the_prompt;
use super::order::{Verb, WORDS};
use crate::course::Side;
use crate::course::event::Ended;
use crate::course::lesson::Act;
use crate::course::portuguese::plainly;
use crate::course::talk::{Notice, Talk, listed, named_feature};
use crate::course::text::Lang;
use crate::course::words;

/// The word for something that can be asked for.
pub fn word(verb: Verb, lang: Lang) -> &'static str {
    WORDS.iter().find(|word| word.verb == verb).map_or("", |word| word.spelled(lang).0)
}

/// A text without the signs that only an eye reads.
pub fn spoken(text: &str, lang: Lang) -> String {
    let signs = [
        ("outside = inside", "the same outside and inside", ""),
        ("outside ≠ inside", "different outside and inside", ""),
        ("fora = dentro", "", "igual fora e dentro"),
        ("fora ≠ dentro", "", "diferente fora e dentro"),
        (" · ", "; ", "; "),
        (" ≠ ", " is not ", " não é "),
        (" ≥ ", " at least ", " pelo menos "),
        (" ≤ ", " at most ", " no máximo "),
        (" ∋ ", " contains ", " contém "),
        (" = ", " is ", " é "),
        ("…", "...", "..."),
        ("▸ ", "", ""),
    ];
    signs.iter().fold(text.to_owned(), |text, (sign, en, pt_br)| text.replace(sign, lang.pick(en, pt_br)))
}

/// Inodes without what stands around them on a screen: `[…2177]`.
fn numbers_alone(text: &str) -> String {
    let mut parts = text.split("[…");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| said + &part.replacen(']', "", 1))
}

/// A command that starts unha anew, so that it comes back in lines.
pub fn in_lines(line: &str) -> String {
    line.replace("sudo unha", "sudo unha learn --plain")
}

/// A passing word to the person.
pub fn notice(notice: &Notice, talk: &Talk) -> String {
    let lang = talk.lang;
    let side = |side: Side| words::side(side, lang).to_lowercase();
    match notice {
        Notice::PickOrSkip => {
            let numbers = numbers(talk.step().choices.len(), lang);
            match lang {
                Lang::En => format!("Choose a number, {numbers}, or Enter again to skip the question."),
                Lang::PtBr => format!("Escolha um número, {numbers}, ou Enter de novo para pular a pergunta."),
            }
        }
        Notice::Busy(on, command) => match lang {
            Lang::En => format!("`{command}` still runs {}. Enter sends Ctrl-C.", side(*on)),
            Lang::PtBr => format!("`{command}` ainda roda {}. Enter manda Ctrl-C.", side(*on)),
        },
        Notice::Waiting(index) => {
            let waits = spoken(&numbers_alone(&talk.waiting_words(*index, lang)), lang);
            let first = waits.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            format!("{first}{}.", waits.chars().skip(1).collect::<String>())
        }
        Notice::LoadRefused(why) => {
            let not = lang.pick("Not started, the limit is not in force", "Não iniciado, o limite não vale");
            format!("{not}: {}.", spoken(&plainly(why, lang), lang))
        }
        Notice::HelpWritten(Ok(file)) => {
            format!("{} {file}", lang.pick("Send this file to whoever helps:", "Mande este arquivo a quem vai ajudar:"))
        }
        Notice::HelpWritten(Err(why)) => {
            format!("{}: {}", lang.pick("Nothing could be written", "Não deu para gravar"), plainly(why, lang))
        }
        Notice::RecordingStopped(why) => {
            format!("{}: {why}", lang.pick("No longer recording", "A gravação parou"))
        }
        Notice::ProgressUnsaved(why) => {
            format!("{}: {}", lang.pick("Progress is not kept", "O progresso não fica guardado"), plainly(why, lang))
        }
        Notice::NotReached => lang
            .pick(
                "Not every goal is reached. Enter again goes on without.",
                "Nem todo objetivo foi alcançado. Enter de novo segue sem ele.",
            )
            .to_owned(),
        Notice::WrongOrder => lang
            .pick(
                "The lines ran in this order, and did not lead there.",
                "As linhas rodaram nesta ordem e não levaram até lá.",
            )
            .to_owned(),
        Notice::AtThePrompt => at_the_prompt(talk),
        Notice::KnobEnd => {
            lang.pick("That is as far as this limit goes.", "Esse limite não vai além disso.").to_owned()
        }
        Notice::Resumed => lang.pick("This is where you left.", "Foi aqui que você parou.").to_owned(),
        Notice::Recorded => lang
            .pick(
                "This is a recording: nothing can be typed into it.",
                "Isto é uma gravação: não dá para digitar nela.",
            )
            .to_owned(),
        Notice::OnScript => lang.pick("Back on the script.", "De volta ao roteiro.").to_owned(),
        Notice::Along { feature, on, along } => {
            let (feature, along) = (named_feature(*feature), listed(*along, lang));
            match (on, lang) {
                (true, Lang::En) => format!("{feature} needs {along}: switched on too."),
                (true, Lang::PtBr) => format!("{feature} precisa de {along}: também ligado."),
                (false, Lang::En) => format!("{along} needs {feature}: switched off too."),
                (false, Lang::PtBr) => format!("{along} precisa de {feature}: também desligado."),
            }
        }
        Notice::NoLimits => lang.pick("Limits cannot be had here.", "Não dá para ter limites aqui.").to_owned(),
        Notice::NotSwitched(why) => {
            format!("{}: {}", lang.pick("Not here", "Aqui não dá"), plainly(why, lang))
        }
        Notice::NoCode => lang
            .pick(
                "No code of unha's runs in this step: it is the shells'.",
                "Neste passo não roda código do unha, só o dos shells.",
            )
            .to_owned(),
        // Of a stage, of a screen, or of a key that does nothing here.
        Notice::Stray | Notice::Copied | Notice::TheEnd | Notice::Clock(_) | Notice::VoteIsOver | Notice::Nothing => {
            lang.pick("There is nothing to do that with here.", "Isso não faz nada aqui.").to_owned()
        }
    }
}

/// That the box ended, and what that means.
pub fn ended(how: Ended, lang: Lang) -> String {
    let how = words::ended(how, lang);
    match lang {
        Lang::En => format!("The box ended, {how}: a container lives as long as its first process."),
        Lang::PtBr => format!("A caixa acabou, {how}: um contêiner vive enquanto vive o primeiro processo dele."),
    }
}

/// The command that the step waits for, and how it is typed here.
pub fn command(talk: &Talk) -> String {
    let lang = talk.lang;
    let typed = talk.acts.iter().chain(&talk.step().acts).find_map(|act| match act {
        Act::Inside(line) => Some((Verb::Inside, line)),
        Act::Outside(line) => Some((Verb::Outside, line)),
        _ => None,
    });
    let Some((verb, line)) = typed else {
        return lang
            .pick("There is no command to type in this step: Enter does it.", "Neste passo não há comando: Enter faz.")
            .to_owned();
    };
    format!("{}: {} {}", lang.pick("Type this", "Digite isto"), word(verb, lang), talk.fill(line))
}

/// A word that is not known, and what there is.
#[must_use]
pub fn unknown(typed: &str, near: Option<&str>, talk: &Talk) -> String {
    let (lang, near) = (talk.lang, near.unwrap_or_default());
    let help = word(Verb::Help, lang);
    let shell = if talk.exercise().is_some() { "!" } else { word(Verb::Inside, lang) };
    let meant = match lang {
        _ if near.is_empty() => String::new(),
        Lang::En => format!(" Did you mean {near}?"),
        Lang::PtBr => format!(" Você quis dizer {near}?"),
    };
    match lang {
        Lang::En => format!(
            "I do not know the word {typed}.{meant} A line for the shell begins with {shell}, as in: {shell} hostname. \
             All words: {help}."
        ),
        Lang::PtBr => format!(
            "Não conheço a palavra {typed}.{meant} Uma linha para o shell começa com {shell}, como em: {shell} hostname. \
             Todas as palavras: {help}."
        ),
    }
}

/// How one goes to what is named.
#[must_use]
pub fn goes_to(name: &str, lang: Lang) -> String {
    let go = word(Verb::Go, lang);
    match lang {
        Lang::En => format!("{name} is in the course: {go} {name} goes there."),
        Lang::PtBr => format!("{name} faz parte do curso: {go} {name} vai até lá."),
    }
}

/// That there is no such lesson or step.
#[must_use]
pub fn nowhere(name: &str, lang: Lang) -> String {
    let (name, agenda) = (name.chars().take(40).collect::<String>(), word(Verb::Agenda, lang));
    match lang {
        Lang::En => {
            format!("There is no lesson or step {name}. {agenda} reads all lessons; a step is named as in uts/2.")
        }
        Lang::PtBr => {
            format!("Não há lição nem passo {name}. {agenda} lê todas as lições; um passo se diz como em uts/2.")
        }
    }
}

/// That one has to wait, and for what.
#[must_use]
pub fn waits(talk: &Talk) -> &'static str {
    if talk.exercise().is_some() && talk.is_building() {
        talk.lang.pick("One moment: the bench is being built.", "Um momento: a bancada está sendo montada.")
    } else if talk.is_building() {
        talk.lang.pick("One moment: the box is being built.", "Um momento: a caixa está sendo montada.")
    } else {
        talk.lang.pick("One moment: the step runs.", "Um momento: o passo está rodando.")
    }
}

/// That the command which was typed goes on running.
#[must_use]
pub fn runs_on(side: Side, talk: &Talk) -> String {
    let lang = talk.lang;
    if talk.exercise().is_some() {
        return lang
            .pick("The command still runs. ! ^C: sends it Ctrl-C.", "O comando ainda roda. ! ^C: manda Ctrl-C a ele.")
            .to_owned();
    }
    let (side, interrupt) = (words::side(side, lang).to_lowercase(), word(Verb::Interrupt, lang));
    match lang {
        Lang::En => format!("The command {side} still runs. {interrupt}: sends it Ctrl-C."),
        Lang::PtBr => format!("O comando ainda roda {side}. {interrupt}: manda Ctrl-C a ele."),
    }
}
