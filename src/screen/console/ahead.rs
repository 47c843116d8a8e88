//! What comes after what is shown: the slide as it will look, its next point among it, or the lesson's next step.

use ratatui::layout::Rect;

use super::titled;
use crate::course::console::{Ahead, Stand, State};
use crate::course::text::Lang;
use crate::screen::layout::split_at;
use crate::screen::pen::{Pen, wrap};
use crate::screen::slide;

/// Draws it below its title.
pub fn draw(pen: &mut Pen, area: Rect, state: &State) {
    titled(pen, area, &title(state, pen.lang));
    let (_, body) = split_at(area, 1);
    let body = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
    let (text, strong) = (pen.look.text(), pen.look.strong());
    match &state.ahead {
        Ahead::Slide { slide, point, .. } => slide::draw_small(pen, body, slide, *point, &state.live),
        Ahead::Step { question, choices, .. } => {
            let row = pen.put_lines(body, 0, 0, &wrap(question.get(pen.lang), body.width), strong);
            for ((row, number), choice) in (row..body.height).zip(1..).zip(choices) {
                let said = format!("{number}  {}", choice.get(pen.lang));
                pen.put(body, row, 1, &said, text);
            }
        }
        Ahead::End => {
            let said = pen.pick("That is the end of the talk.", "É o fim da palestra.");
            pen.put(body, 0, 0, said, text);
        }
    }
}

/// What it is.
fn title(state: &State, lang: Lang) -> String {
    let then = match state.stand {
        Stand::Slide { .. } => lang.pick("NEXT", "A SEGUIR"),
        Stand::Step { .. } => lang.pick("AFTER THIS STEP", "DEPOIS DESTE PASSO"),
    };
    match (&state.ahead, &state.stand) {
        (Ahead::Slide { number, point, .. }, Stand::Slide { number: (here, _), point: (_, points), .. })
            if number == here =>
        {
            format!("{then} · {} {}/{points}", lang.pick("point", "ponto"), point + 1)
        }
        (Ahead::Slide { number, .. }, _) => format!("{then} · slide {number}"),
        (Ahead::Step { lesson, number: (step, steps), .. }, _) => {
            format!("{then} · {} · {} {step}/{steps}", lesson.get(lang), lang.pick("step", "passo"))
        }
        (Ahead::End, _) => then.to_owned(),
    }
}
