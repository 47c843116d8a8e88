//! What is left when somebody is killed who could not see it coming, and that it can be removed: that and nothing else.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use unha::kernel::container::cgroup::Limits;
use unha::kernel::feature::{Feature, FeatureSet};

use crate::left::{bury_orphans, bury_orphans_but, cgroups, clean, remember};
use crate::outside::Bench;
use crate::part::{Here, both, until};
use crate::program::until_alone;

/// Another process of this very test, which holds a bench until it is killed.
fn holder(here: &Here) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    let test = here.name.split(' ').next().unwrap();
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env("UNHA_TEST_ROLE", "holder");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

/// What the holder does; it says so when the bench and a box on it stand.
fn hold(here: &Here) {
    let mut bench = Bench::of(here);
    let features: FeatureSet = Feature::ALL.into_iter().filter(|it| *it != Feature::Cgroup).collect();
    bench.outside("setsid sleep 1000 < /dev/null > /dev/null 2>&1 &");
    let box_of_ours = bench.facts(features);
    fs::write(here.dir.join("tmp/stands"), "").unwrap();
    let _ = std::io::stdin().read(&mut [0]);
    drop((bench, box_of_ours));
}

fn wait_for_bench(here: &Here) {
    let stands = here.dir.join("tmp/stands");
    until("the bench stands", || stands.exists());
    fs::remove_file(stands).unwrap();
}

fn ours(pid: i32) -> BTreeSet<PathBuf> {
    let name = format!("unha-{pid}-");
    cgroups().into_iter().filter(|dir| dir.file_name().unwrap().to_string_lossy().starts_with(&name)).collect()
}

#[test]
fn a_bench_ends_with_whoever_holds_it() {
    both(|here| {
        if here.role.is_some() {
            return hold(here);
        }
        let mut holder = holder(here);
        wait_for_bench(here);
        remember(keeper(holder.id().cast_signed()));
        holder.kill().unwrap();
        holder.wait().unwrap();
        // Its keeper, which is ours now, clears up by itself.
        until_alone();
        assert_eq!(clean(&[]).lines().count(), 1, "there was nothing to clean");
    });
}

#[test]
fn a_bench_ends_with_its_keeper() {
    both(|here| {
        if here.role.is_some() {
            return hold(here);
        }
        let mut holder = holder(here);
        wait_for_bench(here);
        let keeper = keeper(holder.id().cast_signed());
        remember(keeper);
        let has_cgroup = !ours(keeper).is_empty();
        kill(Pid::from_raw(keeper), Signal::SIGKILL).unwrap();
        holder.kill().unwrap();
        holder.wait().unwrap();
        until_alone();
        assert_eq!(!ours(keeper).is_empty(), has_cgroup, "nobody was there to remove the cgroup");
        // First it only says what it would remove.
        let would = clean(&["--dry-run"]);
        assert_eq!(would.contains("/unha-"), has_cgroup, "{would}");
        assert_eq!(!ours(keeper).is_empty(), has_cgroup);
        let did = clean(&[]);
        assert_eq!(did.contains("/unha-"), has_cgroup, "{did}");
        assert!(ours(keeper).is_empty());
    });
}

/// The keeper among the processes that a holder has started.
fn keeper(holder: i32) -> i32 {
    let tasks = fs::read_dir(format!("/proc/{holder}/task")).unwrap().filter_map(Result::ok);
    let lists: Vec<String> = tasks.map(|task| fs::read_to_string(task.path().join("children")).unwrap()).collect();
    lists.concat().trim().parse().unwrap()
}

#[test]
fn of_two_benches_one_is_killed_and_swept_and_the_other_goes_on() {
    both(|here| {
        if here.role.is_some() {
            return hold(here);
        }
        let mut holder = holder(here);
        wait_for_bench(here);
        let bench = Bench::of(here);
        let features: FeatureSet = Feature::ALL.into_iter().filter(|it| *it != Feature::Cgroup).collect();
        let files = bench.start_with(features, Limits::default(), "echo ready; read line; echo goes on").unwrap();
        let (mut said, mut terminal) = (String::new(), BufReader::new(File::from(files.into_iter().next().unwrap())));
        terminal.read_line(&mut said).unwrap();
        assert_eq!(said, "ready\r\n");
        let keeper = keeper(holder.id().cast_signed());
        remember(keeper);
        kill(Pid::from_raw(keeper), Signal::SIGKILL).unwrap();
        holder.kill().unwrap();
        holder.wait().unwrap();
        let left = !ours(keeper).is_empty();
        assert_eq!(left, bench.standing.cgroup.is_some());
        assert_eq!(clean(&[]).contains("/unha-"), left);
        assert!(ours(keeper).is_empty());
        assert_eq!(bench.outside("hostname"), "bancada");
        terminal.get_mut().write_all(b"\n").unwrap();
        let mut rest = vec![];
        // A terminal's master says EIO in the end.
        let _ = terminal.read_to_end(&mut rest);
        assert_eq!(String::from_utf8(rest).unwrap().trim(), "goes on");
        drop(bench);
        bury_orphans();
    });
}

#[test]
fn a_box_ends_with_unha_run() {
    both(|here| {
        for options in ["", "--uts", "--pid", "--pid --init", "--init", crate::program::EVERYTHING] {
            let mut running = here.run(options).sh("echo ready; read line").start();
            assert_eq!(running.line(), "ready");
            running.kill_9();
            until_alone();
        }
    });
}

#[test]
fn what_unha_run_leaves_is_removed_and_only_that() {
    both(|here| {
        if !here.has_cgroups("") {
            return;
        }
        let mut lives = here.run("--pids-limit 20").sh("echo ready; read line; echo alive").start();
        assert_eq!(lives.line(), "ready");
        for next in ["clean", "start"] {
            let mut dies = here.run("--pids-limit 20").sh("setsid sleep 1000 & echo ready; read line").start();
            assert_eq!(dies.line(), "ready");
            let pid = dies.pid();
            dies.kill_9();
            // The sleeper is in a session of its own and outlives the shell; the cgroup tells whose it is.
            assert!(!ours(pid).is_empty());
            if next == "clean" {
                assert!(clean(&[]).contains(&format!("/unha-{pid}-")));
            } else {
                let started = here.run("--pids-limit 20").sh("echo ready; read line").start();
                until("the next start has removed it", || {
                    bury_orphans_but(&[started.pid(), lives.pid()]);
                    ours(pid).is_empty()
                });
                assert_eq!(started.end().0, 1);
            }
            assert!(ours(pid).is_empty());
            assert!(!ours(lives.pid()).is_empty(), "a run that lives keeps its cgroup");
        }
        lives.tell("");
        assert_eq!(lives.end(), (0, "alive\n".to_owned()));
        bury_orphans();
    });
}

#[test]
fn a_record_that_names_what_is_not_ours_removes_nothing() {
    both(|here| {
        let records = here.dir.join("run/unha");
        fs::create_dir_all(&records).unwrap();
        let kept = here.dir.join("home/kept");
        fs::create_dir(&kept).unwrap();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
        let page = |boot: &str, dir: &Path| {
            format!(r#"{{"boot":"{boot}","pid":1,"cgroup":{{"folders":[["pids",false,"{}"]]}}}}"#, dir.display())
        };
        // Of another boot, and what is no record at all.
        fs::write(records.join("unha-1-0"), page("another", &kept)).unwrap();
        fs::write(records.join("unha-1-1"), "{").unwrap();
        fs::write(records.join("notes"), page(boot.trim(), &kept)).unwrap();
        clean(&[]);
        assert!(kept.exists());
        fs::remove_file(records.join("notes")).unwrap();
    });
}
