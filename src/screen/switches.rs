//! The features as switches, in a box over the lesson: for "what if it had no PID namespace?".
//!
//! ```text
//!  ┌───────────────────────────────────────────────────┐
//!  │  ▸ 1  [on ]  uts     the host name                │
//!  │    2  [off]  pid     process numbers              │
//!  └───────────────────────────────────────────────────┘
//! ```

use ratatui::layout::Rect;

use super::layout::{Panes, centred};
use super::over::frame;
use super::pen::Pen;
use super::words;
use crate::course::{Feature, FeatureSet};

/// Draws the switches, and this one as chosen.
pub fn draw(pen: &mut Pen, panes: &Panes, set: FeatureSet, chosen: usize) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let rows = u16::try_from(Feature::ALL.len()).unwrap_or(u16::MAX);
    let area = centred(panes.body, 62, rows.saturating_add(6));
    pen.clear(area, text);
    frame(pen, area);
    let inner = Rect { width: area.width.saturating_sub(1), ..area };
    let title = pen.pick("WHAT THE BOX HAS OF ITS OWN", "O QUE A CAIXA TEM DE SEU");
    pen.put(inner, 1, 3, title, strong);
    for (row, (at, feature)) in (3..).zip(Feature::ALL.into_iter().enumerate()) {
        let (on, here) = (set.has(feature), at == chosen);
        let state = if on { pen.pick("[on ]", "[sim]") } else { pen.pick("[off]", "[não]") };
        let (mark, style) = (if here { "▸" } else { " " }, if here || on { strong } else { text });
        let column = pen.put(inner, row, 2, &format!("{mark} {:>2}  {state}  {:<13}", at + 1, feature.name()), style);
        pen.put(inner, row, column, words::feature(feature, pen.lang), if here { text } else { dim });
    }
    let how = pen
        .pick("Enter starts the box so; r returns to the script.", "Enter inicia a caixa assim; r volta ao roteiro.");
    pen.put(inner, rows.saturating_add(4), 2, how, text);
}
