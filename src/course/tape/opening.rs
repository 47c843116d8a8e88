//! What a talk began with, as it stands on a tape, and the talk made of it.

use serde::{Deserialize, Serialize};

use crate::course::deck::{Deck, deck};
use crate::course::lesson::Lesson;
use crate::course::plan::Rehearsed;
use crate::course::progress::Progress;
use crate::course::recording::{self, Unread};
use crate::course::talk::{Machine, Route, Talk};
use crate::course::text::Lang;
use crate::course::{About, parse};

/// The screen's size where none was: columns, rows.
const SIZE: (u16, u16) = (80, 24);

/// What a talk began with: enough to begin it again where there is nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// The lessons' files: name and source.
    pub lessons: Vec<(String, String)>,
    /// The slides' files, where it was given on a stage.
    #[serde(default)]
    pub slides: Option<Vec<(String, String)>>,
    /// The language shown.
    pub lang: Lang,
    /// The route walked.
    pub route: Route,
    /// What the agenda said of the machine.
    pub machine: Machine,
    /// What machine it was, as far as a screen said so.
    #[serde(default)]
    pub about: About,
    /// Where it went on.
    #[serde(default, deserialize_with = "progress")]
    pub progress: Option<Progress>,
    /// When it began, in seconds since 1970.
    #[serde(default)]
    pub began: u64,
    /// Whether whoever sat there was asked again what was learned on an earlier day. No recording begins so.
    #[serde(skip)]
    pub asks_again: bool,
    /// The times that it was planned by.
    #[serde(default)]
    pub rehearsed: Rehearsed,
    /// Whether the machine was itself the outside.
    #[serde(default)]
    pub host: bool,
    /// The screen's size: columns, rows.
    pub size: (u16, u16),
}

/// Progress of this format or an older one.
fn progress<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<Progress>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(reader)?;
    value.map(Progress::of).transpose().map_err(serde::de::Error::custom)
}

/// What is shown from the start, read and understood.
#[derive(Debug, Clone)]
pub enum Opening {
    /// One lesson, in whatever language its prompts are.
    Lesson(Box<Lesson>, Lang),
    /// A talk, its lessons and its slides.
    Talk(Box<Beginning>, Vec<Lesson>, Option<Deck>),
}

impl Beginning {
    /// What is shown.
    ///
    /// # Errors
    /// Which of its lessons or slides cannot be read.
    pub(super) fn open(self) -> Result<Opening, Unread> {
        let lessons = parse::course(self.lessons.clone());
        let first = |mut errors: Vec<_>| Box::new(errors.swap_remove(0));
        let lessons = lessons.map_err(|errors| Unread::Lesson(first(errors)))?;
        if lessons.iter().any(|lesson| lesson.steps.is_empty()) || lessons.is_empty() {
            return Err(Unread::Line { line: 1, why: "a lesson without a step".to_owned() });
        }
        let slides = self.slides.as_deref().map(deck).transpose();
        let slides = slides.map_err(|mut errors| Unread::Slides(Box::new(errors.swap_remove(0))))?;
        Ok(Opening::Talk(Box::new(self), lessons, slides))
    }
}

impl Opening {
    /// The talk before it was told anything, on a screen of the size that it was made on.
    #[must_use]
    pub fn talk(&self) -> Talk {
        let (from, lessons, slides) = match self {
            Self::Lesson(lesson, lang) => return recording::beginning((**lesson).clone(), *lang, SIZE),
            Self::Talk(from, lessons, slides) => (from, lessons, slides),
        };
        let progress = from.progress.clone();
        let left = progress.as_ref().and_then(|progress| progress.deck.clone());
        let mut talk = Talk::new(lessons.clone(), from.lang, from.route, from.machine.clone(), progress, from.size);
        talk.about = from.about.clone();
        talk.host = from.host;
        talk.shelf = recording::embedded;
        talk.began = from.began;
        if from.asks_again && slides.is_none() {
            talk.ask_again();
        }
        let Some(slides) = slides else {
            talk.practise();
            return talk;
        };
        let mut talk = talk.with_deck(slides.clone(), left.as_ref());
        if let Some(show) = &mut talk.presenting {
            show.rehearsed = from.rehearsed.clone();
        }
        talk
    }

    /// Whether it is a whole talk.
    #[must_use]
    pub const fn is_talk(&self) -> bool {
        matches!(self, Self::Talk(..))
    }
}
