//! Asciicasts of recordings: each line is what the format says, and a terminal that is told it shows what the talk shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use serde_json::Value;
use unha::course::tape::{self, Reel, Tape};
use unha::course::text::Lang;
use unha::kernel::container;
use unha::screen::{self, Colours, Look, Theme, Wish};

use super::file;
use super::tape::{Stage, picture};

/// A whole talk in a folder of its own.
fn talk() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("talk.jsonl");
    fs::write(&file, Stage::give().file()).unwrap();
    (folder, file)
}

fn unha(file: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unha"))
        .args(["--lang", "en", "replay"])
        .arg(file)
        .args(words)
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .output()
        .unwrap()
}

/// The header, and the events: milliseconds and what the terminal is told.
fn cast(file: &Path, words: &[&str]) -> (Value, Vec<(u64, String)>) {
    let output = unha(file, &[&["--cast"], words].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.is_empty(), "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    let events = lines.map(|event| {
        let event = event.as_array().unwrap();
        assert_eq!((event.len(), event[1].as_str()), (3, Some("o")));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time in milliseconds")]
        let t = (event[0].as_f64().unwrap() * 1000.0).round() as u64;
        (t, event[2].as_str().unwrap().to_owned())
    });
    (header, events.collect())
}

fn look(theme: Theme) -> Look {
    let wish = Wish { theme: Some(theme), colours: Some(Colours::Full), ..Wish::default() };
    Look::from_env(wish, |_| None, container::source)
}

fn colour(of: Color, plain: Color) -> vt100::Color {
    match if of == Color::Reset { plain } else { of } {
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        Color::Black => vt100::Color::Idx(0),
        Color::Indexed(index) => vt100::Color::Idx(index),
        other => panic!("no colour of a theme: {other:?}"),
    }
}

/// Whether a terminal's cell is the one that was drawn.
fn same(shown: &vt100::Cell, drawn: &Cell, (ink, ground): (Color, Color)) -> bool {
    let letter = if shown.has_contents() { shown.contents() } else { " " };
    let modified = |modifier| drawn.modifier.contains(modifier);
    letter == drawn.symbol()
        && (shown.fgcolor(), shown.bgcolor()) == (colour(drawn.fg, ink), colour(drawn.bg, ground))
        && (shown.bold(), shown.inverse()) == (modified(Modifier::BOLD), modified(Modifier::REVERSED))
}

fn assert_same(screen: &vt100::Screen, drawn: &Buffer, paper: (Color, Color), t: u64) {
    for y in 0..drawn.area.height {
        for x in 0..drawn.area.width {
            let (shown, drawn) = (screen.cell(y, x).unwrap(), &drawn[(x, y)]);
            assert!(same(shown, drawn, paper), "at {t} ms, {x}, {y}: {shown:?} for {drawn:?}\n{}", screen.contents());
        }
    }
}

/// Plays a cast in a terminal and the recording beside it, and compares them at each picture.
fn follows(tape: &Tape, events: &[(u64, String)], size: (u16, u16), theme: Theme, paper: (Color, Color)) {
    let mut terminal = vt100::Parser::new(size.1, size.0, 0);
    let mut reel = Reel::new(tape);
    reel.fit(size, screen::shell_sizes(size, &reel.talk));
    let first = tape.moments[0].t;
    let mut pages = 0;
    for (t, told) in events {
        terminal.process(told.as_bytes());
        // The last event gives the cursor back when the time is over.
        reel.play_until(t + first);
        let drawn = picture(&reel.talk, size, &look(theme));
        assert_same(terminal.screen(), &drawn, paper, *t);
        let words = terminal.screen().contents();
        assert!(words.contains("RECORDED") || words.contains("GRAVADO"), "at {t} ms: {words}");
        pages += 1;
    }
    assert!(reel.due().is_none() && pages > 10, "{pages} pictures, and {:?} is left", reel.due());
    assert!(!terminal.screen().hide_cursor());
}

const DARK: (Color, Color) = (Color::Rgb(0xDC, 0xDC, 0xDC), Color::Rgb(0x12, 0x12, 0x12));
const LIGHT: (Color, Color) = (Color::Rgb(0x20, 0x20, 0x20), Color::Rgb(0xFF, 0xFF, 0xFF));

#[test]
fn a_terminal_shows_what_the_talk_shows_at_every_picture() {
    let (_folder, talk) = talk();
    let lesson = file("uts", Lang::En);
    for (file, words, size, theme, paper) in [
        (&lesson, &[][..], (80, 24), Theme::Dark, DARK),
        (&lesson, &["--size", "120x30", "--theme", "light"], (120, 30), Theme::Light, LIGHT),
        (&talk, &[], (80, 24), Theme::Dark, DARK),
        (&talk, &["--size", "200x60"], (200, 60), Theme::Dark, DARK),
    ] {
        let tape = tape::read(&fs::read(file).unwrap()).unwrap();
        let (header, events) = cast(file, words);
        assert_eq!(header["version"], 2);
        assert_eq!((header["width"].as_u64(), header["height"].as_u64()), (Some(size.0.into()), Some(size.1.into())));
        assert!(header["title"].as_str().unwrap().contains("2026-11-2"), "{header}");
        assert_eq!(header["timestamp"].as_u64(), tape.began);
        let apart = events.windows(2).rev().skip(1).map(|pair| pair[1].0 - pair[0].0).min();
        assert!(apart >= Some(50), "{apart:?} ms between two pictures");
        follows(&tape, &events, size, theme, paper);
        assert_eq!(events, cast(file, words).1, "the same recording, the same cast");
    }
}

#[test]
fn speed_and_pauses_are_those_that_were_asked_for() {
    let file = file("uts", Lang::En);
    let (header, events) = cast(&file, &["--speed", "2", "--idle-limit", "3"]);
    let (plain, slow) = cast(&file, &[]);
    assert_eq!((header["idle_time_limit"].as_u64(), plain.get("idle_time_limit")), (Some(3), None));
    let last = |events: &[(u64, String)]| events.last().unwrap().0;
    assert_eq!(last(&events), last(&slow) / 2);
}

#[test]
fn a_cast_in_the_colours_of_the_terminal_names_none_of_its_own() {
    let file = file("uts", Lang::En);
    for (theme, coloured) in [("16", true), ("none", false)] {
        let (_, events) = cast(&file, &["--theme", theme]);
        let told: String = events.into_iter().map(|(_, told)| told).collect();
        assert!(!told.contains("38;2;") && !told.contains("48;2;"));
        assert_eq!(told.contains("\x1b[38;5;"), coloured, "{theme}");
    }
}

#[test]
fn what_cannot_be_a_cast_is_said() {
    let file = file("uts", Lang::En);
    for (words, wanted) in [
        (&["--cast", "--size", "20x10"][..], "60x18 to 500x200"),
        (&["--cast", "--size", "big"], "such as 80x24"),
        (&["--cast", "--idle-limit", "0"], "seconds from 1 up"),
        (&["--size", "80x24"], "--cast"),
    ] {
        let output = unha(&file, words);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(wanted), "{words:?}: {said}");
    }
}
