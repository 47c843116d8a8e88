//! Whatever a person did, at whatever moment: a patient one who only presses Next gets through.

use proptest::prelude::*;
use unha::course::Side;
use unha::course::event::Action;
use unha::course::talk::{Phase, Route, View};

use super::paper::Paper;
use super::walking::opened;

/// What may happen at any moment.
#[derive(Debug, Clone)]
enum Deed {
    Does(Action),
    AtOnce(Action),
    Delivered(u8),
    Waits(u64),
}

fn action() -> impl Strategy<Value = Action> {
    let line = prop_oneof![Just("say ho"), Just("name one"), Just("exit"), Just("end"), Just("wait"), Just("\u{3}")];
    let go_to = prop_oneof![Just("0"), Just("1"), Just("end"), Just("paper/load"), Just("again/anew"), Just("nowhere")];
    prop_oneof![
        8 => Just(Action::Next),
        2 => Just(Action::Back),
        2 => (0..5usize).prop_map(Action::Choose),
        4 => Just(Action::Keyboard),
        2 => Just(Action::OtherSide),
        4 => line.prop_map(|line| Action::ToShell(line.as_bytes().to_vec())),
        4 => Just(Action::Hint),
        1 => (-3..3i32).prop_map(Action::Scroll),
        1 => (-1..2i32).prop_map(Action::Knob),
        1 => go_to.prop_map(|place| Action::GoTo(place.to_owned())),
        1 => (0..200u16, 0..60u16).prop_map(|(columns, rows)| Action::ShellSizes((columns, rows), (rows, columns))),
        3 => prop_oneof![
            Just(Action::Stray), Just(Action::Code), Just(Action::Calls), Just(Action::Copy), Just(Action::Fresh),
            Just(Action::Agenda), Just(Action::Help), Just(Action::Close), Just(Action::Language), Just(Action::Route),
            Just(Action::Start), Just(Action::Quit(false)),
        ],
    ]
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => action().prop_map(Deed::Does),
        1 => action().prop_map(Deed::AtOnce),
        4 => (1..12u8).prop_map(Deed::Delivered),
        1 => (0..30_000u64).prop_map(Deed::Waits),
    ];
    prop::collection::vec(deed, 0..60)
}

fn do_all(paper: &mut Paper, deeds: &[Deed]) {
    for deed in deeds {
        let (keyboard, side) = (paper.talk.keyboard, paper.talk.side);
        match deed {
            Deed::Does(action) => drop(paper.act(action.clone())),
            Deed::AtOnce(action) => drop(paper.at_once(action.clone())),
            Deed::Delivered(count) => (0..*count).for_each(|_| _ = paper.deliver()),
            Deed::Waits(milliseconds) => paper.wait(*milliseconds),
        }
        let moved = paper.talk.keyboard;
        let asked =
            matches!(deed, Deed::Does(a) | Deed::AtOnce(a) if matches!(a, Action::Keyboard | Action::OtherSide));
        assert!(asked || moved == keyboard || moved.is_none(), "the keyboard moved by itself: {deed:?}");
        assert!(asked || moved.is_none() || paper.talk.side == side, "the side in view moved while it was typed into");
    }
}

/// Presses Next, calmly, until the end of the course.
fn get_through(paper: &mut Paper) {
    paper.settle();
    if paper.talk.keyboard.is_some() {
        paper.calmly(Action::Keyboard);
    }
    paper.calmly(Action::Close);
    let mut seen = vec![];
    for _ in 0..120 {
        let end = paper.talk.following().is_none() && paper.talk.phase == Phase::Done;
        if end && matches!(paper.talk.view, View::Agenda { .. }) {
            return;
        }
        paper.calmly(Action::Next);
        paper.wait(2_000);
        paper.settle();
        seen.push(format!("{:?} {:?} {:?}", paper.place(), paper.talk.phase, paper.talk.notice));
    }
    panic!("no way through: {:#?}", &seen[seen.len() - 6..]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_locked_out(deeds in deeds(), short in any::<bool>()) {
        let mut paper = Paper::new(if short { Route::Short } else { Route::Full });
        do_all(&mut paper, &deeds);
        get_through(&mut paper);
    }
}

#[test]
fn typing_into_the_scripts_line_does_not_stop_the_talk() {
    let mut paper = opened("rename");
    paper.act(Action::Next);
    paper.act(Action::Keyboard);
    paper.act(Action::ToShell(b"say ho".to_vec()));
    get_through(&mut paper);
}

#[test]
fn a_hint_while_the_script_types_does_not_stop_it() {
    let mut paper = opened("rename");
    for action in [Action::Next, Action::Hint, Action::Hint] {
        paper.act(action);
    }
    paper.settle();
    assert_eq!(paper.typed, [(Side::Inside, "name one".to_owned())]);
    assert_eq!(paper.talk.phase, Phase::Done);
}

#[test]
fn a_limit_that_is_turned_while_the_script_types_does_not_stop_it() {
    let mut paper = opened("load");
    paper.act(Action::Next);
    for _ in 0..20 {
        paper.act(Action::Knob(-1));
        paper.deliver();
    }
    get_through(&mut paper);
}
