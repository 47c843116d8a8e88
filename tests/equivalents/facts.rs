//! What is compared: what the observer says of a box's process, what stands in its /proc, and what it reports itself.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::program::program;

/// Fact by fact. A namespace is `own` or `shared`; what belongs to a shared one is not looked at.
pub type Facts = BTreeMap<&'static str, String>;

/// What every box runs: it reports, and waits until it is no longer asked for.
pub const SCRIPT: &str = "cat /proc/sys/kernel/hostname; \
     head -c 1 /dev/zero >/dev/null 2>&1 && echo yes || echo no; \
     unshare --user true 2>/dev/null && echo yes || echo no; echo ready; read line";

/// How many lines the report has, with the last, `ready`.
pub const REPORT: usize = 4;

/// The mount points of note.
const MOUNTS: [(&str, &str); 9] = [
    ("mount /", "/"),
    ("mount /proc", "/proc"),
    ("mount /proc/sys", "/proc/sys"),
    ("mount /proc/kcore", "/proc/kcore"),
    ("mount /sys", "/sys"),
    ("mount /dev", "/dev"),
    ("mount /dev/pts", "/dev/pts"),
    ("mount /dev/shm", "/dev/shm"),
    ("mount /dev/mqueue", "/dev/mqueue"),
];

const NAMESPACES: [&str; 8] = ["ns.user", "ns.uts", "ns.pid", "ns.mnt", "ns.net", "ns.ipc", "ns.cgroup", "ns.time"];

/// The limits, as the files of its cgroup have them.
const LIMITS: [&str; 5] = ["pids.max", "memory.max", "cpu.max", "cpu.weight", "io.max"];

/// What `unha inspect --json` says of a process.
pub struct Seen(Value);

impl Seen {
    #[track_caller]
    pub fn of(pid: u32) -> Self {
        let output = Command::new(program()).args(["--lang", "en", "inspect", "--json", &pid.to_string()]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "inspect {pid}: {}", String::from_utf8_lossy(&output.stderr));
        Self(serde_json::from_slice(&output.stdout).unwrap())
    }

    pub fn get(&self, side: &str, fact: &str) -> String {
        let value = &self.0[side][fact]["value"];
        match value {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// All facts of the process; `report` is what it said of itself, `around` what is true of a process in no box.
pub fn facts(pid: u32, report: &[String], around: &Seen) -> Facts {
    let seen = Seen::of(pid);
    let proc = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let status = proc("status");
    let of_status = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.unwrap_or_default().trim().to_owned()
    };
    let mut facts = Facts::new();
    for name in NAMESPACES {
        let own = seen.get("inside", name) != seen.get("outside", name);
        facts.insert(name, if own { "own" } else { "shared" }.to_owned());
    }
    let own = |facts: &Facts, name: &str| facts[name] == "own";
    for name in ["uid-map", "gid-map", "proc.own", "propagation"] {
        facts.insert(name, seen.get("inside", name));
    }
    facts.insert("uid", seen.get("outside", "uid"));
    facts.insert("setgroups", proc("setgroups").trim().to_owned());
    facts.insert("hostname", report[0].clone());
    facts.insert("zero", report[1].clone());
    facts.insert("unshare", report[2].clone());
    for (name, key) in [
        ("cap.eff", "CapEff"),
        ("cap.prm", "CapPrm"),
        ("cap.bnd", "CapBnd"),
        ("cap.inh", "CapInh"),
        ("cap.amb", "CapAmb"),
        ("no-new-privs", "NoNewPrivs"),
        ("seccomp", "Seccomp"),
    ] {
        facts.insert(name, of_status(key));
    }
    if own(&facts, "ns.pid") {
        let pid = of_status("NSpid").split_whitespace().last().unwrap_or_default().to_owned();
        // Behind a PID 1 it has some number, the next one that was free.
        facts.insert("pid", if pid == "1" { pid } else { "another".to_owned() });
    }
    if own(&facts, "ns.time") {
        facts.insert("boottime", seen.get("inside", "boottime"));
    }
    if own(&facts, "ns.cgroup") {
        facts.insert("cgroup", seen.get("inside", "cgroup"));
    }
    if own(&facts, "ns.net") {
        facts.insert("links", seen.get("inside", "links"));
        facts.insert("links.up", seen.get("inside", "links.up"));
        // An address of version 6 that a link gives itself is another each time.
        let addresses = seen.0["inside"]["addresses"]["value"].as_array().cloned().unwrap_or_default();
        let addresses = addresses.iter().filter_map(Value::as_str).filter(|address| !address.contains(':'));
        facts.insert("addresses", addresses.collect::<Vec<_>>().join(", "));
        facts.insert("net.rate", seen.get("outside", "net.rate"));
    }
    // What the cgroup that we all are in is limited to is no limit of the box.
    for name in LIMITS {
        let (limit, usual) = (seen.get("outside", name), around.get("outside", name));
        let none = limit == usual || ["max", "-"].contains(&limit.as_str()) || (name == "cpu.weight" && limit == "100");
        facts.insert(name, if none { "max".to_owned() } else { limit });
    }
    mounts(pid, &proc("mountinfo"), &mut facts);
    let root = seen.get("inside", "root") != around.get("outside", "root");
    facts.insert("root", if root { "own" } else { "shared" }.to_owned());
    if root {
        facts.insert("devices", seen.get("inside", "devices"));
        if own(&facts, "ns.net") {
            facts.insert("sys.net", listed(&format!("/proc/{pid}/root/sys/class/net")));
        }
    }
    facts
}

fn mounts(pid: u32, table: &str, facts: &mut Facts) {
    for (name, point) in MOUNTS {
        // The last one on a place is the one that is seen.
        let line = table.lines().rev().find(|line| line.split(' ').nth(4) == Some(point));
        let found = line.map_or_else(
            || "-".to_owned(),
            |line| {
                let kind = line.split_once(" - ").and_then(|(_, rest)| rest.split(' ').next()).unwrap_or_default();
                let options = line.split(' ').nth(5).unwrap_or_default();
                let read_only = options.split(',').any(|option| option == "ro");
                format!("{kind} {}", if read_only { "ro" } else { "rw" })
            },
        );
        facts.insert(name, if name == "mount /proc/kcore" && found != "-" { "hidden".to_owned() } else { found });
    }
    let _ = pid;
}

fn listed(folder: &str) -> String {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.join(", ")
}
