//! A shell in its terminal, seen from the terminal's other end. pty(7), tcgetpgrp(3).
//!
//! The learner sees both shells as real terminals; the script types only while one waits at its prompt.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc::{Sender, SyncSender, channel};
use std::time::{Duration, Instant};

use super::{Message, pid_of};
use crate::course::expect::plain;
use crate::kernel::fact::Side;
use crate::kernel::sys;

/// As much of the last line as is needed to see whether it begins with the prompt.
const LINE: usize = 512;

/// Output that follows on output within so short a time is a flood, and may wait for half of it; nobody sees that.
const GATHER: Duration = Duration::from_millis(2);

/// As much is worth a read(2) at once: a terminal gives no more than 4095 bytes.
const PLENTY: usize = 2048;

/// Where a shell stands among those on its terminal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose {
    /// Whether an init stands before it.
    pub behind_init: bool,
    /// Whether shells that are started from it are typed into too: they have its prompt.
    pub nests: bool,
}

/// A running shell.
#[derive(Debug)]
pub(super) struct Shell {
    terminal: File,
    writer: Sender<Vec<u8>>,
    /// Tells its bytes from those of the shell that was here before.
    pub number: u64,
    /// The PID on the machine of the first process on this terminal: the shell, or the init before it.
    pub pid: Option<u32>,
    /// The shell's own process group; behind an init it is known from the first prompt on.
    group: Option<u32>,
    nests: bool,
    prompt: &'static str,
    /// What it has printed since the last newline.
    line: Vec<u8>,
    /// Whether the prompt was printed since the last line was sent.
    prompted: bool,
    idle: bool,
}

impl Shell {
    /// Takes over the terminal and reads it in a thread of its own.
    pub(super) fn open(
        terminal: OwnedFd,
        process: &OwnedFd,
        prompt: &'static str,
        (number, side): (u64, Side),
        whose: Whose,
        sender: SyncSender<Message>,
    ) -> io::Result<Self> {
        let terminal = File::from(terminal);
        let (mut reader, mut keyboard) = (terminal.try_clone()?, terminal.try_clone()?);
        let (writer, typed) = channel::<Vec<u8>>();
        std::thread::spawn(move || {
            // A terminal whose shell is gone takes nothing; its end is reported by the bench.
            while let Ok(bytes) = typed.recv() {
                if keyboard.write_all(&bytes).is_err() {
                    return;
                }
            }
        });
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            let mut before = None;
            // EIO is how a terminal says that nobody has its other side open.
            while let Ok(length) = reader.read(&mut buffer) {
                if length == 0 || sender.send(Message::Bytes(number, side, buffer[..length].to_vec())).is_err() {
                    break;
                }
                // In a flood every line would wake us, and whoever floods would wait for that: let some come together.
                if length < PLENTY && before.is_some_and(|before: Instant| before.elapsed() < GATHER) {
                    std::thread::sleep(GATHER / 2);
                }
                before = Some(Instant::now());
            }
        });
        // A shell leads its terminal's session: the same number, where no pidfd could be had.
        let pid = pid_of(process)
            .or_else(|| nix::sys::termios::tcgetsid(&terminal).ok().map(|leader| leader.as_raw().unsigned_abs()));
        let group = pid.filter(|_| !whose.behind_init);
        let nests = whose.nests;
        Ok(Self { terminal, writer, number, pid, group, nests, prompt, line: vec![], prompted: false, idle: false })
    }

    /// Hands bytes to the thread that writes: a terminal takes no more than some 64 KiB that nobody reads, and whoever
    /// pastes more into a shell that sleeps must not stop the screen.
    pub(super) fn send(&self, bytes: &[u8]) {
        let _ = self.writer.send(bytes.to_vec());
    }

    pub(super) fn resize(&self, (cols, rows): (u16, u16)) {
        sys::set_size(self.terminal.as_fd(), cols, rows);
    }

    /// Takes note of what was printed.
    pub(super) fn printed(&mut self, bytes: &[u8]) {
        for (index, part) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if index > 0 {
                self.line.clear();
            }
            self.line.extend_from_slice(&part[..part.len().min(LINE.saturating_sub(self.line.len()))]);
            self.prompted = self.prompted || has_prompt(&self.line, self.prompt) || self.nests && self.shows_prompt();
        }
        if self.prompted && self.group.is_none() {
            self.group = self.foreground();
        }
    }

    /// Whether it waits at its prompt: that came since the last Enter, and no command of the shell has the terminal.
    /// What a command in the background prints behind the prompt changes nothing.
    pub(super) fn is_idle(&self) -> bool {
        let own = || self.foreground().is_none_or(|group| Some(group) == self.group);
        self.prompted && (own() || self.nests && self.shows_prompt())
    }

    /// Whether the prompt is all that the line holds: of a shell that was started from it, nothing else tells that it waits.
    fn shows_prompt(&self) -> bool {
        plain(&self.line).trim() == self.prompt.trim()
    }

    /// The new state, if it is another than at the last call.
    pub(super) fn idle_changed(&mut self) -> Option<bool> {
        let idle = self.is_idle();
        (idle != self.idle).then(|| {
            self.idle = idle;
            idle
        })
    }

    /// A line was sent: until the prompt is back the shell is busy.
    pub(super) fn sent_line(&mut self) {
        self.line.clear();
        self.prompted = false;
        self.idle = false;
    }

    /// Whether a command of the shell's has the terminal, and not the shell itself.
    pub(super) fn has_command(&self) -> bool {
        self.foreground().is_some_and(|group| Some(group) != self.group)
    }

    /// The command that has the terminal, by its name in /proc/PID/comm.
    pub(super) fn runs(&self) -> String {
        let comm = self.foreground().and_then(|group| std::fs::read_to_string(format!("/proc/{group}/comm")).ok());
        comm.map_or_else(|| "sh".to_owned(), |name| name.trim().to_owned())
    }

    fn foreground(&self) -> Option<u32> {
        sys::foreground(self.terminal.as_fd()).map(|group| group.as_raw().unsigned_abs())
    }
}

/// Whether the prompt stands in the line: at its beginning, or behind what was printed without a newline, by `printf` or by
/// a command in the background. Behind letters and a return it is of a shell that draws its line anew, and no new one.
fn has_prompt(line: &[u8], prompt: &str) -> bool {
    let moves_no_letter = |byte: &u8| matches!(byte, b'\r' | 0x07);
    line.windows(prompt.len()).enumerate().any(|(at, part)| {
        part == prompt.as_bytes() && (line[..at].iter().all(moves_no_letter) || !line[..at].ends_with(b"\r"))
    })
}

#[cfg(test)]
mod tests {
    use super::has_prompt;

    #[test]
    fn a_prompt_is_known_behind_what_has_no_newline() {
        for (line, has) in [
            ("inside# ", true),
            ("\r\u{7}inside# ", true),
            ("\u{1b}[?2004hinside# ", true),
            ("no newlineinside# ", true),
            ("/usr/bin/dash: 1: inside# Cannot fork", true),
            ("inside", false),
            ("inside#", false),
            ("", false),
            ("cat /etc/hos\rinside# cat /etc/hostname", false),
        ] {
            assert_eq!(has_prompt(line.as_bytes(), "inside# "), has, "{line:?}");
        }
    }
}
