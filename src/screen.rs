//! What the room sees: `&Talk` into cells, keys into actions. It owns no truth.
//!
//! One file per screen or pane; [`layout`] says where each stands, [`theme`] how it looks, [`words`] what the
//! screen itself says. Drawing is pure: the same talk on the same size is the same picture.

mod agenda;
mod bottom;
mod bytes;
mod calls;
mod chain;
mod code;
pub mod console;
mod failure;
mod gauges;
mod glossary;
mod help;
pub mod inspect;
mod keys;
mod layout;
mod lesson;
mod over;
mod overview;
mod past;
mod pen;
pub mod play;
mod practice;
mod recall;
mod script;
mod shell;
mod sides;
mod slide;
mod switches;
mod tally;
mod text;
mod theme;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use bottom::notice;
pub use keys::action;
pub use layout::SMALLEST;
pub use slide::{Loss, Misfit, misfits, misfits_for};
pub use theme::{Colours, Glyphs, Look, Sources, Theme, Wish};

use crate::course::talk::{Talk, View};
use crate::course::words;
use layout::{Panes, screen_of};
use pen::{Pen, wrap};

/// Draws the talk.
pub fn draw(frame: &mut Frame, talk: &Talk, look: &Look) {
    let area = frame.area();
    let mut pen = Pen { buffer: frame.buffer_mut(), look, lang: talk.lang };
    match Panes::for_talk(area, talk) {
        None => too_small(&mut pen, area),
        Some(_) if talk.lessons.iter().all(|lesson| lesson.steps.is_empty()) => {}
        Some(panes) if talk.is_blank() => slide::blank(&mut pen, &panes, talk, area),
        Some(panes) => {
            match talk.view {
                View::Agenda { chosen } => agenda::draw(&mut pen, &panes, talk, chosen),
                View::Slides => slide::draw(&mut pen, &panes, talk),
                View::Recall => recall::draw(&mut pen, &panes, talk),
                View::Lesson => match talk.exercise() {
                    Some(exercise) => practice::draw(&mut pen, &panes, talk, exercise),
                    None => lesson::draw(&mut pen, &panes, talk),
                },
                View::Failure { chosen } => failure::draw(&mut pen, &panes, talk, chosen),
            }
            if let Some(overlay) = talk.overlay {
                over::draw(&mut pen, &panes, talk, overlay);
            }
        }
    }
    theme::swap_glyphs(frame.buffer_mut(), look.glyphs);
    theme::paint_ground(frame.buffer_mut(), look);
}

/// The sizes that the shells' terminals must have on a screen of `size`: columns and rows, outside and inside.
#[must_use]
pub fn shell_sizes(size: (u16, u16), talk: &Talk) -> ((u16, u16), (u16, u16)) {
    // Where nothing is shown the shells keep a size that programs can live with.
    let area = Rect::new(0, 0, size.0.max(SMALLEST.0), size.1.max(SMALLEST.1));
    let sizes = Panes::for_talk(area, talk).map_or([(80, 24); 2], |panes| {
        panes.shells.map(|shell| {
            let screen = screen_of(shell);
            (screen.width.max(1), screen.height.max(1))
        })
    });
    (sizes[0], sizes[1])
}

/// Where question, answer and why of a step stand on a screen of `size`; `None` where it is too small for any.
#[must_use]
pub fn text_area(size: (u16, u16)) -> Option<Rect> {
    Panes::of(Rect::new(0, 0, size.0, size.1)).map(|panes| panes.text)
}

fn too_small(pen: &mut Pen, area: Rect) {
    let said = match pen.lang {
        crate::course::text::Lang::En => {
            format!("This window is {}×{}; unha needs {}×{}.", area.width, area.height, SMALLEST.0, SMALLEST.1)
        }
        crate::course::text::Lang::PtBr => {
            format!("Esta janela tem {}×{}; o unha precisa de {}×{}.", area.width, area.height, SMALLEST.0, SMALLEST.1)
        }
    };
    let lines = wrap(&said, area.width);
    let text = pen.look.text();
    pen.put_lines(area, 0, 0, &lines, text);
}
