//! What is kept between two runs, and the times that the agenda gives.

use unha::course::event::{Action, Effect};
use unha::course::progress::Progress;
use unha::course::talk::{Answer, Place, Route, View};
use unha::course::text::Lang;

use crate::person::{Room, talk};

#[test]
fn one_goes_on_where_one_left_and_what_is_unknown_is_kept() {
    let mut room = Room::at("rename");
    room.act(Action::Choose(2));
    room.talk.done.insert(("one".into(), "look".into()));
    let mut progress = room.talk.progress();
    assert_eq!((progress.schema, progress.place.clone()), (2, Some(("one".into(), "rename".into()))));
    progress.mark("old", "gone").done = Some(7);
    progress.mark("old", "gone").answer = Some(Answer::Skipped);
    let kept: Progress = serde_json::from_str(&serde_json::to_string(&progress).unwrap()).unwrap();
    assert_eq!(kept, progress);
    let mut again = talk(Route::Full, Some(kept));
    assert_eq!((again.at, again.view), (Place { lesson: 0, step: 2 }, View::Agenda { chosen: 0 }));
    assert_eq!(again.next_does(Lang::En), "continue: 0 one, step 3");
    let kept = again.progress();
    assert_eq!(kept.lessons["old"]["gone"], progress.lessons["old"]["gone"]);
    assert_eq!(kept.marks().filter(|(_, _, mark)| mark.answer.is_some()).count(), 2);
    again.update(unha::course::event::Event::Action(Action::Start));
    assert_eq!(again.step().id, "rename");
}

#[test]
fn a_place_that_is_no_more_is_the_first_step_that_is_not_done() {
    let mut progress = Progress { place: Some(("old".into(), "gone".into())), ..Progress::default() };
    progress.mark("one", "look").done = Some(7);
    assert_eq!(talk(Route::Full, Some(progress)).at, Place { lesson: 0, step: 1 });
}

#[test]
fn minutes_are_those_of_the_route() {
    let mut room = Room::new();
    assert_eq!((room.talk.minutes(0), room.talk.minutes_left()), (6, 13));
    assert_eq!(room.act(Action::Route), [Effect::SaveProgress]);
    assert_eq!((room.talk.minutes(0), room.talk.minutes_left()), (5, 12));
    room.talk.done.insert(("one".into(), "look".into()));
    assert_eq!(room.talk.minutes_left(), 11);
    assert_eq!(room.act(Action::Language), [Effect::SaveProgress]);
    assert_eq!(room.talk.lang, Lang::PtBr);
}
