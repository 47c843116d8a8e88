//! The slides of the talk as data: what `slides/NN-name.<lang>.md` say, in both languages.
//!
//! A deck is parsed once and never changes. A slide is shown point by point: point 0 when it is arrived at, one more
//! at each Next. Both languages have the same slides with the same points, so that the language can be switched live.

mod blocks;
mod complaint;
mod directive;
mod drawing;
mod files;
mod live;
mod markdown;
mod search;

pub use blocks::{Block, Kind, Span, Style};
pub use complaint::DeckError;
pub use files::{deck, embedded};
pub use live::{Live, Part, parts};

use serde::{Deserialize, Serialize};

use super::lesson::Lesson;
use super::text::{Lang, Text};

/// The slides in talk order, and the chapters that they belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct Deck {
    /// The chapters' titles.
    pub chapters: Vec<Text>,
    /// The slides.
    pub slides: Vec<Slide>,
}

/// One slide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slide {
    /// Stable name.
    pub id: String,
    /// Index of its chapter.
    pub chapter: usize,
    /// Planned time in seconds.
    pub seconds: u32,
    /// Whether the short route shows it too.
    pub must: bool,
    /// The id of the lesson that Next opens from its last point.
    pub lesson: Option<String>,
    /// How many points it has; at least 1.
    pub points: usize,
    /// What it says: English, Portuguese.
    faces: [Face; 2],
}

/// A slide in one language.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Face {
    /// The title.
    pub title: String,
    /// What stands below it.
    pub blocks: Vec<Block>,
    /// Where it is from, for the last line.
    pub source: String,
    /// What the speaker says from a point on, in the order of the points.
    pub notes: Vec<(usize, String)>,
}

impl Slide {
    /// The slide in `lang`.
    #[must_use]
    pub const fn face(&self, lang: Lang) -> &Face {
        match lang {
            Lang::En => &self.faces[0],
            Lang::PtBr => &self.faces[1],
        }
    }

    /// Whether it shows anything that is read from the kernel while it is shown.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.faces.iter().any(|face| face.blocks.iter().any(Block::is_live))
    }

    /// The last point.
    #[must_use]
    pub const fn last(&self) -> usize {
        self.points - 1
    }
}

impl Face {
    /// What the speaker says at a point: the latest notes up to it; the first ones hold from the start.
    #[must_use]
    pub fn note(&self, point: usize) -> &str {
        self.notes.iter().rev().find(|(from, _)| *from <= point).or(self.notes.first()).map_or("", |(_, note)| note)
    }
}

impl Deck {
    /// The slide that opens this lesson.
    #[must_use]
    pub fn opener(&self, lesson: &str) -> Option<usize> {
        self.slides.iter().position(|slide| slide.lesson.as_deref() == Some(lesson))
    }

    /// What slides ask for that the course does not have, in words.
    #[must_use]
    pub fn unknown_lessons(&self, lessons: &[Lesson], lang: Lang) -> Vec<String> {
        let known: Vec<&str> = lessons.iter().map(|lesson| lesson.id.as_str()).collect();
        let unknown = self.slides.iter().filter_map(|slide| Some((slide, slide.lesson.as_deref()?)));
        let unknown = unknown.filter(|(_, lesson)| !known.contains(lesson));
        let list = known.join(", ");
        let say = |(slide, lesson): (&Slide, &str)| match lang {
            Lang::En => format!("slide `{}` opens the lesson `{lesson}`, and there are only {list}", slide.id),
            Lang::PtBr => format!("o slide `{}` abre a lição `{lesson}`, e só existem {list}", slide.id),
        };
        unknown.map(say).collect()
    }
}
