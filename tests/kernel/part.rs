//! A test's parts: the same body once as root and once as an ordinary user, each in a process of its own.
//!
//! The process adopts orphans, its folders are its own and its mounts are a shared copy: whatever the body leaves
//! behind, and whatever leaks out of a box, is found there (see `left`).

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{any, env};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::left::Before;
use crate::skip::{Why, aloud, skip};

/// The ordinary user.
pub const UID: u32 = 1000;

/// How long one part may take, if nothing else is said.
const PATIENCE: Duration = Duration::from_secs(180);

/// What a part says that is for people: these lines are passed on as they come.
const FOR_PEOPLE: [&str; 3] = ["SKIP ", "SOAK ", "TOOLS "];

/// The folders of one part, which the programs that it starts take for the user's.
pub const FOLDERS: [(&str, &str); 4] =
    [("HOME", "home"), ("XDG_RUNTIME_DIR", "run"), ("XDG_CACHE_HOME", "cache"), ("TMPDIR", "tmp")];

/// Where a test's body runs.
#[derive(Debug)]
pub struct Here {
    /// The test and who runs it, as it is told to people.
    pub name: String,
    /// Whether this is the half that runs as root.
    pub root: bool,
    /// The folder of this part.
    pub dir: PathBuf,
    /// What this process is to do, where a test needs more than one process of its own.
    pub role: Option<String>,
}

/// Runs `body` as root and as an ordinary user, and makes sure that it leaves nothing.
pub fn both<F: FnOnce(&Here)>(body: F) {
    both_within(PATIENCE, name_of::<F>(), body);
}

/// As [`both`], of the test with this name and with so much time for each.
pub fn both_within(patience: Duration, test: &str, body: impl FnOnce(&Here)) {
    let is_root = nix::unistd::geteuid().is_root();
    let who = |root: bool| if root { "as root" } else { "as an ordinary user" };
    if let Some(dir) = env::var_os("UNHA_TEST_DIR") {
        let role = env::var("UNHA_TEST_ROLE").ok();
        let here = Here { name: format!("{test} {}", who(is_root)), root: is_root, dir: dir.into(), role };
        nix::sys::prctl::set_child_subreaper(true).unwrap();
        let before = Before::look(&here.dir);
        body(&here);
        before.again(&here.dir);
        return;
    }
    // Where an ordinary user runs the tests as well, root need not do it for them: `UNHA_TEST_AS=root`.
    let root_alone = env::var("UNHA_TEST_AS").is_ok_and(|who| who == "root");
    for root in [true, false] {
        if !root && root_alone {
            continue;
        }
        if root && !is_root {
            skip(&format!("{test} {}", who(true)), Why::Root);
        } else {
            again(test, root, is_root, patience);
        }
    }
}

/// The test's name as the test harness knows it, from the name of the closure in it.
pub fn name_of<F>() -> &'static str {
    let name = any::type_name::<F>();
    let name = name.split_once("::").map_or(name, |(_, rest)| rest);
    name.split_once("::{{").map_or(name, |(test, _)| test)
}

/// Runs this very test again, as root or not, in a process of its own.
fn again(test: &str, root: bool, is_root: bool, patience: Duration) {
    let dir = TempDir::with_prefix("kernel-test-").unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let lower = is_root && !root;
    for (_, name) in FOLDERS {
        let folder = dir.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        if lower {
            chown(&folder, Some(UID), Some(UID)).unwrap();
        }
    }
    let mut words: Vec<&str> = vec![];
    if is_root {
        // Shared, as on a host with systemd: what a box does not cut off shows up here.
        words.extend(["unshare", "--mount", "--propagation", "shared"]);
    }
    if lower {
        words.extend(["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"]);
    }
    words.push("env");
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(within_reach(&env::current_exe().unwrap(), dir.path(), lower));
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.envs(FOLDERS.map(|(variable, name)| (variable, dir.path().join(name))));
    command
        .env("UNHA_TEST_DIR", dir.path())
        // What systemd gives who asks is tested in the guest. Here unha takes what there is, as if it had asked.
        .env("UNHA_SCOPE", "as-it-is")
        .env("UNHA_RECORDS", dir.path().join("run/unha"))
        .env("RUST_BACKTRACE", "0")
        .env("LC_ALL", "C")
        .env_remove("SUDO_UID")
        .env_remove("SUDO_GID");
    let program = Path::new(env!("CARGO_BIN_EXE_unha"));
    command.env("UNHA_TEST_PROGRAM", within_reach(program, dir.path(), lower));
    let said = finish(command.current_dir("/"), &dir.path().join("said"), patience);
    assert!(said.contains("1 passed"), "{test} as {}:\n{said}", if root { "root" } else { "an ordinary user" });
}

/// The file, or another name or copy of it where an ordinary user can start it: the folder that this was built in may be
/// closed to them.
pub fn within_reach(file: &Path, dir: &Path, lower: bool) -> PathBuf {
    let as_user = ["--reuid", "1000", "--regid", "1000", "--clear-groups", "test", "-x"];
    if !lower || Command::new("setpriv").args(as_user).arg(file).status().is_ok_and(|status| status.success()) {
        return file.to_owned();
    }
    let near = dir.join(file.file_name().unwrap());
    if fs::hard_link(file, &near).is_err() {
        fs::copy(file, &near).unwrap();
    }
    near
}

/// What the command says, in the end; it is killed with all its group when it does not come to one.
fn finish(command: &mut Command, said: &Path, patience: Duration) -> String {
    let file = fs::File::create(said).unwrap();
    command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file).process_group(0);
    let mut child = command.spawn().unwrap();
    let end = Instant::now() + patience;
    let (mut told, mut ended) = (0, false);
    loop {
        let text = fs::read_to_string(said).unwrap_or_default();
        told += pass_on(&text[told..]);
        if ended {
            let _ = child.wait();
            return text;
        }
        if Instant::now() > end {
            let _ = killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
            let _ = child.wait();
            return text + "\nit did not come to an end";
        }
        std::thread::sleep(Duration::from_millis(5));
        // Once more round when it has ended: for its last lines.
        ended = child.try_wait().unwrap().is_some();
    }
}

/// Passes on what is for people in the whole lines of the text; how long these are.
fn pass_on(text: &str) -> usize {
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    for line in text[..whole].lines() {
        // It may stand behind the name of the test, on the same line.
        FOR_PEOPLE.iter().filter_map(|start| line.find(start)).for_each(|at| aloud(&line[at..]));
    }
    whole
}

/// Waits until `holds`, which is asked again and again; panics with `what` when it does not come true.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
