//! "Your container, without unha": the journal of this run as a shell script to take home.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::course::script::script;
use crate::course::talk::Talk;

/// Draws the script; `scroll` lines down.
pub fn draw(pen: &mut Pen, area: Rect, talk: &Talk, scroll: usize) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.rule(area, 0, "─", dim);
    pen.put(area, 0, 1, pen.pick(" YOUR CONTAINER, WITHOUT UNHA ", " O SEU CONTÊINER, SEM O UNHA "), strong);
    let lines = script(&talk.journal, talk.lang);
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let air = u16::from(usize::from(below.height) > lines.len());
    let first = scroll.min(lines.len().saturating_sub(below.height.into()));
    for (row, line) in (air..below.height).zip(lines.iter().skip(first)) {
        // The remark after a command steps back behind it.
        let comment = if line.starts_with('#') { Some(0) } else { line.rfind("  # ") };
        let (command, remark) = line.split_at(comment.unwrap_or(line.len()));
        let column = pen.put(below, row, 2, command, text);
        pen.put(below, row, column, remark, dim);
    }
}
