//! What stands over the picture: the keys, the question before a shell, and the shell.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use tui_term::widget::{Cursor, PseudoTerminal};

use crate::course::inspect::{Inspection, Overlay, Portrait, line};
use crate::course::text::Lang;
use crate::course::{Kind, Side};
use crate::screen::layout::screen_of;
use crate::screen::pen::{Pen, columns, wrap};
use crate::screen::words;
use crate::screen::{glossary, help};

/// Draws what covers the picture, between top and bottom.
pub fn draw(pen: &mut Pen, top: Rect, bottom: Rect, on: &mut Inspection) {
    let area = Rect { y: top.bottom() - 1, height: bottom.y - top.bottom() + 1, ..top };
    match on.overlay {
        None => {}
        Some(Overlay::Help) => {
            pen.clear(area, Style::new());
            help::draw_inspect(pen, area);
        }
        Some(Overlay::Glossary) => {
            pen.clear(area, Style::new());
            on.glossary.1 = glossary::draw(pen, area, &on.terms(), on.glossary.0);
        }
        Some(Overlay::Leave) => {
            let name = on.shell.as_ref().map(|shell| shell.name.clone()).unwrap_or_default();
            let said = match pen.lang {
                Lang::En => format!("A shell is open inside {name}. Leaving ends it, and what runs in its foreground."),
                Lang::PtBr => {
                    format!(
                        "Há um shell aberto dentro de {name}. Sair acaba com ele e com o que roda em primeiro plano."
                    )
                }
            };
            paragraphs(pen, area, pen.pick(" LEAVE? ", " SAIR? "), &[(said, false)]);
        }
        Some(Overlay::Shell) if on.is_over() => too_late(pen, area, on),
        Some(Overlay::Shell) => question(pen, area, on),
    }
}

/// There is nothing left that a shell could be opened in.
fn too_late(pen: &mut Pen, area: Rect, on: &Inspection) {
    let name = on.title();
    let said = match pen.lang {
        Lang::En => format!("{name} has ended, and its namespaces with it: there is nothing to open a shell in."),
        Lang::PtBr => {
            format!("{name} acabou, e os namespaces junto: não há mais onde abrir um shell.")
        }
    };
    paragraphs(pen, area, pen.pick(" NO SHELL ", " SEM SHELL "), &[(said, false)]);
}

/// What opening a shell means, before it is done.
fn question(pen: &mut Pen, area: Rect, on: &Inspection) {
    let Some(subject) = on.subject() else { return };
    let apart = on.home().map_or(&[][..], |group| &group.apart);
    let filtered = on.shown().is_some_and(Portrait::has_filter);
    let title = pen.pick(" A SHELL INSIDE? ", " UM SHELL LÁ DENTRO? ");
    let name = on.title();
    let (what, rights, files) = match pen.lang {
        Lang::En => (
            format!("Up to here {name} was only looked at. This runs a program in it:"),
            "It joins all its namespaces by setns(2), and its cgroup where you may; then it takes the ids of its first \
             process and keeps no capability that this one lacks. So it may do no more than that, and what it uses counts \
             against the same limits. A label of AppArmor or SELinux is not taken over.",
            "Each call is shown. It is the container's own /bin/sh, on a terminal of its own. `exit` ends it.",
        ),
        Lang::PtBr => (
            format!("Até aqui {name} só foi olhado. Isto roda um programa lá dentro:"),
            "Ele entra em todos os namespaces por setns(2), e no cgroup se você puder; depois assume os ids do primeiro \
             processo de lá e não fica com nenhuma capability que falte a ele. Assim não pode mais do que ele, e o que usa \
             conta nos mesmos limites. Rótulo do AppArmor ou SELinux não vai junto.",
            "Cada chamada aparece. É o /bin/sh do próprio contêiner, num terminal só dele. `exit` encerra.",
        ),
    };
    let mut said = vec![(what, false), (line(subject, apart, on.is_root), true), (rights.to_owned(), false)];
    if apart.contains(&Kind::User) && !on.is_root {
        said.push((
            pen.pick(
                "Where one user namespace is within another, as `bwrap --dev` has it, nsenter is refused: the outer one must \
                 be joined first, and here it is.",
                "Onde há um namespace de usuário dentro de outro, como no `bwrap --dev`, o nsenter é recusado: é preciso entrar \
                 antes no de fora, como aqui.",
            )
            .to_owned(),
            false,
        ));
    }
    if filtered {
        said.push((
            pen.pick(
                "Its system call filter cannot be taken over: unha's own, which is Docker's default, stands in for it.",
                "O filtro de chamadas dele não pode ser copiado: no lugar entra o do unha, que é o padrão do Docker.",
            )
            .to_owned(),
            false,
        ));
    }
    said.push((files.to_owned(), false));
    paragraphs(pen, area, title, &said);
}

/// Paragraphs in the place of the picture, commands among them.
fn paragraphs(pen: &mut Pen, area: Rect, title: &str, said: &[(String, bool)]) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.clear(area, Style::new());
    pen.rule(area, 0, "─", dim);
    pen.put(area, 0, 1, title, strong);
    let mut row = 2;
    for (words, is_command) in said {
        let lines = wrap(words, area.width.saturating_sub(6).min(90));
        row = pen.put_lines(area, row, 3, &lines, if *is_command { strong } else { text }) + 1;
    }
}

/// The shell in the lower half: whose it is, who has the keyboard, and its screen.
pub fn shell(pen: &mut Pen, area: Rect, on: &Inspection) {
    let Some(pane) = &on.shell else { return };
    let lang = pen.lang;
    let has = on.is_in_shell();
    let style = if has { pen.look.bar(Side::Inside) } else { pen.look.side(Side::Inside) };
    pen.rule(area, 0, if has { "═" } else { "─" }, style);
    let keyboard = if has { format!(" · {}", words::keyboard_here(lang)) } else { String::new() };
    let title = format!(" {} · {}{keyboard} ", words::side(Side::Inside, lang), pane.name);
    let column = pen.put(area, 0, 1, &title, style);
    let keys = match (&pane.ended, has) {
        (Some(_), _) => lang.pick(" Esc closes ", " Esc fecha "),
        (None, true) => lang.pick(" F2 hands it back ", " F2 devolve "),
        (None, false) => lang.pick(" F2 type here ", " F2 digite aqui "),
    };
    if column + columns(keys) + 1 < area.width {
        pen.put_right(area, 0, column, keys, style);
    }
    let screen = screen_of(area).intersection(pen.buffer.area);
    if screen.is_empty() {
        return;
    }
    let cursor = Cursor::default().visibility(has).symbol(" ").style(Style::new().add_modifier(Modifier::REVERSED));
    PseudoTerminal::new(pane.terminal.screen()).cursor(cursor).render(screen, pen.buffer);
    if let Some(how) = &pane.ended {
        let said = match (how, lang) {
            (Ok(code), Lang::En) => format!(" The shell has ended (exit {code}). "),
            (Ok(code), Lang::PtBr) => format!(" O shell terminou (exit {code}). "),
            (Err(_), Lang::En) => " No shell was started: the reason stands above. ".to_owned(),
            (Err(_), Lang::PtBr) => " Nenhum shell foi iniciado: o motivo está acima. ".to_owned(),
        };
        let notice = pen.look.notice();
        pen.put(area, area.height - 1, 1, &said, notice);
    }
}
