//! From step to step and lesson to lesson, and what is built on the way.

use unha::course::Side::Inside;
use unha::course::event::{Action, Effect};
use unha::course::lesson::Restart::{self, Bench};
use unha::course::talk::{Notice, Overlay, Phase, Place, Route, View};

use crate::person::{Room, built, lines};

/// What is built and typed before a step opens.
#[test]
fn entering_builds_what_the_script_leaves() {
    let steps: [(&str, Option<Restart>, &str, &[&str]); 10] = [
        ("one/look", Some(Bench), "", &[]),
        ("one/on", Some(Bench), "", &[]),
        ("one/rename", Some(Bench), "uts", &["hostname"]),
        ("one/extra", Some(Bench), "uts", &["hostname", "hostname 4711x", "hostname"]),
        ("one/kill", Some(Bench), "uts", &["hostname", "hostname 4711x", "hostname", "hostname out"]),
        ("one/after", Some(Bench), "uts", &["hostname", "hostname 4711x", "hostname", "hostname out"]),
        ("two/load", Some(Bench), "uts cgroup", &["free"]),
        ("two/again", Some(Bench), "uts cgroup", &["free"]),
        ("two/fresh", Some(Bench), "uts cgroup", &["free", "ls"]),
        ("two/page", Some(Bench), "uts cgroup", &[]),
    ];
    for (step, what, features, typed) in steps {
        let mut room = Room::new();
        room.act(Action::GoTo(step.into()));
        assert!(room.talk.rebuilding, "{step}");
        assert!(room.next().is_empty(), "{step}: Next is dropped");
        room.settle();
        assert!(!room.talk.rebuilding, "{step}");
        assert_eq!(built(&room.effects), [(what, features.to_owned())], "{step}");
        assert_eq!(lines(&room.effects), typed, "{step}");
        assert!(room.effects.contains(&Effect::Look), "{step}");
    }
}

#[test]
fn on_the_short_route_only_its_own_steps_are_replayed_and_walked() {
    let mut room = Room::on(Route::Short);
    room.act(Action::GoTo("kill".into()));
    room.settle();
    assert_eq!(lines(&room.effects), ["hostname", "hostname 4711x", "hostname"]);
    room.act(Action::Back);
    assert_eq!(room.step(), "rename");
}

#[test]
fn a_line_that_does_not_end_does_not_keep_the_step_shut() {
    let mut room = Room::new();
    room.act(Action::GoTo("extra".into()));
    assert_eq!(lines(&room.started()), ["hostname"]);
    room.pass(10_000);
    assert!(!room.talk.rebuilding);
}

#[test]
fn going_on_builds_nothing_and_back_builds_everything() {
    let mut room = Room::at("rename");
    room.go();
    room.settle();
    room.effects.clear();
    room.look("a", Some("b"));
    room.next();
    assert_eq!(room.step(), "extra");
    assert!(built(&room.effects).is_empty());
    room.act(Action::Back);
    assert_eq!((room.step(), built(&room.effects)), ("rename", vec![(Some(Bench), "uts".to_owned())]));
    room.act(Action::Back);
    assert_eq!(room.step(), "rename", "not while it is being built");
}

#[test]
fn back_from_the_first_step_is_the_agenda() {
    let mut room = Room::at("look");
    room.act(Action::Back);
    assert_eq!(room.talk.view, View::Agenda { chosen: 0 });
    assert!(built(&room.effects).is_empty());
}

#[test]
fn back_asks_when_the_learner_typed() {
    let mut room = Room::at("rename");
    room.act(Action::Keyboard);
    room.act(Action::ToShell(b"x".to_vec()));
    room.act(Action::Keyboard);
    for stay in [Action::Close, Action::Back] {
        room.act(Action::Back);
        assert_eq!(room.talk.overlay, Some(Overlay::Rebuild));
        room.act(stay);
        assert_eq!((room.talk.overlay, room.step()), (None, "rename"));
    }
    room.act(Action::Back);
    room.next();
    assert_eq!((room.talk.overlay, room.step(), room.talk.rebuilding), (None, "on", true));
}

#[test]
fn the_last_step_leads_to_the_next_lesson_and_at_the_end_to_the_agenda() {
    let mut room = Room::at("after");
    room.look("a", Some("a"));
    room.printed(Inside, "yes\n");
    room.next();
    assert_eq!((room.step(), built(&room.effects)), ("limit", vec![(Some(Bench), "uts cgroup".to_owned())]));
    let mut room = Room::at("last");
    room.next();
    assert_eq!(room.talk.phase, Phase::Done);
    room.next();
    assert_eq!(room.talk.view, View::Agenda { chosen: 2 });
}

#[test]
fn a_page_comes_before_the_end_of_its_step() {
    for close in [Action::Next, Action::Close] {
        let mut room = Room::at("page");
        room.next();
        room.next();
        assert_eq!((room.talk.overlay, room.step()), (Some(Overlay::Script), "page"));
        room.pass(300);
        room.act(close);
        assert_eq!((room.talk.overlay, room.step()), (None, "last"));
    }
}

#[test]
fn two_next_close_together_are_one() {
    let mut room = Room::at("look");
    room.act(Action::Choose(1));
    room.next();
    assert_eq!(room.talk.phase, Phase::Done);
    room.pass(249);
    room.act(Action::Next);
    assert_eq!(room.step(), "look");
    room.pass(249);
    room.act(Action::Next);
    assert_eq!(room.step(), "look", "a key that is held down is one Next, however long");
    room.pass(250);
    room.act(Action::Next);
    assert_eq!(room.step(), "on");
}

#[test]
fn the_agenda_chooses_starts_and_goes_on() {
    let mut room = Room::new();
    room.act(Action::Scroll(9));
    assert_eq!(room.talk.view, View::Agenda { chosen: 2 });
    room.act(Action::Scroll(-1));
    room.act(Action::Choose(9));
    assert_eq!(room.talk.notice, Some(Notice::Nothing));
    room.act(Action::Choose(2));
    assert_eq!(room.talk.view, View::Agenda { chosen: 1 });
    room.act(Action::Start);
    room.settle();
    assert_eq!((room.step(), room.talk.view), ("limit", View::Lesson));
    room.effects.clear();
    room.act(Action::Agenda);
    assert_eq!(room.talk.view, View::Agenda { chosen: 1 });
    room.next();
    assert_eq!((room.step(), room.talk.view), ("limit", View::Lesson));
    assert!(built(&room.effects).is_empty(), "one goes on where one left");
    room.act(Action::Start);
    assert_eq!(room.talk.notice, Some(Notice::Nothing));
}

#[test]
fn go_to_knows_numbers_and_names() {
    let places = [
        ("1", 1, 0),
        ("two", 1, 0),
        ("two/load", 1, 1),
        ("1/2", 1, 1),
        ("load", 1, 1),
        ("0/6", 0, 5),
        (" three ", 2, 0),
    ];
    for (name, lesson, step) in places {
        let mut room = Room::new();
        room.act(Action::GoTo(name.into()));
        assert_eq!(room.talk.at, Place { lesson, step }, "{name}");
    }
    for name in ["", "9", "four", "two/", "two/9", "/", "1/0", "nine/load"] {
        let mut room = Room::new();
        room.act(Action::GoTo(name.into()));
        assert_eq!((room.talk.notice.clone(), room.talk.view), (Some(Notice::Nothing), View::Agenda { chosen: 0 }));
    }
}

#[test]
fn a_fresh_box_keeps_the_bench_and_what_was_done_outside() {
    let mut room = Room::at("extra");
    room.act(Action::Fresh);
    room.settle();
    assert_eq!(built(&room.effects), [(Some(Restart::Box), "uts".to_owned())]);
    assert_eq!(lines(&room.effects), ["hostname", "hostname 4711x"]);
    assert_eq!((room.talk.phase, room.talk.side), (Phase::Ready, Inside));
}
