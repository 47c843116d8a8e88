//! The talk to take home: one HTML file with the slides, the lessons' steps, what both sides really printed, and the code.
//!
//! Drawing is pure, as on the screen: what was seen in, a page out. The page asks nothing of any network, runs no script,
//! prints, and is read on a phone and by a screen reader.

mod code;
mod contents;
mod drawing;
mod facts;
mod page;
mod prose;
mod seen;
mod slide;
mod sources;
mod step;

pub use seen::{Prompts, Seen};

use crate::course::Snapshot;
use crate::course::deck::{Deck, Slide};
use crate::course::lesson::{Lesson, Step};
use crate::course::recording::Made;
use crate::course::talk::Route;
use crate::course::text::Lang;

/// What a page is made of.
pub struct Handout<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// Which slides and steps stand in it.
    pub route: Route,
    /// Where and when it was made.
    pub made: Made,
    /// The version of unha that made it.
    pub version: &'a str,
    /// The slides.
    pub deck: &'a Deck,
    /// What was read for the slides that show live facts; none: no box could be had.
    pub live: Option<Snapshot>,
    /// The lessons with what became of their steps.
    pub lessons: Vec<Walked<'a>>,
    /// The text of a file below `src/kernel/container/`, by its name.
    pub source: &'a dyn Fn(&str) -> Option<&'static str>,
}

/// A lesson, and what became of each of its steps, in their order.
pub struct Walked<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// One for each step.
    pub steps: Vec<Told>,
}

/// What there is to tell of a step.
pub enum Told {
    /// It was done on a real box.
    Seen(Seen),
    /// It was done elsewhere, and recorded there; why not here, where that was tried.
    Recorded(Seen, Made, Option<String>),
    /// It was not done: why.
    Undone(String),
    /// It is not on the route.
    OffRoute,
}

impl Told {
    /// What was seen of the step, here or elsewhere.
    #[must_use]
    pub const fn seen(&self) -> Option<&Seen> {
        match self {
            Self::Seen(seen) | Self::Recorded(seen, ..) => Some(seen),
            Self::Undone(_) | Self::OffRoute => None,
        }
    }
}

impl<'a> Walked<'a> {
    /// The steps on the route, each with its index in the lesson.
    fn on_route(&self) -> impl Iterator<Item = (usize, &'a Step, &Told)> {
        let all = self.lesson.steps.iter().zip(&self.steps).enumerate();
        all.filter(|(_, (_, told))| !matches!(told, Told::OffRoute)).map(|(index, (step, told))| (index, step, told))
    }
}

impl<'a> Handout<'a> {
    /// The slides on the route, each with its index in the deck.
    fn slides(&self) -> impl Iterator<Item = (usize, &'a Slide)> {
        let all = self.deck.slides.iter().enumerate();
        all.filter(|(_, slide)| self.route == Route::Full || slide.must)
    }

    /// The lessons that have a step on the route, each with its index in the course.
    fn walked(&self) -> impl Iterator<Item = (usize, &Walked<'a>)> {
        self.lessons.iter().enumerate().filter(|(_, walked)| walked.on_route().next().is_some())
    }

    /// The lesson that a slide opens.
    fn opened_by(&self, slide: &Slide) -> Option<(usize, &Walked<'a>)> {
        self.walked().find(|(_, walked)| slide.lesson.as_ref() == Some(&walked.lesson.id))
    }

    /// The lessons that no slide on the route opens.
    fn unopened(&self) -> impl Iterator<Item = (usize, &Walked<'a>)> {
        self.walked()
            .filter(|(_, walked)| !self.slides().any(|(_, slide)| slide.lesson.as_ref() == Some(&walked.lesson.id)))
    }

    /// How many steps were seen here, were taken from a recording, were not done.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for told in self.lessons.iter().flat_map(|walked| &walked.steps) {
            match told {
                Told::Seen(_) => counts[0] += 1,
                Told::Recorded(..) => counts[1] += 1,
                Told::Undone(_) => counts[2] += 1,
                Told::OffRoute => {}
            }
        }
        counts
    }

    /// The title of the whole: that of its first slide.
    fn title(&self) -> &'a str {
        self.slides().next().map_or("unha", |(_, slide)| slide.face(self.lang).title.as_str())
    }
}

/// The page.
#[must_use]
pub fn html(handout: &Handout) -> String {
    let page = page::page(handout).into_string();
    page.chars().map(|letter| if is_text(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Whether a letter may stand in a page: HTML forbids control characters, and those that turn the direction of writing
/// around would let a line be read as another one.
const fn is_text(letter: char) -> bool {
    !matches!(letter, '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fdd0}'..='\u{fdef}')
}
