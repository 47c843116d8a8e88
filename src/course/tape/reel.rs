//! A tape that is being played: the talk as it was, moment after moment.

use super::{Tape, Told};
use crate::course::event::{Action, Event};
use crate::course::talk::Talk;
use crate::kernel::fact::Snapshot;

/// A tape at some moment.
pub struct Reel<'a> {
    tape: &'a Tape,
    /// The talk as it was before the moment that comes next. It knows that it comes from a file.
    pub talk: Talk,
    /// The moment that comes next.
    at: usize,
    /// The latest look: the talk may have turned its eyes from it.
    look: Snapshot,
    /// The shells' sizes on the screen, for a lesson, whose shells are as large as the screen has room for.
    shells: [(u16, u16); 2],
}

impl<'a> Reel<'a> {
    /// The tape at its beginning, on a screen of the size that it was made on.
    #[must_use]
    pub fn new(tape: &'a Tape) -> Self {
        let talk = tape.opening.talk();
        let mut reel = Self { tape, talk, at: 0, look: Snapshot::default(), shells: [(80, 24); 2] };
        reel.talk.file = Some(tape.made.clone());
        reel
    }

    /// Says how large the screen is, and how large its shells are there: outside, inside.
    ///
    /// The shells of a whole talk keep the sizes that they had, for what was written into them was written for those.
    pub fn fit(&mut self, size: (u16, u16), (outside, inside): ((u16, u16), (u16, u16))) {
        self.talk.update(Event::Action(Action::Resize(size.0, size.1)));
        self.shells = [outside, inside];
        if !self.tape.opening.is_talk() {
            self.talk.update(Event::Action(Action::ShellSizes(outside, inside)));
        }
    }

    /// The moment that comes next.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// When the next moment is due, in milliseconds of the tape; none at the end.
    #[must_use]
    pub fn due(&self) -> Option<u64> {
        self.tape.moments[..self.tape.end].get(self.at).map(|moment| moment.t)
    }

    /// Tells all that happened until then; says whether anything did.
    pub fn play_until(&mut self, t: u64) -> bool {
        let from = self.at;
        while self.due().is_some_and(|due| due <= t) {
            self.tell();
        }
        self.at > from
    }

    /// Shows this moment next, as it was.
    pub fn go_to(&mut self, moment: usize) {
        if moment < self.at {
            let (size, shells) = (self.talk.size, self.shells);
            *self = Self::new(self.tape);
            self.fit(size, (shells[0], shells[1]));
        }
        while self.at < moment.min(self.tape.moments.len()) {
            self.tell();
        }
    }

    /// Tells the next moment.
    pub(super) fn tell(&mut self) {
        match &self.tape.moments[self.at].told {
            Told::Event(event) => drop(self.talk.update(event.clone())),
            Told::Look(change) => {
                change.apply(&mut self.look);
                self.talk.update(Event::Snapshot(self.look.clone()));
            }
        }
        self.at += 1;
    }
}
