//! What a key means where a person looks around, and what comes of it.

use super::{Inspection, Overlay, View, Wish};

/// The longest that can be typed to find a container, in letters.
const LONGEST: usize = 40;

/// What a key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// What the bottom line says.
    Next,
    /// Back to the tree.
    Back,
    /// So many lines down (negative: up).
    Move(i32),
    /// So many pages.
    Page(i32),
    /// To the first line, or the last.
    End(bool),
    /// Fold away what stands below (else show it).
    Fold(bool),
    /// Type to find.
    Find,
    /// A letter of that; none: one less.
    Letter(Option<char>),
    /// A shell inside.
    Shell,
    /// The keyboard to the shell, or back.
    Keyboard,
    /// These bytes to the shell.
    Type(Vec<u8>),
    /// The other language.
    Language,
    /// The keys.
    Help,
    /// What the words mean.
    Glossary,
    /// Close what covers the screen, or what was typed.
    Close,
    /// Leave.
    Leave,
}

impl Inspection {
    /// Does what a key means; gives what is wished of the world.
    pub fn touch(&mut self, touch: Touch) -> Option<Wish> {
        match touch {
            Touch::Type(bytes) => return self.is_in_shell().then_some(Wish::Type(bytes)),
            Touch::Leave => return self.leave(),
            Touch::Next => return self.next(),
            Touch::Help => self.overlay = (self.overlay != Some(Overlay::Help)).then_some(Overlay::Help),
            Touch::Glossary => {
                self.glossary.0 = 0;
                self.overlay = (self.overlay != Some(Overlay::Glossary)).then_some(Overlay::Glossary);
            }
            Touch::Move(_) | Touch::Page(_) | Touch::End(_) if self.overlay == Some(Overlay::Glossary) => {
                let page = i32::try_from(self.page).unwrap_or(1);
                let lines = match touch {
                    Touch::Move(lines) => lines,
                    Touch::Page(pages) => pages.saturating_mul(page),
                    Touch::End(first) => {
                        if first {
                            i32::MIN
                        } else {
                            i32::MAX
                        }
                    }
                    _ => 0,
                };
                let (at, furthest) = self.glossary;
                let lines = isize::try_from(lines).unwrap_or(0);
                self.glossary.0 = at.saturating_add_signed(lines).min(furthest);
            }
            Touch::Language => self.lang = self.lang.other(),
            Touch::Close => self.close(),
            Touch::Letter(letter) => self.letter(letter),
            Touch::Keyboard => self.keyboard = !self.keyboard && self.has_shell(),
            // What covers the screen is closed before anything below it moves.
            _ if self.overlay.is_some() => {}
            Touch::Back => self.back(),
            Touch::Find => {
                self.back();
                (self.typing, self.filter) = (true, Some(String::new()));
                self.settle();
            }
            Touch::Shell => self.ask_for_shell(),
            Touch::Fold(away) => match (self.view, away) {
                (View::Tree, _) => self.fold(away),
                (View::Portrait, true) => self.back(),
                (View::Portrait, false) => {}
            },
            Touch::Move(lines) => self.shift(isize::try_from(lines).unwrap_or(0)),
            Touch::Page(pages) => {
                let page = isize::try_from(self.page.saturating_sub(1).max(1)).unwrap_or(1);
                self.shift(isize::try_from(pages).unwrap_or(0).saturating_mul(page));
            }
            Touch::End(first) => self.shift(if first { isize::MIN / 2 } else { isize::MAX / 2 }),
        }
        None
    }

    /// Whether a shell is open.
    #[must_use]
    pub fn has_shell(&self) -> bool {
        self.shell.as_ref().is_some_and(|shell| shell.ended.is_none())
    }

    /// Whether the shell gets the keys.
    #[must_use]
    pub fn is_in_shell(&self) -> bool {
        self.keyboard && self.has_shell()
    }

    /// Whether the last line of the portrait is in view.
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        self.scroll >= self.furthest
    }

    fn next(&mut self) -> Option<Wish> {
        match (self.overlay, self.view) {
            (Some(Overlay::Shell), _) => {
                self.overlay = None;
                // It may have ended while the question stood there.
                return self.subject().filter(|_| !self.is_over()).map(Wish::Shell);
            }
            (Some(_), _) => self.overlay = None,
            (None, View::Tree) => {
                self.typing = false;
                if self.subject().is_some() {
                    (self.view, self.scroll) = (View::Portrait, 0);
                }
            }
            (None, View::Portrait) if self.is_at_end() => self.back(),
            (None, View::Portrait) => {
                self.touch(Touch::Page(1));
            }
        }
        None
    }

    fn leave(&mut self) -> Option<Wish> {
        if self.has_shell() && self.overlay != Some(Overlay::Leave) {
            self.overlay = Some(Overlay::Leave);
            return None;
        }
        Some(Wish::Leave)
    }

    fn back(&mut self) {
        (self.view, self.scroll, self.asked) = (View::Tree, 0, None);
        if self.shell.as_ref().is_some_and(|shell| shell.ended.is_some()) {
            self.shell = None;
        }
        self.settle();
    }

    fn close(&mut self) {
        if self.overlay.take().is_some() {
            return;
        }
        if self.shell.as_ref().is_some_and(|shell| shell.ended.is_some()) {
            self.shell = None;
        } else if self.view == View::Portrait {
            self.back();
        } else {
            (self.typing, self.filter) = (false, None);
            self.settle();
        }
    }

    fn letter(&mut self, letter: Option<char>) {
        let typed = self.filter.get_or_insert_default();
        match letter {
            Some(letter) if typed.chars().count() < LONGEST => typed.push(letter),
            Some(_) => {}
            None if typed.is_empty() => (self.typing, self.filter) = (false, None),
            None => drop(typed.pop()),
        }
        // Who is there only to say where another stands is not what was meant.
        let found = {
            let rows = self.rows();
            let chosen = rows.iter().find(|row| Some(row.group.namespaces) == self.chosen && row.fits);
            chosen.or_else(|| rows.iter().find(|row| row.fits)).map(|row| row.group.namespaces)
        };
        self.chosen = found.or(self.chosen);
        self.settle();
    }

    fn ask_for_shell(&mut self) {
        if self.has_shell() {
            self.keyboard = true;
        } else if self.subject().is_some() {
            // One that has ended makes room.
            (self.shell, self.view) = (None, View::Portrait);
            self.overlay = Some(Overlay::Shell);
        }
    }

    fn shift(&mut self, lines: isize) {
        match self.view {
            View::Tree => self.go(lines),
            View::Portrait => self.scroll = self.scroll.saturating_add_signed(lines).min(self.furthest),
        }
    }

    /// The shell printed this.
    pub fn printed(&mut self, bytes: &[u8]) {
        if let Some(shell) = &mut self.shell {
            shell.terminal.process(bytes);
        }
    }

    /// The shell has ended: its exit code, or why none was started, which it shows. The keyboard is the picture's again.
    pub fn shell_ended(&mut self, how: Result<i32, String>) {
        self.keyboard = false;
        if self.overlay == Some(Overlay::Leave) {
            self.overlay = None;
        }
        if let Some(shell) = &mut self.shell {
            shell.ended = Some(how);
        }
    }
}
