//! What things are called where a person looks around, in both languages.

use std::collections::BTreeMap;

use super::{Inspection, View};
use crate::course::glossary::{Term, find};
use crate::course::text::Lang;
use crate::course::{Container, Engine, Fact, Group, Kind, Side, Tree, Trouble, Value, Why};

/// Whether it is an engine's unit of whatever kind, rather than a container.
const fn is_unit(engine: Engine) -> bool {
    matches!(engine, Engine::Systemd)
}

/// What a group is called: as its engine calls it, else by the name of its first process.
#[must_use]
pub fn name(group: &Group) -> String {
    group.container.as_ref().map_or_else(|| group.first.name.clone(), Container::full_name)
}

/// What to do where a process may not be looked into: root is not sent to sudo once more.
#[must_use]
pub const fn let_in(is_root: bool, lang: Lang) -> &'static str {
    if is_root {
        return lang.pick(
            "Root here has no CAP_SYS_PTRACE, or that process has a capability that this root has not. Next: as the \
             machine's own root, outside of this container or sandbox.",
            "O root daqui não tem CAP_SYS_PTRACE, ou esse processo tem uma capability que este root não tem. Tente como o \
             root da própria máquina, fora deste contêiner ou sandbox.",
        );
    }
    lang.pick("Next: the same with sudo, or as its user.", "Tente com sudo ou como o dono do processo.")
}

/// How long ago something was, in the largest unit that counts: `3 d`, `2 h`, `5 min`, `12 s`.
#[must_use]
pub fn age(since: u64, now: u64) -> String {
    match now.saturating_sub(since) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min", seconds / 60),
        seconds @ 3600..86_400 => format!("{} h", seconds / 3600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// Who else is in each of its namespaces, those of the machine apart: the kinds that the same others share, and their names.
#[must_use]
pub fn sharers(group: &Group, groups: &[Group]) -> Vec<(Vec<Kind>, Vec<String>)> {
    let mut by_others: BTreeMap<&[usize], Vec<Kind>> = BTreeMap::new();
    for (kind, others) in group.shares.iter().filter(|(_, others)| !others.is_empty()) {
        by_others.entry(others).or_default().push(*kind);
    }
    let named = |others: &[usize]| -> Vec<String> {
        let each = others.iter().filter_map(|other| groups.get(*other));
        each.map(|other| format!("{} ({})", name(other), other.first.pid)).collect()
    };
    by_others.into_iter().map(|(others, kinds)| (kinds, named(others))).collect()
}

/// The kinds of which it has no namespace of its own.
#[must_use]
pub fn shared(group: &Group, there: impl Fn(Kind) -> bool) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| !group.apart.contains(kind) && there(*kind)).collect()
}

/// Why an engine could not be asked, in one sentence.
#[must_use]
pub fn trouble(trouble: &Trouble, lang: Lang) -> String {
    let (name, place) = (trouble.engine.word(), &trouble.place);
    match (&trouble.why, lang) {
        (Why::Hangs(ms), Lang::En) => format!("{name}: {place} does not answer ({ms} ms)"),
        (Why::Hangs(ms), Lang::PtBr) => format!("{name}: {place} não responde ({ms} ms)"),
        (Why::Denied(call), Lang::En) => format!("{name}: you may not ask it: {call}"),
        (Why::Denied(call), Lang::PtBr) => format!("{name}: você não tem permissão para perguntar: {call}"),
        (Why::Failed(call), _) => format!("{name}: {call}"),
        (Why::Nonsense(what), Lang::En) => format!("{name}: {place} answers nonsense: {what}"),
        (Why::Nonsense(what), Lang::PtBr) => format!("{name}: {place} responde o que não se entende: {what}"),
    }
}

/// The most containers of one starter's that are named.
const MOST: usize = 6;

/// Of a process that is in no container, or outside of the PID namespace that it has made for its children (`awaits`): that
/// it is so, and which of its descendants is in one.
#[must_use]
pub fn elsewhere(pid: u32, tree: &Tree, awaits: bool, lang: Lang) -> Option<String> {
    let what = match (tree.home_of(pid), lang) {
        (None, Lang::En) => format!("PID {pid} is in no container: all its namespaces are this machine's."),
        (None, Lang::PtBr) => {
            format!("O PID {pid} não está em contêiner nenhum: todos os namespaces dele são os desta máquina.")
        }
        (Some(_), Lang::En) if awaits => {
            format!("PID {pid} is outside of the PID namespace that it made: only its children are in it.")
        }
        (Some(_), Lang::PtBr) if awaits => {
            format!("O PID {pid} está fora do PID namespace que ele criou: só os filhos dele estão lá.")
        }
        (Some(_), _) => return None,
    };
    let started = tree.started_by(pid);
    let each = started.iter().take(MOST).map(|group| format!("`unha inspect {}` ({})", group.first.pid, name(group)));
    let each = each.collect::<Vec<_>>().join(", ") + if started.len() > MOST { ", …" } else { "" };
    let kin = match (started.as_slice(), lang) {
        ([], _) => return Some(what),
        ([one], Lang::En) if one.first.parent == pid => "Its child is in namespaces of its own",
        ([one], Lang::PtBr) if one.first.parent == pid => "O filho dele tem namespaces só seus",
        ([_], Lang::En) => "A descendant of it is in namespaces of its own",
        ([_], Lang::PtBr) => "Um descendente dele tem namespaces só seus",
        (_, Lang::En) => "Descendants of it are in namespaces of their own",
        (_, Lang::PtBr) => "Há descendentes dele com namespaces só seus",
    };
    Some(format!("{what}\n{kin}: {each}"))
}

impl Inspection {
    /// What is said above the portrait of a process that was asked for by its number and is not in the container it started.
    #[must_use]
    pub fn elsewhere(&self) -> Option<String> {
        let asked = self.asked?;
        let awaits = self
            .shown()
            .is_some_and(|portrait| portrait.now.value(Side::Inside, Fact::AwaitsChild) == Some(&Value::Number(1)));
        elsewhere(asked.pid, self.tree.as_ref()?, awaits, self.lang)
    }

    /// The terms of the trade that are said on the screen, in the order in which they are said.
    #[must_use]
    pub fn terms(&self) -> Vec<&'static Term> {
        let lang = self.lang;
        let mut said = vec!["namespace, PID, cgroup"];
        if let Some(portrait) = self.shown().filter(|_| self.view == View::Portrait) {
            let holes = portrait.isolation.holes.iter().flat_map(|hole| [&hole.says, &hole.allows]);
            let walls = portrait.isolation.walls.iter().map(|wall| &wall.says);
            said.extend(holes.chain(walls).map(|text| text.get(lang)));
        }
        let mut terms: Vec<&Term> = vec![];
        for (_, term) in said.into_iter().flat_map(|text| find(text, lang)) {
            if !terms.iter().any(|known| known.id == term.id) {
                terms.push(term);
            }
        }
        terms
    }

    /// How many groups are containers of an engine's, and how many are there in all.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let groups = self.groups();
        let of_engines = groups.iter().filter_map(|group| group.container.as_ref());
        (of_engines.filter(|container| !is_unit(container.engine)).count(), groups.len())
    }
}
