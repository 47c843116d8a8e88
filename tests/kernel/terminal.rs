//! `unha run` on a terminal: job control, Ctrl-C, Ctrl-Z and resizing work as in any other, and it is given back as it was.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{OpenptyResult, openpty};
use nix::sys::signal::Signal;
use nix::sys::termios::{LocalFlags, Termios, tcgetattr};
use unha::kernel::sys;

use crate::left::remember;
use crate::part::{Here, both, until};
use crate::program::{EVERYTHING, program};

/// A terminal with the program in it, as a person sits before one.
struct Sitting {
    master: File,
    slave: OwnedFd,
    /// The terminal as it was before anything was started on it.
    found: Termios,
    child: Child,
    seen: String,
}

/// Both ends of a new terminal; no other program gets them but by name.
fn ends() -> (OwnedFd, OwnedFd) {
    let OpenptyResult { master, slave } = openpty(None, None).unwrap();
    for end in [&master, &slave] {
        fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
    }
    (master, slave)
}

impl Sitting {
    fn at(_here: &Here, options: &str, command: &[&str]) -> Self {
        let (master, slave) = ends();
        sys::set_size(slave.as_fd(), 100, 30);
        let found = tcgetattr(&slave).unwrap();
        let end = || Stdio::from(slave.try_clone().unwrap());
        // A session of its own, whose terminal this is.
        let mut line = Command::new("setsid");
        line.args(["--ctty", "--wait"]).arg(program()).arg("run").args(options.split_whitespace()).args(command);
        line.env("PS1", "# ").env("TERM", "xterm").current_dir("/");
        let child = line.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        // setsid becomes the program, and keeps its number.
        remember(child.id().cast_signed());
        Self { master: master.into(), slave, found, child, seen: String::new() }
    }

    fn modes(&self) -> Termios {
        tcgetattr(&self.slave).unwrap()
    }

    /// Reads until `wanted` has appeared; what came before it is forgotten.
    #[track_caller]
    fn sees(&mut self, wanted: &str) -> String {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some((before, after)) = self.seen.split_once(wanted) {
                let (before, after) = (before.to_owned(), after.to_owned());
                self.seen = after;
                return before;
            }
            assert!(Instant::now() < end, "waited for {wanted:?}, saw {:?}", self.seen);
            let mut files = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            if poll(&mut files, PollTimeout::from(50_u8)) == Ok(1) {
                let mut buffer = [0; 4096];
                let length = self.master.read(&mut buffer).unwrap();
                self.seen += &String::from_utf8_lossy(&buffer[..length]);
            }
        }
    }

    fn types(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).unwrap();
    }

    fn resize(&self, cols: u16, rows: u16) {
        sys::set_size(self.master.as_fd(), cols, rows);
    }

    /// Waits for the end: the exit code.
    fn ends(&mut self) -> i32 {
        let mut code = None;
        until("the program on the terminal has ended", || {
            // Whoever writes to a terminal that nobody reads waits.
            let mut files = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            if poll(&mut files, PollTimeout::ZERO) == Ok(1) {
                let mut buffer = [0; 4096];
                let length = self.master.read(&mut buffer).unwrap_or(0);
                self.seen += &String::from_utf8_lossy(&buffer[..length]);
            }
            code = self.child.try_wait().unwrap().map(|status| status.code().unwrap());
            code.is_some()
        });
        code.unwrap()
    }
}

#[test]
fn it_is_the_boxs_own_first_terminal() {
    both(|here| {
        let mut sitting = Sitting::at(here, EVERYTHING, &["sh", "-c", "tty; stty size; exit 3"]);
        sitting.sees("/dev/pts/0");
        sitting.sees("30 100");
        assert_eq!(sitting.ends(), 3);
    });
}

#[test]
fn there_is_one_only_where_both_ends_are_terminals() {
    both(|here| {
        let (master, slave) = ends();
        let input = Stdio::from(slave.try_clone().unwrap());
        let said = here.run(EVERYTHING).sh("tty; test -t 1 || echo a pipe").with(|command| {
            command.stdin(input);
        });
        let output = said.output_as_is();
        assert!(output.contains("not a tty") && output.contains("a pipe"), "{output}");
        drop((master, slave));
    });
}

#[test]
fn interrupt_and_job_control_work_inside() {
    both(|here| {
        for options in ["--uts", "--pid", EVERYTHING, "--pid --init"] {
            let mut sitting = Sitting::at(here, options, &["sh", "-i"]);
            sitting.sees("# ").clear();
            sitting.types("echo o''ne\n");
            sitting.sees("one\r\n");
            sitting.sees("# ");
            // Ctrl-C ends the one in front and not the shell.
            sitting.types("echo r''eady; sleep 1000\n");
            sitting.sees("ready\r\n");
            until_in_front(&sitting, "sleep");
            sitting.types("\x03");
            sitting.sees("# ");
            sitting.types("echo a''live\n");
            sitting.sees("alive\r\n");
            // Ctrl-Z stops it; fg puts it in front again.
            sitting.types("cat\n");
            until_in_front(&sitting, "cat");
            sitting.types("\x1a");
            sitting.sees("Stopped");
            sitting.sees("# ");
            sitting.types("fg\n");
            until_in_front(&sitting, "cat");
            sitting.types("back\n");
            sitting.sees("back\r\n");
            sitting.sees("back\r\n");
            sitting.types("\x04");
            sitting.sees("# ");
            sitting.types("exit 5\n");
            assert_eq!(sitting.ends(), 5, "{options}");
        }
    });
}

/// Waits until a command of that name runs in front of the box's terminal: before that, a key is for the shell.
fn until_in_front(sitting: &Sitting, name: &str) {
    until(&format!("{name} is in front"), || descendants(sitting.child.id()).iter().any(|pid| is_in_front(*pid, name)));
}

fn is_in_front(pid: u32, name: &str) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    let Some((before, after)) = stat.rsplit_once(')') else { return false };
    let fields: Vec<&str> = after.split_whitespace().collect();
    // State, parent, group, session, terminal, and the group in front of it, as numbers of this namespace.
    before.ends_with(&format!("({name}")) && fields[0] == "S" && fields[2] == fields[5]
}

fn descendants(pid: u32) -> Vec<u32> {
    let list = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let children: Vec<u32> = list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
    children.iter().flat_map(|child| [vec![*child], descendants(*child)].concat()).collect()
}

#[test]
fn what_nobody_reads_does_not_stop_what_is_printed() {
    both(|here| {
        let script = "stty raw -echo; trap 'echo t''ook it; exit 4' USR1; echo ready; \
                      read line < /dev/null; while :; do sleep 0.05; echo t''ick; done";
        let mut sitting = Sitting::at(here, "--uts", &["sh", "-c", script]);
        sitting.sees("ready");
        fcntl(&sitting.master, FcntlArg::F_SETFL(OFlag::O_RDWR | OFlag::O_NONBLOCK)).unwrap();
        let mut pasted = 0;
        for _ in 0..20 {
            while let Ok(taken) = sitting.master.write(&[b'x'; 4096]) {
                pasted += taken;
                assert!(pasted < 1 << 20, "all of it was read: then nothing is proven");
            }
            sitting.sees("tick");
        }
        let unha = nix::unistd::Pid::from_raw(sitting.child.id().cast_signed());
        nix::sys::signal::kill(unha, Signal::SIGUSR1).unwrap();
        sitting.sees("took it");
        assert_eq!(sitting.ends(), 4);
    });
}

#[test]
fn a_resize_is_seen_inside() {
    both(|here| {
        let script = "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done";
        let mut sitting = Sitting::at(here, EVERYTHING, &["sh", "-c", script]);
        sitting.sees("ready");
        sitting.resize(132, 43);
        sitting.sees("43 132");
        sitting.types("\x03");
        sitting.ends();
    });
}

/// What the kernel keeps of a terminal: musl's structure is larger, and the rest of it is left as it was in memory.
fn settings(modes: &Termios) -> impl PartialEq + std::fmt::Debug + use<> {
    let characters: Vec<u8> = modes.control_chars.iter().take(19).copied().collect();
    (modes.input_flags, modes.output_flags, modes.control_flags, modes.local_flags, characters)
}

#[test]
fn the_terminal_is_given_back_as_it_was() {
    both(|here| {
        for (script, code) in [("true", 0), ("kill -TERM $$; sleep 1000", 143), ("stty raw -echo; exit 9", 9)] {
            let mut sitting = Sitting::at(here, "--uts", &["sh", "-c", &format!("read line; {script}")]);
            until("it is raw meanwhile", || !sitting.modes().local_flags.contains(LocalFlags::ICANON));
            sitting.types("\r");
            assert_eq!(sitting.ends(), code, "{script}");
            assert_eq!(settings(&sitting.modes()), settings(&sitting.found), "{script}");
        }
    });
}

#[test]
fn a_terminal_that_is_closed_ends_it() {
    both(|here| {
        for options in ["--uts", "--pid", "--pid --init", EVERYTHING] {
            let mut sitting = Sitting::at(here, options, &["sh", "-c", "echo ready; sleep 1000"]);
            sitting.sees("ready");
            sitting.master = File::open("/dev/null").unwrap();
            sitting.slave = File::open("/dev/null").unwrap().into();
            until("unha run has ended", || sitting.child.try_wait().unwrap().is_some());
        }
    });
}

#[test]
fn a_signal_ends_it_and_gives_the_terminal_back() {
    both(|here| {
        let mut sitting = Sitting::at(here, "--uts", &["sh", "-c", "echo ready; exec cat"]);
        sitting.sees("ready");
        let before_raw = sitting.modes();
        assert!(!before_raw.local_flags.contains(LocalFlags::ICANON));
        let unha = nix::unistd::Pid::from_raw(sitting.child.id().cast_signed());
        nix::sys::signal::kill(unha, Signal::SIGTERM).unwrap();
        assert_eq!(sitting.ends(), 143);
        assert!(sitting.modes().local_flags.contains(LocalFlags::ICANON | LocalFlags::ECHO));
    });
}
