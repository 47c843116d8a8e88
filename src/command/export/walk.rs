//! Walks the lessons of the talk on real boxes, and keeps of each step what the page shows of it.
//!
//! A step that cannot be done here is taken from its recording; one that has none says why.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix::sys::utsname::uname;
use nix::unistd::geteuid;

use crate::command::driver::Driver;
use crate::command::pupil::{Pupil, Verdict};
use crate::command::{machine, rootfs, today, words};
use crate::course::deck::{Deck, Slide};
use crate::course::event::Action;
use crate::course::lesson::Lesson;
use crate::course::recording::{self, Made};
use crate::course::talk::{Machine, Place, Route, Talk};
use crate::course::text::Lang;
use crate::course::{Fact, Side, Snapshot};
use crate::handout::{Seen, Told, Walked};
use crate::kernel::record;
use crate::session::{Options, Session};

/// The shells' columns and rows: those of a terminal that nobody has made larger.
const SHELL: (u16, u16) = (80, 24);

/// How long the box of the slides may take to be there.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a command may take to come to its end once the step is done: what never ends is shown as far as it came.
const ENDS: Duration = Duration::from_millis(1500);

/// What is to be walked.
pub struct Walk<'a> {
    pub lessons: &'a [Lesson],
    pub deck: &'a Deck,
    pub route: Route,
    pub lang: Lang,
}

/// What was found.
pub struct Found<'a> {
    /// Where and when.
    pub made: Made,
    /// The lessons with what became of their steps.
    pub lessons: Vec<Walked<'a>>,
    /// What was read for the slides.
    pub live: Option<Snapshot>,
}

/// What boxes are made with.
struct Stage {
    machine: Machine,
    rootfs: Option<PathBuf>,
}

impl<'a> Walk<'a> {
    /// Takes everything from recordings.
    pub fn recorded(&self) -> Found<'a> {
        let lessons = self.each(|_, lesson| self.all(lesson, |at| self.shelved(lesson, at, None)));
        Found { made: made(None), lessons, live: None }
    }

    /// Walks on real boxes.
    pub fn on_boxes(&self) -> Found<'a> {
        let _ = record::sweep(&record::folder(), false);
        // Once, and before any session has threads.
        let root = rootfs::built_in();
        let machine = machine::look(&root);
        let stage = Stage { machine, rootfs: root.as_ref().ok().map(|root| root.dir.clone()) };
        let made = made(stage.machine.cgroup.clone().ok());
        if let Err(because) = &stage.machine.namespaces {
            let why = words::because(because, self.lang);
            let lessons = self.each(|_, lesson| self.all(lesson, |at| self.shelved(lesson, at, Some(&why))));
            return Found { made, lessons, live: None };
        }
        let live = self.live(&stage);
        let lessons = self.each(|index, lesson| self.walk(index, lesson, &stage));
        clear();
        Found { made, lessons, live }
    }

    fn each(&self, told: impl Fn(usize, &'a Lesson) -> Vec<Told>) -> Vec<Walked<'a>> {
        let lessons = self.lessons.iter().enumerate();
        lessons.map(|(index, lesson)| Walked { lesson, steps: told(index, lesson) }).collect()
    }

    /// Every step of a lesson that is on the route.
    fn all(&self, lesson: &Lesson, mut told: impl FnMut(usize) -> Told) -> Vec<Told> {
        let on_route = |at: usize| self.route == Route::Full || lesson.steps[at].must;
        (0..lesson.steps.len()).map(|at| if on_route(at) { told(at) } else { Told::OffRoute }).collect()
    }

    /// A step as it was recorded; why it was not done here, where that was tried.
    fn shelved(&self, lesson: &Lesson, at: usize, why: Option<&str>) -> Told {
        let recording = recording::embedded(lesson, self.lang);
        let part = recording.and_then(|recording| Some((recording, recording.parts.get(at)?.as_ref()?)));
        let Some((recording, part)) = part else {
            let none = self.lang.pick("there is no recording of it", "não há gravação dele");
            return Told::Undone(why.map_or_else(|| none.to_owned(), |why| format!("{why}; {none}")));
        };
        let talk_at = |moment| recording.talk_at(moment, SHELL, [SHELL; 2]);
        let prompts = Seen::prompts(&talk_at(part.acts.unwrap_or(part.opens)));
        let seen = Seen::of(&talk_at(part.ends), &prompts);
        Told::Recorded(seen, recording.header.made.clone(), why.map(str::to_owned))
    }

    fn session(&self, stage: &Stage, talk: impl FnOnce(Talk) -> Talk) -> Driver {
        let options = Options { lang: self.lang, rootfs: stage.rootfs.clone(), pace: Duration::ZERO };
        let (session, messages) = Session::new(options);
        let course = Talk::new(self.lessons.to_vec(), self.lang, self.route, stage.machine.clone(), None, SHELL);
        let mut driver = Driver::new(talk(course), session, messages);
        driver.act(Action::ShellSizes(SHELL, SHELL));
        driver
    }

    /// What is read for the slides: from the box that they have on a stage too.
    fn live(&self, stage: &Stage) -> Option<Snapshot> {
        let first = self.deck.slides.iter().position(Slide::is_live)?;
        progress("slides");
        let mut driver = self.session(stage, |talk| talk.with_deck(self.deck.clone(), None));
        driver.act(Action::GoTo((first + 1).to_string()));
        let reads = driver.until(PATIENCE, |talk| talk.now.value(Side::Inside, Fact::Pid).is_some());
        let live = reads.then(|| driver.talk.now.clone());
        driver.session.end();
        live
    }

    /// Walks a lesson.
    fn walk(&self, index: usize, lesson: &Lesson, stage: &Stage) -> Vec<Told> {
        let mut driver = self.session(stage, |talk| talk);
        driver.act(Action::GoTo(lesson.id.clone()));
        let mut pupil = Pupil { driver: &mut driver, lesson, lang: self.lang, reads: Duration::ZERO };
        let told = self.all(lesson, |step| {
            progress(&format!("{} {}/{} {}", lesson.id, step + 1, lesson.steps.len(), lesson.steps[step].id));
            let place = Place { lesson: index, step };
            match one(&mut pupil, place) {
                Ok(seen) => {
                    pupil.leave();
                    Told::Seen(seen)
                }
                Err(why) => {
                    // A step that was skipped before it began has been left already.
                    if pupil.driver.talk.at == place {
                        pupil.jump(Place { lesson: index, step: step + 1 });
                    }
                    self.shelved(lesson, step, Some(&why))
                }
            }
        });
        driver.session.end();
        told
    }
}

/// Does one step, and stays at it; or why it cannot be done.
fn one(pupil: &mut Pupil, place: Place) -> Result<Seen, String> {
    let undone = |verdict| match verdict {
        Verdict::Pass => None,
        Verdict::Fail(why) | Verdict::Refused(why) | Verdict::Skip(why) => Some(why),
    };
    if let Some(why) = pupil.open(place).and_then(undone) {
        return Err(why);
    }
    let prompts = Seen::prompts(&pupil.driver.talk);
    if let Some(why) = undone(pupil.act(place)) {
        return Err(why);
    }
    if !pupil.until(Talk::is_marked) {
        return Err(words::nothing_seen(pupil.lang).to_owned());
    }
    settle(pupil.driver);
    Ok(Seen::of(&pupil.driver.talk, &prompts))
}

/// Lets the shells print what they have to: what a step waits for may be true before its command has said so.
fn settle(driver: &mut Driver) {
    let deadline = Instant::now() + ENDS;
    let waits = |talk: &Talk| talk.shells[0].idle && (talk.shells[1].idle || !talk.box_runs);
    while !waits(&driver.talk) && Instant::now() < deadline {
        driver.wait(deadline);
    }
}

/// Here and now.
fn made(cgroup: Option<u8>) -> Made {
    let kernel = uname().map(|names| names.release().to_string_lossy().into_owned()).unwrap_or_default();
    Made { date: today(), kernel, cgroup, root: geteuid().is_root() }
}

/// Says what is being done: on a terminal always on the same line.
fn progress(what: &str) {
    let mut err = io::stderr();
    let _ = if err.is_terminal() { write!(err, "\r\x1b[K{what}") } else { writeln!(err, "{what}") };
    let _ = err.flush();
}

/// Nothing is being done any more.
fn clear() {
    let mut err = io::stderr();
    if err.is_terminal() {
        let _ = write!(err, "\r\x1b[K");
    }
}
