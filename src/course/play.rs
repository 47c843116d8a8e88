//! `unha play`: every feature as a switch, in any combination and any order, and every limit as a slider that acts live.
//!
//! Pure state, as the talk is: [`Play::press`] is what the person does, [`Play::take`] what happened, and both answer with
//! what is to be done. Shells, looks and journal are those of a talk that nobody leads.

mod able;
mod about;
mod choice;
mod flags;
mod line;
mod pressing;
pub mod words;

use std::collections::BTreeMap;

pub use self::choice::Choice;
pub use self::line::Line;
use super::event::{Action, Effect, Event, Failure};
use super::lesson::{Limit, Restart};
use super::talk::{Machine, Talk};
use super::text::{Lang, Text};
use crate::kernel::doctor::What;
use crate::kernel::reason::Because;

/// What the person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Do what the bottom line says.
    Enter,
    /// Flip the line that is chosen.
    Flip,
    /// The slider of the chosen line up, or down.
    Turn(bool),
    /// Another line, so many down or (negative) up.
    Move(i32),
    /// Everything on that can be had here.
    All,
    /// Everything off.
    Bare,
    /// Show this; the same again: the columns.
    Show(Pane),
    /// Scroll what is shown.
    Scroll(i32),
    /// Copy what is shown.
    Copy,
    /// A fresh box with the same switches: its files too.
    Fresh,
    /// The other language.
    Language,
    /// The journal.
    Calls,
    /// The keys.
    Help,
    /// Ask to leave; again, with `true`: leave.
    Quit(bool),
    /// Take away what covers the screen.
    Close,
    /// Whatever is the shells', as in a lesson.
    Shell(Action),
}

/// What stands beside the switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The two sides and the shells.
    Columns,
    /// The combination as a shell script.
    Script,
    /// As a docker run line.
    Docker,
    /// As a podman run line.
    Podman,
    /// As a bwrap line.
    Bwrap,
    /// As an OCI bundle.
    Oci,
    /// As `unha run`, and as the line that writes that bundle.
    Unha,
}

impl Pane {
    /// The texts, by their number on the keyboard less one.
    pub const TEXTS: [Self; 6] = [Self::Script, Self::Docker, Self::Podman, Self::Bwrap, Self::Oci, Self::Unha];
}

/// The combination in the words of another tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// What is copied.
    pub text: String,
    /// What it cannot express, a sentence each.
    pub lacks: Vec<Text>,
}

/// What covers the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// The keys.
    Help,
    /// The journal.
    Calls,
    /// "Leave?"
    Leave,
}

/// A passing word to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// What was switched with a line, because it needs it or is needed by it.
    Along {
        /// The line.
        line: Line,
        /// Whether it was switched on.
        on: bool,
        /// What went with it.
        along: Vec<Line>,
    },
    /// The line cannot be had here.
    Cannot(Line),
    /// The slider goes no further.
    End,
    /// Nothing is different then.
    Already,
    /// This was sent to the clipboard.
    Copied(Pane),
    /// A limit was refused, and stands where it stood: why.
    Limit(String),
    /// The box could not be started so, and has again what it had: why.
    NotSo(String),
}

/// The play.
pub struct Play {
    /// Shells, looks, journal, language, size.
    pub talk: Talk,
    /// What is switched on.
    pub choice: Choice,
    /// The names of the root file systems; the first is what the switch stands for at first.
    pub roots: Vec<String>,
    /// The line that is chosen, by its place in [`Line::ALL`].
    pub at: usize,
    /// What stands beside the switches.
    pub pane: Pane,
    /// How far it is scrolled.
    pub scroll: usize,
    /// What covers the screen.
    pub cover: Option<Cover>,
    /// The combination in the words of other tools, as far as they were written for it.
    pub texts: BTreeMap<Pane, Written>,
    /// A passing word.
    pub said: Option<Said>,
    /// A change that would end a command inside, and what went along: Enter makes it.
    pub asked: Option<Choice>,
    /// Why there is neither bench nor box.
    pub failure: Option<Failure>,
    /// What this machine cannot do.
    cannot: BTreeMap<What, Because>,
    /// The combination with which the box last ran.
    ran: Option<Choice>,
    /// The limits before the last change of one.
    before: BTreeMap<Limit, String>,
}

impl Play {
    /// A play that begins with these switches on a screen of this size; what this machine `cannot` do is off.
    #[must_use]
    pub fn new(lang: Lang, machine: Machine, cannot: BTreeMap<What, Because>, size: (u16, u16)) -> Self {
        Self {
            talk: Talk::without_script(lang, machine, size),
            choice: Choice { lang, ..Choice::default() },
            roots: vec![],
            at: 0,
            pane: Pane::Columns,
            scroll: 0,
            cover: None,
            texts: BTreeMap::new(),
            said: None,
            asked: None,
            failure: None,
            cannot,
            ran: None,
            before: BTreeMap::new(),
        }
    }

    /// Starts the bench and the first box on it.
    pub fn begin(&mut self, choice: Choice) -> Vec<Effect> {
        self.choice = choice;
        self.build(Some(Restart::Bench))
    }

    /// The line that is chosen.
    #[must_use]
    pub fn line(&self) -> Line {
        Line::ALL[self.at]
    }

    /// The name of the root file system.
    #[must_use]
    pub fn root(&self) -> &str {
        self.choice.root.as_ref().or_else(|| self.roots.first()).map_or("unha", String::as_str)
    }

    /// Takes in what happened.
    pub fn take(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Action(Action::Quit(true)) => vec![Effect::Quit],
            // A terminal's events come as presses.
            Event::Action(_) => vec![],
            Event::StageFailed(failure) => self.refused(failure),
            Event::LoadRefused(why) => self.limit_refused(why),
            Event::BoxStarted(_) => {
                self.failure = None;
                self.ran = Some(self.choice.clone());
                self.talk.update(event)
            }
            _ => self.talk.update(event),
        }
    }

    /// Starts the box with what is switched on.
    fn build(&mut self, fresh: Option<Restart>) -> Vec<Effect> {
        self.asked = None;
        // Whoever is frozen cannot be typed to: a box that is made anew runs.
        self.choice.limits = self.choice.first_limits();
        self.before.clone_from(&self.choice.limits);
        let effects = self.talk.put_box(self.choice.start.clone(), fresh);
        self.talk.limits.clone_from(&self.choice.limits);
        effects
    }

    /// Comes to another combination: limits at once, all else by a box that is started anew; which asks first if that ends
    /// a command.
    fn change(&mut self, next: Choice) -> Vec<Effect> {
        if next == self.choice {
            self.said.get_or_insert(Said::Already);
            return vec![];
        }
        let anew = next.start != self.choice.start || next.root != self.choice.root;
        if anew || !self.talk.box_runs {
            if anew && self.talk.is_busy_inside() {
                self.said = None;
                self.asked = Some(next);
                return vec![];
            }
            return self.build_with(next);
        }
        let limits = next.limits_after(&self.choice);
        self.before.clone_from(&self.choice.limits);
        self.choice = next;
        self.talk.limits = self.choice.first_limits();
        vec![Effect::SetLimits(limits), Effect::Look]
    }

    /// Starts the box with another combination. Another root file system is the bench's to have.
    fn build_with(&mut self, next: Choice) -> Vec<Effect> {
        let fresh = (next.root != self.choice.root).then_some(Restart::Bench);
        self.choice = next;
        self.build(fresh)
    }

    /// The box could not be started so: it has again what it had.
    fn refused(&mut self, failure: Failure) -> Vec<Effect> {
        self.talk.box_refused();
        let Some(ran) = self.ran.take().filter(|ran| *ran != self.choice) else {
            self.failure = Some(failure);
            return vec![];
        };
        let why = failure.call.as_ref().map_or_else(|| failure.message.clone(), ToString::to_string);
        let effects = self.build_with(ran);
        self.said = Some(Said::NotSo(why));
        effects
    }

    /// A limit was refused: it stands where it stood.
    fn limit_refused(&mut self, why: String) -> Vec<Effect> {
        self.choice.limits.clone_from(&self.before);
        self.talk.limits = self.choice.first_limits();
        self.said = Some(Said::Limit(why));
        vec![Effect::Look]
    }
}
