//! Leaving, or being made to leave: the terminal is given back, nothing is left running, and one comes back to where
//! one was.

use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use rustix::process::{PidfdFlags, pidfd_open};
use unha::course::progress::Progress;
use unha::course::text::Lang;
use unha::session::store;

use super::home::Who;
use super::person::{Person, READY, is};
use super::recall::file;
use super::terminal::{Terminal, key};

const SMALL: (u16, u16) = (80, 24);

/// How long the kernel may take to end processes, in milliseconds.
const PATIENCE: u16 = 20_000;

/// What a running unha has made: its processes and its cgroups.
struct Made {
    processes: Vec<(String, OwnedFd)>,
    cgroups: Vec<PathBuf>,
}

impl Made {
    fn by(terminal: &Terminal) -> Self {
        let parents: Vec<(i32, i32)> = processes().filter_map(|pid| Some((pid, parent(pid)?))).collect();
        let mut family = vec![terminal.pid().as_raw()];
        let mut next = 0;
        while let Some(of) = family.get(next).copied() {
            family.extend(parents.iter().filter(|(_, parent)| *parent == of).map(|(pid, _)| *pid));
            next += 1;
        }
        let mut cgroups: Vec<PathBuf> = family.iter().flat_map(|pid| cgroups_of(*pid)).collect();
        cgroups.sort();
        cgroups.dedup();
        let open = |pid: &i32| {
            let name = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().replace('\0', " ");
            let pidfd = pidfd_open(rustix::process::Pid::from_raw(*pid)?, PidfdFlags::empty()).ok()?;
            Some((name, pidfd))
        };
        Self { processes: family[1..].iter().filter_map(open).collect(), cgroups }
    }

    /// Waits until no process is left.
    fn until_ended(&self) {
        for (name, process) in &self.processes {
            let mut ended = [PollFd::new(process.as_fd(), PollFlags::POLLIN)];
            assert_eq!(poll(&mut ended, PollTimeout::from(PATIENCE)), Ok(1), "still runs: {name}");
        }
    }

    /// The processes that still run, and the cgroups that are still there.
    fn left(&self) -> Vec<String> {
        let runs = |process: &OwnedFd| {
            let mut ended = [PollFd::new(process.as_fd(), PollFlags::POLLIN)];
            poll(&mut ended, PollTimeout::ZERO) == Ok(0)
        };
        let processes = self.processes.iter().filter(|(_, process)| runs(process)).map(|(name, _)| name.clone());
        let cgroups = self.cgroups.iter().filter(|group| group.exists()).map(|group| group.display().to_string());
        processes.chain(cgroups).collect()
    }
}

fn processes() -> impl Iterator<Item = i32> {
    fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

fn parent(pid: i32) -> Option<i32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

/// The folders that unha has made of the cgroups of a process: the uppermost with its name.
fn cgroups_of(pid: i32) -> Vec<PathBuf> {
    let lines = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    let folder = |line: &str| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        let ours = Path::new(path)
            .ancestors()
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("unha-")));
        let ours = ours.last()?.strip_prefix("/").ok()?;
        Some(Path::new("/sys/fs/cgroup").join(controllers).join(ours)).filter(|folder| folder.exists())
    };
    lines.lines().filter_map(folder).collect()
}

/// A person in the middle of a lesson, with a box that does something.
fn at_work(who: Who, lang: Lang) -> Person {
    let mut person = Person::in_lesson(who, lang, SMALL, 0);
    person.does(0, 0);
    person.terminal.next();
    person.sees_open(0, 1);
    person.terminal.press("2");
    person.terminal.until("READY", |screen| is(screen, READY, lang));
    person.does(0, 1);
    person
}

/// What one expects when unha has ended by itself.
fn is_all_given_back(person: &mut Person, made: &Made) {
    let status = person.terminal.until_ended();
    assert_eq!(status.code(), Some(0), "{status}\n{}", person.terminal.screen());
    assert_eq!(person.terminal.not_given_back(), [""; 0]);
    assert_eq!(made.left(), [""; 0]);
}

#[test]
fn leaving_asks_and_gives_the_terminal_back() {
    let mut person = at_work(Who::Me, Lang::PtBr);
    let made = Made::by(&person.terminal);
    assert!(made.processes.len() >= 4, "{:?}", made.processes);
    assert!(made.cgroups.is_empty() != person.has_cgroup, "{:?}", made.cgroups);
    assert!(!person.terminal.not_given_back().is_empty());
    person.terminal.press("q");
    person.terminal.until_has("A caixa e a bancada acabam; o progresso fica guardado.");
    person.terminal.press(key::ENTER);
    person.terminal.until("the question is gone", |screen| !screen.has("Sair?"));
    person.sees_done(0, 1);
    person.terminal.press("q");
    person.terminal.until_has("Sair?");
    person.terminal.press("q");
    is_all_given_back(&mut person, &made);
}

#[test]
fn leaving_is_possible_from_the_agenda_by_ctrl_c() {
    let mut person = Person::at(Who::Me, Lang::En, SMALL);
    let made = Made::by(&person.terminal);
    person.terminal.press(key::CTRL_C);
    person.terminal.until_has("Leave?");
    person.terminal.press(key::CTRL_C);
    is_all_given_back(&mut person, &made);
}

#[test]
fn sigterm_and_sighup_give_the_terminal_back() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let mut person = at_work(Who::Me, Lang::En);
        let made = Made::by(&person.terminal);
        person.terminal.signal(signal);
        is_all_given_back(&mut person, &made);
    }
}

#[test]
fn a_terminal_that_is_closed_leaves_nothing() {
    for who in [Who::Me, Who::Ordinary] {
        let person = at_work(who, Lang::En);
        let made = Made::by(&person.terminal);
        let status = person.terminal.close();
        assert_eq!(status.code(), Some(0), "{status}");
        assert_eq!(made.left(), [""; 0]);
    }
}

/// Waits until it is written down that a step is done, which is a moment after it is seen.
fn is_kept(person: &Person, lesson: usize, step: usize) {
    let (lesson, file) = (&person.course[lesson], file(&person.home));
    let deadline = Instant::now() + Duration::from_millis(PATIENCE.into());
    loop {
        let kept: Option<Progress> = store::load(&file).ok().flatten();
        let marks = kept.as_ref().and_then(|kept| kept.lessons.get(&lesson.id));
        if marks.and_then(|marks| marks.get(&lesson.steps[step].id)).is_some_and(|mark| mark.done.is_some()) {
            return;
        }
        assert!(Instant::now() < deadline, "not kept: {kept:?}");
        std::thread::yield_now();
    }
}

/// Killed in the middle of a lesson: all is over at once, and the next start offers to go on there.
fn is_killed_and_comes_back(who: Who, lang: Lang) {
    let mut person = at_work(who, lang);
    let made = Made::by(&person.terminal);
    is_kept(&person, 0, 1);
    person.terminal.signal(Signal::SIGKILL);
    assert!(!person.terminal.until_ended().success());
    made.until_ended();
    let Person { home, terminal, .. } = person;
    drop(terminal);
    let mut person = Person::back_at(home, lang, SMALL);
    person.terminal.until_has(lang.pick("Enter ▸ continue: 0 nothing, step 3", "Enter ▸ continuar: 0 nada, passo 3"));
    assert_eq!(made.left(), [""; 0]);
    person.terminal.next();
    person.sees_open(0, 2);
    person.terminal.press("1");
    person.terminal.until("READY", |screen| is(screen, READY, lang));
    person.does(0, 2);
    let made = Made::by(&person.terminal);
    person.terminal.signal(Signal::SIGTERM);
    is_all_given_back(&mut person, &made);
    // Where nothing outlives processes, nothing is written down.
    let records = fs::read_dir(person.home.records()).into_iter().flatten();
    let left: Vec<_> = records.map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "records of runs: {left:?}");
}

#[test]
fn one_comes_back_to_where_one_was_killed() {
    is_killed_and_comes_back(Who::Me, Lang::PtBr);
}

#[test]
fn an_ordinary_user_comes_back_to_where_they_were_killed() {
    is_killed_and_comes_back(Who::Ordinary, Lang::En);
}
