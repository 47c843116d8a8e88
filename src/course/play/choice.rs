//! What is switched on, and how: always whole, for a line is on only together with all that it needs.

use std::collections::BTreeMap;

use super::Line;
use crate::course::lesson::{Limit, Start, Switch};
use crate::course::text::Lang;
use crate::kernel::feature::Feature;

/// The powers that stand for all of root's, in docker run's word.
const ALL: &str = "ALL";

/// A combination: what the box is started with, and what it is limited to while it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The language of the name that a box gets.
    pub lang: Lang,
    /// The name of the root file system, if it is not the first of those that there are.
    pub root: Option<String>,
    /// What the box is started with.
    pub start: Start,
    /// Its limits.
    pub limits: BTreeMap<Limit, String>,
}

impl Choice {
    /// Whether a line is on.
    #[must_use]
    pub fn has(&self, line: Line) -> bool {
        let start = &self.start;
        match line {
            Line::Feature(feature) => start.features.has(feature),
            Line::Hostname => start.hostname.is_some(),
            Line::Init => start.init,
            Line::Root => self.root.is_some(),
            Line::Lo => start.lo == Some(Switch::Up),
            Line::Cable => start.cable,
            Line::Offset => start.boottime != 0,
            Line::Powers => !start.cap_add.is_empty() || !start.cap_drop.is_empty(),
            Line::Limit(limit) => self.limits.contains_key(&limit),
        }
    }

    /// The lines that are on.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        Line::ALL.into_iter().filter(|line| self.has(*line))
    }

    /// What a line is set to, if it is more than on.
    #[must_use]
    pub fn setting(&self, line: Line) -> Option<String> {
        let start = &self.start;
        match line {
            Line::Hostname => start.hostname.clone(),
            Line::Root => self.root.clone(),
            Line::Offset => Some(start.boottime.to_string()).filter(|_| start.boottime != 0),
            Line::Powers if !start.cap_add.is_empty() => Some("all".to_owned()),
            Line::Powers if !start.cap_drop.is_empty() => Some("none".to_owned()),
            Line::Limit(limit) => self.limits.get(&limit).cloned(),
            _ => None,
        }
    }

    /// The combination with a line switched on (set to this, if it is a slider) and all that it needs, or off and with it
    /// all that needs it; and what went along.
    #[must_use]
    pub fn switched(&self, line: Line, on: bool, to: Option<&str>) -> (Self, Vec<Line>) {
        let mut next = self.clone();
        next.put(line, on, to);
        if on {
            for needed in line.all_needs() {
                if !next.has(needed) {
                    next.put(needed, true, None);
                }
            }
        } else {
            for other in Line::ALL.into_iter().filter(|other| other.all_needs().any(|needed| needed == line)) {
                next.put(other, false, None);
            }
        }
        let along = Line::ALL.into_iter().filter(|other| *other != line && self.has(*other) != next.has(*other));
        // A name comes and goes with the feature as a matter of course.
        let of_course = |other: &Line| line == Line::Feature(Feature::Uts) && *other == Line::Hostname;
        let along = along.filter(|other| !of_course(other)).collect();
        (next, along)
    }

    /// The slider of a line one setting down or up. Off stands above a limit's most, and below everything else's least.
    /// `None`: that is as far as it goes.
    #[must_use]
    pub fn turned(&self, line: Line, up: bool) -> Option<(Self, Vec<Line>)> {
        let ladder = line.ladder();
        if ladder.is_empty() {
            return (self.has(line) != up).then(|| self.switched(line, up, None));
        }
        let setting = self.setting(line);
        // One that was given on the command line may stand between two of the ladder.
        let at =
            setting.as_deref().map(|now| ladder.iter().position(|known| *known == now).unwrap_or(ladder.len() / 2));
        let off_is_most = line.is_live();
        let next = match (at, up) {
            (None, true) if !off_is_most => Some(0),
            (None, false) if off_is_most => Some(ladder.len() - 1),
            (None, _) => return None,
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        match next.and_then(|at| ladder.get(at)) {
            Some(to) => Some(self.switched(line, true, Some(to))),
            None if up == off_is_most => Some(self.switched(line, false, None)),
            None => None,
        }
    }

    /// Everything that `can` be had, as `unha run --all` has it, and the user namespace besides.
    #[must_use]
    pub fn everything(lang: Lang, can: impl Fn(Line) -> bool) -> Self {
        let wanted = |line: &Line| match line {
            Line::Feature(_) | Line::Hostname | Line::Lo => true,
            Line::Limit(limit) => matches!(limit, Limit::Pids | Limit::Memory | Limit::Cpus),
            Line::Init | Line::Root | Line::Cable | Line::Offset | Line::Powers => false,
        };
        let usable = |line: &Line| can(*line) && line.all_needs().all(&can);
        let lines = Line::ALL.into_iter().filter(|line| wanted(line) && usable(line));
        lines.fold(Self { lang, ..Self::default() }, |choice, line| choice.switched(line, true, None).0)
    }

    /// The limits of a box that is started: one that stood still could not be typed to.
    #[must_use]
    pub fn first_limits(&self) -> BTreeMap<Limit, String> {
        let mut limits = self.limits.clone();
        limits.remove(&Limit::Freezer);
        limits
    }

    /// What has to be set to come from other limits to these.
    #[must_use]
    pub fn limits_after(&self, before: &Self) -> BTreeMap<Limit, String> {
        let gone = before.limits.keys().filter(|limit| !self.limits.contains_key(limit));
        let gone = gone.map(|limit| (*limit, without(*limit).to_owned()));
        let set = self.limits.iter().filter(|(limit, to)| before.limits.get(limit) != Some(to));
        set.map(|(limit, to)| (*limit, to.clone())).chain(gone).collect()
    }

    fn put(&mut self, line: Line, on: bool, to: Option<&str>) {
        let start = &mut self.start;
        match line {
            Line::Feature(feature) if on => {
                start.features = start.features.with(feature);
                if feature == Feature::Uts && start.hostname.is_none() {
                    start.hostname = Some(self.lang.pick("box", "caixa").to_owned());
                }
            }
            Line::Feature(feature) => start.features = start.features.without(feature),
            Line::Hostname => {
                let name = to.unwrap_or(self.lang.pick("box", "caixa"));
                start.hostname = on.then(|| name.to_owned());
            }
            Line::Init => start.init = on,
            Line::Root => self.root = to.filter(|_| on).map(str::to_owned),
            Line::Lo => start.lo = on.then_some(Switch::Up),
            Line::Cable => start.cable = on,
            Line::Offset => {
                let seconds = to.or_else(|| line.ladder().get(1).copied()).and_then(|to| to.parse().ok());
                start.boottime = seconds.filter(|_| on).unwrap_or(0);
            }
            Line::Powers => {
                let all = || vec![ALL.to_owned()];
                let keeps = to == Some("all");
                start.cap_add = if on && keeps { all() } else { vec![] };
                start.cap_drop = if on && !keeps { all() } else { vec![] };
            }
            Line::Limit(limit) if on => {
                let to = to.unwrap_or_else(|| usual(limit));
                self.limits.insert(limit, to.to_owned());
            }
            Line::Limit(limit) => drop(self.limits.remove(&limit)),
        }
    }
}

/// What a limit begins with.
const fn usual(limit: Limit) -> &'static str {
    match limit {
        Limit::Pids => "15",
        Limit::Memory => "64M",
        Limit::Cpus => "0.5",
        Limit::CpuShares => "512",
        Limit::DeviceWriteBps => "1M",
        Limit::DeviceDeny => "c 1:5",
        Limit::Freezer => "frozen",
        Limit::Rate => "4mbit",
    }
}

/// What lifts a limit again.
const fn without(limit: Limit) -> &'static str {
    match limit {
        Limit::Pids | Limit::Memory | Limit::Cpus | Limit::DeviceWriteBps | Limit::Rate => "max",
        // What every cgroup has that nobody gave another.
        Limit::CpuShares => "1024",
        Limit::DeviceDeny => "none",
        Limit::Freezer => "thawed",
    }
}
