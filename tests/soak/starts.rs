//! Starts and stops: half of them by `unha run`, the others on benches that come and go.

use nix::sys::signal::Signal;
use unha::kernel::bench::protocol::{Report, Request};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::left::{Before, children};
use crate::outside::{Bench, all_of};
use crate::part::Here;
use crate::program::options;
use crate::random::{Soak, number, soak};

/// What is done in a box that comes to its end by itself: leaves files, processes, mounts, links, objects behind.
const SCRIPTS: [&str; 7] = [
    "true",
    "exit 7",
    "kill -9 $$",
    "setsid sleep 1000 < /dev/null > /dev/null 2>&1 &",
    "mkdir -p /tmp/soak/a/b && head -c 100000 /dev/zero > /tmp/soak/zeros; rm -rf /tmp/soak",
    "seq 1 2000; sleep 1000 & ps -e",
    "for i in 1 2 3 4 5; do (true) & done; wait",
];

/// What else can be done where the box's mounts are its own.
const WITH_MOUNTS: &str = "mount -t tmpfs -o size=1m soak /mnt && touch /mnt/soak";

#[test]
fn starts_and_stops() {
    soak("starts and stops", |here, soak| {
        let all = number(60, 2000);
        let mut done = 0;
        while done < all {
            if soak.rng.bool() {
                by_run(here, soak);
                done += 1;
            } else {
                let boxes = soak.rng.u64(1..=(all - done).min(20));
                on_a_bench(here, soak, boxes);
                done += boxes;
            }
            soak.says(here, done, all, ", nothing left after any");
        }
    });
}

fn script(soak: &mut Soak, features: FeatureSet) -> &'static str {
    match soak.rng.usize(..=SCRIPTS.len()) {
        at if at < SCRIPTS.len() => SCRIPTS[at],
        _ if features.has(Feature::Mount) => WITH_MOUNTS,
        _ => "true",
    }
}

/// One box by `unha run`, which ends by itself, when its input ends, or when it is told to.
fn by_run(here: &Here, soak: &mut Soak) {
    let before = Before::look(&here.dir);
    let features = soak.features();
    let limits = soak.limits(features);
    let mut words = options(features.without(Feature::Cgroup));
    for (option, value) in [("--pids-limit", limits.pids), ("--memory", limits.memory)] {
        words += &value.map_or_else(String::new, |value| format!(" {option} {value}"));
    }
    if features.has(Feature::Pid) && soak.rng.bool() {
        words += " --init";
    }
    match soak.rng.u8(..4) {
        0 => {
            let mut started = here.run(&words).sh("echo ready; read line").start();
            assert_eq!(started.line(), "ready", "{words}");
            started.signal(Signal::SIGTERM);
            // A first process without a handler does not hear it; the end of its input it does.
            started.end();
        }
        1 => {
            let mut started = here.run(&words).sh("echo ready; read line").start();
            assert_eq!(started.line(), "ready", "{words}");
            assert_ne!(started.end().0, 125, "{words}");
        }
        _ => {
            let done = here.run(&words).sh(script(soak, features)).done();
            assert_ne!(done.code, 125, "{words}: {done:?}");
        }
    }
    before.again(&here.dir);
}

/// A bench with so many boxes, one after the other.
fn on_a_bench(here: &Here, soak: &mut Soak, boxes: u64) {
    let before = Before::look(&here.dir);
    let bench = Bench::of(here);
    let look = "ps -e -o comm=; wc -l < /proc/self/mountinfo; ls /dev /sys/class/net; ipcs; ls /proc/self/fd";
    let empty = bench.outside(look);
    for _ in 0..boxes {
        one_box(&bench, soak);
    }
    bench.ask(&Request::Forget);
    assert_eq!(bench.outside(look), empty);
    drop(bench);
    assert!(children().is_empty(), "dropping a bench waits for its end");
    before.again(&here.dir);
}

/// One box, which ends by itself, is stopped, forgotten with its files, or driven out by the next one.
pub fn one_box(bench: &Bench, soak: &mut Soak) {
    let features = soak.features();
    let limits = soak.limits(features);
    let next = soak.rng.u8(..6);
    let script = if next == 0 { script(soak, features) } else { "echo ready; read line" };
    let files = bench.start_with(features, limits, script).unwrap_or_else(|failed| panic!("{features:?}: {failed}"));
    match next {
        0 => {
            all_of(files);
            return;
        }
        1 => bench.ask(&Request::Stop),
        2 => bench.ask(&Request::Forget),
        3 => {
            bench.ask(&Request::Look);
            assert!(matches!(bench.next().0, Report::Seen { .. }));
            bench.ask(&Request::Stop);
        }
        4 if features.has(Feature::Cgroup) => {
            let limits = soak.limits(features);
            bench.ask(&Request::Limit(limits));
            assert!(matches!(bench.next().0, Report::Limits(Ok(held)) if held.pids == limits.pids));
        }
        _ => {}
    }
    drop(files);
}
