//! Waiting until the container stands.
//!
//! Nobody says when a container is made. A process is the container's first when nothing that descends from the command is
//! more apart, and it stands when nothing about it has changed for a while: its program, its mounts, its rights.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::kernel::descendants::kept_waiting;
use crate::kernel::probe::{Proc, Sketch, apart, sketch};
use crate::kernel::trial::Trial;

/// How often is looked.
const OFTEN: Duration = Duration::from_millis(20);
/// How long nothing may have changed; longer while it still runs its maker's program, which may be about to go on.
const STILL: Duration = Duration::from_millis(400);
const STILL_AS_ITS_MAKER: Duration = Duration::from_millis(1500);
/// The most processes that are looked at, the oldest first.
const MOST: usize = 1000;

/// What came of waiting.
pub(super) enum Found {
    /// A container, its first process and what of it is apart.
    Container { pid: u32, kinds: Vec<&'static str> },
    /// Nothing is apart, in all the time; the command's first process.
    Nothing { pid: u32 },
    /// Everybody has ended, after something that was apart for a moment or not.
    Ended { stood: bool },
    /// Somebody asks unha to end.
    Asked(Signal),
}

/// A process that may be the container's first, since when it is as it is.
struct Candidate {
    pid: u32,
    kinds: Vec<&'static str>,
    sketch: Sketch,
    since: Instant,
    /// How long each process of the command's had been kept waiting by then.
    waited: BTreeMap<u32, Duration>,
}

impl Candidate {
    /// For how long nothing has changed, but for what would have been done had there been a core to do it on.
    fn stood(&self, all: &[u32]) -> Duration {
        let since = |pid: &u32| kept_waiting(*pid).saturating_sub(self.waited.get(pid).copied().unwrap_or_default());
        self.since.elapsed().saturating_sub(all.iter().map(since).max().unwrap_or_default())
    }
}

/// Waits for the container that the trial's command makes.
pub(super) fn container(proc: &Proc, trial: &mut Trial, longest: Duration) -> Found {
    let end = Instant::now() + longest;
    let mut candidate: Option<Candidate> = None;
    let mut stood = false;
    loop {
        if let Some(signal) = trial.turn(OFTEN) {
            return Found::Asked(signal);
        }
        let mut all = trial.descendants();
        if all.is_empty() {
            return Found::Ended { stood };
        }
        all.truncate(MOST);
        candidate = next(proc, &all, candidate);
        stood |= candidate.is_some();
        let late = Instant::now() >= end;
        match candidate {
            Some(Candidate { pid, kinds, .. }) if late => return Found::Container { pid, kinds },
            Some(it) if it.stood(&all) >= patience(&it.sketch) => {
                return Found::Container { pid: it.pid, kinds: it.kinds };
            }
            None if late => {
                let command = trial.command().as_raw().cast_unsigned();
                return Found::Nothing { pid: if all.contains(&command) { command } else { all[0] } };
            }
            going_on => candidate = going_on,
        }
    }
}

/// The candidate that is there now: the one before, if nothing about it has changed.
fn next(proc: &Proc, all: &[u32], before: Option<Candidate>) -> Option<Candidate> {
    let apart = apart::most(proc, all.iter().copied())?;
    let sketch = sketch(proc, apart.pid)?;
    match before {
        Some(before) if before.pid == apart.pid && before.sketch == sketch => Some(before),
        _ => {
            let waited = all.iter().map(|pid| (*pid, kept_waiting(*pid))).collect();
            Some(Candidate { pid: apart.pid, kinds: apart.kinds, sketch, since: Instant::now(), waited })
        }
    }
}

const fn patience(sketch: &Sketch) -> Duration {
    if sketch.as_its_maker { STILL_AS_ITS_MAKER } else { STILL }
}
