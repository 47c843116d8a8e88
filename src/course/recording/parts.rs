//! Where the steps stand in a recording: found by letting the talk walk through it.
//!
//! The same events give the same talk, so that nothing of this need be written down, and a recording that does not
//! hold what it promises is found out here.

use std::ops::Range;

use super::{Moment, Recording};
use crate::course::event::{Action, Event};
use crate::course::lesson::Lesson;
use crate::course::talk::{Machine, Phase, Route, Talk, View};
use crate::course::text::Lang;

/// Where a step stands among the moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The step stands open, and the person has not done anything yet.
    pub opens: usize,
    /// The person has Next act; none where they never did.
    pub acts: Option<usize>,
    /// What comes from here on is no longer the step's.
    pub ends: usize,
    /// Whether the step was done: what it expects was seen.
    pub done: bool,
}

/// A talk about one lesson, before anything has happened.
#[must_use]
pub fn beginning(lesson: Lesson, lang: Lang, size: (u16, u16)) -> Talk {
    // What the agenda would say of the machine; nobody sees it.
    let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
    Talk::new(vec![lesson], lang, Route::Full, machine, None, size)
}

/// Tells the talk a moment: first what time it is.
pub fn tell(talk: &mut Talk, moment: &Moment) {
    talk.update(Event::Tick(moment.t));
    talk.update(moment.event.clone());
}

/// The parts of a recording, step by step.
pub(super) fn parts(lesson: &Lesson, lang: Lang, moments: &[Moment]) -> Vec<Option<Part>> {
    let mut parts: Vec<Option<Part>> = vec![None; lesson.steps.len()];
    let mut talk = beginning(lesson.clone(), lang, (80, 24));
    let mut open = None;
    for (index, moment) in moments.iter().enumerate() {
        let (at, phase) = (talk.at.step, talk.phase);
        let acted = matches!(moment.event, Event::Action(_));
        if acted && talk.stands_open() && parts[at].is_none() {
            parts[at] = Some(Part { opens: index, acts: None, ends: moments.len(), done: false });
            open = Some(at);
        }
        tell(&mut talk, moment);
        let gone = talk.at.step != at || talk.view != View::Lesson;
        if let Some(part) = open.and_then(|at: usize| parts[at].as_mut()) {
            let next = moment.event == Event::Action(Action::Next);
            if next && phase == Phase::Ready && matches!(talk.phase, Phase::Doing | Phase::Done) && !gone {
                part.acts = Some(index);
            }
            part.done |= !gone && talk.phase == Phase::Done;
            if gone {
                part.ends = index;
                open = None;
            }
        }
    }
    parts
}

impl Recording {
    /// The talk as it was before this moment, on a screen of this size and with shells of these sizes.
    #[must_use]
    pub fn talk_at(&self, moment: usize, size: (u16, u16), shells: [(u16, u16); 2]) -> Talk {
        let mut talk = beginning(self.lesson.clone(), self.header.lang, size);
        talk.update(Event::Action(Action::ShellSizes(shells[0], shells[1])));
        self.moments.iter().take(moment).for_each(|moment| tell(&mut talk, moment));
        talk
    }

    /// What happened when the step acted, each with the milliseconds since then.
    #[must_use]
    pub fn doing(&self, step: usize) -> Vec<Moment> {
        let Some(part) = self.parts.get(step).and_then(Option::as_ref) else { return vec![] };
        let Some(acts) = part.acts else { return vec![] };
        let began = self.moments[acts].t;
        let events: Range<usize> = acts + 1..part.ends.max(acts + 1);
        let happened = self.moments[events].iter().filter(|moment| !matches!(moment.event, Event::Action(_)));
        happened.map(|moment| Moment { t: moment.t.saturating_sub(began), event: moment.event.clone() }).collect()
    }
}
