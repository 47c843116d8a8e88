//! The tree as lines: what is folded, what fits that which was typed, and the one that has just ended in its old place.

use super::{Inspection, name};
use crate::course::text::folded;
use crate::course::{Group, Namespaces};

/// A line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// What it is of.
    pub group: &'a Group,
    /// How far it is moved in.
    pub depth: usize,
    /// How many stand below it that are folded away.
    pub hidden: usize,
    /// Whether it is there no more.
    pub ended: bool,
    /// Whether it fits what was typed; else it is there for one below it.
    pub fits: bool,
}

impl Inspection {
    /// The lines from top to bottom.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        let groups = self.groups();
        let typed = self.filter.as_deref().map(folded).unwrap_or_default();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let fits: Vec<bool> = groups.iter().map(|group| fits(group, &words)).collect();
        let mut shown = fits.clone();
        if words.is_empty() {
            for (at, group) in groups.iter().enumerate() {
                shown[at] = !self.is_folded_away(group);
            }
        } else {
            // Whoever stands above one that fits says where that one is.
            for at in (0..groups.len()).filter(|at| fits[*at]) {
                let mut above = groups[at].parent;
                while let Some(parent) = above.filter(|parent| *parent < groups.len() && !shown[*parent]) {
                    shown[parent] = true;
                    above = groups[parent].parent;
                }
            }
        }
        let mut rows: Vec<Row> = (0..groups.len())
            .filter(|at| shown[*at])
            .map(|at| Row {
                group: &groups[at],
                depth: groups[at].depth,
                hidden: if self.is_folded(&groups[at].namespaces) && words.is_empty() { self.below(at) } else { 0 },
                ended: false,
                fits: fits[at],
            })
            .collect();
        if let Some((group, row)) = self.last.as_ref().filter(|(group, _)| self.is_gone(group)) {
            let ended = Row { group, depth: group.depth, hidden: 0, ended: true, fits: true };
            rows.insert((*row).min(rows.len()), ended);
        }
        rows
    }

    /// Whether it is the chosen one, and not there any more.
    fn is_gone(&self, group: &Group) -> bool {
        self.chosen == Some(group.namespaces) && !self.groups().iter().any(|other| other.namespaces == group.namespaces)
    }

    /// Whether what stands below this group is folded away.
    #[must_use]
    pub fn is_folded(&self, group: &Namespaces) -> bool {
        self.folded.contains(group)
    }

    /// How many groups stand below the one at this place.
    fn below(&self, at: usize) -> usize {
        let groups = self.groups();
        groups[at + 1..].iter().take_while(|group| group.depth > groups[at].depth).count()
    }

    fn is_folded_away(&self, group: &Group) -> bool {
        let groups = self.groups();
        let mut above = group.parent.and_then(|parent| groups.get(parent));
        // No more steps than there are groups: what stands above itself is no tree.
        for _ in 0..groups.len() {
            let Some(parent) = above else { return false };
            if self.is_folded(&parent.namespaces) {
                return true;
            }
            above = parent.parent.and_then(|parent| groups.get(parent));
        }
        false
    }

    /// The row of the chosen group.
    #[must_use]
    pub fn row(&self) -> usize {
        let chosen = self.chosen;
        self.rows().iter().position(|row| Some(row.group.namespaces) == chosen).unwrap_or(0)
    }

    /// Chooses the group this many rows further down (negative: up).
    pub(super) fn go(&mut self, rows: isize) {
        let (at, all) = (self.row(), self.rows());
        let to = at.saturating_add_signed(rows).min(all.len().saturating_sub(1));
        self.chosen = all.get(to).map(|row| row.group.namespaces);
        self.scroll = 0;
        self.settle();
    }

    /// Folds what stands below the chosen group away, or shows it again.
    pub(super) fn fold(&mut self, away: bool) {
        let Some(chosen) = self.chosen else { return };
        let has_any = self.groups().iter().position(|group| group.namespaces == chosen);
        if !away {
            self.folded.remove(&chosen);
        } else if has_any.is_some_and(|at| self.below(at) > 0) && !self.is_folded(&chosen) {
            self.folded.insert(chosen);
        } else if let Some(parent) = self.group().and_then(|group| group.parent) {
            // There is nothing to fold: up to the one that it stands below.
            self.chosen = self.groups().get(parent).map(|group| group.namespaces);
        }
        self.settle();
    }
}

/// Whether all that was typed stands in the name, the command or the number.
fn fits(group: &Group, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let id = group.container.as_ref().and_then(|container| container.id.clone()).unwrap_or_default();
    let all = folded(&format!("{} {} {} {id}", name(group), group.first.command, group.first.pid));
    words.iter().all(|word| all.contains(word))
}
