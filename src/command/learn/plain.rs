//! `unha learn --plain`: the same session told as lines; lines in, and no picture.
//!
//! A line that is typed waits until the talk is at rest, so that a script in a pipe is understood as a person would be.
//! What is told is told then too: the shells have come back to their prompts, and the kernel was looked at.

mod lines;

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

pub use self::lines::Lines;
use super::{ask_for_help, save};
use crate::command::driver::Driver;
use crate::command::host;
use crate::course::event::{Action, Effect, Event};
use crate::course::talk::{Phase, Place, View};
use crate::course::text::Lang;
use crate::kernel::container;
use crate::kernel::fact::Side;
use crate::plain::order::{Keys, Order, Verb, nearest, read};
use crate::plain::{Teller, unknown};
use crate::session::Typed;

/// Two Next are further apart than this, or the talk takes them for one.
const BOUNCE: Duration = Duration::from_millis(260);
/// How long a command that a person typed may take before they are asked for the next line all the same.
const COMMAND: Duration = Duration::from_secs(5);
/// How long the shells may take to their prompts once a step is done: some commands never end.
const PROMPT: Duration = Duration::from_millis(1500);
/// How long a program that reads lines itself may take to answer one.
const PROGRAM: Duration = Duration::from_millis(500);
/// How long a look may take.
const LOOK: Duration = Duration::from_secs(2);
/// What takes longer than this is said to.
const SLOW: Duration = Duration::from_secs(3);
/// How long the loop waits at most before it looks at its own clocks.
const TICK: Duration = Duration::from_millis(50);
/// After so long nothing is waited for any more.
const EVER: Duration = Duration::from_secs(90);

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
struct Front<'a> {
    driver: &'a mut Driver,
    lines: &'a mut Lines,
    teller: Teller,
    file: Option<&'a Path>,
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
    /// Whether a person did something by hand, whose effect is to be told.
    did: bool,
    /// Which shells were at their prompts when the order came.
    were_idle: [bool; 2],
    /// How many looks are still to come before it is told what an order changed, and since when one is on its way.
    looks: (u8, Option<Instant>),
    next_at: Option<Instant>,
    quits: bool,
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
    file: Option<&Path>,
) -> anyhow::Result<()> {
    driver.log = Some(vec![]);
    let now = Instant::now();
    let teller = Teller::new(!lines.is_terminal, container::source);
    let mut front = Front {
        driver,
        lines,
        teller,
        file,
        next: None,
        interrupts: false,
        prompt: None,
        since: now,
        said_slow: false,
        rests: None,
        typed: None,
        did: false,
        were_idle: [true; 2],
        looks: (0, None),
        next_at: None,
        quits: false,
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
            self.say([lang.pick(
                "TERM=dumb: this terminal can only print, so the course comes as lines, as by: unha learn --plain",
                "TERM=dumb: este terminal só imprime, então o curso vem em linhas, como em: unha learn --plain",
            )])?;
        }
        self.say(Teller::begin(&self.driver.talk, lesson.is_none()))?;
        if let Some(lesson) = lesson {
            self.act(Action::GoTo(lesson.to_owned()));
        } else {
            // The agenda was told just now.
            drop(self.teller.tell(&self.driver.talk));
        }
        while !self.quits {
            let ready = self.is_ready();
            if ready {
                self.tell()?
            } else {
                self.tell_slowness()?
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
        save(self.driver, self.file);
        let said = self.teller.shells(&self.driver.talk);
        self.say(said)?;
        self.say([self.driver.talk.lang.pick("Your progress is kept.", "O seu progresso fica guardado.")])
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

    fn say<T: AsRef<str>>(&self, said: impl IntoIterator<Item = T>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for line in said {
            writeln!(out, "{}", line.as_ref())?;
        }
        out.flush()
    }

    /// Tells what is new, and what Enter does if that is new or was said before other lines.
    fn tell(&mut self) -> io::Result<()> {
        let mut said = self.teller.tell(&self.driver.talk);
        if std::mem::take(&mut self.did) {
            said.extend(self.teller.changes(&self.driver.talk));
        }
        if self.typed.take().is_some_and(|side| !self.is_at_prompt(side)) && self.driver.talk.view == View::Lesson {
            said.extend(self.still_runs());
        }
        let prompt = self.teller.prompt(&self.driver.talk);
        if !said.is_empty() || self.prompt.as_ref() != Some(&prompt) {
            said.push(prompt.clone());
            self.prompt = Some(prompt);
            self.say(said)?;
        }
        Ok(())
    }

    /// That it takes long is said once; what the shells say meanwhile is not held back.
    fn tell_slowness(&mut self) -> io::Result<()> {
        if self.since.elapsed() < SLOW {
            return Ok(());
        }
        let mut said = vec![];
        if self.teller.has_heard() && !self.driver.talk.rebuilding {
            said = self.teller.shells(&self.driver.talk);
        } else if !self.said_slow {
            said.push(Teller::waits(&self.driver.talk).to_owned());
        }
        self.said_slow = true;
        self.say(said)?;
        Ok(())
    }

    /// Whether nothing is under way, and all that there is to tell has come.
    fn is_ready(&mut self) -> bool {
        if self.since.elapsed() > EVER {
            return true;
        }
        let (talk, typed) = (&self.driver.talk, self.typed);
        if !talk.is_at_rest() || self.driver.session.is_playing() {
            self.rests = None;
            return false;
        }
        let rests = self.rests.get_or_insert_with(Instant::now).elapsed();
        let at_prompts = [Side::Outside, Side::Inside]
            .into_iter()
            .all(|side| !self.were_idle[at(side)] || self.is_at_prompt(side) || side == Side::Inside && !talk.box_runs);
        let patience = match typed {
            Some(side) if self.were_idle[at(side)] => COMMAND,
            Some(_) => PROGRAM,
            None => PROMPT,
        };
        let feeds = typed.is_some_and(|side| !self.were_idle[at(side)] && !self.is_at_prompt(side));
        if talk.view == View::Lesson && (!at_prompts || feeds) && rests < patience {
            return false;
        }
        let marks = talk.view == View::Lesson && talk.phase == Phase::Done && !talk.plays() && !talk.is_marked();
        if marks && rests < patience + LOOK {
            return false;
        }
        self.has_looked()
    }

    /// Whether the kernel was looked at since the order was carried out, twice: the first look may have been on its way.
    fn has_looked(&mut self) -> bool {
        let (left, asked) = self.looks;
        if left == 0 || self.driver.talk.view != View::Lesson || self.driver.talk.plays() {
            return true;
        }
        match asked {
            Some(at) if at.elapsed() < LOOK => return false,
            Some(_) => self.looks = (0, None),
            None => {
                self.looks.1 = Some(Instant::now());
                self.driver.session.carry_out(Effect::Look);
            }
        }
        self.looks.0 == 0
    }

    fn is_at_prompt(&self, side: Side) -> bool {
        // Output without an end has the prompt behind it on the same line.
        self.driver.talk.shells[at(side)].idle || self.teller.ends_in_prompt(side)
    }

    fn still_runs(&self) -> Option<String> {
        let sides = [Side::Inside, Side::Outside].into_iter();
        let mut running = sides.filter(|side| self.were_idle[at(*side)] && !self.is_at_prompt(*side));
        let side = running.next().filter(|side| *side != Side::Inside || self.driver.talk.box_runs)?;
        Some(Teller::runs_on(side, self.driver.talk.lang))
    }

    /// Takes what a person typed.
    fn take(&mut self, typed: Typed) -> io::Result<()> {
        let lang = self.driver.talk.lang;
        match typed {
            Typed::End => self.act(Action::Quit(true)),
            Typed::Interrupt => self.interrupts = true,
            Typed::Line(line) => match read(&line, lang) {
                Ok(order) => self.obey(order)?,
                Err(word) => {
                    let word: String = word.chars().filter(|letter| !letter.is_control()).take(40).collect();
                    self.prompt = None;
                    let said = match self.driver.talk.find(&word) {
                        Some(_) => Teller::goes_to(&word, lang),
                        None => unknown(&word, nearest(&word, lang), lang),
                    };
                    self.say([said])?;
                }
            },
        }
        Ok(())
    }

    /// Ctrl-C ends the command that a person typed, and where none runs the course.
    fn interrupted(&mut self) -> io::Result<()> {
        let side = [Side::Inside, Side::Outside].into_iter().find(|side| !self.is_at_prompt(*side));
        let talk = &self.driver.talk;
        let runs = talk.view == View::Lesson && !talk.is_building() && talk.phase != Phase::Doing;
        match side.filter(|side| self.lines.is_terminal && runs && (*side != Side::Inside || talk.box_runs)) {
            Some(side) => self.obey(Order::Type(Some(side), Keys::Control(3))),
            None => {
                self.act(Action::Quit(true));
                Ok(())
            }
        }
    }

    fn obey(&mut self, order: Order) -> io::Result<()> {
        self.prompt = None;
        match order {
            Order::Choose(number) if self.is_at_agenda() && number >= self.driver.talk.lessons.len() => {
                self.say([Teller::nowhere(&number.to_string(), self.driver.talk.lang)])?;
            }
            Order::Choose(number) => self.choose(number),
            Order::Type(side, keys) => self.type_into(side.unwrap_or(self.driver.talk.side), &keys),
            Order::Do(Verb::Go, name) if self.driver.talk.find(&self.named(&name)).is_none() => {
                self.say([Teller::nowhere(&name, self.driver.talk.lang)])?;
            }
            Order::Do(verb, argument) => {
                if let Some(said) = self.teller.read(verb, &argument, &self.driver.talk) {
                    return self.say(said);
                }
                self.carry(verb, &argument);
                let talk = &self.driver.talk;
                match verb {
                    Verb::Agenda | Verb::Language if matches!(talk.view, View::Agenda { .. }) => {
                        drop(self.teller.tell(talk));
                        self.say(self.teller.read(Verb::Agenda, "", talk).unwrap_or_default())?;
                    }
                    Verb::Language => self.teller.forget(),
                    Verb::Fresh if talk.is_building() => self.teller.forget(),
                    Verb::Route => self.say([Teller::route(talk)])?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn is_at_agenda(&self) -> bool {
        matches!(self.driver.talk.view, View::Agenda { .. }) && self.driver.talk.overlay.is_none()
    }

    fn choose(&mut self, number: usize) {
        let goes = self.is_at_agenda();
        self.act(if goes { Action::GoTo(number.to_string()) } else { Action::Choose(number) });
    }

    fn carry(&mut self, verb: Verb, argument: &str) {
        let action = match verb {
            Verb::Next => {
                // A line is never a key that is held down.
                if let Some(at) = self.next_at.replace(Instant::now()) {
                    let until = at + BOUNCE;
                    while Instant::now() < until {
                        let effects = self.driver.wait(until);
                        self.carry_out(effects.unwrap_or_default());
                    }
                    self.next_at = Some(Instant::now());
                }
                Action::Next
            }
            Verb::Back => Action::Back,
            Verb::Hint => Action::Hint,
            Verb::Fresh => Action::Fresh,
            Verb::Features => Action::Switches,
            Verb::Agenda => Action::Agenda,
            Verb::Go => Action::GoTo(self.named(argument)),
            Verb::Language => Action::Language,
            Verb::Route => Action::Route,
            Verb::Close => Action::Close,
            Verb::Quit => Action::Quit(true),
            Verb::More => Action::Knob(1),
            Verb::Less => Action::Knob(-1),
            Verb::Interrupt => {
                let side = [Side::Inside, Side::Outside].into_iter().find(|side| !self.is_at_prompt(*side));
                self.type_into(side.unwrap_or(self.driver.talk.side), &Keys::Control(3));
                return;
            }
            Verb::Repeat => {
                self.teller.forget();
                self.since = Instant::now();
                return;
            }
            // They read, and where there is nothing to read they do nothing.
            Verb::Code
            | Verb::Calls
            | Verb::Values
            | Verb::Past
            | Verb::Words
            | Verb::Help
            | Verb::Machine
            | Verb::Inside
            | Verb::Outside => Action::Stray,
        };
        if matches!(verb, Verb::More | Verb::Less) {
            self.looks_again();
        }
        self.act(action);
    }

    /// A step of the lesson at hand by its number as it is said, else whatever the name is.
    fn named(&self, argument: &str) -> String {
        let talk = &self.driver.talk;
        let Some((lesson, number)) = argument.split_once('/') else { return argument.to_owned() };
        let Some(lesson) = talk.find(lesson).map(|place| place.lesson) else { return argument.to_owned() };
        let mut steps = (0..talk.lessons[lesson].steps.len()).map(|step| Place { lesson, step });
        let said = number.parse::<usize>().ok();
        let step = steps.find(|place| talk.walks(*place) && Some(talk.numbered(*place).0) == said);
        let (lesson, steps) = (&talk.lessons[lesson].id, &talk.lessons[lesson].steps);
        step.map_or_else(|| argument.to_owned(), |place| format!("{lesson}/{}", steps[place.step].id))
    }

    /// Types into a shell and takes the keyboard back, as F2 before and after would.
    fn type_into(&mut self, side: Side, keys: &Keys) {
        let bytes = match keys {
            Keys::Line(line) => format!("{line}\r").into_bytes(),
            Keys::Control(key) => vec![*key],
        };
        if self.driver.talk.side != side {
            self.act(Action::OtherSide);
        }
        self.act(Action::Keyboard);
        if self.driver.talk.keyboard == Some(side) {
            self.act(Action::ToShell(bytes));
            self.act(Action::Keyboard);
            self.typed = Some(side);
            self.looks_again();
        }
    }

    /// What a person does by hand is told by what the kernel says after it.
    fn looks_again(&mut self) {
        self.did = true;
        self.looks = (2, None);
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
            if matches!(moment.event, Event::Snapshot(_)) && self.looks.1.is_some() {
                self.looks = (self.looks.0.saturating_sub(1), None);
            }
        }
        for effect in effects {
            match effect {
                Effect::Quit => self.quits = true,
                Effect::SaveProgress => save(self.driver, self.file),
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
