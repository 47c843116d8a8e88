//! Draws a talk and gives it as text or as an ANSI stream.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use unha::course::talk::Talk;
use unha::screen::{Look, Wish, draw};

pub fn look(wish: Wish, term: &str) -> Look {
    let term = term.to_owned();
    let env = move |name: &str| match name {
        "TERM" => Some(term.clone()),
        "COLORTERM" => Some("truecolor".into()),
        _ => None,
    };
    Look::from_env(wish, env, super::talks::sources)
}

pub fn cells(talk: &Talk, look: &Look, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("no input or output");
    terminal.draw(|frame| draw(frame, talk, look)).expect("no input or output");
    terminal.backend().buffer().clone()
}

/// The screen's letters, blanks at line ends left out.
pub fn text(talk: &Talk, size: (u16, u16)) -> String {
    letters(&cells(talk, &look(Wish::default(), "xterm-256color"), size))
}

/// The letters in the cells, blanks at line ends left out.
pub fn letters(buffer: &Buffer) -> String {
    let rows = (0..buffer.area.height).map(|y| {
        let row: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        row.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// The screen as a terminal would be sent it.
pub fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        if y > 0 {
            out.push_str("\r\n");
        }
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            out.push_str("\x1b[0");
            for (modifier, code) in [(Modifier::BOLD, ";1"), (Modifier::DIM, ";2"), (Modifier::REVERSED, ";7")] {
                if cell.modifier.contains(modifier) {
                    out.push_str(code);
                }
            }
            colour(&mut out, cell.fg, 30);
            colour(&mut out, cell.bg, 40);
            out.push('m');
            out.push_str(cell.symbol());
        }
    }
    out
}

fn colour(out: &mut String, colour: Color, base: u8) {
    use std::fmt::Write as _;
    match colour {
        Color::Rgb(r, g, b) => write!(out, ";{};2;{r};{g};{b}", base + 8),
        Color::Indexed(index) => write!(out, ";{};5;{index}", base + 8),
        Color::Black => write!(out, ";{base}"),
        Color::Green => write!(out, ";{}", base + 2),
        Color::Red => write!(out, ";{}", base + 1),
        Color::Yellow => write!(out, ";{}", base + 3),
        Color::Blue => write!(out, ";{}", base + 4),
        Color::Cyan => write!(out, ";{}", base + 6),
        Color::LightGreen => write!(out, ";{}", base + 62),
        Color::LightYellow => write!(out, ";{}", base + 63),
        Color::LightCyan => write!(out, ";{}", base + 66),
        Color::White => write!(out, ";{}", base + 67),
        _ => Ok(()),
    }
    .expect("a string takes all");
}

/// Not a test: what one frame costs. `cargo test --release --test screen cost -- --ignored --nocapture`
#[test]
#[ignore = "measures, and judges nothing"]
fn cost() {
    let look = look(Wish::default(), "xterm-256color");
    for name in ["agenda", "done", "gauges", "code", "calls"] {
        let talk = super::talks::named(name, unha::course::text::Lang::PtBr).expect("a known talk");
        for size in [(80, 24), (200, 60)] {
            let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("no input or output");
            let begun = std::time::Instant::now();
            for _ in 0..200 {
                terminal.draw(|frame| draw(frame, &talk, &look)).expect("no input or output");
            }
            println!("{name} {size:?}: {:?} a frame", begun.elapsed() / 200);
        }
    }
}

/// Not a test: writes every slide as ANSI into the folder SHOT_OUT.
#[test]
#[ignore = "draws pictures for a person to look at"]
fn all_slides() {
    let lang = var("SHOT_LANG", "pt-BR").parse().expect("a language");
    let folder = std::path::PathBuf::from(var("SHOT_OUT", "/tmp"));
    for number in 1.. {
        let Some(talk) = super::slides::at(lang, &number.to_string()) else { break };
        let stream = ansi(&cells(&talk, &look(wish(), "xterm-256color"), size()));
        std::fs::write(folder.join(format!("{number:02}.ansi")), stream).expect("written");
    }
}

/// Not a test: writes the frame that SHOT names as ANSI, to be looked at as a picture.
/// `SHOT=done SHOT_SIZE=80x24 SHOT_LANG=pt-BR SHOT_THEME=dark SHOT_OUT=f cargo test --test screen shot -- --ignored`
#[test]
#[ignore = "draws a picture for a person to look at"]
fn shot() {
    let lang = var("SHOT_LANG", "pt-BR").parse().expect("a language");
    let talk = super::talks::named(&var("SHOT", "done"), lang).expect("a known talk");
    let stream = ansi(&cells(&talk, &look(wish(), "xterm-256color"), size()));
    std::fs::write(var("SHOT_OUT", "/dev/stdout"), stream).expect("written");
}

fn var(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.into())
}

fn size() -> (u16, u16) {
    let size = var("SHOT_SIZE", "80x24");
    let (width, height) = size.split_once('x').expect("COLUMNSxROWS");
    (width.parse().expect("columns"), height.parse().expect("rows"))
}

fn wish() -> Wish {
    use unha::screen::{Colours, Glyphs, Theme};
    match var("SHOT_THEME", "dark").as_str() {
        "light" => Wish { theme: Some(Theme::Light), ..Wish::default() },
        "contrast" => Wish { contrast: true, ..Wish::default() },
        "none" => Wish { colours: Some(Colours::None), ..Wish::default() },
        "sixteen" => Wish { colours: Some(Colours::Sixteen), ..Wish::default() },
        "ascii" => Wish { glyphs: Some(Glyphs::Ascii), ..Wish::default() },
        "console" => Wish { glyphs: Some(Glyphs::Console), colours: Some(Colours::Sixteen), ..Wish::default() },
        _ => Wish::default(),
    }
}
