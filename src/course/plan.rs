//! The plan of a talk: how long each of its parts is to take, how long it took so far, and what that makes of the whole.
//!
//! A part is a chapter of the deck, or a lesson that one of its slides opens. Whoever speaks sees in time whether they
//! are behind. All times are milliseconds; a slide is named by its id, a step as `lesson/step`.

mod rehearsal;
mod watch;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::deck::Deck;
use super::lesson::Lesson;
use super::talk::Route;
use super::text::{Lang, Text};

pub use rehearsal::{PASSED_OVER, Rehearsal, Rehearsals, Rehearsed};
pub use watch::{Clock, Watch};

/// What is planned for a talk on a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where the times are from.
    pub basis: Basis,
    /// The chapters, each before the lessons that its slides open.
    pub parts: Vec<Part>,
    /// Every slide and step, in the order of the talk.
    pub items: Vec<Item>,
}

/// Where planned times are from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// What the slides and lessons say.
    Deck,
    /// A rehearsal on this day, such as `2026-11-20`, as far as it went.
    Rehearsed(String),
}

/// A part of the talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The title of the chapter or lesson.
    pub title: Text,
    /// The lesson's id; none for a chapter.
    pub lesson: Option<String>,
}

/// A slide or a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Index of its part.
    pub part: usize,
    /// How long it is to take; 0 where the route leaves it out.
    pub planned: u64,
}

/// How a talk stands against its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Account {
    /// Where the planned times are from.
    pub basis: Basis,
    /// Whether the clock runs.
    pub clock: Clock,
    /// The parts, in the order of the talk.
    pub parts: Vec<Share>,
    /// Index of the part at hand.
    pub at: usize,
    /// What the slide or step at hand is to take.
    pub here_planned: u64,
    /// What it took so far.
    pub here_spent: u64,
    /// The whole talk's planned time: that of all parts.
    pub planned: u64,
    /// What the talk took so far: all parts together.
    pub spent: u64,
    /// How far behind the plan one is; negative: ahead. 0 while the time is one that is planned for the slide or step at
    /// hand.
    pub behind: i64,
}

/// A part's share of the talk's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Share {
    /// The title of the chapter or lesson.
    pub title: Text,
    /// The lesson's id; none for a chapter.
    pub lesson: Option<String>,
    /// How long it is to take.
    pub planned: u64,
    /// How long it took so far.
    pub spent: u64,
}

impl Basis {
    /// Where the plan is from, in a few words: `plan: rehearsed 2026-11-20`.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Deck, Lang::En) => "plan: as the slides say".to_owned(),
            (Self::Deck, Lang::PtBr) => "plano: o dos slides".to_owned(),
            (Self::Rehearsed(date), Lang::En) => format!("plan: rehearsed {date}"),
            (Self::Rehearsed(date), Lang::PtBr) => format!("plano: ensaiado em {date}"),
        }
    }
}

impl Account {
    /// The time that is left by the plan, from what was spent.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.planned.saturating_sub(self.spent)
    }
}

/// A time as a person reads it: minutes and seconds, `12:30`.
#[must_use]
pub fn clock_face(milliseconds: u64) -> String {
    let seconds = (milliseconds + 500) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The name of a step.
#[must_use]
pub fn step_name(lesson: &str, step: &str) -> String {
    format!("{lesson}/{step}")
}

impl Plan {
    /// The plan of a deck on a route. What was rehearsed takes as long as it took then, everything else what it says
    /// itself. A lesson that several slides open stands where the first one does.
    #[must_use]
    pub fn of(deck: &Deck, lessons: &[Lesson], route: Route, rehearsal: Option<&Rehearsal>) -> Self {
        let basis = rehearsal.map_or(Basis::Deck, |rehearsal| Basis::Rehearsed(rehearsal.date.clone()));
        let mut plan = Self { basis, parts: vec![], items: vec![] };
        let mut chapter = (usize::MAX, 0);
        let took = |name: &str, seconds: u32| {
            rehearsal.and_then(|rehearsal| rehearsal.took.get(name).copied()).unwrap_or(u64::from(seconds) * 1000)
        };
        for (at, slide) in deck.slides.iter().enumerate() {
            if chapter.0 != slide.chapter {
                chapter = (slide.chapter, plan.parts.len());
                plan.parts.push(Part { title: deck.chapters[slide.chapter].clone(), lesson: None });
            }
            let walked = route == Route::Full || slide.must;
            let planned = if walked { took(&slide.id, slide.seconds) } else { 0 };
            plan.items.push(Item { name: slide.id.clone(), part: chapter.1, planned });
            let opens = slide.lesson.as_ref().filter(|lesson| deck.opener(lesson) == Some(at));
            let Some(lesson) = opens.and_then(|id| lessons.iter().find(|lesson| lesson.id == *id)) else { continue };
            let part = plan.parts.len();
            plan.parts.push(Part { title: lesson.title.clone(), lesson: Some(lesson.id.clone()) });
            plan.items.extend(lesson.steps.iter().map(|step| {
                let name = step_name(&lesson.id, &step.id);
                let walked = walked && (route == Route::Full || step.must);
                let planned = if walked { took(&name, step.seconds) } else { 0 };
                Item { name, part, planned }
            }));
        }
        plan
    }

    /// The planned time of the whole talk.
    #[must_use]
    pub fn planned(&self) -> u64 {
        self.items.iter().map(|item| item.planned).sum()
    }

    /// How the talk stands while the slide or step named `at` is shown. What took time and is no longer in the deck
    /// counts for the part at hand.
    #[must_use]
    pub fn account(&self, watch: &Watch, at: &str) -> Account {
        let here = self.items.iter().position(|item| item.name == at);
        let share =
            |part: &Part| Share { title: part.title.clone(), lesson: part.lesson.clone(), planned: 0, spent: 0 };
        let mut parts: Vec<Share> = self.parts.iter().map(share).collect();
        let part = here.map_or(0, |here| self.items[here].part);
        for item in &self.items {
            parts[item.part].planned += item.planned;
        }
        let part_of: BTreeMap<&str, usize> = self.items.iter().map(|item| (item.name.as_str(), item.part)).collect();
        for (name, spent) in watch.spent() {
            let part = part_of.get(name.as_str()).copied().unwrap_or(part);
            if let Some(share) = parts.get_mut(part) {
                share.spent += spent;
            }
        }
        let spent = parts.iter().map(|share| share.spent).sum();
        Account {
            basis: self.basis.clone(),
            clock: watch.clock(),
            parts,
            at: part,
            here_planned: here.map_or(0, |here| self.items[here].planned),
            here_spent: watch.spent().get(at).copied().unwrap_or(0),
            planned: self.planned(),
            spent,
            behind: here.map_or(0, |here| self.behind(here, spent)),
        }
    }

    /// How far the time spent is outside of what is planned for this slide or step.
    fn behind(&self, here: usize, spent: u64) -> i64 {
        let begins: u64 = self.items[..here].iter().map(|item| item.planned).sum();
        let ends = begins + self.items[here].planned;
        let signed = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
        signed(spent.saturating_sub(ends)) - signed(begins.saturating_sub(spent))
    }
}
