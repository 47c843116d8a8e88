//! `unha learn --plain`: the same session told as lines; lines in, and no picture.
//!
//! A line that is typed waits until the talk is at rest, so that a script in a pipe is understood as a person would be.
//! What is told is told then too: the shells have come back to their prompts, and the kernel was looked at.

mod lines;
mod obeying;
mod ready;

use std::io::{self, Write};
use std::time::{Duration, Instant};

pub use self::lines::Lines;
use super::{ask_for_help, save};
use crate::command::driver::Driver;
use crate::command::host;
use crate::command::keeping::Keeping;
use crate::course::event::{Action, Effect, Event};
use crate::course::talk::View;
use crate::course::text::Lang;
use crate::kernel::container;
use crate::kernel::fact::Side;
use crate::plain::order::{Order, Verb, read};
use crate::plain::{Teller, waits};
use crate::session::Typed;

/// What takes longer than this is said to.
const SLOW: Duration = Duration::from_secs(3);
/// What nobody asked for is not told more often than this.
const UNASKED: Duration = Duration::from_secs(3);
/// What the shells say while a step runs is told together, as far as it comes within so long.
const ASIDE: Duration = Duration::from_secs(1);
/// How long the loop waits at most before it looks at its own clocks.
const TICK: Duration = Duration::from_millis(50);
/// The shells' columns and rows: what programs print is not cut to the width of a screen that nobody looks at.
const WIDE: (u16, u16) = (132, 50);

/// What the command line chose.
#[derive(Debug, Clone, Default)]
pub struct Plain {
    /// Whether the terminal can do no more, and nobody asked for it.
    pub because_dumb: bool,
}

/// Whether there is a terminal that can only print: terminfo(5) calls it dumb.
pub fn is_dumb() -> bool {
    host::is_asked() && std::env::var("TERM").is_ok_and(|term| term == "dumb")
}

/// The course as lines.
#[expect(clippy::struct_excessive_bools, reason = "each is true or not by itself; together they are no state")]
struct Front<'a> {
    driver: &'a mut Driver,
    lines: &'a mut Lines,
    teller: Teller,
    keeping: Option<&'a Keeping>,
    /// The line that waits for the talk to be at rest.
    next: Option<Typed>,
    /// Whether Ctrl-C was pressed.
    interrupts: bool,
    /// The last words of what was told: what Enter does.
    prompt: Option<String>,
    /// When the last order was carried out, and whether that it takes long was said since.
    since: Instant,
    said_slow: bool,
    /// Since when the talk is at rest.
    rests: Option<Instant>,
    /// The side that a person typed into, until its shell is back at its prompt.
    typed: Option<Side>,
    /// Whether somebody typed a line since the last time something was told, and when that was.
    ordered: bool,
    told: Option<Instant>,
    /// Whether a person did something by hand, whose effect is to be told.
    did: bool,
    /// Which shells were at their prompts when the order came.
    were_idle: [bool; 2],
    /// Whether the kernel is to be looked at before it is told what an order changed.
    looks: bool,
    /// The number of that look, once it is on its way, and since when.
    look: Option<(u64, Instant)>,
    next_at: Option<Instant>,
    quits: bool,
    /// Whether it was said that progress is not kept.
    unsaved: bool,
}

/// Tells the course until somebody leaves or there are no more lines.
///
/// # Errors
/// What could not be written.
pub fn walk(
    driver: &mut Driver,
    lines: &mut Lines,
    wish: &Plain,
    lesson: Option<&str>,
    keeping: Option<&Keeping>,
) -> anyhow::Result<()> {
    driver.log = Some(vec![]);
    let now = Instant::now();
    let teller = Teller::new(!lines.is_terminal, container::source);
    let mut front = Front {
        driver,
        lines,
        teller,
        keeping,
        next: None,
        interrupts: false,
        prompt: None,
        since: now,
        said_slow: false,
        rests: None,
        typed: None,
        ordered: true,
        told: None,
        did: false,
        were_idle: [true; 2],
        looks: false,
        look: None,
        next_at: None,
        quits: false,
        unsaved: false,
    };
    match front.run(wish, lesson) {
        // Nobody is left to be told anything.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe || error.raw_os_error() == Some(libc::EIO) => Ok(()),
        done => Ok(done?),
    }
}

impl Front<'_> {
    fn run(&mut self, wish: &Plain, lesson: Option<&str>) -> io::Result<()> {
        let lang = self.driver.talk.lang;
        if wish.because_dumb {
            say([lang.pick(
                "TERM=dumb: this terminal can only print, so the course comes as lines, as by: unha learn --plain",
                "TERM=dumb: este terminal só imprime, então o curso vem em linhas, como em: unha learn --plain",
            )])?;
        }
        self.driver.act(Action::ShellSizes(WIDE, WIDE));
        say(Teller::begin(&self.driver.talk, lesson.is_none()))?;
        if let Some(lesson) = lesson {
            self.act(Action::GoTo(self.named(lesson)));
        } else if self.driver.talk.view != View::Recall {
            // The agenda was told just now.
            drop(self.teller.tell(&self.driver.talk));
        }
        while !self.quits {
            let ready = self.is_ready();
            if ready {
                self.tell()?;
            } else {
                self.tell_slowness()?;
            }
            if ready || self.lines.is_terminal {
                self.lines.ask();
            }
            if std::mem::take(&mut self.interrupts) {
                self.interrupted()?;
            } else if let Some(typed) = self.next.take_if(|typed| ready || self.lines.is_terminal && is_urgent(typed)) {
                self.lines.took();
                self.take(typed)?;
            } else {
                self.wait();
            }
        }
        save(self.driver, self.keeping);
        let said = self.teller.shells(&self.driver.talk);
        say(said)?;
        // Where it is not, why is said when all has ended.
        let kept = self.driver.talk.lang.pick("Your progress is kept.", "O seu progresso fica guardado.");
        say((!self.unsaved).then_some(kept))
    }

    /// Waits for something to happen, and listens to it.
    fn wait(&mut self) {
        let effects = self.driver.wait(Instant::now() + TICK);
        self.carry_out(effects.unwrap_or_default());
        while let Some(typed) = self.driver.typed.pop_front() {
            match typed {
                Typed::Interrupt => self.interrupts = true,
                // Enter that is pressed while a step runs is no wish to go past what it says.
                Typed::Line(line) if line.trim().is_empty() && self.lines.is_terminal && self.rests.is_none() => {
                    self.lines.took();
                }
                other => self.next = Some(other),
            }
        }
    }

    /// Tells what is new, and what Enter does if that is new or was said before other lines.
    fn tell(&mut self) -> io::Result<()> {
        // A command that floods would be listened to for ever.
        let floods = !self.ordered && self.teller.has_heard();
        if floods && self.told.is_some_and(|told| told.elapsed() < UNASKED) {
            return Ok(());
        }
        self.teller.asked(std::mem::take(&mut self.ordered));
        let mut said = self.teller.tell(&self.driver.talk);
        if std::mem::take(&mut self.did) {
            said.extend(self.teller.changes(&self.driver.talk));
        }
        if self.typed.take().is_some_and(|side| !self.is_at_prompt(side)) && self.driver.talk.view == View::Lesson {
            said.extend(self.still_runs());
        }
        let prompt = self.teller.prompt(&self.driver.talk);
        if !said.is_empty() {
            self.told = Some(Instant::now());
        }
        if !said.is_empty() || self.prompt.as_ref() != Some(&prompt) {
            said.push(prompt.clone());
            self.prompt = Some(prompt);
            say(said)?;
        }
        Ok(())
    }

    /// That it takes long is said once; what the shells say meanwhile is not held back.
    fn tell_slowness(&mut self) -> io::Result<()> {
        if self.since.elapsed() < SLOW {
            return Ok(());
        }
        let mut said = vec![];
        let told_before = self.told.is_some_and(|told| told.elapsed() < ASIDE);
        if self.teller.has_heard() && !self.driver.talk.rebuilding {
            if !told_before {
                said = self.teller.shells(&self.driver.talk);
                self.told = Some(Instant::now());
            }
        } else if !self.said_slow {
            said.push(waits(&self.driver.talk).to_owned());
        }
        self.said_slow = true;
        say(said)?;
        Ok(())
    }

    fn act(&mut self, action: Action) {
        self.teller.was_answered();
        self.since = Instant::now();
        self.said_slow = false;
        self.rests = None;
        if action != Action::Keyboard {
            self.were_idle = [Side::Outside, Side::Inside].map(|side| self.is_at_prompt(side));
        }
        let effects = self.driver.act(action);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for moment in self.driver.log.replace(vec![]).unwrap_or_default() {
            self.teller.hear(&moment.event, &self.driver.talk);
            match moment.event {
                // A new shell is on its way to its first prompt.
                Event::ProgressUnsaved(_) => self.unsaved = true,
                Event::BenchReady(_) => self.were_idle = [true; 2],
                Event::BoxStarted(_) => self.were_idle[at(Side::Inside)] = true,
                _ => {}
            }
        }
        for effect in effects {
            match effect {
                Effect::Quit => self.quits = true,
                Effect::SaveProgress => save(self.driver, self.keeping),
                Effect::AskForHelp => ask_for_help(self.driver),
                _ => {}
            }
        }
    }
}

/// Whether it ends what is under way.
fn is_urgent(typed: &Typed) -> bool {
    match typed {
        Typed::Line(line) => {
            // Both words are known in both languages.
            matches!(read(line, Lang::En), Ok(Order::Do(Verb::Quit | Verb::Interrupt, _)))
        }
        Typed::Interrupt | Typed::End => true,
    }
}

const fn at(side: Side) -> usize {
    match side {
        Side::Inside => 1,
        Side::Outside | Side::Machine => 0,
    }
}

fn say<T: AsRef<str>>(said: impl IntoIterator<Item = T>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in said {
        writeln!(out, "{}", line.as_ref())?;
    }
    out.flush()
}
