//! What is random: features, limits, what runs in the box, moments. And how much there is of it, and how far it is.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use fastrand::Rng;
use unha::kernel::container::cgroup::Limits;
use unha::kernel::feature::{Feature, FeatureSet};

use crate::part::{Here, both_within, name_of};
use crate::skip::aloud;

/// How much time one part may take. The long form takes a quarter of a minute on a machine that has nothing else to do.
const PATIENCE: Duration = Duration::from_secs(1800);

/// A run of the soak.
pub struct Soak {
    pub rng: Rng,
    /// Whether boxes can have cgroups here.
    pub cgroup: bool,
    what: &'static str,
    seed: u64,
    begin: Instant,
    said: u64,
}

fn is_long() -> bool {
    env::var("UNHA_SOAK").is_ok_and(|form| form == "long")
}

/// How many, in the short form or in the long one.
pub fn number(short: u64, long: u64) -> u64 {
    if is_long() { long } else { short }
}

/// Runs the body as root and as an ordinary user, with a seed each.
pub fn soak<F: FnOnce(&Here, &mut Soak)>(what: &'static str, body: F) {
    both_within(PATIENCE, name_of::<F>(), |here| {
        let given = env::var("UNHA_SEED").ok().map(|seed| seed.parse().expect("UNHA_SEED is a number"));
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
        let seed = given.unwrap_or_else(|| now().into());
        let cgroup = here.role.is_none() && here.has_cgroups(": the sets with cgroup in them");
        if here.role.is_none() {
            // Built now: what the first run would add to the cache is not left behind.
            assert_eq!(here.run("--rootfs unha").command(["true"]).ends(), 0);
            unha::image::ensure(&here.dir.join("cache")).unwrap();
        }
        let files = files(&here.dir);
        let mut soak = Soak { rng: Rng::with_seed(seed), cgroup, what, seed, begin: Instant::now(), said: 0 };
        body(here, &mut soak);
        assert_eq!(self::files(&here.dir), files);
    });
}

/// All the files of this part's folders.
fn files(dir: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                todo.push(entry.path());
            }
            found.insert(entry.path());
        }
    }
    // The folder of records is made by the first run, and stays.
    found.remove(&dir.join("run/unha"));
    found
}

impl Soak {
    /// A set of features that this machine can have.
    pub fn features(&mut self) -> FeatureSet {
        let set: FeatureSet = Feature::ALL.into_iter().filter(|_| self.rng.bool()).collect();
        if self.cgroup { set } else { set.without(Feature::Cgroup) }.closed()
    }

    /// Limits in which a shell still starts.
    pub fn limits(&mut self, features: FeatureSet) -> Limits {
        if !features.has(Feature::Cgroup) {
            return Limits::default();
        }
        Limits {
            pids: Some(self.rng.u64(16..128)),
            memory: Some(self.rng.u64(32..128) << 20),
            cpu: self.rng.bool().then(|| self.rng.u64(50..200) * 1000),
            rate: None,
        }
    }

    /// Says how far it is, ten times in all and in the end.
    pub fn says(&mut self, here: &Here, done: u64, of: u64, figures: &str) {
        let tenth = done * 10 / of;
        if tenth > self.said && (is_long() || done == of) {
            let seconds = self.begin.elapsed().as_secs_f64();
            let (name, what, seed) = (&here.name, self.what, self.seed);
            aloud(&format!("SOAK {name}: {done} of {of} {what}{figures} in {seconds:.1} s, UNHA_SEED={seed}"));
        }
        self.said = tenth;
    }
}
