//! `unha run` as a person or a script uses it.

use std::fs;

use nix::sys::signal::Signal;
use unha::kernel::fact::Fact;

use crate::left::children;
use crate::part::{both, until};
use crate::program::EVERYTHING;

#[test]
fn the_exit_code_is_the_commands() {
    both(|here| {
        for options in ["", "--uts", EVERYTHING] {
            assert_eq!(here.run(options).command(["true"]).ends(), 0, "{options}");
            assert_eq!(here.run(options).sh("exit 42").ends(), 42, "{options}");
            assert_eq!(here.run(options).sh("sh -c 'kill -TERM $$'; exit $?").ends(), 143, "{options}");
        }
        assert_eq!(here.run("").sh("kill -TERM $$").ends(), 143);
        assert_eq!(here.run("--uts").sh("kill -KILL $$").ends(), 137);
    });
}

#[test]
fn a_command_that_cannot_be_started_is_told_by_126_and_127() {
    both(|here| {
        let plain = here.dir.join("tmp/plain");
        fs::write(&plain, "no program").unwrap();
        let plain = plain.to_str().unwrap();
        for options in ["", "--uts", "--pid", "--pid --init", "--init"] {
            let done = here.run(options).command(["no-such-command"]).done();
            assert_eq!(done.code, 127, "{options}: {done:?}");
            assert!(done.err.contains("no-such-command") && done.err.contains("ENOENT"), "{options}: {done:?}");
            for word in [plain, "/etc"] {
                let done = here.run(options).command([word]).done();
                assert_eq!(done.code, 126, "{options}: {done:?}");
                assert!(done.err.contains(word) && done.err.contains("EACCES"), "{options}: {done:?}");
            }
        }
        fs::remove_file(plain).unwrap();
        assert_eq!(here.run(EVERYTHING).command(["no-such-command"]).ends(), 127);
        assert_eq!(here.run(EVERYTHING).command(["/etc/passwd"]).ends(), 126);
    });
}

#[test]
fn its_own_failure_is_told_by_125() {
    both(|here| {
        let wrong = [
            "--no-such-option",
            "--memory lots",
            "--cpus 0",
            "--pids-limit 0",
            "--rootfs /no/such/folder",
            "--rootfs unah",
            "--no-mount --rootfs unha",
            "--no-mount --mount",
            "--no-mount --all",
            "--hostname",
        ];
        for options in wrong {
            let done = here.run(options).command(["true"]).done();
            assert_eq!(done.code, 125, "{options}: {done:?}");
            assert!(!done.err.is_empty(), "{options}");
        }
        assert_eq!(here.run("").ends(), 125, "no command");
        // Everywhere else a usage error is 2.
        assert_eq!(here.unha("no-such-verb").ends(), 2);
        assert_eq!(here.unha("inspect 0").ends(), 2);
    });
}

#[test]
fn options_imply_what_they_need() {
    both(|here| {
        let hostname = here.facts("--hostname caixa");
        assert_ne!(hostname.inside(Fact::NsUts), hostname.outside(Fact::NsUts));
        for options in ["--pid", "--rootfs unha"] {
            let facts = here.facts(options);
            assert_ne!(facts.inside(Fact::NsMnt), facts.outside(Fact::NsMnt), "{options}");
        }
        let facts = here.facts("--pid --no-mount");
        assert_eq!(facts.inside(Fact::NsMnt), facts.outside(Fact::NsMnt));
        assert_ne!(facts.inside(Fact::NsPid), facts.outside(Fact::NsPid));
    });
}

#[test]
fn the_first_word_that_is_no_option_starts_the_command() {
    both(|here| {
        let said = here.run("--pid ps -e -o pid=").says();
        assert_eq!(said.trim(), "1");
        assert_eq!(here.run("echo --uts --pid -- -x").says(), "--uts --pid -- -x");
        assert_eq!(here.run("--uts -- echo -- -n").says(), "-- -n");
        let done = here.run("-- --weird").done();
        assert!(done.code == 127 && done.err.contains("--weird"), "{done:?}");
    });
}

#[test]
fn all_is_everything_and_what_is_named_overrides_it() {
    both(|here| {
        if !here.has_cgroups("") {
            return;
        }
        let facts = here.facts("--all");
        for fact in [Fact::NsUts, Fact::NsPid, Fact::NsMnt, Fact::NsIpc, Fact::NsNet, Fact::Os, Fact::Links] {
            assert_ne!(facts.inside(fact), facts.outside(fact), "{fact}");
        }
        let limits = |options| {
            let facts = here.facts(options);
            [Fact::MemoryMax, Fact::PidsMax, Fact::CpuMax].map(|fact| facts.outside(fact).as_u64().unwrap())
        };
        assert_eq!(limits("--all"), [512 << 20, 256, 100]);
        assert_eq!(limits("--all --memory 32M"), [32 << 20, 256, 100]);
        assert_eq!(limits("--pids-limit 15 --all --cpus 0.2"), [512 << 20, 15, 20]);
        assert_eq!(here.run("--all --hostname caixa").command(["hostname"]).says(), "caixa");
    });
}

#[test]
fn files_pass_through_as_they_are() {
    both(|here| {
        let text = "line\n".repeat(40_000);
        for options in ["", "--uts", "--pid --init", EVERYTHING] {
            let done = here.run(options).command(["cat"]).reads(&text).done();
            assert_eq!((done.code, done.out == text), (0, true), "{options}: {}", done.err);
            let done = here.run(options).sh("echo out; echo err >&2; tty").done();
            assert_eq!((done.code, done.out.as_str()), (1, "out\nnot a tty\n"), "{options}");
            assert_eq!(done.err, "err\n", "{options}");
        }
        // A reader that has seen enough ends the writer, and that is no failure of ours.
        let said = here.run("--uts").sh("yes | head -n 1").says();
        assert_eq!(said, "y");
    });
}

#[test]
fn signals_are_passed_on() {
    both(|here| {
        let signals =
            [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGQUIT, Signal::SIGUSR1, Signal::SIGUSR2];
        for options in ["", "--uts --mount --ipc --net", "--init"] {
            for name in signals {
                let mut running = here.run(options).sh("echo ready; exec cat").start();
                assert_eq!(running.line(), "ready");
                running.signal(name);
                assert_eq!(running.ends(), 128 + name as i32, "{options}: {name}");
            }
        }
        let mut running =
            here.run("--pid").sh("trap 'echo caught; exit 7' TERM; echo ready; while :; do read line; done").start();
        assert_eq!(running.line(), "ready");
        running.signal(Signal::SIGTERM);
        assert_eq!(running.line(), "caught");
        assert_eq!(running.end().0, 7);
    });
}

#[test]
fn a_first_process_without_a_handler_does_not_hear_a_signal() {
    both(|here| {
        let mut running = here.run("--pid").command(["cat"]).start();
        running.tell("ready");
        assert_eq!(running.line(), "ready");
        running.signal(Signal::SIGTERM);
        running.tell("still here");
        assert_eq!(running.line(), "still here");
        assert_eq!(running.end().0, 0);
    });
}

#[test]
fn who_sends_another_ends_a_first_process_that_does_not_hear() {
    both(|here| {
        for options in ["--pid", EVERYTHING] {
            let mut running = here.run(options).command(["cat"]).start();
            for (name, said) in [(Signal::SIGTERM, "one"), (Signal::SIGINT, "two"), (Signal::SIGINT, "three")] {
                running.tell(said);
                assert_eq!(running.line(), said, "{options}");
                running.signal(name);
                // Of two of a kind that nobody has taken yet the kernel keeps one.
                let status = format!("/proc/{}/status", running.pid());
                let nothing = format!("ShdPnd:\t{:016x}", 0);
                until("it has been taken", || std::fs::read_to_string(&status).unwrap().contains(&nothing));
            }
            // It is there still: what a keyboard sends never counts.
            running.tell("four");
            assert_eq!(running.line(), "four", "{options}");
            running.signal(Signal::SIGTERM);
            assert_eq!(running.ends(), 137, "{options}");
        }
        // One that listens is asked as often as one likes, and never killed.
        let listens = "trap 'echo caught; i=$i.; [ $i = ... ] && exit 7' TERM; echo ready; while :; do read line; done";
        let mut running = here.run("--pid").sh(listens).start();
        assert_eq!(running.line(), "ready");
        for _ in 0..3 {
            running.signal(Signal::SIGTERM);
            assert_eq!(running.line(), "caught");
        }
        assert_eq!(running.end().0, 7);
    });
}

#[test]
fn descendants_end_with_the_command() {
    both(|here| {
        for options in ["", "--uts", "--pid", "--init", EVERYTHING] {
            let script =
                "setsid sleep 1000 & (sleep 1000 & ) ; sh -c 'setsid sh -c \"sleep 1000 & sleep 1000\" &'; echo done";
            let mut running = here.run(options).sh(script).start();
            assert_eq!(running.line(), "done", "{options}");
            // Its end is the end of the pipe too, which they all hold open.
            assert_eq!(running.end().0, 0, "{options}");
            assert_eq!(children(), [].into(), "{options}");
        }
    });
}

#[test]
fn only_three_files_are_open_inside() {
    both(|here| {
        let script = "ls /proc/$$/fd";
        for options in ["", "--uts", "--pid", "--journal --uts", EVERYTHING] {
            // The program itself is started with one file more, which must not get through.
            let file = fs::File::open("/etc/passwd").unwrap();
            let kept = nix::fcntl::fcntl(&file, nix::fcntl::FcntlArg::F_DUPFD(20)).unwrap();
            let done = here.run(options).sh(script).done();
            assert_eq!((done.code, done.out.as_str()), (0, "0\n1\n2\n"), "{options}: {done:?}");
            nix::unistd::close(kept).unwrap();
        }
    });
}

#[test]
fn the_journal_goes_to_stderr_one_call_a_line() {
    both(|here| {
        let done = here.run("--journal --hostname caixa").command(["hostname"]).done();
        assert_eq!((done.code, done.out.as_str()), (0, "caixa\n"));
        let lines: Vec<&str> = done.err.lines().collect();
        assert!(lines.contains(&"unshare(CLONE_NEWUTS) = 0"), "{lines:?}");
        assert_eq!(lines.last(), Some(&"sethostname(\"caixa\") = 0"));
        assert_eq!(lines.iter().any(|line| line.contains("uid_map")), !here.root, "{lines:?}");
        assert_eq!(here.run("--hostname caixa").command(["true"]).done().err, "");
    });
}
