//! Any talk on any screen: never a panic, and the shells' terminals are as large as their panes.

use proptest::prelude::*;
use unha::course::event::Ended;
use unha::course::lesson::Lesson;
use unha::course::talk::{Notice, Overlay, Phase, Place, Route, Spot, Talk, View};
use unha::course::text::Lang;
use unha::course::{FeatureSet, Side, Snapshot};
use unha::screen::{Glyphs, Wish, shell_sizes};

use super::{show, talks};

const OVERLAYS: [Option<Overlay>; 9] = [
    None,
    Some(Overlay::Help),
    Some(Overlay::Code),
    Some(Overlay::Calls),
    Some(Overlay::Script),
    Some(Overlay::Leave),
    Some(Overlay::Rebuild),
    Some(Overlay::Switches { set: FeatureSet::NONE, chosen: 6 }),
    Some(Overlay::Instead),
];
const PHASES: [Phase; 4] = [Phase::Ask, Phase::Ready, Phase::Doing, Phase::Done];

fn notices() -> Vec<Option<Notice>> {
    vec![
        None,
        Some(Notice::PickOrSkip),
        Some(Notice::Busy(Side::Inside, "sleep 600".into())),
        Some(Notice::Waiting(0)),
        Some(Notice::Waiting(9)),
        Some(Notice::LoadRefused("pids.max: EACCES".into())),
    ]
}

/// What a random talk is made of.
#[derive(Debug, Clone)]
struct Seed {
    picks: (usize, usize, usize, usize, usize, usize),
    scroll: usize,
    flags: [bool; 7],
    terminal: (u16, u16),
    bytes: Vec<u8>,
}

prop_compose! {
    fn seed()(
        picks in (0usize..12, 0usize..9, 0usize..4, 0usize..6, 0usize..3, 0usize..4),
        scroll in prop_oneof![Just(0usize), 0usize..40, Just(usize::MAX)],
        flags in any::<[bool; 7]>(),
        // With one row or one column vt100 itself overflows; no pane is that small.
        terminal in (2u16..80, 2u16..250),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) -> Seed {
        Seed { picks, scroll, flags, terminal, bytes }
    }
}

impl Seed {
    fn talk(&self) -> Talk {
        let (step, overlay, phase, notice, keyboard, view) = self.picks;
        let lang = if self.flags[0] { Lang::En } else { Lang::PtBr };
        let mut talk = if self.flags[1] { talks::gauges(lang) } else { talks::failed(lang) };
        let steps =
            |(lesson, l): (usize, &Lesson)| (0..l.steps.len()).map(move |step| Place { lesson, step }).collect();
        let places: Vec<Place> = talk.lessons.iter().enumerate().flat_map::<Vec<Place>, _>(steps).collect();
        talk.at = places[step % places.len()];
        talk.overlay = OVERLAYS[overlay];
        talk.phase = PHASES[phase];
        talk.notice.clone_from(&notices()[notice]);
        talk.keyboard = [None, Some(Side::Outside), Some(Side::Inside)][keyboard];
        talk.side = if self.flags[2] { Side::Outside } else { Side::Inside };
        talk.view = match view {
            0 => View::Agenda { chosen: step },
            1 => View::Failure { chosen: step },
            _ => View::Lesson,
        };
        talk.scroll = self.scroll;
        talk.box_runs = self.flags[3];
        talk.ended = self.flags[4].then_some(Ended::Signal(9));
        talk.untouched = self.flags[5];
        talk.route = if self.flags[6] { Route::Full } else { Route::Short };
        if phase == 0 {
            talk.now = Snapshot::default();
            talk.journal.clear();
        }
        talk.shells[1].terminal = vt100::Parser::new(self.terminal.0, self.terminal.1, 10);
        talk.shells[1].terminal.process(&self.bytes);
        talk.shells[0].terminal.process("日本語".repeat(40).as_bytes());
        talk
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_size_is_a_panic(seed in seed(), width in 1u16..=300, height in 1u16..=100, glyphs in 0usize..3) {
        let talk = seed.talk();
        let glyphs = [Glyphs::Unicode, Glyphs::Console, Glyphs::Ascii][glyphs];
        let look = show::look(Wish { glyphs: Some(glyphs), ..Wish::default() }, "xterm");
        let cells = show::cells(&talk, &look, (width, height));
        prop_assert_eq!((cells.area.width, cells.area.height), (width, height));
        if glyphs == Glyphs::Ascii {
            prop_assert!(cells.content.iter().all(|cell| cell.symbol().is_ascii()));
        }
        let (outside, inside) = shell_sizes((width, height), &talk);
        prop_assert!([outside.0, outside.1, inside.0, inside.1].iter().all(|n| *n > 0));
    }
}

#[test]
fn the_first_sizes_are_no_panic() {
    let look = show::look(Wish::default(), "xterm");
    let more =
        ["split", "revoted", "strays", "details"].map(|name| talks::named(name, Lang::PtBr).expect("a known talk"));
    let talks = [talks::longest(Lang::PtBr), talks::agenda(Lang::En), talks::failed(Lang::PtBr)];
    for talk in talks.into_iter().chain(more) {
        for width in (1..=82).chain([119, 120, 159, 160, 300]) {
            for height in (1..=26).chain([43, 44, 100]) {
                show::cells(&talk, &look, (width, height));
            }
        }
    }
}

/// What a shell writes into the corner of its terminal stands in the corner of its pane.
#[test]
fn a_terminal_fills_its_pane() {
    let look = show::look(Wish::default(), "xterm");
    for size in [(60, 18), (80, 24), (100, 30), (120, 40), (160, 45), (200, 60)] {
        let mut talk = talks::done(Lang::En);
        let sizes = shell_sizes(size, &talk);
        for (shell, (columns, rows)) in talk.shells.iter_mut().zip([sizes.0, sizes.1]) {
            shell.terminal = vt100::Parser::new(rows, columns, 0);
            shell.terminal.process(format!("\x1b[1;1HQ\x1b[{rows};{columns}HZ").as_bytes());
        }
        let one = size.0 < 120;
        let cells = show::cells(&talk, &look, size);
        let count = |letter: &str| cells.content.iter().filter(|cell| cell.symbol() == letter).count();
        assert_eq!((count("Q"), count("Z")), if one { (1, 1) } else { (2, 2) }, "{size:?}");
    }
}

/// The layout follows from the size alone: no step makes the shells change theirs.
#[test]
fn the_shells_keep_their_size() {
    let sizes = |talk: &Talk| shell_sizes((80, 24), talk);
    assert_eq!(sizes(&talks::talk(Lang::En)), sizes(&talks::longest(Lang::PtBr)));
    assert_eq!(sizes(&talks::talk(Lang::En)), ((79, 5), (79, 5)));
}

/// Any slide at any point on a screen of any size, with what is looked for over it or blank.
#[test]
fn no_slide_is_a_panic_on_any_size() {
    let mut talk = super::slides::talk(Lang::PtBr);
    let slides = talk.presenting.as_ref().expect("a deck").deck.slides.len();
    for (number, size) in (0..).zip((1..=90).step_by(7).flat_map(|width| (1..=40).map(move |height| (width, height)))) {
        let slide = number % slides;
        let show = talk.presenting.as_mut().expect("a deck");
        show.at = Spot { slide, point: number % show.deck.slides[slide].points };
        show.blank = number % 31 == 0;
        show.chosen = number;
        talk.overlay = (number % 5 == 0).then_some(Overlay::Overview);
        if number % 3 == 0 {
            talk.now = Snapshot::default();
        }
        let glyphs = [Glyphs::Unicode, Glyphs::Console, Glyphs::Ascii][number % 3];
        let look = show::look(Wish { glyphs: Some(glyphs), ..Wish::default() }, "xterm");
        let cells = show::cells(&talk, &look, size);
        if glyphs == Glyphs::Ascii {
            assert!(cells.content.iter().all(|cell| cell.symbol().is_ascii()));
        }
    }
}

#[test]
fn the_chosen_lesson_is_always_in_view() {
    for chosen in 0..20 {
        for size in [(60, 18), (80, 24), (120, 40), (200, 60)] {
            let mut talk = talks::long_agenda(Lang::En);
            talk.view = View::Agenda { chosen };
            let drawn = show::text(&talk, size);
            let here = format!(" {chosen:<2} ");
            assert!(drawn.lines().any(|line| line.contains('▸') && line.contains(&here)), "{chosen} {size:?}\n{drawn}");
        }
    }
}
