//! Who holds the keyboard, and what is chosen or scrolled with it.

use super::super::event::Effect;
use super::super::way::ways;
use super::{Answer, Notice, Overlay, Phase, Talk, View, index};
use crate::kernel::fact::Side;
use crate::kernel::feature::Feature;

/// As far as anything can be scrolled: a little more than the longest source has lines, so that the way back is short.
const DEEP: usize = 300;

impl Talk {
    /// Whether a side's shell can be typed into.
    fn has_shell(&self, side: Side) -> bool {
        self.view == View::Lesson && self.run.stands && self.has_box_for(side)
    }

    /// Gives the keyboard to the shell in view, or back to the talk.
    pub(super) fn hand_over(&mut self) -> Vec<Effect> {
        if self.keyboard.take().is_some() {
            return self.handed_back();
        }
        if self.plays() {
            return self.only_recorded();
        }
        if !self.has_shell(self.side) {
            return self.nothing();
        }
        self.overlay = None;
        self.keyboard = Some(self.side);
        self.hold()
    }

    /// Puts the other side in view; the keyboard goes with it, if there is a shell for it.
    pub(super) fn other_side(&mut self) -> Vec<Effect> {
        if self.exercise().is_some() {
            return self.nothing();
        }
        self.side = if self.side == Side::Inside { Side::Outside } else { Side::Inside };
        if self.keyboard.is_some() {
            self.keyboard = Some(self.side).filter(|side| self.has_shell(*side));
            if self.keyboard.is_none() {
                return self.handed_back();
            }
        }
        Vec::new()
    }

    /// Bytes of the person for the shell that has the keyboard.
    pub(super) fn send(&mut self, bytes: Vec<u8>) -> Vec<Effect> {
        let Some(side) = self.keyboard else {
            self.notice = Some(Notice::Stray);
            return Vec::new();
        };
        self.shells[index(side)].touched = true;
        self.run.typed_outside |= side == Side::Outside;
        // Enter, or the end of input: before it the script can still take the line back.
        let sent = bytes.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 4));
        let mut effects = vec![Effect::Send(side, bytes)];
        effects.extend(self.give_way(side));
        if sent {
            effects.extend(self.line_sent(side));
        }
        effects
    }

    /// Chooses an answer, a lesson or a way out.
    pub(super) fn choose(&mut self, number: usize) -> Vec<Effect> {
        if matches!(self.overlay, Some(Overlay::Switches { .. })) {
            return self.flip(number.wrapping_sub(1));
        }
        if self.counts_hands() {
            return self.count_hands(number);
        }
        let Some(at) = number.checked_sub(1) else { return self.nothing() };
        if self.view == View::Lesson && self.exercise().is_some() {
            return self.choose_line(at);
        }
        match self.view {
            View::Recall => return self.recalls(number),
            View::Agenda { .. } if at < self.lessons.len() => self.view = View::Agenda { chosen: at },
            View::Failure { .. } if at < ways(self).len() => self.view = View::Failure { chosen: at },
            View::Lesson if at < self.step().choices.len() && matches!(self.phase, Phase::Ask | Phase::Ready) => {
                self.take_answer(self.key(), Answer::Chose(number));
                self.phase = Phase::Ready;
            }
            _ => return self.nothing(),
        }
        Vec::new()
    }

    /// Takes an overlay away.
    pub(super) fn close(&mut self) -> Vec<Effect> {
        if self.overlay.is_none() && self.view == View::Recall {
            return self.leave_recall();
        }
        let covered = self.overlay.take();
        self.scroll = 0;
        // The page that closes a step was its end: closing it goes on.
        if covered == Some(Overlay::Script) && self.view == View::Lesson && self.phase == Phase::Done {
            return if self.is_building() { Vec::new() } else { self.leave_step() };
        }
        Vec::new()
    }

    /// Scrolls what is shown, or chooses in a list.
    pub(super) fn scroll_by(&mut self, lines: i32) {
        let by = usize::try_from(lines.unsigned_abs()).unwrap_or(usize::MAX);
        let moved = |at: usize, last: usize| {
            if lines < 0 { at.saturating_sub(by) } else { at.saturating_add(by).min(last) }
        };
        // The lesson and the journal end in the present, and are read backwards from there.
        let back = |at: usize, last: usize| {
            if lines < 0 { at.saturating_add(by).min(last) } else { at.saturating_sub(by) }
        };
        match (self.overlay, self.view) {
            (Some(Overlay::Overview), _) => self.choose_slide(lines),
            (Some(Overlay::Switches { set, chosen }), _) => {
                let chosen = moved(chosen, Feature::ALL.len() - 1);
                self.overlay = Some(Overlay::Switches { set, chosen });
            }
            (Some(Overlay::Calls), _) => self.scroll = back(self.scroll, self.journal.len()),
            (Some(_), _) => self.scroll = moved(self.scroll, DEEP),
            (None, View::Slides) => {}
            (None, View::Agenda { chosen }) => {
                self.view = View::Agenda { chosen: moved(chosen, self.lessons.len().saturating_sub(1)) };
            }
            (None, View::Failure { chosen }) => {
                self.view = View::Failure { chosen: moved(chosen, ways(self).len() - 1) };
            }
            (None, _) => self.scroll = back(self.scroll, DEEP),
        }
    }
}
