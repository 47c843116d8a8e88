//! The files of both versions, as real kernels wrote them, and the facts that they become.

use std::fs;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, StatxFlags, statx};

use super::{Cgroups, FILES, Fact, Meter, Value};

const V1: &[(&str, &str)] = &[
    ("pids.max", "max\n"),
    ("pids.current", "3\n"),
    ("pids.events", "max 7\n"),
    ("memory.limit_in_bytes", "9223372036854771712\n"),
    ("memory.usage_in_bytes", "1234567\n"),
    ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
    ("cpu.cfs_quota_us", "-1\n"),
    ("cpu.cfs_period_us", "100000\n"),
    ("cpu.stat", "nr_periods 9\nnr_throttled 5\nthrottled_time 2500000\n"),
    ("cpu.shares", "1024\n"),
    ("blkio.throttle.write_bps_device", "254:0 1048576\n"),
    ("blkio.throttle.io_service_bytes", "254:0 Read 5\n254:0 Write 4096\n254:0 Total 4101\n8:0 Write 4\nTotal 4105\n"),
    ("freezer.state", "FREEZING\n"),
    ("cpuacct.usage", "1000000\n"),
];

const V2: &[(&str, &str)] = &[
    ("pids.max", "15\n"),
    ("pids.current", "15\n"),
    ("pids.events", "max 26\n"),
    ("memory.max", "33554432\n"),
    ("memory.current", "1234567\n"),
    ("memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\noom_group_kill 0\n"),
    ("cpu.max", "20000 100000\n"),
    (
        "cpu.stat",
        "usage_usec 1000\nuser_usec 900\nsystem_usec 100\nnr_periods 23\nnr_throttled 22\nthrottled_usec 3999\n",
    ),
    ("cpu.weight", "59\n"),
    ("io.max", "254:0 rbps=max wbps=2097152 riops=max wiops=max\n"),
    ("io.stat", "254:0 rbytes=5 wbytes=4096 rios=1 wios=1 dbytes=0 dios=0\n8:0 rbytes=0 wbytes=4 rios=0\n"),
    ("cgroup.events", "populated 1\nfrozen 1\n"),
    (
        "cpu.pressure",
        "some avg10=12.99 avg60=0.00 avg300=0.00 total=9\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
    ),
    ("memory.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"),
];

const NO_PRESSURE: &str = "cgroup version 1 keeps no pressure";

/// A folder with these files, believed to be a cgroup, `/` or `/box`, by its line in a mount table.
fn cgroup(folder: &Path, kind: &str, options: &str, cgroup: &str, files: &[(&str, &str)]) -> Cgroups {
    let number = statx(CWD, folder, AtFlags::empty(), StatxFlags::MNT_ID).unwrap().stx_mnt_id;
    let own = folder.join(cgroup.trim_end().rsplit_once(":/").unwrap().1);
    fs::create_dir_all(&own).unwrap();
    fs::write(folder.join("cgroup.controllers"), "cpu io memory pids\n").unwrap();
    for (name, text) in files {
        fs::write(own.join(name), text).unwrap();
    }
    let mountinfo = format!("{number} 1 0:9 / {} rw - {kind} {kind} rw,{options}\n", folder.display());
    Cgroups::from_texts(&mountinfo, cgroup)
}

fn facts(cgroups: &Cgroups) -> Vec<(Fact, String)> {
    FILES
        .iter()
        .map(|(fact, read)| (*fact, read(cgroups).map_or_else(|why| why.to_string(), |value| value.to_string())))
        .collect()
}

fn expected(values: [&str; 16]) -> Vec<(Fact, String)> {
    FILES.iter().map(|(fact, _)| *fact).zip(values.map(str::to_owned)).collect()
}

#[test]
fn version_1_and_version_2_become_the_same_facts() {
    let folder = tempfile::tempdir().unwrap();
    let v1 = cgroup(
        folder.path(),
        "cgroup",
        "pids,memory,cpu,cpuacct,blkio,freezer",
        "1:pids,memory,cpu,cpuacct,blkio,freezer:/box\n",
        V1,
    );
    assert_eq!(
        facts(&v1),
        expected([
            "max",
            "3",
            "7",
            "max",
            "1234567",
            "2",
            "max",
            "5",
            "2",
            "100",
            "1048576",
            "4100",
            "0",
            NO_PRESSURE,
            NO_PRESSURE,
            NO_PRESSURE
        ])
    );
    let folder = tempfile::tempdir().unwrap();
    let v2 = cgroup(folder.path(), "cgroup2", "nsdelegate", "0::/box\n", V2);
    assert_eq!(
        facts(&v2),
        expected([
            "15",
            "15",
            "26",
            "33554432",
            "1234567",
            "1",
            "20",
            "22",
            "3",
            "59",
            "2097152",
            "4100",
            "1",
            "12",
            "0",
            "the kernel keeps no pressure (psi=1)"
        ])
    );
}

const EVERYBODYS: &str = "counted with everyone's, cgroup /";
const NO_SUCH_FILE: &str = "cgroup / has no such file";
/// Files of version 2 that each cgroup has but the topmost.
const NOT_ON_TOP: [&str; 6] = ["pids.max", "memory.max", "cpu.max", "cpu.weight", "io.max", "cgroup.events"];

#[test]
fn who_is_in_the_topmost_cgroup_is_not_told_what_the_machine_uses() {
    let counted = [Fact::PidsNow, Fact::PidsRefused, Fact::MemoryNow, Fact::OomKills, Fact::IoWritten];
    let pressures = [Fact::CpuPressure, Fact::MemoryPressure, Fact::IoPressure];
    let all = "pids,memory,cpu,cpuacct,blkio,freezer";
    // The topmost has no files for limits.
    let of_v2: Vec<_> = V2.iter().copied().filter(|(name, _)| !NOT_ON_TOP.contains(name)).collect();
    let not_on_top = [Fact::PidsMax, Fact::MemoryMax, Fact::CpuMax, Fact::CpuWeight, Fact::IoMax, Fact::Frozen];
    for (kind, line, files, only_there, also, none) in [
        ("cgroup", format!("1:{all}:/\n"), V1, ("release_agent", ""), &[][..], &[][..]),
        ("cgroup2", "0::/\n".to_owned(), &of_v2[..], ("cgroup.procs", ""), &pressures[..2], &not_on_top[..]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let cgroups = cgroup(folder.path(), kind, all, &line, files);
        fs::write(folder.path().join(only_there.0), only_there.1).unwrap();
        for (fact, said) in facts(&cgroups) {
            assert_eq!(said == EVERYBODYS, counted.contains(&fact) || also.contains(&fact), "{kind}, {fact}: {said}");
            assert_eq!(said == NO_SUCH_FILE, none.contains(&fact), "{kind}, {fact}: {said}");
        }
        let mut meter = Meter::default();
        for _ in 0..2 {
            let told = [meter.percent(&cgroups), meter.share(&cgroups), meter.written(&cgroups)];
            assert!(told.iter().all(|told| told.as_ref().is_err_and(|why| why.to_string() == EVERYBODYS)), "{told:?}");
        }
    }
}

#[test]
fn each_controller_of_version_1_has_a_topmost_cgroup_of_its_own() {
    let (above, of_memory) = (tempfile::tempdir().unwrap(), tempfile::tempdir_in("/dev/shm").unwrap());
    let line = "2:memory:/\n1:cpuacct:/\n";
    let _ = cgroup(above.path(), "cgroup", "cpuacct", line, V1);
    let _ = cgroup(of_memory.path(), "cgroup", "memory", line, V1);
    fs::write(above.path().join("release_agent"), "").unwrap();
    let table = [(above.path(), "cpuacct"), (of_memory.path(), "memory")].map(|(folder, name)| {
        let number = statx(CWD, folder, AtFlags::empty(), StatxFlags::MNT_ID).unwrap().stx_mnt_id;
        format!("{number} 1 0:9 / {} rw - cgroup cgroup rw,{name}\n", folder.display())
    });
    let cgroups = Cgroups::from_texts(&table.concat(), line);
    assert_eq!(Meter::default().percent(&cgroups).unwrap_err().to_string(), EVERYBODYS);
    assert!(facts(&cgroups).contains(&(Fact::MemoryNow, "1234567".to_owned())));
}

#[test]
fn cpu_in_use_takes_two_looks_at_the_same_cgroup() {
    for (kind, line, files, name, later) in [
        ("cgroup", "1:pids,memory,cpu,cpuacct:/box\n", V1, "cpuacct.usage", "3600000000000000\n"),
        ("cgroup2", "0::/box\n", V2, "cpu.stat", "usage_usec 3600000000000\n"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let cgroups = cgroup(folder.path(), kind, "pids,memory,cpu,cpuacct", line, files);
        let mut meter = Meter::default();
        assert_eq!(meter.percent(&cgroups).unwrap_err().to_string(), "it takes a second look");
        assert_eq!(meter.percent(&cgroups).unwrap(), Value::Number(0));
        fs::write(folder.path().join("box").join(name), later).unwrap();
        // 1000 hours of CPU in less than a second.
        assert!(matches!(meter.percent(&cgroups).unwrap(), Value::Number(360_000_000..)));
    }
}
