//! Slides and lessons as one flow: what Next and Back do, what is found, what is kept.

use proptest::prelude::*;
use unha::course::Side::Inside;
use unha::course::deck::{Deck, deck};
use unha::course::event::{Action, Effect, Event};
use unha::course::lesson::Restart::Bench;
use unha::course::progress::Progress;
use unha::course::talk::{Left, Notice, Overlay, Phase, Route, Spot, Talk, View};
use unha::course::text::Lang;

use crate::person::{Room, built, talk};

const SLIDES: &str = "<!-- chapter: Words -->

# Opening

<!-- slide: opening, 10s, must -->

first

<!-- pause -->

second

# Only in full

<!-- slide: aside, 10s -->

<!-- one by one -->

- memória
- um

# Lesson three

<!-- slide: lesson, 10s, must, lesson: three -->

{inside.hostname}

# The end

<!-- slide: end, 10s, must -->

{inside.pid}
";

pub fn slides() -> Deck {
    deck(&[("00-words.en.md".to_owned(), SLIDES.to_owned())]).unwrap()
}

fn room(route: Route) -> Room {
    Room { talk: talk(route, None).with_deck(slides(), None), effects: vec![], clock: 0 }
}

fn at(room: &Room) -> (usize, usize) {
    let at = room.talk.presenting.as_ref().unwrap().at;
    (at.slide, at.point)
}

fn on_slide(room: &Room, slide: usize, point: usize) {
    assert_eq!((room.talk.view, at(room)), (View::Slides, (slide, point)));
}

/// Next to the end of the deck; the steps are done by the shells as they are met.
fn to_slide(room: &mut Room, slide: usize) {
    for _ in 0..40 {
        if room.talk.view == View::Slides && at(room).0 == slide && at(room).1 == 0 {
            return;
        }
        room.next();
        room.settle();
        room.look("a", Some("b"));
    }
    panic!("never there: {:?} {:?}", room.talk.view, at(room));
}

#[test]
fn next_goes_on_by_points_slides_and_steps_and_back_comes_back() {
    let mut room = room(Route::Full);
    let walked = [(0, 1), (1, 0), (1, 1), (2, 0)];
    for (slide, point) in walked {
        room.next();
        on_slide(&room, slide, point);
    }
    room.settle();
    room.effects.clear();
    room.next();
    assert_eq!((room.talk.view, room.step()), (View::Lesson, "last"));
    room.settle();
    room.next();
    room.next();
    on_slide(&room, 3, 0);
    room.settle();
    room.next();
    assert_eq!(room.talk.notice, Some(Notice::TheEnd));
    on_slide(&room, 3, 0);
    // Back: into the lesson's last step, out at its slide, and so to the start.
    room.back();
    assert_eq!((room.talk.view, room.step()), (View::Lesson, "last"));
    room.settle();
    room.back();
    on_slide(&room, 2, 0);
    for (slide, point) in [(1, 1), (1, 0), (0, 1), (0, 0)] {
        room.back();
        on_slide(&room, slide, point);
    }
    room.back();
    on_slide(&room, 0, 0);
    assert_eq!(room.talk.notice, Some(Notice::Nothing));
}

#[test]
fn the_short_route_leaves_slides_out() {
    let mut room = room(Route::Short);
    room.next();
    room.next();
    on_slide(&room, 2, 0);
    room.back();
    on_slide(&room, 0, 1);
}

#[test]
fn a_box_stands_where_a_slide_shows_one_and_only_there() {
    let mut room = room(Route::Full);
    assert!(built(&room.act(Action::Start)).is_empty());
    room.act(Action::GoTo("lesson".into()));
    assert_eq!(built(&room.effects), [(Some(Bench), "uts pid mount ipc net".to_owned())]);
    room.settle();
    room.effects.clear();
    room.act(Action::GoTo("end".into()));
    assert!(built(&room.effects).is_empty(), "it stands already");
    room.act(Action::GoTo("lesson".into()));
    room.next();
    assert_eq!(built(&room.effects).len(), 1, "the lesson has a bench of its own");
    room.settle();
    room.effects.clear();
    to_slide(&mut room, 3);
    assert_eq!(built(&room.effects), [(Some(Bench), "uts pid mount ipc net".to_owned())]);
}

#[test]
fn a_box_that_cannot_be_had_does_not_stop_the_slides() {
    let mut room = room(Route::Full);
    room.act(Action::GoTo("lesson".into()));
    room.failed("EPERM");
    on_slide(&room, 2, 0);
    room.next();
    room.failed("EPERM");
    assert!(matches!(room.talk.view, View::Failure { .. }), "the lesson says why");
    room.back();
    on_slide(&room, 2, 0);
}

#[test]
fn a_look_at_the_slides_keeps_the_step() {
    let mut room = room(Route::Full);
    room.act(Action::GoTo("two/load".into()));
    room.settle();
    room.effects.clear();
    room.act(Action::Agenda);
    assert_eq!(room.talk.overlay, Some(Overlay::Overview));
    room.act(Action::Close);
    assert_eq!((room.talk.view, room.step()), (View::Lesson, "load"));
    let mut room = self::room(Route::Full);
    to_slide(&mut room, 2);
    room.next();
    room.settle();
    room.effects.clear();
    room.act(Action::Overview("3".into()));
    room.next();
    on_slide(&room, 2, 0);
    assert!(built(&room.effects).is_empty());
    room.next();
    assert_eq!((room.talk.view, room.step()), (View::Lesson, "last"));
    assert!(built(&room.effects).is_empty(), "its bench still stands");
}

#[test]
fn any_key_ends_the_blank_and_does_no_more() {
    for key in [Action::Next, Action::Back, Action::Blank, Action::Quit(false), Action::Stray] {
        let mut room = room(Route::Full);
        room.act(Action::Blank);
        assert!(room.talk.is_blank());
        assert!(room.act(key.clone()).is_empty());
        assert!(!room.talk.is_blank(), "{key:?}");
        on_slide(&room, 0, 0);
        assert_eq!(room.talk.overlay, None);
    }
    let mut room = room(Route::Full);
    room.act(Action::Blank);
    room.act(Action::Resize(100, 30));
    assert!(room.talk.is_blank(), "a new size is no key");
    assert!(room.act(Action::Quit(true)).contains(&Effect::Quit), "a signal ends a blank talk too");
}

#[test]
fn slides_are_found_by_number_and_by_words() {
    for (typed, slide) in [("3", 2), ("MEMORIA um", 1), ("words end", 3), ("", 0), ("lesson three", 2)] {
        let mut room = room(Route::Full);
        room.act(Action::Overview(String::new()));
        for letter in typed.chars() {
            room.act(Action::Find(Some(letter)));
        }
        room.next();
        on_slide(&room, slide, 0);
        assert_eq!(room.talk.overlay, None);
    }
    let mut room = room(Route::Full);
    room.act(Action::Overview("nowhere".into()));
    room.next();
    assert_eq!(room.talk.overlay, None, "a clicker gets out of it");
    room.act(Action::Overview("nowhere".into()));
    for _ in 0..9 {
        room.act(Action::Find(None));
    }
    room.act(Action::Scroll(2));
    room.next();
    on_slide(&room, 2, 0);
}

#[test]
fn two_next_close_together_are_one_on_slides_too() {
    let mut room = room(Route::Full);
    room.next();
    room.act(Action::Next);
    on_slide(&room, 0, 1);
}

#[test]
fn the_place_is_kept_and_found_again() {
    let mut room = room(Route::Full);
    room.next();
    room.next();
    room.next();
    let progress: Progress = serde_json::from_str(&serde_json::to_string(&room.talk.progress()).unwrap()).unwrap();
    let left = progress.deck.clone().unwrap();
    assert_eq!((left.slide.as_str(), left.point, left.in_lesson), ("aside", 1, false));
    let again = talk(Route::Full, Some(progress)).with_deck(slides(), Some(&left));
    assert_eq!(again.presenting.as_ref().unwrap().at, Spot { slide: 1, point: 1 });
    assert_eq!(again.notice, Some(Notice::Resumed));
    // In the middle of a lesson: its step is built again at the start.
    to_slide(&mut room, 2);
    room.next();
    room.settle();
    let progress = room.talk.progress();
    let left = progress.deck.clone().unwrap();
    assert!(left.in_lesson);
    let mut again = Room { talk: talk(Route::Full, Some(progress)), effects: vec![], clock: 0 };
    again.talk = again.talk.with_deck(slides(), Some(&left));
    assert_eq!(again.talk.left(), Some(left));
    again.act(Action::Start);
    assert_eq!((again.talk.view, again.step(), built(&again.effects).len()), (View::Lesson, "last", 1));
    // A talk that came to its end begins anew, and so does one whose slide is gone.
    for slide in ["end", "gone"] {
        let left = Left { slide: slide.into(), point: 9, ..Left::default() };
        let again = talk(Route::Full, None).with_deck(slides(), Some(&left));
        assert_eq!((again.presenting.as_ref().unwrap().at, again.notice), (Spot::default(), None));
    }
}

#[test]
fn without_slides_nothing_of_it_means_anything() {
    for action in [Action::Blank, Action::Overview(String::new()), Action::Find(Some('x'))] {
        let mut room = Room::new();
        room.act(action);
        assert_eq!((room.talk.notice.clone(), room.talk.overlay), (Some(Notice::Nothing), None));
    }
    assert_eq!(Room::new().talk.progress().deck, None);
}

fn any_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => Just(Action::Next),
        4 => Just(Action::Back),
        1 => Just(Action::Blank),
        1 => Just(Action::Agenda),
        1 => Just(Action::Close),
        1 => Just(Action::Route),
        1 => Just(Action::Language),
        1 => (0usize..6).prop_map(|slide| Action::Overview(slide.to_string())),
        1 => "[a-z ]".prop_map(|letter| Action::Find(letter.chars().next())),
        1 => (-3i32..4).prop_map(Action::Scroll),
        1 => Just(Action::Start),
        1 => Just(Action::Keyboard),
        1 => Just(Action::Choose(1)),
        1 => Just(Action::ToShell(b"x\r".to_vec())),
        1 => Just(Action::Switches),
        1 => (1usize..8).prop_map(Action::Choose),
        1 => Just(Action::VoteAgain),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is pressed, the talk stands somewhere, and the end can be reached from there.
    #[test]
    fn nobody_gets_stuck(actions in prop::collection::vec((any_action(), any::<bool>()), 0..60)) {
        let mut room = room(Route::Full);
        for (action, refused) in actions {
            room.pass(300);
            room.act(action);
            if refused && !built(&room.effects).is_empty() {
                room.effects.clear();
                room.failed("EPERM");
            } else {
                room.settle();
                room.effects.clear();
                room.look("a", Some("b"));
            }
            let show = room.talk.presenting.as_ref().unwrap();
            prop_assert!(show.at.slide < show.deck.slides.len());
            prop_assert!(show.at.point < show.slide().points);
            prop_assert!(!room.talk.next_does(room.talk.lang).is_empty());
        }
        if room.talk.is_blank() {
            room.act(Action::Blank);
        }
        room.act(Action::Close);
        if room.talk.keyboard.is_some() {
            room.act(Action::Keyboard);
        }
        room.act(Action::Overview("1".into()));
        room.next();
        on_slide(&room, 0, 0);
        to_slide(&mut room, 3);
    }
}

#[test]
fn typing_in_a_shell_of_a_lesson_is_not_taken_for_the_stage() {
    let mut room = room(Route::Full);
    to_slide(&mut room, 2);
    room.next();
    room.settle();
    room.act(Action::Keyboard);
    assert_eq!(room.talk.keyboard, Some(Inside));
    assert_eq!(room.act(Action::ToShell(b".".to_vec())), [Effect::Send(Inside, b".".to_vec())]);
    assert_eq!(room.talk.phase, Phase::Ready);
    room.tell(Event::Tick(0));
}

/// What a slide calls live is never from a recording, and the step that was played is gone on with.
#[test]
fn a_slide_shows_nothing_of_a_recording() {
    let files = unha::course::parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    let lessons = unha::course::parse::course(files.collect()).unwrap();
    let deck = deck(&unha::course::deck::embedded()).unwrap();
    let (opener, machine) = (deck.opener("uts").unwrap(), crate::person::machine());
    let mut talk = Talk::new(lessons, Lang::En, Route::Full, machine, None, (80, 24)).with_deck(deck, None);
    talk.shelf = unha::course::recording::embedded;
    let mut room = Room { talk, effects: vec![], clock: 0 };
    room.act(Action::GoTo("uts".into()));
    room.next();
    room.failed("EPERM");
    assert!(room.talk.plays() && room.talk.view == View::Lesson);
    assert!(!room.talk.now.inside.is_empty());
    room.effects.clear();
    room.act(Action::Overview((opener + 1).to_string()));
    room.next();
    on_slide(&room, opener, 0);
    assert!(!room.talk.plays() && room.talk.now.inside.is_empty());
    assert!(room.effects.contains(&Effect::Rest), "the player stops");
    assert_eq!(built(&room.effects).len(), 1, "a box of the deck's own is asked for");
    room.failed("EPERM");
    room.next();
    room.failed("EPERM");
    assert_eq!((room.talk.view, room.step(), room.talk.plays()), (View::Lesson, "switch-on", true));
}
