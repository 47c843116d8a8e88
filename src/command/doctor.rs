//! `unha doctor`: what this machine can do, why not, what mends it, and which lessons it concerns.
//!
//! The kernel's part is found out by [`crate::kernel::doctor`]; the terminal, the programs and the root file system are
//! looked at here. Exit code 0 only when the whole course can run, here and now.

mod installed;
mod json;
mod share;
mod terminal;
mod text;

use std::process::ExitCode;

use super::args::Doctor;
use super::{MISUSED, lessons, words};
use crate::course::doctor::{concerns, programs, runs};
use crate::course::lesson::Lesson;
use crate::course::mend;
use crate::course::text::Lang;
use crate::image::ImageError;
use crate::kernel::doctor::{About, Finding, Standing, What, examine};
use crate::kernel::reason::{Because, Reason};
use crate::kernel::record;

/// Everything that was found out.
struct Report {
    lessons: Vec<Lesson>,
    about: About,
    findings: Vec<Finding>,
}

impl Report {
    /// Whether the whole course can run.
    fn whole(&self) -> bool {
        self.lessons.iter().all(|lesson| runs(lesson, &self.findings))
    }

    /// The lessons that what was found concerns, with their numbers.
    fn concerned<'a>(&'a self, finding: &'a Finding) -> impl Iterator<Item = (usize, &'a Lesson)> {
        self.lessons.iter().enumerate().filter(move |(_, lesson)| concerns(finding, lesson))
    }

    /// The lines that help here, best first: against what keeps lessons from running, if there is such.
    fn helps(&self, lang: Lang) -> Vec<String> {
        let stops = self.findings.iter().filter(|finding| finding.standing == Standing::Not);
        let stops = stops.filter(|finding| self.concerned(finding).next().is_some());
        mend::helps(stops.filter_map(|finding| finding.because.as_ref()), &self.about, lang)
    }
}

/// Examines this machine and prints what was found.
pub fn run(options: &Doctor, folder: Option<&std::path::Path>, lang: Lang) -> ExitCode {
    let loaded = match lessons::load(folder, &[], lang) {
        Ok(loaded) => loaded,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    let report = look(loaded.lessons);
    if options.json {
        println!("{}", json::of(&report, lang));
    } else if options.share {
        print!("{}", share::of(&report, lang));
    } else {
        print!("{}", text::of(&report, lang));
    }
    ExitCode::from(u8::from(!report.whole()))
}

fn look(lessons: Vec<Lesson>) -> Report {
    let root = super::rootfs::built_in();
    let mut findings = examine(root.as_ref().ok().map(|root| root.dir.as_path()), &record::folder());
    findings.push(match &root {
        Ok(root) => rootfs(&root.missing, &lessons),
        Err(why) => Finding::not(What::Rootfs, no_rootfs(why)),
    });
    findings.push(installed::finding(&lessons));
    findings.extend(terminal::findings(&|name| std::env::var(name).ok()));
    Report { lessons, about: About::look(), findings }
}

/// The built-in root, with what this machine could not give to it, if a lesson wants that.
fn rootfs(missing: &[String], lessons: &[Lesson]) -> Finding {
    let wanted = |name: &&String| lessons.iter().any(|lesson| programs(lesson).contains(name.as_str()));
    let missing: Vec<String> = missing.iter().filter(wanted).cloned().collect();
    if missing.is_empty() {
        Finding::works(What::Rootfs, None)
    } else {
        Finding::partly(What::Rootfs, Because::seen(Reason::RootfsLacks, missing))
    }
}

/// Why there is no built-in root, for the agenda as well.
pub fn no_rootfs(why: &ImageError) -> Because {
    let reason = match why {
        ImageError::NoCache { .. } | ImageError::NotOurs { .. } | ImageError::Call { .. } => Reason::CacheUnwritable,
        _ => Reason::RootfsUnusable,
    };
    Because::seen(reason, [why.to_string()])
}
