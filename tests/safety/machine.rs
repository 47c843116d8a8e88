//! The machine as it is: everything that a lesson could have changed, to be compared before and after.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long what was killed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// Values below /proc/sys that change by themselves: counters, and what is drawn anew at each reading.
const RESTLESS: &[&str] = &[
    "fs/dentry-state",
    "fs/file-nr",
    "fs/inode-nr",
    "fs/inode-state",
    "fs/aio-nr",
    "fs/quota/syncs",
    "kernel/random/uuid",
    "kernel/random/entropy_avail",
    "kernel/ns_last_pid",
    "kernel/pty/nr",
    "net/netfilter/nf_conntrack_count",
];

/// Values below /sys that a lesson might write.
const OF_SYS: &[&str] = &[
    "block/vda/queue/read_ahead_kb",
    "block/vda/queue/scheduler",
    "kernel/mm/transparent_hugepage/enabled",
    "kernel/mm/ksm/run",
    "power/state",
    "devices/system/cpu/online",
];

/// What a machine is, name by name.
pub struct Machine {
    facts: BTreeMap<String, String>,
    /// Seconds since boot, and how far the clock is from it.
    uptime: f64,
    clock: f64,
}

impl Machine {
    /// Looks at everything.
    pub fn look() -> Self {
        let mut facts = BTreeMap::new();
        let mut add = |name: String, value: String| {
            facts.insert(name, value);
        };
        for path in
            ["/proc/1/mountinfo", "/proc/sysvipc/sem", "/proc/sysvipc/msg", "/proc/sysvipc/shm", "/proc/1/cgroup"]
        {
            add(path.to_owned(), read(path));
        }
        // Its other columns are counters.
        add("swap".to_owned(), read("/proc/swaps").lines().map(|line| first(line) + "\n").collect());
        // Modules may come by themselves, when a file system or a kind of link is first asked for; none may go, and
        // one that nobody but a learner asks for may not come.
        let modules = read("/proc/modules");
        add("module overlay".to_owned(), modules.lines().any(|line| first(line) == "overlay").to_string());
        add("module stp".to_owned(), modules.lines().any(|line| first(line) == "stp").to_string());
        add("kernel log is kept".to_owned(), kernel_log_begins());
        for name in OF_SYS {
            add(format!("/sys/{name}"), read(format!("/sys/{name}")));
        }
        walk(Path::new("/proc/sys"), &mut |path| {
            let name = path.strip_prefix("/proc/sys").unwrap_or(path).display().to_string();
            if path.is_file() && !RESTLESS.contains(&name.as_str()) {
                add(format!("sysctl {name}"), read(path));
            }
        });
        // No two file systems are mixed up by the walk: /proc, /sys, /dev and /run have their own.
        let root = fs::metadata("/").unwrap().dev();
        walk_on(Path::new("/"), root, &mut |path| {
            // A bench has one file on a real disk, there, for as long as it stands. That it is gone the walk tells; that the
            // folder was written to is no trace that anybody could mind.
            let seen = if path == Path::new("/var/tmp") { kind(path) } else { file(path) };
            add(format!("file {}", path.display()), seen);
        });
        for place in ["/dev", "/run"] {
            walk(Path::new(place), &mut |path| {
                // Terminals come and go, and journald turns its files over.
                if !path.starts_with("/dev/pts")
                    && !path.starts_with("/run/log")
                    && !path.starts_with("/run/systemd/journal")
                {
                    add(format!("name {}", path.display()), kind(path));
                }
            });
        }
        walk(Path::new("/sys/fs/cgroup"), &mut |path| {
            let limits = ["cgroup.subtree_control", "pids.max", "memory.max", "memory.swap.max", "cpu.max"];
            if path.is_dir() {
                add(format!("cgroup {}", path.display()), limits.map(|file| read(path.join(file))).join(" "));
            }
        });
        for link in fs::read_dir("/sys/class/net").unwrap().filter_map(Result::ok) {
            let of = |file: &str| read(link.path().join(file));
            add(
                format!("link {}", link.file_name().display()),
                ["ifindex", "mtu", "flags", "address"].map(of).join(" "),
            );
        }
        add("routes".to_owned(), read("/proc/net/route") + &read("/proc/net/fib_trie"));
        processes(&mut add);
        let uptime: f64 = first(&read("/proc/uptime")).parse().unwrap();
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() - uptime;
        Self { facts, uptime, clock }
    }

    /// What is another now, in words.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut seen = vec![];
        for (name, value) in &self.facts {
            match now.facts.get(name) {
                None => seen.push(format!("{name} is gone: {value}")),
                Some(other) if other != value => seen.push(format!("{name} was {value:?}, is {other:?}")),
                Some(_) => {}
            }
        }
        let new = now.facts.iter().filter(|(name, _)| !self.facts.contains_key(*name));
        seen.extend(new.map(|(name, value)| format!("{name} is new: {value}")));
        if now.uptime < self.uptime {
            seen.push(format!("it has booted anew: up {} s, before {} s", now.uptime, self.uptime));
        }
        if (now.clock - self.clock).abs() > 2.0 {
            seen.push(format!("its clock is {} s off", now.clock - self.clock));
        }
        seen
    }

    /// Fails unless the machine is as it was; what was killed a moment ago may take its time to go.
    pub fn is_still_so(&self, after: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.differences(&Self::look());
            if seen.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "the machine is not as it was, after: {after}\n{}", seen.join("\n"));
        }
    }
}

fn first(line: &str) -> String {
    line.split_whitespace().next().unwrap_or_default().to_owned()
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read(path).map_or_else(|error| error.to_string(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The oldest line of the kernel's log: `dmesg -C` would have taken it away.
fn kernel_log_begins() -> String {
    let log = std::process::Command::new("dmesg").output().unwrap();
    String::from_utf8_lossy(&log.stdout).lines().next().unwrap_or_default().to_owned()
}

/// All that ls -l would show of a file, and when it was last changed in any way.
fn file(path: &Path) -> String {
    let Ok(found) = fs::symlink_metadata(path) else { return "unreadable".to_owned() };
    format!(
        "inode {} mode {:o} owner {}:{} size {} changed {}.{} {}.{}",
        found.ino(),
        found.mode(),
        found.uid(),
        found.gid(),
        found.size(),
        found.mtime(),
        found.mtime_nsec(),
        found.ctime(),
        found.ctime_nsec()
    )
}

fn kind(path: &Path) -> String {
    fs::symlink_metadata(path).map_or_else(
        |error| error.to_string(),
        |found| format!("mode {:o} owner {}:{} device {}", found.mode(), found.uid(), found.gid(), found.rdev()),
    )
}

fn walk(folder: &Path, see: &mut dyn FnMut(&Path)) {
    walk_on(folder, fs::metadata(folder).unwrap().dev(), see);
}

/// Sees everything below a folder that is on the file system `device`.
fn walk_on(folder: &Path, device: u64, see: &mut dyn FnMut(&Path)) {
    see(folder);
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() && found.dev() == device => walk_on(&path, device, see),
            Ok(found) if found.dev() == device => see(&path),
            _ => {}
        }
    }
}

/// Every process but the kernel's own, which come and go with its work: by number and time of birth.
fn processes(add: &mut dyn FnMut(String, String)) {
    for entry in fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = read(entry.path().join("stat"));
        let Some((name, rest)) = stat.rsplit_once(')') else { continue };
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let (Some(parent), Some(born)) = (fields.get(1), fields.get(19)) else { continue };
        if *parent != "2" && pid != 2 {
            let name = name.split_once('(').map_or("", |(_, name)| name);
            let program = fs::read_link(entry.path().join("exe")).unwrap_or_default();
            let program = program.file_name().unwrap_or(OsStr::new("")).display().to_string();
            add(format!("process {pid} {name}"), format!("born {born} {program}"));
        }
    }
}
