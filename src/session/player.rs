//! The player: tells the talk what a recording says happened, when it is due.
//!
//! The learner sees the step as it was on the machine where it was recorded, at the speed that it had there.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::course::event::Event;
use crate::course::recording::Moment;

/// Recorded events that are still to be told.
#[derive(Debug, Default)]
pub(super) struct Player {
    began: Option<Instant>,
    left: VecDeque<Moment>,
}

impl Player {
    /// Begins to tell these, and forgets what was left of others.
    pub(super) fn play(&mut self, moments: Vec<Moment>) {
        self.began = Some(Instant::now());
        self.left = moments.into();
    }

    /// Tells no more.
    pub(super) fn stop(&mut self) {
        self.left.clear();
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.began?.checked_add(Duration::from_millis(self.left.front()?.t))
    }

    /// Those that are due.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Event> {
        let mut events = vec![];
        while self.next().is_some_and(|next| next <= now) {
            events.extend(self.left.pop_front().map(|moment| moment.event));
        }
        events
    }
}
