//! The bottom line: the phase in one word, and what Next will do.
//!
//! ```text
//! ────────────────────────────────────────────────────────────────────────────────
//!  FEITO   F2, depois Enter ▸ mudar o nome de fora                        F1 ajuda
//! ```
//!
//! A passing word to the person stands on the rule above it, where nothing has to make room.

use ratatui::layout::Rect;

use super::pen::{Pen, columns, cut_call};
use super::words;
use crate::course::portuguese::plainly;
use crate::course::talk::{Moment, Notice, Overlay, Phase, Replay, Stray, Talk, View, listed, named_feature};
use crate::course::text::{Lang, Text};

/// Draws the rule, a notice on it, and the bottom line.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk) {
    let dim = pen.look.dim();
    pen.rule(area, 0, "─", dim);
    if let Some(notice) = &talk.notice {
        let style = pen.look.notice();
        let said = cut_call(&say(notice, talk, talk.lang), area.width.saturating_sub(4));
        let said = format!(" {said} ");
        pen.put(area, 0, 1, &said, style);
    }
    if talk.view == View::Lesson && talk.overlay.is_none() {
        aside(pen, area, talk);
    }
    if let Some(replay) = talk.replay {
        replayed(pen, area, talk, replay);
        return;
    }
    match (talk.overlay, talk.view) {
        (Some(overlay), _) => over(pen, area, talk, overlay),
        (None, View::Lesson) => lesson(pen, area, talk),
        // The agenda, the questions and the failure draw bottom lines of their own.
        (None, _) => {}
    }
}

/// What is not as the script has it: beside a notice where there is room, else in its place.
fn aside(pen: &mut Pen, area: Rect, talk: &Talk) {
    let lang = talk.lang;
    let said = if talk.stray.is_some() {
        let back = if talk.keyboard.is_some() {
            lang.pick("off the script · F2, then r returns", "fora do roteiro · F2, depois r volta")
        } else {
            lang.pick("off the script · r returns", "fora do roteiro · r volta")
        };
        match talk.stray {
            Some(Stray::Switched) => {
                let with = lang.pick("the box has:", "a caixa tem:");
                format!(" {back} · {with} {} ", listed(talk.start.features, lang))
            }
            _ => format!(" {back} "),
        }
    } else if let Some(instead) = &talk.instead {
        let details = lang.pick("i details", "i detalhes");
        let room = area.width.saturating_sub(columns(details) + 7);
        format!(" {} · {details} ", cut_call(&words::instead(instead, lang), room))
    } else {
        return;
    };
    let style = if talk.stray.is_some() { pen.look.notice() } else { pen.look.strong() };
    match &talk.notice {
        Some(notice) => pen.put_right(area, 0, columns(&say(notice, talk, talk.lang)) + 4, &said, style),
        None => drop(pen.put(area, 0, 1, &said, style)),
    }
}

/// Draws the rule and the bottom line of a page that has no phases: what Next will do, or what the keys of whoever looks at
/// a recording do.
pub fn draw_with(pen: &mut Pen, area: Rect, talk: &Talk, right: &str) {
    draw(pen, area, talk);
    if talk.overlay.is_none() && talk.replay.is_none() {
        promise(pen, area, 1, "Enter", &talk.next_does(talk.lang), right);
    }
}

/// The same where an answer is waited for: the keys that give it stand first.
pub fn draw_keyed(pen: &mut Pen, area: Rect, talk: &Talk, keys: &str, right: &str) {
    draw(pen, area, talk);
    if talk.overlay.is_none() && talk.replay.is_none() {
        let does = pen.pick("your answer", "a sua resposta");
        promise(pen, area, 1, keys, does, right);
    }
}

/// Puts "Enter ▸ …" with what stands right of it.
pub fn promise(pen: &mut Pen, area: Rect, column: u16, key: &str, does: &str, right: &str) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let right_width = columns(right) + 3;
    let left = Rect { width: area.width.saturating_sub(right_width), ..area };
    let column = pen.put(left, 1, column, key, strong);
    let column = pen.put(left, 1, column, " ▸ ", dim);
    pen.put(left, 1, column, does, text);
    pen.put_right(area, 1, left.width, right, dim);
}

fn lesson(pen: &mut Pen, area: Rect, talk: &Talk) {
    let lang = talk.lang;
    let chip = pen.look.chip();
    let by_hand = talk.exercise().is_some() && matches!(talk.moment(), Moment::Ready);
    let word =
        if by_hand { words::by_hand(lang).to_uppercase() } else { words::moment(talk.moment(), lang).to_owned() };
    let column = pen.put(area, 1, 1, &format!(" {word} "), chip) + 2;
    let help = words::help_key(lang);
    let limit = lang.pick("- + limit   r fresh box   F1 help", "- + limite   r caixa nova   F1 ajuda");
    let hands = lang.pick("v vote again   F1 help", "v vota de novo   F1 ajuda");
    let words = lang.pick("d words   F1 help", "d palavras   F1 ajuda");
    let full = match talk.tally() {
        _ if talk.exercise().is_some() => in_exercise(talk),
        Some(_) if talk.counts_hands() => hands,
        _ if talk.step().gauges && talk.made().is_none() => limit,
        _ if talk.terms().is_empty() => help,
        _ => words,
    };
    if talk.is_held() {
        let said = lang.pick(
            "the line is yours · F2 hands it back, the step goes on",
            "a linha é sua · F2 devolve, e o passo continua",
        );
        let text = pen.look.text();
        pen.put(area, 1, column, said, text);
        return;
    }
    let asks = talk.presenting.is_none() && talk.stray.is_none();
    if asks && talk.keyboard.is_none() && talk.phase == Phase::Ask && !talk.rebuilding {
        let choices = format!("1-{}", talk.step().choices.len());
        promise(pen, area, column, &choices, lang.pick("your answer", "a sua resposta"), full);
        return;
    }
    let busy = matches!(talk.notice, Some(Notice::Busy(..)));
    let waits = talk.phase == Phase::Doing && !busy && !talk.misses_its_box();
    if !talk.has_stumbled() && (talk.rebuilding || waits && talk.stray.is_none()) {
        let (text, dim) = (pen.look.text(), pen.look.dim());
        let said = if talk.rebuilding {
            let bench = ("one moment: the bench is being built", "um momento: a bancada está sendo montada");
            if talk.exercise().is_some() {
                lang.pick(bench.0, bench.1)
            } else {
                lang.pick("one moment: the box is being built", "um momento: a caixa está sendo montada")
            }
        } else {
            lang.pick(
                "the kernel has not said so yet · h what is missing",
                "o kernel ainda não confirmou · h o que falta",
            )
        };
        let room = Rect { width: area.width.saturating_sub(columns(help) + 3), ..area };
        pen.put(room, 1, column, said, text);
        pen.put_right(area, 1, room.width, help, dim);
        return;
    }
    let key = if talk.keyboard.is_some() { words::first_f2(lang) } else { "Enter" };
    let does = talk.next_does(lang);
    let fits = column + columns(key) + 3 + columns(&does) + 3 + columns(full) < area.width;
    promise(pen, area, column, key, &does, if fits { full } else { help });
}

/// The keys of an exercise.
fn in_exercise(talk: &Talk) -> &'static str {
    let lang = talk.lang;
    let (number, of) = talk.numbered(talk.at);
    if talk.phase == Phase::Done {
        words::help_key(lang)
    } else if number < of {
        lang.pick("h hint  r fresh  x challenge", "h dica  r nova  x desafio")
    } else {
        lang.pick("h hint   r fresh bench", "h dica   r bancada nova")
    }
}

/// The bottom line of a recording from a file: the phase that a step is in, and the keys of whoever looks at it.
fn replayed(pen: &mut Pen, area: Rect, talk: &Talk, replay: Replay) {
    let lang = talk.lang;
    let chip = pen.look.chip();
    let phased = talk.view == View::Lesson && !talk.is_blank();
    let moment = || format!(" {} ", words::moment(talk.moment(), lang));
    let column = if phased { pen.put(area, 1, 1, &moment(), chip) + 2 } else { 1 };
    let does = match (replay.over, replay.paused) {
        (true, _) => lang.pick("again, from the beginning", "de novo, desde o começo"),
        (false, true) => lang.pick("go on", "continuar"),
        (false, false) => lang.pick("pause", "pausar"),
    };
    let keys = lang.pick("← → step   q leave", "← → passo   q sair");
    let right = match replay.speed {
        100 => keys.to_owned(),
        speed => format!("{}×   {keys}", f64::from(speed) / 100.0),
    };
    promise(pen, area, column, lang.pick("Space", "Espaço"), does, &right);
}

/// The bottom line while something covers the lesson.
fn over(pen: &mut Pen, area: Rect, talk: &Talk, overlay: Overlay) {
    let lang = talk.lang;
    let right = match overlay {
        Overlay::Leave => lang.pick("q leave", "q sair"),
        Overlay::Rebuild => lang.pick("Esc stay", "Esc fica"),
        Overlay::Script => lang.pick("y copy   ↑↓ scroll", "y copia   ↑↓ rolar"),
        Overlay::Switches { .. } => lang.pick("Space switches   Esc close", "Espaço troca   Esc fecha"),
        Overlay::Overview => lang.pick("↑↓ choose   Esc close", "↑↓ escolhe   Esc fecha"),
        Overlay::Instead => lang.pick("i close", "i fecha"),
        Overlay::Calls | Overlay::Code | Overlay::Help | Overlay::Glossary => lang.pick("↑↓ scroll", "↑↓ rolar"),
    };
    promise(pen, area, 1, "Enter", &talk.next_does(lang), right);
}

/// The passing word to the person, in both languages.
#[must_use]
pub fn notice(talk: &Talk) -> Option<Text> {
    talk.notice.as_ref().map(|notice| Text::by(|lang| say(notice, talk, lang)))
}

/// A notice in words.
fn say(notice: &Notice, talk: &Talk, lang: Lang) -> String {
    match notice {
        Notice::PickOrSkip => {
            let last = talk.step().choices.len();
            match lang {
                Lang::En => format!("Pick 1-{last}, or Enter again to skip"),
                Lang::PtBr => format!("Escolha 1-{last}, ou Enter de novo para pular"),
            }
        }
        Notice::Stray => lang.pick("F2 gives the keyboard to the shell", "F2 passa o teclado para o shell").to_owned(),
        Notice::Busy(side, command) => {
            let side = words::side(*side, lang).to_lowercase();
            match lang {
                Lang::En => format!("`{command}` still runs {side} · Enter again sends Ctrl-C"),
                Lang::PtBr => format!("`{command}` ainda roda {side} · Enter de novo manda Ctrl-C"),
            }
        }
        Notice::Waiting(index) => talk.waiting_words(*index, lang),
        Notice::Copied => {
            lang.pick("sent to the terminal's clipboard", "mandado à área de transferência do terminal").to_owned()
        }
        Notice::LoadRefused(why) => {
            let why = plainly(why, lang);
            format!("{}: {why}", lang.pick("not started, the limit is not in force", "não iniciado, o limite não vale"))
        }
        Notice::HelpWritten(Ok(file)) => {
            format!("{} {file}", lang.pick("send this file to whoever helps:", "mande este arquivo a quem vai ajudar:"))
        }
        Notice::HelpWritten(Err(why)) => {
            format!("{}: {}", lang.pick("nothing could be written", "não deu para gravar"), plainly(why, lang))
        }
        Notice::RecordingStopped(why) => {
            format!("{}: {why}", lang.pick("no longer recording", "a gravação parou"))
        }
        Notice::ProgressUnsaved(why) => format!("{}: {why}", lang.pick("progress", "progresso")),
        Notice::KnobEnd => lang.pick("that is as far as this limit goes", "esse limite não vai além disso").to_owned(),
        Notice::Resumed => {
            lang.pick("where you left · g 1 Enter: from the start", "de onde parou · g 1 Enter: do começo").to_owned()
        }
        Notice::Clock(true) => lang.pick("the talk's clock runs", "o relógio da palestra está correndo").to_owned(),
        Notice::Clock(false) => lang
            .pick("the talk's clock is stopped · P: it runs again", "o relógio da palestra parou · P: volta a correr")
            .to_owned(),
        Notice::TheEnd => lang.pick("that was the last slide", "esse foi o último slide").to_owned(),
        Notice::Recorded => lang
            .pick("a recording: no key of yours reaches it", "uma gravação: suas teclas não chegam até ela")
            .to_owned(),
        Notice::OnScript => lang.pick("back on the script", "de volta ao roteiro").to_owned(),
        Notice::Along { feature, on, along } => {
            let (feature, along) = (named_feature(*feature), listed(*along, lang));
            match (on, lang) {
                (true, Lang::En) => format!("{feature} needs {along}: switched on too"),
                (true, Lang::PtBr) => format!("{feature} precisa de {along}: também ligado"),
                (false, Lang::En) => format!("{along} needs {feature}: switched off too"),
                (false, Lang::PtBr) => format!("{along} precisa de {feature}: também desligado"),
            }
        }
        Notice::NoLimits => lang.pick("limits cannot be had here", "não dá para ter limites aqui").to_owned(),
        Notice::NotSwitched(why) => {
            format!("{}: {}", lang.pick("not here", "aqui não dá"), plainly(why, lang))
        }
        Notice::VoteIsOver => lang
            .pick("the answer is there · v: the room votes again", "a resposta está aí · v: a sala vota de novo")
            .to_owned(),
        Notice::NoCode => lang
            .pick(
                "no code of unha's runs in this step: it is the shells'",
                "neste passo não roda código do unha, só o dos shells",
            )
            .to_owned(),
        Notice::NotReached => lang
            .pick("not all goals are reached · Enter again goes on", "faltam objetivos · Enter de novo segue sem eles")
            .to_owned(),
        Notice::WrongOrder => lang
            .pick("that order did not lead there: see the shell", "essa ordem não chegou lá: veja o shell")
            .to_owned(),
        Notice::AtThePrompt if talk.is_in_order() => {
            lang.pick("now they stand in order: Enter runs them", "agora estão em ordem: Enter roda").to_owned()
        }
        Notice::AtThePrompt => lang
            .pick("it is at the prompt, not run: F2, then Enter", "está no prompt, sem rodar: F2, depois Enter")
            .to_owned(),
        Notice::Nothing => lang.pick("nothing to do with this key here", "essa tecla não faz nada aqui").to_owned(),
    }
}
