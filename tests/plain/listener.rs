//! Somebody who only hears the lines, and types lines.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use unha::course::text::Lang;

use super::home::{Home, Who};

/// How long somebody waits for the next line.
const PATIENCE: Duration = Duration::from_secs(60);

/// unha in a pipe, and whoever listens to it.
pub struct Listener {
    child: Child,
    keyboard: Option<ChildStdin>,
    lines: Receiver<String>,
    /// All that was said.
    pub heard: Vec<String>,
    pub lang: Lang,
    /// The last, for unha writes to it when it ends.
    pub home: Home,
}

impl Listener {
    /// Starts the course as lines, with these words on the command line.
    pub fn of(who: Who, lang: Lang, words: &[&str]) -> Self {
        Self::at(Home::new(who), lang, words)
    }

    /// Starts it again.
    pub fn at(home: Home, lang: Lang, words: &[&str]) -> Self {
        let mut unha = home.unha_without_terminal();
        unha.args(["--lang", lang.tag(), "learn", "--plain"]).args(words);
        Self::start(unha, home, lang)
    }

    /// Starts this program.
    pub fn start(mut program: Command, home: Home, lang: Lang) -> Self {
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let keyboard = child.stdin.take();
        let said = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in said.split(b'\n') {
                // What is no UTF-8 is no text.
                let line = String::from_utf8(line.unwrap()).unwrap();
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, keyboard, lines, heard: vec![], lang, home }
    }

    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Types lines.
    pub fn types(&mut self, lines: &str) {
        self.keyboard.as_mut().unwrap().write_all(lines.as_bytes()).unwrap();
    }

    /// Types no more.
    pub fn ends(&mut self) {
        self.keyboard = None;
    }

    /// Listens up to the line that tells what Enter does; that one is the last of them.
    pub fn hears(&mut self) -> Vec<String> {
        let from = self.heard.len();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nothing more is said: {self}"));
            let asks = line.contains("Enter: ");
            self.heard.push(line);
            if asks {
                return self.heard[from..].to_vec();
            }
        }
    }

    /// Types a line, and listens to what comes of it.
    pub fn asks(&mut self, line: &str) -> Vec<String> {
        self.types(&format!("{line}\n"));
        self.hears()
    }

    /// Listens to the end.
    pub fn until_ended(&mut self) -> ExitStatus {
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.heard.push(line);
        }
        self.child.wait().unwrap()
    }

    /// Whether this was said, as a whole line.
    pub fn heard(&self, line: &str) -> bool {
        self.heard.iter().any(|heard| heard == line)
    }

    /// Asserts that these lines were said in this order.
    pub fn heard_in_order(&self, lines: &[&str]) {
        let mut rest = self.heard.iter();
        for line in lines {
            assert!(rest.any(|heard| heard.contains(line)), "not said, or not there: {line}\n{self}");
        }
    }

    /// Asserts that all of it is text: nothing that moves, colours or draws.
    pub fn heard_only_text(&self) {
        for line in &self.heard {
            let bad = line.chars().find(|letter| {
                // Arrows, signs such as ≠, box drawing and blocks are for eyes.
                letter.is_control() || matches!(*letter, '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{25ff}')
            });
            assert_eq!(bad, None, "{line:?}");
        }
    }
}

impl std::fmt::Display for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.heard.iter().try_for_each(|line| writeln!(f, "| {line}"))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Its end is the end of the lines, which it leaves at.
        self.ends();
        let _ = self.child.wait();
    }
}
