//! Tells a talk: what is new since the last time, in the order in which somebody who only hears it needs it.
//!
//! Nothing is said twice by itself and nothing is rewritten. The teller looks at the talk and owns no truth.

mod hearing;
mod reading;

use super::facts::Told;
use super::hand::{self, Hand};
use super::heard::Heard;
use super::say;
use super::{pages, places, recall};
use crate::course::event::Ended;
use crate::course::lesson::Act;
use crate::course::script::script;
use crate::course::talk::{Answer, Notice, Overlay, Phase, Place, Talk, View, listed};
use crate::course::text::Lang;
use crate::course::{Feature, FeatureSet, Side, words};

/// What was told last.
#[derive(Default)]
struct Last {
    view: Option<View>,
    overlay: Option<Overlay>,
    at: Option<Place>,
    phase: Option<Phase>,
    answer: Option<Answer>,
    notice: Option<Notice>,
    ended: Option<Ended>,
    recorded: bool,
    strays: bool,
    touched: bool,
    /// The question of an earlier day, and whether it was answered.
    asked: Option<(usize, bool)>,
}

/// Tells a talk.
pub struct Teller {
    last: Last,
    facts: Told,
    hand: Hand,
    heard: Heard,
    /// Whether what a person typed is said too: on a terminal it stands there already.
    echoes: bool,
    /// What they typed last.
    typed: String,
    /// Whether what is told is what they asked for.
    asked: bool,
    /// The source of a file of the engine's, by its name.
    source_of: fn(&str) -> Option<&'static str>,
}

impl Teller {
    /// One that has told nothing yet.
    #[must_use]
    pub fn new(echoes: bool, source_of: fn(&str) -> Option<&'static str>) -> Self {
        let (last, facts, hand, heard) = (Last::default(), Told::default(), Hand::default(), Heard::default());
        Self { last, facts, hand, heard, echoes, typed: String::new(), asked: true, source_of }
    }

    /// Whether what is told from now on is what a person asked for by their last line.
    pub const fn asked(&mut self, asked: bool) {
        self.asked = asked;
    }

    /// Forgets what was told of the place at hand: all of it is told again.
    pub fn forget(&mut self) {
        let (recorded, touched) = (self.last.recorded, self.last.touched);
        self.last = Last { recorded, touched, ..Last::default() };
        self.facts.forget();
    }

    /// A person has done something: what is said in answer is said even if it is the same as before.
    pub fn was_answered(&mut self) {
        self.last.notice = None;
    }

    /// What Enter does.
    #[must_use]
    pub fn prompt(&self, talk: &Talk) -> String {
        say::prompt(talk)
    }

    /// All that is new.
    pub fn tell(&mut self, talk: &Talk) -> Vec<String> {
        let mut said = vec![];
        let moved = self.last.view != Some(talk.view) && !both_agenda(self.last.view, talk.view);
        let is_new = moved || self.last.at != Some(talk.at) || self.last.recorded != talk.made().is_some();
        if talk.view == View::Lesson && is_new {
            // What was printed belongs to the step before.
            said.extend(self.shells(talk));
            said.extend(self.open(talk));
        }
        said.extend(self.shells(talk));
        match talk.view {
            View::Lesson => said.extend(self.step(talk)),
            // Whoever was asked first has not heard the agenda yet.
            View::Agenda { .. } if moved && self.last.view == Some(View::Recall) => {
                said.push(String::new());
                said.extend(places::agenda(talk));
                said.extend(places::machine(talk));
            }
            View::Agenda { .. } if moved => said.push(places::back_at_agenda(talk)),
            View::Recall => said.extend(self.recall(talk)),
            View::Failure { .. } if moved => {
                said.extend(talk.failure.iter().flat_map(|failure| places::failure(talk, failure)));
            }
            _ => {}
        }
        said.extend(self.covered(talk));
        if let Some(notice) = talk.notice.as_ref().filter(|notice| self.last.notice.as_ref() != Some(notice)) {
            said.push(say::notice(notice, talk));
        }
        if !talk.untouched && !talk.host && !self.last.touched {
            said.push(talk.lang.pick("Your machine has changed.", "A sua máquina mudou.").to_owned());
        }
        self.last.view = Some(talk.view);
        self.last.overlay = talk.overlay;
        self.last.notice.clone_from(&talk.notice);
        self.last.touched = !talk.untouched;
        said
    }

    /// A step that has come to stand open: where one is, what is asked, what there is to choose from.
    fn open(&mut self, talk: &Talk) -> Vec<String> {
        let (lang, step) = (talk.lang, talk.step());
        let mut said = vec![String::new()];
        if self.last.at.is_none_or(|at| at.lesson != talk.at.lesson) {
            self.facts.forget();
            let lesson = talk.lesson();
            let (title, summary) = (lesson.title.get(lang), lesson.summary.get(lang));
            said.push(format!("{} {}, {title}: {summary}.", lang.pick("Lesson", "Lição"), talk.at.lesson));
            said.extend(words::roots(talk, lesson).into_iter().flatten());
            if talk.host {
                said.push(sentence(words::outside_is_this_machine(lang)));
            }
        }
        if let Some(made) = talk.made() {
            let recorded = words::recorded(lang);
            said.push(format!("{recorded} {}, Linux {}.", made.date, made.kernel));
            // The shell's prompt was printed before the recording of the step begins.
            for (side, at) in [(Side::Outside, 0), (Side::Inside, 1)] {
                let screen = talk.shells[at].terminal.screen();
                let (row, column) = screen.cursor_position();
                self.heard.begin(side, &screen.contents_between(row, 0, row, column));
            }
        }
        self.last =
            Last { at: Some(talk.at), recorded: talk.made().is_some(), touched: self.last.touched, ..Last::default() };
        said.push(format!("{}. {}", pages::place_name(talk, talk.at, true), pages::told(talk, talk.at)));
        if let Some(exercise) = talk.exercise() {
            said.extend(hand::open(talk, exercise));
            self.hand = Hand::opened(talk, exercise);
            // It begins on a bench of its own, and what was said of the one before is over.
            self.facts.forget();
        }
        said.extend((1..).zip(&step.choices).map(|(number, choice)| format!("{number}: {}", choice.get(lang))));
        said
    }

    /// A question from an earlier day, and what was said to it.
    fn recall(&mut self, talk: &Talk) -> Vec<String> {
        let Some((recall, asked)) = talk.recall.as_ref().and_then(|recall| Some((recall, recall.asks()?))) else {
            return vec![];
        };
        let now = (recall.at, asked.said.is_some());
        let mut said = vec![];
        if self.last.asked.is_none_or(|(at, _)| at != now.0) {
            said.extend(recall::question(talk));
        }
        if self.last.asked != Some(now) {
            said.extend(recall::answer(talk));
        }
        self.last.asked = Some(now);
        said
    }

    /// What has become of the step.
    fn step(&mut self, talk: &Talk) -> Vec<String> {
        let lang = talk.lang;
        let mut said = vec![];
        let answer = talk.answers.get(&(talk.lesson().id.clone(), talk.step().id.clone())).copied();
        let done = talk.phase == Phase::Done;
        if self.last.ended.is_some() && talk.box_runs && !done {
            said.push(lang.pick("The box runs again.", "A caixa está rodando de novo.").to_owned());
        }
        if let Some(exercise) = talk.exercise() {
            said.extend(self.hand.tell(talk, exercise));
        }
        if done && self.last.phase != Some(Phase::Done) {
            said.extend(self.confirmed(talk));
        } else if !done && answer != self.last.answer {
            said.extend(pages::verdict(talk, talk.at.step, false));
        }
        if !done && self.last.phase == Some(Phase::Done) {
            said.push(lang.pick("The step is open again.", "O passo está aberto de novo.").to_owned());
        }
        let ended = talk.ended.filter(|_| !talk.box_runs);
        if let Some(how) = ended.filter(|_| self.last.ended != ended) {
            said.push(say::ended(how, lang));
        }
        if talk.stray.is_some() && !self.last.strays {
            let with = words_of_box(talk.start.features, lang);
            said.push(format!("{} {with}", lang.pick("This is off the script.", "Isto está fora do roteiro.")));
        }
        // What is so before the step acts is nothing that it has changed.
        self.facts.note(talk);
        self.last.phase = Some(talk.phase);
        self.last.answer = answer;
        self.last.ended = ended;
        self.last.strays = talk.stray.is_some();
        said
    }

    /// The kernel has said so: what is so now, the answer beside what was said, why, and how.
    fn confirmed(&mut self, talk: &Talk) -> Vec<String> {
        let (lang, step) = (talk.lang, talk.step());
        let mut said = self.facts.rows(talk, talk.exercise().is_none());
        said.extend(pages::verdict(talk, talk.at.step, true));
        said.push(format!("{}: {}", lang.pick("Why", "Por quê"), pages::why(talk, step)));
        let makes = |act: &Act| !matches!(act, Act::Inside(_) | Act::Outside(_) | Act::Interrupt(_));
        let telling = talk.telling().filter(|_| step.acts.iter().any(makes));
        said.extend(telling.map(|call| format!("{}: {call}", lang.pick("System call", "Chamada de sistema"))));
        said.extend(step.docker.as_ref().map(|line| match lang {
            Lang::En => format!("In Docker's words: {line}"),
            Lang::PtBr => format!("Nas palavras do Docker: {line}"),
        }));
        said
    }

    /// What covers the step.
    fn covered(&mut self, talk: &Talk) -> Vec<String> {
        let lang = talk.lang;
        match (self.last.overlay, talk.overlay) {
            (Some(Overlay::Switches { set: before, .. }), Some(Overlay::Switches { set, .. })) if before != set => {
                let flipped = Feature::ALL.into_iter().filter(|one| before.has(*one) != set.has(*one));
                flipped.map(|feature| format!("{}.", pages::switch(set, feature, lang))).collect()
            }
            (before, now) if before == now => vec![],
            (_, Some(Overlay::Switches { set, .. })) => pages::switches(set, lang),
            (_, Some(Overlay::Rebuild)) => vec![
                lang.pick(
                    "Going back builds everything anew, and what you typed is lost.",
                    "Voltar monta tudo de novo, e o que você digitou se perde.",
                )
                .to_owned(),
            ],
            (_, Some(Overlay::Script)) => {
                let title =
                    lang.pick("Your container, without unha, as a script:", "O seu contêiner, sem o unha, num script:");
                std::iter::once(title.to_owned()).chain(script(&talk.journal, lang)).collect()
            }
            _ => vec![],
        }
    }

    /// What a person's own doing has changed on either side.
    pub fn changes(&mut self, talk: &Talk) -> Vec<String> {
        if talk.view == View::Lesson && talk.phase == self.last.phase.unwrap_or(talk.phase) {
            self.facts.changes(talk)
        } else {
            vec![]
        }
    }
}

fn both_agenda(one: Option<View>, other: View) -> bool {
    let agenda = |view| matches!(view, View::Agenda { .. });
    let failure = |view| matches!(view, View::Failure { .. });
    one.is_some_and(|one| agenda(one) && agenda(other) || failure(one) && failure(other))
}

fn words_of_box(features: FeatureSet, lang: Lang) -> String {
    format!("{} {}.", lang.pick("The box has:", "A caixa tem:"), listed(features, lang))
}

/// Words in capitals as a sentence: an ear cannot tell, and some readers spell them.
fn sentence(capitals: &str) -> String {
    let mut letters = capitals.chars();
    letters.next().map_or_else(String::new, |first| format!("{first}{}.", letters.as_str().to_lowercase()))
}
