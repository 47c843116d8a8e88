//! `unha record`: walks through lessons on real boxes, at a human pace, and keeps what happened.
//!
//! What comes of it is what `unha replay` shows, and, in `lessons/recorded/`, what the course plays where a step cannot run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::driver::Driver;
use super::learn::PACE;
use super::lessons::{self, Loaded};
use super::pupil::{Pupil, Verdict};
use super::{MISUSED, machine, rootfs, trust, words};
use crate::course::event::Action;
use crate::course::recording::{self, Header, Made};
use crate::course::talk::{Place, Route, Talk};
use crate::course::text::Lang;
use crate::course::{Fact, Side};
use crate::kernel::record;
use crate::session::{Options, Session};

/// How long the learner reads: before an answer, before Enter, and after what comes of it.
const READS: Duration = Duration::from_millis(1500);

/// The shells of a recording: no wider than the narrowest that it is shown in, so that no line is broken anew.
const SHELL: (u16, u16) = (58, 12);

/// What the command line chose.
pub struct Choice {
    /// Lessons by id, number or file.
    pub names: Vec<String>,
    /// The folder for the files.
    pub out: Option<PathBuf>,
    /// An author's own lessons.
    pub lessons: Option<PathBuf>,
    /// Whether lessons that are not unha's own are run without asking.
    pub trust: bool,
    /// The only language to record in.
    pub only: Option<Lang>,
}

/// Records the lessons that are named, or all, in this language or in both.
pub fn run(choice: &Choice, lang: Lang) -> ExitCode {
    let loaded = lessons::load(choice.lessons.as_deref(), &choice.names, lang);
    let loaded = loaded.and_then(|loaded| trust::agreed(&loaded, choice.trust, lang).map(|()| loaded));
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    let out = choice.out.as_deref().unwrap_or(Path::new("."));
    if let Err(error) = fs::create_dir_all(out) {
        words::complain(&words::unwritten(out, &error, lang));
        return ExitCode::FAILURE;
    }
    let _ = record::sweep(&record::folder(), false);
    let langs = choice.only.map_or(Lang::ALL.to_vec(), |only| vec![only]);
    let mut all = true;
    for index in &loaded.chosen {
        for tongue in &langs {
            match one(&loaded, *index, out, *tongue, lang) {
                Ok((file, size)) => println!("{}  {} kB", file.display(), size.div_ceil(1000)),
                Err(why) => {
                    words::complain(&why);
                    all = false;
                }
            }
        }
    }
    if all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Records one lesson in one language; gives the file and its size.
fn one(loaded: &Loaded, index: usize, out: &Path, tongue: Lang, lang: Lang) -> Result<(PathBuf, usize), String> {
    let lesson = &loaded.lessons[index];
    let root = rootfs::built_in();
    let machine = machine::look(&root);
    let dir = root.as_ref().ok().map(|root| root.dir.clone());
    let (session, messages) = Session::new(Options { lang: tongue, rootfs: dir, pace: PACE });
    let (is_root, cgroup) = (machine.root, machine.cgroup.clone().ok());
    let talk = Talk::new(vec![lesson.clone()], tongue, Route::Full, machine, None, (80, 24));
    let mut driver = Driver::new(talk, session, messages);
    driver.act(Action::ShellSizes(SHELL, SHELL));
    driver.log = Some(vec![]);
    driver.act(Action::GoTo(lesson.id.clone()));
    let mut pupil = Pupil { driver: &mut driver, lesson, lang, reads: READS };
    for (step, of) in lesson.steps.iter().enumerate() {
        let verdict = pupil.step(Place { lesson: 0, step });
        if let Verdict::Fail(why) | Verdict::Refused(why) | Verdict::Skip(why) = verdict {
            return Err(words::not_recorded(&lesson.id, &of.id, &why, lang));
        }
    }
    let kernel = driver.talk.now.value(Side::Machine, Fact::Kernel).map(ToString::to_string).unwrap_or_default();
    let (file, source) = &loaded.files[index];
    let header = Header {
        schema: recording::SCHEMA,
        unha: env!("CARGO_PKG_VERSION").to_owned(),
        file: file.clone(),
        lesson: source.clone(),
        lang: tongue,
        made: Made { date: super::today(), kernel, cgroup, root: is_root },
    };
    let log = driver.log.take().unwrap_or_default();
    let path = out.join(format!("{}.{tongue}.jsonl.gz", lesson.id));
    let unwritten = |error: &std::io::Error| words::unwritten(&path, error, lang);
    let bytes = recording::write(&header, lesson, &log).map_err(|error| unwritten(&error))?;
    // What was written is read again: a recording that does not show the lesson is none.
    let again = recording::read(&bytes).map_err(|why| why.say(&path.display().to_string(), lang))?;
    if let Some(step) = again.misfit(lesson) {
        return Err(words::not_recorded(&lesson.id, step, "", lang));
    }
    let part = path.with_extension("part");
    fs::write(&part, &bytes).and_then(|()| fs::rename(&part, &path)).map_err(|error| unwritten(&error))?;
    Ok((path, bytes.len()))
}
