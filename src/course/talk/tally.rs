//! A show of hands: before a room, a question is answered by counting, and may be asked again after it was talked over.
//!
//! Vote, discuss, vote again: the first count stays beside the second. What the room said last is the step's answer.

use serde::{Deserialize, Serialize};

use super::super::event::Effect;
use super::{Answer, Notice, Phase, Talk, View};

/// As many choices as a question may have.
const CHOICES: usize = 4;
/// No room has more hands.
const MOST: u16 = 9_999;
/// How many counts can be taken back.
const KEPT: usize = 200;

/// The hands counted at a question, for each choice in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// The first vote.
    pub first: [u16; CHOICES],
    /// The second, once it was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<[u16; CHOICES]>,
}

impl Tally {
    /// The choices, from 1, with the most hands of the vote that counts: the second one as soon as it has any.
    #[must_use]
    pub fn leading(&self) -> Vec<usize> {
        let votes = self.again.filter(|again| *again != [0; CHOICES]).unwrap_or(self.first);
        let most = votes.into_iter().max().unwrap_or(0);
        (1..=CHOICES).filter(|choice| most > 0 && votes[choice - 1] == most).collect()
    }

    /// The vote that is being counted.
    fn open(&mut self) -> &mut [u16; CHOICES] {
        self.again.as_mut().unwrap_or(&mut self.first)
    }
}

impl Talk {
    /// The hands counted at the step at hand, if any were.
    #[must_use]
    pub fn tally(&self) -> Option<&Tally> {
        self.tallies.get(&self.key())
    }

    /// Whether hands are counted at the step at hand.
    #[must_use]
    pub fn counts_hands(&self) -> bool {
        self.presenting.is_some() && self.view == View::Lesson && !self.step().choices.is_empty()
    }

    /// One hand for this choice; 0: ten times as many for the choice that was counted last.
    pub(super) fn count_hands(&mut self, number: usize) -> Vec<Effect> {
        if !self.counts_hands() || number > self.step().choices.len() {
            return self.nothing();
        }
        let mut tally = self.tally().copied().unwrap_or_default();
        if self.phase == Phase::Done && tally.again.is_none() {
            self.notice = Some(Notice::VoteIsOver);
            return Vec::new();
        }
        let last = self.run.hands.last().and_then(|(_, choice)| *choice);
        let Some(choice) = number.checked_sub(1).or(last) else { return self.nothing() };
        let hands = &mut tally.open()[choice];
        let counted = if number == 0 { hands.saturating_mul(10) } else { *hands + 1 };
        *hands = counted.min(MOST);
        self.keep_tally(tally, Some(choice))
    }

    /// Takes the last count back.
    pub(super) fn take_back(&mut self) -> Vec<Effect> {
        match self.run.hands.pop() {
            Some((before, _)) if self.counts_hands() => self.set_tally(before),
            _ => self.nothing(),
        }
    }

    /// Calls the second vote, or calls it off as long as nobody has voted.
    pub(super) fn vote_again(&mut self) -> Vec<Effect> {
        let Some(mut tally) = self.tally().copied().filter(|tally| self.counts_hands() && tally.first != [0; CHOICES])
        else {
            return self.nothing();
        };
        tally.again = if tally.again == Some([0; CHOICES]) { None } else { Some([0; CHOICES]) };
        self.keep_tally(tally, None)
    }

    fn keep_tally(&mut self, tally: Tally, choice: Option<usize>) -> Vec<Effect> {
        let before = self.tally().copied().unwrap_or_default();
        if self.run.hands.len() == KEPT {
            self.run.hands.remove(0);
        }
        self.run.hands.push((before, choice));
        self.set_tally(tally)
    }

    /// What most hands are for is the answer of the step; a room that is split has none.
    fn set_tally(&mut self, tally: Tally) -> Vec<Effect> {
        let key = self.key();
        match tally.leading()[..] {
            [choice] => self.answers.insert(key.clone(), Answer::Chose(choice)),
            _ => self.answers.remove(&key),
        };
        if tally == Tally::default() {
            self.tallies.remove(&key);
        } else {
            self.tallies.insert(key, tally);
        }
        vec![Effect::SaveProgress]
    }
}
