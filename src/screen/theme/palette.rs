//! The colours themselves, by how many a terminal has, its ground, and whether they must be as strong as can be.
//!
//! Those of dark and light are of the Okabe-Ito set; letters stand off the ground by 4.5 to 1 at least, in high
//! contrast by 7 to 1, as WCAG 2 counts it (1.4.3, 1.4.6).

use ratatui::style::Color::{self, Indexed, Rgb};

use super::{Colours, Theme};

/// The colours of one look; `None` is that of plain letters.
#[derive(Debug)]
pub struct Palette {
    /// The ground and the plain letters on it, where they are not the terminal's own.
    pub ground: (Color, Color),
    /// What matters most; always bold.
    pub strong: Option<Color>,
    /// What may be overlooked.
    pub dim: Option<Color>,
    /// Commands, years, what a drawing is about.
    pub accent: Option<Color>,
    /// Words and lines of the outside.
    pub outside: Color,
    /// Words and lines of the inside.
    pub inside: Color,
    /// Letters on a bar of a side's colour.
    pub on_bar: Color,
}

const BLACK: Color = Rgb(0, 0, 0);
const WHITE: Color = Rgb(0xFF, 0xFF, 0xFF);
/// Black and white of the palette's first 16 are anything; these are fixed.
const BLACK_256: Color = Indexed(16);
const WHITE_256: Color = Indexed(231);

/// The four looks that a terminal with so many colours can have.
struct Looks {
    dark: Palette,
    light: Palette,
    /// High contrast on a ground of our own.
    black: Palette,
    white: Palette,
}

/// The colours; none where there are none.
pub const fn of(colours: Colours, theme: Theme, contrast: bool) -> Option<&'static Palette> {
    let looks = match colours {
        Colours::None => return None,
        Colours::Full => &FULL,
        Colours::Indexed => &INDEXED,
        Colours::Sixteen => &SIXTEEN,
    };
    Some(match (theme, contrast) {
        (Theme::Dark, false) => &looks.dark,
        (Theme::Light, false) => &looks.light,
        (Theme::Dark, true) => &looks.black,
        (Theme::Light, true) => &looks.white,
    })
}

static FULL: Looks = Looks {
    dark: Palette {
        ground: (Rgb(0x12, 0x12, 0x12), Rgb(0xE4, 0xE4, 0xE4)),
        strong: Some(WHITE),
        dim: Some(Rgb(0xA0, 0xA0, 0xA0)),
        accent: Some(Rgb(0x35, 0xD0, 0xA5)),
        outside: Rgb(0x56, 0xB4, 0xE9),
        inside: Rgb(0xE6, 0x9F, 0x00),
        on_bar: BLACK,
    },
    light: Palette {
        ground: (WHITE, Rgb(0x20, 0x20, 0x20)),
        strong: Some(BLACK),
        dim: Some(Rgb(0x5A, 0x5A, 0x5A)),
        accent: Some(Rgb(0x00, 0x6B, 0x4E)),
        outside: Rgb(0x00, 0x72, 0xB2),
        inside: Rgb(0xA0, 0x4F, 0x00),
        on_bar: WHITE,
    },
    black: Palette {
        ground: (BLACK, WHITE),
        strong: None,
        dim: None,
        accent: Some(Rgb(0x5C, 0xFF, 0x9D)),
        outside: Rgb(0x4D, 0xD2, 0xFF),
        inside: Rgb(0xFF, 0xC2, 0x00),
        on_bar: BLACK,
    },
    white: Palette {
        ground: (WHITE, BLACK),
        strong: None,
        dim: None,
        accent: Some(Rgb(0x00, 0x54, 0x36)),
        outside: Rgb(0x00, 0x3F, 0x9E),
        inside: Rgb(0x80, 0x2B, 0x00),
        on_bar: WHITE,
    },
};

static INDEXED: Looks = Looks {
    dark: Palette {
        ground: (Indexed(233), Indexed(254)),
        strong: None,
        dim: Some(Indexed(247)),
        accent: Some(Indexed(79)),
        outside: Indexed(74),
        inside: Indexed(178),
        on_bar: BLACK_256,
    },
    light: Palette {
        ground: (WHITE_256, Indexed(235)),
        strong: None,
        dim: Some(Indexed(240)),
        accent: Some(Indexed(23)),
        outside: Indexed(25),
        inside: Indexed(130),
        on_bar: WHITE_256,
    },
    black: Palette {
        ground: (BLACK_256, WHITE_256),
        strong: None,
        dim: None,
        accent: Some(Indexed(84)),
        outside: Indexed(81),
        inside: Indexed(220),
        on_bar: BLACK_256,
    },
    white: Palette {
        ground: (WHITE_256, BLACK_256),
        strong: None,
        dim: None,
        accent: Some(Indexed(22)),
        outside: Indexed(18),
        inside: Indexed(88),
        on_bar: WHITE_256,
    },
};

// A darker grey of the 16 is unreadable on a projector, so nothing is dim. The dark yellow of most palettes cannot be
// read on white; their dark red is nearest to our brown.
static SIXTEEN: Looks = Looks {
    dark: Palette {
        ground: (Color::Black, Color::Gray),
        strong: None,
        dim: None,
        accent: Some(Color::Green),
        outside: Color::Cyan,
        inside: Color::Yellow,
        on_bar: Color::Black,
    },
    light: Palette {
        ground: (Color::White, Color::Black),
        strong: None,
        dim: None,
        accent: None,
        outside: Color::Blue,
        inside: Color::Red,
        on_bar: Color::White,
    },
    black: Palette {
        ground: (Color::Black, Color::White),
        strong: None,
        dim: None,
        accent: Some(Color::LightGreen),
        outside: Color::LightCyan,
        inside: Color::LightYellow,
        on_bar: Color::Black,
    },
    white: Palette {
        ground: (Color::White, Color::Black),
        strong: None,
        dim: None,
        accent: None,
        outside: Color::Blue,
        inside: Color::Red,
        on_bar: Color::White,
    },
};
