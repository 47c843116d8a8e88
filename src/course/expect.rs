//! Stand-in until the judging of expectations is there.

use super::event::Ended;
use super::lesson::{BoxIs, Compare, Expect};
use super::text::Lang;
use crate::kernel::fact::{Side, Snapshot, Value};

/// What an expectation is held against.
pub struct World<'a> {
    /// The latest look.
    pub now: &'a Snapshot,
    /// What the shells printed: outside, inside.
    pub printed: [&'a str; 2],
    /// Whether a box runs.
    pub box_runs: bool,
    /// How the last one ended.
    pub ended: Option<Ended>,
    /// The errno with which a start was refused.
    pub refused: Option<&'a str>,
}

/// Whether it is met.
pub fn met(expect: &Expect, world: &World, fill: &dyn Fn(&str) -> String) -> bool {
    if let Some(errno) = &expect.refused {
        return world.refused == Some(errno);
    }
    if let Some(is) = expect.box_is {
        return match is {
            BoxIs::Running => world.box_runs,
            BoxIs::Ended => !world.box_runs && world.ended.is_some(),
        };
    }
    let side = expect.on.unwrap_or(Side::Inside);
    if let Some(text) = &expect.prints {
        return world.printed[usize::from(side == Side::Inside)].contains(&fill(text));
    }
    let Some(fact) = expect.fact else { return false };
    if let Some(sides) = expect.sides {
        let (a, b) = (world.now.value(Side::Outside, fact), world.now.value(Side::Inside, fact));
        return a.is_some() && b.is_some() && (a == b) == (sides == Compare::Same);
    }
    let Some(value) = world.now.value(side, fact) else { return false };
    if let Some(is) = &expect.is {
        return value.to_string() == fill(is);
    }
    if let (Some(least), Value::Number(n)) = (expect.at_least, value) {
        return *n >= least;
    }
    false
}

/// It in words.
pub fn words(expect: &Expect, _: &World, _: &dyn Fn(&str) -> String, _: Lang) -> String {
    format!("{expect:?}")
}

/// Plain text.
pub fn plain(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
