//! A shell: a title line that says whose it is and who has the keyboard, and the shell's own screen.
//!
//! ```text
//! ═ DENTRO · SEU TECLADO ESTÁ AQUI ═════════════════ F2 devolve · F4 vai para fora
//!  dentro# hostname yabadabadoo
//!  dentro# █
//! ```

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use tui_term::widget::{Cursor, PseudoTerminal, Screen};

use super::layout::screen_of;
use super::pen::{Pen, columns, wrap};
use super::words;
use crate::course::Side;
use crate::course::event::NO_CGROUP;
use crate::course::recording::Made;
use crate::course::talk::Talk;
use crate::course::text::Lang;

/// Draws one side's shell; `alone` where the other side's is not in view.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, side: Side, alone: bool) {
    title(pen, area, talk, side, alone);
    let screen = screen_of(area).intersection(pen.buffer.area);
    if screen.is_empty() {
        return;
    }
    let shell = &talk.shells[usize::from(side == Side::Inside)];
    let cursor = Cursor::default()
        .visibility(talk.keyboard == Some(side))
        .symbol(" ")
        .style(Style::new().add_modifier(Modifier::REVERSED));
    let seen = Window::of(shell.terminal.screen(), screen.height);
    PseudoTerminal::new(&seen).cursor(cursor).render(screen, pen.buffer);
    mend_edge(pen, screen);
    if side == Side::Inside && !talk.box_runs {
        epitaph(pen, screen, talk);
    }
}

/// The rows of a shell's screen that are in view. A recorded shell may have had more than there is room for: then it is
/// those above the cursor.
struct Window<'a> {
    screen: &'a vt100::Screen,
    first: u16,
}

impl<'a> Window<'a> {
    fn of(screen: &'a vt100::Screen, rows: u16) -> Self {
        let (cursor, _) = screen.cursor_position();
        Self { screen, first: (cursor + 1).saturating_sub(rows) }
    }
}

impl Screen for Window<'_> {
    type C = vt100::Cell;

    fn cell(&self, row: u16, column: u16) -> Option<&vt100::Cell> {
        self.screen.cell(row + self.first, column)
    }

    fn hide_cursor(&self) -> bool {
        self.screen.hide_cursor()
    }

    fn cursor_position(&self) -> (u16, u16) {
        let (row, column) = self.screen.cursor_position();
        (row - self.first, column)
    }
}

/// A wide character in the last column would reach beyond the pane.
fn mend_edge(pen: &mut Pen, screen: Rect) {
    for y in screen.top()..screen.bottom() {
        let cell = &mut pen.buffer[(screen.right() - 1, y)];
        if columns(cell.symbol()) > 1 {
            cell.set_symbol(" ");
        }
    }
}

fn title(pen: &mut Pen, area: Rect, talk: &Talk, side: Side, alone: bool) {
    let lang = talk.lang;
    let row = Rect { height: area.height.min(1), ..area };
    let name = words::side(side, lang);
    if talk.keyboard == Some(side) {
        let bar = pen.look.bar(side);
        pen.rule(row, 0, "═", bar);
        let whose = format!(" {name} · {} ", words::keyboard_here(lang));
        let mut column = pen.put(row, 0, 1, &whose, bar);
        if side == Side::Outside && talk.host {
            column = here_is_the_machine(pen, row, column, lang);
        }
        pen.put_right(row, 0, column, &format!(" {} ", way_out(talk, side, alone)), bar);
        return;
    }
    let (edge, bold) = (pen.look.edge(side), pen.look.side(side));
    pen.rule(row, 0, "─", edge);
    let mut column = pen.put(row, 0, 1, &format!(" {name} "), bold);
    if let Some(made) = talk.made() {
        column = recorded(pen, row, column, made);
    } else if side == Side::Outside && talk.host {
        column = here_is_the_machine(pen, row, column, lang);
    }
    if talk.made().is_none() && talk.names.contains_key(NO_CGROUP) {
        // Nothing stops a bomb here but the learner, who must know it.
        let unprotected = lang.pick("· no safety limits ", "· sem limites de segurança ");
        column = pen.put(row, 0, column, unprotected, pen.look.strong());
    }
    let hint = way_in(talk, side, alone);
    if !hint.is_empty() {
        let dim = pen.look.dim();
        pen.put_right(row, 0, column, &format!(" {hint} "), dim);
    }
}

/// That nobody types here: what is shown was recorded, and where.
fn recorded(pen: &mut Pen, row: Rect, column: u16, made: &Made) -> u16 {
    let chip = pen.look.chip();
    let column = pen.put(row, 0, column, &words::recorded_chip(pen.lang), chip);
    let with = pen.pick("on Linux", "no Linux");
    let cgroup = made.cgroup.map_or_else(String::new, |version| format!(", cgroup v{version}"));
    let text = pen.look.text();
    pen.put(row, 0, column, &format!(" {with} {}{cgroup} ", made.kernel), text)
}

/// The word beside a shell whose commands reach the real machine.
fn here_is_the_machine(pen: &mut Pen, row: Rect, column: u16, lang: Lang) -> u16 {
    let danger = pen.look.danger();
    pen.put(row, 0, column, &format!(" {} ", words::this_machine(lang).to_uppercase()), danger)
}

/// How the keyboard leaves a shell that has it.
fn way_out(talk: &Talk, side: Side, alone: bool) -> &'static str {
    if talk.exercise().is_some() {
        return talk.lang.pick("F2 gives it back", "F2 devolve");
    }
    match (side, alone) {
        (Side::Inside, true) => talk.lang.pick("F2 gives it back · F4 goes outside", "F2 devolve · F4 vai para fora"),
        (_, true) => talk.lang.pick("F2 gives it back · F4 goes inside", "F2 devolve · F4 vai para dentro"),
        (Side::Inside, false) => talk.lang.pick("F2 back · F4 outside", "F2 devolve · F4 fora"),
        (_, false) => talk.lang.pick("F2 back · F4 inside", "F2 devolve · F4 dentro"),
    }
}

/// How the keyboard comes to a shell that does not have it.
fn way_in(talk: &Talk, side: Side, alone: bool) -> &'static str {
    let lang = talk.lang;
    match (talk.keyboard, alone, side) {
        _ if talk.made().is_some() => match (alone, side) {
            (true, Side::Inside) => lang.pick("F4 outside", "F4 fora"),
            (true, _) => lang.pick("F4 inside", "F4 dentro"),
            (false, _) => "",
        },
        (None, ..) if talk.exercise().is_some() => lang.pick("F2 type here", "F2 digita aqui"),
        (Some(_), ..) => lang.pick("F4 type here", "F4 digita aqui"),
        (None, ..) if talk.types_into(side) => lang.pick("F2 takes this line over", "F2 assume esta linha"),
        (None, true, Side::Inside) => lang.pick("F2 type here · F4 outside", "F2 digita aqui · F4 fora"),
        (None, true, _) => lang.pick("F2 type here · F4 inside", "F2 digita aqui · F4 dentro"),
        (None, false, _) if talk.side == side => lang.pick("F2 type here", "F2 digita aqui"),
        (None, false, _) => lang.pick("F4, then F2", "F4, depois F2"),
    }
}

/// What is said over the shell of a box that has ended.
fn epitaph(pen: &mut Pen, screen: Rect, talk: &Talk) {
    let Some(how) = talk.ended else { return };
    let lang = talk.lang;
    let how = words::ended(how, lang);
    let mut said = match lang {
        Lang::En => format!("The container ended ({how}): a container lives as long as its first process."),
        Lang::PtBr => format!("O contêiner acabou ({how}): um contêiner vive enquanto vive o seu primeiro processo."),
    };
    if talk.builds_anew() {
        said.push_str(lang.pick(" Enter builds it anew.", " Enter monta de novo."));
    }
    let lines = wrap(&said, screen.width.saturating_sub(2));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(screen.height);
    let foot = Rect { y: screen.bottom() - height, height, ..screen };
    let style = pen.look.bar(Side::Inside);
    pen.clear(foot, style);
    pen.put_lines(foot, 0, 1, &lines, style);
}
