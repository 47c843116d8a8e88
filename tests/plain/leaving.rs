//! Leaving in the middle: by the end of the lines, by Ctrl-C, by being made to; nothing is left behind.

use std::fs;
use std::os::fd::AsFd;
use std::process::Command;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rustix::process::{PidfdFlags, pidfd_open};
use unha::course::text::Lang;

use super::home::Who;
use super::listener::Listener;

/// How long the kernel may take to end processes, in milliseconds.
const PATIENCE: u16 = 20_000;

/// The processes below one, itself left out.
fn family(pid: i32) -> Vec<i32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let of_tasks = tasks.map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default());
    let mut all: Vec<i32> = of_tasks
        .chain([children])
        .flat_map(|text| text.split(' ').filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect();
    all.sort_unstable();
    all.dedup();
    let below: Vec<i32> = all.iter().flat_map(|child| family(*child)).collect();
    all.extend(below);
    all
}

/// Ends the course by this in the middle of a step, and looks at what is left of it.
fn leaves(who: Who, end: impl FnOnce(&mut Listener)) {
    let mut listener = Listener::of(who, Lang::En, &["nothing"]);
    listener.hears();
    listener.asks("");
    listener.asks("");
    // A command that would run for ten minutes.
    listener.asks("2");
    listener.asks("");
    let made: Vec<_> = family(listener.pid())
        .into_iter()
        .filter_map(|pid| {
            let name = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().replace('\0', " ");
            Some((name, pidfd_open(rustix::process::Pid::from_raw(pid)?, PidfdFlags::empty()).ok()?))
        })
        .collect();
    assert!(
        made.iter().any(|(name, _)| name.starts_with("sleep 600")),
        "{:?}",
        made.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    end(&mut listener);
    let status = listener.until_ended();
    assert_eq!(status.code(), Some(0), "{status}\n{listener}");
    assert!(listener.heard("Your progress is kept."), "{listener}");
    for (name, process) in &made {
        let mut ended = [PollFd::new(process.as_fd(), PollFlags::POLLIN)];
        assert_eq!(poll(&mut ended, PollTimeout::from(PATIENCE)), Ok(1), "still runs: {name}");
    }
    let left: Vec<_> = fs::read_dir(listener.home.records()).into_iter().flatten().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
}

fn signalled(listener: &Listener, signal: Signal) {
    // setsid(1) executes the program, whose number stays its own.
    kill(Pid::from_raw(listener.pid()), signal).unwrap();
}

#[test]
fn the_end_of_the_lines_is_the_end_of_the_course() {
    leaves(Who::Me, Listener::ends);
    leaves(Who::Ordinary, Listener::ends);
}

#[test]
fn a_signal_ends_it_cleanly() {
    leaves(Who::Me, |listener| signalled(listener, Signal::SIGINT));
    leaves(Who::Me, |listener| signalled(listener, Signal::SIGTERM));
}

#[test]
fn lines_end_in_the_middle_of_a_line_and_before_any() {
    for typed in ["", "2", "in sleep 1"] {
        let mut listener = Listener::of(Who::Me, Lang::PtBr, &["uts"]);
        listener.types(typed);
        listener.ends();
        assert!(listener.until_ended().success(), "{listener}");
        assert!(listener.heard("O seu progresso fica guardado."), "{listener}");
    }
}

#[test]
fn nobody_listens_any_more() {
    let home = super::home::Home::new(Who::Me);
    let mut unha = home.unha_without_terminal();
    unha.args(["--lang", "en", "learn", "--plain", "uts"]);
    let words: Vec<_> = unha.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut shell = Command::new("sh");
    let line = format!(
        "printf 'values\\nvalues\\nvalues\\n' | {} {} | head -1",
        unha.get_program().to_string_lossy(),
        words.join(" ")
    );
    shell.args(["-c", &line]);
    for (name, value) in unha.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "a broken pipe is no failure");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
}

#[test]
fn a_lesson_that_there_is_not() {
    let home = super::home::Home::new(Who::Me);
    for (lang, name, wanted) in [
        (Lang::En, "utz", "there is no lesson `utz`"),
        (Lang::PtBr, "utz", "você quis dizer `uts`?"),
        (Lang::En, "uts/nope", "uts has no step `nope`, only switch-on, "),
        (Lang::PtBr, "uts/7", "uts não tem o passo `7`"),
    ] {
        let mut unha = home.unha_without_terminal();
        let output = unha.args(["--lang", lang.tag(), "learn", "--plain", name]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(wanted), "{said}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    }
}

#[test]
fn lessons_of_others_are_refused_where_nobody_can_be_asked_unless_they_are_trusted() {
    let home = super::home::Home::new(Who::Me);
    let folder = tempfile::tempdir().unwrap();
    let own = fs::read_to_string("lessons/01-uts.toml").unwrap().replace("yabadabadoo", "fred");
    fs::write(folder.path().join("01-own.toml"), own).unwrap();
    let learns = |words: &[&str]| {
        let mut unha = home.unha_without_terminal();
        unha.args(["--lang", "en", "--lessons"]).arg(folder.path()).args(["learn", "--plain"]).args(words);
        unha.stdin(std::process::Stdio::null()).output().unwrap()
    };
    let refused = learns(&[]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--trust if you know the file"));
    assert!(learns(&["--trust"]).status.success());
}
