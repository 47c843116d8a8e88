//! What a part leaves behind: processes, mounts, cgroups, links, open files, temporary files.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use crate::part::until;
use crate::program::program;

/// How long what has been killed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// What there was at the start.
#[derive(Debug, PartialEq, Eq)]
pub struct Before {
    processes: BTreeSet<i32>,
    mounts: BTreeSet<String>,
    links: BTreeSet<String>,
    open: BTreeSet<String>,
    files: BTreeSet<PathBuf>,
}

impl Before {
    /// Looks at everything; `dir` is the part's folder.
    pub fn look(dir: &Path) -> Self {
        let mut files: BTreeSet<PathBuf> =
            ["run", "tmp"].iter().flat_map(|name| entries(&dir.join(name), "")).collect();
        // A folder for records stays; no record does.
        files.remove(&dir.join("run/unha"));
        files.extend(entries(&dir.join("run/unha"), ""));
        for shared in ["/tmp", "/run", "/run/unha"] {
            files.extend(entries(Path::new(shared), "unha-").into_iter().filter(|file| is_ours(file)));
        }
        files.extend(cgroups().into_iter().filter(|dir| is_ours(dir)));
        Self { processes: children(), mounts: lines("/proc/self/mountinfo"), links: links(), open: open_files(), files }
    }

    /// Panics unless all is as it was, at once or soon.
    #[track_caller]
    pub fn again(&self, dir: &Path) {
        let end = Instant::now() + PATIENCE;
        loop {
            bury_orphans();
            let now = Self::look(dir);
            // Others that work on this machine may take something away meanwhile; only what was added is ours.
            let left = Self {
                processes: &now.processes - &self.processes,
                mounts: &now.mounts - &self.mounts,
                links: &now.links - &self.links,
                open: &now.open - &self.open,
                files: &now.files - &self.files,
            };
            let nothing =
                Self { processes: [].into(), mounts: [].into(), links: [].into(), open: [].into(), files: [].into() };
            if left == nothing {
                return;
            }
            assert!(Instant::now() < end, "left behind: {left:#?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The children of this process, which adopts the orphans among its descendants.
pub fn children() -> BTreeSet<i32> {
    let tasks = fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok);
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().map(|pid| pid.parse().unwrap()).collect::<Vec<_>>()).collect()
}

/// Buries every child that is dead. Only when no child is waited for by anybody else.
pub fn bury_orphans() {
    while waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)).is_ok_and(|status| status.pid().is_some()) {}
}

/// Buries every dead child but these, which are waited for in another place.
pub fn bury_orphans_but(pids: &[i32]) {
    for child in children().into_iter().filter(|child| !pids.contains(child)) {
        let _ = waitpid(Pid::from_raw(child), Some(WaitPidFlag::WNOHANG));
    }
}

/// Runs `unha clean` to its end, burying meanwhile whoever it killed: we are their parent now.
#[track_caller]
pub fn clean(options: &[&str]) -> String {
    let mut child = Command::new(program()).arg("clean").args(options).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || stdout.read_to_string(&mut said).map(|_| said));
    let pid = child.id().cast_signed();
    until("unha clean has ended", || {
        bury_orphans_but(&[pid]);
        fs::read_to_string(format!("/proc/{pid}/stat")).unwrap().contains(") Z ")
    });
    assert!(child.wait().unwrap().success());
    reader.join().unwrap().unwrap()
}

/// Every cgroup of a run, in whatever hierarchy.
pub fn cgroups() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mounts = lines("/proc/self/mountinfo");
    let points = mounts.iter().filter(|line| line.contains(" - cgroup")).filter_map(|line| line.split(' ').nth(4));
    let mut todo: Vec<PathBuf> = points.map(PathBuf::from).collect();
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().filter_map(Result::ok) {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if entry.file_name().to_string_lossy().starts_with("unha-") {
                    found.insert(entry.path());
                }
                todo.push(entry.path());
            }
        }
    }
    found
}

/// The PIDs that this part's runs have had.
static RUNS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// From now on, what carries this PID in its name is of this part: others work on the same machine.
pub fn remember(pid: i32) {
    RUNS.lock().unwrap().insert(pid);
}

/// Whether the file carries the PID of a run of ours, as unha names its own: `unha-PID-N`.
fn is_ours(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let pid = name.strip_prefix("unha-").and_then(|rest| rest.split('-').next()?.parse().ok());
    pid.is_some_and(|pid| RUNS.lock().unwrap().contains(&pid))
}

fn entries(dir: &Path, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(start)).map(|entry| entry.path()).collect()
}

fn lines(file: &str) -> BTreeSet<String> {
    fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

fn links() -> BTreeSet<String> {
    let dev = fs::read_to_string("/proc/net/dev").unwrap();
    dev.lines().skip(2).filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned())).collect()
}

/// The open files of this process, as numbers and what they lead to; the one that lists them left out.
fn open_files() -> BTreeSet<String> {
    let list = fs::read_dir("/proc/self/fd").unwrap().filter_map(Result::ok);
    let shown = list.filter_map(|entry| {
        Some(format!("{} {}", entry.file_name().display(), fs::read_link(entry.path()).ok()?.display()))
    });
    shown.filter(|shown| !shown.ends_with("/fd")).collect()
}
