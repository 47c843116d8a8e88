//! What the presenter's console shows of the talk, and what it may do to it.

use super::acting::typed;
use super::{Answer, Overlay, Phase, Place, Talk, View};
use crate::course::console::{Ahead, Check, Deed, Press, Refusal, Stand, State, Task};
use crate::course::deck::Slide;
use crate::course::event::Action;
use crate::course::lesson::Act;
use crate::course::text::Text;
use crate::course::way::{chosen, command, does, ways};
use crate::kernel::fact::Snapshot;

impl Talk {
    /// What a console shows of the talk; none without slides. `notice` is the passing word that the stage shows.
    #[must_use]
    pub fn state(&self, notice: Option<Text>) -> Option<State> {
        let show = self.presenting.as_ref()?;
        let slide = show.slide();
        let on_slide = self.view == View::Slides;
        let ahead = self.ahead()?;
        let live = match &ahead {
            Ahead::Slide { slide, .. } if slide.is_live() => self.now.clone(),
            _ => Snapshot::default(),
        };
        let stand = if on_slide {
            Stand::Slide {
                id: slide.id.clone(),
                chapter: show.deck.chapters[slide.chapter].clone(),
                number: (show.at.slide + 1, show.deck.slides.len()),
                point: (show.at.point + 1, slide.points),
            }
        } else {
            let (lesson, id) = self.key();
            Stand::Step { lesson, id, number: self.numbered(self.at), moment: self.moment() }
        };
        let notes = |lang| if on_slide { slide.face(lang).note(show.at.point).to_owned() } else { String::new() };
        Some(State {
            lang: self.lang,
            stand,
            title: if on_slide { title(slide) } else { self.lesson().title.clone() },
            notes: Text::by(notes),
            task: (!on_slide).then(|| self.task()),
            next: if self.next_leaves() {
                Text::both("nothing here: only the stage's own keys leave", "nada aqui: só as teclas do palco saem")
            } else {
                Text::by(|lang| self.next_does(lang))
            },
            ahead,
            live,
            notice,
            blank: show.blank,
            keyboard: self.keyboard,
            recorded: self.recorded.is_some(),
            account: self.account()?,
            slides: show.deck.slides.iter().map(title).collect(),
        })
    }

    /// Whether Next would leave the talk, for what is then to be typed in a shell.
    fn next_leaves(&self) -> bool {
        self.overlay.is_none() && chosen(self).is_some_and(|way| command(way, self).is_some())
    }

    fn task(&self) -> Task {
        let step = self.step();
        let chosen = match self.answers.get(&self.key()) {
            Some(Answer::Chose(number)) => Some(*number),
            Some(Answer::Skipped) | None => None,
        };
        Task {
            question: step.text.clone(),
            choices: step.choices.clone(),
            answer: step.answer,
            chosen,
            why: step.why.clone(),
            deeds: self.deeds(),
            checks: self.checks(),
            refusal: self.refused(),
        }
    }

    /// What Next does in the step at hand, each act told from the state that the one before leaves.
    fn deeds(&self) -> Vec<Deed> {
        let mut before = self.start_before(self.at);
        let deed = |act: &Act| {
            if let Some((side, line)) = typed(act) {
                return Deed::Line(side, self.fill(line));
            }
            let says = Text::by(|lang| self.doing(act, &before, lang));
            if let Act::Start(start) = act {
                before = start.clone();
            }
            Deed::Other(says)
        };
        self.step().acts.iter().map(deed).collect()
    }

    /// What must be true for the step at hand; all of it was, once the kernel has said so.
    fn checks(&self) -> Vec<Check> {
        let unmet = if self.phase == Phase::Done { Vec::new() } else { self.unmet() };
        let check = |at| Check { says: Text::by(|lang| self.check_words(at, lang)), met: !unmet.contains(&at) };
        (0..self.step().expect.len()).map(check).collect()
    }

    fn refused(&self) -> Option<Refusal> {
        let View::Failure { chosen } = self.view else { return None };
        let failure = self.failure.as_ref()?;
        let says = failure.call.as_ref().map_or_else(|| failure.message.clone(), ToString::to_string);
        let ways = ways(self).into_iter().map(|way| Text::by(|lang| does(way, self, lang)));
        Some(Refusal { says, ways: ways.collect(), chosen: chosen + 1 })
    }

    /// What comes after what is shown; none without slides.
    fn ahead(&self) -> Option<Ahead> {
        let show = self.presenting.as_ref()?;
        let slide = |at: usize, point| {
            let slide = Box::new(show.deck.slides[at].clone());
            Ahead::Slide { slide, number: at + 1, point }
        };
        let behind = || show.following(self.route).map_or(Ahead::End, |at| slide(at, 0));
        if self.view != View::Slides {
            let step = self.following().filter(|place| place.lesson == self.at.lesson);
            return Some(step.map_or_else(behind, |place| self.step_ahead(place)));
        }
        if show.at.point < show.slide().last() {
            return Some(slide(show.at.slide, show.at.point + 1));
        }
        Some(self.opens().map_or_else(behind, |lesson| self.step_ahead(self.opens_at(lesson))))
    }

    fn step_ahead(&self, place: Place) -> Ahead {
        let lesson = &self.lessons[place.lesson];
        let step = lesson.at(place.step).unwrap_or(&lesson.steps[0]);
        Ahead::Step {
            lesson: lesson.title.clone(),
            number: self.numbered(place),
            question: step.text.clone(),
            choices: step.choices.clone(),
        }
    }

    /// What a press at a console does here, as the clicker's keys would; none: nothing.
    #[must_use]
    pub fn pressed(&self, press: Press) -> Option<Action> {
        if !press.is_sound() || self.presenting.is_none() {
            return None;
        }
        Some(match press {
            // The first key shows a blank stage again, whatever else it would do.
            _ if self.is_blank() => Action::Blank,
            Press::Pause => Action::Pause,
            Press::Next | Press::Back if self.keyboard.is_some() => Action::Keyboard,
            Press::Next if self.next_leaves() => return None,
            Press::Next if self.overlay == Some(Overlay::Leave) => Action::Close,
            Press::Next => Action::Next,
            Press::Back => Action::Back,
            Press::Choose(number) => Action::Choose(number),
            Press::GoTo(name) => Action::GoTo(name),
            Press::Blank => Action::Blank,
            Press::Close => Action::Close,
        })
    }
}

fn title(slide: &Slide) -> Text {
    Text::by(|lang| slide.face(lang).title.clone())
}
