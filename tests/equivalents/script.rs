//! The script as text: sound for shellcheck, whatever the box, and what is killed in the middle leaves nothing.

use std::fs;
use std::process::Command;

use nix::sys::signal::Signal;

use crate::cases::{AS_ROOT, AS_USER, has_cable, words};
use crate::part::{Here, both, until};
use crate::skip::{Why, skip};

/// The script for these flags.
fn script(here: &Here, flags: &str, command: &[&str]) -> String {
    let done = here.unha("--lang en export shell").command(words(flags)).command(["--"]).command(command).done();
    assert_eq!(done.code, 0, "{flags}: {done:?}");
    done.out
}

#[test]
fn shellcheck_has_nothing_to_say() {
    both(|here| {
        if !Command::new("shellcheck").arg("--version").output().is_ok_and(|output| output.status.success()) {
            skip(&format!("{}, shellcheck", here.name), Why::Tool);
            return;
        }
        let folder = here.dir.join("tmp/scripts");
        fs::create_dir(&folder).unwrap();
        let all: &[&str] = if here.root { &AS_ROOT } else { &AS_USER };
        let mut command = Command::new("shellcheck");
        for (at, flags) in all.iter().enumerate() {
            let file = folder.join(format!("{at}.sh"));
            fs::write(&file, script(here, flags, &["sh", "-c", "echo it's me", "a b"])).unwrap();
            command.arg(file);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn the_command_and_its_end_are_the_boxs() {
    both(|here| {
        let limits = if here.root && here.has_cgroups(", the script's end") { " --pids-limit 64" } else { "" };
        for flags in ["--uts", "--pid", "--pid --init", "--rootfs unha --pid --cap-drop CHOWN"] {
            let text = script(here, &format!("{flags}{limits}"), &["sh", "-c", "echo \"$1\"; exit 7", "x", "it's a b"]);
            let output = Command::new("dash").args(["-c", &text]).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!((output.status.code(), said.as_str()), (Some(7), "it's a b\n"), "{flags}: {err}");
        }
    });
}

#[test]
fn what_is_ended_in_the_middle_leaves_nothing() {
    both(|here| {
        if !here.root || !here.has_cgroups(", a script that is ended") {
            return;
        }
        let _alone = crate::proof::alone("--veth");
        assert!(has_cable("--veth"));
        let text = script(here, "--all --veth", &["sh", "-c", "echo here; sleep 1000"]);
        let mut child = Command::new("dash").args(["-c", &text]).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
        assert_eq!(line, "here\n");
        let name = format!("box-{}", child.id());
        let cgroups = || {
            let found =
                Command::new("find").args(["/sys/fs/cgroup", "-maxdepth", "6", "-name", &name]).output().unwrap();
            String::from_utf8(found.stdout).unwrap()
        };
        assert!(!cgroups().is_empty());
        // The shell hears of it when the box has ended, which no signal but this one is sure to end.
        let below = fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id())).unwrap();
        for pid in below.split_whitespace().map(|pid| pid.parse().unwrap()) {
            let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), Signal::SIGKILL);
        }
        until("the script ends", || child.try_wait().unwrap().is_some());
        assert_eq!(cgroups(), "");
        let cable = format!("/sys/class/net/box{}", child.id());
        assert!(!std::path::Path::new(&cable).exists(), "{cable}");
    });
}
