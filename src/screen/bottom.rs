//! The bottom line: the phase in one word, and what Next will do.
//!
//! ```text
//! ────────────────────────────────────────────────────────────────────────────────
//!  FEITO   F2, depois Enter ▸ mudar o nome de fora                        F1 ajuda
//! ```
//!
//! A passing word to the person stands on the rule above it, where nothing has to make room.

use ratatui::layout::Rect;

use super::pen::{Pen, columns, cut};
use super::{next, words};
use crate::course::lesson::Expect;
use crate::course::talk::{Notice, Overlay, Phase, Talk, View};
use crate::course::text::Lang;
use crate::course::{Fact, Side};

/// Draws the rule, a notice on it, and the bottom line.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk) {
    let dim = pen.look.dim();
    pen.rule(area, 0, "─", dim);
    if let Some(notice) = &talk.notice {
        let style = pen.look.notice();
        let said = cut(&format!(" {} ", say(notice, talk)), area.width.saturating_sub(2));
        pen.put(area, 0, 1, &said, style);
    }
    match (talk.overlay, talk.view) {
        (Some(overlay), _) => over(pen, area, talk, overlay),
        (None, View::Lesson) => lesson(pen, area, talk),
        // The agenda and the failure draw bottom lines of their own.
        (None, _) => {}
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
    let phase = match talk.phase {
        _ if !talk.box_runs && talk.ended.is_some() && talk.phase != Phase::Done => words::stopped(lang),
        Phase::Ask => words::ask(lang),
        Phase::Ready => words::ready(lang),
        Phase::Doing => words::doing(lang),
        Phase::Done => words::done(lang),
    };
    let chip = pen.look.chip();
    let column = pen.put(area, 1, 1, &format!(" {phase} "), chip) + 2;
    let right = if talk.step().gauges {
        lang.pick("- + limit   r fresh box   F1 help", "- + limite   r caixa nova   F1 ajuda")
    } else {
        words::help_key(lang)
    };
    if talk.keyboard.is_none() && talk.phase == Phase::Ask {
        let choices = format!("1-{}", talk.step().choices.len());
        promise(pen, area, column, &choices, lang.pick("your answer", "a sua resposta"), right);
        return;
    }
    let key = if talk.keyboard.is_some() { words::first_f2(lang) } else { "Enter" };
    if talk.phase == Phase::Doing && (talk.box_runs || talk.ended.is_none()) {
        let (text, right) = (pen.look.text(), words::help_key(lang));
        let room = Rect { width: area.width.saturating_sub(columns(right) + 3), ..area };
        pen.put(
            room,
            1,
            column,
            lang.pick(
                "the kernel has not said so yet · h what is missing",
                "o kernel ainda não confirmou · h o que falta",
            ),
            text,
        );
        let dim = pen.look.dim();
        pen.put_right(area, 1, room.width, right, dim);
        return;
    }
    promise(pen, area, column, key, &next::next(talk), right);
}

/// The bottom line while something covers the lesson.
fn over(pen: &mut Pen, area: Rect, talk: &Talk, overlay: Overlay) {
    let lang = talk.lang;
    let (key, does, right) = match overlay {
        Overlay::Leave => ("Enter", lang.pick("stay", "fica"), lang.pick("q leave", "q sair")),
        Overlay::Rebuild => ("Enter", lang.pick("go back", "volta"), lang.pick("Esc stay", "Esc fica")),
        Overlay::Script => ("Esc", lang.pick("close", "fecha"), lang.pick("y copy   ↑↓ scroll", "y copia   ↑↓ rola")),
        Overlay::Calls | Overlay::Code | Overlay::Help => {
            ("Esc", lang.pick("close", "fecha"), lang.pick("↑↓ scroll", "↑↓ rola"))
        }
    };
    promise(pen, area, 1, key, does, right);
}

/// A notice in words.
fn say(notice: &Notice, talk: &Talk) -> String {
    let lang = talk.lang;
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
        Notice::Waiting(index) => match talk.step().expect.get(*index) {
            Some(expect) => waiting(expect, talk),
            None => lang.pick("waiting for the kernel", "esperando o kernel").to_owned(),
        },
        Notice::Copied => lang.pick("copied", "copiado").to_owned(),
        Notice::LoadRefused(why) => {
            format!("{}: {why}", lang.pick("not started, the limit is not in force", "não iniciado, o limite não vale"))
        }
        Notice::KnobEnd => lang.pick("that is as far as this limit goes", "esse limite não vai além disso").to_owned(),
        Notice::Nothing => lang.pick("nothing to do with this key here", "essa tecla não faz nada aqui").to_owned(),
    }
}

/// "waiting for: inside hostname = caixa · now: vm"
fn waiting(expect: &Expect, talk: &Talk) -> String {
    let lang = talk.lang;
    let wanted = wanted(expect, talk);
    let now = expect.fact.zip(expect.on).map(|(fact, side)| shown(talk, side, fact));
    let now = now.map(|now| format!(" · {}: {now}", lang.pick("now", "agora"))).unwrap_or_default();
    format!("{}: {wanted}{now}", lang.pick("waiting for", "esperando"))
}

fn shown(talk: &Talk, side: Side, fact: Fact) -> String {
    talk.now.value(side, fact).map_or_else(|| "—".to_owned(), |value| words::value(fact, value, talk.lang))
}

/// What an expectation asks for, in words.
fn wanted(expect: &Expect, talk: &Talk) -> String {
    use crate::course::lesson::{BoxIs, Compare};
    let lang = talk.lang;
    let side = expect.on.map(|side| words::side(side, lang).to_lowercase()).unwrap_or_default();
    let mut said = side;
    let mut add = |word: &str| {
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str(word);
    };
    if let Some(fact) = expect.fact {
        add(words::fact(fact, lang));
    }
    if let Some(value) = &expect.is {
        add(&format!("= {value}"));
    }
    if let Some(value) = &expect.is_not {
        add(&format!("≠ {value}"));
    }
    if let Some(number) = expect.at_least {
        add(&format!("≥ {number}"));
    }
    if let Some(number) = expect.at_most {
        add(&format!("≤ {number}"));
    }
    if let Some(text) = &expect.contains {
        add(&format!("{} {text}", lang.pick("with", "com")));
    }
    match expect.sides {
        Some(Compare::Same) => add(lang.pick("the same on both sides", "igual dos dois lados")),
        Some(Compare::Differ) => add(lang.pick("different on the two sides", "diferente nos dois lados")),
        None => {}
    }
    if let Some(line) = &expect.prints {
        add(&format!("{} {line}", lang.pick("prints", "mostra")));
    }
    if let Some(line) = &expect.prints_not {
        add(&format!("{} {line}", lang.pick("does not print", "não mostra")));
    }
    match expect.box_is {
        Some(BoxIs::Running) => add(lang.pick("the box running", "a caixa em execução")),
        Some(BoxIs::Ended) => add(lang.pick("the box ended", "o fim da caixa")),
        None => {}
    }
    if let Some(call) = &expect.refused {
        add(&format!("{} {call}", lang.pick("the kernel refusing", "o kernel recusar")));
    }
    said
}
