//! What the kernel says, as sentences: a fact a line, with the words "the same", "different", "now".
//!
//! A row is said once and then only when it has changed: whoever listens has no eye to skip the rest.

use std::collections::BTreeMap;

use super::heard::sentence_side;
use crate::course::portuguese::plainly;
use crate::course::talk::Talk;
use crate::course::text::Lang;
use crate::course::words;
use crate::course::{Fact, Reading, Side, Value};

/// A row as it was said: what would have to differ to be said again, and the values outside and inside.
#[derive(PartialEq)]
struct Row {
    key: String,
    sides: [String; 2],
    /// Whether it was said, and not only seen.
    said: bool,
}

/// The rows that were said.
#[derive(Default)]
pub struct Told {
    rows: BTreeMap<Fact, Row>,
    /// What was said to be true of the machine itself.
    machine: BTreeMap<Fact, String>,
}

impl Told {
    /// Forgets them: all rows are said again.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The rows of the step at hand that were not said so before, where it `marks` them those that it has changed as such.
    pub fn rows(&mut self, talk: &Talk, marks: bool) -> Vec<String> {
        let mut said = vec![];
        for fact in rows(talk) {
            let row = Row { said: true, ..Row::of(talk, fact) };
            let changed = marks && talk.changed.contains(&fact);
            let moved = [Side::Outside, Side::Inside].map(|side| changed && talk.changed_on(side, fact));
            let uses_more =
                marks && words::used(fact).is_some_and(|used| talk.changed.contains(&used) && shows(talk, used));
            if changed || uses_more || self.rows.get(&fact).is_none_or(|before| !before.said || before.key != row.key) {
                said.push(sentence(talk, fact, moved));
            }
            self.rows.insert(fact, row);
        }
        said.extend(self.machine(talk));
        said
    }

    /// The rows of the step that have changed since they were said, but for those that move by themselves.
    pub fn changes(&mut self, talk: &Talk) -> Vec<String> {
        let mut said = vec![];
        for fact in rows(talk).into_iter().filter(|fact| !moves(*fact)) {
            let row = Row::of(talk, fact);
            let before = self.rows.get(&fact).filter(|before| before.key != row.key);
            if let Some(before) = before {
                let moved = [0, 1].map(|side: usize| before.sides[side] != row.sides[side]);
                let line =
                    if has_nothing(talk, fact) { of_nothing(talk, fact, moved) } else { sentence(talk, fact, moved) };
                if !said.contains(&line) {
                    said.push(line);
                }
                self.rows.insert(fact, Row { said: true, ..row });
            }
        }
        said
    }

    /// Takes note of the rows without saying them.
    pub fn note(&mut self, talk: &Talk) {
        for fact in rows(talk) {
            self.rows.entry(fact).or_insert_with(|| Row::of(talk, fact));
        }
    }

    /// What is true of the machine itself, where that is something else.
    fn machine(&mut self, talk: &Talk) -> Option<String> {
        let (lang, step) = (talk.lang, talk.step());
        let shown = step.see.iter().filter(|fact| !step.gauges && words::has_true_value(**fact));
        let mut said = vec![];
        for fact in shown.copied() {
            let own = talk.now.value(Side::Machine, fact);
            let Some(own) = own.filter(|own| talk.now.value(Side::Outside, fact) != Some(own)) else { continue };
            let told = value(fact, own, lang);
            let before = self.machine.insert(fact, told.clone());
            // The process is another one with each box, and that alone is no news.
            if before.is_none_or(|before| before != told && fact != Fact::Pid) {
                said.push(format!("{} {told}", name(fact, lang)));
            }
        }
        (!said.is_empty()).then(|| format!("{}: {}.", lang.pick("Your machine", "Sua máquina"), said.join("; ")))
    }
}

impl Row {
    fn of(talk: &Talk, fact: Fact) -> Self {
        let sides = [Side::Outside, Side::Inside].map(|side| said(talk, fact, side));
        let key = match (talk.now.value(Side::Outside, fact), talk.now.value(Side::Inside, fact)) {
            // Every box has new inodes and numbers; what they say is whether the sides share them.
            (Some(outside), Some(inside)) if fact.is_identity() => (outside == inside).to_string(),
            _ => sides.join("\n"),
        };
        Self { key, sides, said: false }
    }
}

/// All rows of the step, whatever was said before.
pub fn all(talk: &Talk) -> Vec<String> {
    Told::default().rows(talk, false)
}

/// The rows of a step; of a cgroup's those that every such step has.
fn rows(talk: &Talk) -> Vec<Fact> {
    let see = &talk.step().see;
    if see.is_empty() && talk.step().gauges {
        return vec![Fact::PidsMax, Fact::PidsRefused, Fact::MemoryMax, Fact::CpuMax];
    }
    // How much is used of a limit is said with it.
    let with_limit = |fact: &Fact| see.iter().any(|limit| words::used(*limit) == Some(*fact));
    // What no side has to say anything of is no row.
    let is_known =
        |fact: &Fact| [Side::Outside, Side::Inside].iter().any(|side| talk.now.side(*side).contains_key(fact));
    see.iter().copied().filter(|fact| !with_limit(fact) && is_known(fact)).collect()
}

/// Whether the step shows a fact.
fn shows(talk: &Talk, fact: Fact) -> bool {
    talk.step().see.contains(&fact)
}

/// Whether a value goes up and down by itself.
fn moves(fact: Fact) -> bool {
    let counts = [Fact::Uptime, Fact::CpuThrottled, Fact::CpuThrottledTime, Fact::IoWritten, Fact::NetDropped];
    fact.key().ends_with(".current") || fact.key().ends_with(".pressure") || counts.contains(&fact)
}

/// Whether there is one value for both sides: the box's cgroup and its cable, whoever reads them.
fn is_single(talk: &Talk, fact: Fact) -> bool {
    talk.step().gauges && (fact.is_of_cgroup() || fact.key().starts_with("net."))
}

/// Whether it is by hand, and nothing is apart that could have a value inside.
fn has_nothing(talk: &Talk, fact: Fact) -> bool {
    talk.exercise().is_some() && !talk.now.side(Side::Inside).contains_key(&fact)
}

/// A fact while nothing is apart: outside alone, or that what was apart has ended.
fn of_nothing(talk: &Talk, fact: Fact, [out_moved, _]: [bool; 2]) -> String {
    let (lang, outside) = (talk.lang, sentence_side(Side::Outside, talk.lang));
    if out_moved {
        return format!("{outside}: {}{} {}.", name(fact, lang), is_now(fact, lang), said(talk, fact, Side::Outside));
    }
    format!("{}: {}.", sentence_side(Side::Inside, lang), words::nothing_apart(lang))
}

/// A fact as a sentence; where it has changed, what is so now comes first.
fn sentence(talk: &Talk, fact: Fact, [out_moved, in_moved]: [bool; 2]) -> String {
    let (lang, name) = (talk.lang, name(fact, talk.lang));
    let changed = out_moved || in_moved;
    if is_single(talk, fact) {
        let is = if changed { is_now(fact, lang) } else { ":" };
        return format!("{name}{is} {}.", single(talk, fact));
    }
    let [outside, inside] = [Side::Outside, Side::Inside].map(|side| said(talk, fact, side));
    let both = talk.now.value(Side::Outside, fact).zip(talk.now.value(Side::Inside, fact));
    let same = both.map(|(outside, inside)| outside == inside);
    let word = |side| words::side(side, lang).to_lowercase();
    let (out_word, in_word) = (word(Side::Outside), word(Side::Inside));
    if !talk.box_runs && talk.now.inside.is_empty() {
        return format!("{name}: {out_word} {outside}, {in_word} {inside}.");
    }
    if changed && fact.is_identity() && same.is_some() {
        return match (same, lang) {
            (Some(true), Lang::En) => format!("{name}: now the same outside and inside, {inside}."),
            (Some(true), Lang::PtBr) => format!("{name}: agora igual fora e dentro, {inside}."),
            (_, Lang::En) => format!("{name}: now different. Outside {outside}, inside {inside}."),
            (_, Lang::PtBr) => format!("{name}: agora diferente. Fora {outside}, dentro {inside}."),
        };
    }
    let is_now = is_now(fact, lang);
    let now = |side, value: &str| format!("{}: {name}{is_now} {value}.", sentence_side(side, lang));
    let unchanged = |side, value: &str| match lang {
        Lang::En => format!("{}: unchanged, {value}.", sentence_side(side, lang)),
        Lang::PtBr => format!("{}: sem mudança, {value}.", sentence_side(side, lang)),
    };
    match (out_moved, in_moved, same) {
        (true, true, Some(true)) => {
            format!("{}: {name}{is_now} {inside}.", lang.pick("Outside and inside", "Fora e dentro"))
        }
        (true, true, _) => format!("{} {}", now(Side::Outside, &outside), now(Side::Inside, &inside)),
        (false, true, _) => format!("{} {}", now(Side::Inside, &inside), unchanged(Side::Outside, &outside)),
        (true, false, _) => format!("{} {}", now(Side::Outside, &outside), unchanged(Side::Inside, &inside)),
        (false, false, Some(true)) => match lang {
            Lang::En => format!("{name}: {inside}, the same outside and inside."),
            Lang::PtBr => format!("{name}: {inside}, igual fora e dentro."),
        },
        (false, false, Some(false)) => {
            let different = lang.pick("Different", "Diferente");
            format!("{name}: {out_word} {outside}, {in_word} {inside}. {different}.")
        }
        (false, false, None) if outside == inside => format!("{name}: {outside}."),
        (false, false, None) => format!("{name}: {out_word} {outside}, {in_word} {inside}."),
    }
}

/// The name of a fact; without the column that it stands in some say too little.
const fn name(fact: Fact, lang: Lang) -> &'static str {
    match fact {
        Fact::PidsRefused => lang.pick("refused forks", "forks recusados"),
        Fact::CpuThrottled => lang.pick("number of waits for CPU", "número de esperas por CPU"),
        Fact::CpuThrottledTime => lang.pick("time waited for CPU", "tempo de espera por CPU"),
        Fact::Root => lang.pick("inode of /", "inode de /"),
        Fact::RootType => lang.pick("type of /", "tipo de /"),
        Fact::MountPoints => lang.pick("mounts of its own", "montagens só suas"),
        Fact::Uptime => lang.pick("time up", "tempo no ar"),
        Fact::CpuPressure => lang.pick("waiting for cpu", "espera por cpu"),
        Fact::MemoryPressure => lang.pick("waiting for memory", "espera por memória"),
        Fact::IoPressure => lang.pick("waiting for a disk", "espera por disco"),
        Fact::NetDropped => lang.pick("number of dropped packets", "número de pacotes descartados"),
        _ => words::fact(fact, lang),
    }
}

/// Between a fact's name and its value, where that has changed.
const fn is_now(fact: Fact, lang: Lang) -> &'static str {
    let several = matches!(
        fact,
        Fact::Processes
            | Fact::Mounts
            | Fact::Links
            | Fact::LinksUp
            | Fact::Addresses
            | Fact::Queues
            | Fact::PidsRefused
    );
    if several { lang.pick(" are now", " agora são") } else { lang.pick(" is now", " agora é") }
}

/// A limit and what is used of it, or any other value of the box's cgroup.
fn single(talk: &Talk, fact: Fact) -> String {
    let lang = talk.lang;
    let read = |fact| talk.now.value(Side::Outside, fact).or_else(|| talk.now.value(Side::Inside, fact));
    let side = if talk.now.side(Side::Outside).contains_key(&fact) { Side::Outside } else { Side::Inside };
    let limit = said(talk, fact, side);
    let Some((part, now)) = words::used(fact).and_then(|part| Some((part, read(part)?))) else { return limit };
    let full = match (read(fact), now) {
        (Some(Value::Number(limit)), Value::Number(now)) if now >= limit && *limit > 0 => {
            format!(", {}", words::full(lang).to_lowercase())
        }
        _ => String::new(),
    };
    let name = if part == Fact::CpuShare { words::fact(part, lang) } else { lang.pick("in use", "em uso") };
    format!("{limit}; {name} {}{full}", value(part, now, lang))
}

/// A side's value, or why there is none.
fn said(talk: &Talk, fact: Fact, side: Side) -> String {
    let lang = talk.lang;
    match talk.now.side(side).get(&fact) {
        Some(Reading::Value(read)) => value(fact, read, lang),
        Some(Reading::Missing(why)) => {
            format!("{} ({})", lang.pick("not known", "não se sabe"), plainly(why, lang))
        }
        None if side == Side::Inside && talk.exercise().is_some() => words::nothing_apart(lang).to_owned(),
        None if side == Side::Inside && !talk.box_runs => lang.pick("no box", "nenhuma caixa").to_owned(),
        None => lang.pick("not known", "não se sabe").to_owned(),
    }
}

/// A value as it is read aloud: the last four digits of an inode, without brackets.
fn value(fact: Fact, value: &Value, lang: Lang) -> String {
    match value {
        Value::Number(inode) if words::is_namespace(fact) => format!("{:04}", inode % 10_000),
        Value::List(items) if items.len() > 1 && words::value(fact, value, lang) == value.to_string() => {
            items.join(", ")
        }
        _ => words::value(fact, value, lang),
    }
}
