//! What a step has changed: the relation of the sides, or a value that is no identity.
//!
//! Inodes and PIDs are renewed by every restart, so that a new one says nothing by itself.

use super::Talk;
use crate::kernel::fact::{Fact, Side, Snapshot};

impl Talk {
    /// Marks the facts that the step has changed.
    pub(super) fn mark(&mut self) {
        self.changed = changed(&self.before, &self.now).collect();
    }

    /// Takes the marks from what is again as it was before the step.
    pub(super) fn unmark(&mut self) {
        let still: Vec<Fact> = changed(&self.before, &self.now).collect();
        self.changed.retain(|fact| still.contains(fact));
    }

    /// Whether a changed fact is marked on this side: where its value moved; for names of things, inside.
    #[must_use]
    pub fn changed_on(&self, side: Side, fact: Fact) -> bool {
        let moved = |side: Side| self.before.value(side, fact) != self.now.value(side, fact);
        let either = !fact.is_identity() && (moved(Side::Outside) || moved(Side::Inside));
        self.changed.contains(&fact) && if either { moved(side) } else { side == Side::Inside }
    }
}

/// The facts that differ between two looks.
fn changed<'a>(before: &'a Snapshot, now: &'a Snapshot) -> impl Iterator<Item = Fact> + 'a {
    Fact::ALL.iter().copied().filter(|fact| {
        // The machine's own row bears no mark.
        let sides = [Side::Outside, Side::Inside];
        let value = !fact.is_identity() && sides.into_iter().any(|side| value_changed(before, now, side, *fact));
        value || relation_changed(before, now, *fact)
    })
}

/// A side that could not be seen at all, before or now, has changed nothing.
fn value_changed(before: &Snapshot, now: &Snapshot, side: Side, fact: Fact) -> bool {
    let seen = !before.side(side).is_empty() && !now.side(side).is_empty();
    seen && before.value(side, fact) != now.value(side, fact)
}

fn relation_changed(before: &Snapshot, now: &Snapshot, fact: Fact) -> bool {
    let same = |look: &Snapshot| Some(look.value(Side::Outside, fact)? == look.value(Side::Inside, fact)?);
    same(before).zip(same(now)).is_some_and(|(before, now)| before != now)
}
