//! The end of a cgroup: its processes are killed, and it is removed with all that was made below it. cgroups(7).
//!
//! Whoever is root on the bench may have made cgroups in cgroups without end: the way down is by open folders and not by
//! path, which the kernel bounds to 4096 bytes, and with two folders open at a time, however deep it goes.

use std::ffi::CString;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

use nix::dir::{Dir, Type};
use nix::errno::Errno;
use nix::fcntl::{OFlag, open, openat};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, UnlinkatFlags, unlinkat};

use super::Group;
use crate::kernel::sys::{SysError, rmdir, write_file};

/// How long the kernel may take to let go of a cgroup whose processes were killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many cgroups are thawed at most: somebody may have made them without end.
const MOST_FROZEN: usize = 4096;

const FOLDER: OFlag = OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// Kills every process in the group and the cgroups below it, and removes them all. What is gone already is fine.
///
/// # Errors
/// The rmdir that the kernel still refused after some seconds.
pub fn remove(group: &Group) -> Result<(), SysError> {
    let deadline = Instant::now() + PATIENCE;
    let mut left = vec![];
    for dir in group.dirs() {
        match open(dir, FOLDER, Mode::empty()) {
            Err(Errno::ENOENT) => {}
            // Most are empty by now and have nothing below them: then there is nobody to look for.
            Ok(folder) if read(folder.as_fd(), "cgroup.procs").is_empty() && rmdir(dir).is_ok() => {}
            _ => left.push(dir),
        }
    }
    if !left.is_empty() {
        thaw(group);
    }
    // Killed one by one, a fork bomb is faster: so first nobody in there can fork any more.
    for dir in &left {
        let by_one = !dir.join("cgroup.kill").exists() || write_file(dir.join("cgroup.kill"), "1").is_err();
        if by_one && dir.join("pids.max").exists() {
            let _ = write_file(dir.join("pids.max"), "0");
        }
    }
    left.into_iter().try_for_each(|dir| remove_tree(dir, deadline))
}

/// Lets go on what version 1 has frozen, in the group and below: there, who stands still does not even die. In version 2
/// they do.
pub fn thaw(group: &Group) {
    let Some((top, false)) = group.folder("freezer") else { return };
    let mut left = vec![top.to_owned()];
    // Downwards, for who is below a frozen cgroup is frozen with it.
    for _ in 0..MOST_FROZEN {
        let Some(dir) = left.pop() else { return };
        let _ = std::fs::write(dir.join("freezer.state"), "THAWED");
        left.extend(super::children(&dir).unwrap_or_default());
    }
}

fn remove_tree(dir: &Path, deadline: Instant) -> Result<(), SysError> {
    loop {
        if let Ok(top) = open(dir, FOLDER, Mode::empty()) {
            kill_all(top.as_fd());
            // What stops it shows in the rmdir below.
            let _ = remove_below(top, deadline);
        }
        match rmdir(dir) {
            Ok(()) => return Ok(()),
            Err(error) if error.errno == Errno::ENOENT => return Ok(()),
            // A killed process stays a member until it is buried, which the kernel and its parent do in their own time.
            Err(error) if error.errno == Errno::EBUSY && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(2));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Removes all cgroups below `top`, the deepest first.
fn remove_below(top: OwnedFd, deadline: Instant) -> nix::Result<()> {
    let mut here = top;
    let mut names: Vec<CString> = vec![];
    while Instant::now() < deadline {
        // What is empty goes at once; the first that is not is gone into.
        let next = children(here.as_fd())?.into_iter().find(|name| remove_at(here.as_fd(), name).is_err());
        if let Some(name) = next {
            here = openat(&here, name.as_c_str(), FOLDER, Mode::empty())?;
            kill_all(here.as_fd());
            names.push(name);
            continue;
        }
        let Some(name) = names.pop() else { return Ok(()) };
        here = openat(&here, "..", FOLDER, Mode::empty())?;
        while remove_at(here.as_fd(), &name) == Err(Errno::EBUSY) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    Err(Errno::EBUSY)
}

fn remove_at(dir: BorrowedFd<'_>, name: &CString) -> nix::Result<()> {
    match unlinkat(dir, name.as_c_str(), UnlinkatFlags::RemoveDir) {
        Err(Errno::ENOENT) => Ok(()),
        done => done,
    }
}

/// The cgroups right below a cgroup.
fn children(dir: BorrowedFd<'_>) -> nix::Result<Vec<CString>> {
    let mut entries = Dir::openat(dir, ".", FOLDER, Mode::empty())?;
    let folder = |entry: &nix::dir::Entry| {
        entry.file_type() == Some(Type::Directory) && ![c".", c".."].contains(&entry.file_name())
    };
    Ok(entries.iter().filter_map(Result::ok).filter(folder).map(|entry| entry.file_name().to_owned()).collect())
}

/// Kills the members: at once by `cgroup.kill` (Linux 5.14), else one by one. Whoever is a member of a cgroup that
/// we made was started by us, so no foreign process can be hit.
fn kill_all(dir: BorrowedFd<'_>) {
    let members = read(dir, "cgroup.procs");
    if members.is_empty() || write(dir, "cgroup.kill", "1") {
        return;
    }
    for pid in members.lines().filter_map(|line| line.parse().ok()).filter(|pid| *pid > 1) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}

fn read(dir: BorrowedFd<'_>, name: &str) -> String {
    let mut text = String::new();
    if let Ok(file) = openat(dir, name, OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty()) {
        let _ = File::from(file).read_to_string(&mut text);
    }
    text
}

/// Whether it could be written.
fn write(dir: BorrowedFd<'_>, name: &str, text: &str) -> bool {
    let file = openat(dir, name, OFlag::O_WRONLY | OFlag::O_CLOEXEC, Mode::empty());
    file.is_ok_and(|file| File::from(file).write_all(text.as_bytes()).is_ok())
}
