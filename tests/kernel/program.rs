//! The program as a person or a script runs it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use unha::kernel::feature::{Feature, FeatureSet};

use crate::left::{bury_orphans, children, remember};
use crate::part::{Here, until};
use crate::skip::{Why, skip};

/// Every feature that needs no cgroup, which not everybody can have.
pub const EVERYTHING: &str = "--uts --pid --mount --ipc --net --cgroup --time --rootfs unha";

/// The file of the program.
pub fn program() -> PathBuf {
    std::env::var_os("UNHA_TEST_PROGRAM").unwrap().into()
}

impl Here {
    /// The program with these options, words with blanks between.
    pub fn unha(&self, options: &str) -> Unha {
        let mut command = Command::new(program());
        command.args(options.split_whitespace()).current_dir(&self.dir);
        Unha { command, input: String::new() }
    }

    /// `unha run` with these options; a command is still to come.
    pub fn run(&self, options: &str) -> Unha {
        self.unha(&format!("run {options}"))
    }

    /// Whether boxes can have cgroups here. Where not, it is said that `what` is skipped.
    pub fn has_cgroups(&self, what: &str) -> bool {
        let done = self.run("--pids-limit 100").command(["true"]).done();
        let denied = done.code == 125 && done.err.contains("cgroup");
        if denied {
            let why = if self.root { Why::Cgroup } else { Why::UserCgroup };
            skip(&format!("{}{what}", self.name), why);
        } else {
            assert_eq!(done.code, 0, "{done:?}");
        }
        !denied
    }
}

/// The options that switch just these features on.
pub fn options(features: FeatureSet) -> String {
    let mut words: Vec<&str> = features
        .iter()
        .map(|feature| match feature {
            Feature::Uts => "--uts",
            Feature::Pid => "--pid",
            Feature::Mount => "--mount",
            Feature::Cgroup => "--pids-limit 64 --memory 64M --cpus 1",
            Feature::Rootfs => "--rootfs unha",
            Feature::Ipc => "--ipc",
            Feature::Net => "--net",
            Feature::User => "--user",
            Feature::Cgroupns => "--cgroup",
            Feature::Time => "--time",
            Feature::Capabilities => "--cap-drop SYS_ADMIN --cap-add MKNOD",
            Feature::NoNewPrivs => "--no-new-privs",
            Feature::Seccomp => "--seccomp default",
        })
        .collect();
    if features.has(Feature::Pid) && !features.has(Feature::Mount) {
        words.push("--no-mount");
    }
    words.join(" ")
}

/// A command line that is being put together.
pub struct Unha {
    command: Command,
    input: String,
}

/// How it ended and what it said.
#[derive(Debug)]
pub struct Done {
    /// The exit code; a signal that ended the program itself counts below zero.
    pub code: i32,
    pub out: String,
    pub err: String,
}

fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| -status.signal().unwrap())
}

impl Unha {
    /// The command and its arguments.
    pub fn command<S: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        self.command.args(words);
        self
    }

    /// A script for `sh`.
    pub fn sh(self, script: &str) -> Self {
        self.command(["--", "sh", "-c", script])
    }

    /// What it reads.
    pub fn reads(mut self, input: &str) -> Self {
        input.clone_into(&mut self.input);
        self
    }

    /// Changes the command line in other ways.
    pub fn with(mut self, change: impl FnOnce(&mut Command)) -> Self {
        change(&mut self.command);
        self
    }

    /// Starts it; its stdin and stdout are pipes.
    pub fn start(mut self) -> Started {
        let mut child = self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        remember(child.id().cast_signed());
        let (stdin, stdout) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Started { child, stdin, stdout }
    }

    /// Runs it to its end.
    pub fn done(mut self) -> Done {
        let input = std::mem::take(&mut self.input);
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        remember(child.id().cast_signed());
        let mut stdin = child.stdin.take().unwrap();
        // Who does not read ends first; that is no failure. And who reads may write more than fits in a pipe meanwhile.
        let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Done { code: code(output.status), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs it with the stdin that it was given; what it printed.
    pub fn output_as_is(mut self) -> String {
        let child = self.command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        remember(child.id().cast_signed());
        let output = child.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs it to its good end; what it printed, without the last line feed.
    #[track_caller]
    pub fn says(self) -> String {
        let shown = format!("{:?}", self.command);
        let done = self.done();
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{shown}: {done:?}");
        done.out.trim_end_matches('\n').to_owned()
    }

    /// Runs it to its end: the exit code.
    pub fn ends(self) -> i32 {
        self.done().code
    }
}

/// A program that runs.
pub struct Started {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Started {
    /// Its PID.
    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// The box's first process: the one child that is left when the stage is buried.
    #[track_caller]
    pub fn first(&self) -> i32 {
        let pid = self.pid();
        let list = format!("/proc/{pid}/task/{pid}/children");
        let mut first = None;
        until("unha run has one child", || {
            first = std::fs::read_to_string(&list).unwrap().trim().parse().ok();
            first.is_some()
        });
        first.unwrap()
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end_matches('\n').to_owned()
    }

    /// Writes a line to it.
    pub fn tell(&mut self, line: &str) {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Sends it a signal.
    pub fn signal(&self, name: Signal) {
        kill(Pid::from_raw(self.pid()), name).unwrap();
    }

    /// Waits for its end, which comes by itself: the exit code.
    pub fn ends(mut self) -> i32 {
        code(self.child.wait().unwrap())
    }

    /// Closes its stdin and waits for its end: the exit code, and what else it printed.
    pub fn end(mut self) -> (i32, String) {
        drop(self.stdin.take());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (code(self.child.wait().unwrap()), rest)
    }

    /// Kills it with the signal that it cannot see coming, and waits until all its descendants that nobody holds are dead.
    pub fn kill_9(mut self) {
        self.signal(Signal::SIGKILL);
        self.child.wait().unwrap();
    }
}

/// Waits until no descendant is left, however it lost its parents.
#[track_caller]
pub fn until_alone() {
    until("every descendant is dead", || {
        bury_orphans();
        children().is_empty()
    });
}
