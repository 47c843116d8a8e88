//! Reading on request: how the course in lines works, and what a word asks for that only reads.

use super::super::order::Verb;
use super::super::{facts, pages, places, say};
use super::Teller;
use crate::course::talk::{Notice, Phase, Talk, View};

impl Teller {
    /// How the course in lines works, and the agenda.
    #[must_use]
    pub fn begin(talk: &Talk, agenda: bool) -> Vec<String> {
        let mut said = pages::intro(talk.lang);
        if agenda && talk.view != View::Recall {
            said.push(String::new());
            said.extend(places::agenda(talk));
            said.extend(places::machine(talk));
        }
        said
    }

    /// What is read on request, where the word asks for reading alone.
    #[must_use]
    pub fn read(&self, verb: Verb, argument: &str, talk: &Talk) -> Option<Vec<String>> {
        let in_lesson = talk.view == View::Lesson;
        let all = !argument.is_empty();
        Some(match verb {
            Verb::Help => pages::help(talk.lang),
            Verb::Machine => places::machine(talk),
            Verb::Agenda if matches!(talk.view, View::Agenda { .. }) => places::agenda(talk),
            Verb::Code if in_lesson => pages::code(talk, self.source_of, all),
            Verb::Calls if in_lesson => pages::calls(talk, all),
            Verb::Values if in_lesson => facts::all(talk),
            Verb::Past if in_lesson => pages::past(talk),
            Verb::Hint if in_lesson && talk.phase == Phase::Done => {
                vec![talk.lang.pick("The step is done.", "O passo está feito.").to_owned()]
            }
            Verb::Words => pages::glossary(talk, argument),
            // What was said once is not said better the second time: then it is the command.
            Verb::Hint if in_lesson && matches!(talk.notice, Some(Notice::Waiting(_))) => vec![say::command(talk)],
            _ => return None,
        })
    }
}
