//! Looking around on the machine, as data: the tree of what lives in namespaces of its own, and the portrait of one of it.
//!
//! Looks come in and keys come in; what is to be looked at, and what else is wished, goes out as a [`Wish`]. What was chosen
//! stays chosen while it is there, wherever it moves to, and when it ends it stays on the screen as it was last seen.

mod keys;
mod portrait;
mod rows;
mod shell;
mod words;

use std::collections::BTreeSet;

use super::text::Lang;
use super::{Group, Namespaces, Roster, Tree};

pub use keys::Touch;
pub use portrait::{Look, Portrait, Subject};
pub use rows::Row;
pub use shell::{Pane, line};
pub use words::{age, elsewhere, let_in, name, shared, sharers, trouble};

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The tree of all.
    Tree,
    /// One of them.
    Portrait,
}

/// What covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help,
    /// What the words mean.
    Glossary,
    /// Whether a shell is to be opened inside.
    Shell,
    /// Whether to leave, with a shell open.
    Leave,
}

/// What the person wishes of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// A shell inside of this process.
    Shell(Subject),
    /// These bytes to the shell.
    Type(Vec<u8>),
    /// To leave.
    Leave,
}

/// Where a person who looks around stands, and all that they see.
pub struct Inspection {
    /// The language.
    pub lang: Lang,
    /// Whether whoever looks is root.
    pub is_root: bool,
    /// What is shown.
    pub view: View,
    /// What covers it.
    pub overlay: Option<Overlay>,
    /// The last look at all processes; none yet.
    pub tree: Option<Tree>,
    /// What the engines told last.
    pub roster: Roster,
    /// Why there is no tree: the call that was refused.
    pub refused: Option<String>,
    /// Seconds since 1970.
    pub now: u64,
    /// What was typed to find a container; none: all are shown.
    pub filter: Option<String>,
    /// Whether what is typed goes there.
    pub typing: bool,
    /// The group that is chosen.
    pub chosen: Option<Namespaces>,
    /// The chosen group as it was last seen, and in which row; it may have ended since.
    last: Option<(Group, usize)>,
    folded: BTreeSet<Namespaces>,
    /// The process that was asked for by its number, while that is what is shown.
    pub asked: Option<Subject>,
    /// What is known of the one that is looked at.
    pub portrait: Option<Portrait>,
    /// For how many seconds there has been no look at the one that is to be looked at.
    pub silence: u64,
    /// How far the portrait is scrolled, in lines.
    pub scroll: usize,
    /// How far it can be, as the screen said last.
    pub furthest: usize,
    /// How far the glossary is scrolled, and can be.
    pub glossary: (usize, usize),
    /// A shell inside.
    pub shell: Option<Pane>,
    /// Whether the shell has the keyboard.
    pub keyboard: bool,
    /// The rows that a page has, as the screen said last.
    pub page: usize,
}

impl Inspection {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            is_root: false,
            view: View::Tree,
            overlay: None,
            tree: None,
            roster: Roster::default(),
            refused: None,
            now: 0,
            filter: None,
            typing: false,
            chosen: None,
            last: None,
            folded: BTreeSet::new(),
            asked: None,
            portrait: None,
            silence: 0,
            scroll: 0,
            furthest: 0,
            glossary: (0, 0),
            shell: None,
            keyboard: false,
            page: 10,
        }
    }

    /// The portrait of one process, to begin with.
    #[must_use]
    pub fn of(subject: Subject, lang: Lang) -> Self {
        Self { view: View::Portrait, asked: Some(subject), ..Self::new(lang) }
    }

    /// A look at all processes. What was chosen stays so; at first it is the first line.
    pub fn seen(&mut self, tree: Tree) {
        self.tree = Some(tree);
        self.refused = None;
        if let Some(asked) = self.asked {
            // Whoever asked for one of them finds it in the tree as well.
            let group = self.groups().iter().find(|group| group.pids.contains(&asked.pid));
            self.chosen = group.map(|group| group.namespaces).or(self.chosen);
        }
        self.settle();
    }

    /// What the engines told.
    pub fn told(&mut self, roster: Roster) {
        self.roster = roster;
    }

    /// All groups of the last look.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        self.tree.as_ref().map_or(&[], |tree| &tree.groups)
    }

    /// The chosen group, as it is or was last seen.
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        let chosen = self.chosen?;
        let there = self.groups().iter().find(|group| group.namespaces == chosen);
        there.or_else(|| self.last.as_ref().map(|(group, _)| group).filter(|group| group.namespaces == chosen))
    }

    /// Whether the chosen group has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.tree.is_some()
            && self.chosen.is_some_and(|chosen| !self.groups().iter().any(|group| group.namespaces == chosen))
    }

    /// Whether what is looked at has ended: nothing can be started in it any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.shown().is_some_and(|portrait| portrait.ended) || self.asked.is_none() && self.has_ended()
    }

    /// The process to be looked at, if any: the one that was asked for, else the first of what is chosen.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        self.asked.or_else(|| self.group().map(|group| Subject { pid: group.first.pid, started: group.first.started }))
    }

    /// What is known of the process to be looked at, if that is what the last look was at.
    #[must_use]
    pub fn shown(&self) -> Option<&Portrait> {
        let subject = self.subject()?;
        self.portrait.as_ref().filter(|portrait| portrait.subject == subject)
    }

    /// The group of the process that is looked at; none where that is in nobody's namespaces but the machine's.
    #[must_use]
    pub fn home(&self) -> Option<&Group> {
        let Some(asked) = self.asked else { return self.group() };
        let has = |group: &&Group| group.pids.contains(&asked.pid);
        self.groups().iter().find(has).or_else(|| self.last.as_ref().map(|(group, _)| group).filter(has))
    }

    /// The name of what is looked at.
    #[must_use]
    pub fn title(&self) -> String {
        let group = self.home().filter(|group| self.asked.is_none_or(|asked| asked.pid == group.first.pid));
        match (group, self.asked, self.shown()) {
            (Some(group), _, _) => name(group),
            (None, Some(_), Some(portrait)) if !portrait.name.is_empty() => portrait.name.clone(),
            (None, Some(asked), _) => format!("PID {}", asked.pid),
            (None, None, _) => String::new(),
        }
    }

    /// Makes the choice one that there is: a line of the tree, or what has just ended.
    fn settle(&mut self) {
        if self.has_ended() && self.last.as_ref().is_some_and(|(group, _)| Some(group.namespaces) == self.chosen) {
            // It keeps its row, whoever comes and goes above it.
            return;
        }
        let rows = self.rows();
        let at = |chosen: Namespaces| rows.iter().position(|row| row.group.namespaces == chosen);
        // Where nothing that was typed fits it, or it is folded away, it is the first line.
        let row = self.chosen.and_then(at).unwrap_or(0);
        let kept = rows.get(row).map(|row| row.group.clone());
        self.chosen = kept.as_ref().map(|group| group.namespaces);
        self.last = kept.map(|group| (group, row));
    }
}
