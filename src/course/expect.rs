//! Judging an expectation: whether the kernel, or a shell, says what a step promised.
//!
//! What counts is what was seen, by whatever way it came about: Next, the learner's own typing, or luck.

use crate::kernel::fact::{Fact, Side, Snapshot, Value};

use super::event::Ended;
use super::lesson::{BoxIs, Compare, Expect};
use super::text::Lang;

pub use super::plain::plain;

/// How the prompts of the two shells begin, root's and an ordinary user's, in both languages; and that of a container by hand.
pub const PROMPTS: [&str; 9] =
    ["fora#", "dentro#", "outside#", "inside#", "fora$", "dentro$", "outside$", "inside$", "unha#"];

/// What is known when an expectation is judged.
pub struct World<'a> {
    /// The last look at all sides.
    pub now: &'a Snapshot,
    /// What the shells outside and inside printed since the act began, as [`plain`] gives it.
    pub printed: [&'a str; 2],
    /// Whether the box's first process runs.
    pub box_runs: bool,
    /// How it ended, if it has.
    pub ended: Option<Ended>,
    /// The name of the errno with which the box could not be built.
    pub refused: Option<&'a str>,
}

/// The one thing that an expectation asks.
enum Asks<'a> {
    Is(Side, Fact, &'a str),
    IsNot(Side, Fact, &'a str),
    AtLeast(Side, Fact, u64),
    AtMost(Side, Fact, u64),
    Contains(Side, Fact, &'a str),
    Sides(Fact, Compare),
    Prints(Side, &'a str),
    PrintsNot(Side, &'a str),
    Box(BoxIs),
    Refused(&'a str),
}

/// The form in which `expect` stands; none if its keys make no form, or more than one.
fn asks(expect: &Expect) -> Option<Asks<'_>> {
    let viewed = expect.fact.zip(expect.on);
    let (fact, on, bare) = (expect.fact, expect.on, expect.fact.is_none() && expect.on.is_none());
    let said = [
        expect.is.as_deref().map(|text| viewed.map(|(fact, on)| Asks::Is(on, fact, text))),
        expect.is_not.as_deref().map(|text| viewed.map(|(fact, on)| Asks::IsNot(on, fact, text))),
        expect.at_least.map(|least| viewed.map(|(fact, on)| Asks::AtLeast(on, fact, least))),
        expect.at_most.map(|most| viewed.map(|(fact, on)| Asks::AtMost(on, fact, most))),
        expect.contains.as_deref().map(|text| viewed.map(|(fact, on)| Asks::Contains(on, fact, text))),
        expect.sides.map(|how| fact.filter(|_| on.is_none()).map(|fact| Asks::Sides(fact, how))),
        expect.prints.as_deref().map(|line| shell(expect).map(|on| Asks::Prints(on, line))),
        expect.prints_not.as_deref().map(|line| shell(expect).map(|on| Asks::PrintsNot(on, line))),
        expect.box_is.map(|how| bare.then_some(Asks::Box(how))),
        expect.refused.as_deref().map(|errno| bare.then_some(Asks::Refused(errno))),
    ];
    let mut said = said.into_iter().flatten();
    let first = said.next().flatten();
    if said.next().is_some() { None } else { first }
}

/// Whose shell is meant: the machine has none.
fn shell(expect: &Expect) -> Option<Side> {
    expect.on.filter(|on| *on != Side::Machine && expect.fact.is_none())
}

/// Whether the keys of `expect` make exactly one form.
#[must_use]
pub fn has_one_form(expect: &Expect) -> bool {
    asks(expect).is_some()
}

/// Whether `expect` holds. `fill` puts values in the place of the placeholders of a text.
pub fn met(expect: &Expect, world: &World, fill: &dyn Fn(&str) -> String) -> bool {
    let value = |on, fact| world.now.value(on, fact);
    match asks(expect) {
        Some(Asks::Is(on, fact, text)) => value(on, fact).is_some_and(|value| equals(value, &fill(text))),
        Some(Asks::IsNot(on, fact, text)) => value(on, fact).is_some_and(|value| !equals(value, &fill(text))),
        Some(Asks::AtLeast(on, fact, least)) => value(on, fact).and_then(number).is_some_and(|n| n >= least),
        Some(Asks::AtMost(on, fact, most)) => value(on, fact).and_then(number).is_some_and(|n| n <= most),
        Some(Asks::Contains(on, fact, text)) => value(on, fact).is_some_and(|value| contains(value, &fill(text))),
        Some(Asks::Sides(fact, how)) => value(Side::Outside, fact)
            .zip(value(Side::Inside, fact))
            .is_some_and(|(outside, inside)| (outside == inside) == (how == Compare::Same)),
        Some(Asks::Prints(on, line)) => prints(world, on, line, fill) == Some(true),
        Some(Asks::PrintsNot(on, line)) => prints(world, on, line, fill) == Some(false),
        Some(Asks::Box(BoxIs::Running)) => world.box_runs,
        Some(Asks::Box(BoxIs::Ended)) => !world.box_runs && world.ended.is_some(),
        Some(Asks::Refused(errno)) => world.refused == Some(errno),
        None => false,
    }
}

/// The number that a value is or shows.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
        Value::List(_) => None,
    }
}

fn equals(value: &Value, text: &str) -> bool {
    match (number(value), text.parse::<u64>()) {
        (Some(one), Ok(other)) => one == other,
        _ => value.to_string() == text,
    }
}

/// Whether a list has `text` as an item, or a text has it as a part.
fn contains(value: &Value, text: &str) -> bool {
    match value {
        Value::List(items) => items.iter().any(|item| item == text),
        value => value.to_string().contains(text),
    }
}

/// Whether the side's shell printed such a line; none if that cannot be said.
fn prints(world: &World, on: Side, line: &str, fill: &dyn Fn(&str) -> String) -> Option<bool> {
    let wanted = regex_lite::Regex::new(&filled(line, fill)).ok()?;
    Some(output(printed(world, on)?).any(|line| wanted.is_match(line)))
}

fn printed<'a>(world: &World<'a>, on: Side) -> Option<&'a str> {
    match on {
        Side::Machine => None,
        Side::Outside => Some(world.printed[0]),
        Side::Inside => Some(world.printed[1]),
    }
}

/// The lines that programs printed: an echoed command is none, or a step would be met by its own typing.
fn output(printed: &str) -> impl DoubleEndedIterator<Item = &str> {
    printed.lines().filter_map(|line| match prompt_at(line.as_bytes()) {
        Some(0) => None,
        Some(at) => Some(&line[..at]),
        None => Some(line),
    })
}

/// Where in a line a shell's prompt stands. What was printed without a newline stands before it: by `printf`, or by a
/// command in the background.
#[must_use]
pub fn prompt_at(line: &[u8]) -> Option<usize> {
    let begins = |line: &[u8]| {
        PROMPTS
            .iter()
            .any(|prompt| line.strip_prefix(prompt.as_bytes()).is_some_and(|behind| matches!(behind, [] | [b' ', ..])))
    };
    (0..line.len()).find(|at| begins(&line[*at..]))
}

/// A regular expression with its placeholders filled in, each value taken literally.
pub(super) fn filled(line: &str, fill: &dyn Fn(&str) -> String) -> String {
    let mut pattern = String::new();
    let mut rest = line;
    while let Some((range, _)) = placeholder(rest) {
        pattern += &rest[..range.start];
        pattern += &regex_lite::escape(&fill(&rest[range.clone()]));
        rest = &rest[range.end..];
    }
    pattern + rest
}

/// The first placeholder of a text: where it stands with its braces, and its name. A shell's `{ …; }` is none,
/// for it has a blank behind the brace, and no regular expression's `{2}`.
pub(super) fn placeholder(text: &str) -> Option<(std::ops::Range<usize>, &str)> {
    text.match_indices('{').find_map(|(open, _)| {
        let close = open + text[open..].find('}')?;
        let name = &text[open + 1..close];
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'-');
        is_name.then_some((open..close + 1, name))
    })
}

/// What is expected and what is so now: `inside hostname = caixa · now: vm`.
pub fn words(expect: &Expect, world: &World, fill: &dyn Fn(&str) -> String, lang: Lang) -> String {
    let value = |on, fact| world.now.value(on, fact).map_or_else(|| "?".to_owned(), Value::to_string);
    let viewed = |on, fact, rest: String| (format!("{} {fact} {rest}", side(on, lang)), value(on, fact));
    let (wanted, now) = match asks(expect) {
        Some(Asks::Is(on, fact, text)) => viewed(on, fact, format!("= {}", fill(text))),
        Some(Asks::IsNot(on, fact, text)) => viewed(on, fact, format!("≠ {}", fill(text))),
        Some(Asks::AtLeast(on, fact, least)) => viewed(on, fact, format!("≥ {least}")),
        Some(Asks::AtMost(on, fact, most)) => viewed(on, fact, format!("≤ {most}")),
        Some(Asks::Contains(on, fact, text)) => viewed(on, fact, format!("∋ {}", fill(text))),
        Some(Asks::Sides(fact, how)) => (
            format!("{fact}: {} {} {}", side(Side::Outside, lang), relation(how), side(Side::Inside, lang)),
            format!("{} · {}", value(Side::Outside, fact), value(Side::Inside, fact)),
        ),
        Some(Asks::Prints(on, line)) => {
            (format!("{} {} {}", side(on, lang), lang.pick("prints", "mostra"), fill(line)), last(world, on, lang))
        }
        Some(Asks::PrintsNot(on, line)) => {
            let verb = lang.pick("does not print", "não mostra");
            (format!("{} {verb} {}", side(on, lang), fill(line)), last(world, on, lang))
        }
        Some(Asks::Box(how)) => (
            format!("{} {}", lang.pick("the box", "a caixa"), lives(how == BoxIs::Running, lang)),
            lives(world.box_runs, lang).to_owned(),
        ),
        Some(Asks::Refused(errno)) => (
            format!("{} {errno}", lang.pick("the kernel refuses with", "o kernel recusa com")),
            world.refused.unwrap_or(lang.pick("nothing refused", "nada recusado")).to_owned(),
        ),
        None => return lang.pick("an expectation of no form", "uma expectativa sem forma").to_owned(),
    };
    format!("{wanted} · {}: {now}", lang.pick("now", "agora"))
}

/// An expectation of a fact as the rows of the screen name it and show it, for a learner; none where it is of no fact.
#[must_use]
pub fn of_rows(expect: &Expect, world: &World, fill: &dyn Fn(&str) -> String, lang: Lang) -> Option<String> {
    let row = |fact| super::words::fact(fact, lang);
    let shown = |on, fact| {
        world.now.value(on, fact).map_or_else(|| "?".to_owned(), |value| super::words::value(fact, value, lang))
    };
    // A lesson has it as text, the kernel may have it as a number.
    let as_shown = |fact, text: String| {
        let value = text.parse().map_or(Value::Text(text), Value::Number);
        super::words::value(fact, &value, lang)
    };
    let (on, fact, how, wanted) = match asks(expect)? {
        Asks::Is(on, fact, text) => (on, fact, "=", as_shown(fact, fill(text))),
        Asks::IsNot(on, fact, text) => (on, fact, "≠", as_shown(fact, fill(text))),
        Asks::AtLeast(on, fact, least) => {
            (on, fact, lang.pick("at least", "pelo menos"), as_shown(fact, least.to_string()))
        }
        Asks::AtMost(on, fact, most) => (on, fact, lang.pick("at most", "no máximo"), as_shown(fact, most.to_string())),
        Asks::Contains(on, fact, text) => (on, fact, lang.pick("with", "com"), fill(text)),
        Asks::Sides(fact, how) => {
            let wanted = match how {
                Compare::Same => lang.pick("the same outside and inside", "igual fora e dentro"),
                Compare::Differ => lang.pick("not the same outside and inside", "diferente fora e dentro"),
            };
            let now = [Side::Outside, Side::Inside].map(|side| shown(side, fact)).join(" · ");
            return Some(format!("{} {wanted} · {}: {now}", row(fact), lang.pick("now", "agora")));
        }
        _ => return None,
    };
    let (side, now) = (side(on, lang), lang.pick("now", "agora"));
    Some(format!("{side} {} {how} {wanted} · {now}: {}", row(fact), shown(on, fact)))
}

const fn side(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Machine => lang.pick("machine", "máquina"),
        Side::Outside => lang.pick("outside", "fora"),
        Side::Inside => lang.pick("inside", "dentro"),
    }
}

const fn relation(how: Compare) -> char {
    match how {
        Compare::Same => '=',
        Compare::Differ => '≠',
    }
}

const fn lives(runs: bool, lang: Lang) -> &'static str {
    if runs { lang.pick("runs", "está rodando") } else { lang.pick("has ended", "terminou") }
}

/// The last line that the side's shell printed.
#[must_use]
pub fn last(world: &World, on: Side, lang: Lang) -> String {
    let line = printed(world, on).and_then(|printed| output(printed).rfind(|line| !line.trim().is_empty()));
    line.map_or_else(|| lang.pick("nothing", "nada").to_owned(), |line| line.trim().to_owned())
}
