//! What a console is told of each slide, point and step, what it may ask, and what it makes of it.

use unha::course::Side::Inside;
use unha::course::console::{Absent, Ahead, Asked, Check, Deed, Desk, Press, SCHEMA, Stand, State, Told, Touch};
use unha::course::deck::{Deck, deck, embedded};
use unha::course::event::Action;
use unha::course::talk::{Moment, Overlay, Phase, Route, Spot, Talk, View};
use unha::course::text::{Lang, Text};

use crate::person::{Room, machine, talk};

const SLIDES: &str = "<!-- chapter: Words -->

# Opening

<!-- slide: opening, 10s, must -->

first

<!-- notes: Say hello. -->

<!-- pause -->

second

<!-- notes: Say the second thing. -->

# Lesson one

<!-- slide: lesson, 10s, must, lesson: one -->

{inside.hostname}

# The end

<!-- slide: end, 10s, must -->

no notes
";

fn slides() -> Deck {
    deck(&[("00-words.en.md".to_owned(), SLIDES.to_owned())]).unwrap()
}

fn room() -> Room {
    Room { talk: talk(Route::Full, None).with_deck(slides(), None), effects: vec![], clock: 0 }
}

fn state(room: &Room) -> State {
    room.talk.state(None).unwrap()
}

/// Where it stands, what is said, what Next does, what comes after: in a few words.
fn told(room: &Room) -> [String; 4] {
    let state = state(room);
    let stand = match &state.stand {
        Stand::Slide { id, number, point, .. } => format!("{id} {}/{} {}/{}", number.0, number.1, point.0, point.1),
        Stand::Step { lesson, id, number, moment } => {
            format!("{lesson}/{id} {}/{} {moment:?}", number.0, number.1)
        }
    };
    let ahead = match &state.ahead {
        Ahead::Slide { slide, number, point } => format!("{} {number} {point}", slide.id),
        Ahead::Step { number, question, .. } => format!("step {}: {}", number.0, question.en),
        Ahead::End => "end".to_owned(),
    };
    [stand, state.notes.en, state.next.en, ahead]
}

#[test]
fn every_slide_and_point_with_its_notes_and_what_comes_next() {
    let mut room = room();
    let steps = &room.talk.lessons.iter().find(|lesson| lesson.id == "one").unwrap().steps;
    let first = format!("step 1: {}", steps[0].text.en);
    let table = [
        ["opening 1/3 1/2", "Say hello.", "next point", "opening 1 1"],
        ["opening 1/3 2/2", "Say the second thing.", "Lesson one", "lesson 2 0"],
        ["lesson 2/3 1/1", "", "open the lesson: one", &first],
    ];
    for row in table {
        assert_eq!(told(&room), row);
        room.next();
    }
    assert_eq!(state(&room).task.unwrap().question, steps_of(&room)[0]);
    room.act(Action::GoTo("end".into()));
    assert_eq!(told(&room), ["end 3/3 1/1", "", "this is the last slide", "end"]);
}

fn steps_of(room: &Room) -> Vec<Text> {
    room.talk.lesson().steps.iter().map(|step| step.text.clone()).collect()
}

/// On our own slides too what was told to come next is what comes, in both languages at once.
#[test]
fn what_is_ahead_is_what_comes() {
    let files = unha::course::parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    let lessons = unha::course::parse::course(files.collect()).unwrap();
    for route in [Route::Full, Route::Short] {
        let deck = deck(&embedded()).unwrap();
        let talk = Talk::new(lessons.clone(), Lang::PtBr, route, machine(), None, (80, 24)).with_deck(deck, None);
        let mut room = Room { talk, effects: vec![], clock: 0 };
        let spots: Vec<Spot> = room.talk.presenting.as_ref().unwrap().deck.slides.iter().enumerate().fold(
            vec![],
            |mut spots, (slide, of)| {
                spots.extend((0..of.points).map(|point| Spot { slide, point }));
                spots
            },
        );
        for spot in spots {
            room.act(Action::GoTo((spot.slide + 1).to_string()));
            room.talk.presenting.as_mut().unwrap().at = spot;
            let before = state(&room);
            let slide = &room.talk.presenting.as_ref().unwrap().deck.slides[spot.slide];
            for lang in Lang::ALL {
                assert_eq!(before.title.get(lang), slide.face(lang).title);
                assert_eq!(before.notes.get(lang), slide.face(lang).note(spot.point));
                assert_eq!(before.next.get(lang), room.talk.next_does(lang));
            }
            room.next();
            let after = state(&room);
            match (before.ahead, after.stand) {
                (Ahead::Slide { number, point, slide }, Stand::Slide { id, number: is, point: (at, _), .. }) => {
                    assert_eq!((slide.id, number, point + 1), (id, is.0, at));
                }
                (Ahead::Step { number, question, .. }, Stand::Step { number: is, .. }) => {
                    assert_eq!((number, question), (is, after.task.unwrap().question));
                }
                (Ahead::End, Stand::Slide { .. }) => assert_eq!(spot.slide + 1, after.slides.len()),
                (ahead, stand) => panic!("{ahead:?}, and then {stand:?}"),
            }
        }
    }
}

#[test]
fn a_step_with_its_question_commands_and_checks() {
    let mut room = room();
    room.act(Action::GoTo("lesson".into()));
    room.settle();
    room.next();
    room.settle();
    let mut seen = vec![];
    // To the end of the lesson, by whatever each step wants.
    for _ in 0..60 {
        if room.talk.view == View::Slides {
            break;
        }
        let task = state(&room).task.unwrap();
        let step = room.talk.step();
        assert_eq!((&task.question, &task.why, &task.choices), (&step.text, &step.why, &step.choices));
        assert_eq!(
            (task.answer, task.deeds.len(), task.checks.len()),
            (step.answer, step.acts.len(), step.expect.len())
        );
        if room.talk.phase == Phase::Done {
            assert!(task.checks.iter().all(|check| check.met), "{task:?}");
        }
        seen.extend(task.deeds);
        room.go();
        room.settle();
        room.look("a", Some("b"));
    }
    assert!(seen.iter().any(|deed| matches!(deed, Deed::Line(Inside, _))), "{seen:?}");
}

#[test]
fn a_check_is_met_as_soon_as_the_kernel_says_so() {
    let mut room = Room::at("rename");
    room.talk = room.talk.with_deck(slides(), None);
    room.talk.view = View::Lesson;
    let checks = |room: &Room| state(room).task.unwrap().checks;
    let unmet: Vec<Check> = checks(&room).into_iter().filter(|check| !check.met).collect();
    assert!(!unmet.is_empty());
    room.talk.phase = Phase::Done;
    assert!(checks(&room).iter().all(|check| check.met));
    assert!(checks(&room).iter().all(|check| !check.says.en.is_empty() && !check.says.pt_br.is_empty()));
}

/// What a failure of a step tells, and that its ways out are numbered as on the stage.
#[test]
fn a_step_that_fails() {
    let mut room = room();
    room.act(Action::GoTo("lesson".into()));
    room.settle();
    room.next();
    room.failed("EPERM");
    let refusal = state(&room).task.unwrap().refusal.unwrap();
    assert!(refusal.says.contains("pivot_root() = EPERM"), "{refusal:?}");
    assert_eq!(refusal.chosen, 1);
    room.talk.machine.root = false;
    assert!(state(&room).task.unwrap().refusal.unwrap().ways[0].en.contains("sudo unha"));
    assert_eq!(room.talk.pressed(Press::Next), None, "a console leaves no talk");
    assert_eq!(state(&room).next.en, "nothing here: only the stage's own keys leave");
    room.talk.machine.root = true;
    let way = refusal.ways.iter().position(|way| way.en == "back to the slides").unwrap();
    let action = room.talk.pressed(Press::Choose(way + 1)).unwrap();
    room.act(action);
    assert_eq!(state(&room).task.unwrap().refusal.unwrap().chosen, way + 1);
    assert_eq!(state(&room).next.en, "back to the slides");
}

#[test]
fn lamps_and_words_in_passing() {
    let mut room = room();
    assert!(!state(&room).blank);
    room.act(Action::Blank);
    assert!(state(&room).blank);
    room.talk.keyboard = Some(Inside);
    assert_eq!(state(&room).keyboard, Some(Inside));
    let said = Text::both("a", "b");
    assert_eq!(room.talk.state(Some(said.clone())).unwrap().notice, Some(said));
    assert_eq!(talk(Route::Full, None).state(None), None, "without slides there is nobody on a stage");
}

/// What comes over the line is what was told.
#[test]
fn it_is_the_same_as_json() {
    let mut room = room();
    for _ in 0..4 {
        let told = Told { schema: SCHEMA, seq: 7, state: state(&room) };
        let line = serde_json::to_string(&told).unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Told>(&line).unwrap(), told);
        room.next();
    }
    let asked = r#"{"schema":1,"seen":3,"press":{"go-to":"12"}}"#;
    assert_eq!(
        serde_json::from_str::<Asked>(asked).unwrap(),
        Asked { schema: 1, seen: 3, press: Press::GoTo("12".into()) }
    );
    for nonsense in [r#"{"schema":1,"seen":3,"press":"quit"}"#, r#"{"schema":1,"seen":3,"press":{"to-shell":[3]}}"#] {
        assert!(serde_json::from_str::<Asked>(nonsense).is_err(), "{nonsense}");
    }
}

#[test]
fn a_press_does_what_the_clicker_would() {
    let mut room = room();
    let presses = [
        (Press::Next, Some(Action::Next)),
        (Press::Back, Some(Action::Back)),
        (Press::Choose(2), Some(Action::Choose(2))),
        (Press::GoTo("3".into()), Some(Action::GoTo("3".into()))),
        (Press::Blank, Some(Action::Blank)),
        (Press::Pause, Some(Action::Pause)),
        (Press::Close, Some(Action::Close)),
        (Press::Choose(0), None),
        (Press::Choose(10), None),
        (Press::GoTo(String::new()), None),
        (Press::GoTo("\u{1b}[A".into()), None),
        (Press::GoTo("x".repeat(65)), None),
    ];
    for (press, action) in &presses {
        assert_eq!(room.talk.pressed(press.clone()), *action, "{press:?}");
    }
    // A clicker's keys give a shell's keyboard back.
    room.talk.keyboard = Some(Inside);
    for press in [Press::Next, Press::Back] {
        assert_eq!(room.talk.pressed(press), Some(Action::Keyboard));
    }
    room.talk.keyboard = None;
    // Asked whether to leave, Next stays.
    room.talk.overlay = Some(Overlay::Leave);
    assert_eq!(room.talk.pressed(Press::Next), Some(Action::Close));
    room.talk.overlay = None;
    room.act(Action::Blank);
    for (press, action) in presses {
        assert_eq!(room.talk.pressed(press), action.map(|_| Action::Blank));
    }
    assert_eq!(talk(Route::Full, None).pressed(Press::Next), None);
}

/// Two Next at once are one, whoever of the two terminals they come from; none while something is built.
#[test]
fn the_guard_of_next_holds_for_a_console() {
    let mut room = room();
    room.pass(1000);
    room.act(Action::Next);
    let action = room.talk.pressed(Press::Next).unwrap();
    room.act(action.clone());
    assert_eq!(told(&room)[0], "opening 1/3 2/2");
    room.act(Action::GoTo("lesson".into()));
    room.settle();
    room.effects.clear();
    room.next();
    let (place, effects) = (told(&room)[0].clone(), room.effects.len());
    assert!(place.ends_with("Building"), "{place}");
    room.pass(1000);
    room.act(action);
    assert_eq!((told(&room)[0].clone(), room.effects.len()), (place, effects));
}

fn desk(room: &Room) -> Desk {
    let mut desk = Desk::new(None, Lang::PtBr);
    desk.hear(Told { schema: SCHEMA, seq: 5, state: state(room) });
    desk
}

#[test]
fn a_console_knows_the_latest_and_says_what_it_has_seen() {
    let mut room = room();
    let mut desk = Desk::new(None, Lang::PtBr);
    assert_eq!((desk.lang(), desk.touch(Touch::Press(Press::Next))), (Lang::PtBr, None));
    desk.hear(Told { schema: SCHEMA, seq: 5, state: state(&room) });
    assert_eq!(desk.lang(), Lang::En, "as the stage");
    room.next();
    let newer = state(&room);
    desk.hear(Told { schema: SCHEMA, seq: 6, state: newer.clone() });
    room.act(Action::Back);
    desk.hear(Told { schema: SCHEMA, seq: 6, state: state(&room) });
    assert_eq!(desk.state(), Some(&newer), "what is older comes too late");
    let asked = desk.touch(Touch::Press(Press::Back)).unwrap();
    assert_eq!(asked, Asked { schema: SCHEMA, seen: 6, press: Press::Back });
    desk.touch(Touch::Language);
    assert_eq!(desk.lang(), Lang::PtBr);
    assert_eq!(Desk::new(Some(Lang::PtBr), Lang::En).lang(), Lang::PtBr);
    desk.lose(Absent::Ended);
    desk.lose(Absent::NoTalk);
    assert_eq!((&desk.absent, desk.state()), (&Absent::Ended, None));
    // Another talk counts from the beginning.
    desk.hear(Told { schema: SCHEMA, seq: 1, state: newer });
    assert!(desk.state().is_some());
}

#[test]
fn a_console_finds_slides_by_number_and_by_words() {
    let room = room();
    for (typed, found) in
        [("3", Some(2)), ("end", Some(2)), ("ONE less", Some(1)), ("0", None), ("4", None), ("", None), ("nope", None)]
    {
        let mut desk = desk(&room);
        desk.touch(Touch::Look(String::new()));
        for letter in typed.chars() {
            assert_eq!(desk.touch(Touch::Find(Some(letter))), None);
        }
        assert_eq!(desk.found(), found, "{typed}");
        let asked = desk.touch(Touch::Press(Press::Next)).map(|asked| asked.press);
        assert_eq!(asked, found.map(|slide| Press::GoTo((slide + 1).to_string())), "{typed}");
        assert_eq!(desk.going, None);
    }
    let mut desk = desk(&room);
    desk.touch(Touch::Look("12".into()));
    desk.touch(Touch::Find(None));
    assert_eq!(desk.going.as_deref(), Some("1"));
    assert_eq!((desk.touch(Touch::Close), desk.going.as_deref()), (None, None));
    assert_eq!(desk.touch(Touch::Close).unwrap().press, Press::Close);
}

#[test]
fn notes_are_scrolled_until_they_are_others() {
    let mut room = room();
    let mut desk = desk(&room);
    desk.touch(Touch::Scroll(3));
    desk.touch(Touch::Scroll(-1));
    assert_eq!(desk.scroll, 2);
    room.pass(1000);
    desk.hear(Told { schema: SCHEMA, seq: 6, state: state(&room) });
    assert_eq!(desk.scroll, 2, "the clock alone is no reason");
    room.next();
    desk.hear(Told { schema: SCHEMA, seq: 7, state: state(&room) });
    assert_eq!(desk.scroll, 0);
    assert_eq!(state(&room).account.at, 0);
    let moment = |room: &Room| match state(room).stand {
        Stand::Step { moment, .. } => Some(moment),
        Stand::Slide { .. } => None,
    };
    assert_eq!(moment(&room), None);
    room.act(Action::GoTo("lesson".into()));
    room.settle();
    room.next();
    assert_eq!(moment(&room), Some(Moment::Building));
}
