//! A user's home in which unha keeps root file systems: root's, an ordinary user's with a range of ids, and one's without.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::skip::{Why, skip};

const UNHA: &str = env!("CARGO_BIN_EXE_unha");

/// The ordinary user.
const UID: u32 = 1000;

/// The first of their ids.
pub const FIRST: u32 = 100_000;

/// Who it is that imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Root,
    Range,
    Single,
}

impl Who {
    /// Those whom this machine lets us be; the others are told.
    pub fn all(test: &str) -> Vec<Self> {
        if !nix::unistd::geteuid().is_root() {
            skip(&format!("{test} as root and with a range"), Why::Root);
            return vec![Self::Single];
        }
        if !Path::new("/usr/bin/newuidmap").exists() || !Path::new("/etc/subuid").exists() {
            skip(&format!("{test} with a range"), Why::Uidmap);
            return vec![Self::Root, Self::Single];
        }
        vec![Self::Root, Self::Range, Self::Single]
    }

    /// The number on the machine of a user of the root.
    pub const fn id(self, inside: u32) -> u32 {
        match (self, inside) {
            (Self::Root, id) => id,
            (Self::Range, id) if id > 0 => FIRST + id,
            _ => UID,
        }
    }
}

pub struct Home {
    pub dir: TempDir,
    pub who: Who,
}

impl Home {
    pub fn of(who: Who) -> Self {
        let dir = TempDir::with_prefix("rootfs-test-").unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        for name in ["data", "run", "cache", "in"] {
            let folder = dir.path().join(name);
            fs::create_dir(&folder).unwrap();
            fs::set_permissions(&folder, Permissions::from_mode(if name == "in" { 0o755 } else { 0o700 })).unwrap();
            if who != Who::Root && nix::unistd::geteuid().is_root() {
                chown(&folder, Some(UID), Some(UID)).unwrap();
            }
        }
        // The folder that this was built in may be closed to others.
        let unha = dir.path().join("unha");
        fs::hard_link(UNHA, &unha).or_else(|_| fs::copy(UNHA, &unha).map(drop)).unwrap();
        let range = if who == Who::Range { format!("{UID}:{FIRST}:65536\n") } else { String::new() };
        fs::write(dir.path().join("ranges"), range).unwrap();
        Self { dir, who }
    }

    /// A folder for what is to be imported.
    pub fn sources(&self) -> PathBuf {
        self.dir.path().join("in")
    }

    pub fn shelf(&self) -> PathBuf {
        self.dir.path().join("data/unha/rootfs")
    }

    pub fn root(&self, name: &str) -> PathBuf {
        self.shelf().join(name).join("root")
    }

    /// What stands on the shelf, hidden or not.
    pub fn on_shelf(&self) -> Vec<String> {
        let entries = fs::read_dir(self.shelf()).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    /// `unha` with these words, as its user; what it prints is piped.
    pub fn unha(&self, words: &[&str]) -> Command {
        let unha = self.dir.path().join("unha");
        let mut command = if self.who == Who::Root || !nix::unistd::geteuid().is_root() {
            Command::new(unha)
        } else {
            let script = "mount --make-rprivate / && mount --bind $0 /etc/subuid && mount --bind $0 /etc/subgid; \
                          exec setpriv --reuid 1000 --regid 1000 --clear-groups \"$@\"";
            let mut command = Command::new("unshare");
            command.args(["--mount", "sh", "-c", script]).arg(self.dir.path().join("ranges")).arg(unha);
            command
        };
        let at = |name: &str| self.dir.path().join(name);
        command.args(words).current_dir("/").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("HOME", at("data")).env("XDG_DATA_HOME", at("data")).env("XDG_CACHE_HOME", at("cache"));
        command.env("UNHA_RECORDS", at("run/unha")).env("UNHA_SCOPE", "as-it-is");
        for name in ["SUDO_UID", "SUDO_GID", "LC_ALL", "LC_MESSAGES"] {
            command.env_remove(name);
        }
        command.env("LANG", "C.UTF-8").env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    }

    /// Runs it to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.unha(words).output().unwrap()
    }

    /// Runs it, which must go well; what it prints.
    #[track_caller]
    pub fn well(&self, words: &[&str]) -> String {
        let done = self.run(words);
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{:?} {words:?}: {:?}\n{out}{err}", self.who, done.status);
        out.into_owned()
    }

    /// Imports the source under that name.
    #[track_caller]
    pub fn import(&self, source: &Path, name: &str) {
        self.well(&["rootfs", "import", source.to_str().unwrap(), "--name", name]);
    }
}

/// Runs a tool that must go well.
#[track_caller]
pub fn tool(words: &[&str], dir: &Path) {
    let done = Command::new(words[0]).args(&words[1..]).current_dir(dir).stdin(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Whether the tools are there; those that are not are told.
pub fn has(test: &str, tools: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |tool: &str| std::env::split_paths(&path).any(|dir| dir.join(tool).exists());
    let missing: Vec<&&str> = tools.iter().filter(|tool| !there(tool)).collect();
    if !missing.is_empty() {
        skip(&format!("{test}: {missing:?}"), Why::Tool);
    }
    missing.is_empty()
}
