//! Whatever happens, in whatever order: no panic, and what must always hold does.

use proptest::prelude::*;

use unha::course::Side;
use unha::course::event::{Action, Cause, Effect, Ended, Event, Failure};
use unha::course::talk::{Talk, View};
use unha::course::text::Lang;

use crate::person::{Room, call, look, names};

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Outside), Just(Side::Inside)]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        8 => Just(Action::Next),
        2 => Just(Action::Back),
        2 => (0..6usize).prop_map(Action::Choose),
        2 => Just(Action::Keyboard),
        1 => Just(Action::OtherSide),
        1 => Just(Action::ToShell(b"x".to_vec())),
        1 => Just(Action::Stray),
        1 => any::<i32>().prop_map(Action::Scroll),
        1 => Just(Action::Hint),
        1 => Just(Action::Code),
        1 => Just(Action::Calls),
        1 => Just(Action::Copy),
        1 => Just(Action::Fresh),
        1 => any::<i32>().prop_map(Action::Knob),
        2 => Just(Action::Switches),
        2 => Just(Action::Flip),
        1 => Just(Action::TakeBack),
        1 => Just(Action::VoteAgain),
        1 => Just(Action::Details),
        1 => Just(Action::ToShell(b"x\r".to_vec())),
        1 => Just(Action::Agenda),
        1 => prop_oneof!["[0-9]", Just("two".to_owned()), Just("wrong".to_owned()), Just("page".to_owned()), ".{0,4}"]
            .prop_map(Action::GoTo),
        1 => Just(Action::Pause),
        1 => Just(Action::Help),
        1 => Just(Action::Close),
        1 => Just(Action::Language),
        1 => Just(Action::Route),
        1 => Just(Action::Start),
        1 => any::<bool>().prop_map(Action::Quit),
        1 => any::<(u16, u16)>().prop_map(|(columns, rows)| Action::Resize(columns, rows)),
        1 => (0..90u16, 0..40u16).prop_map(|(columns, rows)| Action::ShellSizes((columns, rows), (rows, columns))),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let failure = |errno: &str| {
        let call = Some(call("pivot_root", Err(errno)));
        Failure { call, before: vec![], message: String::new(), seen: vec![], cause: Cause::Other }
    };
    prop_oneof![
        20 => action().prop_map(Event::Action),
        6 => ("[ab]", proptest::option::of("[ab]"))
            .prop_map(|(outside, inside)| Event::Snapshot(look(&outside, inside.as_deref()))),
        3 => (side(), "(yes|gone|137|Mem|etc)\n").prop_map(|(side, text)| Event::ShellBytes(side, text.into_bytes())),
        1 => (side(), any::<Vec<u8>>()).prop_map(|(side, bytes)| Event::ShellBytes(side, bytes)),
        10 => (side(), any::<bool>()).prop_map(|(side, idle)| Event::ShellIdle(side, idle)),
        1 => Just(Event::Journal(call("unshare", Ok(0)))),
        1 => Just(Event::BenchReady(names(&[("pid", "{pid}")]))),
        10 => Just(Event::BoxStarted(names(&[("pid", "4711")]))),
        2 => any::<i32>().prop_map(|status| Event::BoxEnded(Ended::Exit(status))),
        1 => prop_oneof![Just("EBUSY"), Just("EPERM")].prop_map(move |errno| Event::StageFailed(failure(errno))),
        10 => side().prop_map(Event::Typed),
        1 => side().prop_map(|side| Event::Busy(side, "sleep".into())),
        1 => Just(Event::LoadRefused("no".into())),
        1 => any::<bool>().prop_map(|untouched| Event::Machine { untouched }),
        8 => (0..100_000u64).prop_map(Event::Tick),
    ]
}

/// What must hold after any event.
fn sound(talk: &Talk) -> Result<(), TestCaseError> {
    prop_assert!(talk.at.lesson < talk.lessons.len() && talk.at.step < talk.lesson().steps.len());
    prop_assert!(talk.journal_from <= talk.journal.len());
    prop_assert!(talk.keyboard != Some(Side::Inside) || talk.box_runs);
    prop_assert!(talk.keyboard.is_none_or(|side| side == talk.side));
    prop_assert!(talk.keyboard.is_none() || talk.view == View::Lesson);
    for lang in Lang::ALL {
        prop_assert!(talk.next_does(lang).chars().count() <= 44);
    }
    Ok(())
}

/// Whether an event may give the keyboard to a shell, and whether it may take it.
fn moves_keyboard(event: &Event) -> (bool, bool) {
    match event {
        Event::Action(Action::Keyboard | Action::OtherSide) => (true, true),
        // Where a lesson is left or built anew, or an act starts the box, there is no shell to hold it.
        Event::Action(
            Action::Back | Action::Next | Action::Fresh | Action::Agenda | Action::GoTo(_) | Action::Close,
        )
        | Event::BoxEnded(_)
        | Event::StageFailed(_)
        | Event::ShellIdle(..)
        | Event::BoxStarted(_)
        | Event::Tick(_) => (false, true),
        _ => (false, false),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_breaks_it(events in proptest::collection::vec(event(), 1..200)) {
        let mut room = Room::new();
        for event in events {
            let had = room.talk.keyboard;
            let (gives, takes) = moves_keyboard(&event);
            room.tell(event.clone());
            sound(&room.talk)?;
            if room.talk.keyboard != had {
                prop_assert!(if room.talk.keyboard.is_some() { gives } else { takes }, "{event:?}");
            }
        }
    }

    #[test]
    fn two_next_at_once_act_once(events in proptest::collection::vec(event(), 1..100)) {
        let mut room = Room::new();
        for event in events {
            room.tell(event);
        }
        room.clock = room.talk.clock;
        room.next();
        let (place, overlay, view) = (room.place(), room.talk.overlay, room.talk.view);
        prop_assert_eq!(room.act(Action::Next), Vec::<Effect>::new());
        prop_assert_eq!((room.place(), room.talk.overlay, room.talk.view), (place, overlay, view));
    }

    #[test]
    fn back_after_next_is_the_same_place(step in 0..5usize) {
        let mut room = Room::at(&format!("0/{}", step + 1));
        let place = room.talk.at;
        room.talk.phase = unha::course::talk::Phase::Done;
        room.next();
        room.settle();
        prop_assert_ne!(room.talk.at, place);
        room.act(Action::Back);
        prop_assert_eq!(room.talk.at, place);
    }
}
