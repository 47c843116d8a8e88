//! The combination in another tool's words, and what those cannot express.

use ratatui::layout::Rect;

use crate::course::play::words::title;
use crate::course::play::{Pane, Play, Written};
use crate::course::text::Lang;
use crate::screen::pen::{Pen, wrap};

/// How the line begins that writes a bundle.
const EXPORT: &str = "unha export oci";

/// The command that begins so, on one line: what was broken by `\` at the ends of lines is whole again.
#[must_use]
pub fn on_one_line(text: &str, begins: &str) -> String {
    let whole = text.replace("\\\n", " ");
    let line = whole.lines().find(|line| line.trim_start().starts_with(begins)).unwrap_or_default();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Draws the text with its title line.
pub fn draw(pen: &mut Pen, area: Rect, play: &Play, pane: Pane) {
    let lang = play.talk.lang;
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.clear(area, text);
    let mut column = 0;
    for (number, tool) in (1..).zip(Pane::TEXTS) {
        let name = short(tool);
        let (shown, style) =
            if tool == pane { (format!("[{number} {name}]"), strong) } else { (format!(" {number} {name} "), dim) };
        column = pen.put(area, 0, column, &shown, style);
    }
    let rule = Rect { y: area.y + 1, height: 1, ..area };
    pen.rule(rule, 0, "─", dim);
    pen.put(rule, 0, 1, &format!(" {} ", title(pane, lang)), strong);
    let copy =
        if play.pane == Pane::Columns { "" } else { lang.pick(" y copies · Esc back ", " y copia · Esc volta ") };
    pen.put_right(rule, 0, 20, copy, dim);
    let below = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let Some(written) = play.texts.get(&pane) else { return };
    let width = below.width.saturating_sub(3);
    let mut lines = lines(written, width, lang);
    if let Some(line) =
        play.texts.get(&Pane::Unha).map(|unha| on_one_line(&unha.text, EXPORT)).filter(|_| pane == Pane::Oci)
    {
        // Not a part of the file: the line that writes it, and the folder that goes with it.
        let by = format!("{} {line}", lang.pick("written by:", "gravado por:"));
        lines.insert(0, (String::new(), false));
        lines.splice(0..0, wrap_code(&by, width).into_iter().map(|line| (line, true)));
    }
    let room = usize::from(below.height);
    let first = play.scroll.min(lines.len().saturating_sub(room));
    for (row, (line, head)) in (0..below.height).zip(lines.iter().skip(first)) {
        pen.put(below, row, 2, line, if *head { strong } else { text });
    }
    if first + room < lines.len() {
        // What it cannot express stands at the end, and is not to be overlooked.
        let lacks = match (written.lacks.len(), lang) {
            (0, _) => String::new(),
            (count, Lang::En) => format!("{count} it cannot express · "),
            (count, Lang::PtBr) => format!("{count} que não exprime · "),
        };
        let more = format!(" {lacks}PgDn {} ", lang.pick("more", "mais"));
        let foot = Rect { y: below.bottom() - 1, height: 1, ..below };
        pen.clear(foot, text);
        pen.put_right(foot, 0, 0, &more, strong);
    }
}

/// The text in lines of so many columns, and below it what it cannot express; and whether a line is a title.
fn lines(written: &Written, width: u16, lang: Lang) -> Vec<(String, bool)> {
    // What is copied is the line whole; here it goes on below, a step to the right.
    let code = written.text.lines().flat_map(|line| wrap_code(line, width));
    let mut lines: Vec<(String, bool)> = code.map(|line| (line, false)).collect();
    if !written.lacks.is_empty() {
        lines.push((String::new(), false));
        let said = lang.pick("What it cannot express:", "O que ele não exprime:");
        lines.push((said.to_owned(), true));
        for lack in &written.lacks {
            let said = format!("· {}", lack.get(lang));
            lines.extend(wrap(&said, width).into_iter().map(|line| (line.to_owned(), false)));
        }
    }
    lines
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
        Pane::Unha => "unha",
    }
}
