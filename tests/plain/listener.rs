//! Somebody who only hears the lines, and types lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use unha::course::text::Lang;
use unha::kernel::sys;

use super::home::{Home, Who};
use super::terminal::pty;

/// How long somebody waits for the next line.
const PATIENCE: Duration = Duration::from_secs(60);

/// unha in a pipe or at a terminal, and whoever listens to it.
pub struct Listener {
    child: Child,
    /// None: no more is typed.
    keyboard: Option<Box<dyn Write + Send>>,
    at_terminal: bool,
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
        let mut child = unha.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let (keyboard, said) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self::to(child, Box::new(keyboard), said, home, lang)
    }

    /// Starts the course at a terminal that can only print: all that is sent to it is heard, byte by byte.
    pub fn at_terminal(home: Home, lang: Lang) -> Self {
        let (master, slave) = pty();
        sys::set_size(master.as_fd(), 80, 24);
        let mut unha = home.unha();
        let end = || slave.try_clone().unwrap();
        unha.args(["--lang", lang.tag()]).env("TERM", "dumb").stdin(end()).stdout(end()).stderr(end());
        let child = unha.spawn().unwrap();
        let keyboard = File::from(master.try_clone().unwrap());
        let mut listener = Self::to(child, Box::new(keyboard), File::from(master), home, lang);
        listener.at_terminal = true;
        listener
    }

    fn to(
        child: Child,
        keyboard: Box<dyn Write + Send>,
        said: impl Read + Send + 'static,
        home: Home,
        lang: Lang,
    ) -> Self {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(said).split(b'\n') {
                let line = match line {
                    // So says a terminal that nobody has open any more.
                    Err(error) if error.raw_os_error() == Some(Errno::EIO as i32) => return,
                    line => line.unwrap(),
                };
                // What is no UTF-8 is no text.
                if sender.send(String::from_utf8(line).unwrap()).is_err() {
                    return;
                }
            }
        });
        Self { child, keyboard: Some(keyboard), at_terminal: false, lines, heard: vec![], lang, home }
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
        // Its end is the end of the lines, which it leaves at; a terminal's lines have none.
        self.ends();
        if self.at_terminal && self.child.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = kill(Pid::from_raw(self.pid()), Signal::SIGTERM);
        }
        let _ = self.child.wait();
    }
}
