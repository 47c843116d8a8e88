//! The learner who answers right and presses Enter: walks through a lesson on a real session, without a screen.
//!
//! `unha check` and `unha export` send one through as fast as the kernel allows; `unha record` sends one who takes time to
//! read.

use std::time::{Duration, Instant};

use super::driver::Driver;
use super::words;
use crate::course::event::{Action, Event};
use crate::course::lesson::{Lesson, Step};
use crate::course::talk::{Machine, Notice, Phase, Place, Route, Talk, View};
use crate::course::text::Lang;
use crate::kernel::reason::{Because, Evidence, Reason};
use crate::session::{Options, Session};

/// How long a step may take. Generous: under emulation everything is some six times slower.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of a step.
pub enum Verdict {
    Pass,
    Fail(String),
    /// The kernel did not do it, and it is not known why: the talk shows that, with the ways out.
    Refused(String),
    /// This machine does not do it, for a reason that is known.
    Skip(String),
}

/// Who walks.
pub struct Pupil<'a> {
    pub driver: &'a mut Driver,
    pub lesson: &'a Lesson,
    /// The language of the verdicts.
    pub lang: Lang,
    /// How long they read before they do anything.
    pub reads: Duration,
}

/// Sends one through a lesson on a bench of its own, on a route; tells the index of each step and what became of it.
pub fn walk(
    lessons: &[Lesson],
    index: usize,
    machine: &Machine,
    (route, lang): (Route, Lang),
    mut tell: impl FnMut(usize, &Verdict),
) {
    let lesson = &lessons[index];
    let walked = |step: &usize| route == Route::Full || lesson.steps[*step].must;
    let steps = (0..lesson.steps.len()).filter(walked);
    if let Err(because) = &machine.namespaces {
        return steps.for_each(|step| tell(step, &Verdict::Skip(words::because(because, lang))));
    }
    let dir = super::rootfs::built_in().ok().map(|root| root.dir);
    let (session, messages) = Session::new(Options { lang, rootfs: dir, pace: Duration::ZERO });
    let talk = Talk::new(lessons.to_vec(), lang, route, machine.clone(), None, (80, 24));
    let mut driver = Driver::new(talk, session, messages);
    let mut pupil = Pupil { driver: &mut driver, lesson, lang, reads: Duration::ZERO };
    pupil.driver.act(Action::GoTo(lesson.id.clone()));
    for step in steps {
        let place = Place { lesson: index, step };
        let verdict = pupil.step(place);
        tell(step, &verdict);
        // A step that was skipped before it began has been left already. The rest is checked all the same, from the
        // state that the script leaves there.
        if !matches!(verdict, Verdict::Pass) && pupil.driver.talk.at == place {
            pupil.jump(Place { step: step + 1, ..place });
        }
    }
}

impl Pupil<'_> {
    /// Lets things happen until `done` says so; false when it took too long.
    pub fn until(&mut self, done: impl Fn(&Talk) -> bool) -> bool {
        self.driver.until(PATIENCE, done)
    }

    /// Reads what stands there, while things go on.
    fn read(&mut self) {
        let until = Instant::now() + self.reads;
        while Instant::now() < until {
            self.driver.wait(until);
        }
    }

    /// Goes to the first step on the route from this one on, from the state that the script leaves there.
    pub fn jump(&mut self, place: Place) {
        let mut steps = (place.step..self.lesson.steps.len()).map(|step| Place { step, ..place });
        if let Some(place) = steps.find(|place| self.driver.talk.walks(*place)) {
            self.driver.talk.jump(place).into_iter().for_each(|effect| {
                for event in self.driver.session.carry_out(effect) {
                    self.driver.tell(event);
                }
            });
        }
    }

    /// Does a step that is about to open, and goes on to the next.
    pub fn step(&mut self, place: Place) -> Verdict {
        if let Some(verdict) = self.open(place) {
            return verdict;
        }
        let verdict = self.act(place);
        if matches!(verdict, Verdict::Pass) {
            self.leave();
        }
        verdict
    }

    /// Waits for a step to stand open. What there is to say of it where it cannot be done, or nothing.
    pub fn open(&mut self, place: Place) -> Option<Verdict> {
        let step: &Step = &self.lesson.steps[place.step];
        if !self.until(|talk| (talk.at == place && !talk.rebuilding) || talk.failure.is_some()) {
            return Some(Verdict::Fail(words::stuck_before(&self.state(), self.lang)));
        }
        if step.needs_cgroup(self.lesson) && !self.driver.talk.has_cgroup() {
            let standing = self.driver.session.standing().and_then(|standing| standing.no_cgroup.as_ref());
            let why = standing.map(|why| Because::of_no_cgroup(why, &Evidence::look()));
            let why = why.or_else(|| self.driver.talk.machine.cgroup.clone().err());
            let why = why.unwrap_or_else(|| Because::seen(Reason::CgroupRefused, []));
            self.jump(Place { step: place.step + 1, ..place });
            return Some(Verdict::Skip(words::because(&why, self.lang)));
        }
        if let Some(reason) = self.driver.talk.lacks() {
            self.jump(Place { step: place.step + 1, ..place });
            return Some(Verdict::Skip(words::because(&Because::seen(reason, []), self.lang)));
        }
        if let Some(why) = self.driver.talk.no_range().filter(|_| step.two_ids) {
            self.jump(Place { step: place.step + 1, ..place });
            return Some(Verdict::Skip(words::because(&why, self.lang)));
        }
        if let Some(verdict) = self.refused() {
            return Some(verdict);
        }
        if !self.until(Talk::was_looked_at) {
            return Some(Verdict::Fail(words::nothing_seen(self.lang).to_owned()));
        }
        if !step.acts.is_empty() && self.driver.talk.phase == Phase::Done {
            return Some(Verdict::Fail(words::held_before(self.lang).to_owned()));
        }
        self.read();
        None
    }

    /// Answers and acts, and stays at the step that is done.
    pub fn act(&mut self, place: Place) -> Verdict {
        let step: &Step = &self.lesson.steps[place.step];
        if let Some(answer) = step.answer {
            self.driver.act(Action::Choose(answer));
            self.read();
        }
        self.next();
        let settled = |talk: &Talk| {
            talk.phase == Phase::Done
                || talk.failure.is_some()
                || matches!(talk.notice, Some(Notice::LoadRefused(_) | Notice::Busy(..)))
        };
        let in_time = self.until(settled);
        if self.driver.talk.phase != Phase::Done || !in_time {
            return self.refused().unwrap_or_else(|| Verdict::Fail(self.state()));
        }
        self.read();
        Verdict::Pass
    }

    /// What a refusal means for the step: what this machine does not do is no fault of the lesson's.
    fn refused(&mut self) -> Option<Verdict> {
        let failure = self.driver.talk.failure.clone()?;
        let why = words::refusal(&failure, self.lang);
        Some(if failure.because().is_some() { Verdict::Skip(why) } else { Verdict::Refused(why) })
    }

    /// Presses Enter, as long after the last time as a person would.
    fn next(&mut self) {
        if self.reads.is_zero() {
            let clock = self.driver.talk.clock.max(self.driver.session.clock()) + 1000;
            self.driver.tell(Event::Tick(clock));
            self.driver.tell(Event::Action(Action::Next));
        } else {
            self.driver.act(Action::Next);
        }
    }

    /// On to the next step, through a closing page if there is one.
    pub fn leave(&mut self) {
        let here = self.driver.talk.at;
        for _ in 0..2 {
            if self.driver.talk.at == here && self.driver.talk.view == View::Lesson {
                self.next();
                if self.driver.talk.at == here {
                    self.read();
                }
            }
        }
    }

    /// What keeps the step from being done.
    fn state(&self) -> String {
        let talk = &self.driver.talk;
        if let Some(failure) = &talk.failure {
            return words::refusal(failure, self.lang);
        }
        match &talk.notice {
            Some(Notice::LoadRefused(why)) => return words::plainly(why, self.lang),
            Some(Notice::Busy(_, command)) => return words::still_runs(command, self.lang),
            _ => {}
        }
        talk.missing(self.lang).join(" · ")
    }
}
