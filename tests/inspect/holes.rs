//! Containers with exactly one hole each are told exactly that hole; those that lack nothing are told none.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;

use serde_json::{Value, json};

use super::engines::{Container, has};
use super::{Standing, is_root, unha};
use crate::skip::{Why, skip};

/// What crun needs to make a container that lacks nothing.
fn everything(config: &mut Value) {
    let linux = &mut config["linux"];
    let kinds = ["uts", "pid", "mount", "ipc", "network", "cgroup", "user", "time"];
    linux["namespaces"] = kinds.map(|kind| json!({ "type": kind })).into();
    for map in ["uidMappings", "gidMappings"] {
        linux[map] = json!([{ "containerID": 0, "hostID": 100_000, "size": 65536 }]);
    }
    let refused = json!([{ "names": ["keyctl"], "action": "SCMP_ACT_ERRNO" }]);
    linux["seccomp"] = json!({ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": refused });
    let limits = &mut linux["resources"];
    limits["memory"] = json!({ "limit": 64 << 20 });
    limits["pids"] = json!({ "limit": 64 });
    limits["cpu"] = json!({ "quota": 50_000, "period": 100_000 });
}

/// The same in the machine's user namespace, on which other holes are looked for: it has two of its own, as root three.
fn as_root(config: &mut Value) {
    everything(config);
    without(config, "user");
    // crun makes no time namespace without one of users.
    without(config, "time");
    let linux = config["linux"].as_object_mut().unwrap();
    linux.remove("uidMappings");
    linux.remove("gidMappings");
}

fn without(config: &mut Value, kind: &str) {
    config["linux"]["namespaces"].as_array_mut().unwrap().retain(|one| one["type"] != kind);
}

fn give(config: &mut Value, name: &str) {
    for set in ["bounding", "effective", "permitted"] {
        config["process"]["capabilities"][set].as_array_mut().unwrap().push(json!(name));
    }
}

fn bind(config: &mut Value, from: &str, to: &str) {
    let mount = json!({ "destination": to, "source": from, "type": "bind", "options": ["bind", "rw"] });
    config["mounts"].as_array_mut().unwrap().push(mount);
}

fn writable(config: &mut Value, point: &str) {
    let mounts = config["mounts"].as_array_mut().unwrap();
    let options =
        mounts.iter_mut().find(|mount| mount["destination"] == point).unwrap()["options"].as_array_mut().unwrap();
    options.retain(|option| option != "ro");
}

/// The holes that are to be told, options of `crun run`, and what makes them.
type Case<'a> = (&'a [&'a str], &'a str, &'a (dyn Fn(&mut Value) + Sync));

/// The words of the holes, the worst first.
fn words(report: &Value) -> Vec<String> {
    report["holes"].as_array().unwrap().iter().map(|hole| hole["hole"].as_str().unwrap().to_owned()).collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_hole_is_told_alone() {
    if !has("crun", "holes::each_hole_is_told_alone") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o666)).unwrap();
    let socket = socket.to_str().unwrap();
    let host = format!("unix://{socket}");

    let table: [Case<'_>; 21] = [
        (&[], "", &everything),
        (&["time", "user"], "", &|config| {
            as_root(config);
            config["process"]["user"] = json!({ "uid": 1000, "gid": 1000 });
        }),
        (&["root-id"], "", &|config| {
            everything(config);
            for map in ["uidMappings", "gidMappings"] {
                config["linux"][map] = json!([{ "containerID": 0, "hostID": 0, "size": 65536 }]);
            }
        }),
        (&["uts"], "", &|config| {
            everything(config);
            without(config, "uts");
            config.as_object_mut().unwrap().remove("hostname");
        }),
        (&["ipc", "time", "user"], "", &|config| {
            as_root(config);
            without(config, "ipc");
            config["process"]["user"] = json!({ "uid": 1000, "gid": 1000 });
        }),
        (&["net", "time", "user"], "", &|config| {
            as_root(config);
            without(config, "network");
            config["process"]["user"] = json!({ "uid": 1000, "gid": 1000 });
        }),
        (&["cgroup"], "", &|config| {
            everything(config);
            without(config, "cgroup");
        }),
        (&["time"], "", &|config| {
            everything(config);
            without(config, "time");
        }),
        (&["memory-limit"], "", &|config| {
            everything(config);
            config["linux"]["resources"].as_object_mut().unwrap().remove("memory");
        }),
        (&["pids-limit"], "", &|config| {
            everything(config);
            config["linux"]["resources"].as_object_mut().unwrap().remove("pids");
        }),
        (&["cpu-limit"], "", &|config| {
            everything(config);
            config["linux"]["resources"].as_object_mut().unwrap().remove("cpu");
        }),
        (&["seccomp"], "", &|config| {
            everything(config);
            config["linux"].as_object_mut().unwrap().remove("seccomp");
        }),
        (&["no-new-privs"], "", &|config| {
            everything(config);
            config["process"]["noNewPrivileges"] = json!(false);
        }),
        (&["engine-socket"], "", &|config| {
            everything(config);
            bind(config, socket, "/tmp/any.sock");
        }),
        (&["proc-masks"], "", &|config| {
            everything(config);
            config["linux"].as_object_mut().unwrap().remove("maskedPaths");
        }),
        (&["descriptors"], "--preserve-fds 1", &everything),
        (&["cap-sys-admin", "root-id", "time", "user"], "", &|config| {
            as_root(config);
            give(config, "CAP_SYS_ADMIN");
        }),
        (&["cap-dac-read-search", "root-id", "time", "user"], "", &|config| {
            as_root(config);
            give(config, "CAP_DAC_READ_SEARCH");
        }),
        (&["cap-net-admin", "root-id", "time", "user"], "", &|config| {
            as_root(config);
            give(config, "CAP_NET_ADMIN");
        }),
        (&["host-folders", "root-id", "time", "user"], "", &|config| {
            as_root(config);
            bind(config, "/etc", "/mnt");
        }),
        (&["cgroupfs", "root-id", "time", "user"], "", &|config| {
            as_root(config);
            writable(config, "/sys/fs/cgroup");
        }),
    ];
    let one = |at: usize, (wanted, options, change): &Case<'_>| {
        let container = Container::start("crun", &format!("hole{at}"), options, change);
        let report = container.report(&[("DOCKER_HOST", &host)]);
        let mut found = words(&report);
        found.retain(|word| !is_of_this_machine(word));
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, wanted, "{:#}", report["holes"]);
        assert_eq!(report["unknown"], json!([]), "{wanted:?}");
        for hole in report["holes"].as_array().unwrap() {
            let said = |key: &str| !hole[key].as_str().unwrap().is_empty();
            assert!(said("says") && said("allows") && !hole["seen"].as_array().unwrap().is_empty(), "{hole:#}");
            assert!(hole["source"]["url"].as_str().unwrap().starts_with("https://"), "{hole:#}");
        }
    };
    // Most of the time each waits.
    let cases: Vec<(usize, &Case<'_>)> = table.iter().enumerate().collect();
    std::thread::scope(|scope| {
        for part in cases.chunks(cases.len().div_ceil(3)) {
            scope.spawn(|| part.iter().for_each(|(at, case)| one(*at, case)));
        }
    });
}

/// No engine decides whether AppArmor confines: here none has loaded a profile.
fn is_of_this_machine(word: &str) -> bool {
    word == "policy"
}

#[test]
fn a_box_with_everything_on_has_no_severe_hole() {
    if !is_root() {
        return skip("holes::a_box_with_everything_on_has_no_severe_hole", Why::Root);
    }
    let program = env!("CARGO_BIN_EXE_unha");
    let place = Standing::new(&[program, "run", "--all", "--"], "");
    let pid = place.0.id();
    let tree: Value = serde_json::from_slice(&unha(&["inspect", "--json"]).stdout).unwrap();
    let group = tree["groups"].as_array().unwrap().iter().find(|group| group["first"]["parent"] == pid).unwrap();
    let first = group["first"]["pid"].to_string();
    let report: Value = serde_json::from_slice(&unha(&["inspect", &first, "--json"]).stdout).unwrap();
    let severe = report["holes"].as_array().unwrap().iter().filter(|hole| hole["severity"] == "high");
    assert_eq!(severe.collect::<Vec<_>>(), Vec::<&Value>::new());
    let walls: Vec<&str> =
        report["walls"].as_array().unwrap().iter().map(|wall| wall["item"].as_str().unwrap()).collect();
    for wall in ["uts", "pid", "proc", "mount", "root", "net", "ipc", "cgroup", "time", "seccomp", "no-new-privs"] {
        assert!(walls.contains(&wall), "{wall}: {walls:?}");
    }
    for (lang, words) in [("en", "What isolates it:"), ("pt-BR", "O que o isola:")] {
        let text = String::from_utf8(unha(&["--lang", lang, "inspect", &first]).stdout).unwrap();
        assert!(text.contains(words), "{text}");
    }
}

/// The severity of a hole and what it is said to allow.
fn told(report: &Value, word: &str) -> (String, String) {
    let hole = report["holes"].as_array().unwrap().iter().find(|hole| hole["hole"] == word).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&hole["severity"]), text(&hole["allows"]))
}

#[test]
fn who_has_no_right_over_what_it_shares_is_told_to_see_it_alone() {
    let (_folder, program) = super::readable_program();
    let as_user: &[&str] = if is_root() { &super::ORDINARY } else { &["env"] };
    let root_of_its_own = ["unshare", "--user", "--map-root-user", "--pid", "--fork"];
    let mut cases = vec![as_user.to_vec(), [as_user, &["unshare", "--user", "--map-root-user"]].concat()];
    if is_root() {
        cases.push(root_of_its_own.to_vec());
    }
    for (at, before) in cases.iter().enumerate() {
        let place = Standing::new(before, "");
        let is_users = before[0] == as_user[0] && at < 2;
        let pid = if is_users { place.pid() } else { child_of(&place.pid()) };
        let looker: &[&str] = if is_users { as_user } else { &["env"] };
        let mut command = std::process::Command::new(looker[0]);
        let output = command.args(&looker[1..]).arg(&program).args(["inspect", &pid, "--json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        for word in ["uts", "mount", "net"] {
            let (severity, allows) = told(&report, word);
            assert!(severity == "low" && allows.contains(" sees "), "{before:?} {word}: {severity}, {allows}");
        }
        assert!(told(&report, "proc").1.contains("stay closed"), "{before:?}");
    }
    if is_root() {
        let place = Standing::new(&["env"], "");
        let report: Value = serde_json::from_slice(&unha(&["inspect", &place.pid(), "--json"]).stdout).unwrap();
        assert_eq!(told(&report, "mount").0, "high");
        assert!(told(&report, "uts").1.contains("rename"));
    }
}

#[test]
fn a_root_that_is_ours_read_only_is_told_so() {
    if !has("bwrap", "holes::a_root_that_is_ours_read_only_is_told_so") {
        return;
    }
    let (_folder, program) = super::readable_program();
    let as_user: &[&str] = if is_root() { &super::ORDINARY } else { &["env"] };
    let scratch = std::path::Path::new("/dev/shm");
    let table: [(&[&str], &str, &str); 4] = [
        (&["--ro-bind", "/", "/"], "medium", "writes none"),
        (&["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"], "medium", "writes none"),
        (&["--ro-bind", "/", "/", "--bind", "/dev/shm", "/dev/shm"], "high", "below those mounts alone"),
        (&["--bind", "/", "/"], "high", "as far as its user may read and write"),
    ];
    let table = &table[..if scratch.is_dir() { 4 } else { 2 }];
    for (files, severity, words) in table {
        let place = Standing::new(&[as_user, &["bwrap", "--unshare-user", "--die-with-parent"], files].concat(), "");
        let mut inside = child_of(&place.pid());
        // With --dev bubblewrap makes one more user namespace, in the same process; with --unshare-pid one more process.
        while !std::fs::read_to_string(format!("/proc/{inside}/comm")).unwrap().starts_with("cat") {
            let child = child_of(&inside);
            inside = if child.is_empty() { inside } else { child };
        }
        let mut command = std::process::Command::new(as_user[0]);
        let output = command.args(&as_user[1..]).arg(&program).args(["inspect", &inside, "--json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let (weight, allows) = told(&report, "root");
        assert!(weight == *severity && allows.contains(words), "{files:?}: {weight}, {allows}");
    }
}

#[test]
fn what_others_use_in_its_cgroup_is_told() {
    // The test itself is in the cgroup that it was started in.
    let place = Standing::new(&["unshare", "--user", "--map-root-user", "--uts"], "");
    let report: Value = serde_json::from_slice(&unha(&["inspect", &place.pid(), "--json"]).stdout).unwrap();
    let is_own = report["outside"]["memory.current"]["value"].is_null();
    assert_eq!(report["counted-along"].as_u64().unwrap() == 0, is_own, "{:#}", report["outside"]);
    for (lang, said) in [("en", "in its cgroup."), ("pt-BR", "no cgroup dele.")] {
        let text = String::from_utf8(unha(&["--lang", lang, "inspect", &place.pid()]).stdout).unwrap();
        assert_eq!(text.contains(said), !is_own, "{text}");
    }
    if has("crun", "holes::what_others_use_in_its_cgroup_is_told") {
        let container = Container::start("crun", "alone", "", everything);
        assert_eq!(container.report(&[])["counted-along"], 0);
    }
}

/// The one child of a process.
fn child_of(pid: &str) -> String {
    let told = std::process::Command::new("ps").args(["-o", "pid=", "--ppid", pid]).output().unwrap();
    String::from_utf8(told.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_shell_in_nothing_has_them_all() {
    let place = Standing::new(&["env"], "");
    let report: Value = serde_json::from_slice(&unha(&["inspect", &place.pid(), "--json"]).stdout).unwrap();
    let found = words(&report);
    for word in ["uts", "pid", "mount", "root", "net", "ipc", "user"] {
        assert!(found.iter().any(|found| found == word), "{word}: {found:?}");
    }
    // The worst first.
    let ranks: Vec<usize> = report["holes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hole| ["high", "medium", "low"].iter().position(|word| hole["severity"] == *word).unwrap())
        .collect();
    assert!(ranks.is_sorted() && (ranks[0] == 0 || !is_root()), "{ranks:?}");
}
