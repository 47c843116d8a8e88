//! Exercises by hand: what is built for them, how goals are ticked off, and what is said of a way that does not lead there.

use std::collections::BTreeMap;

use unha::course::event::{Action, Effect, Event};
use unha::course::exercise::Kind;
use unha::course::lesson::Lesson;
use unha::course::parse;
use unha::course::talk::{Notice, Phase, Route, Said, Talk};
use unha::course::text::Lang;
use unha::course::{Fact, Facts, Reading, Side, Snapshot, Value};

use crate::person::{Room, lines, machine, names};

fn course() -> Vec<Lesson> {
    let files = parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    parse::course(files.collect()).unwrap()
}

fn talk(route: Route) -> Talk {
    let mut talk = Talk::new(course(), Lang::En, route, machine(), None, (80, 24));
    talk.practise();
    talk
}

/// At an exercise of the lesson on names, on a bare bench.
fn at(exercise: &str) -> Room {
    let mut room = Room { talk: talk(Route::Full), effects: Vec::new(), clock: 0 };
    assert_eq!(room.act(Action::GoTo(format!("uts/{exercise}"))), [Effect::BareBench]);
    stands(&mut room);
    room
}

/// The bench that was wanted stands, and its shell is at the prompt; nothing is apart.
fn stands(room: &mut Room) {
    assert!(room.talk.rebuilding);
    room.tell(Event::BenchReady(names(&[("bench-name", "bench")])));
    room.tell(Event::ShellIdle(Side::Outside, true));
    assert!(!room.talk.rebuilding);
    seen(room, "bench", None);
}

fn facts(name: &str, uts: u64) -> Facts {
    let mut facts = BTreeMap::from([(Fact::Hostname, Reading::Value(Value::Text(name.into())))]);
    for (fact, number) in [(Fact::NsUts, uts), (Fact::NsPid, 7), (Fact::NsMnt, 8)] {
        facts.insert(fact, Reading::Value(Value::Number(number)));
    }
    facts
}

/// A look: the name outside, and that of a UTS namespace of the learner's.
fn seen(room: &mut Room, outside: &str, inside: Option<&str>) -> Vec<Effect> {
    let mut effects = glimpsed(room, outside, inside);
    if effects.contains(&Effect::Look) {
        effects = glimpsed(room, outside, inside);
    }
    effects
}

fn glimpsed(room: &mut Room, outside: &str, inside: Option<&str>) -> Vec<Effect> {
    let inside = inside.map(|name| facts(name, 2)).unwrap_or_default();
    room.tell(Event::Snapshot(Snapshot { machine: Facts::new(), outside: facts(outside, 1), inside }))
}

/// The learner types a line, and it comes to its end.
fn types(room: &mut Room, line: &str) {
    if room.talk.keyboard.is_none() {
        room.act(Action::Keyboard);
    }
    room.act(Action::ToShell(format!("{line}\r").into_bytes()));
    let effects = room.tell(Event::ShellIdle(Side::Outside, true));
    assert!(effects.contains(&Effect::Look), "what it did is looked at at once");
}

fn met(room: &Room) -> Vec<usize> {
    room.talk.practice.met.iter().copied().collect()
}

#[test]
fn goals_are_ticked_by_what_is_seen_and_not_by_what_was_typed() {
    let mut room = at("hand-typed");
    assert_eq!((room.talk.phase, room.talk.side, met(&room)), (Phase::Ready, Side::Outside, vec![]));
    types(&mut room, "perl -e 'syscall 272, 0x04000000; exec q(sh)'");
    seen(&mut room, "bench", Some("bench"));
    assert_eq!(met(&room), [0]);
    seen(&mut room, "bench", Some("caixa"));
    assert_eq!(room.talk.phase, Phase::Done);
    assert!(room.talk.done.contains(&("uts".into(), "hand-typed".into())));
    seen(&mut room, "bench", None);
    assert_eq!(room.talk.phase, Phase::Done, "what is done stays so");
}

#[test]
fn what_only_one_look_saw_is_not_reached() {
    let mut room = at("hand-typed");
    assert_eq!(glimpsed(&mut room, "bench", Some("caixa")), [Effect::Look]);
    glimpsed(&mut room, "caixa", Some("caixa"));
    assert_eq!(room.talk.phase, Phase::Ready);
    assert_eq!(glimpsed(&mut room, "bench", Some("caixa")), [Effect::Look]);
    assert!(glimpsed(&mut room, "bench", Some("caixa")).contains(&Effect::SaveProgress));
    assert_eq!(room.talk.phase, Phase::Done);
}

#[test]
fn a_goal_that_is_undone_is_open_again() {
    let mut room = at("hand-typed");
    seen(&mut room, "bench", Some("bench"));
    assert_eq!(met(&room), [0]);
    seen(&mut room, "bench", None);
    assert!(met(&room).is_empty());
}

#[test]
fn a_goal_that_counts_once_stays() {
    let mut room = at("hand-typed");
    let lesson = room.talk.at.lesson;
    room.talk.lessons[lesson].exercises[0].goals[0].once = true;
    seen(&mut room, "bench", Some("bench"));
    seen(&mut room, "bench", None);
    assert_eq!(met(&room), [0]);
}

#[test]
fn what_is_wrong_is_said_while_it_is_so() {
    let mut room = at("hand-typed");
    types(&mut room, "hostname caixa");
    seen(&mut room, "caixa", None);
    assert_eq!(room.talk.practice.said, Some(Said::Diagnosis(0)));
    assert!(room.talk.diagnosis().unwrap().say.en.contains("outside"));
    seen(&mut room, "bench", None);
    assert_eq!(room.talk.practice.said, None);
}

#[test]
fn what_is_lost_is_said_before_what_is_wrong() {
    let mut room = at("hand-typed");
    let exercise = &mut room.talk.lessons[room.talk.at.lesson].exercises[0];
    exercise.lost = exercise.diagnoses.clone();
    seen(&mut room, "caixa", None);
    assert_eq!(room.talk.practice.said, Some(Said::Lost(0)));
}

#[test]
fn next_says_once_that_something_is_left_and_then_goes_on() {
    let mut room = at("hand-free");
    assert_eq!(room.next(), []);
    assert_eq!(room.talk.notice, Some(Notice::NotReached));
    let effects = room.next();
    assert!(matches!(effects[..], [Effect::Restart(..)]), "{effects:?}");
    assert_eq!(room.talk.lesson().id, "pid", "it was the last of its lesson");
    assert!(!room.talk.done.iter().any(|(_, step)| step == "hand-free"));
}

#[test]
fn a_ladder_of_hints_ends_with_the_command_at_the_prompt() {
    let mut room = at("hand-typed");
    let hints = room.talk.exercise().unwrap().hints.len();
    for rung in 1..=hints {
        assert_eq!(room.act(Action::Hint), []);
        assert_eq!(room.talk.practice.rung, rung);
    }
    let put = |line: &str| vec![Effect::Prefill(Side::Outside, line.to_owned())];
    assert_eq!(room.act(Action::Hint), put("unshare --uts sh"));
    assert_eq!(room.talk.notice, Some(Notice::AtThePrompt));
    assert_eq!(room.act(Action::Hint), put("unshare --uts sh"), "it was not run");
    types(&mut room, "");
    assert_eq!(room.act(Action::Hint), put("hostname caixa"), "the next line");
}

#[test]
fn who_goes_round_in_circles_is_told_of_the_hints() {
    let mut room = at("hand-free");
    for nudged in [false, false, false, true] {
        assert_eq!(room.talk.practice.is_nudged(), nudged);
        types(&mut room, "ls");
        seen(&mut room, "bench", None);
    }
    room.act(Action::Hint);
    assert!(!room.talk.practice.is_nudged());
}

#[test]
fn lines_run_in_the_order_chosen_and_on_a_fresh_bench_the_next_time() {
    let mut room = at("hand-order");
    let exercise = room.talk.exercise().unwrap().clone();
    let shown = exercise.shuffled();
    let key = |line: usize| shown.iter().position(|shown| *shown == line).unwrap() + 1;
    for line in [2, 1, 0] {
        room.act(Action::Choose(key(line)));
    }
    room.act(Action::Choose(key(1)));
    assert_eq!(room.talk.practice.order, [2, 0], "chosen twice, it is out again");
    assert!(!room.talk.is_in_order());
    room.act(Action::Choose(key(1)));
    assert!(room.talk.next_does(Lang::En).starts_with("run the lines"));
    // lua, terra, unshare: both are called terra in the end.
    room.effects.clear();
    room.next();
    for _ in 0..3 {
        room.typed(Side::Outside);
    }
    assert_eq!(lines(&room.effects), ["hostname lua", "hostname terra", "unshare --uts sh"]);
    seen(&mut room, "terra", Some("terra"));
    assert_eq!((room.talk.phase, room.talk.notice.clone()), (Phase::Ready, Some(Notice::WrongOrder)));
    assert_eq!(room.talk.practice.said, Some(Said::Diagnosis(0)));

    for line in [2, 0, 1] {
        room.act(Action::Choose(key(line)));
    }
    for line in [0, 1, 2] {
        room.act(Action::Choose(key(line)));
    }
    assert_eq!(room.next(), [Effect::BareBench], "on the old one names are given already");
    room.effects.clear();
    stands(&mut room);
    for _ in 0..3 {
        room.typed(Side::Outside);
    }
    assert_eq!(lines(&room.effects), exercise.solution);
    seen(&mut room, "terra", Some("lua"));
    assert_eq!(room.talk.phase, Phase::Done);
}

#[test]
fn a_fresh_bench_keeps_hints_and_order() {
    let mut room = at("hand-order");
    room.act(Action::Hint);
    room.act(Action::Choose(1));
    assert_eq!(room.act(Action::Fresh), [Effect::BareBench]);
    stands(&mut room);
    assert_eq!((room.talk.practice.rung, room.talk.practice.order.len()), (1, 1));
}

#[test]
fn one_key_leads_straight_to_the_challenge() {
    let mut room = at("hand-typed");
    assert_eq!(room.act(Action::Challenge), [Effect::BareBench]);
    assert_eq!(room.step(), "hand-free");
    stands(&mut room);
    assert_eq!(room.act(Action::Challenge), []);
    assert_eq!(room.talk.notice, Some(Notice::Nothing), "it is the last one");
}

#[test]
fn no_box_and_no_other_side_is_to_be_had_meanwhile() {
    let mut room = at("hand-typed");
    for action in [Action::Switches, Action::OtherSide, Action::Knob(1)] {
        assert_eq!(room.act(action), []);
        assert_eq!((room.talk.notice.take(), room.talk.side), (Some(Notice::Nothing), Side::Outside));
    }
}

#[test]
fn exercises_are_for_a_learner_on_the_full_route_on_a_bench() {
    let walks = |talk: &mut Talk| {
        talk.at.lesson = 1;
        talk.at.step = talk.lessons[1].steps.len() - 1;
        talk.following().is_some_and(|place| place.lesson == 1)
    };
    assert!(walks(&mut talk(Route::Full)));
    assert!(!walks(&mut talk(Route::Short)));
    let mut on_host = talk(Route::Full);
    on_host.host = true;
    assert!(!walks(&mut on_host));
    let mut nobody = Talk::new(course(), Lang::En, Route::Full, machine(), None, (80, 24));
    assert!(!walks(&mut nobody));
    let mut stage = Room::on_stage_in_course("uts/docker");
    assert_eq!(stage.talk.following().map(|place| place.lesson), Some(2));
    stage.act(Action::GoTo("uts/hand-free".into()));
    assert_eq!(stage.step(), "docker");
}

#[test]
fn lines_out_of_order_are_never_in_order_and_always_the_same() {
    let orders = course().into_iter().flat_map(|lesson| lesson.exercises);
    for exercise in orders.filter(|exercise| exercise.kind == Kind::Order) {
        let shuffled = exercise.shuffled();
        assert_eq!(shuffled, exercise.shuffled());
        assert!(!shuffled.is_sorted(), "{}", exercise.id());
        let mut sorted = shuffled.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..exercise.solution.len()).collect::<Vec<_>>());
    }
}

#[test]
fn an_exercise_that_wants_limits_is_not_begun_without() {
    let mut room = Room { talk: talk(Route::Full), effects: Vec::new(), clock: 0 };
    room.talk.lessons[1].exercises[0].solution.push("echo 15 >{pids-root}/mine/pids.max".into());
    room.act(Action::GoTo("uts/hand-typed".into()));
    room.tell(Event::BenchReady(names(&[("bench-name", "bench")])));
    assert!(room.talk.failure.is_some());
}
