//! The tree of what lives in other namespaces: who is found, below whom, and who shares what.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use unha::kernel::tree::{Group, Tree, Watcher};

use super::{ORDINARY, Standing, is_root, readable_program, unha};
use crate::skip::{Why, skip};

fn tree() -> Value {
    let output = unha(&["inspect", "--json"]);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The group that the process is in, in what was printed.
fn group_of(tree: &Value, pid: u32) -> Option<&Value> {
    let groups = tree["groups"].as_array().unwrap();
    groups.iter().find(|group| group["pids"].as_array().unwrap().contains(&json!(pid)))
}

fn group_in(tree: &Tree, pid: u32) -> Option<&Group> {
    tree.groups.iter().find(|group| group.pids.contains(&pid))
}

/// What makes namespaces: root by itself, anybody else in a user namespace of their own.
fn apart(flags: &[&'static str]) -> Vec<&'static str> {
    let users: &[&str] = if is_root() { &[] } else { &["--map-root-user"] };
    [&["unshare"], users, flags].concat()
}

fn kinds(own: &[&str]) -> Value {
    let users: &[&str] = if is_root() { &[] } else { &["user"] };
    json!([users, own].concat())
}

#[test]
fn one_foreign_namespace_is_enough() {
    let place = Standing::new(&apart(&["--uts"]), "");
    let tree = tree();
    let group = group_of(&tree, place.0.id()).unwrap();
    assert_eq!(group["apart"], kinds(&["uts"]), "{group:#}");
    assert_eq!((&group["first"]["pid"], &group["first"]["name"]), (&json!(place.0.id()), &json!("cat")));
    assert_eq!(group["pids"].as_array().unwrap().len(), 1);
    let since = group["first"]["since"].as_u64().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(since <= now + 1 && since + 120 > now, "{since} {now}");
}

#[test]
fn boxes_of_ours_and_of_bubblewraps() {
    let program = env!("CARGO_BIN_EXE_unha");
    let ours = Standing::new(&[program, "run", "--uts", "--pid", "--mount", "--"], "");
    let tree = tree();
    let groups = tree["groups"].as_array().unwrap();
    let child = |pid: u32| groups.iter().find(|group| group["first"]["parent"] == pid);
    let group = child(ours.0.id()).unwrap();
    let own = group["apart"].as_array().unwrap();
    assert!(["uts", "pid", "mnt"].iter().all(|kind| own.contains(&json!(kind))), "{group:#}");
    assert_eq!(group["first"]["pid_inside"], 1);
    assert_eq!(group["container"]["engine"], "unha");
    let name = format!("unha-{}", ours.0.id());
    assert!(group["container"]["name"].as_str().unwrap().starts_with(&name), "{group:#}");
    let output = unha(&["inspect", &format!("unha:{}", group["container"]["name"].as_str().unwrap()), "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["pid"], &report["inside"]["pid"]["value"]), (&group["first"]["pid"], &json!(1)));

    if Command::new("bwrap").arg("--version").output().is_err() {
        return skip("boxes_of_ours_and_of_bubblewraps, bwrap", Why::Tool);
    }
    let bwrap =
        ["bwrap", "--unshare-pid", "--unshare-uts", "--die-with-parent", "--dev-bind", "/", "/", "--proc", "/proc"];
    let place = Standing::new(&bwrap, "");
    let tree = self::tree();
    let groups = tree["groups"].as_array().unwrap();
    // bubblewrap stays outside and has its child inside.
    let group = groups.iter().find(|group| group["first"]["parent"] == place.0.id()).unwrap();
    let own = group["apart"].as_array().unwrap();
    assert!(["uts", "pid", "mnt"].iter().all(|kind| own.contains(&json!(kind))), "{group:#}");
}

#[test]
fn a_sidecar_shares_a_network_and_a_box_in_a_box_stands_below() {
    if !is_root() {
        return skip("a_sidecar_shares_a_network", Why::Root);
    }
    let pod = Standing::new(&["unshare", "--net", "--uts"], "");
    let pid = pod.0.id().to_string();
    let sidecar = Standing::new(&["nsenter", "--target", &pid, "--net", "unshare", "--ipc"], "");
    let outer = Standing::new(&["unshare", "--uts"], "unshare --net sleep 30 &");
    let mut watcher = Watcher::new().unwrap();
    let tree = watcher.look().unwrap();
    let at = |pid: u32| tree.groups.iter().position(|group| group.pids.contains(&pid)).unwrap();
    let (pod, sidecar) = (at(pod.0.id()), at(sidecar.0.id()));
    for (one, other) in [(pod, sidecar), (sidecar, pod)] {
        let shares: Vec<(&str, &[usize])> =
            tree.groups[one].shares.iter().map(|(kind, with)| (kind.name(), with.as_slice())).collect();
        assert_eq!(shares, [("net", [other].as_slice())]);
        assert_eq!(tree.groups[one].parent, None);
    }
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let tree = watcher.look().unwrap();
        let outer = tree.groups.iter().position(|group| group.pids.contains(&outer.0.id()));
        let below = tree.groups.iter().find(|group| group.parent == outer && outer.is_some());
        if let Some(below) = below {
            assert_eq!((below.depth, below.apart.len()), (1, 2));
            let sleeper = nix::unistd::Pid::from_raw(below.first.pid.cast_signed());
            nix::sys::signal::kill(sleeper, nix::sys::signal::Signal::SIGKILL).unwrap();
            break;
        }
        assert!(Instant::now() < until, "no group below the outer one");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_zombie_is_counted_where_it_was() {
    // Whoever is its parent by then is cat, which never asks.
    let place = Standing::new(&apart(&["--uts"]), "sleep 0.1 &");
    let mut watcher = Watcher::new().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    let (tree, group) = loop {
        let tree = watcher.look().unwrap();
        let group = group_in(&tree, place.0.id()).unwrap().clone();
        if group.zombies > 0 {
            break (tree, group);
        }
        assert!(Instant::now() < until, "{group:#?}");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!((group.pids.len(), group.zombies, group.first.pid), (2, 1, place.0.id()), "{group:#?}");
    assert!(tree.zombies >= 1);
    // The zombie itself has a number and no place any more.
    let zombie = group.pids.iter().find(|pid| **pid != place.0.id()).unwrap();
    let output = unha(&["inspect", &zombie.to_string()]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("has just ended"));
}

#[test]
fn who_ends_while_looked_at_is_no_failure() {
    let mut watcher = Watcher::new().unwrap();
    let flags = apart(&["--uts", "true"]);
    let mut pids = vec![];
    for _ in 0..60 {
        let mut child = Command::new(flags[0]).args(&flags[1..]).spawn().unwrap();
        pids.push(child.id());
        while child.try_wait().unwrap().is_none() {
            let tree = watcher.look().unwrap();
            for group in &tree.groups {
                assert!(group.pids.contains(&group.first.pid) && !group.apart.is_empty(), "{group:#?}");
            }
        }
    }
    let tree = watcher.look().unwrap();
    assert!(pids.iter().all(|pid| group_in(&tree, *pid).is_none()));
}

/// A process that goes into a namespace is found there within ten seconds, though its number stays.
#[test]
fn everybody_is_read_anew_within_ten_seconds() {
    let flags = apart(&["--uts", "cat"]);
    let script = format!("read go; exec {}", flags.join(" "));
    let mut child = Command::new("sh").args(["-c", &script]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut watcher = Watcher::new().unwrap();
    assert!(group_in(&watcher.look().unwrap(), child.id()).is_none());
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), b"go\n").unwrap();
    let begin = Instant::now();
    let comm = format!("/proc/{}/comm", child.id());
    while std::fs::read_to_string(&comm).unwrap() != "cat\n" {
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
    let begin = Instant::now();
    while group_in(&watcher.look().unwrap(), child.id()).is_none() {
        assert!(begin.elapsed() < Duration::from_secs(10), "ten seconds, and it still is where it was");
        std::thread::sleep(Duration::from_millis(250));
    }
    drop(child.stdin.take());
    child.wait().unwrap();
}

/// The same number, another process: in a PID namespace of our own, where the next number can be chosen.
#[test]
fn a_number_that_is_used_again_is_another_process() {
    if std::env::var_os("UNHA_IN_PIDS").is_none() {
        if !is_root() {
            return skip("a_number_that_is_used_again_is_another_process", Why::Root);
        }
        let name = "tree::a_number_that_is_used_again_is_another_process";
        let mut again = Command::new("unshare");
        again.args(["--pid", "--fork", "--mount-proc", "--kill-child"]).arg(std::env::current_exe().unwrap());
        let output = again.args(["--exact", name, "--nocapture"]).env("UNHA_IN_PIDS", "1").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let mut watcher = Watcher::new().unwrap();
    let (mut before, mut again) = (0, 0);
    for flag in ["--uts", "--ipc"].iter().cycle().take(20) {
        std::fs::write("/proc/sys/kernel/ns_last_pid", "4710").unwrap();
        let place = Standing::new(&["unshare", flag], "");
        let tree = watcher.look().unwrap();
        let group = group_in(&tree, place.0.id()).unwrap();
        let apart: Vec<String> = group.apart.iter().map(|kind| format!("--{}", kind.name())).collect();
        assert_eq!((group.pids.len(), apart), (1, vec![(*flag).to_owned()]), "it is taken for who it was");
        again += usize::from(before == place.0.id());
        before = place.0.id();
    }
    assert!(again > 0, "no number was used again");
}

#[test]
fn what_is_closed_to_a_user_is_counted_and_said() {
    if !is_root() {
        return skip("what_is_closed_to_a_user_is_counted_and_said", Why::Root);
    }
    let (_folder, program) = readable_program();
    let hidden = Standing::new(&["unshare", "--uts"], "");
    let theirs = Standing::new(&[&ORDINARY[..], &["unshare", "--map-root-user", "--uts"]].concat(), "");
    let run = |more: &[&str]| {
        let output = Command::new(ORDINARY[0]).args(&ORDINARY[1..]).arg(&program).arg("inspect").args(more).output();
        output.unwrap().stdout
    };
    let tree: Value = serde_json::from_slice(&run(&["--json"])).unwrap();
    assert_eq!(tree["origin"], "viewer");
    assert!(tree["closed"].as_u64().unwrap() > 0 && group_of(&tree, hidden.0.id()).is_none(), "{tree:#}");
    assert_eq!(group_of(&tree, theirs.0.id()).unwrap()["apart"], json!(["user", "uts"]));
    for (lang, words) in [("en", "with sudo"), ("pt-BR", "com sudo")] {
        let text = String::from_utf8(run(&["--lang", lang, "--plain"])).unwrap();
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn who_looks_is_not_looked_at_and_nobody_passes_for_it() {
    let place = Standing::new(&["unshare", "--user", "--map-root-user", "--uts"], "");
    let started = {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", place.pid())).unwrap();
        stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned()
    };
    // A viewer's looker at work, in the namespaces of whom it looks at.
    let mut looker = Command::new("unshare")
        .args(["--user", "--map-root-user", "--uts", env!("CARGO_BIN_EXE_unha"), "__look"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(looker.stdin.as_mut().unwrap(), "{} {started}", place.pid()).unwrap();
    let mut line = String::new();
    BufReader::new(looker.stdout.take().unwrap()).read_line(&mut line).unwrap();
    // Somebody else's program by the same name and with the same word.
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy("/bin/sh", folder.path().join("exe")).unwrap();
    std::fs::write(folder.path().join("__look"), "echo ready; read -r line").unwrap();
    let script = format!("cd {}; exec ./exe __look", folder.path().display());
    let pretender = Standing::start(&["unshare", "--user", "--map-root-user", "--uts", "sh", "-c", &script]);
    let tree = tree();
    let of = |pid: u32| group_of(&tree, pid).is_some();
    let seen = (of(place.0.id()), of(looker.id()), of(pretender.0.id()));
    drop(looker.stdin.take());
    looker.wait().unwrap();
    assert_eq!(seen, (true, false, true));
}
