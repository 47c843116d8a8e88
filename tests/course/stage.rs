//! The box that ends, and the box that cannot be built.

use unha::course::Side::{Inside, Outside};
use unha::course::event::{Action, Cause, Effect, Event, Failure};
use unha::course::lesson::Restart::Bench;
use unha::course::talk::{Notice, Phase, View};
use unha::course::way::{Way, command, ways};
use unha::kernel::reason::Reason;

use crate::person::{Room, built, lines};

#[test]
fn a_box_that_ends_gives_the_keyboard_back_and_next_builds_it_anew() {
    let mut room = Room::at("rename");
    room.act(Action::Choose(1));
    room.act(Action::Keyboard);
    room.ended();
    assert_eq!((room.talk.keyboard, room.talk.box_runs), (None, false));
    assert!(room.talk.ended.is_some());
    room.act(Action::Keyboard);
    assert_eq!(room.talk.keyboard, None, "there is nothing to type into");
    assert_eq!(built(&room.next()), [(None, "uts".into())]);
    assert!(room.next().is_empty());
    assert!(lines(&room.started()).is_empty());
    assert_eq!((room.talk.phase, room.talk.ended, room.talk.rebuilding), (Phase::Ready, None, false));
}

#[test]
fn the_outside_keeps_the_keyboard() {
    let mut room = Room::at("rename");
    room.act(Action::OtherSide);
    room.act(Action::Keyboard);
    room.ended();
    assert_eq!(room.talk.keyboard, Some(Outside));
    room.act(Action::OtherSide);
    assert_eq!(room.talk.keyboard, None);
}

#[test]
fn an_act_that_the_box_did_not_survive_begins_anew() {
    let mut room = Room::at("rename");
    room.go();
    room.ended();
    assert_eq!(room.talk.phase, Phase::Ready);
    assert!(lines(&room.tell(Event::Typed(Inside))).is_empty());
    room.next();
    room.started();
    assert_eq!(lines(&room.next()), ["hostname 4711x"]);
}

#[test]
fn a_step_may_want_the_box_to_end() {
    let mut room = Room::at("kill");
    room.go();
    room.typed(Inside);
    room.tell(Event::Typed(Outside));
    room.ended();
    assert_eq!(lines(&room.tell(Event::ShellIdle(Outside, true))), ["ps"]);
    room.tell(Event::Typed(Outside));
    room.printed(Outside, "gone\r\n");
    room.look("a", None);
    assert_eq!(room.talk.phase, Phase::Done);
    assert_eq!(built(&room.next()), [(None, "uts".into())], "the next step needs a box");
    assert_eq!((room.step(), room.talk.rebuilding), ("after", true));
    room.started();
    assert!(!room.talk.rebuilding);
}

#[test]
fn the_end_of_the_box_that_is_replaced_is_no_news() {
    let mut room = Room::at("on");
    room.go();
    room.ended();
    assert_eq!(lines(&room.started()), ["hostname"]);
    assert!(room.talk.box_runs);
}

#[test]
fn a_wanted_refusal_is_what_the_step_shows() {
    let mut room = Room::at("wrong");
    room.go();
    room.failed("EBUSY");
    assert_eq!((room.talk.view, room.talk.phase), (View::Lesson, Phase::Done));
    assert_eq!(room.talk.failure.as_ref().unwrap().cause, Cause::Wanted);
    assert_eq!(built(&room.next()), [(None, "uts cgroup".into())], "as before what was refused");
}

#[test]
fn any_other_refusal_shows_the_ways_out() {
    let mut room = Room::at("wrong");
    room.go();
    room.failed("EPERM");
    assert_eq!((room.talk.view, room.talk.phase), (View::Failure { chosen: 0 }, Phase::Ready));
    room.act(Action::Scroll(99));
    assert_eq!(room.talk.view, View::Failure { chosen: 3 });
    room.act(Action::Choose(2));
    assert_eq!(built(&room.next()), [(Some(Bench), "uts cgroup".into())]);
    assert_eq!((room.step(), room.talk.view), ("wrong", View::Lesson));
    room.failed("EPERM");
    assert!(!room.talk.rebuilding);
    room.act(Action::Choose(1));
    room.next();
    assert_eq!(room.step(), "again", "the step is left out");
    room.failed("EPERM");
    room.act(Action::Agenda);
    assert_eq!(room.talk.view, View::Agenda { chosen: 1 });
    assert_eq!(built(&room.next()).len(), 1, "nothing stands that one could go on with");
}

#[test]
fn limits_are_set_again_in_a_box_built_anew() {
    let mut room = Room::at("load");
    assert!(!room.talk.limits.is_empty());
    room.ended();
    room.next();
    assert!(matches!(room.started()[0], Effect::SetLimits(_)));
}

#[test]
fn the_ways_out_are_those_that_help_against_the_reason() {
    let mut room = Room::at("wrong");
    room.go();
    room.failed("EPERM");
    room.talk.machine.root = false;
    room.talk.about.docker = true;
    let rest = [Way::Skip, Way::Again, Way::Help, Way::Agenda];
    let mut offered = |cause, seen: &[&str]| {
        let seen = seen.iter().map(|seen| (*seen).to_owned()).collect();
        let message = String::new();
        room.talk.failure = Some(Failure { call: None, before: vec![], message, seen, cause });
        let ways = ways(&room.talk);
        let (first, last) = ways.split_at(ways.len() - rest.len());
        assert_eq!(last, rest);
        first.iter().filter_map(|way| command(*way, &room.talk)).collect::<Vec<_>>()
    };
    let sysctl = "sudo sysctl -w user.max_user_namespaces=15000";
    let limit = Cause::Reason(Reason::NamespaceLimit);
    assert_eq!(offered(limit, &["user.max_user_namespaces = 0"]), [sysctl, "unha vm docker"]);
    assert_eq!(offered(Cause::Reason(Reason::ApparmorUserns), &[]), ["sudo unha", "unha vm docker"]);
    assert_eq!(offered(Cause::Reason(Reason::Chrooted), &[]), ["unha vm docker"]);
    assert_eq!(offered(Cause::Wanted, &[]), [""; 0]);
    assert_eq!(offered(Cause::Other, &[]), ["sudo unha"]);
}

#[test]
fn help_is_asked_for_and_the_file_is_named() {
    let mut room = Room::at("wrong");
    room.go();
    room.failed("EPERM");
    let help = ways(&room.talk).iter().position(|way| *way == Way::Help).unwrap();
    room.act(Action::Choose(help + 1));
    assert_eq!(room.next(), [Effect::AskForHelp]);
    room.tell(Event::HelpWritten(Ok("/home/ana/doctor.txt".into())));
    assert_eq!(room.talk.notice, Some(Notice::HelpWritten(Ok("/home/ana/doctor.txt".into()))));
    assert!(matches!(room.talk.view, View::Failure { .. }), "one can still choose");
}
