//! A show of hands: counted, taken back, called again, kept.

use unha::course::event::{Action, Effect};
use unha::course::progress::Progress;
use unha::course::talk::{Answer, Notice, Phase, Route, Tally};
use unha::course::text::Lang;

use crate::person::{Room, lines, talk};

fn count(room: &mut Room, numbers: &[usize]) {
    for number in numbers {
        room.act(Action::Choose(*number));
    }
}

fn tally(room: &Room) -> ([u16; 4], Option<[u16; 4]>) {
    room.talk.tally().map_or(([0; 4], None), |tally| (tally.first, tally.again))
}

fn answer(room: &Room) -> Option<Answer> {
    room.talk.answers.get(&("one".into(), "rename".into())).copied()
}

#[test]
fn each_key_is_a_hand_and_the_most_hands_are_the_answer() {
    let mut room = Room::on_stage_at("rename");
    assert_eq!(room.act(Action::Choose(2)), [Effect::SaveProgress]);
    assert_eq!((tally(&room), answer(&room)), (([0, 1, 0, 0], None), Some(Answer::Chose(2))));
    count(&mut room, &[1]);
    assert_eq!(answer(&room), None, "the room is split");
    count(&mut room, &[1, 3]);
    assert_eq!(room.talk.notice, Some(Notice::Nothing), "there are two choices");
    assert_eq!((tally(&room), answer(&room)), (([2, 1, 0, 0], None), Some(Answer::Chose(1))));
    assert_eq!(room.talk.phase, Phase::Ask, "hands are still counted");
}

#[test]
fn zero_is_ten_times_as_many_and_every_count_can_be_taken_back() {
    let mut room = Room::on_stage_at("rename");
    count(&mut room, &[0]);
    assert_eq!(tally(&room), ([0; 4], None), "ten times nothing");
    count(&mut room, &[2, 2, 0, 2, 1]);
    assert_eq!(tally(&room), ([1, 21, 0, 0], None));
    for left in [[0, 21, 0, 0], [0, 20, 0, 0], [0, 2, 0, 0], [0, 1, 0, 0], [0; 4], [0; 4]] {
        room.act(Action::TakeBack);
        assert_eq!(tally(&room), (left, None));
    }
    assert_eq!(room.talk.tally(), None);
    count(&mut room, &[1, 0, 0, 0, 0, 0]);
    assert_eq!(tally(&room), ([9_999, 0, 0, 0], None));
}

#[test]
fn the_second_vote_leaves_the_first_one_standing() {
    let mut room = Room::on_stage_at("rename");
    room.act(Action::VoteAgain);
    assert_eq!(room.talk.notice, Some(Notice::Nothing), "nobody has voted yet");
    count(&mut room, &[1, 1, 2]);
    room.act(Action::VoteAgain);
    assert_eq!((tally(&room), answer(&room)), (([2, 1, 0, 0], Some([0; 4])), Some(Answer::Chose(1))));
    room.act(Action::VoteAgain);
    assert_eq!(tally(&room).1, None, "called off");
    room.act(Action::VoteAgain);
    count(&mut room, &[2, 0]);
    assert_eq!((tally(&room), answer(&room)), (([2, 1, 0, 0], Some([0, 10, 0, 0])), Some(Answer::Chose(2))));
}

#[test]
fn when_the_answer_is_there_only_a_second_vote_counts() {
    let mut room = Room::on_stage_at("rename");
    count(&mut room, &[1]);
    room.next();
    room.settle();
    room.look("a", Some("b"));
    assert_eq!(room.talk.phase, Phase::Done);
    count(&mut room, &[1]);
    assert_eq!((tally(&room), room.talk.notice.clone()), (([1, 0, 0, 0], None), Some(Notice::VoteIsOver)));
    room.act(Action::VoteAgain);
    count(&mut room, &[2]);
    assert_eq!(tally(&room), ([1, 0, 0, 0], Some([0, 1, 0, 0])));
    room.next();
    assert_eq!(room.step(), "extra");
    room.act(Action::TakeBack);
    assert_eq!(room.talk.notice, Some(Notice::Nothing), "that was another step");
}

#[test]
fn next_alone_goes_on_without_votes() {
    let mut room = Room::on_stage_at("rename");
    assert_eq!(room.talk.next_does(Lang::En), "type \"hostname 4711x\" inside");
    assert_eq!(lines(&room.next()), ["hostname 4711x"]);
    assert_eq!((room.talk.tally(), answer(&room)), (None, None));
}

#[test]
fn votes_outlast_a_crash_and_not_the_room() {
    let mut room = Room::on_stage_at("rename");
    count(&mut room, &[2, 2]);
    room.act(Action::VoteAgain);
    let kept: Progress = serde_json::from_str(&serde_json::to_string(&room.talk.progress()).unwrap()).unwrap();
    let voted = Tally { first: [0, 2, 0, 0], again: Some([0; 4]) };
    assert_eq!(kept.lessons["one"]["rename"].tally, Some(voted));
    let again = talk(Route::Full, Some(kept));
    assert_eq!(again.tallies[&("one".to_owned(), "rename".to_owned())], voted);
}

#[test]
fn a_learner_answers_and_nothing_is_counted() {
    let mut room = Room::at("rename");
    count(&mut room, &[2]);
    assert_eq!((room.talk.phase, answer(&room), room.talk.tally()), (Phase::Ready, Some(Answer::Chose(2)), None));
    for action in [Action::Choose(0), Action::TakeBack, Action::VoteAgain] {
        room.act(action);
        assert_eq!(room.talk.notice, Some(Notice::Nothing));
    }
}
