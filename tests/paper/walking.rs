//! Through the course with nothing but Next and the answers.

use unha::course::Side;
use unha::course::event::{Action, Effect};
use unha::course::talk::{Notice, Overlay, Phase, Route, View};

use super::paper::Paper;

/// Opens the first lesson at this step.
pub fn opened(step: &str) -> Paper {
    let mut paper = Paper::new(Route::Full);
    paper.calmly(Action::GoTo(format!("paper/{step}")));
    assert_eq!(paper.place(), Some(("paper", step)));
    paper
}

#[test]
fn one_next_acts_and_one_goes_on() {
    let mut paper = Paper::new(Route::Full);
    paper.calmly(Action::Next);
    for step in ["rename", "both", "end", "anew", "aside", "refused", "load", "last"] {
        assert_eq!(paper.place(), Some(("paper", step)));
        if !paper.talk.step().choices.is_empty() {
            assert_eq!(paper.talk.phase, Phase::Ask, "{step}");
            paper.calmly(Action::Choose(1));
        }
        assert_eq!(paper.talk.phase, Phase::Ready, "{step}");
        paper.calmly(Action::Next);
        assert_eq!(paper.talk.phase, Phase::Done, "{step}");
        paper.calmly(Action::Next);
    }
    assert_eq!(paper.talk.overlay, Some(Overlay::Script));
    paper.calmly(Action::Next);
    assert_eq!(paper.place(), Some(("again", "rename")));
    let lines: Vec<&str> = paper.typed.iter().map(|(_, line)| line.as_str()).collect();
    assert_eq!(
        lines,
        ["name one", "say hello", "say hi", "say bye", "end", "say gone", "name three", "wait", "name end"]
    );
}

#[test]
fn the_short_route_leaves_a_step_out() {
    let mut paper = Paper::new(Route::Short);
    paper.calmly(Action::GoTo("anew".into()));
    for action in [Action::Choose(1), Action::Next, Action::Next] {
        paper.calmly(action);
    }
    assert_eq!(paper.place(), Some(("paper", "refused")));
}

#[test]
fn an_open_question_is_skipped_by_a_second_next() {
    let mut paper = opened("both");
    paper.calmly(Action::Next);
    assert_eq!((&paper.talk.notice, paper.talk.phase), (&Some(Notice::PickOrSkip), Phase::Ask));
    paper.calmly(Action::Next);
    assert_eq!(paper.talk.phase, Phase::Ready);
}

#[test]
fn next_twice_within_a_moment_acts_once() {
    let mut paper = opened("rename");
    assert!(paper.act(Action::Next).iter().any(|effect| matches!(effect, Effect::Type(..))));
    assert_eq!(paper.at_once(Action::Next), []);
    paper.settle();
    assert_eq!(paper.talk.phase, Phase::Done);
    assert_eq!(paper.typed.len(), 1);
}

#[test]
fn the_learner_may_do_it_alone() {
    let mut paper = opened("rename");
    paper.calmly(Action::Keyboard);
    paper.calmly(Action::ToShell(b"name one".to_vec()));
    assert_eq!(paper.talk.phase, Phase::Ready, "what is to be seen was not looked at yet");
    paper.talk.update(unha::course::event::Event::Snapshot(paper.seen()));
    assert_eq!(paper.talk.phase, Phase::Done);
    assert_eq!(paper.talk.keyboard, Some(Side::Inside), "the keyboard stays where it was");
}

#[test]
fn what_held_before_is_not_ticked_off_by_itself() {
    let mut paper = opened("both");
    paper.calmly(Action::Back);
    paper.calmly(Action::Next);
    paper.calmly(Action::Next);
    // The name is still `one`; a step that asks for it again has nothing to show.
    paper.calmly(Action::GoTo("rename".into()));
    assert_eq!(paper.talk.phase, Phase::Ready);
}

#[test]
fn back_types_again_what_the_script_typed() {
    let mut paper = opened("end");
    let before = paper.typed.len();
    paper.calmly(Action::Back);
    assert_eq!(paper.place(), Some(("paper", "both")));
    assert_eq!(paper.typed[before..], [(Side::Inside, "name one".to_owned())]);
    paper.calmly(Action::Back);
    paper.calmly(Action::Back);
    assert!(matches!(paper.talk.view, View::Agenda { chosen: 0 }));
}

#[test]
fn back_asks_first_where_the_learner_typed() {
    let mut paper = opened("both");
    for action in [Action::Keyboard, Action::ToShell(b"say ho".to_vec()), Action::Keyboard, Action::Back] {
        paper.calmly(action);
    }
    assert_eq!(paper.talk.overlay, Some(Overlay::Rebuild));
    paper.calmly(Action::Close);
    assert_eq!(paper.place(), Some(("paper", "both")));
    paper.calmly(Action::Back);
    paper.calmly(Action::Next);
    assert_eq!(paper.place(), Some(("paper", "rename")));
}

#[test]
fn a_box_that_ended_is_built_anew_as_it_was() {
    let mut paper = opened("both");
    for action in [Action::Keyboard, Action::ToShell(b"exit".to_vec())] {
        paper.calmly(action);
    }
    assert!(paper.talk.ended.is_some());
    assert_eq!(paper.talk.keyboard, None, "the keyboard goes back to the talk with the shell");
    let start = paper.talk.start.clone();
    paper.calmly(Action::Next);
    assert!(paper.talk.box_runs);
    assert_eq!(paper.starts.last(), Some(&start));
}

#[test]
fn a_busy_shell_is_interrupted_by_the_second_next() {
    let mut paper = opened("rename");
    for action in [Action::Keyboard, Action::ToShell(b"wait".to_vec()), Action::Keyboard, Action::Next] {
        paper.calmly(action);
    }
    assert_eq!(paper.talk.notice, Some(Notice::Busy(Side::Inside, "wait".into())));
    paper.calmly(Action::Next);
    assert_eq!(paper.talk.phase, Phase::Done);
}

#[test]
fn a_hint_says_what_is_missing_and_then_offers_the_command() {
    let mut paper = opened("rename");
    assert_eq!(paper.act(Action::Hint), []);
    assert_eq!(paper.talk.notice, Some(Notice::Waiting(0)));
    assert_eq!(paper.act(Action::Hint), [Effect::Prefill(Side::Inside, "name one".into())]);
}
