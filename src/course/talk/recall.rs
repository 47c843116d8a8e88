//! Whoever comes back another day is asked a few questions from the lessons that are done: to recall holds better than
//! to read again.
//!
//! Nothing is run: the answers are the lessons' own, with their why. Enter skips a question, Esc all of them.

use super::super::event::Effect;
use super::{Answer, Place, Talk, View};
use crate::course::lesson::Step;

/// So many questions are a minute.
const QUESTIONS: usize = 3;

/// A question that is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The step that it is from.
    pub place: Place,
    /// What is said to it now, from 1.
    pub said: Option<usize>,
}

/// The questions that are asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// All of them.
    pub asked: Vec<Asked>,
    /// The one at hand.
    pub at: usize,
}

impl Recall {
    /// The question at hand.
    #[must_use]
    pub fn asks(&self) -> Option<Asked> {
        self.asked.get(self.at).copied()
    }
}

/// Whether a question makes sense away from its step: it names nothing that only a running box has.
fn stands_alone(step: &Step) -> bool {
    let mut texts = step.choices.iter().chain([&step.text, &step.why]);
    step.answer.is_some() && texts.all(|text| !text.en.contains('{') && !text.pt_br.contains('{'))
}

impl Talk {
    /// Asks again what is known of earlier lessons, if there are any: what was answered wrongly first, then what was
    /// skipped, then what was answered longest ago.
    pub fn ask_again(&mut self) {
        let is_whole = |lesson: usize| self.walked().filter(|at| at.lesson == lesson).all(|at| self.is_done(at));
        let of_whole: Vec<bool> = (0..self.lessons.len()).map(is_whole).collect();
        let known = |at: &Place| of_whole[at.lesson] && stands_alone(&self.lessons[at.lesson].steps[at.step]);
        let mut places: Vec<Place> = self.walked().filter(known).collect();
        places.sort_by_cached_key(|at| {
            let key = self.key_of(*at);
            let known = match self.answers.get(&key) {
                Some(Answer::Chose(_)) => 2 * u8::from(!self.was_wrong(*at)),
                Some(Answer::Skipped) | None => 1,
            };
            (known, self.answered_at(&key), *at)
        });
        places.truncate(QUESTIONS);
        if !places.is_empty() {
            let asked = places.into_iter().map(|place| Asked { place, said: None }).collect();
            self.recall = Some(Recall { asked, at: 0 });
            self.view = View::Recall;
        }
    }

    /// Answers the question at hand, once.
    pub(super) fn recalls(&mut self, number: usize) -> Vec<Effect> {
        let Some(asked) = self.recall.as_mut().and_then(|recall| recall.asked.get_mut(recall.at)) else {
            return self.nothing();
        };
        let choices = self.lessons[asked.place.lesson].steps[asked.place.step].choices.len();
        if asked.said.is_some() || !(1..=choices).contains(&number) {
            return self.nothing();
        }
        asked.said = Some(number);
        let place = asked.place;
        self.take_answer(self.key_of(place), Answer::Chose(number));
        vec![Effect::SaveProgress]
    }

    /// To the next question, answered or not, and from the last one to the agenda.
    pub(super) fn next_question(&mut self) -> Vec<Effect> {
        if let Some(recall) = &mut self.recall
            && recall.at + 1 < recall.asked.len()
        {
            recall.at += 1;
            return Vec::new();
        }
        self.leave_recall()
    }

    /// To the agenda, whatever is still to be asked.
    pub(super) fn leave_recall(&mut self) -> Vec<Effect> {
        self.recall = None;
        self.view = View::Agenda { chosen: self.at.lesson };
        Vec::new()
    }
}
