//! `unha play`: the switches at the left, the two sides and the shells beside them, and the same combination in other
//! tools' words.
//!
//! ```text
//!  unha play   uts pid mount                                    machine: untouched
//!  docker run --rm -it --hostname box …                                    y copies
//! ────────────────────────────────────────────────────────────────────────────────
//!  ▸[on ] uts               │            OUTSIDE      │   │ INSIDE · box
//!      host name  box       │hostname    bench        │ ≠ │ box
//!   [on ] pid               │pid         7            │ ≠ │ 1
//! ```

pub mod keys;
mod list;
mod sides;
mod texts;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::layout::{SMALLEST, centred, screen_of, split_at};
use super::over::frame as framed;
use super::pen::{Pen, columns, cut, wrap};
use super::theme::{self, Look};
use super::{bottom, calls, help, shell, words};
use crate::course::Side;
use crate::course::play::words::{about, beware, combination, enter, said};
use crate::course::play::{Cover, Pane, Play};

/// From here on the text stands beside the columns all the time.
const WITH_TEXTS: u16 = 160;
/// From so many columns for two of them on, both shells are in view.
const BOTH: u16 = 96;

/// Where everything stands.
struct Panes {
    top: Rect,
    list: Rect,
    /// The sides; with the shells below them where a text covers both.
    sides: Rect,
    shells: [Rect; 2],
    /// Where the text always stands, if there is room.
    texts: Option<Rect>,
    about: Rect,
    bottom: Rect,
    body: Rect,
}

impl Panes {
    fn of(area: Rect) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let (top, rest) = split_at(area, 3);
        let (body, foot) = split_at(rest, rest.height - 3);
        let (about, bottom) = split_at(foot, 1);
        let list = match area.width {
            WITH_TEXTS.. => 46,
            120.. => 32,
            _ => 26,
        };
        let list = Rect { width: list, ..body };
        let mut right = Rect { x: list.right() + 1, width: body.width - list.width - 1, ..body };
        let mut texts = None;
        if area.width >= WITH_TEXTS {
            let width = (area.width * 7 / 25).clamp(48, 80);
            texts = Some(Rect { x: right.right() - width, width, ..right });
            right.width -= width + 1;
        }
        let rows = match right.height {
            36.. => sides::ROWS + sides::GAUGES + 1,
            28.. => sides::ROWS,
            height => height / 2,
        };
        let (sides, shell) = split_at(right, rows);
        let shells = if right.width >= BOTH {
            let left = Rect { width: super::layout::middle(right.width), ..shell };
            [left, Rect { x: left.right() + 1, width: right.width - left.width - 1, ..shell }]
        } else {
            [shell; 2]
        };
        Some(Self { top, list, sides, shells, texts, about, bottom, body })
    }

    fn one_shell(&self) -> bool {
        self.shells[0] == self.shells[1]
    }

    /// Sides and shells together.
    fn columns(&self) -> Rect {
        let right = self.shells[1].right();
        Rect { width: right - self.sides.x, height: self.shells[0].bottom() - self.sides.y, ..self.sides }
    }
}

/// Draws the play.
pub fn draw(frame: &mut Frame, play: &Play, look: &Look) {
    let area = frame.area();
    let mut pen = Pen { buffer: frame.buffer_mut(), look, lang: play.talk.lang };
    match Panes::of(area) {
        None => super::too_small(&mut pen, area),
        Some(panes) => {
            top(&mut pen, panes.top, play);
            list::draw(&mut pen, panes.list, play);
            beside(&mut pen, &panes, play);
            detail(&mut pen, panes.about, play);
            foot(&mut pen, panes.bottom, play);
            if let Some(cover) = play.cover {
                covered(&mut pen, &panes, play, cover);
            }
        }
    }
    theme::swap_glyphs(frame.buffer_mut(), look.glyphs);
    theme::paint_ground(frame.buffer_mut(), look);
}

/// The sizes that the shells' terminals must have on a screen of `size`: columns and rows, outside and inside.
#[must_use]
pub fn shell_sizes(size: (u16, u16)) -> ((u16, u16), (u16, u16)) {
    let area = Rect::new(0, 0, size.0.max(SMALLEST.0), size.1.max(SMALLEST.1));
    let sizes = Panes::of(area).map_or([(80, 24); 2], |panes| {
        panes.shells.map(|shell| {
            let screen = screen_of(shell);
            (screen.width.max(1), screen.height.max(1))
        })
    });
    (sizes[0], sizes[1])
}

/// What the box has, the line for Docker, and how the machine is.
fn top(pen: &mut Pen, area: Rect, play: &Play) {
    let lang = play.talk.lang;
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let state = if play.talk.untouched { words::untouched(lang) } else { words::touched(lang) };
    let state = format!("{}: {state}", words::machine(lang));
    let left = Rect { width: area.width.saturating_sub(columns(&state) + 3), ..area };
    let column = pen.put(left, 0, 1, "unha play", strong);
    pen.put(left, 0, column + 3, &combination(&play.choice, lang), text);
    pen.put_right(area, 0, left.width, &state, if play.talk.untouched { dim } else { strong });
    let docker = play
        .texts
        .get(&Pane::Docker)
        .map(|written| texts::on_one_line(&written.text, "docker run"))
        .unwrap_or_default();
    let copies = if play.pane == Pane::Columns { lang.pick("y copies", "y copia") } else { "" };
    let room = area.width.saturating_sub(columns(copies) + 4);
    pen.put(area, 1, 1, &cut(&docker, room), text);
    pen.put_right(area, 1, room, copies, dim);
    pen.rule(area, 2, "─", dim);
}

/// What stands beside the switches.
fn beside(pen: &mut Pen, panes: &Panes, play: &Play) {
    if let Some(area) = panes.texts {
        let dim = pen.look.dim();
        pen.upright(Rect { x: area.x - 1, width: 1, ..area }, 0, dim);
        let pane = if play.pane == Pane::Columns { Pane::Docker } else { play.pane };
        texts::draw(pen, area, play, pane);
    } else if play.pane != Pane::Columns {
        texts::draw(pen, panes.columns(), play, play.pane);
        return;
    }
    if play.failure.is_some() {
        failed(pen, panes.columns(), play);
        return;
    }
    sides::draw(pen, panes.sides, play);
    if panes.one_shell() {
        let side = play.talk.keyboard.unwrap_or(play.talk.side);
        shell::draw(pen, panes.shells[0], &play.talk, side, true);
        return;
    }
    for (side, area) in [Side::Outside, Side::Inside].into_iter().zip(panes.shells) {
        shell::draw(pen, area, &play.talk, side, false);
    }
    let dim = pen.look.dim();
    pen.upright(Rect { x: panes.shells[0].right(), width: 1, ..panes.shells[0] }, 0, dim);
}

/// Why there is neither bench nor box.
fn failed(pen: &mut Pen, area: Rect, play: &Play) {
    let lang = play.talk.lang;
    let Some(failure) = &play.failure else { return };
    let (text, strong) = (pen.look.text(), pen.look.strong());
    pen.put(area, 1, 2, lang.pick("NO BOX CAN BE MADE HERE", "AQUI NÃO DÁ PARA FAZER UMA CAIXA"), strong);
    let call = failure.call.as_ref().map_or_else(|| failure.message.clone(), ToString::to_string);
    let why = failure.because().map(|because| crate::course::reason::why(because.reason, lang).to_owned());
    let next = lang.pick("unha doctor says what would mend it.", "unha doctor diz o que resolveria.");
    let said = [call, why.unwrap_or_default(), next.to_owned()];
    let mut row = 3;
    for said in said.iter().filter(|said| !said.is_empty()) {
        row = pen.put_lines(area, row, 2, &wrap(said, area.width.saturating_sub(4)), text) + 1;
    }
}

/// The chosen line in words: why it cannot be had, what to beware of, or what it is.
fn detail(pen: &mut Pen, area: Rect, play: &Play) {
    let lang = play.talk.lang;
    let line = play.line();
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let name = crate::course::play::words::name(line, lang);
    let column = pen.put(area, 0, 1, name, strong);
    let room = area.width.saturating_sub(column + 3);
    let (said, style) = match (play.refusal(line), beware(play)) {
        (Some(why), _) => (format!("{}: {why}", lang.pick("not here", "aqui não dá")), strong),
        (None, Some(beware)) => (beware.to_owned(), strong),
        (None, None) => (about(line, lang).to_owned(), text),
    };
    pen.put(area, 0, column + 2, &cut(&said, room), style);
}

/// The rule with a passing word on it, and the bottom line.
fn foot(pen: &mut Pen, area: Rect, play: &Play) {
    let lang = play.talk.lang;
    let dim = pen.look.dim();
    pen.rule(area, 0, "─", dim);
    let notice = play.said.as_ref().map(|it| said(it, play));
    let notice = notice.or_else(|| bottom::notice(&play.talk).map(|text| text.get(lang).to_owned()));
    if let Some(notice) = notice {
        let style = pen.look.notice();
        pen.put(area, 0, 1, &format!(" {} ", cut(&notice, area.width.saturating_sub(4))), style);
    }
    let key = if play.talk.keyboard.is_some() { words::first_f2(lang) } else { "Enter" };
    let keys = if play.cover == Some(Cover::Leave) {
        lang.pick("q leave", "q sair")
    } else if play.cover.is_some() {
        lang.pick("↑↓ scroll", "↑↓ rolar")
    } else if play.asked.is_some() {
        lang.pick("any other key: no", "outra tecla: não")
    } else if play.pane != Pane::Columns {
        lang.pick("Esc back   y copy   F1 help", "Esc volta   y copia   F1 ajuda")
    } else if play.line().is_live() {
        lang.pick("- + slide   y copy   F1 help", "- + mexe   y copia   F1 ajuda")
    } else {
        lang.pick("1-6 as text   y copy   F1 help", "1-6 em texto   y copia   F1 ajuda")
    };
    let does = enter(play);
    let help = words::help_key(lang);
    let fits = columns(key) + 4 + columns(&does) + columns(keys) + 4 < area.width;
    bottom::promise(pen, area, 1, key, &does, if fits || play.asked.is_some() { keys } else { help });
}

fn covered(pen: &mut Pen, panes: &Panes, play: &Play, cover: Cover) {
    let text = pen.look.text();
    let lang = play.talk.lang;
    let area = Rect { y: panes.body.y - 1, height: panes.body.height + 2, ..panes.body };
    match cover {
        Cover::Help => {
            pen.clear(area, text);
            help::draw_play(pen, area, play.scroll);
        }
        Cover::Calls => {
            pen.clear(area, text);
            calls::draw(pen, area, &play.talk, play.scroll);
        }
        Cover::Leave => {
            let said = [
                lang.pick("Leave?", "Sair?"),
                lang.pick("The box and the bench end; nothing stays.", "A caixa e a bancada acabam; nada fica."),
                lang.pick("Enter stays     q leaves", "Enter fica     q sai"),
            ];
            let width = said.iter().map(|line| columns(line)).max().unwrap_or(0) + 8;
            let area = centred(panes.body, width, 9);
            pen.clear(area, text);
            framed(pen, area);
            let strong = pen.look.strong();
            for (row, line) in [2, 4, 6].into_iter().zip(said) {
                pen.put(area, row, 4, line, if row == 4 { text } else { strong });
            }
        }
    }
}
