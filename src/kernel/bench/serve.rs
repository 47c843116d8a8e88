//! The bench's PID 1: starts shells and boxes, looks at places, buries the dead.
//!
//! pid_namespaces(7): no signal from within its namespace ends it, and with it ends everything in there. It has one
//! thread and does one thing at a time, in the order in which it is asked.

use std::fs;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use nix::dir::Dir;
use nix::fcntl::{OFlag, open, openat};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::stat::Mode;
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::Pid;

use super::protocol::{Report, Request, Standing};
use crate::kernel::container::cgroup::lift::NONE;
use crate::kernel::container::cgroup::{Group, Limits};
use crate::kernel::container::link::{self, Failed};
use crate::kernel::container::{self, Cable, Running, Spec, net};
use crate::kernel::fact::Facts;
use crate::kernel::feature::Feature;
use crate::kernel::probe::Sampler;
use crate::kernel::{run_cgroup, sys};

/// How often strays are looked for at most: a bomb without a bound could go on for ever.
const ROUNDS: usize = 64;

/// What PID 1 knows.
struct First<'a> {
    control: &'a OwnedFd,
    standing: Standing,
    outside: Option<Pid>,
    inside: Option<Inside>,
    sampler: Option<Sampler>,
    proc: OwnedFd,
}

/// The running box.
struct Inside {
    pid: Pid,
    group: Option<Group>,
    /// The end outside of its cable.
    cable: Option<String>,
}

/// Serves until killed.
///
/// # Errors
/// What could not be set up.
pub(super) fn serve(control: &OwnedFd, standing: Standing) -> Result<(), Failed> {
    let mut set = SigSet::empty();
    set.add(Signal::SIGCHLD);
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&set), None).map_err(|errno| Failed::plain("sigprocmask", errno))?;
    let signals = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
        .map_err(|errno| Failed::plain("signalfd", errno))?;
    let proc = open("/proc", OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC, Mode::empty())
        .map_err(|errno| Failed::plain("open", errno))?;
    let mut first = First { control, proc, standing, outside: None, inside: None, sampler: Sampler::new().ok() };
    let myself = handle(&first.proc, Pid::this()).map_err(|errno| Failed::plain("pidfd_open", errno))?;
    first.tell(&Report::Standing(first.standing.clone()), &[&myself]);
    loop {
        let mut files =
            [PollFd::new(control.as_fd(), PollFlags::POLLIN), PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        let _ = poll(&mut files, PollTimeout::NONE);
        while signals.read_signal().ok().flatten().is_some() {}
        first.bury();
        if files[0].revents().is_some_and(|events| !events.is_empty()) {
            match link::receive::<Request>(control) {
                Ok(Some((request, _))) => first.answer(request),
                // The session is gone; the keeper will end us.
                Ok(None) | Err(_) => return Ok(()),
            }
        }
    }
}

impl First<'_> {
    fn tell(&self, report: &Report, files: &[&OwnedFd]) {
        let files: Vec<i32> = files.iter().map(|file| file.as_raw_fd()).collect();
        // The session gone is nothing to act upon here: the keeper ends us then.
        let _ = link::send(self.control, report, &files);
    }

    /// Tells what was seen. Each look is answered: what is more than one message holds (thousands of mounts) is told as nothing.
    fn tell_seen(&self, report: &Report) {
        if link::send(self.control, report, &[]).is_err() {
            self.tell(&Report::Seen { outside: Facts::new(), inside: Facts::new(), held: None }, &[]);
        }
    }

    fn answer(&mut self, request: Request) {
        match request {
            Request::Outside(spec) => match container::start(&spec, None) {
                Ok(running) => {
                    self.outside = Some(running.pid);
                    self.present(&Report::Outside, running);
                }
                Err(failed) => self.tell(&Report::Failed(failed), &[]),
            },
            Request::Start(spec, limits) => {
                self.stop();
                match self.start(&spec, &limits) {
                    Ok(running) => self.present(&Report::Box(running.pid.as_raw()), running),
                    Err(failed) => {
                        self.stop();
                        self.tell(&Report::BoxFailed(failed), &[]);
                    }
                }
            }
            Request::Stop => self.stop(),
            Request::Forget => {
                self.stop();
                forget(&self.standing.place);
            }
            Request::Limit(limits) => {
                let done = self.limit(&limits);
                self.tell(&Report::Limits(done), &[]);
            }
            Request::Look => self.look(),
            Request::LookApart => self.look_apart(),
        }
    }

    /// Hands a shell's terminal over, and a file that stands for its process: the session finds its PID on the machine by it.
    fn present(&self, report: &Report, running: Running) {
        let Ok(process) = handle(&self.proc, running.pid) else { return };
        match running.terminal {
            Some(terminal) => self.tell(report, &[&terminal, &process]),
            None => self.tell(report, &[&process]),
        }
    }

    fn start(&mut self, spec: &Spec, limits: &Limits) -> Result<Running, Failed> {
        let group = if spec.features.has(Feature::Cgroup) { Some(self.group(limits)?) } else { None };
        let cable = spec.cable.clone().map(|cable| Cable { rate: limits.rate, ..cable });
        let name = cable.as_ref().map(|cable| cable.name.clone());
        let started = container::start(&Spec { cable, ..spec.clone() }, group.as_ref());
        match started {
            Ok(running) => {
                self.inside = Some(Inside { pid: running.pid, group, cable: name });
                Ok(running)
            }
            Err(failed) => {
                unplug(name.as_deref());
                if let Some(group) = &group {
                    let _ = run_cgroup::remove(group);
                }
                Err(failed)
            }
        }
    }

    /// The box's cgroup, made anew and limited.
    fn group(&self, limits: &Limits) -> Result<Group, Failed> {
        let Some(bench) = &self.standing.cgroup else {
            let why = self.standing.no_cgroup.as_ref().map(ToString::to_string).unwrap_or_default();
            return Err(Failed::words(&format!("no cgroup can be made here: {why}")));
        };
        let group = bench.child("box");
        run_cgroup::remove(&group)?;
        group.create()?;
        if let Err(error) = group.limit(limits) {
            let _ = run_cgroup::remove(&group);
            return Err(error.into());
        }
        Ok(group)
    }

    fn limit(&self, limits: &Limits) -> Result<Limits, Failed> {
        let inside = self.inside.as_ref();
        if limits.rate.is_some() {
            let cable = inside.and_then(|inside| inside.cable.as_ref());
            let cable = cable.ok_or_else(|| Failed::words(&"the box has no cable to outside"))?;
            net::limit(cable, limits.rate.filter(|rate| *rate != NONE))?;
        }
        let of_cgroup = Limits { rate: None, ..*limits };
        if of_cgroup != Limits::default() {
            let group = inside.and_then(|inside| inside.group.as_ref());
            group.ok_or_else(|| Failed::words(&"the box has no cgroup of its own"))?.limit(&of_cgroup)?;
        }
        Ok(inside.map(held).unwrap_or_default())
    }

    /// Ends the box and everything that it started, and removes its cgroup.
    fn stop(&mut self) {
        let Some(inside) = self.inside.take() else { return };
        let _ = kill(inside.pid, Signal::SIGKILL);
        unplug(inside.cable.as_deref());
        if let Some(group) = &inside.group {
            let _ = run_cgroup::remove(group);
        }
        self.end_strays(inside.pid);
        // Its PID 1 dies only after everybody else in its namespace: when it is buried, all are gone.
        let _ = waitpid(inside.pid, None);
    }

    /// Without a PID namespace or a cgroup of its own, the box's processes are told by their session (setsid(2)).
    /// An orphan that made a session of its own has us as its parent: whoever is neither of the outside shell's
    /// session nor has another parent is the box's.
    fn end_strays(&self, leader: Pid) {
        // Whoever is killed leaves its children to us, so it is looked again until nobody is found.
        for _ in 0..ROUNDS {
            let strays: Vec<i32> = processes(&self.proc)
                .into_iter()
                .filter(|who| self.strays(leader, *who))
                .map(|(pid, ..)| pid)
                .collect();
            if strays.is_empty() {
                return;
            }
            for pid in strays {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
                // A child of ours is buried here, or it would be found again; the box's first process is not ours to bury yet.
                if pid != leader.as_raw() {
                    let _ = waitpid(Pid::from_raw(pid), None);
                }
            }
        }
    }

    fn strays(&self, leader: Pid, (pid, parent, session): (i32, i32, i32)) -> bool {
        let outside = self.outside.is_some_and(|shell| session == shell.as_raw() || pid == shell.as_raw());
        // On the bench that is 1; on the machine itself it is whoever adopts what was started here.
        let adopted = parent == Pid::this().as_raw() && !outside;
        pid != leader.as_raw() && (session == leader.as_raw() || adopted)
    }

    /// Buries the dead; tells when a shell was among them.
    fn bury(&mut self) {
        let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        loop {
            // Only looked at: while it is not buried, its number, which is its session's too, is nobody else's.
            let (pid, exit, signal) = match waitid(Id::All, look) {
                Ok(WaitStatus::Exited(pid, code)) => (pid, Some(code), None),
                Ok(WaitStatus::Signaled(pid, name, _)) => (pid, None, Some(name as i32)),
                Ok(_) | Err(_) => return,
            };
            if self.outside == Some(pid) {
                self.outside = None;
                self.tell(&Report::Ended { of_box: false, exit, signal }, &[]);
            } else if self.inside.as_ref().is_some_and(|inside| inside.pid == pid) {
                self.ended(exit, signal);
            }
            let _ = waitpid(pid, None);
        }
    }

    /// The box's first process is dead: so is the box.
    fn ended(&mut self, exit: Option<i32>, signal: Option<i32>) {
        let Some(inside) = self.inside.take() else { return };
        unplug(inside.cable.as_deref());
        if let Some(group) = &inside.group {
            let _ = run_cgroup::remove(group);
        }
        self.end_strays(inside.pid);
        self.tell(&Report::Ended { of_box: true, exit, signal }, &[]);
    }

    fn look(&mut self) {
        let pid = self.inside.as_ref().map(|inside| inside.pid);
        let [subject, shell] = [pid, self.outside].map(|pid| pid.map(|pid| pid.as_raw().unsigned_abs()));
        let (outside, inside) = match &mut self.sampler {
            Some(sampler) => sampler.sample(subject, shell).unwrap_or_default(),
            None => (Facts::new(), Facts::new()),
        };
        let held = self.inside.as_ref().and_then(|inside| {
            let group = inside.group.as_ref()?;
            group.holds(inside.pid.as_raw()).then(|| held(inside))
        });
        self.tell_seen(&Report::Seen { outside, inside, held });
    }

    /// A box that the learner made is nobody's to limit or to end.
    fn look_apart(&mut self) {
        let looked = self.sampler.as_mut().map(Sampler::sample_apart);
        let (outside, inside) = looked.and_then(Result::ok).unwrap_or_default();
        self.tell_seen(&Report::Seen { outside, inside, held: None });
    }
}

/// The limits of a box, read back.
fn held(inside: &Inside) -> Limits {
    let rate = inside.cable.as_deref().and_then(net::limit_of);
    Limits { rate, ..inside.group.as_ref().map(Group::limits).unwrap_or_default() }
}

/// What could not be unplugged goes with the box's network namespace.
fn unplug(cable: Option<&str>) {
    let _ = cable.map(net::unplug);
}

/// A file that stands for the process; where a filter forbids pidfd_open(2), its folder in /proc.
fn handle(proc: &OwnedFd, pid: Pid) -> nix::Result<OwnedFd> {
    let folder = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    sys::pidfd_open(pid).or_else(|_| openat(proc, pid.to_string().as_str(), folder, Mode::empty()))
}

/// Empties the folders that boxes write to.
fn forget(place: &Path) {
    for name in ["upper", "work"] {
        let dir = place.join(name);
        let _ = fs::remove_dir_all(&dir).and_then(|()| fs::create_dir(&dir));
    }
}

/// Every process of the bench: PID, parent, session. By a /proc that was opened at the start: a learner may have mounted
/// another over it, and then its numbers would be those of other processes.
fn processes(proc: &OwnedFd) -> Vec<(i32, i32, i32)> {
    let Ok(mut dir) = Dir::openat(proc, ".", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty()) else { return vec![] };
    let names = dir.iter().filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str().ok()?.parse().ok());
    names.filter_map(|pid| stat(proc, pid)).collect()
}

/// The parent and session of a process: fields 4 and 6 of /proc/PID/stat, counted behind the name in parentheses.
fn stat(proc: &OwnedFd, pid: i32) -> Option<(i32, i32, i32)> {
    let file = openat(proc, format!("{pid}/stat").as_str(), OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty()).ok()?;
    let mut stat = String::new();
    fs::File::from(file).read_to_string(&mut stat).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(1);
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    Some((pid, parent, session))
}
