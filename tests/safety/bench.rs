//! A bench with both shells, as a session would start it.

use std::ffi::CString;
use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use unha::kernel::bench::Bench;
use unha::kernel::bench::protocol::{Config, Report, Request};
use unha::kernel::container::cgroup::Limits;
use unha::kernel::container::{Rootfs, Spec};
use unha::kernel::fact::Side;
use unha::kernel::feature::{Feature, FeatureSet};

use crate::shell::Shell;

/// A bench that stands, with its outside shell and a box.
pub struct Standing {
    outside: Shell,
    inside: Shell,
    /// The last, so that the terminals are closed first.
    _bench: Bench,
}

impl Standing {
    /// Starts it all and waits until both shells run.
    pub fn start(records: &Path, rootfs: &Path, features: FeatureSet) -> Self {
        let config = Config {
            hostname: "bench".to_owned(),
            rootfs: Some(rootfs.to_owned()),
            cgroup: true,
            records: records.to_owned(),
            host: false,
            no_scope: None,
        };
        let bench = Bench::start_by(Path::new(env!("CARGO_BIN_EXE_unha")), &config).unwrap();
        let report = |of: &str| bench.report().unwrap().unwrap_or_else(|| panic!("the bench ended before {of}"));
        let standing = match report("it stood") {
            (Report::Standing(standing), _) => standing,
            (other, _) => panic!("{other:?}"),
        };
        assert!(standing.writable, "{:?}", standing.without);
        assert!(standing.cgroup.is_some(), "{:?}", standing.without);

        bench.ask(&Request::Outside(shell(false))).unwrap();
        let outside = match report("the outside shell") {
            (Report::Outside, files) => terminal(files),
            (other, _) => panic!("{other:?}"),
        };
        let own_root = features.has(Feature::Rootfs);
        let spec = Spec {
            features,
            hostname: features.has(Feature::Uts).then(|| "box".to_owned()),
            proc: true,
            rootfs: standing.rootfs.filter(|_| own_root).map(|lower| Rootfs { lower, place: Some(standing.place) }),
            ..shell(own_root)
        };
        bench
            .ask(&Request::Start(spec, Limits { pids: Some(40), memory: Some(128 << 20), cpu: None, rate: None }))
            .unwrap();
        let inside = match report("the box") {
            (Report::Box(_), files) => terminal(files),
            (other, _) => panic!("{other:?}"),
        };
        Self { outside, inside, _bench: bench }
    }

    /// The shell of a side.
    pub fn shell(&mut self, side: Side) -> &mut Shell {
        match side {
            Side::Inside => &mut self.inside,
            Side::Outside | Side::Machine => &mut self.outside,
        }
    }
}

/// What limits the one run that there is, on the machine: its top's limits, and those of the cgroup that its bench was given.
pub fn run_limits() -> Vec<String> {
    let folders = fs::read_dir("/sys/fs/cgroup").unwrap().filter_map(Result::ok).map(|entry| entry.path());
    let of_run = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"unha-"));
    let tops: Vec<PathBuf> = folders.filter(of_run).collect();
    assert_eq!(tops.len(), 1, "one run, one cgroup: {tops:?}");
    let files =
        ["pids.max", "memory.max", "memory.swap.max", "cgroup.subtree_control", "bench/pids.max", "bench/memory.max"];
    files.map(|file| fs::read_to_string(tops[0].join(file)).unwrap_or_else(|error| format!("{file}: {error}"))).to_vec()
}

fn terminal(files: Vec<OwnedFd>) -> Shell {
    Shell::open(files.into_iter().next().unwrap())
}

fn shell(own_root: bool) -> Spec {
    let text = |text: &str| CString::new(text).unwrap();
    // dash, as in the lessons: it needs no program to go on when there are none left.
    let sh = if own_root { "/bin/sh" } else { "/bin/dash" };
    let env = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "PS1=", "TERM=dumb", "LANG=C.UTF-8", "HOME=/root"];
    Spec { command: vec![text(sh)], env: env.map(text).to_vec(), terminal: true, size: (200, 40), ..Spec::default() }
}
