//! A terminal with unha in it: keys go in, and what comes out is drawn on a screen. pty(7).

use std::fmt;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use base64::Engine as _;
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::sys::termios::{Termios, tcgetattr};
use nix::unistd::{Gid, Pid, Uid, fchown, read, write};
use rustix::process::{PidfdFlags, pidfd_open};
use unha::kernel::sys;

use super::home::Home;

/// How long a person waits for what was promised before they give up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Two Next that come closer together than this are one.
const BOUNCE: Duration = Duration::from_millis(250);

/// Keys as a terminal sends them.
pub mod key {
    pub const ENTER: &str = "\r";
    pub const PAGE_UP: &str = "\x1b[5~";
    pub const PAGE_DOWN: &str = "\x1b[6~";
    pub const UP: &str = "\x1b[A";
    pub const DOWN: &str = "\x1b[B";
    pub const ESCAPE: &str = "\x1b";
    pub const F1: &str = "\x1bOP";
    pub const F2: &str = "\x1bOQ";
    pub const F4: &str = "\x1bOS";
    pub const CTRL_C: &str = "\x03";
    pub const CTRL_D: &str = "\x04";
}

/// A terminal with unha in it.
pub struct Terminal {
    master: OwnedFd,
    /// Kept open, so that what unha leaves behind can be read when it is gone.
    slave: OwnedFd,
    found: Termios,
    child: Child,
    ended: OwnedFd,
    parser: vt100::Parser,
    /// When the effect of the last Next was seen; none: it has not been yet.
    seen: Option<Instant>,
    /// All that unha has written.
    written: Vec<u8>,
}

/// What stands on the screen.
pub struct Seen<'a>(&'a vt100::Screen);

impl Seen<'_> {
    /// The rows, top to bottom.
    pub fn rows(&self) -> Vec<String> {
        self.0.rows(0, self.0.size().1).collect()
    }

    /// Whether this text stands on the screen, however it is broken into lines.
    pub fn has(&self, text: &str) -> bool {
        squeezed(&self.rows().concat()).contains(&squeezed(text))
    }

    /// The phase in one word, and what Next does.
    pub fn bottom(&self) -> String {
        self.rows().pop().unwrap_or_default().trim().to_owned()
    }
}

impl fmt::Display for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows().iter().try_for_each(|row| writeln!(f, "│{row}"))
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

impl Terminal {
    /// Starts unha in a new terminal of this size.
    pub fn open(home: &Home, size: (u16, u16), words: &[&str]) -> Self {
        let mut unha = home.unha();
        unha.args(words);
        Self::start(unha, home.owner(), size)
    }

    /// Starts a program in a new terminal of this size, which is this user's.
    pub fn start(mut program: Command, owner: Option<(Uid, Gid)>, (columns, rows): (u16, u16)) -> Self {
        let (master, slave) = pty();
        sys::set_size(master.as_fd(), columns, rows);
        if let Some((user, group)) = owner {
            fchown(&slave, Some(user), Some(group)).unwrap();
        }
        let found = tcgetattr(&slave).unwrap();
        let end = || slave.try_clone().unwrap();
        let child = program.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        let pid = rustix::process::Pid::from_child(&child);
        Self {
            master,
            slave,
            found,
            child,
            ended: pidfd_open(pid, PidfdFlags::empty()).unwrap(),
            parser: vt100::Parser::new(rows, columns, 0),
            seen: Some(Instant::now()),
            written: vec![],
        }
    }

    /// What stands on the screen.
    pub fn screen(&self) -> Seen<'_> {
        Seen(self.parser.screen())
    }

    /// unha's process.
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        let mut rest = keys.as_bytes();
        while !rest.is_empty() {
            let taken = write(&self.master, rest).unwrap();
            rest = &rest[taken..];
        }
    }

    /// Presses Next when it will not be taken for a bounce of the one before, whose effect has been seen.
    pub fn next(&mut self) {
        self.next_by(key::ENTER);
    }

    /// Likewise, by another of its keys.
    pub fn next_by(&mut self, key: &str) {
        let seen = self.seen.take().expect("nobody presses Next before they see what the last one did");
        while self.draw(seen + BOUNCE) == Drawn::Something {}
        self.press(key);
    }

    /// Waits until the screen shows what was promised.
    pub fn until(&mut self, promised: impl fmt::Display, mut shows: impl FnMut(&Seen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !shows(&self.screen()) {
            match self.draw(deadline) {
                Drawn::Something => {}
                Drawn::Nothing => panic!("not seen: {promised}\n{}", self.screen()),
                Drawn::Ended => panic!("unha has ended, not seen: {promised}\n{}", self.screen()),
            }
        }
        self.seen.get_or_insert_with(Instant::now);
    }

    /// Waits so long for another picture than this; whether it came.
    #[allow(dead_code, reason = "only who gives a whole talk presses again")]
    pub fn differs_from(&mut self, picture: &str, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        while self.screen().to_string() == picture {
            if self.draw(deadline) != Drawn::Something {
                return false;
            }
        }
        true
    }

    /// Waits until this text stands on the screen.
    pub fn until_has(&mut self, text: &str) {
        self.until(text, |screen| screen.has(text));
    }

    /// Whether this ever stood on the screen, however short a time: all that was written is drawn once more, bit by bit.
    #[allow(dead_code, reason = "only who looks at what plays by itself looks back")]
    pub fn has_shown(&self, shows: impl Fn(&Seen) -> bool) -> bool {
        let (rows, columns) = self.parser.screen().size();
        let mut parser = vt100::Parser::new(rows, columns, 0);
        self.written.chunks(64).any(|bytes| {
            parser.process(bytes);
            shows(&Seen(parser.screen()))
        })
    }

    /// Makes the window another size.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) {
        self.parser.screen_mut().set_size(rows, columns);
        sys::set_size(self.master.as_fd(), columns, rows);
    }

    /// Sends unha a signal.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// Waits until unha has ended; says how.
    pub fn until_ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.draw(deadline) {
                Drawn::Something => {}
                Drawn::Nothing => panic!("unha has not ended\n{}", self.screen()),
                Drawn::Ended => break,
            }
        }
        self.child.wait().unwrap()
    }

    /// Closes the window, and waits until unha has ended; says how.
    pub fn close(mut self) -> ExitStatus {
        // Another one in its place, on which nobody writes; its other end stays open.
        let (none, _other) = pty();
        drop(std::mem::replace(&mut self.master, none));
        self.until_ended()
    }

    /// What was last sent to the clipboard: OSC 52.
    #[allow(dead_code, reason = "only the play copies")]
    pub fn copied(&self) -> Option<String> {
        let written = String::from_utf8_lossy(&self.written);
        let (_, last) = written.rsplit_once("\x1b]52;c;")?;
        let coded = last.split(['\x1b', '\x07']).next()?;
        String::from_utf8(base64::engine::general_purpose::STANDARD.decode(coded).ok()?).ok()
    }

    /// What is not as it was before unha started.
    pub fn not_given_back(&self) -> Vec<&'static str> {
        let screen = self.parser.screen();
        let kept = [
            (settings(&tcgetattr(&self.slave).unwrap()) != settings(&self.found), "the terminal's settings"),
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "the hidden cursor"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "the mouse"),
        ];
        kept.into_iter().filter_map(|(kept, what)| kept.then_some(what)).collect()
    }

    /// Draws what has come, or waits for it; what came before unha's end is drawn before the end is told.
    fn draw(&mut self, deadline: Instant) -> Drawn {
        let left = deadline.saturating_duration_since(Instant::now());
        // Rounded up: a wait of zero milliseconds would be none.
        let timeout = PollTimeout::try_from(left + Duration::from_micros(999)).unwrap();
        let mut ready =
            [PollFd::new(self.master.as_fd(), PollFlags::POLLIN), PollFd::new(self.ended.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, timeout) {
            Err(Errno::EINTR) => return Drawn::Something,
            count => assert!(count.is_ok(), "{count:?}"),
        }
        let has = |at: usize| ready[at].revents().is_some_and(|events| !events.is_empty());
        match (has(0), has(1)) {
            (false, false) => return Drawn::Nothing,
            (false, true) => return Drawn::Ended,
            (true, _) => {}
        }
        let mut bytes = [0; 16 * 1024];
        let length = read(&self.master, &mut bytes).unwrap();
        self.parser.process(&bytes[..length]);
        self.written.extend_from_slice(&bytes[..length]);
        Drawn::Something
    }
}

/// What the kernel keeps of a terminal: musl's structure is larger, and the rest of it is left as it was in memory.
fn settings(modes: &Termios) -> impl PartialEq + use<> {
    let characters: Vec<u8> = modes.control_chars.iter().take(19).copied().collect();
    (modes.input_flags, modes.output_flags, modes.control_flags, modes.local_flags, characters)
}

/// Both ends of a new terminal. openpty(3) would let programs that are started meanwhile inherit them.
pub fn pty() -> (OwnedFd, OwnedFd) {
    let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let master = posix_openpt(flags).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let slave = open(ptsname_r(&master).unwrap().as_str(), flags, Mode::empty()).unwrap();
    (master.as_fd().try_clone_to_owned().unwrap(), slave)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawn {
    Something,
    Nothing,
    Ended,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind either.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = kill(self.pid(), Signal::SIGTERM);
            let deadline = Instant::now() + Duration::from_secs(5);
            while self.draw(deadline) == Drawn::Something {}
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
