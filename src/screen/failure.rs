//! A step that could not be built: the refused call first, then why, then what one can do, best first.
//!
//! ```text
//!  THE KERNEL REFUSED THIS STEP                          nothing was left behind
//!
//!    call     sethostname("bench", 5) = EPERM
//!    why      Ubuntu lets you make a user namespace, then AppArmor takes its powers away.
//!    seen     kernel.apparmor_restrict_unprivileged_userns = 1
//!
//!  ▸ 1  sudo unha                            all lessons; may ask for a password
//! ```

use ratatui::layout::Rect;

use super::layout::Panes;
use super::pen::{Pen, wrap};
use super::{bottom, calls, chain, words};
use crate::course::event::{Cause, Failure};
use crate::course::talk::Talk;
use crate::course::text::Lang;
use crate::course::way::{Way, ways};

/// The column at which what is said stands.
const SAID: u16 = 12;

/// Draws the failure with this way out chosen.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk, chosen: usize) {
    chain::draw(pen, panes.top, talk);
    bottom::draw(pen, panes.bottom, talk);
    let ways = ways(talk);
    let right = pen.pick("↑↓ choose   a agenda", "↑↓ escolhe   a agenda");
    if talk.overlay.is_none() && talk.replay.is_none() {
        bottom::promise(pen, panes.bottom, 1, "Enter", &talk.next_does(pen.lang), right);
    }
    let Some(failure) = &talk.failure else { return };
    let area = Rect { width: panes.body.width.min(110), ..panes.body };
    let strong = pen.look.strong();
    let refused = failure.call.is_some();
    let title = if refused {
        pen.pick("THE KERNEL REFUSED THIS STEP", "O KERNEL RECUSOU ESTE PASSO")
    } else {
        pen.pick("THIS STEP COULD NOT BE BUILT", "ESTE PASSO NÃO PÔDE SER MONTADO")
    };
    let column = pen.put(area, 0, 1, title, strong);
    let dim = pen.look.dim();
    let nothing = pen.pick("nothing was left behind", "nada ficou para trás");
    pen.put_right(area, 0, column + 2, nothing, dim);
    let row = draw_failure(pen, area, 2, failure);
    draw_ways(pen, area, row, &ways, chosen);
}

fn draw_failure(pen: &mut Pen, area: Rect, row: u16, failure: &Failure) -> u16 {
    let lang = pen.lang;
    let (text, strong) = (pen.look.text(), pen.look.strong());
    let room = area.width.saturating_sub(SAID + 1);
    let mut row = row;
    if let Some(call) = &failure.call {
        label(pen, area, row, words::call(lang));
        pen.put(area, row, SAID, &calls::fitted(call, room), strong);
        row += 1;
    }
    if let Some(call) = failure.before.last() {
        label(pen, area, row, lang.pick("before", "antes"));
        pen.put(area, row, SAID, &calls::fitted(call, room), text);
        row += 1;
    }
    row += 1;
    label(pen, area, row, lang.pick("why", "por quê"));
    let why = why(failure.cause, lang).unwrap_or(&failure.message);
    row = pen.put_lines(area, row, SAID, &wrap(why, room), text);
    if why != failure.message && failure.call.is_none() {
        row = pen.put_lines(area, row, SAID, &wrap(&failure.message, room), text);
    }
    if !failure.seen.is_empty() {
        label(pen, area, row, lang.pick("seen", "visto"));
        for seen in failure.seen.iter().take(3) {
            pen.put(area, row, SAID, seen, text);
            row += 1;
        }
    }
    row
}

fn draw_ways(pen: &mut Pen, area: Rect, row: u16, ways: &[Way], chosen: usize) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    // The ways out are never pushed off the screen by a long explanation.
    let rows = u16::try_from(ways.len()).unwrap_or(u16::MAX).saturating_add(2);
    let row = (row + 2).min(area.height.saturating_sub(rows));
    let title = pen.pick("What you can do, best first", "O que dá para fazer, do melhor ao pior");
    pen.put(area, row, 1, title, strong);
    for (index, way) in ways.iter().enumerate() {
        let row = row.saturating_add(2).saturating_add(u16::try_from(index).unwrap_or(u16::MAX));
        let (does, note) = said(*way, pen.lang);
        let here = index == chosen;
        let mark = if here { "▸" } else { " " };
        let style = if here { strong } else { text };
        pen.put(area, row, 1, &format!("{mark} {}  {does}", index + 1), style);
        pen.put(area, row, 42, note, if here { text } else { dim });
    }
}

fn label(pen: &mut Pen, area: Rect, row: u16, name: &str) {
    let dim = pen.look.dim();
    pen.put(area, row, 3, name, dim);
}

/// A known cause in words.
const fn why(cause: Cause, lang: Lang) -> Option<&'static str> {
    let (en, pt_br) = match cause {
        Cause::AppArmor => (
            "This system lets you make a user namespace, then AppArmor takes its powers away.",
            "Este sistema deixa criar um namespace de usuário, mas o AppArmor tira os poderes dele.",
        ),
        Cause::NoUserNamespaces => (
            "This kernel lets no ordinary user make a user namespace, or as many as it allows are in use.",
            "Este kernel não deixa usuários comuns criarem um namespace de usuário, ou já há tantos quantos permite.",
        ),
        Cause::NotPermitted => (
            "A system call filter or a missing capability forbids this call, as in a container.",
            "Um filtro de chamadas ou uma capability que falta proíbe esta chamada, como num contêiner.",
        ),
        Cause::NoCgroup => (
            "No cgroup here may be written to, so no limit can be set.",
            "Nenhum cgroup daqui aceita escrita, então nenhum limite pode ser posto.",
        ),
        Cause::NoRootfs => (
            "The root file system for the box is missing or cannot be used.",
            "O sistema de arquivos raiz da caixa falta ou não serve.",
        ),
        Cause::Wanted | Cause::Other => return None,
    };
    Some(lang.pick(en, pt_br))
}

/// A way out in words: what it does, and what to know of it.
const fn said(way: Way, lang: Lang) -> (&'static str, &'static str) {
    let (en, pt_br) = match way {
        Way::Root => (
            ("leave, then: sudo unha", "all the lessons; may ask for a password"),
            ("sair e rodar: sudo unha", "todas as lições; pode pedir senha"),
        ),
        Way::Recorded => (
            ("go on with the recording", "no rights needed; it says RECORDED"),
            ("seguir com a gravação", "sem privilégio; a tela diz GRAVADO"),
        ),
        Way::Again => (("try again", "builds the step once more"), ("tentar de novo", "monta o passo mais uma vez")),
        Way::Skip => {
            (("leave this step out", "goes on with the next one"), ("deixar este passo de lado", "segue com o próximo"))
        }
        Way::Agenda => (("the agenda", "choose another lesson"), ("a agenda", "escolha outra lição")),
    };
    match lang {
        Lang::En => en,
        Lang::PtBr => pt_br,
    }
}
