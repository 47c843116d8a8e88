//! The presenter's console: what the speaker says now, what Next will do, what comes after it, and the time.
//!
//! ```text
//!  unha notes · O processo                       slide 7/31 · ponto 1/2   14:05
//! ────────────────────────────────────────────────────────────────────────────────
//!  É um processo
//!  Se vocês levarem uma frase para casa, é esta: contêiner é um processo. …
//! ─ A SEGUIR · ponto 2/2 ────────────────────────┬─ RELÓGIO ───────────────────────
//!  É um processo                                 │ 04:10 de 38:20   2 min adiantado
//!  …                                             │ ▸ O processo      0:31 /  1:10
//! ────────────────────────────────────────────────────────────────────────────────
//!  Enter ▸ próximo ponto                         ← volta   g ir para   F1 ajuda
//! ```

mod ahead;
mod clock;
mod keys;
mod speech;
mod vacant;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub use keys::touch;
pub use vacant::several;

use super::layout::{SMALLEST, split_at};
use super::pen::{Pen, columns, cut};
use super::theme::{self, Look};
use super::{bottom, help, too_small, words};
use crate::course::console::{Desk, Stand, State};
use crate::course::talk::Moment;
use crate::course::text::Lang;

/// From here on notes and what comes after them stand side by side: columns, rows.
const WIDE: (u16, u16) = (120, 30);

/// The areas of a console.
struct Panes {
    /// Where the talk stands, and the rule below it.
    top: Rect,
    notes: Rect,
    ahead: Rect,
    clock: Rect,
    /// The column between what stands side by side.
    between: Rect,
    /// The rule and what Next does.
    bottom: Rect,
}

impl Panes {
    /// The areas on a screen of this size; `None` where it is too small.
    fn of(area: Rect) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let (top, rest) = split_at(area, 2);
        let (body, bottom) = split_at(rest, rest.height - 2);
        if area.width >= WIDE.0 && area.height >= WIDE.1 {
            let [notes, between, right] = beside(body, area.width / 2);
            let (ahead, clock) = split_at(right, right.height * 3 / 5);
            return Some(Self { top, notes, ahead, clock, between, bottom });
        }
        let (notes, below) = split_at(body, body.height * 3 / 5);
        let [ahead, between, clock] = beside(below, area.width * 3 / 5);
        Some(Self { top, notes, ahead, clock, between, bottom })
    }
}

/// The first columns of an area, the one behind them, and the rest.
fn beside(area: Rect, width: u16) -> [Rect; 3] {
    let at = |x, width| Rect { x: area.x + x, width, ..area };
    [at(0, width), at(width, 1), at(width + 1, area.width - width - 1)]
}

/// Draws the console; `time` is the time of day.
pub fn draw(frame: &mut Frame, desk: &Desk, look: &Look, time: &str) {
    let area = frame.area();
    let mut pen = Pen { buffer: frame.buffer_mut(), look, lang: desk.lang() };
    match (Panes::of(area), desk.state()) {
        (None, _) => too_small(&mut pen, area),
        (Some(panes), None) => vacant::draw(&mut pen, panes.top, area, desk, time),
        (Some(panes), Some(state)) => told(&mut pen, &panes, desk, state, time),
    }
    theme::swap_glyphs(frame.buffer_mut(), look.glyphs);
}

fn told(pen: &mut Pen, panes: &Panes, desk: &Desk, state: &State, time: &str) {
    header(pen, panes.top, &place(state, pen.lang), &number(state, pen.lang), time);
    lamps(pen, panes.top, state);
    if desk.help {
        let area = Rect { y: panes.notes.y - 1, height: panes.bottom.y - panes.notes.y + 1, ..panes.top };
        help::draw_console(pen, area);
    } else {
        let dim = pen.look.dim();
        pen.upright(panes.between, 0, dim);
        speech::draw(pen, panes.notes, state, desk.scroll);
        ahead::draw(pen, panes.ahead, state);
        clock::draw(pen, panes.clock, &state.account);
        // The titles' rules meet the line between.
        for (pane, below) in [(panes.ahead, panes.clock), (panes.clock, panes.ahead)] {
            let glyph = if pane.y == below.y { "┬" } else { "├" };
            pen.put(panes.between, pane.y - panes.between.y, 0, glyph, dim);
        }
    }
    below(pen, panes.bottom, desk, state);
}

/// The line at the top, and the rule below it.
fn header(pen: &mut Pen, area: Rect, place: &str, number: &str, time: &str) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let right = format!("{number}   {time}");
    let left = Rect { width: area.width.saturating_sub(columns(&right) + 3), ..area };
    let column = pen.put(left, 0, 1, "unha notes", strong);
    let column = if place.is_empty() { column } else { pen.put(left, 0, column, &format!(" · {place}"), dim) };
    pen.put_right(area, 0, column, &right, text);
    pen.rule(area, 1, "─", dim);
}

/// The chapter, or the lesson.
fn place(state: &State, lang: Lang) -> String {
    match &state.stand {
        Stand::Slide { chapter, .. } => chapter.get(lang).to_owned(),
        Stand::Step { .. } => format!("{} {}", lang.pick("lesson", "lição"), state.title.get(lang)),
    }
}

/// Where in it.
fn number(state: &State, lang: Lang) -> String {
    match &state.stand {
        Stand::Slide { number: (slide, slides), point: (point, points), .. } => {
            format!("slide {slide}/{slides} · {} {point}/{points}", lang.pick("point", "ponto"))
        }
        Stand::Step { number: (step, steps), moment, .. } => {
            format!("{} {step}/{steps} · {}", lang.pick("step", "passo"), words::moment(*moment, lang))
        }
    }
}

/// What is not as usual on the stage, on the rule.
fn lamps(pen: &mut Pen, area: Rect, state: &State) {
    let lang = pen.lang;
    let keyboard = state.keyboard.map(|side| {
        let side = words::side(side, lang);
        format!("{}: {side}", lang.pick("KEYBOARD IN THE SHELL", "TECLADO NO SHELL"))
    });
    let blank = state.blank.then(|| lang.pick("THE STAGE IS BLANK", "O PALCO ESTÁ APAGADO").to_owned());
    let recorded = state.recorded.then(|| words::recorded(lang).to_owned());
    let chip = pen.look.chip();
    let mut column = 1;
    for lamp in [blank, keyboard, recorded].into_iter().flatten() {
        column = pen.put(area, 1, column, &format!(" {lamp} "), chip) + 1;
    }
}

/// The rule with the passing word of the stage, or what is looked for, and what Next will do.
fn below(pen: &mut Pen, area: Rect, desk: &Desk, state: &State) {
    let (dim, notice) = (pen.look.dim(), pen.look.notice());
    let lang = pen.lang;
    pen.rule(area, 0, "─", dim);
    let found = desk.found().map(|slide| format!("{} {}", slide + 1, state.slides[slide].get(lang)));
    let passing = match &desk.going {
        Some(typed) => {
            Some(format!("{} {typed}█", lang.pick("go to (number or words):", "ir para (número ou palavras):")))
        }
        None => state.notice.as_ref().map(|said| said.get(lang).to_owned()),
    };
    if let Some(said) = passing {
        pen.put(area, 0, 1, &cut(&format!(" {said} "), area.width.saturating_sub(2)), notice);
    }
    let does = match (&desk.going, found) {
        (Some(_), Some(found)) => found,
        (Some(_), None) => lang.pick("nothing found", "nada encontrado").to_owned(),
        (None, _) => next(state, lang),
    };
    let right = if desk.going.is_some() {
        lang.pick("Esc close", "Esc fecha")
    } else {
        lang.pick("← back   g go to   F1 help", "← volta   g ir para   F1 ajuda")
    };
    bottom::promise(pen, area, 1, "Enter", &does, right);
}

/// What Next will do: the stage's words, unless it only makes the stage listen again.
fn next(state: &State, lang: Lang) -> String {
    if state.blank {
        return lang.pick("show the stage again", "mostrar o palco de novo").to_owned();
    }
    if state.keyboard.is_some() {
        return lang.pick("take the keyboard back from the shell", "tomar de volta o teclado do shell").to_owned();
    }
    let waits = matches!(state.stand, Stand::Step { moment: Moment::Building, .. });
    if waits {
        lang.pick("wait: the box is being built", "esperar: a caixa está sendo montada").to_owned()
    } else {
        state.next.get(lang).to_owned()
    }
}

/// The title of a pane on the rule above it.
fn titled(pen: &mut Pen, area: Rect, title: &str) {
    let (dim, strong) = (pen.look.dim(), pen.look.strong());
    pen.rule(area, 0, "─", dim);
    pen.put(area, 0, 1, &cut(&format!(" {title} "), area.width.saturating_sub(2)), strong);
}

/// A line of words in one style, moved in by so many columns.
struct Line {
    indent: u16,
    words: String,
    style: Style,
}
