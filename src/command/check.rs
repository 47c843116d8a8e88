//! `unha check`: every step of every lesson on real boxes, without a screen.
//!
//! A line a step: PASS, FAIL or SKIP with the reason. The learner who walks is [`super::pupil`].

use std::process::ExitCode;
use std::time::Duration;

use super::driver::Driver;
use super::lessons::{self, Loaded};
use super::pupil::{Pupil, Verdict};
use super::{MISUSED, words};
use crate::course::event::Action;
use crate::course::proof;
use crate::course::talk::{Machine, Place, Route, Talk};
use crate::course::text::Lang;
use crate::kernel::{container, record};
use crate::session::{Options, Session};

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
    let mut pupil = Pupil { driver: &mut driver, lesson, lang, reads: Duration::ZERO };
    pupil.driver.act(Action::GoTo(lesson.id.clone()));
    for step in 0..lesson.steps.len() {
        let verdict = pupil.step(Place { lesson: index, step });
        let name = format!("{} {} {}", lesson.id, step + 1, lesson.steps[step].id);
        // A step that was skipped before it began has been left already.
        let failed = !matches!(verdict, Verdict::Pass) && pupil.driver.talk.at == Place { lesson: index, step };
        count.line(&name, &verdict);
        if failed {
            // The rest is checked all the same, from the state that the script leaves there.
            pupil.jump(Place { lesson: index, step: step + 1 });
        }
    }
}
