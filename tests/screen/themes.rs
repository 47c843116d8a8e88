//! Each letter on a screen can be read on its ground, and no side is told by its colour alone.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unha::course::Side;
use unha::course::text::Lang;
use unha::screen::{Colours, Look, Theme, Wish};

use super::{show, slides, talks};

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
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
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

fn look(theme: Theme, is_strong: bool, colours: Colours) -> Look {
    let wish = Wish { theme: Some(theme), contrast: is_strong, colours: Some(colours), ..Wish::default() };
    show::look(wish, "xterm-256color")
}

/// Every slide, and the lesson's screens.
fn screens(look: &Look) -> Vec<Buffer> {
    let mut screens = vec![];
    for lang in Lang::ALL {
        screens.extend((1..).map_while(|slide| slides::at(lang, &slide.to_string())).map(|t| (t, (80, 24))));
        for name in ["agenda", "done", "gauges", "code", "calls", "failure"] {
            screens.extend(talks::named(name, lang).map(|talk| (talk, (120, 40))));
        }
    }
    screens.iter().map(|(talk, size)| show::cells(talk, look, *size)).collect()
}

fn seen(cell: &Cell, theme: Theme) -> [[u8; 3]; 2] {
    let [ink, ground] = terminals_own(theme);
    let [ink, ground] = [rgb(cell.fg, ink), rgb(cell.bg, ground)];
    if cell.modifier.contains(Modifier::REVERSED) { [ground, ink] } else { [ink, ground] }
}

#[test]
fn each_letter_stands_off_its_ground() {
    for colours in [Colours::Full, Colours::Indexed] {
        for (theme, is_strong) in
            [(Theme::Dark, false), (Theme::Light, false), (Theme::Dark, true), (Theme::Light, true)]
        {
            let wanted = if is_strong { 7.0 } else { 4.5 };
            let mut faint = std::collections::BTreeSet::new();
            let screens = screens(&look(theme, is_strong, colours));
            assert!(screens.len() > 60);
            for cell in screens.iter().flat_map(|screen| &screen.content).filter(|cell| cell.symbol() != " ") {
                let [ink, ground] = seen(cell, theme);
                let found = contrast(ink, ground);
                if found < wanted || cell.modifier.contains(Modifier::DIM) {
                    faint.insert(format!("{:?} on {:?}: {found:.2}", cell.fg, cell.bg));
                }
            }
            assert!(faint.is_empty(), "{colours:?} {theme:?} {is_strong}: {faint:#?}");
        }
    }
}

/// High contrast leaves nothing to the terminal's own colours, and is black and white where nothing else is said.
#[test]
fn the_ground_of_high_contrast_is_painted() {
    for (theme, ground, ink) in [(Theme::Dark, 0x00, 0xFF), (Theme::Light, 0xFF, 0x00)] {
        for screen in screens(&look(theme, true, Colours::Full)) {
            for cell in &screen.content {
                assert!(cell.fg != Color::Reset && cell.bg != Color::Reset);
            }
            let corner = &screen[(0, screen.area.height - 2)];
            assert_eq!([corner.fg, corner.bg], [ink, ground].map(|value| Color::Rgb(value, value, value)));
        }
    }
}

/// Without any colour the sides have their names, and what differs has its sign.
#[test]
fn the_sides_are_told_by_words_and_signs() {
    let plain = look(Theme::Dark, false, Colours::None);
    for lang in Lang::ALL {
        let slide = show::letters(&show::cells(&slides::at(lang, "uts").expect("a slide"), &plain, (80, 24)));
        let lesson = show::letters(&show::cells(&talks::named("done", lang).expect("a talk"), &plain, (80, 24)));
        for side in [Side::Outside, Side::Inside] {
            let name = match side {
                Side::Outside => lang.pick("OUTSIDE", "FORA"),
                _ => lang.pick("INSIDE", "DENTRO"),
            };
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
