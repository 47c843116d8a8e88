//! The tree: a line for all that are in the same namespaces, below the line that they were started from.

use ratatui::layout::Rect;

use crate::course::inspect::{Inspection, Row, View, age, name, trouble};
use crate::course::text::Lang;
use crate::course::{Group, Kind, Origin};
use crate::screen::pen::{Pen, columns, cut, wrap};

/// The rows that are no line of the tree: the heads, and one of air.
pub const AROUND: usize = 2;

/// The columns of process number, namespaces, how many, since when, each with one of air.
const PID: u16 = 8;
const KINDS: u16 = 37;
const COUNT: u16 = 6;
const SINCE: u16 = 8;

/// From here on there is room for the command line.
const ROOMY: u16 = 110;

/// Where the columns begin.
struct Columns {
    name: u16,
    kinds: u16,
    since: u16,
    command: Option<u16>,
}

impl Columns {
    fn of(width: u16) -> Self {
        let rest = width.saturating_sub(PID + KINDS + COUNT + SINCE + 3);
        let name = if width >= ROOMY { rest.min(36) } else { rest };
        let kinds = 3 + name + PID;
        let since = kinds + KINDS + COUNT;
        Self { name, kinds, since, command: (width >= ROOMY).then_some(since + SINCE + 2) }
    }
}

/// Draws it.
pub fn draw(pen: &mut Pen, area: Rect, on: &Inspection) {
    let at = Columns::of(area.width);
    let rows = on.rows();
    if rows.is_empty() {
        return empty(pen, area, on);
    }
    heads(pen, area, &at);
    let foot = troubles(pen, area, on);
    let room = usize::from(area.height.saturating_sub(1 + foot));
    let first = (on.row() + 1).saturating_sub(room.saturating_sub(room / 4)).min(rows.len().saturating_sub(room));
    for (row, line) in (1..area.height - foot.min(area.height)).zip(rows.iter().skip(first)) {
        draw_row(pen, area, row, &at, line, on);
    }
    let (dim, below) = (pen.look.dim(), rows.len().saturating_sub(first + room));
    if first > 0 {
        pen.put_right(area, 1, 0, &format!("  ↑ {first}"), dim);
    }
    if below > 0 {
        pen.put_right(area, area.height.saturating_sub(1 + foot), 0, &format!("  ↓ {below}"), dim);
    }
}

fn heads(pen: &mut Pen, area: Rect, at: &Columns) {
    let dim = pen.look.dim();
    pen.put(area, 0, 1, pen.pick("NAME", "NOME"), dim);
    right(pen, area, 0, at.kinds - 1, "PID", dim);
    pen.put(area, 0, at.kinds + 1, pen.pick("NAMESPACES OF ITS OWN", "NAMESPACES SÓ SEUS"), dim);
    right(pen, area, 0, at.since - 1, pen.pick("PROCS", "PROCS"), dim);
    right(pen, area, 0, at.since + SINCE - 2, pen.pick("FOR", "HÁ"), dim);
    if let Some(column) = at.command {
        pen.put(area, 0, column, pen.pick("FIRST PROCESS", "PRIMEIRO PROCESSO"), dim);
    }
}

/// Puts words so that they end before a column.
fn right(pen: &mut Pen, area: Rect, row: u16, end: u16, words: &str, style: ratatui::style::Style) {
    pen.put(area, row, end.saturating_sub(columns(words)), words, style);
}

fn draw_row(pen: &mut Pen, area: Rect, row: u16, at: &Columns, line: &Row<'_>, on: &Inspection) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let group = line.group;
    let here = on.chosen == Some(group.namespaces) && (on.asked.is_none() || on.view == View::Tree);
    let style = match (here, line.ended || !line.fits) {
        (true, _) => strong,
        (false, true) => dim,
        (false, false) => text,
    };
    if here {
        pen.put(area, row, 1, "▸", strong);
    }
    let indent = u16::try_from(line.depth * 2).unwrap_or(u16::MAX).min(at.name / 2);
    let folded = if line.hidden > 0 { format!(" +{}", line.hidden) } else { String::new() };
    let room = at.name.saturating_sub(indent + columns(&folded) + 1);
    let column = pen.put(area, row, 3 + indent, &short(group, room), style);
    pen.put(area, row, column, &folded, dim);
    right(pen, area, row, at.kinds - 1, &group.first.pid.to_string(), style);
    let mut column = at.kinds + 1;
    for kind in Kind::ALL {
        let own = group.apart.contains(&kind);
        pen.put(area, row, column, if own { kind.name() } else { "·" }, if own { style } else { dim });
        column += columns(kind.name()) + 1;
    }
    right(pen, area, row, at.since - 1, &group.pids.len().to_string(), style);
    let since = if line.ended { pen.pick("ended", "acabou").to_owned() } else { age(group.first.since, on.now) };
    right(pen, area, row, at.since + SINCE - 2, &since, style);
    if let Some(column) = at.command {
        let last = Rect { width: area.width.saturating_sub(5), ..area };
        let zombies = if group.zombies > 0 { zombies(group.zombies, pen.lang) } else { String::new() };
        pen.put(last, row, column, &format!("{}{zombies}", group.first.command), dim);
    }
}

/// Its name; where there is no room for the engine's, without it. Of a path the end says more than the beginning.
fn short(group: &Group, room: u16) -> String {
    let whole = name(group);
    match &group.container {
        Some(container) if columns(&whole) > room && container.name.contains('/') => end(&container.name, room),
        Some(container) if columns(&whole) > room => cut(&container.name, room),
        _ => cut(&whole, room),
    }
}

/// The last columns of a text, with an ellipsis if that is not all of it.
fn end(text: &str, room: u16) -> String {
    let begins = |at: &usize| columns(&text[*at..]) < room;
    let rest = text.char_indices().map(|(at, _)| at).find(begins).map_or("", |at| &text[at..]);
    if columns(text) <= room { text.to_owned() } else { format!("…{rest}") }
}

fn zombies(many: usize, lang: Lang) -> String {
    match (many, lang) {
        (1, Lang::En) => "  (1 zombie)".to_owned(),
        (1, Lang::PtBr) => "  (1 zumbi)".to_owned(),
        (many, Lang::En) => format!("  ({many} zombies)"),
        (many, Lang::PtBr) => format!("  ({many} zumbis)"),
    }
}

/// Who could not be asked for names, below the tree; the rows that takes.
fn troubles(pen: &mut Pen, area: Rect, on: &Inspection) -> u16 {
    let many = u16::try_from(on.roster.troubles.len()).unwrap_or(u16::MAX).min(area.height / 4);
    let dim = pen.look.dim();
    for (row, of) in (area.height - many..area.height).zip(&on.roster.troubles) {
        pen.put(area, row, 1, &trouble(of, pen.lang), dim);
    }
    many
}

/// There is nothing to show: why, and what to do.
fn empty(pen: &mut Pen, area: Rect, on: &Inspection) {
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let (what, next) = match (&on.tree, &on.filter) {
        (None, _) if on.refused.is_some() => {
            (pen.pick("There is no /proc to look at.", "Não há /proc para olhar."), "")
        }
        (None, _) => (pen.pick("One moment: looking.", "Um momento: olhando."), ""),
        (Some(_), Some(_)) => (
            pen.pick("Nothing is called so.", "Nada tem esse nome."),
            pen.pick("Esc shows all again.", "Esc mostra todos de novo."),
        ),
        (Some(tree), None) => (
            match tree.origin {
                Origin::Init => pen.pick(
                    "Every process here is in the namespaces of process 1: no container runs.",
                    "Todo processo daqui está nos namespaces do processo 1: nenhum contêiner roda.",
                ),
                Origin::Viewer => pen.pick(
                    "Every process that you may look into is in your namespaces.",
                    "Todo processo que você pode olhar está nos seus namespaces.",
                ),
            },
            pen.pick(
                "Start one in another terminal, and it appears here: unha run --uts --pid --user -- sh",
                "Inicie um em outro terminal, e ele aparece aqui: unha run --uts --pid --user -- sh",
            ),
        ),
    };
    let width = area.width.saturating_sub(4);
    let row = pen.put_lines(area, 2, 2, &wrap(what, width), strong) + 1;
    pen.put_lines(area, row, 2, &wrap(next, width), text);
    troubles(pen, area, on);
}
