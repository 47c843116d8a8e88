//! CPU weight, disk bandwidth, devices, freezing: limits that say who, how fast, what and whether at all.

use std::path::Path;
use std::process::Command;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use unha::kernel::bench::protocol::{Report, Request};
use unha::kernel::cgroupfs::weight;
use unha::kernel::container::cgroup::devices::Device;
use unha::kernel::container::cgroup::io::WriteLimit;
use unha::kernel::container::cgroup::lift::NONE;
use unha::kernel::container::cgroup::{Group, Limits};
use unha::kernel::disk;
use unha::kernel::fact::{Fact, Facts, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::left::children;
use crate::outside::{Bench, value};
use crate::part::{Here, both, until};

const LIMITED: FeatureSet = FeatureSet::NONE.with(Feature::Pid).with(Feature::Cgroup);

/// Whether the machine has a disk below /var/tmp that can be limited, for whoever has cgroups.
fn has_disk(here: &Here) -> bool {
    here.has_cgroups("") && here.run("--device-write-bps /var/tmp:1M").command(["true"]).ends() == 0
}

/// What is true of the running box as the bench sees it, and the limits that read back.
fn look(bench: &Bench) -> (Facts, Limits) {
    bench.ask(&Request::Look);
    match bench.next() {
        (Report::Seen { outside, held, .. }, _) => (outside, held.expect("the box is a member of its cgroup")),
        other => panic!("it did not look: {other:?}"),
    }
}

fn limit(bench: &Bench, limits: Limits) -> Limits {
    bench.ask(&Request::Limit(limits));
    match bench.next() {
        (Report::Limits(Ok(held)), _) => held,
        other => panic!("no limit: {other:?}"),
    }
}

#[test]
fn what_was_limited_live_is_lifted_live() {
    both(|here| {
        if !here.has_cgroups("") {
            return;
        }
        let disk = disk::of(Path::new("/var/tmp")).ok().filter(|_| has_disk(here));
        let all = |of: fn(u64) -> u64| Limits {
            pids: Some(of(15)),
            memory: Some(of(64 << 20)),
            cpu: Some(of(50_000)),
            io: disk.map(|disk| WriteLimit { disk, bytes: of(1 << 20) }),
            ..Limits::default()
        };
        let bench = Bench::of(here);
        let _box = bench.start_with(LIMITED, Limits::default(), "sleep 600").unwrap();
        let held = limit(&bench, all(|number| number));
        assert_eq!((held.pids, held.memory, held.cpu), (Some(15), Some(64 << 20), Some(50_000)));
        assert_eq!(held.io.is_some(), disk.is_some());
        let held = limit(&bench, all(|_| NONE));
        assert!(held.pids.is_none() && held.cpu.is_none() && held.io.is_none(), "{held:?}");
        let facts = look(&bench).0;
        for fact in [Fact::PidsMax, Fact::MemoryMax, Fact::CpuMax] {
            let value = facts.get(&fact).and_then(|reading| reading.value());
            assert_eq!(value, Some(&Value::Text("max".to_owned())), "{fact}");
        }
    });
}

#[test]
fn a_weight_is_that_of_docker_run() {
    both(|here| {
        if !here.has_cgroups("") {
            return;
        }
        let facts = here.facts("--cpu-shares 512");
        assert_eq!(facts.outside(Fact::CpuWeight), weight(512));
        assert_eq!(here.facts("--pids-limit 20 --cpus 1").outside(Fact::CpuWeight), 100);
        for bad in ["1", "262145", "half"] {
            assert_eq!(here.run(&format!("--cpu-shares {bad}")).command(["true"]).ends(), 125, "{bad}");
        }
    });
}

#[test]
fn a_small_weight_gets_the_small_part_of_a_core() {
    both(|here| {
        if !here.has_cgroups("") {
            return;
        }
        let bench = Bench::of(here);
        let spin = "taskset -c 0 sh -c 'while :; do :; done'";
        let (one, another) = (bench.start_outside(spin), bench.start_with(LIMITED, Limits::default(), spin).unwrap());
        let share = |wanted: std::ops::RangeInclusive<u64>, what: &str| {
            until(what, || {
                std::thread::sleep(std::time::Duration::from_millis(100));
                let facts = look(&bench).0;
                matches!(facts.get(&Fact::CpuShare).and_then(|reading| reading.value()), Some(Value::Number(part)) if wanted.contains(part))
            });
        };
        share(40..=60, "equal weights share equally");
        let held = limit(&bench, Limits { cpu_shares: Some(128), ..Limits::default() });
        assert!([Some(128), Some(weight(128))].contains(&held.cpu_shares), "{held:?}");
        share(1..=30, "an eighth of the weight is a small part");
        drop((one, another));
    });
}

#[test]
fn a_disk_is_written_to_at_the_rate_that_is_allowed() {
    both(|here| {
        if !has_disk(here) {
            return;
        }
        let facts = here.facts("--device-write-bps /var/tmp:1M");
        assert_eq!(facts.outside(Fact::IoMax), 1 << 20);
        let none = here.run("--device-write-bps /proc:1M").command(["true"]).done();
        assert!(none.code == 125 && none.err.contains("on no disk"), "{none:?}");

        let bench = Bench::of(here);
        let disk = bench.standing.disk.clone().expect("a file on a disk");
        assert!(disk.file.exists());
        let write = "dd if=/dev/zero of=/run/unha/disk bs=256k count=4 oflag=direct; read line";
        let box_ = bench.start_with(LIMITED, Limits::default(), &format!("read line; {write}")).unwrap();
        let io = WriteLimit { disk: disk.numbers, bytes: 4 << 20 };
        assert_eq!(limit(&bench, Limits { io: Some(io), ..Limits::default() }).io, Some(io));
        assert_eq!(value(&look(&bench).0, Fact::IoMax), &Value::Number(4 << 20));
        nix::unistd::write(&box_[0], b"\n").unwrap();
        until(
            "a mebibyte is on the disk",
            || matches!(value(&look(&bench).0, Fact::IoWritten), Value::Number(written) if *written >= 1 << 20),
        );
        drop((box_, bench));
        assert!(!disk.file.exists());
    });
}

#[test]
fn a_device_is_taken_even_from_root() {
    both(|here| {
        if !here.has_cgroups("") {
            return;
        }
        let script =
            "head -c1 /dev/zero >/dev/null; echo $?; mknod tmp/zero c 1:5 2>/dev/null || mknod tmp/zero c 1 5; echo $?";
        if !here.root {
            let done = here.run("--device-deny").command(["c 1:5", "true"]).done();
            assert!(done.code == 125 && done.err.contains("EPERM"), "{done:?}");
            return;
        }
        let zero = here.dir.join("tmp/zero");
        let done = here.run("--device-deny").command(["c 1:5"]).sh(script).done();
        assert!(done.out == "1\n1\n" && done.err.contains("not permitted"), "{done:?}");
        assert!(!zero.exists());
        assert_eq!(here.run("--device-deny").command(["b 1:5"]).sh(script).says(), "0\n0");
        std::fs::remove_file(zero).unwrap();
    });
}

#[test]
fn what_is_frozen_stands_still_and_dies_all_the_same() {
    both(|here| {
        if !here.has_cgroups("") {
            return;
        }
        let freeze = |bench: &Bench, frozen| limit(bench, Limits { frozen: Some(frozen), ..Limits::default() });
        let bench = Bench::of(here);
        let count = "while :; do :; done";
        let first = bench.start_with(LIMITED, Limits::default(), count).unwrap();
        assert_eq!(value(&look(&bench).0, Fact::Frozen), &Value::Number(0));
        assert_eq!(freeze(&bench, true).frozen, Some(true));
        assert_eq!(value(&look(&bench).0, Fact::Frozen), &Value::Number(1));
        assert_eq!(value(&look(&bench).0, Fact::CpuNow), &Value::Number(0), "what stands still uses no CPU");
        assert_eq!(freeze(&bench, false).frozen, Some(false));
        until("it goes on", || matches!(value(&look(&bench).0, Fact::CpuNow), Value::Number(1..)));
        // Frozen once more, and stopped, and once more, with the bench going at once.
        freeze(&bench, true);
        let second = bench.start_with(LIMITED, Limits::default(), count).unwrap();
        freeze(&bench, true);
        drop((first, second, bench));

        let bench = Bench::of(here);
        let third = bench.start_with(LIMITED, Limits::default(), count).unwrap();
        freeze(&bench, true);
        // Its keeper cannot clean up; whoever comes next does.
        for pid in children() {
            kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
        }
        drop((third, bench));
        here.unha("clean").done();
    });
}

#[test]
fn version_2_takes_a_device_by_a_program() {
    both(|here| {
        // The hierarchy of version 2 has this wherever it is mounted, with controllers or without.
        let mountinfo = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        let mount = mountinfo.lines().find(|line| line.contains(" - cgroup2 ")).and_then(|line| line.split(' ').nth(4));
        let Some(mount) = mount.filter(|_| here.root) else { return };
        let own = std::fs::read_to_string("/proc/self/cgroup").unwrap();
        let own = own.lines().find_map(|line| line.strip_prefix("0::")).unwrap();
        let dir = Path::new(mount).join(own.trim_start_matches('/')).join(format!("unha-test-{}", std::process::id()));
        let folder = |name: &str| (name.to_owned(), true, dir.clone());
        let group = Group { folders: vec![folder("devices"), folder("freezer")] };
        group.create().unwrap();
        let zero: Device = "c 1:5".parse().unwrap();
        let joined = |script: &str| {
            let script = format!("echo 0 >{}/cgroup.procs; {script}", dir.display());
            let done = Command::new("sh").args(["-c", &script]).output().unwrap();
            String::from_utf8(done.stdout).unwrap()
        };
        let script = "head -c1 /dev/zero >/dev/null 2>&1; echo $?; mknod tmp-zero c 1 5 2>/dev/null; echo $?; rm -f tmp-zero; head -c1 </dev/null; echo $?";
        assert_eq!(joined(script), "0\n0\n0\n");
        group.deny(zero).unwrap();
        assert_eq!(joined(script), "1\n1\n0\n");
        group.allow(zero).unwrap();
        assert_eq!(joined(script), "0\n0\n0\n");
        // And its freezer: who stands still can be killed there.
        let mut sleeper = Command::new("sleep").arg("1000").spawn().unwrap();
        std::fs::write(dir.join("cgroup.procs"), sleeper.id().to_string()).unwrap();
        group.limit(&Limits { frozen: Some(true), ..Limits::default() }).unwrap();
        assert_eq!(group.limits().frozen, Some(true));
        unha::kernel::run_cgroup::remove(&group).unwrap_or_else(|_| drop(sleeper.kill()));
        sleeper.wait().unwrap();
        let _ = std::fs::remove_dir(&dir);
        assert!(!dir.exists());
    });
}
