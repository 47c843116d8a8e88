//! What a process in the topmost cgroup is not told: the machine's numbers as its own. One that only calls its cgroup `/` is
//! told its own.

use std::fs;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use unha::kernel::cgroupfs::{Cgroups, Controller, Folder, Version};
use unha::kernel::probe::Proc;

use super::{Standing, is_root, unha};
use crate::skip::{Why, skip};

const EVERYBODYS: &str = "counted with everyone's, cgroup /";

/// The topmost cgroups of memory and of CPU time, if this test can put somebody there.
fn topmost(test: &str) -> Option<[Folder; 2]> {
    if !is_root() {
        skip(test, Why::Root);
        return None;
    }
    let cgroups = Cgroups::of("self", Proc::open("/proc").unwrap().as_fd()).unwrap();
    let top = |controller| {
        let of = cgroups.folder(controller)?;
        let top = Folder { dir: of.mount.clone(), ..of.clone() };
        Some(top).filter(Folder::is_topmost)
    };
    let found = top(Controller::Memory).zip(top(Controller::Cpuacct)).map(|(memory, cpu)| [memory, cpu]);
    if found.is_none() {
        println!("SKIP {test}: no mount shows the topmost cgroup");
    }
    found
}

fn puts(pid: u32, dir: &Path) {
    fs::write(dir.join("cgroup.procs"), pid.to_string()).unwrap();
}

#[test]
fn the_machines_numbers_are_not_a_processs_own() {
    let Some(tops) = topmost("topmost::the_machines_numbers_are_not_a_processs_own") else { return };
    let place = Standing::new(&["unshare", "--uts"], "");
    for top in &tops {
        puts(place.0.id(), &top.dir);
    }
    let report: Value = serde_json::from_slice(&unha(&["inspect", &place.pid(), "--json"]).stdout).unwrap();
    for key in ["memory.current", "cpu.current", "cpu.share"] {
        assert_eq!(report["outside"][key], json!({ "missing": EVERYBODYS }), "{key}");
    }
    for (lang, said) in [("en", EVERYBODYS), ("pt-BR", "contado com o de todos, cgroup /")] {
        let table = String::from_utf8(unha(&["--lang", lang, "inspect", &place.pid()]).stdout).unwrap();
        assert!(table.contains(&format!("memory.current, {}: {said}", if lang == "en" { "outside" } else { "fora" })));
    }
}

/// A folder that goes with the test.
struct Made(PathBuf);

impl Drop for Made {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn what_is_topmost_in_a_cgroup_namespace_alone_has_numbers_of_its_own() {
    let Some([top, _]) = topmost("topmost::what_is_topmost_in_a_cgroup_namespace_alone_has_numbers_of_its_own") else {
        return;
    };
    let made = Made(top.dir.join(format!("unha-test-topmost-{}", std::process::id())));
    fs::create_dir(&made.0).unwrap();
    let (kind, options) = if top.version == Version::V1 { ("cgroup", "-o memory") } else { ("cgroup2", "") };
    let place = Standing::new(
        &["sh", "-c", "echo $$ >\"$0\"/cgroup.procs; exec unshare --cgroup \"$@\"", made.0.to_str().unwrap()],
        "",
    );
    // Whoever looks is in the same cgroup namespace, and has a mount that shows its top as `/`.
    let look = format!("mount -t {kind} {options} none /mnt && exec \"$0\" inspect {} --json", place.pid());
    let join = ["--target", &place.pid(), "--cgroup", "unshare", "--mount", "sh", "-c", &look];
    let output = Command::new("nsenter").args(join).arg(env!("CARGO_BIN_EXE_unha")).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert!(report["outside"]["memory.current"]["value"].is_u64(), "{}", report["outside"]["memory.current"]);
    drop(place);
}
