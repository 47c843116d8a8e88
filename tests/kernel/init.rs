//! `--init`: a PID 1 that buries the dead, passes signals on, and ends as the command ended.

use std::fs;

use nix::sys::signal::Signal;

use crate::part::{both, until};
use crate::program::EVERYTHING;

#[test]
fn it_is_number_1_and_ends_as_the_command_ended() {
    both(|here| {
        for options in ["--pid --init", &format!("{EVERYTHING} --init")] {
            assert_eq!(here.run(options).sh("echo $$").says(), "2", "{options}");
            assert_eq!(here.run(options).sh("exit 42").ends(), 42, "{options}");
            assert_eq!(here.run(options).sh("kill -TERM $$").ends(), 143, "{options}");
            assert_eq!(here.run(options).sh("kill -KILL $$").ends(), 137, "{options}");
            // The command's dead come to nobody's end but their own.
            assert_eq!(here.run(options).sh("(exit 3) & (exit 4); exit 5").ends(), 5, "{options}");
        }
    });
}

#[test]
fn it_buries_orphans() {
    both(|here| {
        // The one in the middle ends first, so that the last one's parent is PID 1.
        let script = "for i in 1 2 3; do sh -c 'sh -c \"exit 0\" & exit 0'; done; echo ready; read line";
        let mut running = here.run("--pid --init").sh(script).start();
        assert_eq!(running.line(), "ready");
        let children = format!("/proc/{0}/task/{0}/children", running.first());
        until("only the command is left", || fs::read_to_string(&children).unwrap().split_whitespace().count() == 1);
        assert_eq!(running.end().0, 1);
    });
}

#[test]
fn signals_reach_the_command_which_is_not_number_1() {
    both(|here| {
        for name in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGUSR1] {
            let mut running = here.run("--pid --init").sh("echo ready; exec cat").start();
            assert_eq!(running.line(), "ready");
            running.signal(name);
            assert_eq!(running.ends(), 128 + name as i32, "{name}");
        }
    });
}

#[test]
fn it_holds_no_file_of_the_outside_open() {
    both(|here| {
        for options in ["--pid --init", "--pid --init --journal", &format!("{EVERYTHING} --init")] {
            let mut running = here.run(options).sh("ls /proc/$$/fd; echo that is all; read line").with(quiet).start();
            assert_eq!(
                [running.line(), running.line(), running.line(), running.line()],
                ["0", "1", "2", "that is all"]
            );
            let fds = fs::read_dir(format!("/proc/{}/fd", running.first())).unwrap().filter_map(Result::ok);
            let mut open: Vec<(i32, String)> = fds
                .map(|fd| {
                    let target = fs::read_link(fd.path()).unwrap_or_default().display().to_string();
                    (fd.file_name().to_str().unwrap().parse().unwrap(), target)
                })
                .collect();
            open.sort();
            assert_eq!(open.iter().map(|(fd, _)| *fd).collect::<Vec<_>>(), [0, 1, 2, 3], "{options}: {open:?}");
            assert_eq!(open[3].1, "anon_inode:[signalfd]", "{options}");
            assert_eq!(running.end().0, 1);
        }
    });
}

/// The journal is of no interest here.
fn quiet(command: &mut std::process::Command) {
    command.stderr(std::process::Stdio::null());
}
