//! What each press does.

use super::{Choice, Cover, Line, Pane, Play, Press, Said};
use crate::course::event::{Action, Effect};
use crate::course::lesson::Restart;
use crate::kernel::feature::Feature;

/// As far as a text can be scrolled: an OCI bundle has some hundreds of lines.
const DEEP: usize = 2_000;

impl Play {
    /// Does what the person wants.
    pub fn press(&mut self, press: Press) -> Vec<Effect> {
        // A new size is nothing that the person said in answer to anything.
        if let Press::Shell(action @ (Action::Resize(..) | Action::ShellSizes(..))) = press {
            return self.talk.update(crate::course::event::Event::Action(action));
        }
        self.said = None;
        self.talk.notice = None;
        let asked = self.asked.take();
        match press {
            Press::Enter => self.enter(asked),
            Press::Flip => self.flip(),
            Press::Turn(up) => self.turn(up),
            Press::Move(lines) => {
                self.cover = None;
                self.at = moved(self.at, lines, Line::ALL.len() - 1);
                vec![]
            }
            Press::All => {
                let all = Choice::everything(self.talk.lang, |line| self.can(line));
                let root = self.choice.root.clone().filter(|_| all.has(Line::Feature(Feature::Rootfs)));
                self.change(Choice { root, ..all })
            }
            Press::Bare => self.change(Choice { lang: self.talk.lang, ..Choice::default() }),
            Press::Show(pane) => {
                self.cover = None;
                // The text in view stays as it is: Esc closes it.
                if self.pane != pane {
                    (self.pane, self.scroll) = (pane, 0);
                }
                vec![]
            }
            Press::Scroll(lines) => {
                self.scroll = moved(self.scroll, lines, DEEP);
                vec![]
            }
            Press::Copy => self.copy(),
            Press::Fresh if self.talk.is_building() => vec![],
            Press::Fresh => self.build(Some(Restart::Box)),
            Press::Language => {
                self.talk.lang = self.talk.lang.other();
                self.choice.lang = self.talk.lang;
                vec![]
            }
            Press::Calls => self.show(Cover::Calls),
            Press::Help => self.show(Cover::Help),
            Press::Quit(true) => vec![Effect::Quit],
            Press::Quit(false) => self.show(Cover::Leave),
            Press::Close => {
                if self.cover.take().is_none() {
                    self.pane = Pane::Columns;
                }
                vec![]
            }
            Press::Shell(action) => self.talk_to_shell(action),
        }
    }

    fn show(&mut self, cover: Cover) -> Vec<Effect> {
        self.cover = if self.cover == Some(cover) { None } else { Some(cover) };
        self.scroll = 0;
        vec![]
    }

    /// What the bottom line says.
    fn enter(&mut self, asked: Option<Choice>) -> Vec<Effect> {
        if self.cover.take().is_some() {
            return vec![];
        }
        if let Some(next) = asked {
            return self.build_with(next);
        }
        if self.failure.take().is_some() {
            return self.build(Some(Restart::Bench));
        }
        if !self.talk.box_runs && !self.talk.is_building() {
            return self.build(None);
        }
        self.flip()
    }

    fn flip(&mut self) -> Vec<Effect> {
        let line = self.line();
        if line == Line::Root {
            return self.other_root(true, true);
        }
        let on = !self.choice.has(line);
        let switched = self.choice.switched(line, on, None);
        self.switch(line, on, switched)
    }

    fn turn(&mut self, up: bool) -> Vec<Effect> {
        let line = self.line();
        if line == Line::Root {
            return self.other_root(up, false);
        }
        match self.choice.turned(line, up) {
            None => {
                self.said = Some(Said::End);
                vec![]
            }
            Some(turned) => {
                let on = turned.0.has(line);
                self.switch(line, on, turned)
            }
        }
    }

    /// The root file system with the next name, or the one before; `around` from the last to the first.
    fn other_root(&mut self, up: bool, around: bool) -> Vec<Effect> {
        let at = self.roots.iter().position(|name| name == self.root()).unwrap_or(0);
        let next = if up { Some(at + 1) } else { at.checked_sub(1) };
        let next = next.filter(|next| *next < self.roots.len()).or_else(|| around.then_some(0));
        let Some(next) = next.filter(|_| self.can(Line::Root) || around) else {
            self.said = Some(if self.can(Line::Root) { Said::End } else { Said::Cannot(Line::Root) });
            return vec![];
        };
        let (on, name) = (next > 0, self.roots.get(next).cloned());
        let (mut choice, along) = self.choice.switched(Line::Root, true, name.as_deref());
        choice.root = choice.root.filter(|_| on);
        self.switch(Line::Root, true, (choice, along))
    }

    fn switch(&mut self, line: Line, on: bool, (next, along): (Choice, Vec<Line>)) -> Vec<Effect> {
        self.cover = None;
        if on && !self.can(line) {
            self.said = Some(Said::Cannot(line));
            return vec![];
        }
        if !along.is_empty() {
            self.said = Some(Said::Along { line, on, along });
        }
        self.change(next)
    }

    /// The text that is shown; beside the columns that is the docker line.
    fn copy(&mut self) -> Vec<Effect> {
        let pane = if self.pane == Pane::Columns { Pane::Docker } else { self.pane };
        match self.texts.get(&pane).filter(|written| !written.text.is_empty()) {
            Some(written) => {
                self.said = Some(Said::Copied(pane));
                vec![Effect::Copy(written.text.clone())]
            }
            None => vec![],
        }
    }

    /// The shells are a talk's, and so is the keyboard.
    fn talk_to_shell(&mut self, action: Action) -> Vec<Effect> {
        if matches!(action, Action::Keyboard | Action::OtherSide) {
            self.cover = None;
            // Whoever types wants to see what they type.
            self.pane = Pane::Columns;
        }
        self.talk.update(crate::course::event::Event::Action(action))
    }
}

/// So many further, within what there is.
fn moved(at: usize, by: i32, last: usize) -> usize {
    let far = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
    if by < 0 { at.saturating_sub(far) } else { at.saturating_add(far).min(last) }
}
