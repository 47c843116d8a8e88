//! A console without a talk: why, and what to do.

use ratatui::layout::Rect;

use super::header;
use crate::course::console::{Absent, Desk, SCHEMA};
use crate::course::text::Lang;
use crate::screen::layout::centred;
use crate::screen::pen::{Pen, columns, wrap};

/// Draws it.
pub fn draw(pen: &mut Pen, top: Rect, area: Rect, desk: &Desk, time: &str) {
    header(pen, top, "", "", time);
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let (what, next) = said(&desk.absent, pen.lang);
    let widest = columns(&what).max(columns(&next)).min(area.width.saturating_sub(4));
    let (what, next) = (wrap(&what, widest), wrap(&next, widest));
    let rows = u16::try_from(what.len() + next.len() + 3).unwrap_or(u16::MAX);
    let middle = centred(area, widest, rows);
    let row = pen.put_lines(middle, 0, 0, &what, strong) + 1;
    let row = if next.is_empty() { row } else { pen.put_lines(middle, row, 0, &next, text) + 1 };
    let dim = pen.look.dim();
    let leave = pen.pick("q leaves", "q sai");
    pen.put(middle, row, 0, leave, dim);
}

/// Why there is nothing to show, and what comes of it.
fn said(absent: &Absent, lang: Lang) -> (String, String) {
    let waits = lang.pick(
        "Waiting for a talk: run `unha present` in another terminal, as the same user.",
        "Esperando uma palestra: rode `unha present` em outro terminal, com o mesmo usuário.",
    );
    match absent {
        Absent::NoTalk => (waits.to_owned(), String::new()),
        Absent::Ended => (
            lang.pick("The talk is over.", "A palestra terminou.").to_owned(),
            lang.pick("Waiting for the next one.", "Esperando a próxima.").to_owned(),
        ),
        Absent::Several(pids) => {
            let lines: Vec<String> = pids.iter().map(|pid| format!("unha notes {pid}")).collect();
            (several(pids.len(), lang), lines.join("\n"))
        }
        Absent::Unreachable(why) => (
            lang.pick("The talk cannot be reached.", "Não dá para chegar à palestra.").to_owned(),
            format!("{why}\n{waits}"),
        ),
        Absent::Foreign(schema) => (
            match lang {
                Lang::En => format!("This talk is another version of unha (it says {schema}, and this is {SCHEMA})."),
                Lang::PtBr => {
                    format!("Esta palestra é de outra versão do unha (ela fala {schema}, e aqui é {SCHEMA}).")
                }
            },
            lang.pick("Use the same program for both.", "Use o mesmo programa para as duas.").to_owned(),
        ),
    }
}

/// That more than one talk is given.
#[must_use]
pub fn several(talks: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{talks} talks are being given. Which one is meant?"),
        Lang::PtBr => format!("Há {talks} palestras em andamento. Qual delas?"),
    }
}
