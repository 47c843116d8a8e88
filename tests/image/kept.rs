//! How built roots are kept: found again, built anew when due, never half-made, never removed in use.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{PoisonError, RwLockReadGuard};

use tempfile::TempDir;
use unha::image::{BUILTIN, Host, Image, Kit, ensure_with};

use crate::{STARTING, start};

/// A machine with little on it, so that building takes no time.
struct Machine {
    _no_new_processes: RwLockReadGuard<'static, ()>,
    cache: TempDir,
    bin: TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self {
            _no_new_processes: STARTING.read().unwrap_or_else(PoisonError::into_inner),
            cache: tempfile::tempdir().unwrap(),
            bin: tempfile::tempdir().unwrap(),
        };
        machine.install("sh");
        machine
    }

    fn install(&self, name: &str) {
        symlink(fs::canonicalize("/bin/sh").unwrap(), self.bin.path().join(name)).unwrap();
    }

    fn ensure(&self) -> Image {
        self.ensure_kit(&BUILTIN)
    }

    fn ensure_kit(&self, kit: &Kit) -> Image {
        let host = Host { programs: vec![self.bin.path().to_owned()], ..Host::here() };
        ensure_with(self.cache.path(), kit, &host).unwrap()
    }

    fn kept(&self) -> Vec<String> {
        let entries = fs::read_dir(self.cache.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != "lock");
        names.sort();
        names
    }
}

fn name(image: &Image) -> String {
    image.path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn the_second_time_it_is_there_already() {
    let machine = Machine::new();
    let first = machine.ensure();
    let second = machine.ensure();
    assert!(first.built && !second.built);
    assert_eq!(first.path, second.path);
    assert_eq!(first.missing, second.missing);
}

#[test]
fn a_tool_that_was_installed_since_is_taken() {
    let machine = Machine::new();
    let before = name(&machine.ensure());
    machine.install("ping");
    let after = machine.ensure();
    assert!(after.built && after.path.join("bin/ping").is_file());
    assert_ne!(before, name(&after));
    assert_eq!(machine.kept(), [name(&after)], "the old one is gone");
}

#[test]
fn a_program_that_was_upgraded_is_taken_anew() {
    let machine = Machine::new();
    let tool = machine.bin.path().join("ls");
    fs::copy(fs::canonicalize("/bin/sh").unwrap(), &tool).unwrap();
    drop(machine.ensure());
    fs::File::options().write(true).open(&tool).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    assert!(machine.ensure().built);
    assert!(!machine.ensure().built);
}

#[test]
fn a_root_in_use_outlives_its_successor() {
    let machine = Machine::new();
    let used = machine.ensure();
    machine.install("ls");
    let newer = machine.ensure();
    assert!(used.path.join("bin/sh").exists());
    assert_eq!(machine.kept().len(), 2);
    drop(used);
    drop(newer);
    machine.install("cat");
    let newest = machine.ensure();
    assert_eq!(machine.kept(), [name(&newest)]);
}

#[test]
fn another_recipe_makes_another_root() {
    let machine = Machine::new();
    let ours = machine.ensure();
    let theirs = machine.ensure_kit(&Kit { files: &[("/etc/os-release", "ID=other\n")], ..BUILTIN });
    assert!(theirs.built);
    assert_ne!(ours.path, theirs.path);
    assert!(!theirs.path.join("etc/passwd").exists());
}

#[test]
fn what_an_interrupted_build_left_is_swept() {
    let machine = Machine::new();
    let left = machine.cache.path().join(".new");
    fs::create_dir_all(left.join("root/usr/bin")).unwrap();
    fs::write(left.join("lock"), "").unwrap();
    fs::create_dir_all(machine.cache.path().join(".old-1-x/root")).unwrap();
    let image = machine.ensure();
    assert_eq!(machine.kept(), [name(&image)]);
}

#[test]
fn a_failed_build_leaves_nothing() {
    let machine = Machine::new();
    let host = Host { programs: vec![machine.bin.path().to_owned()], ..Host::here() };
    let bad = Kit { files: &[("/etc/a", ""), ("/etc/a/b", "")], ..BUILTIN };
    ensure_with(machine.cache.path(), &bad, &host).unwrap_err();
    assert!(machine.kept().is_empty(), "{:?}", machine.kept());
}

#[test]
fn a_damaged_root_is_built_anew() {
    let machine = Machine::new();
    let first = name(&machine.ensure());
    let folder = machine.cache.path().join(&first);
    fs::remove_file(folder.join("root/usr/bin/sh")).unwrap();
    let second = machine.ensure();
    assert!(second.built && second.path.join("bin/sh").exists());
    drop(second);
    fs::write(folder.join("stamp"), "").unwrap();
    assert!(machine.ensure().built);
    assert_eq!(machine.kept(), [first]);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let machine = Machine::new();
    for name in ["notes", "0123456789abcdef", "0123456789abcdef-0123456789abcdeg"] {
        fs::create_dir(machine.cache.path().join(name)).unwrap();
    }
    let image = machine.ensure();
    assert_eq!(machine.kept().len(), 4, "{}", image.path.display());
}

#[test]
fn many_at_once_get_the_same_root_built_once() {
    let machine = Machine::new();
    let images: Vec<Image> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| machine.ensure())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(images.iter().filter(|image| image.built).count(), 1);
    assert!(images.iter().all(|image| image.path == images[0].path));
    assert_eq!(machine.kept().len(), 1);
}

/// Threads share a process and flock(2) does not care; but a second process is what really happens.
#[test]
fn two_processes_at_once_do_not_disturb_each_other() {
    const CACHE: &str = "UNHA_TEST_CACHE";
    if let Some(cache) = std::env::var_os(CACHE) {
        let image = unha::image::ensure(Path::new(&cache)).unwrap();
        println!("root={} {}", image.path.display(), image.built);
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let again = || {
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", "kept::two_processes_at_once_do_not_disturb_each_other", "--nocapture"]);
        start(again.env(CACHE, cache.path())).unwrap()
    };
    let runs = [again(), again()].map(|run| String::from_utf8(run.wait_with_output().unwrap().stdout).unwrap());
    let said = runs.map(|out| {
        let said = out.split("root=").nth(1).unwrap().lines().next().unwrap().to_owned();
        let (path, built) = said.split_once(' ').unwrap();
        (PathBuf::from(path), built == "true")
    });
    assert_eq!(said[0].0, said[1].0);
    assert!(said[0].1 != said[1].1, "{said:?}");
    assert!(said[0].0.join("bin/sh").exists());
}
