//! Killed at a random moment, while it is being built, works or comes down: `unha run`, whoever holds a bench, its
//! keeper, the bench, the box. What dies with nobody to clear up is removed by `unha clean` or by the next start.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::left::{Before, bury_orphans, children, clean, remember};
use crate::outside::Bench;
use crate::part::{Here, until};
use crate::program::{options, program};
use crate::random::{Soak, number, soak};
use crate::starts::one_box;

/// How many are tried unharmed, to know how long it takes until a box stands.
const UNHARMED: u32 = 5;

#[test]
fn killed_at_random_moments() {
    soak("runs killed", |here, soak| {
        if here.role.is_some() {
            return hold(here, soak);
        }
        let all = number(15, 200);
        let times = [Victim::Run, Victim::Holder].map(|kind| {
            let begin = Instant::now();
            (0..UNHARMED).for_each(|_| unharmed(here, soak, kind));
            begin.elapsed() / UNHARMED
        });
        let (mut stood, mut swept) = (0, 0);
        for done in 1..=all {
            let before = Before::look(&here.dir);
            let kind = if soak.rng.bool() { Victim::Run } else { Victim::Holder };
            let moment = times[kind as usize].mul_f64(soak.rng.f64() * 1.5);
            stood += u64::from(killed(here, soak, kind, moment));
            swept += u64::from(swept_by(here, soak));
            before.again(&here.dir);
            let figures = format!(
                ", {stood} of them with a box that stood, {swept} that left something to sweep, nothing left after"
            );
            soak.says(here, done, all, &figures);
        }
    });
}

#[derive(Debug, Clone, Copy)]
enum Victim {
    /// `unha run`.
    Run,
    /// Another process of this very test, which has a bench and one box after the other.
    Holder,
}

impl Victim {
    /// Starts it; it prints something when a box stands.
    fn start(self, here: &Here, soak: &mut Soak) -> Child {
        let mut command = match self {
            Self::Run => {
                let mut command = Command::new(program());
                command.arg("run").args(options(soak.features()).split_whitespace());
                // One process: where there is neither a PID namespace nor a cgroup, a second one is the learner's own.
                command.args(["--", "sh", "-c", "echo ready; read line"]);
                command
            }
            Self::Holder => {
                let mut command = Command::new(env::current_exe().unwrap());
                let test = here.name.split(' ').next().unwrap();
                command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env("UNHA_TEST_ROLE", "holder");
                command.env("UNHA_SEED", soak.rng.u32(..).to_string());
                command.env("UNHA_SOAK_CGROUP", if soak.cgroup { "1" } else { "0" });
                command
            }
        };
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        remember(child.id().cast_signed());
        child
    }
}

/// What the holder does, until it is killed or its input ends.
fn hold(here: &Here, soak: &mut Soak) {
    soak.cgroup = env::var("UNHA_SOAK_CGROUP").is_ok_and(|value| value == "1");
    let bench = Bench::of(here);
    bench.outside("setsid sleep 1000 < /dev/null > /dev/null 2>&1 &");
    loop {
        one_box(&bench, soak);
        // Nobody reads any more when the test itself was killed.
        if writeln!(std::io::stdout(), "ready").is_err() {
            return;
        }
    }
}

/// How long it takes until a box stands: that and no more.
fn unharmed(here: &Here, soak: &mut Soak, kind: Victim) {
    let mut child = kind.start(here, soak);
    let mut said = vec![];
    until("a box stands", || {
        let mut bytes = [0; 64];
        let length = child.stdout.as_mut().unwrap().read(&mut bytes).unwrap();
        assert_ne!(length, 0, "{kind:?}: {}", String::from_utf8_lossy(&said));
        said.extend_from_slice(&bytes[..length]);
        said.windows(5).any(|word| word == b"ready")
    });
    end(child);
    swept_by(here, soak);
}

/// Kills one of them, any one, and then whoever is left; whether a box stood by then.
fn killed(here: &Here, soak: &mut Soak, kind: Victim, moment: Duration) -> bool {
    let child = kind.start(here, soak);
    // Nothing is waited for: it is the moment that is random.
    sleep(moment);
    let top = child.id().cast_signed();
    let family = family(top);
    let victim = family[soak.rng.usize(..family.len())];
    if let Some(pid) = Pid::from_raw(victim)
        && let Ok(process) = pidfd_open(pid, PidfdFlags::empty())
        // Its number may have gone to somebody else since it was read.
        && self::family(top).contains(&victim)
    {
        let _ = pidfd_send_signal(process, Signal::KILL);
    }
    end(child).windows(5).any(|word| word == b"ready")
}

/// Kills it, buries all its descendants, and says what it had printed.
fn end(mut child: Child) -> Vec<u8> {
    family(child.id().cast_signed()).into_iter().for_each(remember);
    child.kill().unwrap();
    child.wait().unwrap();
    until("every descendant is dead", || {
        let left = children();
        // One of them may be a keeper that was not born yet when we looked.
        left.iter().copied().for_each(remember);
        bury_orphans();
        left.is_empty() || held_by_cgroup(&left)
    });
    let mut said = vec![];
    child.stdout.take().unwrap().read_to_end(&mut said).unwrap();
    said
}

/// Whether all of them live in cgroups of ours: what outlives its run is ended by the sweep.
fn held_by_cgroup(pids: &BTreeSet<i32>) -> bool {
    pids.iter().all(|pid| fs::read_to_string(format!("/proc/{pid}/cgroup")).is_ok_and(|text| text.contains("/unha-")))
}

/// A process and all its descendants.
fn family(top: i32) -> Vec<i32> {
    let mut family = vec![top];
    let mut next = 0;
    while let Some(of) = family.get(next).copied() {
        let tasks = fs::read_dir(format!("/proc/{of}/task")).into_iter().flatten().filter_map(Result::ok);
        let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        family.extend(
            lists.flat_map(|list| list.split_whitespace().map(|pid| pid.parse::<i32>().unwrap()).collect::<Vec<_>>()),
        );
        next += 1;
    }
    family
}

/// Sweeps what is left, by `unha clean` or by the next start; whether there was anything.
fn swept_by(here: &Here, soak: &mut Soak) -> bool {
    let would = clean(&["--dry-run"]);
    let left = would.contains("would remove");
    if left && soak.cgroup && soak.rng.bool() {
        // Whoever makes a cgroup sweeps first.
        assert_eq!(here.run("--pids-limit 20").command(["true"]).ends(), 0);
    } else {
        clean(&[]);
    }
    left
}
