//! When the next line is taken: once nothing is under way, and all that there is to tell has come.
//!
//! Nothing is slept through: each thing that is waited for has an end of its own, seen or by the clock.

use std::time::{Duration, Instant};

use super::{Front, at};
use crate::course::talk::{Phase, View};
use crate::kernel::fact::Side;
use crate::plain::runs_on;

/// How long a command that a person typed may take before they are asked for the next line all the same.
const COMMAND: Duration = Duration::from_secs(5);
/// How long the shells may take to their prompts once a step is done: some commands never end.
const PROMPT: Duration = Duration::from_millis(1500);
/// How long a program that reads lines itself may take to answer one.
const PROGRAM: Duration = Duration::from_millis(500);
/// How long a look may take.
const LOOK: Duration = Duration::from_secs(2);
/// After so long nothing is waited for any more.
const EVER: Duration = Duration::from_secs(90);

impl Front<'_> {
    /// Whether nothing is under way, and all that there is to tell has come.
    pub(super) fn is_ready(&mut self) -> bool {
        let (talk, typed) = (&self.driver.talk, self.typed);
        // What runs by hand may run for ever, and be meant to.
        let lines_run = talk.exercise().is_some() && !talk.is_building();
        if self.since.elapsed() > if lines_run { COMMAND } else { EVER } {
            return true;
        }
        if lines_run && typed.is_some() && !self.is_judged() {
            return false;
        }
        if !talk.is_at_rest() || self.driver.session.is_playing() {
            self.rests = None;
            return false;
        }
        let rests = self.rests.get_or_insert_with(Instant::now).elapsed();
        let at_prompts = [Side::Outside, Side::Inside]
            .into_iter()
            .all(|side| !self.were_idle[at(side)] || self.is_at_prompt(side) || side == Side::Inside && !talk.box_runs);
        let patience = match typed {
            // It was said by the kernel, and the command may be meant to run on.
            Some(_) if lines_run && talk.phase == Phase::Done => PROGRAM,
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

    /// Whether the kernel was looked at since the order was carried out.
    fn has_looked(&mut self) -> bool {
        if !self.looks || self.driver.talk.view != View::Lesson || self.driver.talk.plays() {
            return true;
        }
        let session = &mut self.driver.session;
        let (look, since) = *self.look.get_or_insert_with(|| (session.look_again(), Instant::now()));
        if !session.has_seen(look) && since.elapsed() < LOOK {
            return false;
        }
        self.looks = false;
        true
    }

    pub(super) fn is_at_prompt(&self, side: Side) -> bool {
        // Output without an end has the prompt behind it on the same line.
        self.driver.talk.shells[at(side)].idle || self.teller.ends_in_prompt(side)
    }

    /// Whether it is known what came of the line that was typed by hand: its command has ended, and the kernel was looked at
    /// since; or all is reached while it runs.
    fn is_judged(&self) -> bool {
        let talk = &self.driver.talk;
        talk.phase == Phase::Done || talk.shells[at(Side::Outside)].idle && talk.practice.is_judged()
    }

    pub(super) fn still_runs(&self) -> Option<String> {
        let sides = [Side::Inside, Side::Outside].into_iter();
        let mut there = sides.filter(|side| *side != Side::Inside || self.driver.talk.box_runs);
        let side = there.find(|side| self.were_idle[at(*side)] && !self.is_at_prompt(*side))?;
        Some(runs_on(side, &self.driver.talk))
    }
}
