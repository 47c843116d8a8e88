//! How a talk begins, and what is kept of it between two runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::run::Run;
use super::shells::terminal;
use super::{Answer, Machine, Past, Phase, Place, Practice, Route, Shell, Talk, View};
use crate::course::lesson::{Lesson, Start};
use crate::course::progress::Progress;
use crate::course::recording;
use crate::course::text::Lang;
use crate::kernel::doctor::About;
use crate::kernel::fact::{Side, Snapshot};

/// A lesson and a step or an exercise of it, by their ids.
type Key = (String, String);

/// When it was that something was done, in seconds since 1970.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// When the kernel last confirmed a step.
    done: BTreeMap<Key, u64>,
    /// When a question was last answered.
    answered: BTreeMap<Key, u64>,
    /// Until when everything was wiped out.
    reset: u64,
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
        let progress = progress.unwrap_or_default().renamed(&lessons);
        let mut talk = Self {
            lessons,
            lang,
            route,
            view: View::Agenda { chosen: 0 },
            overlay: None,
            scroll: 0,
            at: Place::default(),
            phase: Phase::Ask,
            answers: BTreeMap::new(),
            tallies: BTreeMap::new(),
            done: BTreeSet::new(),
            times: Times { reset: progress.reset, ..Times::default() },
            began: 0,
            recall: None,
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
            roots: vec![],
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
        talk.take_up(&progress);
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

    /// Takes up what was done before.
    fn take_up(&mut self, progress: &Progress) {
        for (lesson, step, mark) in progress.marks() {
            let key = || (lesson.to_owned(), step.to_owned());
            if let Some(at) = mark.done {
                self.done.insert(key());
                self.times.done.insert(key(), at);
            }
            if let Some(answer) = mark.answer {
                self.answers.insert(key(), answer);
                self.times.answered.insert(key(), mark.answered);
            }
            if let Some(tally) = mark.tally {
                self.tallies.insert(key(), tally);
            }
        }
    }

    /// Now, in seconds since 1970, as far as the session has said when it began.
    fn time(&self) -> u64 {
        (self.began + self.clock / 1000).max(self.times.reset)
    }

    /// Keeps that the kernel has confirmed a step, or an exercise.
    pub(super) fn tick_off(&mut self, key: (String, String)) {
        self.times.done.insert(key.clone(), self.time());
        self.done.insert(key);
    }

    /// Keeps an answer to the question of a step.
    pub(super) fn take_answer(&mut self, key: (String, String), answer: Answer) {
        // Whoever changes an answer within a second means the later one.
        let before = self.times.answered.get(&key).map_or(0, |at| at + 1);
        self.times.answered.insert(key.clone(), self.time().max(before));
        self.answers.insert(key, answer);
    }

    /// When the question of a step was last answered.
    pub(super) fn answered_at(&self, key: &(String, String)) -> u64 {
        self.times.answered.get(key).copied().unwrap_or(0)
    }

    /// Whether the last answer to a step's question was another than the kernel's: worth another look.
    #[must_use]
    pub fn was_wrong(&self, place: Place) -> bool {
        let answer = self.lessons[place.lesson].at(place.step).and_then(|step| step.answer);
        let given = self.answers.get(&self.key_of(place));
        matches!((given, answer), (Some(Answer::Chose(chosen)), Some(answer)) if *chosen != answer)
    }

    /// The steps of a lesson on the route that are done and were predicted wrongly.
    pub fn worth_another_look(&self, lesson: usize) -> impl Iterator<Item = Place> {
        let of_lesson = self.walked().filter(move |place| place.lesson == lesson);
        of_lesson.filter(|place| self.is_done(*place) && self.was_wrong(*place))
    }

    /// What is to be kept.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut progress = Progress {
            schema: Progress::SCHEMA,
            lang: self.lang,
            route: self.route,
            place: Some(self.key()),
            at: self.time(),
            reset: self.times.reset,
            deck: self.left(),
            ..Progress::default()
        };
        for key in &self.done {
            progress.mark(&key.0, &key.1).done = Some(self.times.done.get(key).copied().unwrap_or(self.began));
        }
        for (key, answer) in &self.answers {
            let mark = progress.mark(&key.0, &key.1);
            (mark.answer, mark.answered) = (Some(*answer), self.answered_at(key));
        }
        for (key, tally) in &self.tallies {
            progress.mark(&key.0, &key.1).tally = Some(*tally);
        }
        progress
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
