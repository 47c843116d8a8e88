//! From an act to its effects, and from one act to the next.

use unha::course::Side::{Inside, Outside};
use unha::course::event::{Action, Cause, Effect, Event, NO_RANGE};
use unha::course::lesson::{Limit, Restart};
use unha::course::talk::{Notice, Phase, View};
use unha::kernel::reason::{Because, Reason};

use crate::person::{Room, built, lines};

#[test]
fn a_start_is_waited_for_and_then_the_line_is_typed() {
    let mut room = Room::at("on");
    let effects = room.go();
    assert_eq!(built(&effects), [(None, "uts".into())]);
    assert!(lines(&effects).is_empty());
    assert!(room.next().is_empty(), "Next is dropped while the box is built");
    assert_eq!(lines(&room.started()), ["hostname"]);
}

#[test]
fn a_line_waits_for_the_prompt_after_the_one_before_it() {
    let mut room = Room::at("rename");
    assert_eq!(room.go(), [Effect::Type(Inside, "hostname 4711x".into())]);
    assert!(room.tell(Event::ShellIdle(Inside, true)).is_empty(), "it is not even typed yet");
    assert_eq!(room.tell(Event::Typed(Inside)), [Effect::Look]);
    assert!(lines(&room.tell(Event::ShellIdle(Outside, true))).is_empty(), "that is another shell");
    assert!(room.next().is_empty(), "Next is dropped");
    let effects = room.tell(Event::ShellIdle(Inside, true));
    assert_eq!(effects, [Effect::Look, Effect::Type(Outside, "hostname".into())]);
    room.look("bench", Some("new"));
    assert_eq!(room.talk.phase, Phase::Doing, "the last line must be typed too");
    room.tell(Event::Typed(Outside));
    room.look("bench", Some("new"));
    assert_eq!(room.talk.phase, Phase::Done, "the last line need not come to its end");
}

#[test]
fn a_new_shell_is_given_time_to_its_prompt_but_not_for_ever() {
    let mut room = Room::at("on");
    room.go();
    assert!(lines(&room.tell(Event::BoxStarted(crate::person::names(&[])))).is_empty());
    assert!(lines(&room.pass(900)).is_empty());
    assert_eq!(lines(&room.pass(200)), ["hostname"]);
}

#[test]
fn loads_and_what_destroys_are_guarded() {
    let mut room = Room::at("load");
    assert_eq!(room.go(), [Effect::TypeGuarded(Inside, "eat".into(), vec![Limit::Memory], false)]);
    room.tell(Event::LoadRefused("memory.max is max".into()));
    assert_eq!(room.talk.notice, Some(Notice::LoadRefused("memory.max is max".into())));
    assert_eq!(room.talk.phase, Phase::Ready);
    assert_eq!(lines(&room.next()), ["eat"], "Next tries again");

    let mut room = Room::at("fresh");
    assert_eq!(built(&room.go()), [(Some(Restart::Box), "uts cgroup".into())]);
    let effects = room.started();
    assert!(effects.contains(&Effect::Send(Outside, vec![3])));
    assert!(effects.contains(&Effect::TypeGuarded(Inside, "rm -rf /".into(), vec![], true)));
}

#[test]
fn limits_are_set_and_known() {
    let mut room = Room::at("limit");
    let effects = room.go();
    assert!(matches!(&effects[0], Effect::SetLimits(limits) if limits[&Limit::Memory] == "32M"));
    assert_eq!(lines(&effects), ["free"], "a limit is not waited for");
    assert_eq!(room.talk.limits[&Limit::Memory], "32M");
}

#[test]
fn a_busy_shell_is_interrupted_by_the_next_next_and_the_line_typed_then() {
    let mut room = Room::at("rename");
    room.go();
    room.tell(Event::Busy(Inside, "sleep".into()));
    assert_eq!(room.talk.notice, Some(Notice::Busy(Inside, "sleep".into())));
    assert_eq!(room.next(), [Effect::Send(Inside, vec![3])]);
    assert_eq!(lines(&room.tell(Event::ShellIdle(Inside, true))), ["hostname 4711x"]);
    room.tell(Event::Busy(Inside, "sleep".into()));
    room.act(Action::OtherSide);
    assert_eq!(room.talk.notice, None);
    assert_eq!(lines(&room.next()), ["hostname 4711x"], "the notice is gone: Next types again");
}

#[test]
fn the_side_that_is_typed_into_comes_into_view_unless_the_learner_types() {
    let mut room = Room::at("rename");
    room.act(Action::OtherSide);
    assert_eq!(room.talk.side, Outside);
    room.go();
    assert_eq!(room.talk.side, Inside);
    room.act(Action::Keyboard);
    room.typed(Inside);
    assert_eq!((room.talk.side, room.talk.keyboard), (Inside, Some(Inside)));
}

#[test]
fn without_a_cgroup_a_load_is_refused_in_words() {
    let mut room = Room::at("load");
    room.talk.names.clear();
    room.talk.names.insert("no-cgroup".into(), "/sys/fs/cgroup: Permission denied".into());
    assert_eq!(room.go(), []);
    assert_eq!(room.talk.view, View::Failure { chosen: 0 });
    let failure = room.talk.failure.as_ref().unwrap();
    assert_eq!(
        (failure.cause, failure.message.as_str()),
        (Cause::Reason(Reason::CgroupRefused), "/sys/fs/cgroup: Permission denied")
    );
}

#[test]
fn a_limit_that_this_bench_does_not_have_is_told_by_its_reason() {
    let lacks = |step: &str, root: bool, has: &[(&str, &str)]| {
        let mut room = Room::on_stage_in_course(step);
        // Not the recording that a stage plays instead.
        room.talk.recorded = None;
        room.talk.machine.root = root;
        room.talk.names = crate::person::names(has);
        room.talk.lacks()
    };
    let (pids, io, disk) = (("pids", "/"), ("io", "/"), ("disk", "/run/unha/disk"));
    assert_eq!(lacks("io/direct", true, &[pids]), Some(Reason::IoNotDelegated));
    assert_eq!(lacks("io/direct", true, &[pids, io]), Some(Reason::NoDisk));
    assert_eq!(lacks("io/direct", true, &[pids, io, disk]), None);
    assert_eq!(lacks("devices/taken", false, &[pids]), Some(Reason::NotRoot));
    assert_eq!(lacks("devices/taken", true, &[pids]), None);
    assert_eq!(lacks("devices/mknod", false, &[pids]), None, "it sets no limit");
}

#[test]
fn with_a_single_user_id_what_needs_two_is_refused_in_words() {
    let mut room = Room::at("rename");
    let at = room.talk.at;
    room.talk.lessons[at.lesson].steps[at.step].two_ids = true;
    let why = Because::seen(Reason::NoSubids, ["/etc/subuid".to_owned()]);
    room.talk.names.insert(NO_RANGE.into(), serde_json::to_string(&why).unwrap());
    assert_eq!(room.go(), []);
    let failure = room.talk.failure.as_ref().unwrap();
    assert_eq!((failure.cause, failure.seen.as_slice()), (Cause::Reason(Reason::NoSubids), why.seen.as_slice()));
}
