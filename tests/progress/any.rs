//! Any progress that there could be.

use proptest::collection::btree_map;
use proptest::prelude::*;
use unha::course::progress::{Mark, Progress};
use unha::course::talk::{Answer, Route};
use unha::course::text::Lang;

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![(1_usize..5).prop_map(Answer::Chose), Just(Answer::Skipped)]
}

pub fn mark() -> impl Strategy<Value = Mark> {
    let (done, answer) = (prop::option::of(0_u64..9), prop::option::of((answer(), 0_u64..9)));
    (done, answer).prop_map(|(done, given)| {
        let (answer, answered) = given.map_or((None, 0), |(answer, at)| (Some(answer), at));
        Mark { done, answer, answered, tally: None }
    })
}

/// Few lessons, few steps and few moments, so that two of them often speak of the same.
pub fn progress() -> impl Strategy<Value = Progress> {
    let lessons = btree_map("[a-c]", btree_map("[a-c]", mark(), 0..4), 0..4);
    let place = prop::option::of(("[a-c]", "[a-c]"));
    let reset = prop_oneof![4 => Just(0_u64), 1 => 0_u64..9];
    (lessons, place, 0_u64..9, reset, any::<bool>(), any::<bool>()).prop_map(
        |(lessons, place, at, reset, english, short)| Progress {
            schema: Progress::SCHEMA,
            lang: if english { Lang::En } else { Lang::PtBr },
            route: if short { Route::Short } else { Route::Full },
            place,
            at,
            reset,
            lessons,
            deck: None,
        },
    )
}
