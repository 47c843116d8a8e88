//! A machine that lacks something, made for one process: mounts, sysctls, a filter, a user, that nobody else sees.
//!
//! The test starts itself anew as a single-threaded program, which makes the situation for itself by real system calls
//! and then becomes `unha doctor`. What it made goes with it; the machine's own mounts and settings stay as they are.

use std::collections::BTreeMap;
use std::fs;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{Gid, Uid, chdir, chroot, setgroups, setresgid, setresuid};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use serde_json::Value;
use tempfile::TempDir;
use unha::kernel::sys;

const UNHA: &str = env!("CARGO_BIN_EXE_unha");

/// The variable that tells the program started anew what to make, one step a line.
const STEPS: &str = "UNHA_TEST_SITUATION";

/// A situation that is being described.
pub struct Situation {
    steps: Vec<String>,
    env: Vec<(String, String)>,
    words: Vec<String>,
    terminal: Option<(u16, u16)>,
    dir: TempDir,
}

/// What `unha doctor` says in it.
pub struct Said {
    pub code: i32,
    pub out: String,
}

impl Situation {
    /// The machine as it is, with a home of its own and a terminal of 80×24.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
        let home = dir.path().display().to_string();
        // Root's built root is made once; another user passes by a cache that is not theirs.
        let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/doctor");
        let env = [
            ("HOME", home.as_str()),
            ("XDG_CACHE_HOME", cache),
            ("TERM", "xterm-256color"),
            ("LC_ALL", "C.UTF-8"),
            ("USER", "learner"),
        ];
        Self {
            steps: vec![],
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            words: vec!["doctor".to_owned()],
            terminal: Some((80, 24)),
            dir,
        }
    }

    pub fn step(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }

    /// Another content for a file.
    pub fn file(self, path: &str, content: &str) -> Self {
        let ours = self.dir.path().join(format!("file{}", self.steps.len()));
        fs::write(&ours, content).unwrap();
        fs::set_permissions(&ours, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        self.step(format!("bind {} {path}", ours.display()))
    }

    /// Another folder of sysctls, with these in it.
    pub fn sysctls(self, folder: &str, values: &[(&str, &str)]) -> Self {
        let ours = self.dir.path().join(format!("sysctl{}", self.steps.len()));
        fs::create_dir(&ours).unwrap();
        for (name, value) in values {
            fs::write(ours.join(name), format!("{value}\n")).unwrap();
        }
        self.step(format!("bind {} {folder}", ours.display()))
    }

    /// As somebody who is not root.
    pub fn ordinary(self) -> Self {
        self.step("user 1000")
    }

    /// The same where the tests run as root; else nothing is to be done for it.
    pub fn ordinary_if_root(self) -> Self {
        if nix::unistd::geteuid().is_root() { self.ordinary() } else { self }
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn words(mut self, words: &[&str]) -> Self {
        self.words.extend(words.iter().map(|word| (*word).to_owned()));
        self
    }

    /// Another verb than `doctor`.
    pub fn verb(mut self, words: &[&str]) -> Self {
        self.words = words.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    pub const fn terminal(mut self, size: Option<(u16, u16)>) -> Self {
        self.terminal = size;
        self
    }

    /// The folder that belongs to the situation alone.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What `unha doctor` says there.
    pub fn says(&self) -> Said {
        let itself = std::env::current_exe().unwrap();
        let mut command = Command::new(itself);
        command.args(["--ignored", "--exact", "becomes_unha", "--test-threads=1", "--nocapture"]);
        command.env(STEPS, self.steps.join("\n")).env("UNHA_TEST_WORDS", self.words.join(" "));
        for gone in ["LANG", "LC_CTYPE", "COLORTERM", "NO_COLOR", "XDG_RUNTIME_DIR", "container"] {
            command.env_remove(gone);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        let pty = nix::pty::openpty(None, None).unwrap();
        match self.terminal {
            None => command.stdin(Stdio::null()),
            Some((columns, rows)) => {
                sys::set_size(pty.master.as_fd(), columns, rows);
                command.stdin(pty.slave)
            }
        };
        let output = command.output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        // The harness says a few words before it becomes unha.
        let out = out.split_once("running 1 test\n").map_or(out.as_str(), |(_, after)| after);
        let out = out.strip_prefix("test becomes_unha ... ").unwrap_or(out).to_owned();
        let err = String::from_utf8_lossy(&output.stderr);
        Said { code: output.status.code().unwrap_or_else(|| panic!("{out}{err}")), out: out + &err }
    }

    /// The same as JSON, by feature.
    pub fn found(self) -> Found {
        let said = self.words(&["--json"]).says();
        let line = said.out.lines().find(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{}", said.out));
        let json: Value = serde_json::from_str(line).unwrap();
        let features = json["features"].as_array().unwrap().iter();
        let features = features.map(|one| (one["feature"].as_str().unwrap().to_owned(), one.clone())).collect();
        Found { code: said.code, json, features }
    }
}

/// What `unha doctor --json` found.
pub struct Found {
    pub code: i32,
    pub json: Value,
    features: BTreeMap<String, Value>,
}

impl Found {
    pub fn of(&self, feature: &str) -> &Value {
        self.features.get(feature).unwrap_or_else(|| panic!("nothing on {feature}: {}", self.json))
    }

    #[track_caller]
    pub fn is(&self, feature: &str, standing: &str, reason: &str) {
        let found = self.of(feature);
        assert_eq!((&found["standing"], &found["reason"]), (&standing.into(), &reason.into()), "{found}");
    }

    #[track_caller]
    pub fn works(&self, features: &[&str]) {
        for feature in features {
            assert_eq!(self.of(feature)["standing"], "works", "{}", self.of(feature));
        }
    }

    /// What was seen, as one text.
    pub fn seen(&self, feature: &str) -> String {
        let seen = self.of(feature)["seen"].as_array().unwrap().iter();
        seen.map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    pub fn mends(&self, feature: &str, line: &str) {
        assert_eq!(self.of(feature)["mend"], line, "{}", self.of(feature));
    }

    /// The lessons that cannot run.
    pub fn stopped(&self) -> Vec<&str> {
        let lessons = self.json["lessons"].as_array().unwrap().iter();
        lessons.filter(|one| one["runs"] == false).map(|one| one["lesson"].as_str().unwrap()).collect()
    }

    /// No lesson runs.
    #[track_caller]
    pub fn stops_all(&self) {
        let lessons = self.json["lessons"].as_array().unwrap();
        assert_eq!((self.code, self.stopped().len()), (1, lessons.len()), "{}", self.json);
    }
}

/// Makes the situation that the environment describes, and becomes unha.
pub fn become_unha() {
    let steps = std::env::var(STEPS).unwrap_or_default();
    if nix::unistd::geteuid().is_root() {
        unshare(CloneFlags::CLONE_NEWNS).unwrap();
        mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>).unwrap();
    }
    let mut limit = None;
    for step in steps.lines() {
        let words: Vec<&str> = step.split(' ').collect();
        if let ["namespaces", kind, most] = words[..] {
            limit = Some((kind.to_owned(), most.to_owned()));
            continue;
        }
        make(&words).unwrap_or_else(|why| panic!("{step}: {why}"));
    }
    let words = std::env::var("UNHA_TEST_WORDS").unwrap_or_default();
    let mut unha = match limit {
        None => Command::new(UNHA),
        // These sysctls are each user namespace's own, so this is real, and nobody's but ours. The test's program has
        // threads, and such a one gets no user namespace: unshare(1) makes it.
        Some((kind, most)) => {
            let script = format!("echo {most} >/proc/sys/user/max_{kind}_namespaces && exec \"$0\" \"$@\"");
            let mut unshare = Command::new("unshare");
            unshare.args(["--user", "--map-root-user", "sh", "-c", &script, UNHA]);
            unshare
        }
    };
    unha.args(words.split(' ')).env_remove(STEPS).env_remove("UNHA_TEST_WORDS");
    panic!("{UNHA}: {}", unha.exec());
}

fn make(step: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    let nothing = None::<&str>;
    match step {
        ["bind", from, to] => mount(Some(*from), *to, nothing, MsFlags::MS_BIND | MsFlags::MS_REC, nothing)?,
        ["tmpfs", to] => mount(Some("tmpfs"), *to, Some("tmpfs"), MsFlags::empty(), Some("size=64k,mode=755"))?,
        ["cgroup2", to] => mount(Some("cgroup2"), *to, Some("cgroup2"), MsFlags::empty(), nothing)?,
        ["umount", at] => umount2(*at, MntFlags::MNT_DETACH)?,
        ["read-only", below] => {
            for line in fs::read_to_string("/proc/self/mountinfo")?.lines() {
                let point = line.split(' ').nth(4).unwrap_or_default();
                if point == *below || point.starts_with(&format!("{below}/")) {
                    let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY;
                    mount(nothing, point, nothing, flags, nothing)?;
                }
            }
        }
        ["chroot", dir] => {
            chroot(*dir)?;
            chdir("/")?;
        }
        ["user", uid] => {
            let (uid, gid) = (Uid::from_raw(uid.parse()?), Gid::from_raw(uid.parse()?));
            setgroups(&[gid])?;
            setresgid(gid, gid, gid)?;
            setresuid(uid, uid, uid)?;
        }
        ["groups", gids] => {
            let gids: Result<Vec<Gid>, _> = gids.split(',').map(|gid| gid.parse().map(Gid::from_raw)).collect();
            setgroups(&gids?)?;
        }
        ["uid", uid] => {
            let uid = Uid::from_raw(uid.parse()?);
            setresgid(Gid::from_raw(uid.as_raw()), Gid::from_raw(uid.as_raw()), Gid::from_raw(uid.as_raw()))?;
            setresuid(uid, uid, uid)?;
        }
        ["deny", names] => filter(names)?,
        other => panic!("no such step: {other:?}"),
    }
    Ok(())
}

/// A filter that answers EPERM to these calls, as a container runtime's does.
fn filter(names: &str) -> Result<(), Box<dyn std::error::Error>> {
    let number = |name: &str| match name {
        "unshare" => libc::SYS_unshare,
        "mount" => libc::SYS_mount,
        "sethostname" => libc::SYS_sethostname,
        other => panic!("{other}"),
    };
    let rules = names.split(',').map(|name| (number(name), vec![])).collect();
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()?;
    Ok(seccompiler::apply_filter(&program)?)
}
