//! A shell in a terminal: types lines and waits until they are done.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a line may take. The guest is emulated, and `rm -rf /` is a long way.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running shell, seen from its terminal's other end.
pub struct Shell {
    terminal: File,
    bytes: Receiver<Vec<u8>>,
    /// What was printed and not yet looked at.
    text: String,
    number: u32,
}

impl Shell {
    /// Takes the terminal over.
    pub fn open(terminal: OwnedFd) -> Self {
        let terminal = File::from(terminal);
        let mut reader = terminal.try_clone().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 16 * 1024];
            // EIO is how a terminal says that nobody has its other side open.
            while let Ok(length) = reader.read(&mut buffer) {
                if length == 0 || sender.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { terminal, bytes, text: String::new(), number: 0 }
    }

    /// Types a line and waits until the shell has done it, whatever came of it; returns what was printed.
    pub fn does(&mut self, line: &str) -> String {
        self.number += 1;
        // The marks are put together by the shell: what the terminal echoes of the typing does not have them.
        let (first, last) = (format!("@@first{}", self.number), format!("@@last{}", self.number));
        let typed = format!("echo @@\"\"first{0}; {line}; echo @@\"\"last{0}\n", self.number);
        self.terminal.write_all(typed.as_bytes()).unwrap();
        let began = Instant::now();
        let deadline = began + PATIENCE;
        while !self.text.contains(&last) {
            match self.bytes.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.text += &String::from_utf8_lossy(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("{line}: not done in time\n{}", self.text),
                Err(RecvTimeoutError::Disconnected) => panic!("{line}: the shell is gone\n{}", self.text),
            }
        }
        let printed = std::mem::take(&mut self.text);
        let printed = printed.split(&first).nth(1).unwrap_or_default().split(&last).next().unwrap_or_default();
        let printed = printed.replace('\r', "").trim().to_owned();
        if std::env::var_os("UNHA_SHOW").is_some() {
            let shown: String = printed.chars().take(600).collect();
            println!("# {line}\n{shown}\n# {:.1} s", began.elapsed().as_secs_f32());
        }
        printed
    }

    /// The last line that a line printed.
    pub fn answer(&mut self, line: &str) -> String {
        self.does(line).lines().last().unwrap_or_default().to_owned()
    }
}
