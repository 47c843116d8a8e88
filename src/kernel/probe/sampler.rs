//! Looking again and again.
//!
//! Some facts take more than one look: CPU in use is a difference, and "mounted since the start" needs to know the
//! start. The learner sees numbers that move, four times a second.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::Duration;

use super::cgroup;
use super::place::{Place, Proc, Unread};
use super::visit::{self, Stranded};
use super::{Maker, Meters, Told, apart, mount, rights_of, seen_by, seen_from_within, settled_within};
use crate::kernel::fact::Facts;

/// An observer with a memory, for one place to look from.
#[derive(Debug)]
pub struct Sampler {
    proc: Proc,
    meters: Meters,
    /// Mount points of the first look, which are not news.
    outside_at_start: Option<BTreeSet<String>>,
    /// The same of the box, and which box that was.
    inside_at_start: Option<(u32, BTreeSet<String>)>,
}

impl Sampler {
    /// An observer that reads the procfs at `/proc`, held open from now on.
    ///
    /// # Errors
    /// If there is no procfs at `/proc`.
    pub fn new() -> Result<Self, Unread> {
        let proc = Proc::open("/proc")?;
        Ok(Self { proc, meters: Meters::default(), outside_at_start: None, inside_at_start: None })
    }

    /// One look at both sides, where nobody says what the box is: it is what is most apart. Of its mount points all that
    /// only it has, for it was there before it was found.
    ///
    /// # Errors
    /// [`Stranded`]: the observer's process must end.
    pub fn sample_apart(&mut self) -> Result<(Facts, Facts), Stranded> {
        let most =
            apart::everybody(&self.proc).ok().and_then(|all| apart::most(&self.proc, all)).map(|found| found.pid);
        self.sample_another(most)
    }

    /// One look at both sides of a process that somebody else made, likewise.
    ///
    /// # Errors
    /// [`Stranded`]: the observer's process must end.
    pub fn sample_another(&mut self, subject: Option<u32>) -> Result<(Facts, Facts), Stranded> {
        self.inside_at_start = subject.map(|pid| (pid, BTreeSet::from([String::new()])));
        self.look(subject, None, Maker::Another)
    }

    /// One look at both sides; `subject` is the box's first process as the observer numbers it. Without one, the
    /// inside is empty. A new subject is a new start for what is inside. `shell` is whom the outside's rights are asked of,
    /// if not of the observer itself.
    ///
    /// # Errors
    /// [`Stranded`]: the observer's process must end.
    pub fn sample(&mut self, subject: Option<u32>, shell: Option<u32>) -> Result<(Facts, Facts), Stranded> {
        self.look(subject, shell, Maker::Unha)
    }

    fn look(&mut self, subject: Option<u32>, shell: Option<u32>, maker: Maker) -> Result<(Facts, Facts), Stranded> {
        let viewer = Place::of_viewer(&self.proc);
        let place = subject.map(|pid| Place::of_process(&viewer, pid));
        let mut outside = seen_by(&viewer, place.as_ref(), &mut self.meters, maker);
        if let Some(shell) = shell {
            outside.extend(rights_of(&Place::of_process(&viewer, shell)));
        }
        let mut inside = match (&place, subject) {
            // Only who joins a user namespace that is not its own has a say in it, and then there is no way back.
            (Some(place), Some(pid)) if place.has_users_of_its_own() => {
                visit::by_child(|| settled_within(&self.proc, pid, maker, &mut |_| {}).unwrap_or_default())
            }
            (Some(place), _) => seen_from_within(place, maker, &mut |_| {})?,
            (None, _) => Facts::new(),
        };

        let start = self.outside_at_start.get_or_insert_with(|| mount::all(&outside));
        let start_inside = match (&mut self.inside_at_start, subject) {
            // An empty table is none: the process was not ready to be looked at.
            (Some((pid, start)), Some(subject)) if *pid == subject && !start.is_empty() => &*start,
            (other, subject) => &other.insert((subject.unwrap_or(0), mount::all(&inside))).1,
        };
        let (theirs, ours) = (mount::all(&outside), mount::all(&inside));
        mount::keep(&mut outside, |point| !start.contains(point) && !ours.contains(point));
        mount::keep(&mut inside, |point| !start_inside.contains(point) && !theirs.contains(point));
        Ok((outside, inside))
    }
}

/// Both sides of a process that somebody else built: two looks at what moves, this long apart. `told` is told each fact
/// as it is read; of the mount points all, see [`only_here`](super::only_here).
///
/// # Errors
/// [`Stranded`]: this process must end.
pub fn once(proc: &Proc, pid: u32, apart: Duration, told: &mut dyn FnMut(Told)) -> Result<(), Stranded> {
    let viewer = Place::of_viewer(proc);
    let place = Place::of_process(&viewer, pid);
    let mut meters = Meters::default();
    // What is missing now is missing then, with its reason.
    let _ = cgroup::cgroups(&place).map(|cgroups| {
        let _ = meters.cgroup.percent(&cgroups);
        let _ = meters.cgroup.share(&cgroups);
        let _ = meters.cgroup.written(&cgroups);
    });
    let _ = meters.net.bits(&place);
    sleep(apart);
    told(Told::Outside(seen_by(&viewer, Some(&place), &mut meters, Maker::Another)));
    seen_from_within(&place, Maker::Another, told).map(drop)
}
