//! How far an import is: a bar that is drawn over itself on a terminal, and nothing where there is none: there a line
//! says that it begins, and one that it is done.
//!
//! It is of plain letters and without colour, so that it is the same in every locale and with `NO_COLOR`.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::command::words;
use crate::course::text::Lang;
use crate::image::archive::bytes;
use crate::image::unpack::Progress;

/// How often it is drawn at most.
const FRAME: Duration = Duration::from_millis(100);

/// How wide the bar itself is.
const WIDTH: u64 = 24;

/// A rate is one only after so long.
const MEASURED: Duration = Duration::from_millis(500);

pub(super) struct Bar {
    /// What is being imported.
    pub name: String,
    lang: Lang,
    terminal: bool,
    began: Instant,
    drawn: Option<Instant>,
    last: Progress,
}

impl Bar {
    pub(super) fn new(lang: Lang, terminal: bool) -> Self {
        let last = Progress::default();
        Self { name: String::new(), lang, terminal, began: Instant::now(), drawn: None, last }
    }

    /// Draws it, if it is time.
    pub(super) fn draw(&mut self, so: &Progress) {
        self.last = *so;
        if self.terminal && self.drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME) {
            self.drawn = Some(Instant::now());
            self.put();
        }
    }

    /// All is unpacked.
    pub(super) fn done(&mut self) {
        if let Some(total) = self.last.total {
            self.last.read = total;
        }
        if self.terminal {
            self.put();
        }
        self.end();
    }

    /// Nothing more is drawn.
    pub(super) fn end(&mut self) {
        if self.terminal && self.drawn.take().is_some() {
            eprintln!();
        }
    }

    fn put(&mut self) {
        let (columns, _) = crossterm::terminal::size().unwrap_or((80, 24));
        let line = text(&self.name, &self.last, self.began.elapsed(), self.lang);
        let line: String = line.chars().take(usize::from(columns.saturating_sub(1))).collect();
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "\r{line}\x1b[K");
        let _ = stderr.flush();
        self.drawn = Some(Instant::now());
    }
}

/// One line of it: `debian  [######..................]  25 %  30.1 MB of 120.4 MB, 2311 entries, 58.0 MB/s`.
fn text(name: &str, so: &Progress, time: Duration, lang: Lang) -> String {
    let mut parts = vec![name.to_owned()];
    if let Some(total) = so.total {
        let full = (so.read.min(total) * WIDTH).checked_div(total).unwrap_or(WIDTH);
        let [full, rest] = [("#", full), (".", WIDTH - full)]
            .map(|(sign, count)| sign.repeat(usize::try_from(count).unwrap_or_default()));
        parts.push(format!("[{full}{rest}]"));
        parts.push(format!("{:3} %", (so.read.min(total) * 100).checked_div(total).unwrap_or(100)));
    }
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    let per_second = words::amount(&bytes(so.read.saturating_mul(1000) / millis), lang);
    let rate = if time < MEASURED { String::new() } else { format!(", {per_second}/s") };
    let of = so
        .total
        .map_or_else(String::new, |total| format!(" {} {}", lang.pick("of", "de"), words::amount(&bytes(total), lang)));
    let read = words::amount(&bytes(so.read), lang);
    parts.push(format!("{read}{of}, {}{rate}", words::entries(so.entries, lang)));
    parts.join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is() {
        let so = Progress { read: 30_100_000, total: Some(120_400_000), entries: 2311 };
        let second = Duration::from_millis(500);
        assert_eq!(
            text("debian", &so, second, Lang::En),
            "debian  [######..................]   25 %  30.1 MB of 120.4 MB, 2311 entries, 60.2 MB/s"
        );
        assert_eq!(
            text("debian", &so, second, Lang::PtBr),
            "debian  [######..................]   25 %  30,1 MB de 120,4 MB, 2311 entradas, 60,2 MB/s"
        );
        let folder = Progress { read: 5, total: None, entries: 1 };
        assert_eq!(text("a", &folder, Duration::ZERO, Lang::En), "a  5 bytes, 1 entry");
        for so in [Progress { read: 1, total: Some(0), entries: 0 }, Progress { read: 9, total: Some(3), entries: 0 }] {
            assert!(text("a", &so, Duration::ZERO, Lang::En).contains("100 %"));
        }
    }
}
