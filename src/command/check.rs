//! `unha check`: every step of every lesson on real boxes, without a screen.
//!
//! A line a step: PASS, FAIL or SKIP with the reason. The learner who walks is [`super::pupil`].

use std::process::ExitCode;

use super::lessons::{self, Loaded};
use super::pupil::{self, Verdict};
use super::{MISUSED, hand, words};
use crate::course::proof;
use crate::course::talk::{Machine, Route};
use crate::course::text::Lang;
use crate::course::words::by_hand;
use crate::kernel::{container, record};

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
            Verdict::Fail(why) | Verdict::Refused(why) => {
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
        practised(&loaded, index, &machine, lang, &mut count);
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
    let mut tell = |step: usize, verdict: &Verdict| {
        count.line(&format!("{} {} {}", lesson.id, step + 1, lesson.steps[step].id), verdict);
    };
    if let Some(because) = super::doctor::lacks(lesson) {
        let skip = Verdict::Skip(words::because(&because, lang));
        return (0..lesson.steps.len()).for_each(|step| tell(step, &skip));
    }
    pupil::walk(&loaded.lessons, index, machine, (Route::Full, lang), tell);
}

/// What the kernel says of what is done by hand.
fn practised(loaded: &Loaded, index: usize, machine: &Machine, lang: Lang, count: &mut Count) {
    let lesson = &loaded.lessons[index];
    let mut tell = |at: usize, verdict: &Verdict| {
        count.line(&format!("{} {} {} {}", lesson.id, by_hand(lang), at + 1, lesson.exercises[at].id()), verdict);
    };
    if let Some(because) = super::doctor::lacks(lesson) {
        let skip = Verdict::Skip(words::because(&because, lang));
        return (0..lesson.exercises.len()).for_each(|at| tell(at, &skip));
    }
    hand::prove(&loaded.lessons, index, machine, lang, tell);
}
