//! The plan of a talk and its clock: what is planned, what is counted and when, and how far ahead or behind that is.

use proptest::prelude::*;
use unha::course::deck::{Deck, deck, embedded};
use unha::course::event::{Action, Effect, Event};
use unha::course::plan::{Account, Basis, Clock, Plan, Rehearsal, Watch};
use unha::course::talk::{Left, Notice, Overlay, Route, View};
use unha::course::text::Lang;

use crate::person::{Room, lessons, talk};

/// Two chapters; a slide that opens a lesson in the midst of the second one.
const CHAPTERS: [&str; 2] = [
    "<!-- chapter: Words -->\n\n# Hello\n\n<!-- slide: hello, 10s, must -->\n\none\n\n<!-- pause -->\n\ntwo\n\n\
     # More\n\n<!-- slide: more, 20s -->\n\nmore\n",
    "<!-- chapter: Deeds -->\n\n# See\n\n<!-- slide: see, 30s, must, lesson: three -->\n\nsee\n\n\
     # End\n\n<!-- slide: end, 5s, must -->\n\nend\n",
];

fn slides() -> Deck {
    let file = |(at, text): (usize, &&str)| (format!("0{at}-c.en.md"), (*text).to_owned());
    deck(&CHAPTERS.iter().enumerate().map(file).collect::<Vec<_>>()).unwrap()
}

fn on_stage(left: Option<&Left>) -> Room {
    Room { talk: talk(Route::Full, None).with_deck(slides(), left), effects: vec![], clock: 0 }
}

impl Room {
    fn account(&self) -> Account {
        self.talk.account().unwrap()
    }

    /// Planned and spent seconds of each part.
    fn parts(&self) -> Vec<(String, u64, u64)> {
        let parts = self.account().parts.into_iter();
        parts.map(|part| (part.title.en, part.planned / 1000, part.spent / 1000)).collect()
    }

    fn spent(&self) -> u64 {
        self.account().spent
    }
}

fn planned(plan: &Plan) -> Vec<(&str, u64)> {
    plan.items.iter().map(|item| (item.name.as_str(), item.planned / 1000)).collect()
}

#[test]
fn a_plan_stands_in_the_order_of_the_talk() {
    let plan = Plan::of(&slides(), &lessons(), Route::Full, None);
    let items = [("hello", 10), ("more", 20), ("see", 30), ("three/last", 60), ("end", 5)];
    assert_eq!(planned(&plan), items);
    assert_eq!(plan.planned(), 125_000);
    let parts: Vec<_> = plan.parts.iter().map(|part| (part.title.en.as_str(), part.lesson.as_deref())).collect();
    assert_eq!(parts, [("Words", None), ("Deeds", None), ("three", Some("three"))]);
    assert_eq!(plan.items.iter().map(|item| item.part).collect::<Vec<_>>(), [0, 0, 1, 2, 1]);
    let short = Plan::of(&slides(), &lessons(), Route::Short, None);
    assert_eq!(planned(&short)[..3], [("hello", 10), ("more", 0), ("see", 30)]);
}

/// What the agenda and `unha list` say of a lesson is what the plan says.
#[test]
fn the_plan_and_the_agenda_agree() {
    for route in [Route::Full, Route::Short] {
        let talk = talk(route, None).with_deck(slides(), None);
        let account = talk.account().unwrap();
        let three = talk.lessons.iter().position(|lesson| lesson.id == "three").unwrap();
        let planned = account.parts.iter().find(|part| part.lesson.as_deref() == Some("three")).unwrap().planned;
        assert_eq!((planned + 30_000) / 60_000, u64::from(talk.minutes(three)));
    }
}

/// The embedded talk: each lesson that a slide opens is a part, in the order of the lessons.
#[test]
fn the_embedded_talk_has_a_plan() {
    let files = unha::course::parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    let lessons = unha::course::parse::course(files.collect()).unwrap();
    let deck = deck(&embedded()).unwrap();
    let plan = Plan::of(&deck, &lessons, Route::Full, None);
    let opened: Vec<&str> = plan.parts.iter().filter_map(|part| part.lesson.as_deref()).collect();
    let of_talk = lessons.iter().map(|lesson| lesson.id.as_str()).filter(|lesson| deck.opener(lesson).is_some());
    assert_eq!(opened, of_talk.collect::<Vec<_>>());
    assert!(plan.items.iter().all(|item| item.planned > 0));
}

#[test]
fn a_rehearsal_is_planned_by_and_only_where_something_was_rehearsed() {
    let spent = |pairs: &[(&str, u64)]| pairs.iter().map(|(name, time)| ((*name).to_owned(), *time)).collect();
    let first = Watch::of(spent(&[("hello", 14_000), ("more", 300), ("three/last", 90_000)]));
    let rehearsal = Rehearsal::of(&first, "2026-11-19".into(), None).unwrap();
    let plan = Plan::of(&slides(), &lessons(), Route::Full, Some(&rehearsal));
    assert_eq!(plan.basis, Basis::Rehearsed("2026-11-19".into()));
    assert_eq!(planned(&plan), [("hello", 14), ("more", 20), ("see", 30), ("three/last", 90), ("end", 5)]);
    // The next one goes over the first alone.
    let again = Rehearsal::of(&Watch::of(spent(&[("hello", 9_000)])), "2026-11-20".into(), Some(&rehearsal)).unwrap();
    let plan = Plan::of(&slides(), &lessons(), Route::Full, Some(&again));
    assert_eq!(planned(&plan), [("hello", 9), ("more", 20), ("see", 30), ("three/last", 90), ("end", 5)]);
    // What the route leaves out takes no time, whatever was rehearsed.
    let passed = Rehearsal::of(&Watch::of(spent(&[("more", 5_000)])), "2026-11-20".into(), None);
    assert_eq!(planned(&Plan::of(&slides(), &lessons(), Route::Short, passed.as_ref()))[1], ("more", 0));
    assert_eq!(Rehearsal::of(&Watch::of(spent(&[("hello", 999)])), "2026-11-20".into(), None), None);
}

/// A talk of 125 s: a few slides that were clicked through change no plan.
#[test]
fn by_a_rehearsal_that_was_broken_off_nothing_is_planned() {
    let plan = Plan::of(&slides(), &lessons(), Route::Full, None);
    let broken = |spent: &[(&str, u64)]| {
        let spent = spent.iter().map(|(name, time)| ((*name).to_owned(), *time)).collect();
        Rehearsal::was_broken_off(&plan, &Watch::of(spent))
    };
    assert!(broken(&[]));
    assert!(broken(&[("hello", 4_000), ("more", 4_000), ("see", 3_000)]), "eleven seconds at the beginning");
    assert!(broken(&[("hello", 4_000), ("three/last", 999), ("end", 2_000)]), "what was passed over was not rehearsed");
    assert!(!broken(&[("three/last", 2_000), ("end", 1_000)]), "more than half of it, however fast");
    assert!(!broken(&[("hello", 10_000), ("more", 20_000), ("see", 30_000), ("end", 5_000)]));
}

#[test]
fn ahead_and_behind() {
    let plan = Plan::of(&slides(), &lessons(), Route::Full, None);
    // Planned: hello from 0, more from 10, see from 30, the step from 60, end from 120 to 125.
    let table = [
        ("hello", 0, 0),
        ("hello", 10, 0),
        ("hello", 25, 15),
        ("more", 4, -6),
        ("more", 10, 0),
        ("more", 30, 0),
        ("three/last", 30, -30),
        ("three/last", 121, 1),
        ("end", 125, 0),
        ("end", 300, 175),
        ("nowhere", 300, 0),
    ];
    for (at, spent, behind) in table {
        let watch = Watch::of([("hello".to_owned(), spent * 1000)].into());
        let account = plan.account(&watch, at);
        assert_eq!((account.behind, account.spent), (behind * 1000, spent * 1000), "{at} after {spent} s");
    }
    let late = plan.account(&Watch::of([("hello".to_owned(), 200_000)].into()), "hello");
    assert_eq!((late.left(), late.here_planned, late.here_spent), (0, 10_000, 200_000));
}

#[test]
fn the_clock_starts_with_the_first_next() {
    let mut room = on_stage(None);
    room.act(Action::Start);
    room.pass(60_000);
    assert_eq!((room.account().clock, room.spent()), (Clock::Waiting, 0));
    // A page is opened and closed before the talk begins.
    room.act(Action::Help);
    room.next();
    assert_eq!((room.account().clock, room.talk.overlay), (Clock::Waiting, None));
    room.next();
    assert_eq!(room.account().clock, Clock::Running);
    room.pass(7_000);
    room.next();
    room.pass(3_000);
    assert_eq!(room.parts()[0], ("Words".to_owned(), 30, 10));
    assert_eq!((room.account().here_planned, room.account().here_spent), (20_000, 3_000));
}

#[test]
fn it_counts_for_what_is_shown_until_the_end() {
    let mut room = on_stage(None);
    room.next();
    for _ in 0..3 {
        room.pass(1_700);
        room.next();
    }
    assert_eq!(room.talk.view, View::Lesson);
    room.settle();
    room.pass(5_000);
    assert_eq!(room.parts(), [("Words".into(), 30, 4), ("Deeds".into(), 35, 2), ("three".into(), 60, 5)]);
    assert_eq!(room.account().parts[room.account().at].title.en, "three");
    // A blank screen is still the talk.
    room.act(Action::Blank);
    room.pass(1_000);
    room.act(Action::Blank);
    assert_eq!(room.spent(), 12_000);
    room.act(Action::GoTo("end".into()));
    room.pass(700);
    room.next();
    assert_eq!((room.talk.notice.clone(), room.account().clock), (Some(Notice::TheEnd), Clock::Stopped));
    let whole = room.spent();
    room.pass(60_000);
    room.act(Action::Back);
    room.pass(60_000);
    assert_eq!(room.spent(), whole, "what the room asks is no part of the talk");
}

#[test]
fn a_pause_is_no_time() {
    let mut room = on_stage(None);
    room.next();
    room.pass(4_000);
    assert_eq!(room.act(Action::Pause), [Effect::SaveProgress]);
    assert_eq!(room.talk.notice, Some(Notice::Clock(false)));
    room.pass(600_000);
    room.next();
    room.pass(600_000);
    assert_eq!(
        (room.account().clock, room.spent()),
        (Clock::Stopped, 4_000),
        "Next lets no clock go on that was stopped"
    );
    room.act(Action::Pause);
    room.pass(1_000);
    assert_eq!((room.account().clock, room.spent()), (Clock::Running, 5_000));
    // Without slides there is no clock.
    let mut course = Room::new();
    course.act(Action::Pause);
    assert_eq!((course.talk.notice.clone(), course.talk.account()), (Some(Notice::Nothing), None));
}

#[test]
fn it_survives_the_program_and_begins_anew_with_the_talk() {
    let mut room = on_stage(None);
    room.next();
    room.pass(8_000);
    room.next();
    room.pass(9_000);
    let kept = serde_json::to_string(&room.talk.progress()).unwrap();
    let left = serde_json::from_str::<unha::course::progress::Progress>(&kept).unwrap().deck.unwrap();
    let mut again = on_stage(Some(&left));
    again.act(Action::Start);
    again.pass(50_000);
    assert_eq!((again.account().clock, again.spent()), (Clock::Waiting, 17_300));
    again.next();
    again.pass(1_000);
    assert_eq!(again.spent(), 18_300);
    // Who goes back to the first slide in the midst of it loses nothing.
    again.act(Action::GoTo("hello".into()));
    again.next();
    assert_eq!(again.spent(), 18_600);
    // Who starts the program and goes to the first slide before anything else gives the talk once more.
    let mut anew = on_stage(Some(&left));
    anew.act(Action::Overview("1".into()));
    anew.next();
    assert_eq!((anew.account().clock, anew.spent()), (Clock::Waiting, 17_300));
    anew.next();
    anew.pass(2_000);
    assert_eq!((anew.account().clock, anew.spent()), (Clock::Running, 2_000));
    // So does who had come to the end.
    let over = Left { slide: "end".into(), ..left.clone() };
    assert_eq!(on_stage(Some(&over)).spent(), 0);
    // What is no longer in the deck took its time all the same.
    let gone = Left { spent: [("gone".to_owned(), 3_000)].into(), ..left };
    assert_eq!(on_stage(Some(&gone)).parts()[0], ("Words".to_owned(), 30, 3));
}

#[test]
fn what_was_counted_is_kept_from_time_to_time() {
    let mut room = on_stage(None);
    assert!(room.pass(30_000).is_empty(), "nothing is counted yet");
    room.next();
    let mut kept = 0;
    for _ in 0..240 {
        kept += room.pass(250).iter().filter(|effect| **effect == Effect::SaveProgress).count();
    }
    assert_eq!(kept, 6, "every ten seconds of a minute");
}

/// Whatever a person does on a stage, with the time that passes before it.
fn deed() -> impl Strategy<Value = (u64, Action)> {
    let action = prop_oneof![
        6 => Just(Action::Next),
        3 => Just(Action::Back),
        2 => Just(Action::Pause),
        1 => Just(Action::Blank),
        1 => Just(Action::Route),
        1 => Just(Action::Agenda),
        1 => Just(Action::Close),
        1 => prop_oneof!["[0-9]", Just("end".to_owned()), Just("two".to_owned()), Just("three/last".to_owned())]
            .prop_map(Action::GoTo),
    ];
    (0..40_000u64, action)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_time_is_lost_and_none_is_made_up(deeds in proptest::collection::vec(deed(), 1..60)) {
        let mut room = on_stage(None);
        // By the first Next from the first slide on, a new talk begins.
        let (mut counted, mut began) = (0, false);
        for (passed, action) in deeds {
            if room.account().clock == Clock::Running {
                counted += passed;
            }
            room.pass(passed);
            let before = room.account();
            prop_assert_eq!(before.spent, counted);
            room.act(action.clone());
            let account = room.account();
            prop_assert_eq!(account.spent, counted, "{:?} takes no time by itself", action);
            prop_assert_eq!(account.spent, account.parts.iter().map(|part| part.spent).sum::<u64>());
            prop_assert_eq!(account.planned, account.parts.iter().map(|part| part.planned).sum::<u64>());
            prop_assert!(account.at < account.parts.len());
            prop_assert!(!began || account.clock != Clock::Waiting);
            began |= account.clock != Clock::Waiting;
            room.settle();
        }
    }

    #[test]
    fn an_account_goes_over_a_socket(spent in 0..10_000_000u64, hours in any::<bool>()) {
        let rehearsal = Rehearsal { date: "2026-11-20".into(), took: [("end".to_owned(), spent)].into() };
        let plan = Plan::of(&slides(), &lessons(), Route::Full, hours.then_some(&rehearsal));
        let account = plan.account(&Watch::of([("more".to_owned(), spent)].into()), "more");
        let line = serde_json::to_string(&account).unwrap();
        prop_assert_eq!(serde_json::from_str::<Account>(&line).unwrap(), account);
    }
}

/// The clock is told the time and nothing else: an event that is no tick leaves it where it is.
#[test]
fn only_ticks_are_time() {
    let mut room = on_stage(None);
    room.next();
    room.pass(1_000);
    for event in [Event::Machine { untouched: false }, Event::Action(Action::Stray), Event::HelpWritten(Ok("x".into()))]
    {
        room.tell(event);
    }
    assert_eq!(room.spent(), 1_000);
    // A tick that comes late, or twice, is no time either.
    room.tell(Event::Tick(10));
    room.tell(Event::Tick(room.clock));
    assert_eq!(room.spent(), 1_000);
    assert_eq!((room.talk.overlay, room.talk.lang), (None::<Overlay>, Lang::En));
}
