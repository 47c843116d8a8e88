//! Each letter on a screen can be read on its ground, and no side is told by its colour alone.

use std::collections::BTreeSet;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use unha::course::deck::Slide;
use unha::course::talk::{Spot, Talk};
use unha::course::text::Lang;
use unha::screen::{Colours, Look, Theme, Wish};

use super::{inspect, inspected, show, slides, talks};

const GROUNDS: [Theme; 2] = [Theme::Dark, Theme::Light];

/// What a terminal writes with and on, where the screen leaves it to it: neither pure white nor pure black.
fn terminals_own(theme: Theme) -> [[u8; 3]; 2] {
    match theme {
        Theme::Dark => [[0xD0; 3], [0x1E; 3]],
        Theme::Light => [[0x20; 3], [0xFA; 3]],
    }
}

fn rgb(colour: Color, own: [u8; 3]) -> [u8; 3] {
    match colour {
        Color::Reset => own,
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(grey @ 232..) => [8 + 10 * (grey - 232); 3],
        Color::Indexed(index @ 16..) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let cube = index - 16;
            [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
        }
        other => panic!("{other:?} is whatever the terminal makes of it"),
    }
}

/// Contrast as WCAG 2 counts it, from 1 to 21.
pub fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let [r, g, b] = colour.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    (one / other).max(other / one)
}

/// How a screen looks that a person asks for; `None`: that of a terminal which is left its own ground.
pub fn look(asked: Option<bool>, theme: Theme, colours: Colours) -> Look {
    let wish =
        Wish { theme: asked.map(|_| theme), contrast: asked == Some(true), colours: Some(colours), ..Wish::default() };
    let ground = if theme == Theme::Light { "0;15" } else { "15;0" };
    let env = |name: &str| match name {
        "TERM" => Some("xterm-256color".to_owned()),
        "COLORFGBG" => Some(ground.to_owned()),
        _ => None,
    };
    Look::from_env(wish, env, talks::sources)
}

/// Every slide at its last point, and screens of a lesson.
fn each_screen(mut look_at: impl FnMut(&Talk, (u16, u16))) {
    for lang in Lang::ALL {
        let mut talk = slides::talk(lang);
        let points: Vec<usize> = talk.presenting.iter().flat_map(|show| &show.deck.slides).map(Slide::last).collect();
        for (slide, point) in points.into_iter().enumerate() {
            talk.presenting.as_mut().expect("a deck").at = Spot { slide, point };
            look_at(&talk, (80, 24));
        }
        for name in ["agenda", "done", "gauges", "code", "calls", "failed", "refused", "recorded", "notice"] {
            look_at(&talks::named(name, lang).expect("a known talk"), (120, 40));
        }
    }
}

pub fn seen(cell: &Cell, theme: Theme) -> [[u8; 3]; 2] {
    let [ink, ground] = terminals_own(theme);
    let [ink, ground] = [rgb(cell.fg, ink), rgb(cell.bg, ground)];
    if cell.modifier.contains(Modifier::REVERSED) { [ground, ink] } else { [ink, ground] }
}

#[test]
fn each_letter_stands_off_its_ground() {
    let mut looks = vec![];
    for (theme, colours) in GROUNDS.into_iter().flat_map(|theme| [(theme, Colours::Full), (theme, Colours::Indexed)]) {
        looks.extend([None, Some(false), Some(true)].map(|asked| (asked, theme, colours)));
    }
    let mut faint = BTreeSet::new();
    each_screen(|talk, size| {
        for (asked, theme, colours) in &looks {
            let wanted = if *asked == Some(true) { 7.0 } else { 4.5 };
            let screen = show::cells(talk, &look(*asked, *theme, *colours), size);
            for cell in screen.content.iter().filter(|cell| cell.symbol() != " ") {
                let [ink, ground] = seen(cell, *theme);
                let found = contrast(ink, ground);
                if found < wanted || cell.modifier.contains(Modifier::DIM) {
                    faint.insert(format!("{theme:?}, {asked:?}: {:?} on {:?}: {found:.2}", cell.fg, cell.bg));
                }
            }
        }
    });
    assert!(faint.is_empty(), "{faint:#?}");
}

/// The same where a person looks around on the machine.
#[test]
fn each_letter_of_what_is_inspected_stands_off_its_ground() {
    let mut faint = BTreeSet::new();
    for (theme, colours) in GROUNDS.into_iter().flat_map(|theme| [(theme, Colours::Full), (theme, Colours::Indexed)]) {
        for asked in [None, Some(false), Some(true)] {
            let wanted = if asked == Some(true) { 7.0 } else { 4.5 };
            for mut on in inspected::all(Lang::PtBr) {
                let screen = inspect::cells(&mut on, &look(asked, theme, colours), (120, 44));
                for cell in screen.content.iter().filter(|cell| cell.symbol() != " ") {
                    let [ink, ground] = seen(cell, theme);
                    if contrast(ink, ground) < wanted || cell.modifier.contains(Modifier::DIM) {
                        faint.insert(format!("{theme:?}, {asked:?}: {:?} on {:?}", cell.fg, cell.bg));
                    }
                }
            }
        }
    }
    assert!(faint.is_empty(), "{faint:#?}");
}

/// A look that is asked for leaves nothing to the terminal's own colours; high contrast is black and white where
/// nothing else is said. What is not asked for leaves the terminal its ground.
#[test]
fn the_ground_is_painted_where_a_look_is_asked_for() {
    for (theme, ground, ink) in [(Theme::Dark, 0x00, 0xFF), (Theme::Light, 0xFF, 0x00)] {
        let wanted = [ink, ground].map(|value| Color::Rgb(value, value, value));
        each_screen(|talk, size| {
            let cells = |asked| show::cells(talk, &look(asked, theme, Colours::Full), size);
            let [own, asked, strong] = [None, Some(false), Some(true)].map(cells);
            let is_left = |cell: &Cell| cell.fg == Color::Reset || cell.bg == Color::Reset;
            assert!(!asked.content.iter().chain(&strong.content).any(is_left));
            assert_eq!([strong[(0, 1)].fg, strong[(0, 1)].bg], wanted);
            assert_eq!(own[(0, 1)].bg, Color::Reset);
        });
    }
}

/// Without any colour the sides have their names, and what differs has its sign.
#[test]
fn the_sides_are_told_by_words_and_signs() {
    let plain = look(Some(false), Theme::Dark, Colours::None);
    for lang in Lang::ALL {
        let slide = show::letters(&show::cells(&slides::at(lang, "uts").expect("a slide"), &plain, (80, 24)));
        let lesson = show::letters(&show::cells(&talks::named("done", lang).expect("a talk"), &plain, (80, 24)));
        for name in [lang.pick("OUTSIDE", "FORA"), lang.pick("INSIDE", "DENTRO")] {
            assert!(slide.contains(name) && lesson.contains(name), "{name}\n{slide}\n{lesson}");
        }
        assert!(lesson.contains('≠') && lesson.contains('='), "{lesson}");
    }
}

/// `NO_COLOR` holds unless a person asks for colours.
#[test]
fn a_flag_wins_over_no_color() {
    let env = |name: &str| match name {
        "TERM" => Some("xterm-256color".to_owned()),
        "NO_COLOR" => Some("1".to_owned()),
        _ => None,
    };
    let found = |wish| Look::from_env(wish, env, talks::sources).colours;
    assert_eq!(found(Wish::default()), Colours::None);
    assert_eq!(found(Wish { theme: Some(Theme::Light), ..Wish::default() }), Colours::Indexed);
    assert_eq!(found(Wish { contrast: true, ..Wish::default() }), Colours::Indexed);
    assert_eq!(found(Wish { colours: Some(Colours::Sixteen), ..Wish::default() }), Colours::Sixteen);
}
