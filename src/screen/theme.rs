//! How the screen looks: colours, weights and glyphs, chosen once from the terminal and the options.
//!
//! Outside is blue, inside is orange, colours that every eye tells apart ([`palette`]), and no result is told by colour
//! alone. What a font lacks is swapped ([`glyphs`]). `NO_COLOR` is honoured as no-color.org says: what a person asks
//! for by an option wins over it.

mod glyphs;
mod palette;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

pub use self::glyphs::{Glyphs, swap_glyphs};
use self::palette::Palette;
use crate::course::Side;

/// Whether the terminal's ground is dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light letters on a dark ground.
    #[default]
    Dark,
    /// Dark letters on a light ground.
    Light,
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// 24 bits.
    #[default]
    Full,
    /// The 256 of xterm.
    Indexed,
    /// The 16 of the console.
    Sixteen,
    /// None: weight and reversal alone.
    None,
}

/// What the person asked for by options; what is `None` is found out from the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Dark or light.
    pub theme: Option<Theme>,
    /// Whether colours must be as strong as can be, on pure black, or on white where the terminal's ground is light.
    pub contrast: bool,
    /// How many colours.
    pub colours: Option<Colours>,
    /// Which characters.
    pub glyphs: Option<Glyphs>,
}

/// Finds the text of a source file by the name that a lesson gives it, such as `uts.rs`.
pub type Sources = fn(&str) -> Option<&'static str>;

/// All that the drawing needs to know besides the talk.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Which characters may be used.
    pub glyphs: Glyphs,
    /// The source files that are shown.
    pub sources: Sources,
    theme: Theme,
    contrast: bool,
    /// Whether the ground is ours: who asks for a light screen on a dark terminal gets one.
    paints: bool,
    /// How many colours are used.
    pub colours: Colours,
}

impl Look {
    /// The look that fits the terminal which `env` describes; an explicit wish wins.
    pub fn from_env(wish: Wish, env: impl Fn(&str) -> Option<String>, sources: Sources) -> Self {
        let var = |name: &str| env(name).unwrap_or_default();
        let term = var("TERM");
        let asked = wish.theme.is_some() || wish.contrast;
        let colours = wish.colours.unwrap_or_else(|| {
            let refused = !asked && !var("NO_COLOR").is_empty();
            if refused || term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") {
                Colours::None
            } else if matches!(var("COLORTERM").as_str(), "truecolor" | "24bit") || term.contains("direct") {
                Colours::Full
            } else if term.contains("256color") {
                Colours::Indexed
            } else {
                Colours::Sixteen
            }
        });
        let theme = wish.theme.unwrap_or_else(|| ground(&var("COLORFGBG")));
        let glyphs = wish.glyphs.unwrap_or_else(|| match term.as_str() {
            "linux" => Glyphs::Console,
            term if term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") => Glyphs::Ascii,
            _ => Glyphs::Unicode,
        });
        Self { glyphs, sources, theme, contrast: wish.contrast, paints: asked, colours }
    }

    /// The colours, if there are any.
    const fn palette(&self) -> Option<&'static Palette> {
        palette::of(self.colours, self.theme, self.contrast)
    }

    /// Plain text, in whatever colour the terminal gives it, or that of the ground.
    #[must_use]
    pub fn text(&self) -> Style {
        Style::new()
    }

    /// What may be overlooked: labels, rules, what is not at hand.
    #[must_use]
    pub fn dim(&self) -> Style {
        inked(Style::new(), self.palette().and_then(|palette| palette.dim))
    }

    /// The one thing that matters now.
    #[must_use]
    pub fn strong(&self) -> Style {
        inked(BOLD, self.palette().and_then(|palette| palette.strong))
    }

    /// Commands, years, what a drawing is about: beside text, and of neither side.
    #[must_use]
    pub fn accent(&self) -> Style {
        inked(BOLD, self.palette().and_then(|palette| palette.accent))
    }

    /// Whether there are colours at all.
    #[must_use]
    pub const fn has_colours(&self) -> bool {
        !matches!(self.colours, Colours::None)
    }

    /// Words that name a side.
    #[must_use]
    pub fn side(&self, side: Side) -> Style {
        inked(BOLD, self.hue(side))
    }

    /// Lines and bars of a side.
    #[must_use]
    pub fn edge(&self, side: Side) -> Style {
        inked(if self.contrast { BOLD } else { Style::new() }, self.hue(side))
    }

    /// The bar over the shell that has the keyboard: it must be seen from the last row.
    #[must_use]
    pub fn bar(&self, side: Side) -> Style {
        match (self.palette(), self.hue(side)) {
            (Some(palette), Some(hue)) => BOLD.fg(palette.on_bar).bg(hue),
            _ => self.chip(),
        }
    }

    /// The phase word and other lamps.
    #[must_use]
    pub fn chip(&self) -> Style {
        BOLD.add_modifier(Modifier::REVERSED)
    }

    /// What is said where a mistake reaches the real machine: red, and told by its words.
    #[must_use]
    pub fn danger(&self) -> Style {
        match self.colours {
            Colours::Full => BOLD.fg(Color::Rgb(0xFF, 0xFF, 0xFF)).bg(Color::Rgb(0xB0, 0x00, 0x20)),
            Colours::Indexed => BOLD.fg(Color::Indexed(231)).bg(Color::Indexed(124)),
            Colours::Sixteen => BOLD.fg(Color::Red).add_modifier(Modifier::REVERSED),
            Colours::None => self.chip(),
        }
    }

    /// A passing word to the person.
    #[must_use]
    pub fn notice(&self) -> Style {
        match self.colours {
            Colours::Full => BOLD.fg(Color::Rgb(0, 0, 0)).bg(Color::Rgb(0xF0, 0xE4, 0x42)),
            Colours::Indexed => BOLD.fg(Color::Indexed(16)).bg(Color::Indexed(227)),
            Colours::Sixteen | Colours::None => self.chip(),
        }
    }

    fn hue(&self, side: Side) -> Option<Color> {
        let palette = self.palette()?;
        match side {
            Side::Outside => Some(palette.outside),
            Side::Inside => Some(palette.inside),
            Side::Machine => None,
        }
    }
}

const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);

/// A style in a colour, if there is one.
const fn inked(style: Style, ink: Option<Color>) -> Style {
    match ink {
        Some(ink) => style.fg(ink),
        None => style,
    }
}

/// Paints the ground, where it is ours, below all cells, the shells' too; in high contrast nothing on it is dim.
pub fn paint_ground(buffer: &mut Buffer, look: &Look) {
    let Some(palette) = look.palette().filter(|_| look.paints) else { return };
    let (ground, ink) = palette.ground;
    for cell in &mut buffer.content {
        if cell.fg == Color::Reset {
            cell.fg = ink;
        }
        if cell.bg == Color::Reset {
            cell.bg = ground;
        }
        if look.contrast {
            cell.modifier.remove(Modifier::DIM);
        }
    }
}

/// The ground that COLORFGBG (`15;0`, `0;default;15`) tells of; dark where it says nothing.
fn ground(colorfgbg: &str) -> Theme {
    match colorfgbg.rsplit(';').next() {
        Some("7" | "15") => Theme::Light,
        _ => Theme::Dark,
    }
}
