//! How a talk begins, and what is kept of it between two runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::run::Run;
use super::shells::terminal;
use super::{Answer, Left, Machine, Past, Phase, Place, Practice, Route, Shell, Talk, Tally, View};
use crate::course::lesson::{Lesson, Start};
use crate::course::recording;
use crate::course::text::Lang;
use crate::kernel::doctor::About;
use crate::kernel::fact::{Side, Snapshot};

/// What is kept between two runs. Steps are named by lesson and step, so that a course may change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Format version.
    pub schema: u32,
    /// The language shown.
    pub lang: Lang,
    /// The route walked.
    pub route: Route,
    /// The step at hand.
    pub place: Option<(String, String)>,
    /// The steps that the kernel has confirmed.
    pub done: Vec<(String, String)>,
    /// The answers given.
    pub answers: Vec<(String, String, Answer)>,
    /// The hands counted before a room.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tallies: Vec<(String, String, Tally)>,
    /// Where a talk with slides was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deck: Option<Left>,
}

impl Progress {
    /// The version of the format.
    pub const SCHEMA: u32 = 1;
}

fn shell() -> Shell {
    Shell { terminal: terminal(6, 79), idle: false, since: Vec::new(), touched: false }
}

impl Talk {
    /// A talk that has not begun, or goes on where this progress left it: the agenda is shown.
    ///
    /// Language and route are the caller's to choose, from `progress` too. Steps of `progress` that are not in
    /// `lessons` are kept. There must be a lesson, and in each lesson a step.
    #[must_use]
    pub fn new(
        lessons: Vec<Lesson>,
        lang: Lang,
        route: Route,
        machine: Machine,
        progress: Option<Progress>,
        size: (u16, u16),
    ) -> Self {
        let progress = progress.unwrap_or_default();
        let mut talk = Self {
            lessons,
            lang,
            route,
            view: View::Agenda { chosen: 0 },
            overlay: None,
            scroll: 0,
            at: Place::default(),
            phase: Phase::Ask,
            answers: progress.answers.into_iter().map(|(lesson, step, answer)| ((lesson, step), answer)).collect(),
            tallies: progress.tallies.into_iter().map(|(lesson, step, tally)| ((lesson, step), tally)).collect(),
            done: BTreeSet::from_iter(progress.done),
            acts: VecDeque::new(),
            start: Start::default(),
            box_runs: false,
            ended: None,
            now: Snapshot::default(),
            past: Past::default(),
            before: Snapshot::default(),
            changed: BTreeSet::new(),
            names: BTreeMap::new(),
            limits: BTreeMap::new(),
            journal: Vec::new(),
            journal_from: 0,
            shells: [shell(), shell()],
            side: Side::Inside,
            keyboard: None,
            notice: None,
            failure: None,
            machine,
            shelf: recording::none,
            recorded: None,
            instead: None,
            stray: None,
            file: None,
            replay: None,
            about: About::default(),
            untouched: true,
            host: false,
            rebuilding: false,
            clock: 0,
            acted_at: 0,
            size,
            run: Run::default(),
            practises: false,
            practice: Practice::default(),
            presenting: None,
        };
        let first = (0..talk.lessons.len()).map(|lesson| talk.entry(lesson)).find(|place| !talk.is_done(*place));
        let left = progress.place.and_then(|(lesson, step)| talk.place_of(&lesson, &step));
        talk.at = left.or(first).unwrap_or_default();
        talk.view = View::Agenda { chosen: talk.at.lesson };
        talk.phase = talk.first_phase();
        talk
    }

    /// Somebody is there who does exercises too.
    pub fn practise(&mut self) {
        self.practises = true;
        let first = self.walked().find(|place| !self.is_done(*place));
        if let Some(first) = first.filter(|_| self.is_done(self.at)) {
            self.at = first;
            self.view = View::Agenda { chosen: first.lesson };
            self.phase = self.first_phase();
        }
    }

    fn place_of(&self, lesson_id: &str, step_id: &str) -> Option<Place> {
        let lesson = self.lessons.iter().position(|lesson| lesson.id == lesson_id)?;
        let step = self.lessons[lesson].named(step_id)?;
        Some(Place { lesson, step })
    }

    /// What is to be kept.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let answers = self.answers.iter().map(|((lesson, step), answer)| (lesson.clone(), step.clone(), *answer));
        Progress {
            schema: Progress::SCHEMA,
            lang: self.lang,
            route: self.route,
            place: Some(self.key()),
            done: self.done.iter().cloned().collect(),
            answers: answers.collect(),
            tallies: self
                .tallies
                .iter()
                .map(|((lesson, step), tally)| (lesson.clone(), step.clone(), *tally))
                .collect(),
            deck: self.left(),
        }
    }

    /// The planned time of a lesson's steps on the route, in minutes.
    #[must_use]
    pub fn minutes(&self, lesson: usize) -> u32 {
        self.planned(|place| place.lesson == lesson)
    }

    /// The planned time of all steps on the route that are not done, in minutes.
    #[must_use]
    pub fn minutes_left(&self) -> u32 {
        self.planned(|place| !self.is_done(place))
    }

    fn planned(&self, counts: impl Fn(Place) -> bool) -> u32 {
        let counted = self.walked().filter(|place| counts(*place));
        let steps = counted.filter_map(|place| self.lessons[place.lesson].at(place.step));
        let seconds: u32 = steps.map(|step| step.seconds).sum();
        (seconds + 30) / 60
    }
}
