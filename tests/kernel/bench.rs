//! The bench: a host of its own, of which nothing reaches the machine.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};
use unha::kernel::run_cgroup;

use crate::left::{Before, cgroups};
use crate::outside::{Bench, value};
use crate::part::{Here, both};
use crate::program::program;
use crate::skip::{Why, skip};

fn has_cgroup(here: &Here, bench: &Bench) -> bool {
    if bench.standing.cgroup.is_none() {
        skip(&here.name, if here.root { Why::Cgroup } else { Why::UserCgroup });
    }
    bench.standing.cgroup.is_some()
}

#[test]
fn it_has_namespaces_and_ids_of_its_own() {
    both(|here| {
        let bench = Bench::of(here);
        assert_eq!(bench.outside("hostname"), "bancada");
        let kinds = ["uts", "pid", "mnt", "ipc", "net", "cgroup", "user"];
        let theirs = bench.outside("cd /proc/self/ns && readlink uts pid mnt ipc net cgroup user");
        for (kind, theirs) in kinds.iter().zip(theirs.lines()) {
            let ours = fs::read_link(format!("/proc/self/ns/{kind}")).unwrap();
            assert!(theirs.starts_with(kind) && ours.to_str() != Some(theirs), "{theirs}");
        }
        let map = bench.outside("cat /proc/self/uid_map; id -u");
        let (first, of_boxes) = (0x6fff_0000_u32.to_string(), 0x6ffe_0000_u32.to_string());
        let given = bench.standing.ids.map(|range| range.uid.to_string());
        let wanted: Vec<&str> = match (&given, here.root) {
            (_, true) => vec!["0", &first, "65536", "100000", &of_boxes, "65536", "0"],
            (Some(range), false) => vec!["0", "1000", "1", range, range, "65536", "0"],
            (None, false) => vec!["0", "1000", "1", "0"],
        };
        assert_eq!(map.split_whitespace().collect::<Vec<_>>(), wanted);
    });
}

#[test]
fn root_without_its_capability_has_one_like_an_ordinary_users() {
    both(|here| {
        if !here.root {
            return;
        }
        // As in most containers.
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]).arg(program());
        let output = command.args(["check", "--lang", "en", "uts"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.ends_with("10 passed, 0 failed, 0 skipped\n"), "{said}");
    });
}

#[test]
fn it_has_processes_and_links_of_its_own() {
    both(|here| {
        let bench = Bench::of(here);
        let processes = bench.outside("ps -e -o pid=,comm=");
        let lines: Vec<Vec<&str>> = processes.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(lines.len() <= 3 && lines[0] == ["1", "unha"], "{processes}");
        // As on a host, numbers are high, where the kernel lets the bench say so.
        assert!(lines[1][0].parse::<u32>().unwrap() > 1, "{processes}");
        assert_eq!(bench.outside("tail -n +3 /proc/net/dev | cut -d: -f1").trim(), "lo");
    });
}

#[test]
fn settings_of_the_machine_cannot_be_written() {
    both(|here| {
        let bench = Bench::of(here);
        // Each is written back as it stands, so that nothing would change even if it were let through.
        for file in
            ["/proc/sys/kernel/core_pattern", "/proc/sys/vm/swappiness", "/sys/kernel/mm/transparent_hugepage/enabled"]
        {
            if !fs::exists(file).unwrap() {
                continue;
            }
            let said = bench.outside(&format!("text=$(cat {file}); echo \"$text\" > {file} && echo written"));
            assert!(!said.contains("written"), "{file}: {said}");
        }
        let said = bench.outside("echo h > /proc/sysrq-trigger && echo written");
        assert!(!said.contains("written"), "{said}");
        let kept = bench
            .outside("grep CapBnd /proc/self/status")
            .split_whitespace()
            .last()
            .map(|set| u64::from_str_radix(set, 16).unwrap())
            .unwrap();
        for (name, bit) in [("SYS_MODULE", 16), ("SYS_RAWIO", 17), ("SYS_BOOT", 22), ("SYS_TIME", 25), ("MKNOD", 27)] {
            assert_eq!(kept >> bit & 1, 0, "CAP_{name}");
        }
    });
}

#[test]
fn each_feature_differs_from_the_bench_and_only_when_on() {
    both(|here| {
        let mut bench = Bench::of(here);
        let facts = [
            (Feature::Uts, Fact::NsUts),
            (Feature::Pid, Fact::NsPid),
            (Feature::Mount, Fact::NsMnt),
            (Feature::Rootfs, Fact::Os),
            (Feature::Ipc, Fact::NsIpc),
            (Feature::Net, Fact::NsNet),
        ];
        for (feature, fact) in facts {
            let (outside, inside) = bench.facts(FeatureSet::NONE.with(feature).closed());
            assert_ne!(value(&outside, fact), value(&inside, fact), "{feature} on");
            let mut others: FeatureSet =
                facts.iter().map(|(other, _)| *other).filter(|other| *other != feature).collect();
            if others.closed() != others {
                others = others.without(Feature::Rootfs);
            }
            let (outside, inside) = bench.facts(others);
            assert_eq!(value(&outside, fact), value(&inside, fact), "{feature} off, all others on");
            let (outside, inside) = bench.facts(FeatureSet::NONE);
            assert_eq!(value(&outside, fact), value(&inside, fact), "nothing on");
        }
    });
}

#[test]
fn a_box_with_limits_is_in_a_cgroup_of_its_own() {
    both(|here| {
        let mut bench = Bench::of(here);
        if !has_cgroup(here, &bench) {
            return;
        }
        let (on, _) = bench.facts(FeatureSet::NONE.with(Feature::Cgroup));
        assert_eq!(value(&on, Fact::PidsMax), &Value::Number(64));
        assert_eq!(value(&on, Fact::MemoryMax), &Value::Number(64 << 20));
        let (off, _) = bench.facts(FeatureSet::NONE);
        assert_ne!(value(&off, Fact::Cgroup), value(&on, Fact::Cgroup));
        assert_ne!(off.get(&Fact::PidsMax), on.get(&Fact::PidsMax));
    });
}

#[test]
fn killing_everybody_from_the_outside_shell_leaves_it_standing() {
    both(|here| {
        let mut bench = Bench::of(here);
        bench.outside("kill -9 -1; kill -9 1");
        assert_eq!(bench.outside("echo here"), "here");
        assert_eq!(
            bench.inside(FeatureSet::NONE.with(Feature::Uts), "kill -9 -1 2>/dev/null; kill -9 1; echo alive").unwrap(),
            "alive"
        );
        assert_eq!(bench.outside("hostname"), "bancada");
    });
}

#[test]
fn two_at_once_do_not_disturb_each_other() {
    both(|here| {
        let (mut one, mut two) = (Bench::of(here), Bench::of(here));
        one.outside("hostname one; echo one > /etc/kernel-test; mount -t tmpfs one /srv; touch /srv/one");
        assert_eq!(two.outside("hostname; ls /etc/kernel-test /srv 2>/dev/null").trim(), "bancada\n/srv:");
        let all: FeatureSet = Feature::ALL.into_iter().filter(|feature| *feature != Feature::Cgroup).collect();
        assert_eq!(one.inside(all, "echo inside").unwrap(), "inside");
        one.outside("kill -9 -1");
        assert_eq!(two.inside(all, "echo inside").unwrap(), "inside");
        drop(one);
        assert_eq!(two.outside("hostname"), "bancada");
    });
}

#[test]
fn the_safety_limits_hold_and_cannot_be_raised_from_within() {
    both(|here| {
        let bench = Bench::of(here);
        if !has_cgroup(here, &bench) {
            return;
        }
        let safety = run_cgroup::safety();
        let limits = || -> Vec<(PathBuf, String)> {
            let files = ["pids.max", "memory.max", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"];
            let tops = tops(here).into_iter().flat_map(move |dir| files.map(|file| dir.join(file)));
            tops.filter_map(|file| Some((file.clone(), fs::read_to_string(file).ok()?.trim().to_owned()))).collect()
        };
        let before = limits();
        let of = |name: &str| {
            before.iter().find(|(file, _)| file.ends_with(name)).map(|(_, value)| value.parse::<u64>().unwrap())
        };
        assert_eq!(of("pids.max"), safety.pids);
        assert_eq!(of("memory.max").or(of("memory.limit_in_bytes")), safety.memory);
        let script = "find /sys/fs/cgroup -name pids.max -o -name memory.max -o -name 'memory.*limit_in_bytes' | \
                      while read file; do echo 999999999999 > $file; done; mkdir $(dirname $(find /sys/fs/cgroup -name pids.max | head -n 1))/../up";
        let said = bench.outside(script);
        // An ordinary user owns the files, so opening them is allowed and writing is not: dash calls any such "I/O error".
        assert!(said.contains("denied") || said.contains("I/O error"), "{said}");
        assert_eq!(limits(), before);
        // The bench's own processes are below the top.
        let first = bench.outside("cat /proc/1/cgroup");
        assert!(first.lines().any(|line| line.ends_with("/outside")), "{first}");
    });
}

/// The names of this part's runs.
fn records(here: &Here) -> BTreeSet<OsString> {
    let records = fs::read_dir(here.dir.join("run/unha")).into_iter().flatten().filter_map(Result::ok);
    records.map(|record| record.file_name()).collect()
}

/// The top cgroups of this part's runs.
fn tops(here: &Here) -> BTreeSet<PathBuf> {
    let names = records(here);
    assert!(!names.is_empty());
    cgroups().into_iter().filter(|dir| names.contains(dir.file_name().unwrap())).collect()
}

#[test]
fn nothing_is_left_of_one_that_is_let_go() {
    both(|here| {
        let before = Before::look(&here.dir);
        let bench = Bench::of(here);
        bench.outside("setsid sleep 1000 < /dev/null > /dev/null 2>&1 & mkdir -p /sys/fs/cgroup/pids/by-hand/below /sys/fs/cgroup/by-hand; echo done");
        drop(bench);
        // At once: dropping a bench waits for its end.
        assert!(records(here).is_empty());
        before.again(&here.dir);
    });
}
