//! The hand that does exercises: types into the shell of a bare bench as a learner would, and looks at what the kernel says.
//!
//! `unha check` proves each exercise with it: no goal is reached before, all are after the reference solution, and each
//! wrong attempt leaves one open and is told what is wrong.

use std::time::{Duration, Instant};

use super::driver::Driver;
use super::pupil::Verdict;
use super::words;
use crate::course::event::Action;
use crate::course::exercise::Exercise;
use crate::course::lesson::Lesson;
use crate::course::talk::{Machine, Phase, Place, Route, Said, Talk};
use crate::course::text::Lang;
use crate::session::{Options, Session};

/// How long a line may take. Generous: under emulation everything is some six times slower.
const PATIENCE: Duration = Duration::from_secs(40);

/// A last line that has not come back by then is taken for one that stays.
const RUNS_ON: Duration = Duration::from_millis(300);

/// How long after it was sent something may still show of one that has come back: a busy machine is looked at seldom.
const SETTLED: Duration = Duration::from_secs(12);

struct Hand<'a> {
    driver: Driver,
    exercise: &'a Exercise,
    lang: Lang,
}

/// Proves the exercises of a lesson, each on benches of its own; tells the index of each and what became of it.
pub fn prove(lessons: &[Lesson], index: usize, machine: &Machine, lang: Lang, mut tell: impl FnMut(usize, &Verdict)) {
    let lesson = &lessons[index];
    let dir = super::rootfs::built_in().ok().map(|root| root.dir);
    for (at, exercise) in lesson.exercises.iter().enumerate() {
        if let Err(because) = &machine.namespaces {
            tell(at, &Verdict::Skip(words::because(because, lang)));
            continue;
        }
        let (session, messages) = Session::new(Options { lang, rootfs: dir.clone(), pace: Duration::ZERO });
        let mut talk = Talk::new(lessons.to_vec(), lang, Route::Full, machine.clone(), None, (80, 24));
        talk.practise();
        let mut hand = Hand { driver: Driver::new(talk, session, messages), exercise, lang };
        let place = Place { lesson: index, step: lesson.steps.len() + at };
        tell(at, &hand.prove(place).err().unwrap_or(Verdict::Pass));
    }
}

impl Hand<'_> {
    fn prove(&mut self, place: Place) -> Result<(), Verdict> {
        self.driver.act(Action::GoTo(format!("{}/{}", self.driver.talk.lessons[place.lesson].id, self.exercise.id())));
        self.opened(place)?;
        self.types(&self.exercise.solution.clone(), "do", |talk| talk.phase == Phase::Done)?;
        let said = self.exercise.diagnoses.iter().enumerate().map(|(at, diagnosis)| (Said::Diagnosis(at), diagnosis));
        let lost = self.exercise.lost.iter().enumerate().map(|(at, lost)| (Said::Lost(at), lost));
        for (said, diagnosis) in said.chain(lost).filter(|(_, diagnosis)| !diagnosis.wrong.is_empty()) {
            self.driver.act(Action::Fresh);
            self.opened(place)?;
            let wrong = diagnosis.wrong.join("; ");
            self.types(&diagnosis.wrong, &wrong, |talk| talk.practice.said == Some(said))?;
        }
        Ok(())
    }

    /// A bench stands on which nothing was done, and no goal is reached on it.
    fn opened(&mut self, place: Place) -> Result<(), Verdict> {
        let stands = |talk: &Talk| talk.at == place && !talk.rebuilding && talk.was_looked_at() && talk.shells[0].idle;
        if !self.until(|talk| stands(talk) || talk.failure.is_some()) {
            return Err(Verdict::Fail(words::stuck_before(&self.state(), self.lang)));
        }
        if let Some(failure) = &self.driver.talk.failure {
            let why = words::refusal(failure, self.lang);
            return Err(if failure.because().is_some() { Verdict::Skip(why) } else { Verdict::Refused(why) });
        }
        match self.driver.talk.practice.met.first() {
            Some(goal) => Err(Verdict::Fail(words::goal_before(goal + 1, self.lang))),
            None => Ok(()),
        }
    }

    /// Types the lines one after the other; the last one need not come back, but must lead there.
    fn types(&mut self, lines: &[String], what: &str, there: impl Fn(&Talk) -> bool) -> Result<(), Verdict> {
        if self.driver.talk.keyboard.is_none() {
            self.driver.act(Action::Keyboard);
        }
        for (at, line) in lines.iter().enumerate() {
            let line = self.driver.talk.fill(line);
            self.driver.act(Action::ToShell(format!("{line}\r").into_bytes()));
            if at + 1 == lines.len() {
                break;
            }
            // What each line did is looked at before the next one: a person is never so quick.
            if !self.until(|talk| talk.shells[0].idle) || !self.driver.until_looked(PATIENCE) {
                return Err(Verdict::Fail(words::still_runs(&line, self.lang)));
            }
        }
        // A command that comes back has done all that it will, and is judged by what is seen then; one that runs on, by what
        // is seen before long.
        let sent = Instant::now();
        let is_over = |talk: &Talk| talk.shells[0].idle && talk.practice.is_judged() || sent.elapsed() > RUNS_ON;
        let shows = |talk: &Talk| talk.phase == Phase::Done || is_over(talk) && there(talk);
        let _ = self.driver.until(SETTLED, shows) || self.until(|talk| shows(talk) || talk.shells[0].idle);
        if there(&self.driver.talk) {
            return Ok(());
        }
        Err(Verdict::Fail(format!("{what}: {}", self.state())))
    }

    /// Lets things happen until `done` says so; false when it took too long.
    fn until(&mut self, done: impl FnMut(&Talk) -> bool) -> bool {
        self.driver.until(PATIENCE, done)
    }

    /// Which goals are reached, what is said, and what is not as the goals want it.
    fn state(&self) -> String {
        let talk = &self.driver.talk;
        let met: Vec<String> = talk.practice.met.iter().map(|goal| (goal + 1).to_string()).collect();
        let said = talk.diagnosis().map(|diagnosis| diagnosis.say.get(self.lang));
        let reached = format!("{} [{}]", self.lang.pick("goals reached", "objetivos alcançados"), met.join(" "));
        let told = said.map(|said| format!("{} {said:?}", self.lang.pick("said", "dito")));
        [Some(reached), told].into_iter().flatten().chain(talk.missing(self.lang)).collect::<Vec<_>>().join(" · ")
    }
}
