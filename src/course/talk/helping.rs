//! What a person may ask for at any time: a hint, a limit turned, something copied, a page over the lesson.

use std::collections::BTreeMap;

use super::super::event::Effect;
use super::super::lesson::{Act, Limit};
use super::super::script::script;
use super::super::way::{chosen, command};
use super::acting::typed;
use super::run::Waits;
use super::{Notice, Overlay, Talk, View};
use crate::kernel::feature::Feature;
use crate::kernel::journal::Call;

/// The settings that a limit is turned through.
const fn ladder(limit: Limit) -> &'static [&'static str] {
    match limit {
        Limit::Pids => &["5", "10", "15", "20", "30", "50", "100"],
        Limit::Memory => &["16M", "32M", "64M", "128M"],
        Limit::Cpus => &["0.1", "0.2", "0.5", "1"],
        Limit::CpuShares => &["64", "128", "256", "512", "1024", "2048", "4096"],
        Limit::DeviceWriteBps => &["512K", "1M", "2M", "4M", "8M"],
        // Only on and off: a key that turns has nothing to turn.
        Limit::DeviceDeny => &[],
        Limit::Freezer => &["frozen", "thawed"],
        Limit::Rate => &["1mbit", "4mbit", "10mbit", "100mbit"],
    }
}

/// A setting as a number, so that one that is on no ladder has its place too.
fn size(setting: &str) -> Option<f64> {
    // A box that stands still has least of all.
    if let Some(still) = ["frozen", "thawed"].iter().position(|word| *word == setting) {
        return Some(if still == 0 { 0.0 } else { 1.0 });
    }
    let (number, unit) = match setting.char_indices().last()? {
        (at, 't') => return size(setting[..at].strip_suffix("bi")?),
        (at, 'k' | 'K') => (&setting[..at], 1024.0),
        (at, 'm' | 'M') => (&setting[..at], 1024.0 * 1024.0),
        (at, 'g' | 'G') => (&setting[..at], 1024.0 * 1024.0 * 1024.0),
        _ => (setting, 1.0),
    };
    number.parse::<f64>().ok().map(|number| number * unit)
}

/// What there is where nothing is set, if that is not more than any setting.
const fn usual(limit: Limit) -> Option<&'static str> {
    match limit {
        Limit::CpuShares => Some("1024"),
        Limit::Freezer => Some("thawed"),
        _ => None,
    }
}

/// The next setting up or down from what is set; nothing set is more than any setting, or what is usual.
fn turned(limit: Limit, now: Option<&str>, up: bool) -> Option<&'static str> {
    let now = now.or(usual(limit)).and_then(size).unwrap_or(f64::INFINITY);
    let mut settings = ladder(limit).iter().copied();
    let of = |setting: &str| size(setting).unwrap_or_default();
    if up { settings.find(|s| of(s) > now) } else { settings.rev().find(|s| of(s) < now) }
}

fn calls(journal: &[Call]) -> String {
    journal.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n") + "\n"
}

impl Talk {
    /// Says what the step waits for; asked again, puts the command at the prompt.
    pub(super) fn hint(&mut self, said: Option<&Notice>) -> Vec<Effect> {
        if self.view != View::Lesson || self.rebuilding {
            return self.nothing();
        }
        if self.exercise().is_some() {
            return self.climb();
        }
        // While the script types, a line put at the prompt would take the place of its own.
        let said = matches!(said, Some(Notice::Waiting(_))) && !matches!(self.run.waits, Some(Waits::Typing(_)));
        if !said && !self.step().expect.is_empty() {
            self.say_what_is_missing();
            return Vec::new();
        }
        if self.plays() {
            return self.only_recorded();
        }
        let mut acts = self.acts.iter().chain(&self.step().acts);
        match acts.find_map(typed) {
            Some((side, line)) => {
                let line = self.fill(line);
                self.show(side);
                vec![Effect::Prefill(side, line)]
            }
            None => self.nothing(),
        }
    }

    /// Turns the limit that the step is about.
    pub(super) fn knob(&mut self, clicks: i32) -> Vec<Effect> {
        if self.plays() {
            return self.only_recorded();
        }
        let limit = self.limit_at_hand();
        let has = if limit == Limit::Rate { self.start.cable } else { self.start.features.has(Feature::Cgroup) };
        let can = self.view == View::Lesson && self.box_runs && has;
        if !can || clicks == 0 {
            return self.nothing();
        }
        let now = self.limits.get(&limit).map(String::as_str);
        let Some(setting) = turned(limit, now, clicks > 0) else {
            self.notice = Some(Notice::KnobEnd);
            return Vec::new();
        };
        self.stray_by_hand();
        self.set_limits(BTreeMap::from([(limit, setting.to_owned())]))
    }

    fn limit_at_hand(&self) -> Limit {
        let set = self.step().acts.iter().find_map(|act| match act {
            Act::Limit(limits) => limits.keys().next().copied(),
            _ => None,
        });
        set.or_else(|| self.step().load.first().copied()).unwrap_or(Limit::Pids)
    }

    /// Does this, which is kept between two runs.
    pub(super) fn kept(&mut self, change: impl FnOnce(&mut Self)) -> Vec<Effect> {
        change(self);
        vec![Effect::SaveProgress]
    }

    /// Puts what is shown on the clipboard.
    pub(super) fn copy(&mut self) -> Vec<Effect> {
        match self.shown().filter(|text| !text.is_empty()) {
            Some(text) => {
                self.notice = Some(Notice::Copied);
                vec![Effect::Copy(text)]
            }
            None => self.nothing(),
        }
    }

    fn shown(&self) -> Option<String> {
        match (self.overlay, self.view) {
            (Some(Overlay::Calls), _) => Some(calls(&self.journal)),
            (Some(Overlay::Code), _) => self.step().code.as_ref().map(|code| code.anchor.clone()),
            (Some(Overlay::Script), _) => Some(script(&self.journal, self.lang).join("\n") + "\n"),
            (Some(_), _) | (None, View::Agenda { .. } | View::Recall | View::Slides) => None,
            (None, View::Failure { .. }) => {
                let failure = self.failure.as_ref()?;
                if let Some(line) = chosen(self).and_then(|way| command(way, self)) {
                    return Some(line);
                }
                Some(failure.call.as_ref().map_or_else(|| failure.message.clone(), ToString::to_string))
            }
            (None, View::Lesson) => {
                let typed = self.step().acts.iter().find_map(typed).map(|(_, line)| self.fill(line));
                typed.or_else(|| self.journal.get(self.journal_from..)?.last().map(ToString::to_string))
            }
        }
    }

    /// Covers the lesson with this, from its top.
    pub(super) fn cover(&mut self, overlay: Overlay) {
        self.overlay = Some(overlay);
        self.scroll = 0;
    }

    /// Shows an overlay, or takes it away where it is shown.
    pub(super) fn toggle(&mut self, overlay: Overlay) -> Vec<Effect> {
        if self.overlay == Some(overlay) {
            self.overlay = None;
        } else if overlay == Overlay::Code && self.view != View::Lesson {
            return self.nothing();
        } else if overlay == Overlay::Code && self.step().code.is_none() {
            self.notice = Some(Notice::NoCode);
            return Vec::new();
        } else {
            self.cover(overlay);
        }
        self.scroll = 0;
        Vec::new()
    }

    /// There is nothing to be done with this key here.
    pub(super) fn nothing(&mut self) -> Vec<Effect> {
        self.notice = Some(Notice::Nothing);
        Vec::new()
    }
}
