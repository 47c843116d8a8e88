//! Whether the kernel has said so: a step is done when its expectations are met, by whatever way.

use super::super::event::Effect;
use super::super::expect::{self, World};
use super::acting::typed;
use super::{Notice, Phase, Stray, Talk, index};
use crate::course::lesson::Expect;
use crate::course::text::Lang;
use crate::kernel::fact::Side;

/// How much of a shell's output is judged at every byte of it; more waits for the next look.
const AT_ONCE: usize = 8 * 1024;

impl Talk {
    /// The indices of the expectations that are not met.
    pub(super) fn unmet(&self) -> Vec<usize> {
        let expects = &self.step().expect;
        let printed = self.printed();
        let world = self.world(&printed);
        let fill = |text: &str| self.fill(text);
        (0..expects.len()).filter(|at| !expect::met(&expects[*at], &world, &fill)).collect()
    }

    /// Whether anything is told by what a shell prints.
    fn asks_for_prints(&self) -> bool {
        let asks = |expect: &Expect| expect.prints.is_some() || expect.prints_not.is_some();
        let said = self.exercise().into_iter().flat_map(|exercise| exercise.diagnoses.iter().chain(&exercise.lost));
        self.step().expect.iter().any(asks) || said.flat_map(|diagnosis| &diagnosis.when).any(asks)
    }

    /// What the shells printed since the act began, as plain text, where an expectation asks for it.
    pub(super) fn printed(&self) -> [String; 2] {
        let asked = self.asks_for_prints();
        [Side::Outside, Side::Inside]
            .map(|side| if asked { expect::plain(&self.shells[index(side)].since) } else { String::new() })
    }

    pub(super) fn world<'a>(&'a self, printed: &'a [String; 2]) -> World<'a> {
        World {
            now: &self.now,
            printed: [&printed[0], &printed[1]],
            // Who makes it by hand announces it to nobody: it runs when it is seen.
            box_runs: self.box_runs || self.exercise().is_some() && !self.now.inside.is_empty(),
            ended: self.ended,
            refused: self.run.refused.as_deref(),
        }
    }

    /// Whether what a shell printed is worth a judgement at once.
    pub(super) fn judges_bytes(&self, side: Side) -> bool {
        self.asks_for_prints() && self.shells[index(side)].since.len() <= AT_ONCE
    }

    /// Ticks the step off if its expectations are met.
    ///
    /// Before the step's act they must have been seen unmet: else nobody has done anything.
    pub(super) fn judge(&mut self) -> Vec<Effect> {
        if self.exercise().is_some() {
            return self.judge_exercise();
        }
        // What answers a question from the room is no step of the script's, even if it comes to the same.
        let aside = match self.stray {
            Some(Stray::Switched) => true,
            Some(Stray::Typed) => self.phase != Phase::Doing,
            None => false,
        };
        let idle = self.run.waits.is_none() && self.acts.is_empty() && !self.rebuilding && self.run.stands && !aside;
        let asks = !self.step().expect.is_empty();
        let due = match self.phase {
            Phase::Ask | Phase::Ready => asks && self.run.looked,
            Phase::Doing => !asks || self.run.looked,
            Phase::Done => false,
        };
        if !idle || !due {
            return Vec::new();
        }
        let met = self.unmet().is_empty();
        if self.phase == Phase::Doing {
            return if met { self.confirm() } else { Vec::new() };
        }
        // What a shell is to print, it had not printed when the step opened: whoever is quicker than the first look counts.
        let prints = self.step().expect.iter().any(|expect| expect.prints.is_some());
        if met && (self.run.unmet || prints) {
            return self.confirm();
        }
        if !met {
            self.run.unmet = true;
            self.before = self.now.clone();
        }
        Vec::new()
    }

    pub(super) fn confirm(&mut self) -> Vec<Effect> {
        self.phase = Phase::Done;
        self.tick_off(self.key());
        self.mark();
        // What a command prints may be here before the look that shows what it did.
        self.run.unmarked = true;
        // Whoever helped the step to its end is where the script would be.
        self.stray = None;
        self.run.stumbled = false;
        if matches!(self.notice, Some(Notice::Waiting(_) | Notice::PickOrSkip)) {
            self.notice = None;
        }
        vec![Effect::Look, Effect::SaveProgress]
    }

    /// Says what the step waits for.
    pub(super) fn say_what_is_missing(&mut self) {
        self.run.told = true;
        self.notice = Some(Notice::Waiting(self.unmet().first().copied().unwrap_or(0)));
    }

    /// What the step waits for, in words: "waiting for: inside hostname = caixa · now: vm".
    #[must_use]
    pub fn waiting_words(&self, expectation: usize, lang: Lang) -> String {
        if self.step().expect.get(expectation).is_none() {
            return lang.pick("waiting for the command to end", "esperando o comando terminar").to_owned();
        }
        format!("{}: {}", lang.pick("waiting for", "falta"), self.check_words(expectation, lang))
    }

    /// What the step expects, in words: "inside hostname = caixa · now: vm". Nothing where it expects no such thing.
    pub(super) fn check_words(&self, expectation: usize, lang: Lang) -> String {
        let expect = self.step().expect.get(expectation);
        let words = |expect| {
            let said = self.printing_words(expect, lang).or_else(|| self.row_words(expect, lang));
            said.unwrap_or_else(|| self.expected_words(expect, lang))
        };
        expect.map(words).unwrap_or_default()
    }

    /// An expectation as a lesson's author wrote it, and what is so now.
    pub(super) fn expected_words(&self, expect: &Expect, lang: Lang) -> String {
        let printed = self.printed();
        expect::words(expect, &self.world(&printed), &|text| self.fill(text), lang)
    }

    /// What a row should show.
    fn row_words(&self, expect: &Expect, lang: Lang) -> Option<String> {
        let printed = self.printed();
        expect::of_rows(expect, &self.world(&printed), &|text| self.fill(text), lang)
    }

    /// What a shell should print, by the command that prints it: a pattern says nothing to a learner.
    fn printing_words(&self, expect: &Expect, lang: Lang) -> Option<String> {
        let on = expect.on.filter(|_| expect.prints.is_some())?;
        let mut lines = self.step().acts.iter().filter_map(typed).filter(|(side, _)| *side == on);
        let line = self.fill(lines.next_back()?.1);
        let printed = self.printed();
        let now = expect::last(&self.world(&printed), on, lang);
        let inside = on == Side::Inside;
        Some(match lang {
            Lang::En => format!("what `{line}` prints {} · now: {now}", if inside { "inside" } else { "outside" }),
            Lang::PtBr => format!("o que `{line}` mostra {} · agora: {now}", if inside { "dentro" } else { "fora" }),
        })
    }
}
