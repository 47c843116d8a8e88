//! Whoever comes back another day is asked again what is known of earlier lessons.

use unha::course::event::{Action, Effect, Event};
use unha::course::progress::Progress;
use unha::course::talk::{Answer, Phase, Place, Route, View};
use unha::course::text::Lang;

use crate::person::{Room, lessons, talk};

/// When the learner did all of lesson one, and when they come back.
const THEN: u64 = 1_000;
const NOW: u64 = 100_000;

/// All steps of the first lesson done, each with the answer that is right, but for these.
fn learned(but: &[(&str, Option<Answer>)]) -> Progress {
    let mut progress = Progress { schema: Progress::SCHEMA, at: THEN, ..Progress::default() };
    for (at, step) in (THEN..).zip(&lessons()[0].steps) {
        let mark = progress.mark("one", &step.id);
        (mark.done, mark.answer, mark.answered) = (Some(at), step.answer.map(Answer::Chose), at);
    }
    for (step, answer) in but {
        progress.mark("one", step).answer = *answer;
    }
    progress
}

/// Somebody who comes back with this.
fn back_with(progress: Progress) -> Room {
    let mut room = Room { talk: talk(Route::Full, Some(progress)), effects: Vec::new(), clock: 0 };
    room.talk.began = NOW;
    room.talk.ask_again();
    room
}

fn asked(room: &Room) -> Vec<&str> {
    let of = |place: Place| room.talk.lessons[place.lesson].steps[place.step].id.as_str();
    room.talk.recall.iter().flat_map(|recall| &recall.asked).map(|asked| of(asked.place)).collect()
}

#[test]
fn what_was_wrong_comes_first_then_what_was_skipped_then_the_oldest() {
    let room = back_with(learned(&[("kill", Some(Answer::Chose(1))), ("rename", Some(Answer::Skipped))]));
    assert_eq!((room.talk.view, asked(&room)), (View::Recall, vec!["kill", "rename", "look"]));
    let mut progress = learned(&[]);
    progress.mark("one", "look").answered = NOW - 1;
    assert_eq!(asked(&back_with(progress)), ["on", "rename", "kill"]);
}

#[test]
fn of_a_lesson_that_is_not_done_nothing_is_asked() {
    let mut progress = learned(&[("kill", Some(Answer::Chose(1)))]);
    progress.mark("one", "extra").done = None;
    let room = back_with(progress);
    assert_eq!((room.talk.view, room.talk.recall), (View::Agenda { chosen: 0 }, None));
}

#[test]
fn an_answer_is_judged_at_once_and_kept_and_nothing_is_run() {
    let mut room = back_with(learned(&[("kill", Some(Answer::Chose(1)))]));
    assert_eq!(room.talk.next_does(Lang::En), "skip the question");
    assert_eq!(room.talk.next_does(Lang::PtBr), "pular a pergunta");
    assert_eq!(room.act(Action::Choose(4)), [], "there is no such answer");
    assert_eq!(room.act(Action::Choose(2)), [Effect::SaveProgress]);
    assert_eq!(room.act(Action::Choose(1)), [], "the answer is there by now");
    let kept = room.talk.progress().lessons["one"]["kill"];
    assert_eq!((kept.answer, kept.answered), (Some(Answer::Chose(2)), NOW));
    assert!(!room.talk.was_wrong(Place { lesson: 0, step: 4 }));
    assert_eq!(room.talk.next_does(Lang::PtBr), "a próxima pergunta");
    room.next();
    assert_eq!(room.talk.recall.as_ref().map(|recall| recall.at), Some(1));
    // Skipped: what was answered before stands.
    room.next();
    room.act(Action::Choose(1));
    assert_eq!(room.talk.next_does(Lang::En), "to the agenda");
    room.next();
    assert_eq!((room.talk.view, &room.talk.recall), (View::Agenda { chosen: 1 }, &None));
    assert!(room.effects.iter().all(|effect| *effect == Effect::SaveProgress), "{:?}", room.effects);
}

#[test]
fn escape_and_back_leave_all_of_it_and_an_overlay_comes_back_to_it() {
    for leaves in [Action::Close, Action::Back, Action::Agenda] {
        let mut room = back_with(learned(&[]));
        room.act(Action::Help);
        room.act(Action::Close);
        assert_eq!(room.talk.view, View::Recall);
        room.act(leaves);
        assert_eq!(room.talk.view, View::Agenda { chosen: 1 });
    }
}

#[test]
fn nothing_else_gets_in_between() {
    for action in [Action::Start, Action::Keyboard, Action::OtherSide, Action::Scroll(1), Action::Copy, Action::Fresh] {
        let mut room = back_with(learned(&[]));
        let effects = room.act(action.clone());
        assert_eq!((room.talk.view, effects), (View::Recall, vec![]), "{action:?}");
    }
}

#[test]
fn a_lesson_that_is_done_goes_on_where_it_was_predicted_wrongly_and_asks_again() {
    let mut room = back_with(learned(&[("rename", Some(Answer::Chose(1)))]));
    room.act(Action::Close);
    room.act(Action::Choose(1));
    assert_eq!(room.talk.worth_another_look(0).collect::<Vec<_>>(), [Place { lesson: 0, step: 2 }]);
    assert_eq!(room.talk.next_does(Lang::En), "look again: 0 one, step 3");
    assert_eq!(room.talk.next_does(Lang::PtBr), "rever: 0 one, passo 3");
    room.next();
    room.settle();
    assert_eq!((room.step(), room.talk.phase), ("rename", Phase::Ask));
    room.act(Action::Choose(2));
    assert_eq!(room.talk.worth_another_look(0).count(), 0);
}

/// Two answers within a second: the later one counts, whatever is merged with it.
#[test]
fn the_later_of_two_answers_is_the_newer_one() {
    let mut room = Room::at("rename");
    room.act(Action::Choose(2));
    let first = room.talk.progress();
    room.act(Action::Choose(1));
    let both = first.merged(room.talk.progress());
    assert_eq!(both.lessons["one"]["rename"].answer, Some(Answer::Chose(1)));
}

#[test]
fn what_was_not_kept_is_said() {
    let mut room = Room::new();
    room.tell(Event::ProgressUnsaved("the disk is full".into()));
    let said = unha::screen::notice(&room.talk).map(|text| text.en);
    assert_eq!(said.as_deref(), Some("progress: the disk is full"));
}
