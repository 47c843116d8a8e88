//! What does not fit on a projector: every step is drawn at 80×24 and its texts are looked for in the picture.
//!
//! Linting by drawing: the real screen says what it cannot show, so no rule about sizes can be out of step with it.

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::course::lesson::Lesson;
use crate::course::talk::{Answer, Phase, Place, Route, Talk, View};
use crate::course::text::Lang;
use crate::screen::{self, Look};

/// The projector.
const SIZE: (u16, u16) = (80, 24);

/// The texts of a lesson that do not stand whole on the screen, as sentences for `reader`.
pub fn findings(lessons: &[Lesson], index: usize, reader: Lang) -> Vec<String> {
    let mut found = vec![];
    for lang in Lang::ALL {
        let mut talk = Talk::new(lessons.to_vec(), lang, Route::Full, super::machine::unknown(), None, SIZE);
        talk.view = View::Lesson;
        for step in 0..lessons[index].steps.len() {
            talk.at = Place { lesson: index, step };
            found.extend(overflow(&mut talk, &lessons[index], step, reader));
        }
    }
    found
}

fn overflow(talk: &mut Talk, lesson: &Lesson, index: usize, reader: Lang) -> Vec<String> {
    let step = &lesson.steps[index];
    let lang = talk.lang;
    let mut found = vec![];
    let mut must_show = |talk: &Talk, what: &str, text: &str| {
        if !squeezed(&picture(talk)).contains(&squeezed(text)) {
            let wrong = reader.pick("does not fit at 80×24", "não cabe em 80×24");
            found.push(format!("{}: `{what}` ({lang}) {wrong}: {text}", step.id));
        }
    };
    talk.phase = if step.choices.is_empty() { Phase::Ready } else { Phase::Ask };
    must_show(talk, "text", step.text.get(lang));
    for choice in &step.choices {
        must_show(talk, "choice", choice.get(lang));
    }
    if let Some(answer) = step.answer {
        talk.answers.insert((lesson.id.clone(), step.id.clone()), Answer::Chose(answer));
    }
    talk.phase = Phase::Done;
    must_show(talk, "why", step.why.get(lang));
    found
}

/// The screen as text, a line a row.
fn picture(talk: &Talk) -> String {
    let look = Look::from_env(screen::Wish::default(), |_| None, crate::kernel::container::source);
    let Ok(mut terminal) = Terminal::new(TestBackend::new(SIZE.0, SIZE.1));
    let Ok(_) = terminal.draw(|frame| screen::draw(frame, talk, &look));
    let buffer = terminal.backend().buffer();
    let row = |y| (0..SIZE.0).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..SIZE.1).map(row).collect::<Vec<_>>().join("\n")
}

/// Without white space and the marks of commands, for a text may be wrapped and its commands drawn in their own style.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}
