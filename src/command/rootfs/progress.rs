//! How far an import is: a bar that is drawn over itself on a terminal, and a line for each tenth where there is none.
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

/// Without a total: a line for so many entries.
const ENTRIES: u64 = 2000;

pub(super) struct Bar {
    /// What is being imported.
    pub name: String,
    lang: Lang,
    terminal: bool,
    began: Instant,
    drawn: Option<Instant>,
    /// The tenths, or thousands, that a line has said.
    told: u64,
    last: Progress,
}

impl Bar {
    pub(super) fn new(lang: Lang, terminal: bool) -> Self {
        let last = Progress::default();
        Self { name: String::new(), lang, terminal, began: Instant::now(), drawn: None, told: 0, last }
    }

    /// Draws it, if it is time.
    pub(super) fn draw(&mut self, so: &Progress) {
        self.last = *so;
        if !self.terminal {
            let step = so.total.map_or(so.entries / ENTRIES, |total| tenths(so.read, total));
            if step > self.told {
                self.told = step;
                eprintln!("{}", text(&self.name, so, self.began.elapsed(), None, self.lang));
            }
            return;
        }
        if self.drawn.is_none_or(|drawn| drawn.elapsed() >= FRAME) {
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
        let line = text(&self.name, &self.last, self.began.elapsed(), Some(()), self.lang);
        let line: String = line.chars().take(usize::from(columns.saturating_sub(1))).collect();
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "\r{line}\x1b[K");
        let _ = stderr.flush();
        self.drawn = Some(Instant::now());
    }
}

fn tenths(read: u64, total: u64) -> u64 {
    (read.min(total) * 10).checked_div(total).unwrap_or(10)
}

/// One line of it: `debian  [######..................]  25 %  30.1 MB of 120.4 MB, 2311 entries, 58.0 MB/s`.
fn text(name: &str, so: &Progress, time: Duration, bar: Option<()>, lang: Lang) -> String {
    let mut parts = vec![name.to_owned()];
    if let Some(total) = so.total {
        if bar.is_some() {
            let full = (so.read.min(total) * WIDTH).checked_div(total).unwrap_or(WIDTH);
            let [full, rest] = [("#", full), (".", WIDTH - full)]
                .map(|(sign, count)| sign.repeat(usize::try_from(count).unwrap_or_default()));
            parts.push(format!("[{full}{rest}]"));
        }
        parts.push(format!("{:3} %", (so.read.min(total) * 100).checked_div(total).unwrap_or(100)));
    }
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = so.read.saturating_mul(1000) / millis;
    let of = so
        .total
        .map_or_else(String::new, |total| format!(" {} {}", lang.pick("of", "de"), words::amount(&bytes(total), lang)));
    let [read, rate] = [so.read, rate].map(|count| words::amount(&bytes(count), lang));
    parts.push(format!("{read}{of}, {}, {rate}/s", words::entries(so.entries, lang)));
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
            text("debian", &so, second, Some(()), Lang::En),
            "debian  [######..................]   25 %  30.1 MB of 120.4 MB, 2311 entries, 60.2 MB/s"
        );
        assert_eq!(
            text("debian", &so, second, None, Lang::PtBr),
            "debian   25 %  30,1 MB de 120,4 MB, 2311 entradas, 60,2 MB/s"
        );
        let folder = Progress { read: 5, total: None, entries: 1 };
        assert_eq!(text("a", &folder, Duration::ZERO, Some(()), Lang::En), "a  5 bytes, 1 entry, 5 kB/s");
        for so in [Progress { read: 1, total: Some(0), entries: 0 }, Progress { read: 9, total: Some(3), entries: 0 }] {
            assert!(text("a", &so, Duration::ZERO, Some(()), Lang::En).contains("100 %"));
        }
    }
}
