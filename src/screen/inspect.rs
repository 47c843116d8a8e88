//! Looking around on the machine: what lives in namespaces of its own, and the portrait of one of it.
//!
//! ```text
//!  unha inspect                                  3 in namespaces of their own · 143 processes
//! ────────────────────────────────────────────────────────────────────────────────
//!  NAME                   PID  NAMESPACES OF ITS OWN                  PROCS  SINCE
//!  ▸ podman:web          4711  user uts pid mnt net ipc cgroup ·          3    2 h
//!      podman:sidecar    4790  user uts pid mnt ·   ipc cgroup ·          1    2 h
//! ────────────────────────────────────────────────────────────────────────────────
//!  Enter ▸ podman:web, outside and inside              / find   q leave   F1 help
//! ```

mod keys;
mod over;
mod parts;
mod portrait;
mod tree;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use keys::touch;

use super::layout::{SMALLEST, split_at};
use super::pen::{Pen, columns, cut};
use super::theme::{self, Look};
use super::{bottom, too_small};
use crate::course::holes::severity as of_severity;
use crate::course::inspect::{Inspection, Overlay, View, age};
use crate::course::text::Lang;

/// From here on the tree and the portrait are shown at once: columns, rows.
const BOTH: (u16, u16) = (120, 40);

/// After so many seconds without a look it is said.
const SILENT: u64 = 5;

/// The areas.
#[derive(Clone, Copy)]
struct Panes {
    /// What it is, and the rule below it.
    top: Rect,
    tree: Option<Rect>,
    portrait: Option<Rect>,
    shell: Option<Rect>,
    /// The rule, and what Enter does.
    bottom: Rect,
}

impl Panes {
    /// The areas on a screen of this size; `None` where it is too small.
    fn of(area: Rect, on: &Inspection) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let (top, rest) = split_at(area, 2);
        let (body, bottom) = split_at(rest, rest.height - 2);
        // A shell takes the lower half, under the portrait of what it is in.
        let (body, shell) = match &on.shell {
            Some(_) => {
                let (above, shell) = split_at(body, body.height - body.height / 2);
                (above, Some(shell))
            }
            None => (body, None),
        };
        let both = area.width >= BOTH.0 && area.height >= BOTH.1 && shell.is_none();
        let (tree, portrait) = match on.view {
            _ if both => {
                let rows = u16::try_from(on.rows().len() + tree::AROUND).unwrap_or(u16::MAX);
                let (tree, portrait) = split_at(body, rows.clamp(6, body.height * 2 / 5));
                (Some(tree), Some(portrait))
            }
            View::Tree => (Some(body), None),
            View::Portrait => (None, Some(body)),
        };
        Some(Self { top, tree, portrait, shell, bottom })
    }
}

/// The size that a shell's terminal has on a screen of this size, were it open: columns, rows.
#[must_use]
pub fn shell_size((columns, rows): (u16, u16)) -> (u16, u16) {
    let body = rows.max(SMALLEST.1) - 4;
    (columns.max(SMALLEST.0) - 1, (body / 2).max(2) - 1)
}

/// Whether a screen of this size shows the portrait.
#[must_use]
pub fn shows_portrait((columns, rows): (u16, u16), on: &Inspection) -> bool {
    Panes::of(Rect::new(0, 0, columns, rows), on).is_some_and(|panes| panes.portrait.is_some())
}

/// Draws it; and tells `on` how many lines there are to go through.
pub fn draw(frame: &mut Frame, on: &mut Inspection, look: &Look) {
    let area = frame.area();
    let mut pen = Pen { buffer: frame.buffer_mut(), look, lang: on.lang };
    match Panes::of(area, on) {
        None => too_small(&mut pen, area),
        Some(panes) => {
            header(&mut pen, panes.top, on);
            if let Some(area) = panes.tree {
                tree::draw(&mut pen, area, on);
            }
            if let Some(area) = panes.portrait {
                on.furthest = portrait::draw(&mut pen, area, on, panes.tree.is_some());
                on.scroll = on.scroll.min(on.furthest);
            }
            if let Some(area) = panes.shell {
                over::shell(&mut pen, area, on);
            }
            let page = if on.view == View::Tree { panes.tree } else { panes.portrait.or(panes.tree) };
            on.page = page.map_or(1, |area| usize::from(area.height)).saturating_sub(1).max(1);
            over::draw(&mut pen, panes.top, panes.bottom, on);
            below(&mut pen, panes.bottom, on);
        }
    }
    theme::swap_glyphs(frame.buffer_mut(), look.glyphs);
    theme::paint_ground(frame.buffer_mut(), look);
}

/// The line at the top, and the rule below it.
fn header(pen: &mut Pen, area: Rect, on: &Inspection) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let right = match on.view {
        View::Tree => in_all(on),
        View::Portrait => since(on),
    };
    let left = Rect { width: area.width.saturating_sub(columns(&right) + 2), ..area };
    let column = pen.put(left, 0, 1, "unha inspect", strong);
    if on.view == View::Portrait {
        let column = pen.put(left, 0, column, " · ", dim);
        let column = pen.put(left, 0, column, &on.title(), strong);
        if let Some(subject) = on.subject() {
            pen.put(left, 0, column, &format!(" · PID {}", subject.pid), text);
        }
    }
    pen.put_right(area, 0, left.width.min(area.width), &right, text);
    pen.rule(area, 1, "─", dim);
    lamps(pen, area, on);
}

/// How many there are.
fn in_all(on: &Inspection) -> String {
    let Some(tree) = &on.tree else { return String::new() };
    let (containers, groups) = on.counts();
    let lang = on.lang;
    let containers = match (containers, lang) {
        (1, Lang::En) => "1 container · ".to_owned(),
        (1, Lang::PtBr) => "1 contêiner · ".to_owned(),
        (0, _) => String::new(),
        (many, Lang::En) => format!("{many} containers · "),
        (many, Lang::PtBr) => format!("{many} contêineres · "),
    };
    let groups_said = match (groups, lang) {
        (1, Lang::En) => "1 group".to_owned(),
        (1, Lang::PtBr) => "1 grupo".to_owned(),
        (many, Lang::En) => format!("{many} groups"),
        (many, Lang::PtBr) => format!("{many} grupos"),
    };
    format!("{containers}{groups_said} · {} {}", tree.processes, lang.pick("processes", "processos"))
}

/// Since when what is looked at runs, and how many it is.
fn since(on: &Inspection) -> String {
    let Some(group) = on.home() else { return String::new() };
    let many = match (group.pids.len(), on.lang) {
        (1, Lang::En) => "1 process".to_owned(),
        (1, Lang::PtBr) => "1 processo".to_owned(),
        (many, Lang::En) => format!("{many} processes"),
        (many, Lang::PtBr) => format!("{many} processos"),
    };
    let zombies = match (group.zombies, on.lang) {
        (0, _) => String::new(),
        (1, Lang::En) => " (1 zombie)".to_owned(),
        (1, Lang::PtBr) => " (1 zumbi)".to_owned(),
        (many, Lang::En) => format!(" ({many} zombies)"),
        (many, Lang::PtBr) => format!(" ({many} zumbis)"),
    };
    let for_ = on.lang.pick("for", "há");
    format!("{many}{zombies} · {for_} {}", age(group.first.since, on.now))
}

/// What is not as usual, on the rule.
fn lamps(pen: &mut Pen, area: Rect, on: &Inspection) {
    let (notice, dim) = (pen.look.notice(), pen.look.dim());
    let column = if on.view == View::Portrait { marks(pen, area, 1, 1, on) } else { 1 };
    if let Some(why) = &on.refused {
        pen.put(area, 1, column, &cut(&format!(" {why} "), area.width.saturating_sub(column + 1)), notice);
    } else if let Some(tree) = on.tree.as_ref().filter(|tree| tree.closed > 0 && on.view == View::Tree) {
        let (count, one) = (tree.closed, tree.closed == 1);
        let said = match (on.is_root, pen.lang) {
            (false, Lang::En) if one => " 1 process of another user may not be looked into · sudo shows it ".to_owned(),
            (false, Lang::En) => {
                format!(" {count} processes of other users may not be looked into · sudo shows them ")
            }
            (false, Lang::PtBr) if one => {
                " 1 processo de outro usuário, fechado para você · com sudo aparece ".to_owned()
            }
            (false, Lang::PtBr) => {
                format!(" {count} processos de outros usuários, fechados para você · com sudo aparecem ")
            }
            (true, Lang::En) if one => " 1 process may not be looked into, not even by root here ".to_owned(),
            (true, Lang::En) => format!(" {count} processes may not be looked into, not even by root here "),
            (true, Lang::PtBr) if one => " 1 processo fechado, até para o root daqui ".to_owned(),
            (true, Lang::PtBr) => format!(" {count} processos fechados, até para o root daqui "),
        };
        pen.put(area, 1, column, &cut(&said, area.width.saturating_sub(column + 1)), dim);
    }
}

/// Of what is looked at: that it has ended, how many holes there are and how bad, that it does not answer. Returns the
/// column after it.
fn marks(pen: &mut Pen, area: Rect, row: u16, column: u16, on: &Inspection) -> u16 {
    let lang = pen.lang;
    let (chip, notice, strong) = (pen.look.chip(), pen.look.notice(), pen.look.strong());
    let mut column = column;
    let gone = on.is_over();
    if gone {
        let said = lang.pick(" ENDED · as last seen ", " ACABOU · como foi visto por último ");
        column = pen.put(area, row, column, said, notice) + 1;
    }
    let Some(portrait) = on.shown().filter(|portrait| portrait.is_seen) else { return column };
    let said = if portrait.isolation.holes.is_empty() {
        lang.pick(" no known holes ", " nenhum furo conhecido ")
    } else {
        lang.pick(" holes: ", " furos: ")
    };
    column = pen.put(area, row, column, said, strong);
    for (severity, count) in parts::weights(&portrait.isolation) {
        column = pen.put(area, row, column, &format!(" {count} {} ", of_severity(severity, lang)), chip);
        column = pen.put(area, row, column, " ", strong);
    }
    column += 1;
    // Two looks a second: whoever is silent for longer hangs in something that cannot be read.
    let silent = on.now.saturating_sub(portrait.at);
    if silent > SILENT && !gone {
        let said = match lang {
            Lang::En => format!(" no answer for {silent} s "),
            Lang::PtBr => format!(" sem resposta há {silent} s "),
        };
        column = pen.put(area, row, column, &said, notice) + 1;
    }
    column
}

/// The rule with what is typed, and what Enter does.
fn below(pen: &mut Pen, area: Rect, on: &Inspection) {
    let (dim, notice) = (pen.look.dim(), pen.look.notice());
    let lang = pen.lang;
    pen.rule(area, 0, "─", dim);
    if let Some(typed) = on.filter.as_ref().filter(|_| on.view == View::Tree) {
        let cursor = if on.typing { "█" } else { "" };
        let said = format!(" {} {typed}{cursor} ", lang.pick("find:", "procurar:"));
        pen.put(area, 0, 1, &said, notice);
    }
    let (key, does) = does(on);
    bottom::promise(pen, area, 1, key, &does, right(on));
}

/// The key that goes on, and what it does.
fn does(on: &Inspection) -> (&'static str, String) {
    let lang = on.lang;
    let said = |en: &str, pt_br: &str| lang.pick(en, pt_br).to_owned();
    let does = match (on.overlay, on.view) {
        (Some(Overlay::Help), _) => said("close the keys", "fechar as teclas"),
        (Some(Overlay::Glossary), _) => said("close the words", "fechar as palavras"),
        (Some(Overlay::Leave), _) => said("stay", "ficar"),
        (Some(Overlay::Shell), _) if on.is_over() => said("back", "voltar"),
        (Some(Overlay::Shell), _) => said("open the shell inside", "abrir o shell lá dentro"),
        (None, _) if on.is_in_shell() => {
            return ("F2", said("take the keyboard back from the shell", "tomar de volta o teclado do shell"));
        }
        (None, View::Tree) if on.subject().is_some() => {
            let name = on.title();
            match lang {
                Lang::En => format!("look into {name}"),
                Lang::PtBr => format!("olhar dentro de {name}"),
            }
        }
        (None, View::Tree) => said("nothing: there is nothing to look into", "nada: não há dentro de que olhar"),
        (None, View::Portrait) if on.is_at_end() => said("back to the list", "voltar à lista"),
        (None, View::Portrait) => said("read on", "continuar lendo"),
    };
    ("Enter", does)
}

/// The other keys of the moment.
fn right(on: &Inspection) -> &'static str {
    let lang = on.lang;
    match (on.overlay, on.view) {
        (Some(Overlay::Leave), _) => lang.pick("q leave", "q sair"),
        (Some(Overlay::Glossary), _) => lang.pick("↑↓ scroll", "↑↓ rolar"),
        (Some(_), _) => lang.pick("Esc close", "Esc fecha"),
        (None, _) if on.is_in_shell() => "",
        (None, _) if on.has_shell() => lang.pick("F2 shell   F1 help", "F2 shell   F1 ajuda"),
        (None, View::Tree) if on.typing => lang.pick("Esc shows all", "Esc mostra todos"),
        (None, View::Tree) => lang.pick("/ find   q leave   F1 help", "/ procura   q sai   F1 ajuda"),
        (None, View::Portrait) if on.is_over() => {
            lang.pick("← list   d words   F1 help", "← lista   d palavras   F1 ajuda")
        }
        (None, View::Portrait) => {
            lang.pick("← list   ! shell   d words   F1 help", "← lista   ! shell   d palavras   F1 ajuda")
        }
    }
}
