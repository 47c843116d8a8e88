//! What each action of the person does.

use super::super::event::{Action, Effect};
use super::{Notice, Overlay, Talk, View};

impl Talk {
    /// Does what the person wants.
    pub(super) fn obey(&mut self, action: Action) -> Vec<Effect> {
        // A new size is nothing that the person said in answer to a notice.
        match action {
            Action::Resize(columns, rows) => {
                self.size = (columns, rows);
                return Vec::new();
            }
            Action::ShellSizes(outside, inside) => return self.resize_shells(outside, inside),
            _ => {}
        }
        // Any key shows a blank screen again, and does no more; only the end of the program is not held up by it.
        if self.is_blank() && action != Action::Quit(true) {
            return self.blank();
        }
        let said = self.notice.take();
        match action {
            Action::Next => return self.next(said),
            Action::Back => return self.back(),
            Action::Choose(number) => return self.choose(number),
            Action::Keyboard => return self.hand_over(),
            Action::OtherSide => return self.other_side(),
            Action::ToShell(bytes) => return self.send(bytes),
            Action::Stray => self.notice = Some(if self.plays() { Notice::Recorded } else { Notice::Stray }),
            Action::Scroll(lines) => self.scroll_by(lines),
            Action::Hint => return self.hint(said.as_ref()),
            Action::Challenge => return self.challenge(),
            Action::Code => return self.toggle(Overlay::Code),
            Action::Calls => return self.toggle(Overlay::Calls),
            Action::Glossary => return self.toggle(Overlay::Glossary),
            Action::Help => return self.toggle(Overlay::Help),
            Action::Copy => return self.copy(),
            Action::Fresh => return self.fresh(),
            Action::Knob(clicks) => return self.knob(clicks),
            Action::Switches => return self.show_switches(),
            Action::Flip => return self.flip_chosen(),
            Action::TakeBack => return self.take_back(),
            Action::VoteAgain => return self.vote_again(),
            Action::Details if self.instead.is_none() => return self.nothing(),
            Action::Details => return self.toggle(Overlay::Instead),
            Action::Agenda if self.presenting.is_some() => return self.overview(""),
            Action::Agenda => return self.show_agenda(),
            Action::Blank => return self.blank(),
            Action::Pause => return self.pause(),
            Action::Overview(typed) => return self.overview(&typed),
            Action::Find(letter) => return self.type_to_find(letter),
            Action::GoTo(name) => return self.go_to(&name),
            Action::Close => return self.close(),
            Action::Language => return self.kept(|talk| talk.lang = talk.lang.other()),
            Action::Route => return self.kept(|talk| talk.route = talk.route.other()),
            Action::Start if self.view == View::Slides => {
                // It begins by itself: what is said then is still to be read.
                self.notice = said;
                return self.begin_slides();
            }
            // A clicker's start key says nothing in the middle of a lesson.
            Action::Start if self.presenting.is_some() => self.notice = said,
            Action::Start => return self.start_lesson(),
            Action::Quit(true) => return vec![Effect::SaveProgress, Effect::Quit],
            Action::Quit(false) => self.cover(Overlay::Leave),
            Action::Resize(..) | Action::ShellSizes(..) => {}
        }
        Vec::new()
    }
}
