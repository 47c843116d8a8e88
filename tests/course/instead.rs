//! What a room sees when a step cannot be done: its recording, or the next step; never a question, never an end.

use unha::course::Side::Inside;
use unha::course::event::{Action, Effect, Ended, Event};
use unha::course::talk::{Instead, Notice, Phase, View};
use unha::course::text::Lang;
use unha::course::way::{Way, chosen};

use crate::person::{Room, built};

fn refused(room: &Room) -> String {
    let Some(Instead::Refused(failure)) = &room.talk.instead else { panic!("{:?}", room.talk.instead) };
    failure.call.as_ref().map_or_else(|| failure.message.clone(), ToString::to_string)
}

/// Whether what was recorded of the step's act is being told.
fn plays(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Play(moments) if !moments.is_empty()))
}

#[test]
fn a_bench_that_is_refused_opens_the_recording() {
    let mut room = Room::on_stage_in_course("uts/switch-on");
    room.act(Action::Fresh);
    room.failed("EPERM");
    assert_eq!((room.talk.view, room.talk.phase, room.talk.plays()), (View::Lesson, Phase::Ask, true));
    assert_eq!(refused(&room), "pivot_root() = EPERM");
    assert!(!plays(&room.effects), "Next was not pressed yet");
    assert!(plays(&room.next()));
    assert_eq!(room.talk.phase, Phase::Doing);
}

#[test]
fn an_act_that_is_refused_plays_at_once() {
    let mut room = Room::on_stage_in_course("uts/switch-on");
    assert_eq!(built(&room.next()).len(), 1);
    assert!(plays(&room.failed("EPERM")));
    assert_eq!((room.talk.view, room.talk.phase, room.talk.plays()), (View::Lesson, Phase::Doing, true));
    room.act(Action::Details);
    assert!(room.talk.overlay.is_some());
    room.act(Action::Details);
    assert!(room.talk.overlay.is_none());
}

#[test]
fn limits_that_cannot_be_had_are_played_from_the_start_of_the_step() {
    let mut room = Room::on_stage_in_course("cgroup/no-limit");
    room.talk.names.clear();
    room.talk.names.insert("no-cgroup".into(), "no delegation".into());
    room.act(Action::GoTo("cgroup/pids".into()));
    room.effects.clear();
    room.tell(Event::BoxStarted(crate::person::names(&[])));
    assert!(room.talk.plays());
    assert_eq!((room.talk.view, room.step(), refused(&room).as_str()), (View::Lesson, "pids", "no delegation"));
}

#[test]
fn a_box_that_dies_in_the_middle_is_gone_past() {
    let mut room = Room::on_stage_in_course("uts/rename-inside");
    room.next();
    room.tell(Event::BoxEnded(Ended::Signal(9)));
    assert!(room.talk.has_stumbled());
    assert_eq!(room.talk.next_does(Lang::En), "go on with the recording");
    assert!(plays(&room.next()));
    assert_eq!(room.talk.instead, Some(Instead::Ended(Ended::Signal(9))));
    room.effects.clear();
    room.act(Action::GoTo("rename-outside".into()));
    assert_eq!((room.talk.plays(), room.talk.instead.is_none()), (false, true), "another step is live again");
    assert_eq!((room.step(), built(&room.effects).len()), ("rename-outside", 1));
}

#[test]
fn a_fresh_box_is_asked_for_again_where_a_recording_plays() {
    let mut room = Room::on_stage_in_course("uts/rename-inside");
    room.act(Action::Fresh);
    room.failed("EPERM");
    room.effects.clear();
    room.act(Action::Fresh);
    assert_eq!((room.talk.plays(), built(&room.effects).len(), room.step()), (false, 1, "rename-inside"));
    room.failed("EPERM");
    assert_eq!((room.talk.plays(), refused(&room).as_str()), (true, "pivot_root() = EPERM"));
    room.talk.phase = Phase::Done;
    room.next();
    assert_eq!((room.talk.plays(), room.step()), (true, "rename-outside"), "what the machine does not do");
}

#[test]
fn a_step_that_waits_too_long_is_gone_past() {
    for typed in [true, false] {
        let mut room = Room::on_stage_in_course("uts/rename-inside");
        room.next();
        if typed {
            room.settle();
        }
        room.pass(19_000);
        assert!(!room.talk.has_stumbled());
        room.pass(1_000);
        assert!(room.talk.has_stumbled());
        assert!(plays(&room.next()), "even while a line is waited for");
        assert_eq!(room.talk.instead, Some(Instead::Late));
    }
}

#[test]
fn what_is_seen_late_is_seen() {
    let mut room = Room::on_stage_at("rename");
    room.next();
    room.settle();
    room.pass(30_000);
    assert!(room.talk.has_stumbled());
    room.look("a", Some("b"));
    assert_eq!((room.talk.phase, room.talk.has_stumbled()), (Phase::Done, false));
}

/// Without a recording Next goes on all the same, whatever refuses or hangs.
#[test]
fn next_never_comes_to_an_end_without_recordings() {
    let mut room = Room::on_stage_at("rename");
    room.next();
    room.settle();
    room.pass(20_000);
    assert_eq!(room.talk.next_does(Lang::En), "go on without this step");
    room.next();
    assert_eq!((room.step(), room.talk.rebuilding), ("extra", true));
    // The bench never comes to stand.
    room.pass(20_000);
    assert!(room.talk.has_stumbled());
    room.next();
    assert_eq!(room.step(), "kill");
    room.failed("EPERM");
    assert_eq!(chosen(&room.talk), Some(Way::Skip));
    room.next();
    assert_eq!(room.step(), "after");
    room.failed("EPERM");
    room.next();
    assert_eq!(room.talk.view, View::Slides);
}

#[test]
fn a_load_that_is_refused_is_gone_past() {
    let mut room = Room::on_stage_at("two/load");
    room.next();
    room.tell(Event::LoadRefused("no".into()));
    assert_eq!(room.talk.notice, Some(Notice::LoadRefused("no".into())));
    room.next();
    assert_eq!(room.step(), "wrong");
}

#[test]
fn a_learner_is_asked() {
    let mut room = Room::at("rename");
    room.go();
    room.settle();
    room.pass(30_000);
    assert!(!room.talk.has_stumbled());
    room.act(Action::Details);
    assert_eq!(room.talk.notice, Some(Notice::Nothing));
    room.tell(Event::ShellIdle(Inside, true));
    room.act(Action::Fresh);
    room.failed("EPERM");
    assert!(matches!(room.talk.view, View::Failure { .. }));
}
