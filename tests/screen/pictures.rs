//! Every screen as text, to be compared with how it looked when a person last looked at it.

use unha::course::text::Lang;
use unha::screen::{Colours, Glyphs, Theme, Wish};

use super::{show, talks};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn picture(name: &str, lang: Lang, size: (u16, u16)) {
    let talk = talks::named(name, lang).expect("a known talk");
    let (width, height) = size;
    insta::assert_snapshot!(format!("{name}-{lang}-{width}x{height}"), show::text(&talk, size));
}

fn pictures(name: &str) {
    for lang in Lang::ALL {
        for size in SIZES {
            picture(name, lang, size);
        }
    }
}

macro_rules! pictures {
    ($($name:ident)*) => { $(#[test] fn $name() { pictures(stringify!($name)); })* };
}

pictures! {
    agenda roots long_agenda ask ready doing done typing longest gauges resources ended failed refused refusing past
    offered recorded stray replayed
    help code calls glossary script leave rebuild notice waiting building
    by_hand lost ordering reached unmade
    hands voted revoted split strayed strays switches held instead details staged recall recalled reviewed
}

#[test]
fn the_smallest_screens() {
    for lang in Lang::ALL {
        for size in [(60, 18), (59, 18), (30, 5), (80, 17)] {
            picture("done", lang, size);
        }
    }
}

#[test]
fn fonts_without_the_glyphs() {
    let talk = talks::typing(Lang::PtBr);
    for (name, glyphs) in [("console", Glyphs::Console), ("ascii", Glyphs::Ascii)] {
        let look = show::look(Wish { glyphs: Some(glyphs), ..Wish::default() }, "xterm");
        insta::assert_snapshot!(name, show::letters(&show::cells(&talk, &look, (80, 24))));
    }
}

#[test]
fn no_side_is_told_by_its_colour_alone() {
    let talk = talks::typing(Lang::En);
    let plain = show::look(Wish { colours: Some(Colours::None), ..Wish::default() }, "xterm");
    let cells = show::cells(&talk, &plain, (80, 24));
    for cell in &cells.content {
        assert_eq!((cell.fg, cell.bg), (ratatui::style::Color::Reset, ratatui::style::Color::Reset));
    }
    // What is said is the same with and without colours.
    assert_eq!(show::letters(&cells), show::text(&talk, (80, 24)));
    let light = show::look(Wish { theme: Some(Theme::Light), ..Wish::default() }, "xterm");
    assert_eq!(show::letters(&show::cells(&talk, &light, (80, 24))), show::text(&talk, (80, 24)));
}
