//! Outside and inside on one ground, each in its colour, and whether what they say is read this moment.
//!
//! ```text
//!       FORA · bancada                DENTRO · caixa
//!     ╔═══════════════╗             ╔═══════════════╗
//!     ║    bancada    ║             ║     caixa     ║
//!     ╚═══════╤═══════╝             ╚═══════╤═══════╝
//!             └──────────────┬──────────────┘
//!                     kernel 6.8.0-45                 ● ao vivo
//! ```

use ratatui::layout::Rect;

use super::sheet::DOUBLE;
use super::{Ink, Sheet, words};
use crate::course::Side;
use crate::screen::pen::cut;

/// The widest that a side gets.
const WIDEST: u16 = 46;

/// Lays the two sides out in so many columns.
pub fn lay(both: &[Vec<String>; 2], ground: &str, ink: &Ink, width: u16, is_live: bool) -> Sheet {
    let each = (width / 2).saturating_sub(4).min(WIDEST);
    let lines = both.iter().map(Vec::len).max().unwrap_or(0);
    let height = u16::try_from(lines).unwrap_or(u16::MAX) + 2;
    let starts = [(width / 2).saturating_sub(each + 2), width / 2 + 2];
    let mut sheet = Sheet::default();
    for ((side, lines), start) in [Side::Outside, Side::Inside].into_iter().zip(both).zip(starts) {
        let label = format!("{} · {}", words::side(side, ink.lang), words::place(side, ink.lang));
        sheet.centre(0, (start, each), &label, ink.look.side(side));
        sheet.frame(Rect::new(start, 1, each, height), DOUBLE, ink.look.edge(side));
        for (row, line) in (2..).zip(lines) {
            let line = cut(&ink.fill(line), each.saturating_sub(4));
            let style = if row == 2 { ink.look.side(side) } else { ink.look.text() };
            sheet.centre(row, (start, each), &line, style);
        }
    }
    let dim = ink.look.dim();
    let [left, right] = starts.map(|start| start + each / 2);
    let foot = height;
    sheet.put(foot, left, "╤", ink.look.edge(Side::Outside));
    sheet.put(foot, right, "╤", ink.look.edge(Side::Inside));
    let line = |from: u16, to: u16| "─".repeat(usize::from(to.saturating_sub(from + 1)));
    let middle = width / 2;
    sheet.put(foot + 1, left, &format!("└{}┬{}┘", line(left, middle), line(middle, right)), dim);
    sheet.centre(foot + 2, (0, width), &ink.fill(ground), ink.look.strong());
    if is_live {
        let stands = !ink.now.inside.is_empty();
        let said = match (stands, ink.recorded) {
            (true, true) => words::recorded(ink.lang),
            (true, false) => ink.lang.pick("● live", "● ao vivo"),
            (false, _) => ink.lang.pick("not live", "não ao vivo"),
        };
        let start = width.saturating_sub(super::columns(said));
        sheet.put(foot + 2, start, said, if stands { ink.look.accent() } else { dim });
    }
    sheet
}
