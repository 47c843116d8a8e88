//! The talk's clock: it starts with the first Next, can be stopped and go on, and is held against the plan.

use super::super::event::Effect;
use super::super::plan::{Account, Clock, Plan, step_name};
use super::{Notice, Spot, Talk, View};

impl Talk {
    /// The plan of the talk on the route; none without slides.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        let show = self.presenting.as_ref()?;
        Some(Plan::of(&show.deck, &self.lessons, self.route, show.rehearsed.on(self.route)))
    }

    /// How the talk stands against its plan; none without slides.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        let watch = &self.presenting.as_ref()?.watch;
        Some(self.plan()?.account(watch, &self.shown_name()?))
    }

    /// The name of the slide or step that is shown. A step of a lesson that no slide opens counts as the slide at hand.
    fn shown_name(&self) -> Option<String> {
        let show = self.presenting.as_ref()?;
        let in_lesson = self.view != View::Slides && show.deck.opener(&self.lesson().id).is_some();
        Some(if in_lesson { step_name(&self.lesson().id, &self.step().id) } else { show.slide().id.clone() })
    }

    /// Counts the time that has passed for what is shown.
    pub(super) fn count(&mut self, now: u64) -> Vec<Effect> {
        let at = self.shown_name();
        let due = self.presenting.as_mut().zip(at).is_some_and(|(show, at)| show.watch.tick(now, &at));
        if due { vec![Effect::SaveProgress] } else { Vec::new() }
    }

    /// The clock runs from the first Next on; at the very beginning of the slides it is a new talk's.
    pub(super) fn start_clock(&mut self) {
        let on_slides = self.view == View::Slides;
        if let Some(show) = &mut self.presenting {
            show.watch.begin(on_slides && show.at == Spot::default());
        }
    }

    /// Behind the last slide the clock stands still: what the room asks then is no part of the talk.
    pub(super) fn end_talk(&mut self) -> Vec<Effect> {
        if let Some(show) = &mut self.presenting {
            show.watch.stop();
        }
        self.notice = Some(Notice::TheEnd);
        vec![Effect::SaveProgress]
    }

    /// Stops the clock, or lets it go on.
    pub(super) fn pause(&mut self) -> Vec<Effect> {
        let Some(show) = &mut self.presenting else { return self.nothing() };
        show.watch.toggle();
        self.notice = Some(Notice::Clock(show.watch.clock() == Clock::Running));
        vec![Effect::SaveProgress]
    }
}
