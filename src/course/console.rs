//! The presenter's console, as data: all that it shows of a talk, and what it may ask of it.
//!
//! What is told is always the whole and never a change, with absolute positions: a console that comes late, or comes
//! again, is right with the first line that it reads.

mod desk;

use serde::{Deserialize, Serialize};

use super::deck::Slide;
use super::plan::Account;
use super::talk::Moment;
use super::text::{Lang, Text};
use crate::kernel::fact::{Side, Snapshot};

pub use desk::{Absent, Desk, Touch};

/// The version of what a talk and its consoles say to each other.
pub const SCHEMA: u32 = 1;

/// The longest name that can be gone to, in bytes.
const LONGEST: usize = 64;

/// All that a console shows of a talk at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct State {
    /// The language that the stage is in.
    pub lang: Lang,
    /// Where the talk stands.
    pub stand: Stand,
    /// The title of the slide, or of the lesson.
    pub title: Text,
    /// What the speaker says at this point; empty in a lesson.
    pub notes: Text,
    /// What there is to know of the step at hand, in a lesson.
    pub task: Option<Task>,
    /// What Next will do: the words of the stage's bottom line.
    pub next: Text,
    /// What is shown after this point, slide or step.
    pub ahead: Ahead,
    /// What was last read from the kernel, where the slide in `ahead` shows it.
    pub live: Snapshot,
    /// The passing word that the stage shows.
    pub notice: Option<Text>,
    /// Whether the stage is blank.
    pub blank: bool,
    /// The side whose shell has the stage's keyboard.
    pub keyboard: Option<Side>,
    /// Whether what the stage shows was recorded.
    pub recorded: bool,
    /// How the talk stands against its plan.
    pub account: Account,
    /// The titles of all slides.
    pub slides: Vec<Text>,
}

/// Where a talk stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// At a point of a slide.
    Slide {
        /// The slide's id.
        id: String,
        /// The title of its chapter.
        chapter: Text,
        /// Its number among all, from 1, and how many there are.
        number: (usize, usize),
        /// The point, from 1, and how many it has.
        point: (usize, usize),
    },
    /// At a step of a lesson.
    Step {
        /// The lesson's id.
        lesson: String,
        /// The step's id.
        id: String,
        /// Its number among those of the route, from 1, and how many there are.
        number: (usize, usize),
        /// How far it is.
        moment: Moment,
    },
}

/// A step of a lesson, for whoever leads through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Task {
    /// The question, or what to do.
    pub question: Text,
    /// The answers to choose from.
    pub choices: Vec<Text>,
    /// The number of the true one, from 1.
    pub answer: Option<usize>,
    /// The number of the one that the room chose.
    pub chosen: Option<usize>,
    /// Why it is so.
    pub why: Text,
    /// What Next does, in order.
    pub deeds: Vec<Deed>,
    /// What must then be true.
    pub checks: Vec<Check>,
    /// Why it cannot be done, and the numbered ways out.
    pub refusal: Option<Refusal>,
}

/// One thing that Next does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// This line is typed into a side's shell.
    Line(Side, String),
    /// This is done.
    Other(Text),
}

/// One thing that must be true for a step to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Check {
    /// What, and what is so now.
    pub says: Text,
    /// Whether it is true.
    pub met: bool,
}

/// Why a step cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Refusal {
    /// The call that was refused, or what went wrong.
    pub says: String,
    /// The ways out.
    pub ways: Vec<Text>,
    /// The number of the chosen one, from 1.
    pub chosen: usize,
}

/// What comes after what is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ahead {
    /// A slide at a point, the one at hand with its next point among them.
    Slide {
        /// The slide.
        slide: Box<Slide>,
        /// Its number, from 1.
        number: usize,
        /// The point, from 0.
        point: usize,
    },
    /// A step of a lesson.
    Step {
        /// The lesson's title.
        lesson: Text,
        /// The step's number among those of the route, from 1, and how many there are.
        number: (usize, usize),
        /// Its question, or what to do.
        question: Text,
        /// The answers to choose from.
        choices: Vec<Text>,
    },
    /// Nothing: it is the end.
    End,
}

/// What a talk tells its consoles: a line of JSON each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Higher with every change, while the talk lasts.
    pub seq: u64,
    /// The whole state.
    pub state: State,
}

/// What a console asks of its talk: a line of JSON each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The `seq` of the state that the person had before their eyes.
    pub seen: u64,
    /// What they pressed.
    pub press: Press,
}

/// What a person at a console may do to the talk. Leaving it is not among it, nor typing into a shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Press {
    /// Next, as a clicker does it.
    Next,
    /// Back, as a clicker does it.
    Back,
    /// Choose an answer, or a way out of a failure, from 1.
    Choose(usize),
    /// Go to a slide by its number.
    GoTo(String),
    /// Blank the stage, or show it again.
    Blank,
    /// Stop the talk's clock, or let it go on.
    Pause,
    /// Close what covers the stage.
    Close,
}

impl Press {
    /// Whether it is what it may be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Choose(number) => (1..=9).contains(number),
            Self::GoTo(name) => !name.is_empty() && name.len() <= LONGEST && !name.contains(char::is_control),
            Self::Next | Self::Back | Self::Blank | Self::Pause | Self::Close => true,
        }
    }

    /// Whether what it does depends on where the talk stands, so that it must not reach a place that was not seen.
    #[must_use]
    pub const fn is_relative(&self) -> bool {
        matches!(self, Self::Next | Self::Back | Self::Choose(_))
    }
}
