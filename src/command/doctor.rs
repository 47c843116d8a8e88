//! `unha doctor`: what this machine can do, why not, what mends it, and which lessons it concerns.
//!
//! The kernel's part is found out by [`crate::kernel::doctor`]; the terminal, the programs and the root file system are
//! looked at here. Exit code 0 only when the whole course can run, here and now.

mod installed;
mod json;
mod share;
mod terminal;
mod text;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use nix::sys::signal::Signal;

use super::args::Doctor;
use super::{MISUSED, lessons, words};
use crate::course::doctor::{concerns, programs, runs};
use crate::course::lesson::Lesson;
use crate::course::mend;
use crate::course::text::Lang;
use crate::image::ImageError;
use crate::kernel::doctor::{About, Finding, Standing, What, examine};
use crate::kernel::reason::{Because, Reason};
use crate::kernel::{record, sys};

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
    // What it tried is cleared away; whoever reads may have seen enough, as `head` has.
    let _ = sys::default_signal(Signal::SIGPIPE);
    if options.json {
        println!("{}", json::of(&report, lang));
    } else if options.share {
        print!("{}", share::of(&report, lang));
    } else {
        print!("{}", text::of(&report, lang));
    }
    ExitCode::from(u8::from(!report.whole()))
}

/// Writes what is shared, and below it what failed, to `doctor.txt`: in the folder we are in, else at home, else in a
/// temporary one. Examining forks, which a process with threads may not, so unha is started anew for it.
///
/// # Errors
/// What kept it from being written.
pub fn write(failed: Option<&str>, lang: Lang) -> Result<String, String> {
    let doctor = Command::new("/proc/self/exe")
        .args(["--lang", lang.tag(), "doctor", "--share"])
        .stdin(Stdio::inherit())
        .output();
    let output = doctor.map_err(|error| format!("/proc/self/exe: {error}"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if let Some(failed) = failed {
        let _ = writeln!(
            text,
            "\n {}: {}",
            lang.pick("The step that failed", "O passo que falhou"),
            share::covered_all(failed)
        );
    }
    let here = std::env::current_dir().ok();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mut why = String::new();
    for dir in [here, home, Some(std::env::temp_dir())].into_iter().flatten() {
        let file = dir.join("doctor.txt");
        match fs::write(&file, &text) {
            Ok(()) => return Ok(file.display().to_string()),
            Err(error) => why = format!("{}: {error}", file.display()),
        }
    }
    Err(why)
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

/// What a lesson types that this machine has not got.
pub fn lacks(lesson: &Lesson) -> Option<Because> {
    let because = installed::finding(std::slice::from_ref(lesson)).because;
    because.filter(|because| because.reason == Reason::ProgramMissing)
}

/// Why there is no built-in root, for the agenda as well.
pub fn no_rootfs(why: &ImageError) -> Because {
    let reason = match why {
        ImageError::NoCache { .. } | ImageError::NotOurs { .. } | ImageError::Call { .. } => Reason::CacheUnwritable,
        _ => Reason::RootfsUnusable,
    };
    Because::seen(reason, [why.to_string()])
}
