//! What real engines start is found by its name: runc, crun, podman.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Standing, is_root, unha};
use crate::skip::{Why, skip};

/// The built-in root file system, where everybody can read it; it goes with whoever uses it last.
pub struct Root {
    folder: TempDir,
}

impl Root {
    pub fn get() -> Arc<Self> {
        static ROOT: Mutex<Weak<Root>> = Mutex::new(Weak::new());
        let mut known = ROOT.lock().unwrap_or_else(PoisonError::into_inner);
        known.upgrade().unwrap_or_else(|| {
            let root = Arc::new(Self::build());
            *known = Arc::downgrade(&root);
            root
        })
    }

    fn build() -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let cache = folder.path().join("cache");
        fs::create_dir(&cache).unwrap();
        let built = unha::image::ensure(&cache).unwrap().path;
        let root = Self { folder };
        assert!(Command::new("cp").arg("-a").args([&built, &root.path()]).status().unwrap().success());
        // Who is root in a user namespace is an ordinary user here, and has to get to the files.
        for path in [root.folder.path(), &root.path()] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        root
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("root")
    }
}

pub fn has(tool: &str, test: &str) -> bool {
    let there = Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_root() {
        skip(&format!("{test}, {tool}"), Why::Root);
    } else if !there {
        skip(&format!("{test}, {tool}"), Why::Tool);
    }
    is_root() && there
}

/// Where version 2 is mounted beside version 1: crun refuses such a machine, unless it does not see one.
fn second_hierarchy() -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    let of_type = |kind: &str| mounts.lines().find(|line| line.split(' ').nth(2) == Some(kind));
    of_type("cgroup")?;
    Some(of_type("cgroup2")?.split(' ').nth(1)?.to_owned())
}

/// A container of runc's or crun's.
pub struct Container {
    /// It ends with this, before its folder goes.
    standing: Option<Standing>,
    pub name: String,
    folder: TempDir,
    engine: &'static str,
    _root: Arc<Root>,
}

impl Container {
    /// Starts one with the configuration that the engine proposes, changed so, and these options of `run`.
    pub fn start(engine: &'static str, word: &str, options: &str, change: impl FnOnce(&mut Value)) -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let bundle = folder.path();
        assert!(Command::new(engine).arg("spec").current_dir(bundle).status().unwrap().success());
        let file = bundle.join("config.json");
        let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let root = Root::get();
        config["root"] = json!({ "path": root.path(), "readonly": true });
        config["process"]["terminal"] = json!(false);
        config["process"]["args"] = json!(["/bin/sh", "-c", "echo ready; exec cat"]);
        change(&mut config);
        fs::write(&file, config.to_string()).unwrap();
        let name = format!("unha-{word}-{}", std::process::id());
        let state = bundle.join("state");
        let run = format!("{engine} --root {} run {options} --bundle {} {name}", state.display(), bundle.display());
        let place = second_hierarchy().filter(|_| engine == "crun");
        let hide = place.map_or_else(String::new, |place| format!("mount -t tmpfs none {place} && "));
        let standing = Standing::start(&["unshare", "--mount", "sh", "-c", &format!("{hide} exec {run} 3</")]);
        // The command may run before the engine has written down that it does.
        let of = state.join(&name);
        let until = Instant::now() + Duration::from_secs(20);
        while !["status", "state.json"].iter().any(|file| {
            fs::read_to_string(of.join(file)).is_ok_and(|text| text.ends_with('}') || text.ends_with("}\n"))
        }) {
            assert!(Instant::now() < until, "{engine} has not written down its state");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { standing: Some(standing), name, folder, engine, _root: root }
    }

    /// What `unha inspect --json` says of it, asked for by name.
    pub fn report(&self, variables: &[(&str, &str)]) -> Value {
        let word = format!("{}:{}", self.engine, self.name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_unha"));
        command.args(["inspect", &word, "--json"]).env("LC_ALL", "C").envs(variables.iter().copied());
        let output = command.output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{word}: {output:?}"))
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        drop(self.standing.take());
        let state = self.folder.path().join("state");
        let left: Vec<_> = fs::read_dir(&state).map_or_else(|_| vec![], |dir| dir.map(Result::unwrap).collect());
        assert!(left.is_empty() || std::thread::panicking(), "{} has left {left:?}", self.engine);
    }
}

/// The group of a process in the tree.
fn group(pid: &Value) -> Value {
    let tree: Value = serde_json::from_slice(&unha(&["inspect", "--json"]).stdout).unwrap();
    let groups = tree["groups"].as_array().unwrap();
    groups.iter().find(|group| group["first"]["pid"] == *pid).unwrap_or_else(|| panic!("{tree:#}")).clone()
}

fn is_named(engine: &'static str) {
    let container = Container::start(engine, "named", "", |_| {});
    let report = container.report(&[]);
    assert_eq!((&report["container"]["engine"], &report["inside"]["pid"]["value"]), (&json!(engine), &json!(1)));
    let group = group(&report["pid"]);
    assert_eq!((&group["container"]["engine"], &group["container"]["name"]), (&json!(engine), &json!(container.name)));
    for kind in ["pid", "mnt", "net", "ipc", "uts"] {
        assert!(group["apart"].as_array().unwrap().contains(&json!(kind)), "{group:#}");
    }
}

#[test]
fn runcs() {
    if has("runc", "engines::runcs") {
        is_named("runc");
    }
}

#[test]
fn cruns() {
    if has("crun", "engines::cruns") {
        is_named("crun");
    }
}

/// Without a daemon: what its conmon was told, and its files, name it.
#[test]
fn podmans() {
    if !has("podman", "engines::podmans") || !has("crun", "engines::podmans") {
        return;
    }
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    // A machine's root may be without CAP_SYS_RESOURCE: then no limit can be raised to podman's own.
    let limits = "[containers]\ndefault_ulimits = [\"nofile=1024:4096\", \"nproc=1024:4096\"]\n";
    fs::write(at("containers.conf"), limits).unwrap();
    let podman = |words: &str| {
        let hide = second_hierarchy().map_or_else(String::new, |place| format!("mount -t tmpfs none {place} && "));
        let (graph, run, tmp) = (at("graph"), at("run"), at("tmp"));
        let line = format!(
            "{hide} exec podman --root {graph} --runroot {run} --tmpdir {tmp} --cgroup-manager cgroupfs {words}"
        );
        let mut command = Command::new("unshare");
        let output =
            command.args(["--mount", "sh", "-c", &line]).env("CONTAINERS_CONF", at("containers.conf")).output();
        let output = output.unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned(), output)
    };
    let name = format!("unha-podman-{}", std::process::id());
    let files = Root::get();
    let root = files.path().display().to_string();
    // Its own limits on cgroups are another test's; so are networks, for which it wants more programs.
    let (done, id, output) =
        podman(&format!("run --detach --network=none --cgroups=disabled --name {name} --rootfs {root} sleep 100"));
    let cleared = || drop(podman("rm --force --all --time 0"));
    if !done {
        cleared();
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        panic!("podman does not run here: {why}");
    }
    let output = unha(&["inspect", &name, "--json"]);
    let tree = unha(&["inspect", "--json"]);
    cleared();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!((&report["container"]["engine"], &report["container"]["id"]), (&json!("podman"), &json!(id)));
    assert_eq!(report["inside"]["pid"]["value"], 1);
    let tree: Value = serde_json::from_slice(&tree.stdout).unwrap();
    let group = tree["groups"].as_array().unwrap().iter().find(|group| group["first"]["pid"] == report["pid"]);
    assert_eq!(group.unwrap()["container"]["name"], name);
}

/// Root of a container may call a program as it likes, and tell it what it likes.
#[test]
fn the_words_of_who_is_in_a_container_are_not_believed() {
    if !is_root() {
        return skip("engines::the_words_of_who_is_in_a_container_are_not_believed", Why::Root);
    }
    let folder = tempfile::tempdir().unwrap();
    let conmon = folder.path().join("conmon");
    fs::copy("/bin/sh", &conmon).unwrap();
    let name = format!("unha-claimed-{}", std::process::id());
    let words = [conmon.to_str().unwrap(), "-c", "echo ready; cat; :", "-n", &name];
    let said = || String::from_utf8(unha(&["inspect", &name]).stderr).unwrap();
    let outside = Standing::start(&words);
    assert!(said().contains(&format!("podman:{name} is there, but does not run")), "{}", said());
    drop(outside);
    let _inside = Standing::start(&[&["unshare", "--pid", "--fork"], &words[..]].concat());
    assert!(said().contains("nobody here has"), "{}", said());
}
