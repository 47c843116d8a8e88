//! Live facts in the words of a slide: `{inside.hostname}`, with a width for drawings: `{inside.pid:12}`.

use std::str::FromStr;

use crate::kernel::fact::{Fact, Side};

/// A fact that is read from the kernel while the slide is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// Whose view.
    pub side: Side,
    /// Of what.
    pub fact: Fact,
    /// The columns that it takes, whatever its value; none: as many as it needs.
    pub width: Option<u16>,
}

/// Words, or a live fact between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words.
    Words(&'a str),
    /// A live fact.
    Live(Live),
}

/// Takes a text apart. What only looks like a live fact stays as it is: [`mistakes`] finds it.
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let Some(close) = text[open..].find('}').map(|close| open + close) else { break };
        at = open + 1;
        if let Some(live) = live(&text[open + 1..close]) {
            if from < open {
                parts.push(Part::Words(&text[from..open]));
            }
            parts.push(Part::Live(live));
            at = close + 1;
            from = at;
        }
    }
    if from < text.len() {
        parts.push(Part::Words(&text[from..]));
    }
    parts
}

fn live(inner: &str) -> Option<Live> {
    let (name, width) = match inner.split_once(':') {
        Some((name, width)) => (name, Some(width.parse().ok()?)),
        None => (inner, None),
    };
    let (side, fact) = name.split_once('.')?;
    let side = match side {
        "outside" => Side::Outside,
        "inside" => Side::Inside,
        "machine" => Side::Machine,
        _ => return None,
    };
    Some(Live { side, fact: Fact::from_str(fact).ok()?, width })
}

/// Whether there is a live fact in a text.
pub(super) fn is_live(text: &str) -> bool {
    parts(text).iter().any(|part| matches!(part, Part::Live(_)))
}

/// What looks like a live fact, and is none.
pub(super) fn mistakes(text: &str) -> Vec<&str> {
    let candidates = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    let looks = |inner: &&str| {
        let name = inner.split(':').next().unwrap_or_default();
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        name.contains('.') && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letter)
    };
    candidates.filter(looks).filter(|inner| live(inner).is_none()).collect()
}
