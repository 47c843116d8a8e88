//! Listening to the shells, and telling whose each line is: the person's, the course's or a command's.

use super::super::heard::By;
use super::Teller;
use crate::course::Side;
use crate::course::event::{Action, Event};
use crate::course::lesson::Act;
use crate::course::talk::Talk;

/// So many letters tell a line from others.
const ALIKE: usize = 20;

impl Teller {
    /// Listens to an event that the talk was told; what the shells do while a state is rebuilt is nothing new.
    pub fn hear(&mut self, event: &Event, talk: &Talk) {
        self.heard.alone = talk.exercise().is_some();
        match event {
            Event::ShellBytes(side, bytes) => self.heard.hear(*side, bytes, &|line| {
                let by_hand = talk.exercise().into_iter().flat_map(|exercise| &exercise.solution);
                let known = talk.step().acts.iter().filter_map(line_of).chain(by_hand);
                let mut known = known.map(|line| talk.fill(line));
                match () {
                    () if begins_alike(line, &self.typed) => By::Person,
                    () if known.any(|typed| begins_alike(line, &typed)) => By::Course,
                    () => By::Command,
                }
            }),
            // What the course types next is its own again, even if it is the same.
            Event::Typed(side) => {
                self.typed.clear();
                self.heard.sent(*side);
            }
            // A line of the person's own is heard back from the terminal.
            Event::Action(Action::ToShell(keys)) => {
                String::from_utf8_lossy(keys).trim_matches(char::is_control).clone_into(&mut self.typed);
                self.heard.sent(talk.keyboard.unwrap_or(talk.side));
            }
            Event::BoxStarted(_) => self.heard.begin(Side::Inside, ""),
            Event::BenchReady(_) => {
                self.heard.begin(Side::Outside, "");
                self.heard.begin(Side::Inside, "");
            }
            _ => {}
        }
        if talk.rebuilding {
            self.heard.forget();
        }
    }

    /// Whether a shell has said something that nobody was told.
    #[must_use]
    pub fn has_heard(&self) -> bool {
        !self.heard.is_empty()
    }

    /// What the shells said so far.
    pub fn shells(&mut self, talk: &Talk) -> Vec<String> {
        self.heard.settle();
        self.heard.tell(talk.lang, self.echoes, self.asked)
    }

    /// Whether what a shell printed last ends in its prompt.
    #[must_use]
    pub fn ends_in_prompt(&self, side: Side) -> bool {
        self.heard.ends_in_prompt(side)
    }
}

/// The line that an act types.
fn line_of(act: &Act) -> Option<&String> {
    match act {
        Act::Inside(line) | Act::Outside(line) => Some(line),
        _ => None,
    }
}

/// Whether a line is what was typed. A shell may break a long one, so that its beginning counts.
fn begins_alike(line: &str, typed: &str) -> bool {
    let beginning: String = typed.chars().take(ALIKE).collect();
    !beginning.is_empty() && if typed.chars().count() < ALIKE { line == typed } else { line.starts_with(&beginning) }
}
