//! What does not fit on a projector: every step and slide is drawn at its size, and what they say is looked for in the
//! picture.
//!
//! Linting by drawing: the real screen says what it cannot show, so no rule about sizes can be out of step with it.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::course::lesson::Lesson;
use crate::course::talk::{Answer, Phase, Place, Route, Spot, Talk, View};
use crate::course::text::Lang;
use crate::kernel::container;
use crate::screen::{self, Look, Loss, Misfit, Wish};

/// A projector, and who reads what does not fit on it.
pub struct Projector {
    /// Columns, rows.
    pub size: (u16, u16),
    pub look: Look,
    /// The language of the findings.
    pub reader: Lang,
}

/// The texts of a lesson that do not stand whole on a screen of 80×24, in either language, as sentences for `reader`.
pub fn findings(lessons: &[Lesson], index: usize, reader: Lang) -> Vec<String> {
    let look = Look::from_env(Wish::default(), |_| None, container::source);
    let projector = Projector { size: (80, 24), look, reader };
    let mut found = vec![];
    for lang in Lang::ALL {
        let unknown = super::machine::unknown();
        let mut talk = Talk::new(lessons.to_vec(), lang, Route::Full, unknown, None, projector.size);
        for step in 0..lessons[index].steps.len() {
            found.extend(projector.step(&mut talk, Place { lesson: index, step }));
        }
    }
    found
}

impl Projector {
    /// The texts of a step that do not stand whole on the screen.
    pub fn step(&self, talk: &mut Talk, place: Place) -> Vec<String> {
        (talk.view, talk.overlay, talk.at) = (View::Lesson, None, place);
        let (lang, lesson, step) = (talk.lang, talk.lesson().id.clone(), talk.step().clone());
        let mut found = vec![];
        let mut must_show = |talk: &Talk, what: &str, text: &str| {
            if let Some(cut) = self.cut(talk, text) {
                let cut = cut.say(self.size, self.reader);
                found.push(format!("{}: `{what}` ({lang}) {cut}: {text}", step.id));
            }
        };
        talk.phase = if step.choices.is_empty() { Phase::Ready } else { Phase::Ask };
        must_show(talk, "text", step.text.get(lang));
        for choice in &step.choices {
            must_show(talk, "choice", choice.get(lang));
        }
        if let Some(answer) = step.answer {
            talk.answers.insert((lesson, step.id.clone()), Answer::Chose(answer));
        }
        talk.phase = Phase::Done;
        must_show(talk, "why", step.why.get(lang));
        found
    }

    /// What of a slide does not fit, each with the points at which it does not.
    pub fn slide(&self, talk: &mut Talk, slide: usize) -> Vec<Misfit> {
        (talk.view, talk.overlay) = (View::Slides, None);
        let mut found: Vec<(Misfit, Vec<usize>)> = vec![];
        let points = talk.presenting.as_ref().map_or(0, |show| show.deck.slides[slide].points);
        for point in 0..points {
            let Some(show) = &mut talk.presenting else { break };
            show.at = Spot { slide, point };
            // What cannot be drawn at all is found out here.
            self.picture(talk);
            let misfits = screen::misfits_for(talk, &self.look, self.size, self.reader).into_iter();
            for misfit in misfits.filter(|misfit| misfit.loss != Loss::Later) {
                match found.iter_mut().find(|(known, _)| *known == misfit) {
                    Some((_, at)) => at.push(point + 1),
                    None => found.push((misfit, vec![point + 1])),
                }
            }
        }
        let Some(show) = &talk.presenting else { return vec![] };
        let (id, lang) = (&show.deck.slides[slide].id, talk.lang);
        let said = |(misfit, at): (Misfit, Vec<usize>)| {
            let what = format!("{id} ({lang}), {}: {}", self.at(&at, points), misfit.what);
            Misfit { what, ..misfit }
        };
        found.into_iter().map(said).collect()
    }

    /// Points from 1, in words.
    fn at(&self, points: &[usize], all: usize) -> String {
        let list = || points.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match (points, self.reader) {
            (points, Lang::En) if points.len() == all => "at every point".to_owned(),
            (points, Lang::PtBr) if points.len() == all => "em todos os pontos".to_owned(),
            ([point], Lang::En) => format!("at point {point}"),
            ([point], Lang::PtBr) => format!("no ponto {point}"),
            (_, Lang::En) => format!("at points {}", list()),
            (_, Lang::PtBr) => format!("nos pontos {}", list()),
        }
    }

    /// How much of a text does not stand where texts of a lesson do.
    fn cut(&self, talk: &Talk, text: &str) -> Option<Cut> {
        let (buffer, area) = (self.picture(talk), screen::text_area(self.size)?);
        let cell = |x, y| buffer.cell((x, y)).map_or("", |cell| cell.symbol());
        let row = |y| (area.left()..area.right()).map(move |x| cell(x, y)).collect::<String>();
        let picture = squeezed(&(area.top()..area.bottom()).map(row).collect::<String>());
        let text: Vec<char> = squeezed(text).chars().collect();
        let stands = |letters: &usize| picture.contains(&text[..*letters].iter().collect::<String>());
        let stood = (0..=text.len()).rev().find(stands).unwrap_or(0);
        (stood < text.len()).then_some(Cut { letters: text.len() - stood, of: text.len() })
    }

    /// The screen.
    fn picture(&self, talk: &Talk) -> Buffer {
        let Ok(mut terminal) = Terminal::new(TestBackend::new(self.size.0, self.size.1));
        let Ok(_) = terminal.draw(|frame| screen::draw(frame, talk, &self.look));
        terminal.backend().buffer().clone()
    }
}

/// So many letters of a text were cut off, white space not counted.
struct Cut {
    letters: usize,
    of: usize,
}

impl Cut {
    fn say(&self, (columns, rows): (u16, u16), reader: Lang) -> String {
        let Self { letters, of } = self;
        match reader {
            Lang::En => format!("does not fit at {columns}×{rows}, {letters} of {of} letters are cut off"),
            Lang::PtBr => format!("não cabe em {columns}×{rows}, {letters} de {of} letras ficam cortadas"),
        }
    }
}

/// Without white space and the marks of commands, for a text may be wrapped and its commands drawn in their own style.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}
