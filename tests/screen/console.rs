//! The presenter's console as text, and the table of its keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unha::course::Side;
use unha::course::console::{Absent, Desk, Press, Refusal, SCHEMA, State, Told, Touch};
use unha::course::event::Ended;
use unha::course::plan::{Basis, Clock};
use unha::course::talk::{Answer, Phase, Place, Spot, Talk, View};
use unha::course::text::{Lang, Text};
use unha::screen::console::{draw, touch};
use unha::screen::{Colours, Glyphs, Look, Wish};

use super::{show, slides};

const SIZES: [(u16, u16); 2] = [(80, 24), (200, 60)];

fn cells(desk: &Desk, look: &Look, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("no input or output");
    terminal.draw(|frame| draw(frame, desk, look, "14:05")).expect("no input or output");
    terminal.backend().buffer().clone()
}

fn text(desk: &Desk, size: (u16, u16)) -> String {
    show::letters(&cells(desk, &show::look(Wish::default(), "xterm-256color"), size))
}

/// The console of a talk, some minutes into it.
fn desk(talk: &Talk, change: impl FnOnce(&mut State)) -> Desk {
    let mut state = talk.state(None).expect("a deck");
    let account = &mut state.account;
    account.clock = Clock::Running;
    account.parts[0].spent = 95_000;
    account.parts[1].spent = 64_000;
    (account.here_spent, account.here_planned) = (7_000, 40_000);
    (account.spent, account.behind) = (159_000, 124_000);
    change(&mut state);
    let mut desk = Desk::new(None, Lang::En);
    desk.hear(Told { schema: SCHEMA, seq: 1, state });
    desk
}

fn at(lang: Lang, slide: &str, point: usize) -> Talk {
    let mut talk = slides::at(lang, slide).expect("a slide");
    talk.presenting.as_mut().expect("a deck").at.point = point;
    talk
}

/// At the second step of the lesson on UTS.
fn in_lesson(lang: Lang, phase: Phase) -> Talk {
    let mut talk = slides::at(lang, "uts").expect("a slide");
    let lesson = talk.lessons.iter().position(|lesson| lesson.id == "uts").expect("the lesson");
    talk.at = Place { lesson, step: 1 };
    talk.view = View::Lesson;
    talk.phase = phase;
    let key = (talk.lesson().id.clone(), talk.step().id.clone());
    talk.answers.insert(key, Answer::Chose(1));
    talk
}

fn pictures(name: &str, desk: impl Fn(Lang) -> Desk) {
    for lang in Lang::ALL {
        for size in SIZES {
            let (width, height) = size;
            insta::assert_snapshot!(format!("console-{name}-{lang}-{width}x{height}"), text(&desk(lang), size));
        }
    }
}

#[test]
fn a_slide_with_a_point_to_come() {
    pictures("slide", |lang| desk(&at(lang, "kinds", 0), |_| {}));
}

#[test]
fn a_slide_before_a_lesson() {
    pictures("lesson-ahead", |lang| {
        desk(&at(lang, "uts", 0), |state| {
            state.account.behind = -62_000;
            state.account.basis = Basis::Rehearsed("2026-11-20".into());
        })
    });
}

#[test]
fn a_live_slide_ahead() {
    pictures("live-ahead", |lang| {
        let mut talk = at(lang, "into-the-kernel", 0);
        let show = talk.presenting.as_mut().expect("a deck");
        let live = show.deck.slides.iter().position(unha::course::deck::Slide::is_live).expect("a live slide");
        show.at = Spot { slide: live - 1, point: show.deck.slides[live - 1].last() };
        desk(&talk, |state| state.account.clock = Clock::Waiting)
    });
}

#[test]
fn a_step() {
    pictures("step", |lang| desk(&in_lesson(lang, Phase::Ready), |state| state.keyboard = Some(Side::Inside)));
}

#[test]
fn a_step_that_is_done() {
    pictures("step-done", |lang| desk(&in_lesson(lang, Phase::Done), |state| state.recorded = true));
}

#[test]
fn a_step_without_its_box_and_one_that_fails() {
    let mut talk = in_lesson(Lang::En, Phase::Doing);
    talk.ended = Some(Ended::Exit(0));
    assert!(
        text(&desk(&talk, |_| {}), SIZES[0]).contains("step 2/6 · STOPPED"),
        "{}",
        text(&desk(&talk, |_| {}), SIZES[0])
    );
    let refused = desk(&talk, |state| {
        let ways = vec![Text::both("go on with the recording", ""), Text::both("try again", "")];
        let says = "unshare(CLONE_NEWUTS) = EPERM".to_owned();
        state.task.as_mut().expect("a step").refusal = Some(Refusal { says, ways, chosen: 2 });
    });
    let picture = text(&refused, SIZES[0]);
    for said in ["unshare(CLONE_NEWUTS) = EPERM", "  1  go on with the recording", "▸ 2  try again"] {
        assert!(picture.contains(said), "{picture}");
    }
}

#[test]
fn long_notes_are_scrolled() {
    let talk = at(Lang::En, "kinds", 0);
    let long = desk(&talk, |state| {
        let notes: Vec<String> = (1..=30).map(|number| format!("paragraph {number}")).collect();
        state.notes = Text::both(notes.join("\n\n"), "");
    });
    let mut scrolled = long.clone();
    scrolled.touch(Touch::Scroll(10));
    assert!(
        text(&long, SIZES[0]).contains("↓ 49") && !text(&long, SIZES[0]).contains('↑'),
        "{}",
        text(&long, SIZES[0])
    );
    let picture = text(&scrolled, SIZES[0]);
    assert!(picture.contains("↑ 10") && picture.contains("↓ 39") && picture.contains("paragraph 9"), "{picture}");
    scrolled.touch(Touch::Scroll(i32::MAX));
    let picture = text(&scrolled, SIZES[0]);
    assert!(picture.contains("paragraph 30") && !picture.contains("↓ "), "{picture}");
}

#[test]
fn what_is_looked_for_what_is_said_in_passing_and_the_keys() {
    for lang in Lang::ALL {
        let mut going = desk(&at(lang, "kinds", 0), |state| state.blank = true);
        going.touch(Touch::Look("7".into()));
        insta::assert_snapshot!(format!("console-going-{lang}"), text(&going, SIZES[0]));
        let passing = desk(&at(lang, "kinds", 0), |state| state.notice = Some(Text::both("a word", "uma palavra")));
        let picture = text(&passing, SIZES[0]);
        assert!(picture.contains(lang.pick(" a word ", " uma palavra ")), "{picture}");
        let mut help = desk(&at(lang, "kinds", 0), |_| {});
        help.touch(Touch::Help);
        insta::assert_snapshot!(format!("console-help-{lang}"), text(&help, SIZES[0]));
    }
}

#[test]
fn without_a_talk() {
    let absents = [
        ("no-talk", Absent::NoTalk),
        ("ended", Absent::Ended),
        ("several", Absent::Several(vec![4711, 4712])),
        ("unreachable", Absent::Unreachable("/run/unha: Permission denied".into())),
        ("foreign", Absent::Foreign(9)),
    ];
    for lang in Lang::ALL {
        for (name, absent) in &absents {
            let mut desk = Desk::new(Some(lang), Lang::En);
            desk.lose(absent.clone());
            insta::assert_snapshot!(format!("console-{name}-{lang}"), text(&desk, SIZES[0]));
        }
    }
}

/// Every point that is to come is seen coming: what is drawn of it is more than what is there already.
#[test]
fn the_next_point_is_in_view_however_small() {
    for lang in Lang::ALL {
        let talk = slides::talk(lang);
        let slides = &talk.presenting.as_ref().expect("a deck").deck.slides;
        for slide in slides.iter().filter(|slide| slide.points > 1) {
            for size in SIZES {
                let mut seen: Vec<String> = vec![];
                for point in 0..slide.last() {
                    let picture = text(&desk(&at(lang, &slide.id, point), |_| {}), size);
                    // The pane below its title, which says the point's number.
                    let title = lang.pick("NEXT · point", "A SEGUIR · ponto");
                    let rows = picture.lines().skip_while(|row| !row.contains(title)).skip(1);
                    let pane: String = rows
                        .take_while(|row| !row.starts_with('─') && !row.contains(lang.pick("CLOCK", "RELÓGIO")))
                        .collect::<Vec<_>>()
                        .join("\n");
                    assert!(!seen.contains(&pane), "{} {lang} {size:?} point {point}\n{picture}", slide.id);
                    seen.push(pane);
                }
            }
        }
    }
}

#[test]
fn no_size_and_no_slide_is_a_panic() {
    let mut number = 0;
    for lang in Lang::ALL {
        for slide in 1..=31 {
            let talk = at(lang, &slide.to_string(), 0);
            for size in [(1, 1), (59, 18), (60, 17), (60, 18), (100, 20), (119, 40), (120, 30), (300, 90)] {
                number += 1;
                let glyphs = [Glyphs::Unicode, Glyphs::Console, Glyphs::Ascii][number % 3];
                let look = show::look(Wish { glyphs: Some(glyphs), ..Wish::default() }, "xterm");
                let cells = cells(&desk(&talk, |_| {}), &look, size);
                assert_eq!((cells.area.width, cells.area.height), size);
                if glyphs == Glyphs::Ascii {
                    assert!(cells.content.iter().all(|cell| cell.symbol().is_ascii()));
                }
            }
        }
    }
}

#[test]
fn nothing_is_told_by_colour_alone() {
    let desk = desk(&in_lesson(Lang::PtBr, Phase::Done), |_| {});
    let plain = show::look(Wish { colours: Some(Colours::None), ..Wish::default() }, "xterm");
    let cells = cells(&desk, &plain, SIZES[0]);
    assert!(cells.content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset));
    assert_eq!(show::letters(&cells), text(&desk, SIZES[0]));
}

/// Ahead or behind, in words.
#[test]
fn how_the_time_stands() {
    for (behind, en, pt_br) in [
        (0, "on time", "no horário"),
        (29_999, "on time", "no horário"),
        (30_000, "1 min behind", "1 min atrasado"),
        (124_000, "2 min behind", "2 min atrasado"),
        (-124_000, "2 min ahead", "2 min adiantado"),
    ] {
        for lang in Lang::ALL {
            let desk = desk(&at(lang, "kinds", 0), |state| state.account.behind = behind);
            let picture = text(&desk, SIZES[0]);
            assert!(picture.contains(lang.pick(en, pt_br)), "{behind}: {picture}");
            assert!(picture.contains("2:39"), "{picture}");
        }
    }
    for (clock, said) in [(Clock::Waiting, "starts with Next"), (Clock::Stopped, "CLOCK STOPPED")] {
        let desk = desk(&at(Lang::En, "kinds", 0), |state| state.account.clock = clock);
        assert!(text(&desk, SIZES[0]).contains(said));
    }
}

fn pressed(code: KeyCode, desk: &Desk) -> Option<Touch> {
    touch(&Event::Key(KeyEvent::new(code, KeyModifiers::NONE)), desk)
}

#[test]
fn keys() {
    let slide = desk(&at(Lang::En, "kinds", 0), |_| {});
    let step = desk(&in_lesson(Lang::En, Phase::Ask), |_| {});
    let mut going = slide.clone();
    going.touch(Touch::Look(String::new()));
    for code in [KeyCode::Enter, KeyCode::Right, KeyCode::PageDown, KeyCode::Char(' ')] {
        assert_eq!(pressed(code, &slide), Some(Touch::Press(Press::Next)));
        let held = KeyEvent::new_with_kind(code, KeyModifiers::NONE, KeyEventKind::Repeat);
        assert_eq!(touch(&Event::Key(held), &slide), None, "a key held down races through no talk");
    }
    let look = |typed: &str| Some(Touch::Look(typed.to_owned()));
    let table = [
        (KeyCode::PageUp, Some(Touch::Press(Press::Back))),
        (KeyCode::Left, Some(Touch::Press(Press::Back))),
        (KeyCode::Up, Some(Touch::Scroll(-1))),
        (KeyCode::Down, Some(Touch::Scroll(1))),
        (KeyCode::Esc, Some(Touch::Close)),
        (KeyCode::F(1), Some(Touch::Help)),
        (KeyCode::Char('?'), Some(Touch::Help)),
        (KeyCode::Char('.'), Some(Touch::Press(Press::Blank))),
        (KeyCode::Char('b'), Some(Touch::Press(Press::Blank))),
        (KeyCode::Char('p'), Some(Touch::Press(Press::Pause))),
        (KeyCode::Char('P'), Some(Touch::Press(Press::Pause))),
        (KeyCode::Char('t'), Some(Touch::Press(Press::Pause))),
        (KeyCode::Char('g'), look("")),
        (KeyCode::Char('/'), look("")),
        (KeyCode::Char('4'), look("4")),
        (KeyCode::Char('L'), Some(Touch::Language)),
        (KeyCode::Char('q'), Some(Touch::Leave)),
        (KeyCode::Char('x'), None),
        (KeyCode::F(2), None),
    ];
    for (code, wanted) in table {
        assert_eq!(pressed(code, &slide), wanted, "{code:?}");
    }
    assert_eq!(pressed(KeyCode::Char('2'), &step), Some(Touch::Press(Press::Choose(2))));
    assert_eq!(pressed(KeyCode::Char('q'), &going), Some(Touch::Find(Some('q'))));
    assert_eq!(pressed(KeyCode::Backspace, &going), Some(Touch::Find(None)));
    let ctrl_c = Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL));
    assert_eq!(touch(&ctrl_c, &going), Some(Touch::Leave));
    let wheel = MouseEvent { kind: MouseEventKind::ScrollDown, column: 0, row: 0, modifiers: KeyModifiers::NONE };
    assert_eq!(touch(&Event::Mouse(wheel), &slide), Some(Touch::Scroll(1)));
    assert_eq!(touch(&Event::Paste("next".into()), &slide), None);
}
