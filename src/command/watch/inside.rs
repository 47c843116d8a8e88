//! A shell inside of a container, and the terminal that it has: pty(7).
//!
//! The terminal is one of its own, never the person's: what runs inside could else type into that (ioctl_tty(2), TIOCSTI),
//! and what it prints is drawn by us, so no escape sequence of its reaches the terminal outside.

use std::fs::File;
use std::io::{self, Read, Write, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitCode};
use std::sync::mpsc::{Sender, SyncSender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::spawn;

use nix::fcntl::{OFlag, open};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::stat::Mode;
use nix::unistd::{dup2_stderr, geteuid};

use super::News;
use crate::course::inspect::Subject;
use crate::course::text::Lang;
use crate::kernel::{enter, itself, sys};

/// The exit code where nothing could be run.
const REFUSED: u8 = 125;

/// A running shell.
pub struct Inside {
    terminal: File,
    typed: Sender<Vec<u8>>,
    child: Arc<Mutex<Child>>,
}

impl Inside {
    /// Starts it, on a terminal of this size.
    pub fn open(
        subject: Subject,
        lang: Lang,
        (columns, rows): (u16, u16),
        number: u64,
        sender: SyncSender<News>,
    ) -> io::Result<Self> {
        let (master, slave) = pty()?;
        sys::set_size(slave.as_fd(), columns, rows);
        let mut program = Command::new("/proc/self/exe");
        // Nothing of the person's environment is for whoever runs inside.
        program.env_clear().args([
            "--lang",
            lang.tag(),
            "__enter",
            &subject.pid.to_string(),
            &subject.started.to_string(),
        ]);
        // What comes over the third is why there is no shell; whoever reads it tells that from a shell's own exit code.
        let (mut refusal, refuses) = pipe()?;
        program.stdin(slave.try_clone()?).stdout(slave).stderr(refuses);
        let child = Arc::new(Mutex::new(program.spawn()?));
        // The ends of the terminal that it was given are not ours to keep open.
        drop(program);
        let terminal = File::from(master);
        let (mut reader, mut keyboard) = (terminal.try_clone()?, terminal.try_clone()?);
        let (typed, to_type) = channel::<Vec<u8>>();
        spawn(move || {
            while let Ok(bytes) = to_type.recv() {
                if keyboard.write_all(&bytes).is_err() {
                    return;
                }
            }
        });
        let waited = Arc::clone(&child);
        spawn(move || {
            let mut buffer = vec![0; 16 * 1024];
            // EIO is how a terminal says that nobody has its other side open.
            while let Ok(length) = reader.read(&mut buffer) {
                if length == 0 || sender.send(News::Printed(number, buffer[..length].to_vec())).is_err() {
                    break;
                }
            }
            let ended = waited.lock().unwrap_or_else(PoisonError::into_inner).wait();
            let mut why = String::new();
            let _ = refusal.read_to_string(&mut why);
            let how = match ended {
                Ok(_) if !why.is_empty() => Err(why),
                Ok(status) => Ok(status.code().unwrap_or(128)),
                Err(why) => Err(why.to_string()),
            };
            let _ = sender.send(News::ShellEnded(number, how));
        });
        Ok(Self { terminal, typed, child })
    }

    /// Types these bytes.
    pub fn send(&self, bytes: &[u8]) {
        let _ = self.typed.send(bytes.to_vec());
    }

    /// Tells it how large its terminal is.
    pub fn resize(&self, (columns, rows): (u16, u16)) {
        sys::set_size(self.terminal.as_fd(), columns, rows);
    }
}

impl Drop for Inside {
    /// The shell ends with the one who started it: prctl(2), `PR_SET_PDEATHSIG`.
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.try_lock() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Both ends of a new terminal, neither inherited by what is started meanwhile.
fn pty() -> io::Result<(OwnedFd, OwnedFd)> {
    let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let master = posix_openpt(flags)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let slave = open(ptsname_r(&master)?.as_str(), flags, Mode::empty())?;
    Ok((master.into(), slave))
}

/// `unha __enter PID STARTED`: the process that joins, and whose child becomes the shell.
pub fn enter(pid: u32, started: u64, lang: Lang) -> ExitCode {
    // Whoever shows the screen may be killed: then this is over, and with it the shell, whatever that ignores.
    let _ = set_pdeathsig(Signal::SIGKILL);
    // Its file would else be within reach of whoever is root inside (CVE-2019-5736).
    itself::out_of_reach();
    // The shell's third is the terminal as well; where this one led, only this process tells something.
    let refusal = io::stderr().as_fd().try_clone_to_owned();
    let _ = dup2_stderr(io::stdout());
    let prompt = lang.pick("inside# ", "dentro# ");
    match enter::shell(pid, started, prompt, &mut |call| println!("{call}")) {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(REFUSED)),
        Err(why) => {
            let said = match (&why, lang) {
                (enter::Refused::Ended, Lang::En) => "The process has ended.".to_owned(),
                (enter::Refused::Ended, Lang::PtBr) => "O processo terminou.".to_owned(),
                (enter::Refused::NoShell, Lang::En) => {
                    format!("There is no /bin/sh in this container. Its files, from outside: ls /proc/{pid}/root")
                }
                (enter::Refused::NoShell, Lang::PtBr) => {
                    format!("Não há /bin/sh neste contêiner. Os arquivos dele, vistos de fora: ls /proc/{pid}/root")
                }
                (enter::Refused::Call(call), _) => {
                    format!("{}: {call}. {}", lang.pick("The kernel refused it", "O kernel recusou"), next(lang))
                }
            };
            println!("{said}");
            if let Ok(refusal) = refusal {
                let _ = File::from(refusal).write_all(said.as_bytes());
            }
            ExitCode::from(REFUSED)
        }
    }
}

/// Root is not sent to sudo once more.
fn next(lang: Lang) -> &'static str {
    if geteuid().is_root() {
        return lang.pick(
            "Root here lacks the right to it. Next: as the machine's own root, outside of this container or sandbox.",
            "O root daqui não tem esse direito. Tente como o root da própria máquina, fora deste contêiner ou sandbox.",
        );
    }
    lang.pick(
        "Next: sudo unha inspect, or as the container's user.",
        "Tente sudo unha inspect, ou como o usuário do contêiner.",
    )
}
