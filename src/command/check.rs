//! `unha check`: every step of every lesson on real boxes, without a screen.
//!
//! A line a step: PASS, FAIL or SKIP with the reason. It plays the learner who answers right and presses Enter.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::driver::Driver;
use super::lessons::{self, Loaded};
use super::{MISUSED, words};
use crate::course::event::{Action, Event};
use crate::course::lesson::{Lesson, Step};
use crate::course::proof;
use crate::course::talk::{Machine, Notice, Phase, Place, Route, Talk, View};
use crate::course::text::Lang;
use crate::kernel::reason::{Because, Evidence, Reason};
use crate::kernel::{container, record};
use crate::session::{Options, Session};

/// How long a step may take. Generous: under emulation everything is some six times slower.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of a step.
enum Verdict {
    Pass,
    Fail(String),
    Skip(String),
}

#[derive(Default)]
struct Count {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Count {
    fn line(&mut self, what: &str, verdict: &Verdict) {
        let (word, why) = match verdict {
            Verdict::Pass => {
                self.passed += 1;
                ("PASS", None)
            }
            Verdict::Fail(why) => {
                self.failed += 1;
                ("FAIL", Some(why))
            }
            Verdict::Skip(why) => {
                self.skipped += 1;
                ("SKIP", Some(why))
            }
        };
        match why {
            Some(why) => println!("{word} {what}: {why}"),
            None => println!("{word} {what}"),
        }
    }
}

/// Checks the lessons that are named (by id, number or file), or all.
pub fn run(names: &[String], folder: Option<&std::path::Path>, lang: Lang) -> ExitCode {
    let loaded = match lessons::load(folder, names, lang) {
        Ok(loaded) => loaded,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    let _ = record::sweep(&record::folder(), false);
    // Once, and before any session has threads.
    let machine = super::machine::look(&super::rootfs::built_in());
    let mut count = Count::default();
    for index in loaded.chosen.clone() {
        written(&loaded, index, lang, &mut count);
        walked(&loaded, index, &machine, lang, &mut count);
    }
    println!("{} passed, {} failed, {} skipped", count.passed, count.failed, count.skipped);
    // Where everything can be done, a skip is a failure: CI says so by the same variable as the tests.
    let strict = std::env::var_os("UNHA_NO_SKIP").is_some() && std::env::var_os("UNHA_MAY_SKIP").is_none();
    ExitCode::from(u8::from(count.failed > 0 || (strict && count.skipped > 0)))
}

/// What can be told from the file alone.
fn written(loaded: &Loaded, index: usize, lang: Lang, count: &mut Count) {
    let (file, source) = &loaded.files[index];
    let lesson = &loaded.lessons[index];
    for finding in proof::findings(file, source, lesson, &container::source) {
        count.line(&lesson.id, &Verdict::Fail(finding.said(lang)));
    }
    for finding in super::overflow::findings(&loaded.lessons, index, lang) {
        count.line(&lesson.id, &Verdict::Fail(finding));
    }
}

/// What the kernel says.
fn walked(loaded: &Loaded, index: usize, machine: &Machine, lang: Lang, count: &mut Count) {
    let lesson = &loaded.lessons[index];
    if let Err(because) = &machine.namespaces {
        for (number, step) in (1..).zip(&lesson.steps) {
            let name = format!("{} {number} {}", lesson.id, step.id);
            count.line(&name, &Verdict::Skip(words::because(because, lang)));
        }
        return;
    }
    let rootfs = super::rootfs::built_in();
    let machine = machine.clone();
    let dir = rootfs.as_ref().ok().map(|root| root.dir.clone());
    let options = Options { lang, rootfs: dir, pace: Duration::ZERO };
    let (session, messages) = Session::new(options);
    let talk = Talk::new(loaded.lessons.clone(), lang, Route::Full, machine, None, (80, 24));
    let mut driver = Driver::new(talk, session, messages);
    let mut checker = Checker { driver: &mut driver, lesson, lang };
    checker.driver.act(Action::GoTo(lesson.id.clone()));
    for step in 0..lesson.steps.len() {
        let verdict = checker.step(Place { lesson: index, step });
        let name = format!("{} {} {}", lesson.id, step + 1, lesson.steps[step].id);
        // A step that was skipped before it began has been left already.
        let failed = !matches!(verdict, Verdict::Pass) && checker.driver.talk.at == Place { lesson: index, step };
        count.line(&name, &verdict);
        if failed {
            // The rest is checked all the same, from the state that the script leaves there.
            checker.jump(Place { lesson: index, step: step + 1 });
        }
    }
}

struct Checker<'a> {
    driver: &'a mut Driver,
    lesson: &'a Lesson,
    lang: Lang,
}

impl Checker<'_> {
    /// Lets things happen until `done` says so; false when it took too long.
    fn until(&mut self, done: impl Fn(&Talk) -> bool) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while !done(&self.driver.talk) {
            if Instant::now() >= deadline {
                return false;
            }
            self.driver.wait(deadline);
        }
        true
    }

    fn jump(&mut self, place: Place) {
        if place.step < self.lesson.steps.len() {
            self.driver.talk.jump(place).into_iter().for_each(|effect| {
                for event in self.driver.session.carry_out(effect) {
                    self.driver.tell(event);
                }
            });
        }
    }

    fn step(&mut self, place: Place) -> Verdict {
        let step: &Step = &self.lesson.steps[place.step];
        if !self.until(|talk| (talk.at == place && !talk.rebuilding) || talk.failure.is_some()) {
            return Verdict::Fail(words::stuck_before(&self.state(), self.lang));
        }
        if step.needs_cgroup(self.lesson) && !self.driver.talk.has_cgroup() {
            let standing = self.driver.session.standing().and_then(|standing| standing.no_cgroup.as_ref());
            let why = standing.map(|why| Because::of_no_cgroup(why, &Evidence::look()));
            let why = why.or_else(|| self.driver.talk.machine.cgroup.clone().err());
            let why = why.unwrap_or_else(|| Because::seen(Reason::CgroupRefused, []));
            self.jump(Place { step: place.step + 1, ..place });
            return Verdict::Skip(words::because(&why, self.lang));
        }
        if let Some(verdict) = self.refused() {
            return verdict;
        }
        if !self.until(Talk::was_looked_at) {
            return Verdict::Fail(words::nothing_seen(self.lang).to_owned());
        }
        if !step.acts.is_empty() && self.driver.talk.phase == Phase::Done {
            return Verdict::Fail(words::held_before(self.lang).to_owned());
        }
        if let Some(answer) = step.answer {
            self.driver.act(Action::Choose(answer));
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
        self.leave();
        Verdict::Pass
    }

    /// What a refusal means for the step: what this machine does not do is no fault of the lesson's.
    fn refused(&mut self) -> Option<Verdict> {
        let failure = self.driver.talk.failure.clone()?;
        let why = words::refusal(&failure, self.lang);
        Some(if failure.because().is_some() { Verdict::Skip(why) } else { Verdict::Fail(why) })
    }

    /// Presses Enter, as long after the last time as a person would.
    fn next(&mut self) {
        let clock = self.driver.talk.clock.max(self.driver.session.clock()) + 1000;
        self.driver.tell(Event::Tick(clock));
        self.driver.tell(Event::Action(Action::Next));
    }

    /// On to the next step, through a closing page if there is one.
    fn leave(&mut self) {
        let here = self.driver.talk.at;
        for _ in 0..2 {
            if self.driver.talk.at == here && self.driver.talk.view == View::Lesson {
                self.next();
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
