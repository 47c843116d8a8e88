//! When a step is done: the kernel says so, by whatever way one got there.

use std::collections::BTreeSet;

use unha::course::Side::{Inside, Outside};
use unha::course::event::{Action, Effect};
use unha::course::talk::{Answer, Notice, Phase};
use unha::course::text::Lang;
use unha::course::{Fact, Reading, Value};

use crate::person::{Room, look};

#[test]
fn a_question_wants_an_answer_or_a_second_next() {
    let mut room = Room::at("rename");
    room.next();
    assert_eq!((room.talk.notice.clone(), room.talk.phase), (Some(Notice::PickOrSkip), Phase::Ask));
    room.act(Action::OtherSide);
    room.next();
    assert_eq!(room.talk.phase, Phase::Ask, "something else came between");
    room.next();
    assert_eq!(room.talk.phase, Phase::Ready);
    let key = ("one".to_owned(), "rename".to_owned());
    assert_eq!(room.talk.answers[&key], Answer::Skipped);
    room.act(Action::Choose(2));
    room.act(Action::Choose(1));
    assert_eq!(room.talk.answers[&key], Answer::Chose(1));
    room.act(Action::Choose(3));
    assert_eq!(room.talk.notice, Some(Notice::Nothing), "there are two answers");
    room.next();
    room.act(Action::Choose(2));
    assert_eq!(room.talk.answers[&key], Answer::Chose(1), "the answer stands once the act began");
}

#[test]
fn a_step_that_only_asks_is_done_by_its_answer() {
    let mut room = Room::at("look");
    room.act(Action::Choose(1));
    assert_eq!(room.next(), [Effect::Look, Effect::SaveProgress]);
    assert_eq!(room.talk.phase, Phase::Done);
    assert!(room.talk.done.contains(&("one".into(), "look".into())));
}

#[test]
fn nothing_is_done_by_a_look_from_before_the_act() {
    let mut room = Room::at("on");
    room.look("same", Some("same"));
    room.go();
    room.started();
    room.typed(Inside);
    assert_eq!(room.talk.phase, Phase::Doing);
    let effects = room.look("same", Some("same"));
    assert_eq!((effects, room.talk.phase), (vec![Effect::Look, Effect::SaveProgress], Phase::Done));
}

#[test]
fn the_learner_may_do_it_but_what_always_was_is_no_deed() {
    let mut room = Room::at("rename");
    room.look("a", Some("b"));
    room.look("a", Some("c"));
    assert_eq!(room.talk.phase, Phase::Ask, "it was true all along");
    room.look("a", Some("a"));
    room.look("a", Some("mine"));
    assert_eq!(room.talk.phase, Phase::Done);
    assert_eq!(room.talk.changed, BTreeSet::from([Fact::Hostname]));

    let mut room = Room::at("after");
    room.look("a", Some("a"));
    room.printed(Inside, "yes\r\n");
    assert_eq!(room.talk.phase, Phase::Done, "by what was printed, at once");
    room.look("b", Some("a"));
    assert_eq!(room.talk.changed, BTreeSet::from([Fact::Hostname]), "the look came behind");
    room.look("c", Some("a"));
    assert_eq!(room.talk.changed, BTreeSet::from([Fact::Hostname]), "it still differs from what was before");
    room.look("a", Some("a"));
    assert_eq!(room.talk.changed, BTreeSet::new(), "no mark stands at what is as it was");
}

#[test]
fn what_is_typed_is_not_what_is_printed() {
    for prompt in ["inside# ", "dentro# ", "inside$ ", "dentro$ "] {
        let mut room = Room::at("after");
        room.look("a", Some("a"));
        // The prompt was there before the act, and the line that is typed behind it comes after.
        room.printed(Inside, &format!("\r\n{prompt}"));
        room.go();
        room.printed(Inside, "say yes\r\n");
        room.typed(Inside);
        room.look("a", Some("a"));
        assert_eq!(room.talk.phase, Phase::Doing, "{prompt}");
        room.printed(Inside, &format!("yes\r\n{prompt}"));
        assert_eq!(room.talk.phase, Phase::Done, "{prompt}");
    }
}

#[test]
fn what_stands_before_a_prompt_was_printed_and_what_stands_behind_it_was_typed() {
    let mut room = Room::at("after");
    room.look("a", Some("a"));
    room.go();
    room.typed(Inside);
    room.printed(Inside, "printf no\r\nnoinside# say yes\r\n");
    room.look("a", Some("a"));
    assert_eq!(room.talk.phase, Phase::Doing);
    room.printed(Inside, "yesinside# ");
    assert_eq!(room.talk.phase, Phase::Done);
}

#[test]
fn of_what_the_step_before_printed_the_prompt_alone_is_left() {
    for (printed, left) in [
        ("a\r\ninside# ", "inside# "),
        ("a\r\nwithout a newlineinside# ", "inside# "),
        ("a\r\nhalf of what it print", ""),
    ] {
        let mut room = Room::at("on");
        room.look("same", Some("other"));
        room.go();
        room.started();
        room.typed(Inside);
        room.look("same", Some("same"));
        room.printed(Inside, printed);
        room.next();
        assert_eq!((room.talk.step().id.as_str(), room.talk.shells[1].since.as_slice()), ("rename", left.as_bytes()));
    }
}

#[test]
fn a_new_shell_does_not_stand_behind_the_prompt_of_the_old_one() {
    let mut room = Room::at("on");
    room.look("same", Some("other"));
    room.printed(Inside, "before\r\ninside# ");
    room.go();
    room.printed(Inside, "inside# ");
    assert_eq!(room.talk.shells[1].since, b"inside# ");
}

#[test]
fn a_wrong_answer_and_no_answer_never_block() {
    let mut room = Room::at("rename");
    room.act(Action::Choose(1));
    room.next();
    room.typed(Inside);
    room.typed(Outside);
    room.look("a", Some("b"));
    assert_eq!(room.talk.phase, Phase::Done);
    room.next();
    assert_eq!(room.step(), "extra");
}

#[test]
fn what_was_printed_before_the_act_counts_no_more() {
    let mut room = Room::at("after");
    room.printed(Inside, "yes\r\n");
    room.go();
    room.typed(Inside);
    room.look("a", Some("a"));
    assert_eq!(room.talk.phase, Phase::Doing);
    room.printed(Inside, "yes\r\n");
    assert_eq!(room.talk.phase, Phase::Done);
}

#[test]
fn what_it_waits_for_is_said_after_a_while_and_done_takes_it_back() {
    let mut room = Room::at("rename");
    room.go();
    room.typed(Inside);
    room.typed(Outside);
    room.look("a", Some("a"));
    room.pass(19_000);
    assert_eq!(room.talk.notice, None);
    room.pass(1_000);
    assert_eq!(room.talk.notice, Some(Notice::Waiting(0)));
    for lang in Lang::ALL {
        assert!(!room.talk.waiting_words(0, lang).is_empty());
        assert!(!room.talk.waiting_words(9, lang).is_empty());
    }
    room.act(Action::OtherSide);
    room.pass(60_000);
    assert_eq!(room.talk.notice, None, "it is said once");
    room.next();
    assert_eq!(room.talk.notice, Some(Notice::Waiting(0)), "or when one asks");
    room.look("a", Some("b"));
    assert_eq!((room.talk.phase, room.talk.notice.clone()), (Phase::Done, None));
}

#[test]
fn marks_are_for_relations_and_for_values_that_are_no_identity() {
    let mut room = Room::at("rename");
    let mut before = look("a", Some("a"));
    let id = |n| Reading::Value(Value::Number(n));
    for (facts, n) in [(&mut before.outside, 1), (&mut before.inside, 2)] {
        facts.insert(Fact::NsUts, id(n));
        facts.insert(Fact::NsPid, id(9));
        facts.insert(Fact::Kernel, Reading::Missing("EPERM".into()));
    }
    let mut now = look("a", Some("b"));
    for (facts, n) in [(&mut now.outside, 5), (&mut now.inside, 6)] {
        facts.insert(Fact::NsUts, id(n));
        facts.insert(Fact::NsPid, id(n));
        facts.insert(Fact::Kernel, Reading::Missing("EPERM".into()));
    }
    for look in [before, now] {
        room.tell(unha::course::event::Event::Snapshot(look));
    }
    assert_eq!(room.talk.changed, BTreeSet::from([Fact::Hostname, Fact::NsPid]));
}
