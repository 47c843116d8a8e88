//! A terminal with a program in it, and a screen on which everything that it writes is drawn. pty(7).

use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::unistd::{read, write};
use unha::kernel::sys;

/// How long anything may take before it counts as broken.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Terminal {
    master: OwnedFd,
    pub child: Child,
    parser: vt100::Parser,
}

impl Terminal {
    /// Starts the command in a new session with a new terminal of this size: setsid(1) makes it the session's own.
    pub fn open(command: &Command, (cols, rows): (u16, u16)) -> anyhow::Result<Self> {
        let size = Winsize { ws_row: rows, ws_col: cols, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None)?;
        // A copy of the master in the child would keep its terminal from ever being hung up.
        fcntl(&pty.master, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        sys::set_size(pty.master.as_fd(), cols, rows);
        let mut leader = Command::new("setsid");
        leader.arg("--ctty").arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => leader.env(name, value),
                None => leader.env_remove(name),
            };
        }
        leader.stdin(pty.slave.try_clone()?).stdout(pty.slave.try_clone()?).stderr(pty.slave);
        let child = leader.spawn().context("setsid")?;
        Ok(Self { master: pty.master, child, parser: vt100::Parser::new(rows, cols, 0) })
    }

    pub fn press(&self, keys: &str) -> anyhow::Result<()> {
        write(&self.master, keys.as_bytes())?;
        Ok(())
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// The rows of the screen.
    pub fn rows(&self) -> Vec<String> {
        let screen = self.screen();
        screen.rows(0, screen.size().1).collect()
    }

    /// Whether the text stands on the screen.
    pub fn has(&self, text: &str) -> bool {
        self.rows().iter().any(|row| row.contains(text))
    }

    /// Waits until the screen shows something, and says how long that took since `begin`.
    pub fn until(
        &mut self,
        what: &str,
        begin: Instant,
        mut shows: impl FnMut(&Self) -> bool,
    ) -> anyhow::Result<Duration> {
        let give_up = Instant::now() + PATIENCE;
        while !shows(self) {
            if Instant::now() > give_up || !self.draw(give_up)? {
                bail!("not seen: {what}\n{}", self.rows().join("\n"));
            }
        }
        Ok(begin.elapsed())
    }

    /// Draws what comes for so long.
    pub fn rest(&mut self, time: Duration) -> anyhow::Result<()> {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.draw(until)?;
        }
        Ok(())
    }

    /// Waits for output until `until` and draws it; false when the program is gone.
    fn draw(&mut self, until: Instant) -> anyhow::Result<bool> {
        let left = until.saturating_duration_since(Instant::now()).as_millis();
        let mut files = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
        if poll(&mut files, PollTimeout::try_from(left + 1)?)? == 0 {
            return Ok(true);
        }
        let mut bytes = [0; 16 * 1024];
        match read(&self.master, &mut bytes) {
            Ok(0) | Err(Errno::EIO) => Ok(false),
            Ok(length) => {
                self.parser.process(&bytes[..length]);
                Ok(true)
            }
            Err(errno) => Err(errno.into()),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(self.child.id().cast_signed());
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        // Somebody has to take what it still writes, or it never comes to its end.
        let give_up = Instant::now() + Duration::from_secs(10);
        while Instant::now() < give_up && matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.rest(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
