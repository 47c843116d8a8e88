//! The play: whatever is flipped and slid, in whatever order, it stays whole, and what has to be asked is asked.

use std::collections::BTreeMap;

use proptest::prelude::*;
use unha::course::event::{Action, Cause, Effect, Ended, Event, Failure, NO_CGROUP};
use unha::course::lesson::{Limit, Restart, Start};
use unha::course::play::{Choice, Line, Pane, Play, Press, Said, Written};
use unha::course::talk::Machine;
use unha::course::text::Lang;
use unha::course::{Because, Feature, FeatureSet, Reason, Side};
use unha::kernel::doctor::What;

use crate::person::{call, look, names};

const MACHINE: Machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };

fn play() -> Play {
    let mut play = Play::new(Lang::En, MACHINE, BTreeMap::new(), (80, 24));
    play.begin(Choice::default());
    play.take(Event::BenchReady(names(&[])));
    runs(&mut play);
    play
}

/// The box runs, and its shell is at the prompt.
fn runs(play: &mut Play) {
    play.take(Event::BoxStarted(names(&[("pid", "4711")])));
    play.take(Event::ShellIdle(Side::Inside, true));
}

fn choose(play: &mut Play, line: Line) {
    play.at = Line::ALL.iter().position(|known| *known == line).expect("a line");
}

fn flip(play: &mut Play, line: Line) -> Vec<Effect> {
    choose(play, line);
    play.press(Press::Flip)
}

fn types(play: &mut Play, line: &str) {
    play.press(Press::Shell(Action::Keyboard));
    play.press(Press::Shell(Action::ToShell(format!("{line}\r").into_bytes())));
    play.press(Press::Shell(Action::Keyboard));
}

fn failure() -> Failure {
    let call = Some(call("unshare", Err("EPERM")));
    Failure { call, before: vec![], message: String::new(), seen: vec![], cause: Cause::Other }
}

/// What must hold of a combination: what is on stands on what it needs, and the engine is never given what it refuses.
fn sound(choice: &Choice) -> Result<(), TestCaseError> {
    let start = &choice.start;
    for line in choice.lines() {
        for needed in line.all_needs() {
            prop_assert!(choice.has(needed), "{line:?} without {needed:?}");
        }
    }
    prop_assert_eq!(start.features.closed(), start.features);
    let has = |feature| start.features.has(feature);
    // A host name without a namespace would be the outside's; a clock without one is refused.
    prop_assert!(has(Feature::Uts) || start.hostname.is_none());
    prop_assert!(has(Feature::Time) || start.boottime == 0);
    prop_assert!(has(Feature::Net) || start.lo.is_none() && !start.cable);
    prop_assert!(has(Feature::Pid) || !start.init);
    prop_assert!(has(Feature::Capabilities) || start.cap_add.is_empty() && start.cap_drop.is_empty());
    prop_assert!(has(Feature::Cgroup) || choice.limits.keys().all(|limit| *limit == Limit::Rate));
    prop_assert!(start.cable || !choice.limits.contains_key(&Limit::Rate));
    Ok(())
}

fn press() -> impl Strategy<Value = Press> {
    prop_oneof![
        8 => Just(Press::Flip),
        6 => any::<bool>().prop_map(Press::Turn),
        8 => (-9..9i32).prop_map(Press::Move),
        4 => Just(Press::Enter),
        1 => Just(Press::All),
        1 => Just(Press::Bare),
        1 => prop_oneof![Just(Pane::Columns), Just(Pane::Docker), Just(Pane::Oci)].prop_map(Press::Show),
        1 => any::<i32>().prop_map(Press::Scroll),
        1 => Just(Press::Copy),
        1 => Just(Press::Fresh),
        1 => Just(Press::Language),
        1 => Just(Press::Calls),
        1 => Just(Press::Help),
        1 => Just(Press::Quit(false)),
        1 => Just(Press::Close),
        2 => prop_oneof![
            Just(Action::Keyboard),
            Just(Action::OtherSide),
            Just(Action::ToShell(b"x\r".to_vec())),
            Just(Action::Stray),
            (0..90u16, 0..40u16).prop_map(|(columns, rows)| Action::ShellSizes((columns, rows), (rows, columns))),
        ]
        .prop_map(Press::Shell),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => Just(Event::BoxStarted(names(&[("pid", "4711")]))),
        3 => any::<bool>().prop_map(|idle| Event::ShellIdle(Side::Inside, idle)),
        2 => ("[ab]", proptest::option::of("[ab]"))
            .prop_map(|(outside, inside)| Event::Snapshot(look(&outside, inside.as_deref()))),
        1 => any::<i32>().prop_map(|status| Event::BoxEnded(Ended::Exit(status))),
        1 => Just(Event::StageFailed(failure())),
        1 => Just(Event::LoadRefused("no".into())),
        1 => (0..100_000u64).prop_map(Event::Tick),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_is_pressed_it_stays_whole(steps in proptest::collection::vec(
        prop_oneof![4 => press().prop_map(Ok), 1 => event().prop_map(Err)], 1..120,
    )) {
        let mut play = play();
        for step in steps {
            let effects = match step.clone() {
                Ok(press) => play.press(press),
                Err(event) => play.take(event),
            };
            sound(&play.choice)?;
            if let Some(asked) = &play.asked {
                sound(asked)?;
            }
            for effect in &effects {
                // What is started is what the list shows, and what acts on a running box starts none.
                if let Effect::StartBox(start) | Effect::Restart(_, start) = effect {
                    prop_assert_eq!(start, &play.choice.start);
                }
            }
            prop_assert!(play.at < Line::ALL.len());
            prop_assert!(play.talk.keyboard != Some(Side::Inside) || play.talk.box_runs, "{step:?}");
        }
    }

    /// All that is on can be switched off again, in any order, and nothing is left of it.
    #[test]
    fn all_of_it_comes_off_in_any_order(order in Just(Line::ALL.to_vec()).prop_shuffle()) {
        let mut choice = Choice::default();
        for line in &order {
            choice = choice.switched(*line, true, None).0;
            sound(&choice)?;
        }
        for line in order.iter().rev() {
            choice = choice.switched(*line, false, None).0;
            sound(&choice)?;
        }
        prop_assert_eq!(choice, Choice::default());
    }
}

#[test]
fn a_switch_acts_at_once_and_a_command_inside_is_asked_for() {
    let mut play = play();
    let uts = Line::Feature(Feature::Uts);
    let started = flip(&mut play, uts);
    assert!(matches!(&started[..], [Effect::StartBox(Start { features, .. })] if features.has(Feature::Uts)));
    runs(&mut play);

    types(&mut play, "sleep 600");
    play.take(Event::ShellIdle(Side::Inside, false));
    assert_eq!(flip(&mut play, uts), []);
    assert!(play.choice.has(uts) && play.asked.as_ref().is_some_and(|asked| !asked.has(uts)));
    // Any other key is no: the command goes on, and Enter does something else again.
    play.press(Press::Move(1));
    assert!(play.asked.is_none() && play.choice.has(uts));
    flip(&mut play, uts);
    let started = play.press(Press::Enter);
    assert!(matches!(&started[..], [Effect::StartBox(_)]) && !play.choice.has(uts));
    runs(&mut play);

    // What came back to its prompt is no command any more.
    types(&mut play, "true");
    play.take(Event::ShellIdle(Side::Inside, true));
    assert!(matches!(&flip(&mut play, uts)[..], [Effect::StartBox(_)]));
}

#[test]
fn what_a_line_needs_comes_along_and_is_said() {
    let mut play = play();
    let (rootfs, mount) = (Line::Feature(Feature::Rootfs), Line::Feature(Feature::Mount));
    flip(&mut play, rootfs);
    assert_eq!(play.said, Some(Said::Along { line: rootfs, on: true, along: vec![mount] }));
    runs(&mut play);
    flip(&mut play, mount);
    assert_eq!(play.said, Some(Said::Along { line: mount, on: false, along: vec![rootfs] }));
    assert_eq!(play.choice.start.features, FeatureSet::NONE);
    runs(&mut play);
    let rate = Line::Limit(Limit::Rate);
    flip(&mut play, rate);
    assert_eq!(
        play.said,
        Some(Said::Along { line: rate, on: true, along: vec![Line::Feature(Feature::Net), Line::Cable] })
    );
}

#[test]
fn a_limit_acts_on_the_running_box_and_is_lifted_there() {
    let mut play = play();
    flip(&mut play, Line::Feature(Feature::Cgroup));
    runs(&mut play);
    types(&mut play, "sleep 600");
    play.take(Event::ShellIdle(Side::Inside, false));
    let pids = Line::Limit(Limit::Pids);
    choose(&mut play, pids);
    let set = |to: &str| vec![Effect::SetLimits(BTreeMap::from([(Limit::Pids, to.to_owned())])), Effect::Look];
    assert_eq!(play.press(Press::Flip), set("15"));
    assert_eq!(play.press(Press::Turn(false)), set("8"));
    assert_eq!(play.press(Press::Turn(true)), set("15"));
    assert_eq!(play.press(Press::Flip), set("max"));
    assert_eq!(play.press(Press::Turn(true)), []);
    assert_eq!(play.said, Some(Said::End));
    assert_eq!(play.press(Press::Turn(false)), set("256"));

    // One that is refused stands where it stood.
    play.take(Event::LoadRefused("no".into()));
    assert_eq!(play.choice.setting(pids), None);
    assert_eq!(play.said, Some(Said::Limit("no".into())));
}

#[test]
fn a_limit_needs_a_cgroup_and_is_set_once_the_box_has_one() {
    let mut play = play();
    choose(&mut play, Line::Limit(Limit::Pids));
    let started = play.press(Press::Turn(false));
    assert!(matches!(&started[..], [Effect::StartBox(Start { features, .. })] if features.has(Feature::Cgroup)));
    let effects = play.take(Event::BoxStarted(names(&[("pid", "4711")])));
    assert_eq!(effects[0], Effect::SetLimits(BTreeMap::from([(Limit::Pids, "256".to_owned())])));
}

#[test]
fn a_frozen_box_is_started_anew_awake() {
    let mut play = play();
    flip(&mut play, Line::Feature(Feature::Cgroup));
    runs(&mut play);
    let frozen = flip(&mut play, Line::Limit(Limit::Freezer));
    assert_eq!(frozen[0], Effect::SetLimits(BTreeMap::from([(Limit::Freezer, "frozen".to_owned())])));
    flip(&mut play, Line::Feature(Feature::Uts));
    assert!(!play.choice.has(Line::Limit(Limit::Freezer)));
}

#[test]
fn what_cannot_be_had_is_not_switched_and_says_why() {
    let no = Because { reason: Reason::NotInKernel, call: None, seen: vec![] };
    let mut play = Play::new(Lang::En, MACHINE, BTreeMap::from([(What::Time, no.clone())]), (80, 24));
    play.begin(Choice::default());
    runs(&mut play);
    for line in [Line::Feature(Feature::Time), Line::Offset] {
        assert_eq!(flip(&mut play, line), []);
        assert_eq!(play.said, Some(Said::Cannot(line)));
        assert!(play.refusal(line).is_some_and(|why| why.contains("kernel")));
    }
    play.press(Press::All);
    assert!(!play.choice.has(Line::Feature(Feature::Time)) && play.choice.has(Line::Feature(Feature::User)));

    // The bench may find out that there are no limits.
    play.take(Event::BenchReady(names(&[(NO_CGROUP, "none here")])));
    assert!(!play.can(Line::Limit(Limit::Pids)));
}

#[test]
fn another_root_is_another_bench() {
    let mut play = play();
    assert_eq!(flip(&mut play, Line::Root), []);
    assert_eq!(play.said, Some(Said::Cannot(Line::Root)));
    play.roots = vec!["unha".into(), "debian".into()];
    let effects = flip(&mut play, Line::Root);
    assert!(matches!(&effects[..], [Effect::Restart(Restart::Bench, start)] if start.features.has(Feature::Rootfs)));
    assert_eq!((play.root(), play.choice.has(Line::Root)), ("debian", true));
    runs(&mut play);
    assert_eq!(play.press(Press::Turn(true)), []);
    assert_eq!(play.said, Some(Said::End));
    assert!(matches!(&play.press(Press::Turn(false))[..], [Effect::Restart(Restart::Bench, _)]));
    assert_eq!((play.root(), play.choice.has(Line::Root)), ("unha", false));
    runs(&mut play);
    flip(&mut play, Line::Root);
    runs(&mut play);
    // What cannot be had is given back, with the bench that it stood on.
    flip(&mut play, Line::Root);
    let effects = play.take(Event::StageFailed(failure()));
    assert!(matches!(&effects[..], [Effect::Restart(Restart::Bench, _)]) && play.root() == "debian");
}

#[test]
fn a_box_that_ended_is_started_anew_by_enter() {
    let mut play = play();
    play.take(Event::BoxEnded(Ended::Exit(3)));
    assert!(matches!(&play.press(Press::Enter)[..], [Effect::StartBox(_)]));
    runs(&mut play);
    assert!(play.talk.box_runs);
    assert!(matches!(&play.press(Press::Fresh)[..], [Effect::Restart(Restart::Box, _)]));
}

#[test]
fn what_is_refused_goes_back_to_what_ran() {
    let mut play = play();
    flip(&mut play, Line::Feature(Feature::User));
    let effects = play.take(Event::StageFailed(failure()));
    assert!(matches!(&effects[..], [Effect::StartBox(Start { features, .. })] if *features == FeatureSet::NONE));
    assert!(matches!(play.said, Some(Said::NotSo(_))));
    // If not even that can be had, there is nothing to be shown but why.
    play.take(Event::StageFailed(failure()));
    assert!(play.failure.is_some());
}

#[test]
fn copied_is_what_is_shown() {
    let mut play = play();
    assert_eq!(play.press(Press::Copy), []);
    let written = |text: &str| Written { text: text.to_owned(), lacks: vec![] };
    play.texts = BTreeMap::from([(Pane::Docker, written("docker run\n")), (Pane::Script, written("unshare\n"))]);
    assert_eq!(play.press(Press::Copy), [Effect::Copy("docker run\n".into())]);
    play.press(Press::Show(Pane::Script));
    assert_eq!(play.press(Press::Copy), [Effect::Copy("unshare\n".into())]);
    // The same number again closes nothing, and what is copied stays what is shown.
    play.press(Press::Scroll(3));
    play.press(Press::Show(Pane::Script));
    assert_eq!((play.pane, play.scroll), (Pane::Script, 3));
    assert_eq!(play.press(Press::Copy), [Effect::Copy("unshare\n".into())]);
    play.press(Press::Close);
    assert_eq!(play.pane, Pane::Columns);
}

#[test]
fn what_the_flags_leave_of_lo_is_said() {
    let with = |lines: &[Line]| {
        let none = Choice::default();
        lines.iter().fold(none, |choice, line| choice.switched(*line, true, None).0)
    };
    let said = |choice: &Choice| choice.not_in_flags().iter().map(|text| text.en.clone()).collect::<String>();
    let net = Line::Feature(Feature::Net);
    assert_eq!(said(&with(&[net])), "");
    assert!(said(&with(&[net, Line::Lo])).contains("only --all and --veth switch it on"));
    assert!(said(&with(&[net, Line::Cable])).contains("it switches lo on too"));
    assert_eq!(said(&with(&[net, Line::Lo, Line::Cable])), "");
}
