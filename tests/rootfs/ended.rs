//! An import that is ended at each stage, by Ctrl-C and by SIGKILL: there is a whole root file system or none, the next
//! try succeeds, and nothing half-made stays.

use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::image::{compressed, noise, tar};
use crate::place::{Home, Who, has};
use crate::tree::of;

/// The stages: the place to unpack is made; a tenth, two tenths … of the files are there.
const POINTS: usize = 10;

/// How many files are imported.
const FILES: usize = 300;

/// How long one stage may take to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts an import of so many files and waits for the stage, which its folder shows: no sleep would hit one.
fn until(home: &Home, source: &str, point: usize, files: usize) -> Child {
    let mut child = home.unha(&["rootfs", "import", source, "--name", "noise"]).spawn().unwrap();
    let end = Instant::now() + PATIENCE;
    let begun = || {
        let unnamed = home.on_shelf().into_iter().filter(|name| name.starts_with(".aside"));
        let folders: Vec<PathBuf> = unnamed.map(|name| home.shelf().join(name)).filter(|path| path.is_dir()).collect();
        !folders.is_empty() && folders.iter().map(|folder| files_in(folder)).sum::<usize>() >= files * point / POINTS
    };
    while !begun() && child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "no import has come so far: {point}");
        std::thread::yield_now();
    }
    child
}

/// How many files there are below a folder, which may go away meanwhile.
fn files_in(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let count = |entry: fs::DirEntry| match entry.file_type() {
        Ok(is) if is.is_dir() => files_in(&entry.path()),
        Ok(is) => usize::from(is.is_file()),
        Err(_) => 0,
    };
    entries.map(count).sum()
}

/// Ends imports at all stages; whoever is told whether a second one would find a name.
fn ended_by(signal: Signal, who: Who) {
    let home = Home::of(who);
    let tree = noise(&home.sources(), FILES as u64, 40_000);
    let whole = home.sources().join("noise.tar");
    tar(&tree, &whole);
    let source = compressed(&whole, &["gzip", "-1"], "gz");
    let source = source.to_str().unwrap();
    let entries = of(&tree).len();
    let mut interrupted = 0;
    for point in 0..POINTS {
        let what = format!("{signal} at {point} of {POINTS}, {who:?}");
        let mut child = until(&home, source, point, FILES);
        let _ = kill(Pid::from_raw(child.id().cast_signed()), signal);
        let status = child.wait().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let done = status.success();
        interrupted += usize::from(!done);
        if signal == Signal::SIGINT && !done {
            assert_eq!(status.code(), Some(130), "{what}: {said}");
            assert!(said.contains("interrupted"), "{what}: {said}");
            assert_eq!(home.on_shelf(), ["lock"], "{what}: it has cleared up after itself");
        } else if !done && status.signal() != Some(Signal::SIGKILL as i32) {
            panic!("{what}: {status:?} {said}");
        }
        // What has the name is whole, also where the signal came too late to stop it or before it was said.
        if home.root("noise").exists() {
            assert_eq!(of(&home.root("noise")).len(), entries, "{what}");
            home.well(&["rootfs", "rm", "noise"]);
        }
        home.import(Path::new(source), "noise");
        assert_eq!(home.on_shelf(), ["lock", "noise"], "{what}: the next try leaves nothing of the one before");
        assert_eq!(of(&home.root("noise")).len(), entries, "{what}");
        home.well(&["rootfs", "rm", "noise"]);
        assert_eq!(home.on_shelf(), ["lock"], "{what}");
    }
    assert!(interrupted >= POINTS * 7 / 10, "{signal}, {who:?}: only {interrupted} imports were interrupted at all");
}

fn everybody(test: &str, signal: Signal) {
    if has(test, &["busybox", "tar", "gzip"]) {
        let all = Who::all(test);
        // Whoever has a range has all that one without has, and a namespace more to end.
        let all = all.iter().filter(|who| **who != Who::Single || !all.contains(&Who::Range));
        for who in all {
            ended_by(signal, *who);
        }
    }
}

#[test]
fn ctrl_c_at_any_stage_leaves_nothing() {
    everybody("Ctrl-C", Signal::SIGINT);
}

#[test]
fn a_kill_at_any_stage_leaves_what_the_next_try_sweeps() {
    everybody("SIGKILL", Signal::SIGKILL);
}

#[test]
fn what_a_kill_left_is_swept_by_clean_and_what_lives_is_not() {
    if !has("clean", &["busybox", "tar", "gzip"]) {
        return;
    }
    for who in Who::all("clean") {
        let home = Home::of(who);
        let tree = noise(&home.sources(), 100, 40_000);
        let whole = home.sources().join("noise.tar");
        tar(&tree, &whole);
        let source = compressed(&whole, &["gzip", "-1"], "gz");
        let mut child = until(&home, source.to_str().unwrap(), 2, 100);
        // Stopped, not ended: that import lives, and what it makes is its own.
        let pid = Pid::from_raw(child.id().cast_signed());
        let _ = kill(pid, Signal::SIGSTOP);
        home.well(&["clean"]);
        let lives = home.on_shelf().iter().any(|name| name.starts_with(".aside"));
        let ended = child.try_wait().unwrap().is_some();
        assert!(lives || ended || home.root("noise").exists(), "{who:?}: {:?}", home.on_shelf());
        let _ = kill(pid, Signal::SIGKILL);
        child.wait().unwrap();
        let dry = home.well(&["clean", "--dry-run"]);
        assert!(!lives || dry.contains("would remove"), "{who:?}: {dry}");
        home.well(&["clean"]);
        assert!(!home.on_shelf().iter().any(|name| name.starts_with(".aside")), "{who:?}: {:?}", home.on_shelf());
    }
}
