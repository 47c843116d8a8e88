//! The keeper: the process that stands between the session and the bench and clears up after both.
//!
//! user_namespaces(7). It makes what only the machine's side can make (the run's cgroup, the id maps), and lives exactly
//! as long as the session's line: however the session ends, the bench is killed and its cgroup removed.

use std::fs;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::wait::waitpid;
use nix::unistd::{Gid, Pid, Uid, chown, geteuid, setsid};

use super::ground::{self, Ground, Word};
use super::protocol::{Config, Report};
use crate::kernel::container::cgroup::Group;
use crate::kernel::container::link::{self, Failed};
use crate::kernel::journal::{self, Form};
use crate::kernel::record::Record;
use crate::kernel::{run_cgroup, sys};

/// Where root's bench maps its ids to: 65536 ids that no distribution gives to anybody, the last range that
/// systemd-nspawn(1) would take (systemd's UIDS-GIDS page). Its root is nobody special on the machine.
const FIRST_ID: u32 = 0x6fff_0000;
const IDS: u32 = 65536;

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
    let Ok(Some((config, _))) = link::receive::<Config>(&control) else { return };
    if let Err(failed) = hold(&config, &control) {
        let _ = link::send(&control, &Report::Failed(failed), &[]);
    }
}

fn move_up(file: &OwnedFd) -> nix::Result<OwnedFd> {
    let fd = nix::fcntl::fcntl(file, nix::fcntl::FcntlArg::F_DUPFD_CLOEXEC(10))?;
    Ok(sys::inherited(fd))
}

/// Whether we may map the bench's ids: as root, and where these ids are ours to give. In a container that is itself in
/// a user namespace they may not exist, and root there is an ordinary user.
fn may_map() -> bool {
    let maps = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let numbers = |line: &str| line.split_whitespace().filter_map(|word| word.parse::<u64>().ok()).collect::<Vec<_>>();
    let (first, after) = (u64::from(FIRST_ID), u64::from(FIRST_ID) + u64::from(IDS));
    let covers = |line: &str| matches!(numbers(line)[..], [from, _, count] if from <= first && after <= from + count);
    geteuid().is_root() && may_administer() && maps.lines().any(covers)
}

/// Whether root here is more than a name: without CAP_SYS_ADMIN, as in most containers, it can do what an ordinary user
/// can. capabilities(7).
fn may_administer() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let held = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    held.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set >> 21 & 1 == 1)
}

/// Makes the bench and waits until the session's line ends.
fn hold(config: &Config, control: &OwnedFd) -> Result<(), Failed> {
    let (cgroup, no_cgroup) = match config.cgroup.then(|| RunCgroup::make(config)) {
        Some(Ok(run)) => (Some(run), None),
        Some(Err(why)) => (None, Some(why.to_string())),
        None => (None, None),
    };
    let ended = bench(config, control, cgroup.as_ref(), no_cgroup);
    if let Some(run) = cgroup {
        run.remove()?;
    }
    ended
}

fn bench(config: &Config, control: &OwnedFd, run: Option<&RunCgroup>, no_cgroup: Option<String>) -> Result<(), Failed> {
    let (here, there) = link::messages().map_err(|errno| Failed::plain("socketpair", errno))?;
    let root = may_map();
    let ground = Ground {
        config: config.clone(),
        group: run.map(|run| run.group.child("bench")),
        maps_itself: !root,
        no_cgroup,
    };
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
    let failed = attend(&here, config, root, stage, &mut first);
    if failed.is_none() {
        wait_for_end(control, first);
    }
    // PID 1 takes everybody in its PID namespace along.
    let _ = kill(first, Signal::SIGKILL);
    let _ = waitpid(first, None);
    failed.map_or(Ok(()), Err)
}

/// Does for the bench's process what it cannot do itself, until it says that it stands.
fn attend(here: &OwnedFd, config: &Config, root: bool, stage: Pid, first: &mut Pid) -> Option<Failed> {
    let (mut stands, mut why) = (false, None);
    // The two processes speak in any order: what the first one says may be here before the stage has told who it is.
    while !stands || *first == stage {
        match link::receive::<Word>(here) {
            Ok(Some((Word::UserNamespace, _))) => {
                let handed = if root { hand_over(here, config, stage) } else { Ok(()) };
                if let Err(failed) = handed {
                    let _ = kill(stage, Signal::SIGKILL);
                    return Some(failed);
                }
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
                return Some(why.unwrap_or_else(died));
            }
            Err(errno) => return Some(Failed::plain("recvmsg", errno)),
        }
    }
    None
}

/// Waits until the session closes its end of the line, or the bench's first process is gone.
fn wait_for_end(control: &OwnedFd, first: Pid) {
    let Ok(process) = sys::pidfd_open(first) else { return };
    let mut files = [PollFd::new(control.as_fd(), PollFlags::POLLHUP), PollFd::new(process.as_fd(), PollFlags::POLLIN)];
    while poll(&mut files, PollTimeout::NONE) == Err(nix::errno::Errno::EINTR) {}
}

/// Maps the bench's ids to ids that nobody has, and gives it the machine's files with owners mapped likewise.
fn hand_over(here: &OwnedFd, config: &Config, stage: Pid) -> Result<(), Failed> {
    let map = format!("0 {FIRST_ID} {IDS}\n");
    sys::write_file(format!("/proc/{stage}/uid_map"), &map)?;
    sys::write_file(format!("/proc/{stage}/gid_map"), &map)?;
    let trees = [Some(Path::new("/")), config.rootfs.as_deref()];
    let users = fs::File::open(format!("/proc/{stage}/ns/user")).map_err(|error| Failed::words(&error))?;
    let mut mapped = vec![];
    for tree in trees.into_iter().flatten() {
        // Where the file system cannot map owners, they are shown as nobody's: worse, but it works.
        let copy = sys::clone_tree(tree)?;
        let done = sys::map_owners(copy.as_fd(), users.as_fd());
        mapped.push((copy, done.is_ok()));
    }
    let files: Vec<_> = mapped.iter().map(|(copy, _)| copy.as_raw_fd()).collect();
    let owners: Vec<bool> = mapped.iter().map(|(_, done)| *done).collect();
    link::send(here, &owners, &files).map_err(|errno| Failed::plain("sendmsg", errno))
}

/// The cgroup of this run.
struct RunCgroup {
    group: Group,
    record: Record,
}

impl RunCgroup {
    /// Makes it: the safety limits on its top, and below it a cgroup that belongs to the bench's root.
    fn make(config: &Config) -> Result<Self, Failed> {
        let parent = run_cgroup::parent()?;
        let mut record = Record::open(&config.records)
            .map_err(|error| Failed::words(&format!("{}: {error}", config.records.display())))?;
        let group = parent.group.child(&record.name());
        record.will_make(&group, &parent).map_err(|error| Failed::words(&error))?;
        parent.hand_on()?;
        group.create()?;
        let run = Self { group, record };
        run.limit_and_divide().map(|()| run)
    }

    fn limit_and_divide(&self) -> Result<(), Failed> {
        let safety = run_cgroup::safety();
        self.group.limit(&safety)?;
        if self.group.limits().pids != safety.pids {
            return Err(Failed::words(&"the safety limits were written, but do not read back"));
        }
        // Folders below folders without end are a bomb too; version 1 has no bound for them.
        if let Some((dir, true)) = self.group.folder("pids") {
            sys::write_file(dir.join("cgroup.max.depth"), "16")?;
            sys::write_file(dir.join("cgroup.max.descendants"), "256")?;
        }
        self.group.hand_on()?;
        let bench = self.group.child("bench");
        bench.create()?;
        if may_map() {
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
    let (uid, gid) = (Uid::from_raw(FIRST_ID), Gid::from_raw(FIRST_ID));
    chown(dir, Some(uid), Some(gid))?;
    for name in ["cgroup.procs", "tasks", "cgroup.threads", "cgroup.subtree_control"] {
        let file = dir.join(name);
        if fs::metadata(&file).is_ok_and(|found| found.uid() != FIRST_ID) {
            chown(&file, Some(uid), Some(gid))?;
        }
    }
    Ok(())
}
