//! A process for which a range of ids counts: it may give files to others than its user. user_namespaces(7), subuid(5).
//!
//! The files of a distribution belong to many: root, mail, a printer's daemon. An ordinary user may own files only as
//! themselves, unless the machine has given them a range of ids; then root's files are the user's own, and whoever has
//! number N in the distribution is the N-th of the range. The bench knows these ids by the same numbers.

use std::fs::File;
use std::io::{Read as _, Write as _};

use nix::sched::CloneFlags;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, getpid, getppid};

use super::bench::ids::map_whole;
pub use super::bench::ids::{Range, given};
pub use super::bench::without::NoRange;
use super::container::link::Failed;
use super::sys::{self, Fork, unshare};

/// Makes this process root of a user namespace in which 0 is its own user, and 1 to 65535 are the range's. It must have
/// one thread.
///
/// # Errors
/// What the kernel refused; or, as `Ok(Err(…))`, why the range could not be had. Then it stays in a namespace in which it
/// is nobody, and should end.
pub fn enter(range: Range) -> Result<Result<(), NoRange>, Failed> {
    let pipe = || nix::unistd::pipe().map_err(|errno| Failed::plain("pipe", errno));
    let ((wait, go), (told, tell)) = (pipe()?, pipe()?);
    let leaving = getpid();
    // The map is written from outside, by programs that may: by a child that stays there.
    let child = match sys::fork()? {
        Fork::Child => {
            drop((go, told));
            let _ = File::from(wait).read(&mut [0]);
            if let Err(why) = map_whole(leaving, range) {
                let _ = File::from(tell).write_all(&serde_json::to_vec(&why).unwrap_or_default());
            }
            sys::exit_now(0);
        }
        Fork::Parent(child) => child,
    };
    drop((wait, tell));
    let left = unshare(CloneFlags::CLONE_NEWUSER);
    drop(go);
    let mut why = vec![];
    let _ = File::from(told).read_to_end(&mut why);
    let _ = waitpid(child, None);
    left?;
    if !why.is_empty() {
        return Ok(Err(serde_json::from_slice(&why).map_err(|error| Failed::words(&error))?));
    }
    sys::become_root()?;
    Ok(Ok(()))
}

/// Starts a child that does `work`, as root of such a namespace if there is a range, and ends with what it returns. It does
/// not outlive this process. This one must have one thread.
///
/// # Errors
/// What the kernel refused to this process. What it refuses to the child is given to `work`.
pub fn child(
    range: Option<Range>,
    work: impl FnOnce(Result<Result<(), NoRange>, Failed>) -> i32,
) -> Result<Pid, Failed> {
    let parent = getpid();
    match sys::fork()? {
        Fork::Child => {
            let entered = range.map_or(Ok(Ok(())), enter);
            // After the namespace: what changes a process's rights takes the wish back.
            let _ = prctl::set_pdeathsig(Signal::SIGKILL);
            if getppid() != parent {
                sys::exit_now(1);
            }
            sys::exit_now(work(entered))
        }
        Fork::Parent(child) => Ok(child),
    }
}
