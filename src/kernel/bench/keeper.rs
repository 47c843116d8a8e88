//! The keeper: the process that stands between the session and the bench and clears up after both.
//!
//! user_namespaces(7). It makes what only the machine's side can make (the run's cgroup, the id maps), and lives exactly
//! as long as the session's line: however the session ends, the bench is killed and its cgroup removed.

use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::{Pid, chown, geteuid, setsid};

use super::ground::{self, Ground, Word};
use super::host;
use super::ids::{self, Ids};
use super::protocol::{Config, Disk, Report};
use super::tree;
use super::without::NoRange;
use crate::kernel::container::cgroup::Group;
use crate::kernel::container::link::{self, Failed};
use crate::kernel::journal::{self, Form};
use crate::kernel::record::{self, Record};
use crate::kernel::run_cgroup::{self, NoCgroup};
use crate::kernel::{disk, scope, sys};

/// The main function of the keeper; its stdin is the line to the session, its stdout the journal.
pub fn keep() {
    // Of what our parents left open, nothing but the two lines is for us.
    sys::close_from(3);
    let control = sys::inherited(0);
    let journal = sys::inherited(1);
    // The name in ps(1), where else stood that of /proc/self/exe.
    let _ = nix::sys::prctl::set_name(c"unha");
    // 0 and 1 are wanted by shells later on; ours move out of the way.
    let (Ok(control), Ok(journal)) = (move_up(&control), move_up(&journal)) else { return };
    journal::write_to(journal, Form::Json);
    // Signals of the session's terminal are not meant for us: we end when the line ends, never earlier.
    let _ = setsid();
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), None);
    let Ok(Some((mut config, _))) = link::receive::<Config>(&control) else { return };
    if let Some(why) = config.no_scope.take() {
        scope::keep(why);
    }
    if let Err(failed) = hold(&config, &control) {
        let _ = link::send(&control, &Report::Failed(failed), &[]);
    }
}

fn move_up(file: &OwnedFd) -> nix::Result<OwnedFd> {
    let fd = nix::fcntl::fcntl(file, nix::fcntl::FcntlArg::F_DUPFD_CLOEXEC(10))?;
    Ok(sys::inherited(fd))
}

/// Makes the bench and waits until the session's line ends.
fn hold(config: &Config, control: &OwnedFd) -> Result<(), Failed> {
    let (cgroup, no_cgroup) = match config.cgroup.then(|| RunCgroup::make(config)) {
        Some(Ok(run)) => (Some(run), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    let mut ids = Ids::find();
    let ended = loop {
        if config.host {
            let disk = cgroup.as_ref().and_then(|run| run.disk.clone());
            break host::hold(config, control, cgroup.as_ref().map(|run| &run.group), no_cgroup, disk);
        }
        match bench(config, control, cgroup.as_ref(), no_cgroup.clone(), &ids) {
            // With a single id all else is the same.
            Ok(Some(why)) => ids = Ids::Single(why),
            Ok(None) => break Ok(()),
            Err(failed) => break Err(failed),
        }
    };
    if let Some(run) = cgroup {
        run.remove()?;
    }
    ended
}

/// Makes it with these ids; if they cannot be had after all, it is why.
fn bench(
    config: &Config,
    control: &OwnedFd,
    run: Option<&RunCgroup>,
    no_cgroup: Option<NoCgroup>,
    ids: &Ids,
) -> Result<Option<NoRange>, Failed> {
    let (here, there) = link::messages().map_err(|errno| Failed::plain("socketpair", errno))?;
    let group = run.map(|run| run.group.child("bench"));
    let unified = group.as_ref().is_some_and(|group| group.folder("pids").is_some_and(|(_, v2)| v2));
    let not_delegated = if unified && !geteuid().is_root() { run_cgroup::not_delegated() } else { vec![] };
    let disk = run.and_then(|run| run.disk.clone());
    let ground = Ground { config: config.clone(), group, disk, ids: ids.clone(), no_cgroup, not_delegated };
    let stage = match sys::fork()? {
        sys::Fork::Child => {
            drop(here);
            if let Some(run) = run {
                run.record.close_in_child();
            }
            ground::make(&ground, control, &there);
            sys::exit_now(1)
        }
        sys::Fork::Parent(stage) => stage,
    };
    drop(there);
    let mut first = stage;
    let attended = attend(&here, config, ids, stage, &mut first);
    if let Ok(None) = attended {
        wait_for_end(control, first);
    }
    // PID 1 takes everybody in its PID namespace along; who is frozen would keep it from dying.
    let _ = kill(first, Signal::SIGKILL);
    if let Some(run) = run {
        run_cgroup::thaw(&run.group);
    }
    let _ = waitpid(first, None);
    attended
}

/// Does for the bench's process what it cannot do itself, until it says that it stands.
fn attend(here: &OwnedFd, config: &Config, ids: &Ids, stage: Pid, first: &mut Pid) -> Result<Option<NoRange>, Failed> {
    let (mut stands, mut why) = (false, None);
    // The two processes speak in any order: what the first one says may be here before the stage has told who it is.
    while !stands || *first == stage {
        match link::receive::<Word>(here) {
            Ok(Some((Word::UserNamespace, _))) => {
                if let Err(why) = ids.map(stage)? {
                    return Ok(Some(why));
                }
                hand_over(here, config, ids, stage)?;
            }
            Ok(Some((Word::First(pid), _))) => {
                let _ = waitpid(stage, None);
                *first = Pid::from_raw(pid);
            }
            Ok(Some((Word::Standing, _))) => stands = true,
            // Whoever says so ends, and with the last one the line.
            Ok(Some((Word::Failed(failed), _))) => why = Some(failed),
            Ok(None) => {
                let died = || Failed::words(&"the bench's first process died before the bench stood");
                return Err(why.unwrap_or_else(died));
            }
            Err(errno) => return Err(Failed::plain("recvmsg", errno)),
        }
    }
    Ok(None)
}

/// Waits until the session closes its end of the line, or the bench's first process is gone.
pub(super) fn wait_for_end(control: &OwnedFd, first: Pid) {
    let closed = PollFd::new(control.as_fd(), PollFlags::POLLHUP);
    if let Ok(process) = sys::pidfd_open(first) {
        let mut files = [closed, PollFd::new(process.as_fd(), PollFlags::POLLIN)];
        while poll(&mut files, PollTimeout::NONE) == Err(Errno::EINTR) {}
        return;
    }
    // Where a filter forbids pidfd_open(2): it is our child, and its end a signal.
    let mut ended = SigSet::empty();
    ended.add(Signal::SIGCHLD);
    let Ok(signals) = SignalFd::with_flags(&ended, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK) else { return };
    let lives = || {
        let look = WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT | WaitPidFlag::WEXITED;
        waitid(Id::Pid(first), look) == Ok(WaitStatus::StillAlive)
    };
    let mut files = [closed, PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
    while lives() && files[0].revents().is_none_or(|found| found.is_empty()) {
        let _ = poll(&mut files, PollTimeout::NONE);
        while signals.read_signal().ok().flatten().is_some() {}
    }
}

/// Gives the bench the machine's files, with owners mapped as its ids are where those are others than the machine's.
fn hand_over(here: &OwnedFd, config: &Config, ids: &Ids, stage: Pid) -> Result<(), Failed> {
    if *ids != Ids::OfRoot {
        return tree::send_none(here);
    }
    let users = fs::File::open(format!("/proc/{stage}/ns/user")).map_err(|error| Failed::words(&error))?;
    tree::send(here, config.rootfs.as_deref(), users.as_fd())
}

/// The cgroup of this run.
struct RunCgroup {
    group: Group,
    /// The file on a disk, where there is a disk that can be limited.
    disk: Option<Disk>,
    record: Record,
}

impl RunCgroup {
    /// Makes it: the safety limits on its top, and below it a cgroup that belongs to the bench's root.
    fn make(config: &Config) -> Result<Self, NoCgroup> {
        let here = run_cgroup::parent()?;
        let taken = |name: &str| here.group.child(name).exists();
        // Before the turn, so that it is dropped after it: what it then switches off takes a turn too.
        let mut record = Record::open_but(&config.records, taken)
            .map_err(|error| Failed::words(&format!("{}: {error}", config.records.display())))?;
        let turn = here.turn();
        let parent = run_cgroup::parent()?;
        let group = parent.group.child(&record.name());
        record.will_make(&group, &parent).map_err(|error| Failed::words(&error))?;
        parent.hand_on()?;
        group.create().inspect_err(|_| record.was_not_made())?;
        let mut run = Self { group, disk: None, record };
        run.disk = run.lay_on_disk(config.host);
        let limited = run.limit_and_divide(config.host);
        drop(turn);
        limited.map(|()| run)
    }

    /// Makes the file. Lessons go on without it, and those that need it say so.
    fn lay_on_disk(&mut self, host: bool) -> Option<Disk> {
        self.group.folder("io")?;
        let numbers = disk::of(Path::new(record::DISK)).ok()?;
        let file = self.record.make_on_disk().ok()?;
        if ids::may_map() && !host {
            let (uid, gid) = ids::root_of_roots_bench();
            chown(&file, Some(uid), Some(gid)).ok()?;
        }
        Some(Disk { file, numbers })
    }

    fn limit_and_divide(&self, host: bool) -> Result<(), NoCgroup> {
        let safety = run_cgroup::safety();
        self.group.limit(&safety)?;
        if self.group.limits().pids != safety.pids {
            return Err(Failed::words(&"the safety limits were written, but do not read back").into());
        }
        // Folders below folders without end are a bomb too; version 1 has no bound for them.
        if let Some((dir, true)) = self.group.folder("pids") {
            sys::write_file(dir.join("cgroup.max.depth"), "16")?;
            sys::write_file(dir.join("cgroup.max.descendants"), "256")?;
        }
        self.group.hand_on()?;
        let bench = self.group.child("bench");
        bench.create()?;
        if ids::may_map() && !host {
            for dir in bench.dirs() {
                give(dir).map_err(|errno| Failed::plain("chown", errno))?;
            }
        }
        Ok(())
    }

    fn remove(self) -> Result<(), Failed> {
        Ok(self.record.remove_made()?)
    }
}

/// Gives a cgroup to the bench's root, as systemd delegates one: the folder, and the files that place processes and
/// controllers. Its limits stay with the machine's root.
fn give(dir: &Path) -> nix::Result<()> {
    let (uid, gid) = ids::root_of_roots_bench();
    chown(dir, Some(uid), Some(gid))?;
    for name in ["cgroup.procs", "tasks", "cgroup.threads", "cgroup.subtree_control"] {
        let file = dir.join(name);
        if fs::metadata(&file).is_ok_and(|found| found.uid() != uid.as_raw()) {
            chown(&file, Some(uid), Some(gid))?;
        }
    }
    Ok(())
}
