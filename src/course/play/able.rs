//! What this machine can do of it, as the agenda and `unha doctor` say it: a line that it cannot have is greyed, not hidden.

use super::{Line, Play};
use crate::course::event::NO_CGROUP;
use crate::course::portuguese::plainly;
use crate::course::reason::why;
use crate::course::text::Lang;
use crate::kernel::feature::Feature;
use crate::kernel::reason::Because;

impl Play {
    /// Why a line cannot be had here, in one sentence; `None`: it can.
    #[must_use]
    pub fn refusal(&self, line: Line) -> Option<String> {
        let lang = self.talk.lang;
        std::iter::once(line).chain(line.all_needs()).find_map(|line| self.own_refusal(line, lang))
    }

    fn own_refusal(&self, line: Line, lang: Lang) -> Option<String> {
        let machine = &self.talk.machine;
        let said = |because: &Because| why(because.reason, lang).to_owned();
        if line == Line::Feature(Feature::Cgroup) {
            if let Err(because) = &machine.cgroup {
                return Some(said(because));
            }
            // The bench may have found out more than a glance had.
            if let Some(why) = self.talk.names.get(NO_CGROUP) {
                return Some(plainly(why, lang));
            }
        }
        if line == Line::Feature(Feature::Rootfs)
            && let Err(because) = &machine.rootfs
        {
            return Some(said(because));
        }
        if line == Line::Root && self.roots.len() < 2 {
            let no_other = lang.pick(
                "there is only one; unha rootfs import adds others",
                "só há um; unha rootfs import acrescenta outro",
            );
            return Some(no_other.to_owned());
        }
        line.asks_for().iter().find_map(|what| self.cannot.get(what)).map(said)
    }

    /// Whether a line can be had here.
    #[must_use]
    pub fn can(&self, line: Line) -> bool {
        self.refusal(line).is_none()
    }
}
