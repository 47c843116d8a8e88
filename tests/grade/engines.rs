//! Programs that make containers for a living: bubblewrap, crun, runc, and unha itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::judged::{Judged, bare};
use crate::part::{Here, both};
use crate::program::{EVERYTHING, program};
use crate::skip::{Why, skip};

/// Whether the tool is installed; where not, that is said.
fn has(here: &Here, tool: &str) -> bool {
    let there = Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        skip(&format!("{}, {tool}", here.name), Why::Tool);
    }
    there
}

#[test]
fn bubblewrap() {
    both(|here| {
        if !has(here, "bwrap") {
            return;
        }
        let (bare, root) = (bare(here), here.root_files());
        let all = format!("bwrap --unshare-all --ro-bind {} / --proc /proc --dev /dev sh", root.display());
        let judged = here.judged(&all.split(' ').collect::<Vec<_>>());
        let mut wanted =
            vec!["user has own", "uts has own", "pid has own", "proc has own", "mount has own", "root has own"];
        wanted.extend(["net has own", "ipc has own", "cgroup has own", "cgroupfs has none", "sys has none"]);
        wanted.extend(["disks has none", "capabilities has harmless", "no-new-privs has on"]);
        if here.root {
            // Its user namespace maps root to root, who owns the settings in the new /proc.
            wanted.extend(["root-id leaky outsides-root", "proc-sys leaky writable"]);
        } else {
            wanted.extend(["root-id has mapped", "proc-sys has read-only"]);
        }
        judged.differs(&bare, &wanted);
        assert_eq!(judged.json["pid-inside"], 1);

        // The whole machine, read-only: its files are ours.
        let judged = here.judged(&["bwrap", "--dev-bind", "/", "/", "sh"]);
        let verdicts = judged.verdicts();
        assert_eq!((verdicts["mount"].as_str(), verdicts["root"].as_str()), ("has own", "missing shared"));
    });
}

/// A bundle for crun and runc, as each proposes it, with limits and all namespaces but user and time.
fn bundle(here: &Here, engine: &str, root: &Path) -> PathBuf {
    let dir = here.dir.join("tmp").join(engine);
    fs::create_dir(&dir).unwrap();
    assert!(Command::new(engine).arg("spec").current_dir(&dir).status().unwrap().success());
    let file = dir.join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    config["root"] = json!({ "path": root, "readonly": true });
    config["linux"]["namespaces"] =
        ["uts", "pid", "mount", "ipc", "network", "cgroup"].map(|kind| json!({ "type": kind })).into();
    let limits = &mut config["linux"]["resources"];
    limits["memory"] = json!({ "limit": 64 << 20 });
    limits["pids"] = json!({ "limit": 64 });
    limits["cpu"] = json!({ "quota": 50_000, "period": 100_000 });
    fs::write(&file, config.to_string()).unwrap();
    dir
}

/// What crun and runc give with that: no user namespace, no clocks, no filter.
const ENGINE: [&str; 19] = [
    "uts has own",
    "pid has own",
    "proc has own",
    "mount has own",
    "root has own",
    "net has own",
    "ipc has own",
    "cgroup has own",
    "pids-limit has limited",
    "memory-limit has limited",
    "cpu-limit has limited",
    "cgroupfs has read-only",
    "proc-sys has read-only",
    "sys has read-only",
    "disks has none",
    "descriptors has closed",
    "cwd has closed",
    "capabilities has harmless",
    "no-new-privs has on",
];

/// The container of an engine as root's, whose limits only root may set everywhere.
fn engine(here: &Here, engine: &str) {
    if !here.root || !has(here, engine) || !here.has_cgroups(&format!(", {engine}")) {
        return;
    }
    let root = here.root_files();
    let dir = bundle(here, engine, &root);
    let judged = engine_in(here, engine, &dir);
    judged.differs(&bare(here), &ENGINE);
    assert!(judged.seen("pids-limit").ends_with(" 64"), "{}", judged.seen("pids-limit"));
    fs::remove_dir_all(dir).unwrap();
}

/// The engine's container of this bundle, which is cleared away as after any other end.
fn engine_in(here: &Here, engine: &str, dir: &Path) -> Judged {
    let state = here.dir.join("tmp").join(format!("{engine}-state"));
    let name = format!("unha-grade-{}", std::process::id());
    let run = format!("{engine} --root {} run --bundle {} {name}", state.display(), dir.display());
    let judged = match second_hierarchy() {
        // crun refuses a machine with hierarchies of both versions, unless it does not see one.
        Some(place) if engine == "crun" => {
            here.judged(&["unshare", "--mount", "sh", "-c", &format!("mount -t tmpfs none {place} && exec {run}")])
        }
        _ => here.judged(&run.split(' ').collect::<Vec<_>>()),
    };
    let left: Vec<_> = fs::read_dir(&state).map_or_else(|_| vec![], |dir| dir.map(Result::unwrap).collect());
    assert!(left.is_empty(), "{engine} was not let to clear its state away: {left:?}");
    assert!(!has_cgroup(&name), "{engine} was not let to remove its cgroup");
    for empty in [state, here.dir.join("run").join(engine)] {
        let _ = fs::remove_dir(empty);
    }
    judged
}

/// Where version 2 is mounted beside version 1.
fn second_hierarchy() -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    let of_type = |kind: &str| mounts.lines().find(|line| line.split(' ').nth(2) == Some(kind));
    of_type("cgroup")?;
    Some(of_type("cgroup2")?.split(' ').nth(1)?.to_owned())
}

fn has_cgroup(name: &str) -> bool {
    let found = Command::new("find").args(["/sys/fs/cgroup", "-maxdepth", "6", "-type", "d", "-name", name]).output();
    !found.unwrap().stdout.is_empty()
}

#[test]
fn crun() {
    both(|here| engine(here, "crun"));
}

/// The container that nothing is missing in, for a script that asks for the exit code alone.
#[test]
fn everything_holds() {
    both(|here| {
        if !here.root || !has(here, "crun") || !here.has_cgroups(", crun with everything") {
            return;
        }
        // Who is root in it is an ordinary user out here, and has to get to the files.
        let root = here.dir.join("tmp/open");
        let copied = Command::new("cp").arg("-a").args([here.root_files(), root.clone()]).status();
        assert!(copied.unwrap().success());
        let dir = bundle(here, "crun", &root);
        let file = dir.join("config.json");
        let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let linux = &mut config["linux"];
        linux["namespaces"].as_array_mut().unwrap().extend(["user", "time"].map(|kind| json!({ "type": kind })));
        for map in ["uidMappings", "gidMappings"] {
            linux[map] = json!([{ "containerID": 0, "hostID": 100_000, "size": 65536 }]);
        }
        let refused = json!([{ "names": ["keyctl"], "action": "SCMP_ACT_ERRNO" }]);
        linux["seccomp"] = json!({ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": refused });
        fs::write(&file, config.to_string()).unwrap();
        for path in [here.dir.join("tmp"), root.clone()] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let judged = engine_in(here, "crun", &dir);
        assert_eq!((judged.code, &judged.json["holds"]), (0, &true.into()), "{:#}", judged.json);
        fs::remove_dir_all(dir).unwrap();
        fs::remove_dir_all(root).unwrap();
    });
}

#[test]
fn runc() {
    both(|here| engine(here, "runc"));
}

/// A container of ours.
fn ours(here: &Here, options: &str) -> Judged {
    let program = program().display().to_string();
    let words: Vec<&str> = [program.as_str(), "run"].into_iter().chain(options.split(' ')).chain(["sh"]).collect();
    here.judged(&words)
}

#[test]
fn unha_run_all() {
    both(|here| {
        let bare = bare(here);
        if !here.root {
            let judged = ours(here, &format!("{EVERYTHING} --no-new-privs --seccomp default --cap-drop ALL"));
            let missing: Vec<String> = judged
                .verdicts()
                .into_iter()
                .filter(|(_, verdict)| !verdict.starts_with("has "))
                .map(|(item, _)| item)
                .collect();
            assert_eq!(missing, ["cpu-limit", "memory-limit", "pids-limit"], "{:#}", judged.json);
            return;
        }
        if !here.has_cgroups("") {
            return;
        }
        let judged = ours(here, "--all");
        let wanted = [&ENGINE[..11], &ENGINE[12..], &["time has own", "cgroupfs has none", "seccomp has on"]].concat();
        judged.differs(&bare, &wanted);
        assert_eq!(judged.code, 1, "it is the machine's root");
        // In a user namespace that calls it root again, that is all.
        let judged = ours(here, "--user --all");
        let wanted = [&wanted[..], &["user has own", "root-id leaky outsides-root"]].concat();
        judged.differs(&bare, &wanted);
    });
}
