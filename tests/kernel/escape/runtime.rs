//! The file of the program that makes the box, which the box must not be able to write to (CVE-2019-5736).

use std::fs;
use std::process::Command;

use nix::sys::signal::Signal;
use unha::kernel::feature::Feature::{Capabilities, Pid};

use super::attempt::{HELD, HOLDS, OUT};
use super::{Outside, program_for, words};
use crate::left::clean;
use crate::part::{Here, both};
use crate::program::{program, until_alone};

/// Runs a box by a copy of the program, in which a process takes hold of the file that `process` runs and writes to it as
/// soon as nobody runs it; if `kill`, the copy is killed before. What came of it, and whether the copy is what it was.
fn overwritten(here: &Here, options: &str, process: &str, kill: bool) -> (String, bool) {
    let copy = here.dir.join("tmp/runtime");
    fs::copy(program(), &copy).unwrap();
    let command = words(&program_for(options), "overwrite", process);
    // The first process dies with who made the box; a child of it lives on.
    let apart = ["sh", "-c", "\"$@\" & wait", "sh"];
    let by_copy = |given: &mut Command| {
        let mut other = Command::new(&copy);
        other.args(given.get_args()).current_dir(&here.dir);
        *given = other;
    };
    let mut running = here.run(options).command(["--"]).command(apart).command(command).with(by_copy).start();
    let mut said = String::new();
    while !said.contains(HELD) && !said.contains(OUT) {
        let line = running.line() + "\n";
        assert!(line != "\n" || !said.ends_with("\n\n\n"), "it ended with nothing said: {said}");
        assert!(!line.contains("test result"), "nothing was tried: {said}");
        said += &line;
        if kill && line.contains(HOLDS) {
            running.signal(Signal::SIGKILL);
        }
    }
    running.kill_9();
    // Who is killed leaves the box's cgroup.
    clean(&[]);
    until_alone();
    let as_it_was = fs::read(&copy).unwrap() == fs::read(program()).unwrap();
    fs::remove_file(copy).unwrap();
    (said, as_it_was)
}

#[test]
fn the_runtimes_own_file_cannot_be_written_to() {
    both(|here| {
        let outside = Outside::of(here);
        // PID 1 of a box with --init has never executed anything else.
        let (said, as_it_was) = overwritten(here, &format!("{} --init", outside.everything(here)), "1", false);
        assert!(as_it_was && said.contains("Read-only"), "{said}");
        // Without a PID namespace the box outlives who made it, and sees them too; an ordinary user's is in the way of
        // that by its user namespace, root's by the read-only mount alone.
        let (said, as_it_was) = overwritten(here, &outside.all_but(&[Pid, Capabilities]), "runtime", true);
        assert!(as_it_was && said.contains(if here.root { "Read-only" } else { HELD }), "{said}");
        // Without a root of somebody's there is no such mount: it is as any program that its owner may write to.
        let (said, as_it_was) = overwritten(here, "--no-new-privs", "runtime", true);
        assert!(!as_it_was && said.contains(OUT), "{said}");
    });
}
