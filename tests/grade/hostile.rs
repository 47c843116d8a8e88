//! Commands that make it hard: that are not there, end at once, do not end, print without end, or are very many.

use std::io::{BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use nix::sys::signal::Signal;

use crate::part::{Here, both, until};
use crate::program::{Started, program};

#[test]
fn what_cannot_be_started_is_told() {
    both(|here| {
        let cases = [
            ("/no/such/program", 127, "execve(\"/no/such/program\") = ENOENT"),
            ("unshar", 127, "did you mean `unshare`?"),
            ("/etc/passwd", 126, "execve(\"/etc/passwd\") = EACCES"),
        ];
        for (name, code, said) in cases {
            // Every folder of it an ordinary user may look into.
            let unha = here.unha("--lang en grade --").with(|command| _ = command.env("PATH", "/usr/bin:/bin"));
            let done = unha.command([name]).done();
            assert_eq!((done.code, done.out.as_str()), (code, ""), "{done:?}");
            assert!(done.err.contains(said) && done.err.contains("Why: "), "{done:?}");
        }
    });
}

/// What is there for a while, and never long enough as it is.
const NEVER_THE_SAME: &str = "sleep 0.1; exec sh -c 'sleep 0.1; exec sleep 0.1'";

#[test]
fn what_ends_too_soon_is_told() {
    both(|here| {
        let cases: [(&[&str], &str); 4] = [
            (&["true"], "`true` ended with exit code 0, and nothing apart from here was seen"),
            (&["sh", "-c", "echo no luck; exit 7"], "`sh` ended with exit code 7"),
            (&["sh", "-c", "kill -9 $$"], "`sh` ended by SIGKILL"),
            (
                &["unshare", "--user", "sh", "-c", NEVER_THE_SAME],
                "`unshare` made something apart, but ended with exit code 0",
            ),
        ];
        for (words, said) in cases {
            let done = here.grade("--lang en", words);
            assert_eq!((done.code, done.out.as_str()), (3, ""), "{done:?}");
            assert!(done.err.contains(said) && done.err.contains("Next: "), "{done:?}");
        }
        let done = here.grade("--lang pt-BR", &["sh", "-c", "echo no luck; exit 7"]);
        assert!(
            done.err.contains("`sh` terminou com código de saída 7") && done.err.contains("Disse: no luck"),
            "{done:?}"
        );
    });
}

#[test]
fn what_runs_on_without_a_container_is_ended() {
    both(|here| {
        let scripts = [
            "exec sleep 1000",
            "trap '' TERM HUP; while :; do sleep 1; done",
            "exec yes",
            "setsid sleep 1000 & exec sleep 1000",
            "sleep 1000 & exit 0",
        ];
        let one = |script: &str| {
            let done = here.grade("--json --seconds 1", &["sh", "-c", script]);
            assert_eq!(done.code, 3, "{script}: {done:?}");
            assert!(done.out.contains("\"container\": false"), "{script}: {done:?}");
        };
        thread::scope(|scope| scripts.iter().for_each(|script| drop(scope.spawn(|| one(script)))));
    });
}

#[test]
fn a_container_that_is_left_by_its_maker_is_found_and_ended() {
    both(|here| {
        let judged = here.judged(&["sh", "-c", "setsid unshare --user --map-root-user --uts sleep 1000 & exit 0"]);
        assert_eq!((judged.code, &judged.json["name"]), (1, &"sleep".into()), "{judged:?}");
        assert_eq!(judged.verdicts()["uts"], "has own");
    });
}

#[test]
fn what_prints_without_end_is_looked_at_all_the_same() {
    both(|here| {
        let judged = here.judged(&["unshare", "--user", "--map-root-user", "--uts", "yes"]);
        assert_eq!((judged.code, &judged.json["name"]), (1, &"yes".into()), "{judged:?}");
    });
}

#[test]
fn a_terminal_is_there() {
    both(|here| {
        let script =
            "test -t 0 && test -t 2 && tty >/dev/null && stty size </dev/tty | grep -q '24 80' && exec sleep 1000";
        let judged = here.judged(&["unshare", "--user", "--map-root-user", "--uts", "sh", "-c", script]);
        assert_eq!((judged.code, &judged.json["name"]), (1, &"sleep".into()), "{judged:?}");
    });
}

#[test]
fn a_thousand_children_are_ended() {
    both(|here| {
        let script = "i=0; while [ $i -lt 1000 ]; do sleep 1000 & i=$((i+1)); done; wait";
        let judged = here.judged(&["unshare", "--user", "--map-root-user", "--uts", "sh", "-c", script]);
        assert_eq!((judged.code, &judged.json["name"]), (1, &"sh".into()), "{judged:?}");
    });
}

/// `unha grade` on a shell, as soon as it hears of signals and the shell runs.
fn waiting(here: &Here) -> Started {
    let started = here.unha("--lang en grade --seconds 600 -- sh").start();
    let pid = started.pid();
    let list = format!("/proc/{pid}/task/{pid}/children");
    let name = |pid: &str| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    let runs = || std::fs::read_to_string(&list).unwrap_or_default().split_whitespace().any(|pid| name(pid) == "sh\n");
    until("the command runs", runs);
    started
}

#[test]
fn who_is_asked_to_end_ends_all_of_it() {
    both(|here| {
        let started = waiting(here);
        started.signal(Signal::SIGTERM);
        assert_eq!(started.ends(), 128 + 15);
    });
}

#[test]
fn who_is_killed_takes_the_command_along() {
    both(|here| {
        let started = waiting(here);
        started.signal(Signal::SIGKILL);
        // Nothing is left behind, as after every test here: the terminal is gone.
        assert_eq!(started.ends(), -9);
    });
}

#[test]
fn whom_somebody_else_has_started_is_let_alone() {
    both(|here| {
        // The shell starts a child and becomes unha, whose child it is then: it has nothing to do with the command.
        let script = "cat <&3 & exec \"$0\" grade --json -- unshare --user sleep 1000";
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec 3<&0; {script}")]).arg(program());
        let mut unha = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdin = unha.stdin.take().unwrap();
        let mut lines = BufReader::new(unha.stdout.take().unwrap());
        assert_eq!(unha.wait().unwrap().code(), Some(1));
        // What it reads it still prints.
        stdin.write_all(b"still there\n").unwrap();
        drop(stdin);
        let mut said = String::new();
        lines.read_to_string(&mut said).unwrap();
        assert!(said.contains("\"name\": \"sleep\"") && said.ends_with("still there\n"), "{}: {said}", here.name);
    });
}

#[test]
fn what_may_not_be_looked_into_is_told() {
    both(|here| {
        if here.root {
            return;
        }
        let done = here.unha("--lang en grade --pid 1").done();
        assert_eq!((done.code, done.out.as_str()), (125, ""), "{done:?}");
        assert!(done.err.contains("readlink(\"/proc/1/ns/uts\") = EACCES") && done.err.contains("sudo"), "{done:?}");
    });
}
