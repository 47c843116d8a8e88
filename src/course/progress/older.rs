//! The first format, which knew no times: lists of (lesson, step), and no sum.

use serde::Deserialize;

use super::Progress;
use crate::course::talk::{Answer, Left, Route, Tally};
use crate::course::text::Lang;

/// Progress as the first unha wrote it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct First {
    #[serde(rename = "schema")]
    _schema: u32,
    lang: Lang,
    route: Route,
    place: Option<(String, String)>,
    done: Vec<(String, String)>,
    answers: Vec<(String, String, Answer)>,
    tallies: Vec<(String, String, Tally)>,
    deck: Option<Left>,
}

impl From<First> for Progress {
    fn from(first: First) -> Self {
        let First { lang, route, place, deck, .. } = first;
        let mut progress = Self { schema: Self::SCHEMA, lang, route, place, deck, ..Self::default() };
        for (lesson, step) in &first.done {
            progress.mark(lesson, step).done = Some(0);
        }
        for (lesson, step, answer) in first.answers {
            progress.mark(&lesson, &step).answer = Some(answer);
        }
        for (lesson, step, tally) in first.tallies {
            progress.mark(&lesson, &step).tally = Some(tally);
        }
        progress
    }
}
