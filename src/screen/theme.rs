//! How the screen looks: colours, weights and glyphs, chosen once from the terminal and the options.
//!
//! The colours are of the Okabe-Ito set, which every eye tells apart: outside is blue, inside is orange, and
//! no result is told by colour alone. The Linux console's fonts lack most of Unicode, so glyphs are swapped
//! by TERM: see `console_codes(4)`. `NO_COLOR` is honoured as no-color.org says.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

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

/// Which characters the terminal's font has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// All that we use.
    #[default]
    Unicode,
    /// Those of the Linux console.
    Console,
    /// Those of ASCII.
    Ascii,
}

/// What the person asked for by options; what is `None` is found out from the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Dark or light.
    pub theme: Option<Theme>,
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
    /// How many colours are used.
    pub colours: Colours,
}

impl Look {
    /// The look that fits the terminal which `env` describes; an explicit wish wins.
    pub fn from_env(wish: Wish, env: impl Fn(&str) -> Option<String>, sources: Sources) -> Self {
        let var = |name: &str| env(name).unwrap_or_default();
        let term = var("TERM");
        let colours = wish.colours.unwrap_or_else(|| {
            if !var("NO_COLOR").is_empty() || term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") {
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
        Self { glyphs, sources, theme, colours }
    }

    /// Plain text, in whatever colour the terminal gives it.
    #[must_use]
    pub fn text(&self) -> Style {
        Style::new()
    }

    /// What may be overlooked: labels, rules, what is not at hand.
    #[must_use]
    pub fn dim(&self) -> Style {
        match (self.colours, self.theme) {
            (Colours::Full, Theme::Dark) => Style::new().fg(Color::Rgb(0xA0, 0xA0, 0xA0)),
            (Colours::Full, Theme::Light) => Style::new().fg(Color::Rgb(0x5A, 0x5A, 0x5A)),
            (Colours::Indexed, Theme::Dark) => Style::new().fg(Color::Indexed(247)),
            (Colours::Indexed, Theme::Light) => Style::new().fg(Color::Indexed(240)),
            // A darker grey of the 16 is unreadable on a projector.
            (Colours::Sixteen | Colours::None, _) => Style::new(),
        }
    }

    /// The one thing that matters now.
    #[must_use]
    pub fn strong(&self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        match (self.colours, self.theme) {
            (Colours::Full, Theme::Dark) => bold.fg(Color::Rgb(0xFF, 0xFF, 0xFF)),
            (Colours::Full, Theme::Light) => bold.fg(Color::Rgb(0, 0, 0)),
            _ => bold,
        }
    }

    /// Words that name a side.
    #[must_use]
    pub fn side(&self, side: Side) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        self.hue(side).map_or(bold, |hue| bold.fg(hue))
    }

    /// Lines and bars of a side.
    #[must_use]
    pub fn edge(&self, side: Side) -> Style {
        self.hue(side).map_or(Style::new(), |hue| Style::new().fg(hue))
    }

    /// The bar over the shell that has the keyboard: it must be seen from the last row.
    #[must_use]
    pub fn bar(&self, side: Side) -> Style {
        let ink = match self.theme {
            Theme::Dark => Color::Black,
            Theme::Light => Color::White,
        };
        match self.hue(side) {
            Some(hue) => Style::new().fg(self.ink(ink)).bg(hue).add_modifier(Modifier::BOLD),
            None => self.chip(),
        }
    }

    /// The phase word and other lamps.
    #[must_use]
    pub fn chip(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// What is said where a mistake reaches the real machine: red, and told by its words.
    #[must_use]
    pub fn danger(&self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        match self.colours {
            Colours::Full => bold.fg(Color::Rgb(0xFF, 0xFF, 0xFF)).bg(Color::Rgb(0xB0, 0x00, 0x20)),
            Colours::Indexed => bold.fg(Color::Indexed(231)).bg(Color::Indexed(124)),
            Colours::Sixteen => bold.fg(Color::Red).add_modifier(Modifier::REVERSED),
            Colours::None => self.chip(),
        }
    }

    /// A passing word to the person.
    #[must_use]
    pub fn notice(&self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        match self.colours {
            Colours::Full => bold.fg(self.ink(Color::Black)).bg(Color::Rgb(0xF0, 0xE4, 0x42)),
            Colours::Indexed => bold.fg(self.ink(Color::Black)).bg(Color::Indexed(227)),
            Colours::Sixteen | Colours::None => self.chip(),
        }
    }

    /// Black and white of the palette are anything; the true ones are asked for where they can be had.
    const fn ink(&self, colour: Color) -> Color {
        match (self.colours, colour) {
            (Colours::Full, Color::Black) => Color::Rgb(0, 0, 0),
            (Colours::Full, Color::White) => Color::Rgb(0xFF, 0xFF, 0xFF),
            (Colours::Indexed, Color::Black) => Color::Indexed(16),
            (Colours::Indexed, Color::White) => Color::Indexed(231),
            _ => colour,
        }
    }

    const fn hue(&self, side: Side) -> Option<Color> {
        Some(match (side, self.colours, self.theme) {
            (_, Colours::None, _) | (Side::Machine, ..) => return None,
            (Side::Outside, Colours::Full, Theme::Dark) => Color::Rgb(0x56, 0xB4, 0xE9),
            (Side::Outside, Colours::Full, Theme::Light) => Color::Rgb(0x00, 0x72, 0xB2),
            (Side::Inside, Colours::Full, Theme::Dark) => Color::Rgb(0xE6, 0x9F, 0x00),
            (Side::Inside, Colours::Full, Theme::Light) => Color::Rgb(0xA0, 0x4F, 0x00),
            (Side::Outside, Colours::Indexed, Theme::Dark) => Color::Indexed(74),
            (Side::Outside, Colours::Indexed, Theme::Light) => Color::Indexed(25),
            (Side::Inside, Colours::Indexed, Theme::Dark) => Color::Indexed(178),
            (Side::Inside, Colours::Indexed, Theme::Light) => Color::Indexed(130),
            (Side::Outside, Colours::Sixteen, Theme::Dark) => Color::Cyan,
            (Side::Outside, Colours::Sixteen, Theme::Light) => Color::Blue,
            (Side::Inside, Colours::Sixteen, Theme::Dark) => Color::Yellow,
            // The dark yellow of most palettes cannot be read on white; their dark red is nearest to our brown.
            (Side::Inside, Colours::Sixteen, Theme::Light) => Color::Red,
        })
    }
}

/// The ground that COLORFGBG (`15;0`, `0;default;15`) tells of; dark where it says nothing.
fn ground(colorfgbg: &str) -> Theme {
    match colorfgbg.rsplit(';').next() {
        Some("7" | "15") => Theme::Light,
        _ => Theme::Dark,
    }
}

/// Swaps what the font lacks, in all cells, the shells' too. One cell stays one cell.
pub fn swap_glyphs(buffer: &mut Buffer, glyphs: Glyphs) {
    if glyphs == Glyphs::Unicode {
        return;
    }
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if symbol.is_ascii() {
            continue;
        }
        let Some(swapped) = symbol.chars().next().and_then(|c| swap(c, glyphs)) else { continue };
        cell.set_char(swapped);
    }
}

/// What stands for `c`; `None` where `c` itself will do.
fn swap(c: char, glyphs: Glyphs) -> Option<char> {
    // What the console's built-in font (code page 437) lacks.
    let console = match c {
        '▸' => '►',
        '◀' => '◄',
        '≠' => '#',
        '…' => '~',
        '▌' | '●' => '█',
        '✔' => 'x',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '–' | '—' => '-',
        _ => c,
    };
    if glyphs == Glyphs::Console {
        return (console != c).then_some(console);
    }
    Some(match console {
        '►' | '→' => '>',
        '◄' | '←' => '<',
        '↑' => '^',
        '↓' => 'v',
        '─' | '·' => '-',
        '═' => '=',
        '│' | '┃' => '|',
        '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => '+',
        '█' | '▀' | '▄' => '#',
        '░' => '.',
        other => plain(other),
    })
}

/// A letter without its accent.
fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'ì' | 'î' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'ü' => 'u',
        'ç' => 'c',
        'Á' | 'À' | 'Â' | 'Ã' => 'A',
        'É' | 'Ê' => 'E',
        'Í' => 'I',
        'Ó' | 'Ô' | 'Õ' => 'O',
        'Ú' => 'U',
        'Ç' => 'C',
        ascii if ascii.is_ascii() => ascii,
        _ => '?',
    }
}
