//! Two of them merge into one, in any order and as often as one likes.

use proptest::prelude::*;
use unha::course::progress::{Mark, Progress};
use unha::course::talk::Answer;

use crate::any::progress;

fn with(lesson: &str, step: &str, mark: Mark) -> Progress {
    let mut progress = Progress { schema: Progress::SCHEMA, ..Progress::default() };
    *progress.mark(lesson, step) = mark;
    progress
}

fn chose(number: usize, answered: u64) -> Mark {
    Mark { answer: Some(Answer::Chose(number)), answered, ..Mark::default() }
}

proptest! {
    #[test]
    fn the_order_does_not_matter(a in progress(), b in progress(), c in progress()) {
        prop_assert_eq!(a.clone().merged(b.clone()), b.clone().merged(a.clone()));
        prop_assert_eq!(a.clone().merged(b.clone()).merged(c.clone()), a.merged(b.merged(c)));
    }

    #[test]
    fn once_is_enough(a in progress(), b in progress()) {
        let both = a.clone().merged(b);
        prop_assert_eq!(both.clone().merged(a), both.clone());
        prop_assert_eq!(both.clone().merged(both.clone()), both);
    }

    /// Whatever either knew that no reset is newer than is known after it.
    #[test]
    fn nothing_is_lost(a in progress(), b in progress()) {
        let both = a.clone().merged(b.clone());
        for (lesson, step, mark) in a.marks().chain(b.marks()) {
            let kept = both.lessons.get(lesson).and_then(|steps| steps.get(step)).copied().unwrap_or_default();
            prop_assert!(mark.done.is_none_or(|done| done < both.reset || kept.done >= Some(done)));
            prop_assert!(mark.answer.is_none() || mark.answered < both.reset || kept.answered >= mark.answered);
        }
    }

    #[test]
    fn a_reset_forgets_all_that_was_and_nothing_that_comes(a in progress(), now in 0_u64..20) {
        let wiped = a.wiped(now);
        prop_assert_eq!(wiped.marks().count(), 0);
        // Another unha that runs still keeps what was, and what it has just done.
        let mut later = a.clone();
        later.mark("new", "step").done = Some(wiped.reset);
        let kept = wiped.clone().merged(later);
        prop_assert_eq!(kept.marks().collect::<Vec<_>>().len(), 1);
        // What is brought in by hand is meant.
        let back = wiped.with(a.clone());
        prop_assert_eq!(back.lessons, Progress::default().with(a).lessons);
    }
}

#[test]
fn the_later_answer_counts() {
    let both = with("uts", "on", chose(1, 5)).merged(with("uts", "on", chose(2, 4)));
    assert_eq!(both.lessons["uts"]["on"], chose(1, 5));
    let done = Mark { done: Some(9), ..Mark::default() };
    let both = both.merged(with("uts", "on", done)).merged(with("pid", "ps", done));
    assert_eq!(both.lessons["uts"]["on"], Mark { done: Some(9), ..chose(1, 5) });
    assert_eq!((both.marks().count(), both.last_done()), (2, Some(9)));
}

#[test]
fn the_place_is_the_one_that_was_left_last() {
    let at = |at, step: &str| Progress { at, place: Some(("uts".into(), step.into())), ..Progress::default() };
    assert_eq!(at(5, "on").merged(at(7, "rename")).place, at(7, "rename").place);
    assert_eq!(at(7, "rename").merged(at(5, "on")).place, at(7, "rename").place);
}
