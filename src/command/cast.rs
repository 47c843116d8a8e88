//! `unha replay FILE --cast`: a recording as an asciicast, version 2, which asciinema(1) plays.
//!
//! The real screen, drawn as ratatui draws it on a terminal: each picture is written as what differs from the one before.
//! No terminal is needed, and the same recording always gives the same file.

use std::io::{self, BufWriter, Write};

use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};
use ratatui::buffer::Buffer;
use ratatui::style::Color;
use serde_json::json;

use super::learn::wish;
use super::replay;
use crate::course::tape::{Opening, Reel, Tape};
use crate::course::text::Lang;
use crate::kernel::container;
use crate::screen::{self, Colours, Look, Theme};

/// No more pictures than one in so many milliseconds: a flood is not what a cast is looked at for.
const FRAME: u64 = 50;

/// Before the first picture: an empty screen without a cursor.
const CLEAR: &str = "\x1b[m\x1b[2J\x1b[H\x1b[?25l";

/// The colours of plain text and of what it stands on: a cast does not know the screen that it will be played on.
type Paper = (Color, Color);

/// The paper of a theme; with fewer colours it is the player's own.
const fn paper(theme: Theme) -> Paper {
    match theme {
        Theme::Dark => (Color::Rgb(0xDC, 0xDC, 0xDC), Color::Rgb(0x12, 0x12, 0x12)),
        Theme::Light => (Color::Rgb(0x20, 0x20, 0x20), Color::Rgb(0xFF, 0xFF, 0xFF)),
    }
}

/// What the command line chose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Columns and rows; else those of the recorded screen.
    pub size: Option<(u16, u16)>,
    /// No pause is longer than this when it is played, in seconds.
    pub idle: Option<u32>,
}

/// Prints a recording as an asciicast on stdout.
pub fn print(tape: &Tape, choice: &Choice, of: &replay::Choice, lang: Lang) -> anyhow::Result<()> {
    // By itself the cast is the same whoever exports it, on whatever terminal.
    let mut wish = wish(of.theme.as_deref())?;
    let theme = *wish.theme.get_or_insert(Theme::Dark);
    let paper = (*wish.colours.get_or_insert(Colours::Full) == Colours::Full).then(|| paper(theme));
    crossterm::style::force_color_output(true);
    let look = Look::from_env(wish, |_| None, container::source);
    let size = choice.size.unwrap_or_else(|| tape.opening.talk().size);
    let size = (size.0.max(screen::SMALLEST.0), size.1.max(screen::SMALLEST.1));
    let mut out = BufWriter::new(io::stdout().lock());
    let done = header(&mut out, tape, size, choice.idle, lang)
        .and_then(|()| Cast::new(tape, size, look, paper, of.speed).write(&mut out))
        .and_then(|()| out.flush());
    match done {
        // A reader that has seen enough, such as head, is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

fn header(out: &mut impl Write, tape: &Tape, size: (u16, u16), idle: Option<u32>, lang: Lang) -> io::Result<()> {
    let recorded = lang.pick("recorded", "gravação de");
    let of = match &tape.opening {
        Opening::Lesson(lesson, _) => lesson.title.get(lang),
        Opening::Talk(..) => lang.pick("Linux containers by hand", "Linux contêineres na unha"),
    };
    let made = &tape.made;
    let title = format!("unha: {of} ({recorded} {}, Linux {})", made.date, made.kernel);
    let mut header = json!({
        "version": 2,
        "width": size.0,
        "height": size.1,
        "title": title,
        "env": { "TERM": "xterm-256color" },
    });
    if let Some(began) = tape.began {
        header["timestamp"] = json!(began);
    }
    if let Some(idle) = idle {
        header["idle_time_limit"] = json!(idle);
    }
    writeln!(out, "{header}")
}

/// A cast that is being written.
struct Cast<'a> {
    tape: &'a Tape,
    reel: Reel<'a>,
    look: Look,
    paper: Option<Paper>,
    /// In percent.
    speed: u64,
    canvas: Terminal<TestBackend>,
    /// What is seen so far.
    seen: Buffer,
}

impl<'a> Cast<'a> {
    fn new(tape: &'a Tape, size: (u16, u16), look: Look, paper: Option<Paper>, speed: u32) -> Self {
        let mut reel = Reel::new(tape);
        reel.fit(size, screen::shell_sizes(size, &reel.talk));
        let canvas = never_fails(Terminal::new(TestBackend::new(size.0, size.1)));
        let seen = canvas.backend().buffer().clone();
        Self { tape, reel, look, paper, speed: speed.into(), canvas, seen }
    }

    fn write(mut self, out: &mut impl Write) -> io::Result<()> {
        let first = self.tape.moments.first().map_or(0, |moment| moment.t);
        let mut lead = CLEAR;
        let (mut earliest, mut last) = (first, first);
        while let Some(due) = self.reel.due() {
            let t = due.max(earliest);
            self.reel.play_until(t);
            let picture = self.picture()?;
            if !picture.is_empty() {
                event(out, (t - first) * 100 / self.speed, &format!("{lead}{picture}"))?;
                lead = "";
                last = t;
                earliest = t + FRAME * self.speed / 100;
            }
        }
        // The last picture stays until its time is over, and then the cursor is given back below it.
        let rows = self.seen.area.height;
        let length = self.tape.length().max(last - first);
        event(out, length * 100 / self.speed, &format!("\x1b[m\x1b[{rows};1H\x1b[?25h"))
    }

    /// What a terminal is told, so that what it shows becomes the talk as it is now.
    fn picture(&mut self) -> io::Result<String> {
        let (talk, look) = (&self.reel.talk, &self.look);
        never_fails(self.canvas.draw(|frame| screen::draw(frame, talk, look)));
        let mut now = self.canvas.backend().buffer().clone();
        if let Some((ink, ground)) = self.paper {
            for cell in &mut now.content {
                let or = |colour, other| if colour == Color::Reset { other } else { colour };
                (cell.fg, cell.bg) = (or(cell.fg, ink), or(cell.bg, ground));
            }
        }
        let differs = self.seen.diff(&now);
        if differs.is_empty() {
            return Ok(String::new());
        }
        let mut bytes = vec![];
        CrosstermBackend::new(&mut bytes).draw(differs.into_iter())?;
        self.seen = now;
        String::from_utf8(bytes).map_err(io::Error::other)
    }
}

/// What is drawn into memory cannot fail.
fn never_fails<T>(drawn: Result<T, std::convert::Infallible>) -> T {
    match drawn {
        Ok(drawn) => drawn,
        Err(never) => match never {},
    }
}

/// One event: so many milliseconds after the start the terminal is told this.
fn event(out: &mut impl Write, t: u64, told: &str) -> io::Result<()> {
    writeln!(out, "[{}.{:03},\"o\",{}]", t / 1000, t % 1000, json!(told))
}
