//! A talk before a room cannot stop: where a step cannot be done, its recording plays, and where there is none, Next goes on.
//!
//! Nothing is asked. The screen says RECORDED, and in one line what stood in the way here.

use super::super::event::{Cause, Effect, Ended, Failure};
use super::{Phase, Talk};

/// What stood in the way of a step, so that its recording plays instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// The kernel refused it.
    Refused(Failure),
    /// The box died of it.
    Ended(Ended),
    /// What it was to bring about was not seen in time.
    Late,
}

impl Talk {
    /// Opens the step as it was recorded, and lets it run if it was to run. `None`: there is no recording.
    pub(super) fn play_instead(&mut self, why: Instead, acting: bool) -> Option<Vec<Effect>> {
        let mut effects = self.open_recorded(self.at)?;
        self.instead = Some(why);
        if acting {
            effects.extend(self.begin());
        }
        Some(effects)
    }

    /// On a stage, plays the recording instead of what was refused.
    pub(super) fn play_refused(&mut self, failure: &Failure, acting: bool) -> Option<Vec<Effect>> {
        if self.presenting.is_none() || failure.cause == Cause::NotOnHost {
            return None;
        }
        self.play_instead(Instead::Refused(failure.clone()), acting)
    }

    /// Whether the step has come to no end on a stage, so that Next gets past it.
    #[must_use]
    pub const fn has_stumbled(&self) -> bool {
        self.run.stumbled
    }

    /// Whether there is a recording to get past the step with.
    pub(super) fn has_way_past(&self) -> bool {
        !self.plays()
            && self.recording().is_some_and(|recording| matches!(recording.parts.get(self.at.step), Some(Some(_))))
    }

    /// Past a step that has come to no end: by its recording, or without it.
    pub(super) fn get_past(&mut self) -> Vec<Effect> {
        let why = self.ended.filter(|_| !self.box_runs).map_or(Instead::Late, Instead::Ended);
        let acting = !self.is_building();
        self.stop_acting();
        if !self.plays()
            && let Some(effects) = self.play_instead(why, acting)
        {
            return effects;
        }
        self.rebuilding = false;
        self.skip_step()
    }

    /// Leaves the step at hand out.
    pub(super) fn skip_step(&mut self) -> Vec<Effect> {
        match self.following() {
            Some(place) if place.lesson == self.at.lesson || self.presenting.is_none() => self.enter(place),
            _ if self.presenting.is_some() => self.leave_for_slides(),
            _ => self.show_agenda(),
        }
    }

    /// On a stage, a step that takes longer than a room waits is one that Next gets past.
    pub(super) fn stumble_in_time(&mut self, patience: u64) {
        let since = match self.phase {
            Phase::Doing if !self.rebuilding => self.acted_at,
            _ if self.is_building() => self.run.since,
            _ => return,
        };
        if self.presenting.is_some() && !self.is_held() && self.clock.saturating_sub(since) >= patience {
            self.run.stumbled = true;
        }
    }
}
