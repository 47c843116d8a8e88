//! No bench at all: the machine itself is the outside, and boxes are made directly on it. `unha --host`.
//!
//! Nothing is unshared here. What a bench does by its PID namespace is done by adopting orphans, prctl(2)
//! `PR_SET_CHILD_SUBREAPER`, and by the run's cgroup: with the course end the shells, the box and all that they started.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use nix::mount::MsFlags;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::geteuid;

use super::ground::Word;
use super::keeper::wait_for_end;
use super::protocol::{Config, Disk, Standing};
use super::serve;
use crate::kernel::container::cgroup::Group;
use crate::kernel::container::link::{self, Failed};
use crate::kernel::descendants;
use crate::kernel::record::Record;
use crate::kernel::run_cgroup::NoCgroup;
use crate::kernel::sys::{self, Fork};

/// Starts the process that serves and waits until the session's line ends; then ends all that was started.
pub(super) fn hold(
    config: &Config,
    control: &OwnedFd,
    run: Option<&Group>,
    no_cgroup: Option<NoCgroup>,
    disk: Option<Disk>,
) -> Result<(), Failed> {
    descendants::adopt().map_err(|errno| Failed::plain("prctl", errno))?;
    let mut standing = Standing { host: true, writable: true, no_cgroup, disk, ..Standing::default() };
    standing.rootfs.clone_from(&config.rootfs);
    let mut record = None;
    // An ordinary user cannot mount here; their boxes have their overlay in a mount namespace of their own.
    if geteuid().is_root() && config.rootfs.is_some() {
        let words = |error| Failed::words(&format!("{}: {error}", config.records.display()));
        let written = record.insert(Record::open(&config.records).map_err(words)?);
        standing.place = written.will_place().map_err(words)?;
        standing.cable = Some(written.will_plug_in().map_err(words)?);
        lay_out(&standing.place, &written.name())?;
    }
    let ended = attend(control, run.map(|run| run.child("bench")), standing, record.as_ref());
    descendants::end();
    // Only now is nobody left who could be in it.
    if let Some(record) = record {
        record.remove_made()?;
    }
    ended
}

/// The folder of the boxes' overlay: a bounded tmpfs that is called after the run, so that it can be told from others.
fn lay_out(place: &Path, name: &str) -> Result<(), Failed> {
    let made = |dir: &PathBuf| {
        fs::create_dir(dir).map_err(|error| Failed::words(&format!("mkdir({}): {error}", dir.display())))
    };
    made(&place.to_owned())?;
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    sys::mount(name, place, "tmpfs", quiet, "mode=755,size=256m,nr_inodes=65536")?;
    ["upper", "work", "root"].map(|name| place.join(name)).iter().try_for_each(made)
}

fn attend(control: &OwnedFd, group: Option<Group>, standing: Standing, record: Option<&Record>) -> Result<(), Failed> {
    let (here, there) = link::messages().map_err(|errno| Failed::plain("socketpair", errno))?;
    let first = match sys::fork()? {
        Fork::Child => {
            drop(here);
            if let Some(record) = record {
                record.close_in_child();
            }
            if let Err(failed) = stand(control, group, standing, &there) {
                let _ = link::send(&there, &Word::Failed(failed), &[]);
            }
            sys::exit_now(1)
        }
        Fork::Parent(first) => first,
    };
    drop(there);
    let ended = match link::receive::<Word>(&here) {
        Ok(Some((Word::Standing, _))) => {
            wait_for_end(control, first);
            Ok(())
        }
        Ok(Some((Word::Failed(failed), _))) => Err(failed),
        Ok(_) => Err(Failed::words(&"the bench's first process died before the bench stood")),
        Err(errno) => Err(Failed::plain("recvmsg", errno)),
    };
    let _ = kill(first, Signal::SIGKILL);
    let _ = waitpid(first, None);
    ended
}

/// Serves on the machine as it is, until killed.
fn stand(control: &OwnedFd, group: Option<Group>, mut standing: Standing, keeper: &OwnedFd) -> Result<(), Failed> {
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(|errno| Failed::plain("prctl", errno))?;
    descendants::adopt().map_err(|errno| Failed::plain("prctl", errno))?;
    // Whoever keeps a folder as its own keeps the file system busy that it is on.
    sys::chdir(Path::new("/"))?;
    if let Some(group) = group {
        // In version 2 a cgroup that hands controllers on has no processes of its own: the shell outside is in a leaf.
        let outside = group.child("outside");
        outside.create()?;
        outside.join()?;
        group.hand_on()?;
        standing.cgroup = Some(group);
    }
    link::send(keeper, &Word::Standing, &[]).map_err(|errno| Failed::plain("sendmsg", errno))?;
    serve::serve(control, standing)
}
