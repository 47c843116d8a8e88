//! Where a person's unha lives: folders of their own for progress, cache and runs, and a program that they may read.

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use nix::unistd::{Gid, Uid, User, geteuid};
use tempfile::TempDir;

/// The user and group that stand for an ordinary person where the tests run as root.
const ORDINARY: u32 = 1000;

/// Who sits at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever runs the tests.
    Me,
    /// Somebody without any rights.
    Ordinary,
}

impl Who {
    /// Whether the tests can be somebody else than they are.
    fn is_other(self) -> bool {
        self == Self::Ordinary && geteuid().is_root()
    }
}

/// The program and the root file system that it builds: the same for all who are the same person.
struct Shared {
    folder: TempDir,
    program: PathBuf,
}

static SHARED: [Mutex<Weak<Shared>>; 2] = [const { Mutex::new(Weak::new()) }; 2];

impl Shared {
    fn of(who: Who) -> Arc<Self> {
        let mut slot = SHARED[usize::from(who.is_other())].lock().unwrap_or_else(PoisonError::into_inner);
        slot.upgrade().unwrap_or_else(|| {
            let shared = Arc::new(Self::make(who, &env::temp_dir()));
            *slot = Arc::downgrade(&shared);
            shared
        })
    }

    fn make(who: Who, below: &Path) -> Self {
        let folder = folder(who, below);
        let mut program = PathBuf::from(env!("CARGO_BIN_EXE_unha"));
        if who.is_other() {
            let copy = folder.path().join("program");
            // A link where it can be: a copy that is still open for writing in another test's child cannot be executed.
            fs::hard_link(&program, &copy).or_else(|_| fs::copy(&program, &copy).map(drop)).unwrap();
            program = copy;
        }
        Self { folder, program }
    }
}

fn folder(who: Who, below: &Path) -> TempDir {
    let folder = tempfile::Builder::new().prefix("unha-walk-").tempdir_in(below).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if who.is_other() {
        chown(folder.path(), Some(ORDINARY), Some(ORDINARY)).unwrap();
    }
    folder
}

fn is_kept(folder: &Path, words: &str) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).any(|path| {
        let said = || fs::read_to_string(&path).unwrap_or_default().split_whitespace().collect::<String>();
        if path.is_dir() {
            is_kept(&path, words)
        } else {
            path.extension() == Some("json".as_ref()) && said().contains(words)
        }
    })
}

/// A person's folders.
pub struct Home {
    pub who: Who,
    shared: Arc<Shared>,
    own: TempDir,
    /// The first process of the place that it is in, if it is not this machine.
    place: Option<i32>,
}

impl Home {
    pub fn new(who: Who) -> Self {
        Self::of(who, Shared::of(who), folder(who, &env::temp_dir()), None)
    }

    /// In a place with namespaces of its own, whose first process is this.
    pub fn within(place: i32, who: Who) -> Self {
        // The place has a /tmp and a /run of its own.
        let lasting = Path::new("/var/tmp");
        Self::of(who, Arc::new(Shared::make(who, lasting)), folder(who, lasting), Some(place))
    }

    fn of(who: Who, shared: Arc<Shared>, own: TempDir, place: Option<i32>) -> Self {
        let home = Self { who, shared, own, place };
        fs::create_dir(home.runtime()).unwrap();
        if let Some((user, group)) = home.owner() {
            chown(home.runtime(), Some(user.as_raw()), Some(group.as_raw())).unwrap();
        }
        home
    }

    /// Whether this person is granted user ids beside their own: root has them all. subuid(5).
    pub fn has_range(&self) -> bool {
        let uid = if self.who.is_other() { Uid::from_raw(ORDINARY) } else { geteuid() };
        let name = User::from_uid(uid).unwrap().map_or_else(String::new, |user| user.name);
        let granted = fs::read_to_string("/etc/subuid").unwrap_or_default();
        uid.is_root()
            || granted
                .lines()
                .filter_map(|line| line.split(':').next())
                .any(|who| who == name || who == uid.to_string())
    }

    /// Where unha writes down the runs that it has to clear away.
    pub fn records(&self) -> PathBuf {
        self.runtime().join("unha")
    }

    /// Waits until these words of JSON, without blanks, stand in a file that unha keeps. The screen does not wait for a disk that
    /// is slow, so that what it shows may be kept a moment later.
    #[allow(dead_code, reason = "only who kills a talk looks for it")]
    pub fn until_kept(&self, words: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !is_kept(self.own.path(), words) {
            assert!(Instant::now() < deadline, "not kept: {words}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn runtime(&self) -> PathBuf {
        self.own.path().join("run")
    }

    /// Whose the terminal is.
    pub fn owner(&self) -> Option<(Uid, Gid)> {
        self.who.is_other().then(|| (Uid::from_raw(ORDINARY), Gid::from_raw(ORDINARY)))
    }

    /// The program, to be started with a session and a terminal of its own: setsid(1).
    pub fn unha(&self) -> Command {
        self.started_by(&["setsid", "--ctty"])
    }

    /// The program, to be started with no terminal at all.
    pub fn unha_without_terminal(&self) -> Command {
        self.started_by(&["setsid"])
    }

    fn started_by(&self, session: &[&str]) -> Command {
        let id = ORDINARY.to_string();
        let place = self.place.map(|first| first.to_string());
        let mut words: Vec<&str> = vec![];
        if let Some(first) = &place {
            words.extend(["nsenter", "--target", first, "--mount", "--uts", "--net", "--ipc", "--pid"]);
        }
        if self.who.is_other() {
            words.extend(["setpriv", "--reuid", &id, "--regid", &id, "--clear-groups"]);
        }
        words.extend(session);
        let mut unha = Command::new(words[0]);
        unha.args(&words[1..]).arg(&self.shared.program);
        for name in ["SUDO_UID", "SUDO_GID", "NO_COLOR", "COLORTERM", "LC_ALL", "LANGUAGE", "TMUX"] {
            unha.env_remove(name);
        }
        let own: &Path = self.own.path();
        unha.env("HOME", own)
            .env("XDG_STATE_HOME", own)
            .env("XDG_RUNTIME_DIR", self.runtime())
            .env("UNHA_RECORDS", self.records())
            .env("XDG_CACHE_HOME", self.shared.folder.path())
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8")
            .current_dir("/");
        unha
    }
}
