//! Where everything stands: a function of the screen's size alone, so that nothing jumps from step to step.
//!
//! ```text
//!   80×24: one shell in view     120×30: both shells        160×45: all at once
//!   ┌──────────────────────┐     ┌──────────────────────┐   ┌───────────┬──────────┬──────┐
//!   │ text, the two sides  │     │ text, the two sides  │   │ text      │ source   │ jour │
//!   ├──────────────────────┤     ├──────────┬───────────┤   │ the two sides        │ nal  │
//!   │ shell                │     │ outside  │ inside    │   │ outside   │ inside   │      │
//!   └──────────────────────┘     └──────────┴───────────┘   └───────────┴──────────┴──────┘
//! ```

use ratatui::layout::Rect;

use crate::course::Side;
use crate::course::talk::Talk;

/// Below this nothing but a sentence is shown: columns, rows.
pub const SMALLEST: (u16, u16) = (60, 18);
/// From here on both shells are in view: columns, rows.
pub const BOTH: (u16, u16) = (120, 28);
/// From here on everything is shown at once: columns, rows.
pub const ALL: (u16, u16) = (160, 44);

/// The most rows that text and sides can use: beyond it the shells grow.
const TEXT_AND_SIDES: u16 = 19;
/// Rows of the two sides with their call line, where everything is shown at once.
const SIDES: u16 = 11;

/// The areas of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panes {
    /// The chain of lessons and the rule below it.
    pub top: Rect,
    /// Question, choices, answer and why.
    pub text: Rect,
    /// The two columns; `None` where they follow the text in the same area.
    pub sides: Option<Rect>,
    /// The source of the step.
    pub source: Option<Rect>,
    /// The line between text and sides, where they stand apart.
    pub rule: Option<Rect>,
    /// The journal.
    pub journal: Option<Rect>,
    /// The shells with their title lines: outside, inside. The same area twice where one is in view.
    pub shells: [Rect; 2],
    /// The rule and the bottom line.
    pub bottom: Rect,
    /// Everything between top and bottom.
    pub body: Rect,
}

impl Panes {
    /// The areas on a screen of this size; `None` where it is too small.
    #[must_use]
    pub fn of(area: Rect) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let top = Rect { height: 2, ..area };
        let bottom = Rect { y: area.bottom() - 2, height: 2, ..area };
        let body = Rect { y: area.y + 2, height: area.height - 4, ..area };
        let mut panes = Self {
            top,
            text: body,
            sides: None,
            source: None,
            rule: None,
            journal: None,
            shells: [body; 2],
            bottom,
            body,
        };
        if area.width >= ALL.0 && area.height >= ALL.1 {
            panes.all();
        } else {
            let shell = (body.height - TEXT_AND_SIDES.min(body.height)).max(body.height * 3 / 10).max(4);
            let (text, shells) = split_at(body, body.height - shell);
            panes.text = text;
            let both = area.width >= BOTH.0 && area.height >= BOTH.1;
            panes.shells = if both { halves(shells) } else { [shells; 2] };
        }
        Some(panes)
    }

    /// The areas for what is at hand: an exercise has one shell, over the whole width.
    #[must_use]
    pub fn for_talk(area: Rect, talk: &Talk) -> Option<Self> {
        let panes = Self::of(area)?;
        Some(if talk.exercise().is_some() { panes.by_hand() } else { panes })
    }

    fn by_hand(self) -> Self {
        let shell = (self.body.height - TEXT_AND_SIDES.min(self.body.height)).max(self.body.height * 3 / 10).max(4);
        let (text, shell) = split_at(self.body, self.body.height - shell);
        Self { text, sides: None, source: None, rule: None, journal: None, shells: [shell; 2], ..self }
    }

    /// Everything at once.
    fn all(&mut self) {
        let journal = (self.body.width / 4).clamp(36, 56);
        let left = Rect { width: self.body.width - journal - 1, ..self.body };
        self.journal = Some(Rect { x: left.right() + 1, width: journal, ..self.body });
        let (above, rest) = split_at(left, (left.height * 3 / 8).clamp(13, 22));
        let (rule, rest) = split_at(rest, 1);
        let (sides, shells) = split_at(rest, SIDES);
        self.rule = Some(rule);
        let text = (above.width * 2 / 5).clamp(48, 76);
        self.text = Rect { width: text, ..above };
        self.source = Some(Rect { x: above.x + text + 1, width: above.width - text - 1, ..above });
        self.sides = Some(sides);
        self.shells = halves(shells);
    }

    /// Whether only one shell is in view at a time.
    #[must_use]
    pub fn one_shell(&self) -> bool {
        self.shells[0] == self.shells[1]
    }

    /// The area of a side's shell, title line included.
    #[must_use]
    pub fn shell(&self, side: Side) -> Rect {
        self.shells[usize::from(side == Side::Inside)]
    }
}

/// The screen of a shell: its area without the title line and a column of air.
#[must_use]
pub fn screen_of(shell: Rect) -> Rect {
    Rect {
        x: shell.x + 1,
        y: shell.y + 1,
        width: shell.width.saturating_sub(1),
        height: shell.height.saturating_sub(1),
    }
}

/// The column of the comparison sign between two sides that share `width` columns.
#[must_use]
pub const fn middle(width: u16) -> u16 {
    width / 2 + 1
}

/// The areas left and right of the comparison sign.
fn halves(area: Rect) -> [Rect; 2] {
    let middle = middle(area.width);
    let right = Rect { x: area.x + middle + 1, width: area.width - middle - 1, ..area };
    [Rect { width: middle, ..area }, right]
}

/// The first `rows` rows of an area, and the rest.
#[must_use]
pub fn split_at(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// An area of this size in the middle of another, as far as it fits.
#[must_use]
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}
