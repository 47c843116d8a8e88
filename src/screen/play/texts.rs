//! The combination in another tool's words, and what those cannot express.

use ratatui::layout::Rect;

use crate::course::play::words::title;
use crate::course::play::{Pane, Play};
use crate::screen::pen::{Pen, wrap};

/// A command on one line: what was broken by `\` at the ends of lines is whole again.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    let whole = text.replace("\\\n", " ");
    let line = whole.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Draws the text with its title line.
pub fn draw(pen: &mut Pen, area: Rect, play: &Play, pane: Pane) {
    let lang = play.talk.lang;
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.clear(area, text);
    let mut column = 1;
    for (number, tool) in (1..).zip(Pane::TEXTS) {
        let name = short(tool);
        let (shown, style) =
            if tool == pane { (format!("[{number} {name}]"), strong) } else { (format!(" {number} {name} "), dim) };
        column = pen.put(area, 0, column, &shown, style);
    }
    let rule = Rect { y: area.y + 1, height: 1, ..area };
    pen.rule(rule, 0, "─", dim);
    pen.put(rule, 0, 1, &format!(" {} ", title(pane, lang)), strong);
    let copy = if play.pane == Pane::Columns { "" } else { lang.pick(" y copies · 0 columns ", " y copia · 0 colunas ") };
    pen.put_right(rule, 0, 20, copy, dim);
    let below = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let Some(written) = play.texts.get(&pane) else { return };
    let width = below.width.saturating_sub(3);
    let mut lines: Vec<(String, bool)> = vec![];
    if !written.lacks.is_empty() {
        let said = lang.pick("What it cannot express:", "O que ele não exprime:");
        lines.push((said.to_owned(), true));
        for lack in &written.lacks {
            let said = format!("· {}", lack.get(lang));
            lines.extend(wrap(&said, width).into_iter().map(|line| (line.to_owned(), false)));
        }
        lines.push((String::new(), false));
    }
    let notes = lines.len();
    for line in written.text.lines() {
        // What is copied is the line whole; here it goes on below, a step to the right.
        lines.extend(wrap_code(line, width).into_iter().map(|line| (line, false)));
    }
    // The text itself first; what it lacks below, where both fit, else above, so that it is not overlooked.
    if lines.len() <= below.height.into() {
        lines.rotate_left(notes);
    }
    let first = play.scroll.min(lines.len().saturating_sub(below.height.into()));
    for (row, (line, head)) in (0..below.height).zip(lines.iter().skip(first)) {
        pen.put(below, row, 2, line, if *head { strong } else { text });
    }
    if first + usize::from(below.height) < lines.len() {
        pen.put_right(below, below.height.saturating_sub(1), 0, lang.pick(" PgDn more ", " PgDn mais "), dim);
    }
}

/// A line of code in lines of so many columns, its indentation kept.
fn wrap_code(line: &str, width: u16) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let inner = width.saturating_sub(u16::try_from(indent).unwrap_or(0) + 2).max(10);
    let parts = wrap(line.trim_start(), inner);
    let mut at = indent;
    parts
        .into_iter()
        .map(|part| {
            let shown = format!("{}{part}", " ".repeat(at));
            at = indent + 2;
            shown
        })
        .collect()
}

/// A tool in one word.
const fn short(pane: Pane) -> &'static str {
    match pane {
        Pane::Columns => "",
        Pane::Script => "shell",
        Pane::Docker => "docker",
        Pane::Podman => "podman",
        Pane::Bwrap => "bwrap",
        Pane::Oci => "OCI",
    }
}
