//! What each typed line does: the same that a key would do.

use std::io;
use std::time::{Duration, Instant};

use super::{Front, say};
use crate::course::event::Action;
use crate::course::talk::{Place, View};
use crate::kernel::fact::Side;
use crate::plain::order::{Keys, Order, Verb, nearest, read};
use crate::plain::{goes_to, nowhere, route, unknown};
use crate::session::Typed;

/// Two Next are further apart than this, or the talk takes them for one.
const BOUNCE: Duration = Duration::from_millis(260);

impl Front<'_> {
    /// Takes what a person typed.
    pub(super) fn take(&mut self, typed: Typed) -> io::Result<()> {
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
                        Some(_) => goes_to(&word, lang),
                        None => unknown(&word, nearest(&word, lang), &self.driver.talk),
                    };
                    say([said])?;
                }
            },
        }
        Ok(())
    }

    /// Ctrl-C ends the command that a person typed, and where none runs the course.
    pub(super) fn interrupted(&mut self) -> io::Result<()> {
        let talk = &self.driver.talk;
        let there = [Side::Inside, Side::Outside].into_iter().filter(|side| *side != Side::Inside || talk.box_runs);
        let side = { there }.find(|side| !self.is_at_prompt(*side));
        let runs = talk.view == View::Lesson && talk.is_at_rest();
        let side = side.filter(|_| self.lines.is_terminal && runs);
        if let Some(side) = side {
            return self.obey(Order::Type(Some(side), Keys::Control(3)));
        }
        self.act(Action::Quit(true));
        Ok(())
    }

    fn obey(&mut self, order: Order) -> io::Result<()> {
        self.ordered = true;
        self.prompt = None;
        match order {
            Order::Choose(number) if self.is_at_agenda() && number >= self.driver.talk.lessons.len() => {
                say([nowhere(&number.to_string(), self.driver.talk.lang)])?;
            }
            Order::Choose(number) => self.choose(number),
            Order::Type(side, keys) => self.type_into(side.unwrap_or(self.driver.talk.side), &keys),
            Order::Do(Verb::Go, name) if self.driver.talk.find(&self.named(&name)).is_none() => {
                say([nowhere(&name, self.driver.talk.lang)])?;
            }
            Order::Do(verb, argument) => {
                if let Some(said) = self.teller.read(verb, &argument, &self.driver.talk) {
                    return say(said);
                }
                self.carry(verb, &argument);
                let talk = &self.driver.talk;
                match verb {
                    Verb::Agenda | Verb::Language if matches!(talk.view, View::Agenda { .. }) => {
                        drop(self.teller.tell(talk));
                        say(self.teller.read(Verb::Agenda, "", talk).unwrap_or_default())?;
                    }
                    Verb::Language => self.teller.forget(),
                    Verb::Fresh if talk.is_building() => self.teller.forget(),
                    Verb::Route => say([route(talk)])?,
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
            Verb::Challenge => Action::Challenge,
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
        if verb == Verb::Next {
            // What a step has changed is told by a look that came after it.
            (self.looks, self.look) = (true, None);
        }
        self.act(action);
    }

    /// A step of the lesson at hand by its number as it is said, else whatever the name is.
    pub(super) fn named(&self, argument: &str) -> String {
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
        let talk = &self.driver.talk;
        // By hand there is one shell, whichever side it has come to.
        let side = if talk.exercise().is_some() { Side::Outside } else { side };
        let bytes = match keys {
            Keys::Line(line) => match talk.line_at_the_prompt() {
                // What a hint has put at the prompt gives way, or is sent as a whole: Ctrl-U, termios(3).
                Some(there) => format!("\x15{}\r", if line.is_empty() { &there } else { line }).into_bytes(),
                None => format!("{line}\r").into_bytes(),
            },
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
        (self.looks, self.look) = (true, None);
    }
}
