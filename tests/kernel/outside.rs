//! A bench for a test: what its shells print, and what is seen from it.

use std::ffi::CString;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;

use unha::kernel::bench;
use unha::kernel::bench::protocol::{Config, Report, Request, Standing};
use unha::kernel::container::cgroup::Limits;
use unha::kernel::container::link::Failed;
use unha::kernel::container::{Cable, Rootfs, Spec};
use unha::kernel::fact::{Fact, Facts, Value};
use unha::kernel::feature::{Feature, FeatureSet};
use unha::kernel::record;

use crate::left::{children, remember};
use crate::part::Here;
use crate::program::program;

/// The limits of boxes that have a cgroup.
const LIMITS: Limits = Limits {
    pids: Some(64),
    memory: Some(64 << 20),
    cpu: Some(100_000),
    cpu_shares: None,
    io: None,
    frozen: None,
    rate: None,
};

/// A bench that stands.
pub struct Bench {
    line: bench::Bench,
    /// What it turned out to be.
    pub standing: Standing,
    /// Whether its boxes have a user namespace of their own.
    pub own_ids: bool,
    /// Whether its boxes have a cable to it, and `lo` up.
    pub cable: bool,
    /// How much longer the machine has been up for boxes with clocks of their own.
    pub boottime: i64,
}

impl Bench {
    /// Starts one with the built-in root file system.
    pub fn of(here: &Here) -> Self {
        let image = unha::image::ensure(&here.dir.join("cache")).unwrap();
        let config = Config {
            hostname: "bancada".to_owned(),
            rootfs: Some(image.path.clone()),
            cgroup: true,
            records: record::folder(),
            host: false,
            no_scope: None,
        };
        let mut bench = bench::Bench::start_by(&program(), &config).unwrap();
        // One of them is its keeper, which the run is named after.
        children().into_iter().for_each(remember);
        let mut journal = File::from(bench.journal.take().unwrap());
        let journal = std::thread::spawn(move || {
            let mut text = String::new();
            journal.read_to_string(&mut text).unwrap();
            text
        });
        match bench.report().unwrap() {
            Some((Report::Standing(standing), _)) => {
                Self { line: bench, standing, own_ids: false, cable: false, boottime: 0 }
            }
            other => {
                drop(bench);
                panic!("no bench: {other:?}\n{}", journal.join().unwrap())
            }
        }
    }

    /// What a script prints on the bench.
    pub fn outside(&self, script: &str) -> String {
        self.ask(&Request::Outside(spec(script)));
        match self.next() {
            (Report::Outside, files) => {
                let said = all_of(files);
                // A box that runs meanwhile may end first.
                assert!(matches!(self.next().0, Report::Ended { of_box: false, .. }));
                said
            }
            other => panic!("no outside shell: {other:?}"),
        }
    }

    /// Starts a script on the bench, and leaves it running: its terminal and its pidfd.
    pub fn start_outside(&self, script: &str) -> Vec<OwnedFd> {
        self.ask(&Request::Outside(spec(script)));
        match self.next() {
            (Report::Outside, files) => files,
            other => panic!("no outside shell: {other:?}"),
        }
    }

    /// What a script prints in a box with these features.
    pub fn inside(&mut self, features: FeatureSet, script: &str) -> Result<String, Failed> {
        self.start(features, script).map(|files| {
            let said = all_of(files);
            assert!(matches!(self.report(), Report::Ended { of_box: true, .. }));
            said
        })
    }

    /// What is true of a box with these features, on both sides.
    pub fn facts(&mut self, features: FeatureSet) -> (Facts, Facts) {
        let files = self.start(features, "read line").unwrap();
        self.ask(&Request::Look);
        let (Report::Seen { outside, inside, .. }, _) = self.next() else { panic!("it did not look") };
        self.ask(&Request::Stop);
        drop(files);
        (outside, inside)
    }

    /// The user id of a box's first process as the machine has it.
    pub fn uid_on_the_machine(&self) -> u32 {
        let files = self.start(FeatureSet::NONE, "read line").unwrap();
        let word = |file: String, key: &str| {
            let text = std::fs::read_to_string(&file).unwrap();
            let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_else(|| panic!("{file}: {text}"));
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        let pid = word(format!("/proc/self/fdinfo/{}", files[1].as_raw_fd()), "Pid:");
        let uid = word(format!("/proc/{pid}/status"), "Uid:");
        self.ask(&Request::Stop);
        uid
    }

    fn start(&self, features: FeatureSet, script: &str) -> Result<Vec<OwnedFd>, Failed> {
        self.start_with(features, if features.has(Feature::Cgroup) { LIMITS } else { Limits::default() }, script)
    }

    /// Starts a box, which ends the one before it: its terminal and its pidfd.
    pub fn start_with(&self, features: FeatureSet, limits: Limits, script: &str) -> Result<Vec<OwnedFd>, Failed> {
        let lower = self.standing.rootfs.clone().filter(|_| features.has(Feature::Rootfs));
        let place: Option<PathBuf> = Some(self.standing.place.clone());
        let rootfs = lower.map(|lower| Rootfs { lower, place });
        let ids = self.standing.ids.filter(|_| self.own_ids).map(|range| (range.uid, range.gid));
        let cable = self.standing.cable.clone().filter(|_| self.cable).map(|name| Cable { name, rate: None });
        let features = if self.own_ids { features.with(Feature::User) } else { features };
        let spec = Spec { features, rootfs, ids, boottime: self.boottime, lo: self.cable, cable, ..spec(script) };
        self.ask(&Request::Start(spec, limits));
        match self.next() {
            (Report::Box(_), files) => Ok(files),
            (Report::BoxFailed(failed), _) => Err(failed),
            other => panic!("no box: {other:?}"),
        }
    }

    /// The next report and its files. That an earlier box has ended may come at any time, if its terminal went first.
    pub fn next(&self) -> (Report, Vec<OwnedFd>) {
        loop {
            match self.line.report().unwrap().expect("the bench lives") {
                (Report::Ended { of_box: true, .. }, _) => {}
                other => return other,
            }
        }
    }

    /// The next report that comes without files; panics when the bench has ended.
    pub fn report(&self) -> Report {
        self.line.report().unwrap().expect("the bench lives").0
    }

    /// Asks for something.
    pub fn ask(&self, request: &Request) {
        self.line.ask(request).unwrap();
    }
}

/// A script in a terminal of its own.
fn spec(script: &str) -> Spec {
    let words = |words: &[&str]| words.iter().map(|word| CString::new(*word).unwrap()).collect();
    Spec {
        command: words(&["/bin/sh", "-c", script]),
        env: words(&["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]),
        terminal: true,
        size: (80, 24),
        proc: true,
        ..Spec::default()
    }
}

/// What a terminal says until nobody has it open.
pub fn all_of(files: Vec<OwnedFd>) -> String {
    let mut terminal = File::from(files.into_iter().next().unwrap());
    let (mut said, mut buffer) = (vec![], [0; 4096]);
    // A terminal's master says EIO in the end.
    while let Ok(length @ 1..) = terminal.read(&mut buffer) {
        said.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8(said).unwrap().replace("\r\n", "\n").trim_end().to_owned()
}

/// A fact that is there.
#[track_caller]
pub fn value(facts: &Facts, fact: Fact) -> &Value {
    facts.get(&fact).and_then(|reading| reading.value()).unwrap_or_else(|| panic!("{fact}: {:?}", facts.get(&fact)))
}
