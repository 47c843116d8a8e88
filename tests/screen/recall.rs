//! Talks of somebody who comes back another day.

use unha::course::event::{Action, Event};
use unha::course::talk::{Answer, Talk};
use unha::course::text::Lang;

use super::talks::agenda;

/// The first question of three, of somebody who has done two lessons on an earlier day, one step of them wrongly.
fn recalling(lang: Lang) -> Talk {
    let mut talk = reviewed(lang);
    talk.ask_again();
    talk
}

/// An agenda with lessons that are done, in one of which a step was predicted wrongly.
fn reviewed(lang: Lang) -> Talk {
    let mut talk = agenda(lang);
    for lesson in &talk.lessons[..3] {
        talk.done.extend(lesson.steps.iter().map(|step| (lesson.id.clone(), step.id.clone())));
    }
    talk.answers.insert(("uts".into(), "rename".into()), Answer::Chose(1));
    talk.answers.insert(("uts".into(), "on".into()), Answer::Chose(2));
    talk.answers.insert(("nothing".into(), "oops".into()), Answer::Skipped);
    talk
}

/// A talk by its name, or a slide by its own.
pub fn named(name: &str, lang: Lang) -> Option<Talk> {
    Some(match name {
        "recall" => recalling(lang),
        "recalled" => {
            let mut talk = recalling(lang);
            let _ = talk.update(Event::Action(Action::Choose(3)));
            talk
        }
        "reviewed" => reviewed(lang),
        other => return super::slides::at(lang, other.strip_prefix("slide:")?),
    })
}
