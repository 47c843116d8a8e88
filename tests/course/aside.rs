//! Off the script and back: features switched, lines typed, a line taken over in the middle.

use unha::course::Side::{Inside, Outside};
use unha::course::event::{Action, Effect, Event};
use unha::course::lesson::Limit;
use unha::course::lesson::Restart::{Bench, Box};
use unha::course::talk::{Notice, Overlay, Phase, Stray};
use unha::course::text::Lang;
use unha::course::{Feature, FeatureSet};

use crate::person::{Room, built, lines};

fn switched(room: &Room) -> String {
    let Some(Overlay::Switches { set, .. }) = room.talk.overlay else { panic!("no switches") };
    set.iter().map(Feature::name).collect::<Vec<_>>().join(" ")
}

/// Everything built and typed that was wanted.
fn settled(room: &mut Room) {
    room.settle();
    room.effects.clear();
}

fn type_line(room: &mut Room, line: &str) {
    room.act(Action::Keyboard);
    room.act(Action::ToShell(format!("{line}\r").into_bytes()));
    room.act(Action::Keyboard);
}

#[test]
fn a_switch_takes_along_what_it_needs_and_what_needs_it() {
    let mut room = Room::at("rename");
    room.act(Action::Switches);
    assert_eq!(switched(&room), "uts");
    room.act(Action::Choose(5));
    assert_eq!(switched(&room), "uts mount rootfs");
    let along = FeatureSet::NONE.with(Feature::Mount);
    assert_eq!(room.talk.notice, Some(Notice::Along { feature: Feature::Rootfs, on: true, along }));
    room.act(Action::Choose(3));
    assert_eq!(switched(&room), "uts");
    let along = FeatureSet::NONE.with(Feature::Rootfs);
    assert_eq!(room.talk.notice, Some(Notice::Along { feature: Feature::Mount, on: false, along }));
    room.act(Action::Scroll(1));
    room.act(Action::Flip);
    assert_eq!(switched(&room), "uts cgroup", "the arrows go on from the switch that was flipped");
    assert_eq!(room.talk.next_does(Lang::En), "start the box with: UTS, cgroup");
    for close in [Action::Close, Action::Switches, Action::Back] {
        room.act(close);
        assert_eq!((room.talk.overlay, room.talk.stray), (None, None), "nothing was started");
        room.act(Action::Switches);
    }
    room.next();
    assert_eq!((room.talk.overlay, room.talk.stray), (None, None), "nothing was switched");
    assert!(built(&room.effects).is_empty());
}

#[test]
fn limits_that_cannot_be_had_cannot_be_switched_on() {
    let mut room = Room::at("rename");
    room.talk.names.clear();
    room.act(Action::Switches);
    room.act(Action::Choose(4));
    assert_eq!((switched(&room).as_str(), room.talk.notice.clone()), ("uts", Some(Notice::NoLimits)));
}

/// Before a step and after it, a learner or a presenter, by the key or by Next: the box is as the script has it.
#[test]
fn from_other_features_one_key_returns() {
    for done in [false, true] {
        for back in [Action::Fresh, Action::Next] {
            let mut room = Room::at("rename");
            if done {
                room.look("a", Some("a"));
                room.go();
                settled(&mut room);
                room.look("a", Some("b"));
                room.look("a", Some("b"));
                assert_eq!(room.talk.changed.len(), 1);
            }
            let place = (room.talk.at, if done { Phase::Done } else { Phase::Ready });
            room.act(Action::Choose(1));
            room.act(Action::Switches);
            room.act(Action::Choose(2));
            assert_eq!(built(&room.next()), [(None, "uts pid".to_owned())]);
            settled(&mut room);
            room.look("a", Some("c"));
            assert_eq!((room.place(), room.talk.stray), (place, Some(Stray::Switched)), "nothing is judged meanwhile");
            assert_eq!(room.talk.next_does(Lang::En), "back to the script");
            room.pass(300);
            assert_eq!(built(&room.act(back)), [(Some(Box), "uts".to_owned())]);
            assert_eq!((room.talk.stray, room.talk.notice.clone()), (None, Some(Notice::OnScript)));
            let typed: &[&str] = if done { &["hostname", "hostname 4711x"] } else { &["hostname"] };
            room.settle();
            assert_eq!(lines(&room.effects), typed, "what the script typed inside so far");
            room.effects.clear();
            assert_eq!(room.place(), place);
            room.look("a", Some("b"));
            assert_eq!(room.talk.changed.len(), usize::from(done), "the marks are those of the step again");
            room.next();
            assert_eq!(room.step(), if done { "extra" } else { "rename" });
            assert_eq!(room.talk.phase, if done { Phase::Ready } else { Phase::Doing });
        }
    }
}

#[test]
fn the_limits_are_again_what_the_script_has_set() {
    let mut room = Room::on_stage_at("two/load");
    room.act(Action::Knob(1));
    assert_eq!(room.talk.limits[&Limit::Memory], "64M");
    assert_eq!(room.talk.stray, Some(Stray::Typed));
    room.next();
    assert!(room.talk.rebuilding);
    settled(&mut room);
    assert_eq!(room.talk.limits[&Limit::Memory], "32M");
    room.act(Action::Switches);
    room.act(Action::Choose(4));
    room.next();
    settled(&mut room);
    assert!(room.talk.limits.is_empty());
    room.act(Action::Fresh);
    settled(&mut room);
    assert_eq!((room.talk.limits[&Limit::Memory].as_str(), room.talk.stray), ("32M", None));
}

#[test]
fn what_was_typed_on_either_side_makes_the_bench_anew() {
    // Inside too: what the box shares with outside, such as a host name, it changes there.
    for side in [Inside, Outside] {
        let mut room = Room::on_stage_at("rename");
        if side == Outside {
            room.act(Action::OtherSide);
        }
        type_line(&mut room, "ps");
        assert_eq!(room.talk.stray, Some(Stray::Typed));
        assert_eq!(built(&room.next()), [(Some(Bench), "uts".to_owned())]);
        assert_eq!((room.talk.notice.clone(), room.talk.phase), (Some(Notice::OnScript), Phase::Ask));
        settled(&mut room);
        assert_eq!(lines(&room.next()), ["hostname 4711x"], "the second Next goes on");
    }
}

#[test]
fn a_learner_who_types_is_on_the_script() {
    let mut room = Room::at("rename");
    type_line(&mut room, "ps");
    assert_eq!(room.talk.stray, None);
}

/// An answer to a question is no step, even if it comes to the same; help for a step that waits is.
#[test]
fn what_is_typed_by_the_way_is_not_judged() {
    let mut room = Room::on_stage_at("rename");
    room.look("a", Some("a"));
    type_line(&mut room, "hostname b");
    room.look("a", Some("b"));
    assert_eq!((room.talk.phase, room.talk.stray), (Phase::Ask, Some(Stray::Typed)));
    room.next();
    settled(&mut room);
    room.look("a", Some("a"));
    room.next();
    settled(&mut room);
    type_line(&mut room, "hostname b");
    assert_eq!((room.talk.phase, room.talk.stray), (Phase::Doing, Some(Stray::Typed)));
    room.look("a", Some("b"));
    assert_eq!((room.talk.phase, room.talk.stray), (Phase::Done, None));
}

#[test]
fn switches_that_are_refused_leave_the_script_its_box() {
    let mut room = Room::at("rename");
    room.act(Action::Switches);
    room.act(Action::Choose(7));
    room.next();
    room.effects.clear();
    room.failed("EPERM");
    assert_eq!(built(&room.effects), [(Some(Box), "uts".to_owned())]);
    assert_eq!(room.talk.notice, Some(Notice::NotSwitched("pivot_root() = EPERM".into())));
    assert_eq!(room.talk.stray, None);
}

/// The keyboard in the middle of the first of two lines.
fn taken_over() -> Room {
    let mut room = Room::on_stage_at("rename");
    room.effects.clear();
    assert_eq!(lines(&room.go()), ["hostname 4711x"]);
    assert!(room.talk.types_into(Inside));
    assert_eq!(room.act(Action::Keyboard), [Effect::Pause(Inside)]);
    assert!(room.talk.is_held());
    room
}

#[test]
fn a_line_that_is_handed_back_is_typed_by_the_script() {
    let mut room = taken_over();
    room.act(Action::ToShell(b"x\x7f".to_vec()));
    assert_eq!(room.talk.phase, Phase::Doing);
    room.tell(Event::ShellIdle(Inside, true));
    assert!(lines(&room.pass(30_000)).is_empty(), "whoever has the keyboard has time");
    assert_eq!(lines(&room.act(Action::Keyboard)), ["hostname 4711x"]);
    assert_eq!(lines(&room.typed(Inside)), ["hostname"]);
    assert_eq!((room.talk.stray, room.talk.has_stumbled()), (None, false));
}

#[test]
fn a_line_that_the_person_finished_is_not_typed_again() {
    for idle_first in [true, false] {
        let mut room = taken_over();
        room.act(Action::ToShell(b"b\r".to_vec()));
        if idle_first {
            assert!(lines(&room.tell(Event::ShellIdle(Inside, true))).is_empty(), "not while a person types");
            assert_eq!(lines(&room.act(Action::Next)), ["hostname"], "a clicker hands it back too");
        } else {
            assert!(room.act(Action::Keyboard).is_empty());
            assert_eq!(lines(&room.tell(Event::ShellIdle(Inside, true)))[..], ["hostname"]);
        }
        room.tell(Event::Typed(Outside));
        room.look("a", Some("b"));
        assert_eq!((room.talk.phase, room.talk.stray), (Phase::Done, None));
    }
}

#[test]
fn more_than_the_line_is_off_the_script() {
    let mut room = taken_over();
    room.act(Action::ToShell(b"b\rps\r".to_vec()));
    room.act(Action::ToShell(b"ps\r".to_vec()));
    room.act(Action::Keyboard);
    assert_eq!((room.talk.phase, room.talk.stray), (Phase::Ready, Some(Stray::Typed)));
}

#[test]
fn a_box_that_ends_in_the_persons_hands_hands_the_keyboard_back() {
    let mut room = taken_over();
    room.act(Action::ToShell(b"\x04".to_vec()));
    room.ended();
    assert_eq!((room.talk.keyboard, room.talk.is_held(), room.talk.phase), (None, false, Phase::Ready));
    assert_eq!(built(&room.next()).len(), 1);
}

/// A command of the script's runs: who takes the keyboard keeps the script from typing until they give it back.
#[test]
fn the_script_does_not_type_under_a_persons_hands() {
    let mut room = Room::at("rename");
    room.go();
    room.tell(Event::Typed(Inside));
    assert!(room.act(Action::Keyboard).is_empty());
    assert!(lines(&room.tell(Event::ShellIdle(Inside, true))).is_empty());
    assert_eq!(lines(&room.act(Action::Keyboard)), ["hostname"]);
}

/// Before a room Back asks nothing.
#[test]
fn back_goes_back_on_a_stage_whatever_was_typed() {
    let mut room = Room::on_stage_at("rename");
    type_line(&mut room, "ps");
    assert_eq!(built(&room.back()).len(), 1);
    assert_eq!((room.step(), room.talk.overlay), ("on", None));
    assert!(room.act(Action::Back).is_empty(), "a key that is held down");
}

#[test]
fn a_clickers_start_key_does_nothing_in_a_lesson() {
    let mut room = Room::on_stage_at("rename");
    for key in [Action::Start, Action::Close, Action::Start, Action::Close] {
        assert!(room.act(key).is_empty());
        assert_eq!((room.step(), room.talk.phase, room.talk.notice.clone()), ("rename", Phase::Ask, None));
    }
}
