//! The talk on a stage: slides and lessons as one flow, walked with two keys.
//!
//! A slide is shown point by point; one that opens a lesson leads into its steps, and its last step back to the slide
//! behind. While slides are shown a box of the deck's own stands, so that what they say of it is true.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::event::Effect;
use super::{Notice, Place, Route, Talk, View};
use crate::course::deck::{Deck, Slide};
use crate::course::lesson::{Restart, Start};
use crate::course::plan::{Rehearsed, Watch};
use crate::kernel::fact::Snapshot;
use crate::kernel::feature::{Feature, FeatureSet};

/// A slide's point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Spot {
    /// Index of the slide.
    pub slide: usize,
    /// Its point, from 0.
    pub point: usize,
}

/// A talk's slides, and where it stands among them.
pub struct Presenting {
    /// The slides.
    pub deck: Deck,
    /// The slide at hand; during a lesson the one that opened it.
    pub at: Spot,
    /// Whether the screen is blank.
    pub blank: bool,
    /// What was typed to find a slide.
    pub typed: String,
    /// Which of the slides found is chosen.
    pub chosen: usize,
    /// How long each slide and step was shown.
    pub watch: Watch,
    /// The rehearsals that the plan takes its times from, where there was one.
    pub rehearsed: Rehearsed,
    /// Whether the box that stands is the deck's own.
    own_box: bool,
    /// The step that was interrupted, to be gone on with at the start.
    resume: Option<Place>,
    /// The steps at which lessons were left for the next slide, by lesson.
    left: Vec<Option<Place>>,
}

/// Where a talk is left, by names that outlast a change of the deck.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Left {
    /// The slide's id.
    pub slide: String,
    /// Its point.
    pub point: usize,
    /// Whether one is in the lesson that it opened.
    pub in_lesson: bool,
    /// How long each slide and step was shown, in milliseconds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub spent: BTreeMap<String, u64>,
}

impl Presenting {
    /// The slide at hand.
    #[must_use]
    pub fn slide(&self) -> &Slide {
        &self.deck.slides[self.at.slide]
    }

    /// The slides that match what was typed.
    #[must_use]
    pub fn found(&self, talk: &Talk) -> Vec<usize> {
        self.deck.search(&self.typed, talk.lang)
    }

    /// The next slide on a route.
    #[must_use]
    pub fn following(&self, route: Route) -> Option<usize> {
        (self.at.slide + 1..self.deck.slides.len()).find(|slide| self.walks(*slide, route))
    }

    fn preceding(&self, route: Route) -> Option<usize> {
        (0..self.at.slide).rev().find(|slide| self.walks(*slide, route))
    }

    fn walks(&self, slide: usize, route: Route) -> bool {
        route == Route::Full || self.deck.slides[slide].must
    }
}

impl Talk {
    /// The same talk with slides, which go on where `left` says. The deck must have a slide.
    #[must_use]
    pub fn with_deck(mut self, deck: Deck, left: Option<&Left>) -> Self {
        let slide = left.and_then(|left| deck.slides.iter().position(|slide| slide.id == left.slide));
        let slide = slide.filter(|slide| left.is_some_and(|left| left.in_lesson) || slide + 1 < deck.slides.len());
        let at = slide.map_or_else(Spot::default, |slide| {
            let point = left.map_or(0, |left| left.point).min(deck.slides[slide].last());
            Spot { slide, point }
        });
        let of_slide = deck.slides[at.slide].lesson.as_deref() == Some(self.lesson().id.as_str());
        let resume = (left.is_some_and(|left| left.in_lesson) && of_slide && slide.is_some()).then_some(self.at);
        // A talk that begins anew has taken no time yet.
        let spent = slide.and(left).map(|left| left.spent.clone()).unwrap_or_default();
        if at != Spot::default() {
            self.notice = Some(Notice::Resumed);
        }
        self.view = View::Slides;
        let lessons = self.lessons.len();
        self.presenting = Some(Presenting {
            deck,
            at,
            blank: false,
            typed: String::new(),
            chosen: 0,
            watch: Watch::of(spent),
            rehearsed: Rehearsed::default(),
            own_box: false,
            resume,
            left: vec![None; lessons],
        });
        self
    }

    /// Where the talk is left.
    #[must_use]
    pub fn left(&self) -> Option<Left> {
        let show = self.presenting.as_ref()?;
        let in_lesson = self.view != View::Slides || show.resume.is_some();
        let spent = show.watch.spent().clone();
        Some(Left { slide: show.slide().id.clone(), point: show.at.point, in_lesson, spent })
    }

    /// Begins the talk: what is due at the slide at hand, or the step that was interrupted.
    pub(super) fn begin_slides(&mut self) -> Vec<Effect> {
        let resume = self.presenting.as_mut().and_then(|show| show.resume.take());
        match resume {
            Some(place) => self.enter(place),
            None => self.keep_box(),
        }
    }

    /// The index of the lesson that the slide at hand opens.
    #[must_use]
    pub fn opens(&self) -> Option<usize> {
        let id = self.presenting.as_ref()?.slide().lesson.as_deref()?;
        self.lessons.iter().position(|lesson| lesson.id == id)
    }

    /// One point, slide or lesson on.
    pub(super) fn next_on_slide(&mut self) -> Vec<Effect> {
        let Some(show) = &mut self.presenting else { return Vec::new() };
        if show.at.point < show.slide().last() {
            show.at.point += 1;
            return vec![Effect::SaveProgress];
        }
        let following = show.following(self.route);
        match (self.opens(), following) {
            (Some(lesson), _) => self.open_lesson(lesson),
            (None, Some(slide)) => self.show_slide(Spot { slide, point: 0 }),
            (None, None) => self.end_talk(),
        }
    }

    /// One point back, or to the end of what came before.
    pub(super) fn back_on_slide(&mut self) -> Vec<Effect> {
        let Some(show) = &mut self.presenting else { return Vec::new() };
        if show.at.point > 0 {
            show.at.point -= 1;
            return vec![Effect::SaveProgress];
        }
        let Some(slide) = show.preceding(self.route) else { return self.nothing() };
        let point = show.deck.slides[slide].last();
        show.at = Spot { slide, point };
        // A lesson that was walked is walked back into, from its end.
        if let Some(place) = self.opens().and_then(|lesson| self.presenting.as_ref()?.left[lesson]) {
            return self.enter(place);
        }
        self.show_slide(Spot { slide, point })
    }

    /// Opens a lesson from its slide, at its first step: for a new room every question is open.
    fn open_lesson(&mut self, lesson: usize) -> Vec<Effect> {
        if self.goes_on_in(lesson) {
            self.view = View::Lesson;
            return vec![Effect::SaveProgress];
        }
        let place = self.opens_at(lesson);
        let left = self.presenting.as_mut().and_then(|show| show.resume.take_if(|place| place.lesson == lesson));
        if left.is_none() {
            let id = self.lessons[lesson].id.clone();
            self.answers.retain(|(of, _), _| *of != id);
            self.tallies.retain(|(of, _), _| *of != id);
            self.done.retain(|(of, _)| *of != id);
        }
        self.enter(place)
    }

    /// The step at which Next opens a lesson from its slide.
    pub(super) fn opens_at(&self, lesson: usize) -> Place {
        if self.goes_on_in(lesson) {
            return self.at;
        }
        let left = self.presenting.as_ref().and_then(|show| show.resume).filter(|place| place.lesson == lesson);
        let first = || self.walked().find(|place| place.lesson == lesson);
        left.or_else(first).unwrap_or(Place { lesson, step: 0 })
    }

    /// From the end of a lesson to the slide behind the one that opened it.
    pub(super) fn leave_for_slides(&mut self) -> Vec<Effect> {
        let mut effects = self.stop_playing();
        self.run.stands = false;
        let (at, id, route) = (self.at, self.lesson().id.clone(), self.route);
        let Some(show) = &mut self.presenting else { return Vec::new() };
        show.left[at.lesson] = Some(at);
        if let Some(opener) = show.deck.opener(&id) {
            show.at = Spot { slide: opener, point: show.deck.slides[opener].last() };
        }
        let next = show.following(route).map_or(show.at, |slide| Spot { slide, point: 0 });
        effects.extend(self.show_slide(next));
        effects
    }

    /// From a lesson to the slide that opened it; the box keeps running.
    pub(super) fn back_to_slides(&mut self) -> Vec<Effect> {
        let id = self.lesson().id.clone();
        let Some(show) = &mut self.presenting else { return Vec::new() };
        if let Some(opener) = show.deck.opener(&id) {
            show.at = Spot { slide: opener, point: show.deck.slides[opener].last() };
        }
        self.show_slide(self.presenting.as_ref().map_or_else(Spot::default, |show| show.at))
    }

    /// What a slide calls live is never from a recording: one that plays is left.
    fn stop_playing(&mut self) -> Vec<Effect> {
        if !self.plays() {
            return Vec::new();
        }
        self.leave_recording();
        self.now = Snapshot::default();
        self.box_runs = false;
        self.run.stands = false;
        vec![Effect::Rest]
    }

    /// Shows a slide.
    pub(super) fn show_slide(&mut self, at: Spot) -> Vec<Effect> {
        if self.view == View::Lesson
            && self.plays()
            && let Some(show) = &mut self.presenting
        {
            show.resume = Some(self.at);
        }
        let mut effects = self.stop_playing();
        self.view = View::Slides;
        self.overlay = None;
        self.keyboard = None;
        self.scroll = 0;
        if let Some(show) = &mut self.presenting {
            show.at = at;
        }
        effects.extend(self.keep_box());
        effects.push(Effect::SaveProgress);
        effects
    }

    /// Where a slide shows what is read from the kernel, a box has to stand: a lesson's that is under way, or our own.
    fn keep_box(&mut self) -> Vec<Effect> {
        let name = self.lang.pick("box", "caixa");
        let Some(show) = &mut self.presenting else { return Vec::new() };
        if self.view != View::Slides || !show.slide().is_live() || self.run.stands || show.own_box {
            return Vec::new();
        }
        show.own_box = true;
        let features = [Feature::Uts, Feature::Pid, Feature::Mount, Feature::Ipc, Feature::Net];
        let features = features.into_iter().fold(FeatureSet::NONE, FeatureSet::with);
        self.acts.clear();
        self.run.replay.clear();
        self.run.opening = false;
        self.rebuilding = false;
        self.phase = self.first_phase();
        self.restart(Restart::Bench, Start { features, hostname: Some(name.to_owned()), ..Start::default() })
    }

    /// The box that stands is the deck's own no more.
    pub(super) fn forget_own_box(&mut self) {
        if let Some(show) = &mut self.presenting {
            show.own_box = false;
        }
    }

    /// Whether the screen is blank.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.presenting.as_ref().is_some_and(|show| show.blank)
    }

    /// Blanks the screen, or shows it again.
    pub(super) fn blank(&mut self) -> Vec<Effect> {
        match &mut self.presenting {
            Some(show) => {
                show.blank = !show.blank;
                Vec::new()
            }
            None => self.nothing(),
        }
    }
}
