//! What `unha grade --json` says of a command.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::part::Here;
use crate::program::Done;

/// Item by item, its verdict and what was found.
pub type Verdicts = BTreeMap<String, String>;

/// A report, and how unha ended.
#[derive(Debug)]
pub struct Judged {
    pub code: i32,
    pub json: Value,
}

impl Judged {
    /// Every item as `leaky writable`.
    pub fn verdicts(&self) -> Verdicts {
        let word = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
        let items = self.json["items"].as_array().unwrap().iter();
        items.map(|item| (word(item, "item"), format!("{} {}", word(item, "verdict"), word(item, "finding")))).collect()
    }

    /// Panics unless just these items are other than in `bare`, and as they are told: `uts has own`.
    #[track_caller]
    pub fn differs(&self, bare: &Verdicts, wanted: &[&str]) {
        let found = self.verdicts();
        let differs = |(item, verdict): &(&String, &String)| bare.get(*item) != Some(*verdict);
        let found: Vec<String> =
            found.iter().filter(differs).map(|(item, verdict)| format!("{item} {verdict}")).collect();
        let mut wanted: Vec<String> = wanted.iter().map(|line| (*line).to_owned()).collect();
        // What is as in a bare shell is no difference, wherever that is.
        wanted.retain(|line| {
            let (item, verdict) = line.split_once(' ').unwrap();
            bare.get(item).is_none_or(|of_bare| of_bare != verdict)
        });
        wanted.sort();
        assert_eq!(found, wanted, "{:#}", self.json);
    }

    /// The evidence of an item, in one piece.
    pub fn seen(&self, name: &str) -> String {
        let item = self.json["items"].as_array().unwrap().iter().find(|item| item["item"] == name).unwrap();
        item["seen"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n")
    }
}

impl Here {
    /// Runs `unha grade` on these words of a command.
    pub fn grade(&self, options: &str, words: &[&str]) -> Done {
        self.unha(&format!("grade {options}")).command(["--"]).command(words).done()
    }

    /// What it says of a command of which it has something to say.
    #[track_caller]
    pub fn judged(&self, words: &[&str]) -> Judged {
        let seconds = if words == ["sh"] { 1 } else { 30 };
        let done = self.grade(&format!("--json --seconds {seconds}"), words);
        assert!(done.err.is_empty(), "{words:?}: {done:?}");
        Judged { code: done.code, json: serde_json::from_str(&done.out).unwrap() }
    }

    /// The built-in root file system.
    pub fn root_files(&self) -> PathBuf {
        unha::image::ensure(&self.dir.join("cache")).unwrap().path
    }
}

/// The verdicts on a shell in nothing, with which all else is compared.
pub fn bare(here: &Here) -> Verdicts {
    let own = ["user", "uts", "pid", "proc", "mount", "root", "net", "ipc", "cgroup", "time"];
    let limits = ["pids-limit", "memory-limit", "cpu-limit"];
    // What is root's to write and to read is there for an ordinary user too, as it is.
    let of_root = [
        ("root-id", "missing outsides-root", "has ordinary"),
        ("cgroupfs", "missing writable", if owns_cgroup() { "missing writable" } else { "has read-only" }),
        ("proc-sys", "missing writable", "has read-only"),
        ("sys", "missing writable", "has read-only"),
        ("disks", if has_disks(Path::new("/dev")) { "missing reachable" } else { "has none" }, "has none"),
        ("capabilities", "missing everything", "has harmless"),
    ];
    let all = own.map(|item| (item, "missing shared")).into_iter();
    let all = all.chain(limits.map(|item| (item, "missing unlimited")));
    let all = all.chain(of_root.map(|(item, root, user)| (item, if here.root { root } else { user })));
    let all = all.chain([
        ("descriptors", "has closed"),
        ("cwd", "has closed"),
        ("no-new-privs", if given("NoNewPrivs") { "has on" } else { "missing off" }),
        ("seccomp", if given("Seccomp") { "has on" } else { "missing off" }),
    ]);
    all.map(|(item, verdict)| (item.to_owned(), verdict.to_owned())).collect()
}

/// Whether the cgroup that we are in is ours to write, as systemd gives one to an ordinary user with version 2.
pub fn owns_cgroup() -> bool {
    let lines = fs::read_to_string("/proc/self/cgroup").unwrap();
    let path = lines.lines().find_map(|line| line.strip_prefix("0::/")).unwrap_or_default();
    let ours = Path::new("/sys/fs/cgroup").join(path).join("cgroup.procs");
    !path.is_empty() && fs::OpenOptions::new().write(true).open(ours).is_ok()
}

/// Whether a line of our own status says more than 0: what we have been given, whom we start has too.
fn given(key: &str) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).unwrap();
    line.trim() != "0"
}

/// Whether this machine shows its disks.
fn has_disks(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.into_iter().any(|entry| {
        let kind = entry.file_type().unwrap();
        kind.is_block_device() || (kind.is_dir() && has_disks(&entry.path()))
    })
}
