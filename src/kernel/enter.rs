//! Joining all that a process is in, and running a shell there: setns(2), as nsenter(1) and `docker exec` do.
//!
//! The shell may do no more than the container's first process: it has its namespaces, its root, its ids and none of the
//! capabilities that this one lacks, and where a filter looks at that one's system calls, one looks at the shell's. The learner
//! sees each call as it is made.

mod rights;

use std::ffi::CString;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::prctl::{set_dumpable, set_pdeathsig};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, sigprocmask};
use nix::sys::wait::{WaitStatus, wait};
use nix::unistd::{chroot, fchdir, pipe2, setsid};
use rustix::fs::{CWD, Mode, OFlags, openat, readlinkat, stat};
use serde::{Deserialize, Serialize};

use super::cgroupfs::Cgroups;
use super::container::cgroup::Group;
use super::evidence::Kind;
use super::join::{self, Joined};
use super::sys::{self, Fork};
use rights::Rights;

/// Why there is no shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refused {
    /// The process is not there any more, or its number is another's by now.
    #[error("the process has ended")]
    Ended,
    /// It has no shell: execve(2) was ENOENT.
    #[error("there is no /bin/sh")]
    NoShell,
    /// A call that the kernel refused.
    #[error("{0}")]
    Call(String),
}

impl Refused {
    fn call(name: &str, arguments: &str, errno: Errno) -> Self {
        Self::Call(format!("{name}({arguments}) = {errno:?}"))
    }
}

/// A process by its folder in /proc, held open: its number may go to another.
struct Target {
    pid: u32,
    folder: OwnedFd,
}

/// Joins all that the process `pid`, started at `started`, is in, and runs a shell there until it ends; gives its exit code.
/// `told` is told each call. The caller is a process of its own with one thread and a terminal at 0, 1 and 2, and ends
/// with this.
///
/// # Errors
/// [`Refused`], where something could not be joined or taken: then nothing was run.
pub fn shell(pid: u32, started: u64, prompt: &str, told: &mut dyn FnMut(&str)) -> Result<i32, Refused> {
    // What runs inside is not to trace this process while it has more rights than it, nor to find a file of its.
    set_dumpable(false).map_err(|errno| Refused::call("prctl", "PR_SET_DUMPABLE, 0", errno))?;
    sys::close_on_exec_from(3);
    // Keys of the one who looks are not for whoever is looked at: keyctl(2).
    let _ = sys::leave_keyring();
    // Closed by execve(2); what comes over it before that is why there is none.
    let (failed, fails) = pipe2(OFlag::O_CLOEXEC).map_err(|errno| Refused::call("pipe2", "O_CLOEXEC", errno))?;
    let child = match fork()? {
        // A child joins, and its child is the shell; but that is ours, so that nobody of us is seen inside.
        Fork::Child => {
            if let Err(why) = join_and_run(pid, started, prompt, &fails, told) {
                let _ = serde_json::to_writer(File::from(fails), &why);
            }
            sys::exit_now(0)
        }
        Fork::Parent(child) => child,
    };
    drop(fails);
    let mut why = String::new();
    let _ = File::from(failed).read_to_string(&mut why);
    let mut code = 1;
    loop {
        match wait() {
            Ok(WaitStatus::Exited(ended, _) | WaitStatus::Signaled(ended, ..)) if ended == child => {}
            Ok(WaitStatus::Exited(_, exit)) => code = exit,
            Ok(WaitStatus::Signaled(_, signal, _)) => code = 128 + signal as i32,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => break,
        }
    }
    serde_json::from_str(&why).map_or(Ok(code), Err)
}

fn fork() -> Result<Fork, Refused> {
    sys::fork().map_err(|error| Refused::Call(error.call.to_string()))
}

fn join_and_run(
    pid: u32,
    started: u64,
    prompt: &str,
    fails: &OwnedFd,
    told: &mut dyn FnMut(&str),
) -> Result<(), Refused> {
    let target = Target::open(pid, started)?;
    // As they are numbered out here: in there they may be nobody's to change.
    if let Some(rights) = Rights::of(&target.text("status")?) {
        rights.take_groups_outside();
    }
    target.join_cgroup(told);
    let root = target.file("root", OFlags::PATH | OFlags::DIRECTORY)?;
    target.join(told)?;
    change_root(pid, root, told)?;
    // Read now, the ids are those that count in there.
    let rights = Rights::of(&target.text("status")?).ok_or(Refused::Ended)?;
    rights.take(told)?;
    let environment = environment(rights.uid, prompt);
    drop(target);
    // The namespace for processes is one for children.
    match sys::fork_sibling().map_err(|error| Refused::Call(error.call.to_string()))? {
        Fork::Child => become_shell(&environment, fails),
        Fork::Parent(_) => Ok(()),
    }
}

impl Target {
    fn open(pid: u32, started: u64) -> Result<Self, Refused> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = openat(CWD, format!("/proc/{pid}"), flags, Mode::empty()).map_err(|_| Refused::Ended)?;
        let target = Self { pid, folder };
        let text = target.text("stat")?;
        // The name may have blanks and brackets in it; the start is the 20th word behind it.
        let start = text.rsplit_once(')').and_then(|(_, rest)| rest.split_ascii_whitespace().nth(19)?.parse().ok());
        if start == Some(started) { Ok(target) } else { Err(Refused::Ended) }
    }

    fn shown(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.pid)
    }

    fn file(&self, file: &str, flags: OFlags) -> Result<OwnedFd, Refused> {
        openat(&self.folder, file, flags | OFlags::CLOEXEC, Mode::empty())
            .map_err(|errno| Refused::call("open", &self.shown(file), Errno::from_raw(errno.raw_os_error())))
    }

    fn text(&self, file: &str) -> Result<String, Refused> {
        let file = File::from(self.file(file, OFlags::RDONLY)?);
        std::io::read_to_string(file).map_err(|_| Refused::Ended)
    }

    /// What the shell uses counts where its neighbours' use counts. Whoever may not do that has a shell all the same.
    fn join_cgroup(&self, told: &mut dyn FnMut(&str)) {
        let Ok(proc) = openat(CWD, "/proc", OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()) else {
            return;
        };
        let Ok(cgroups) = Cgroups::of(&self.pid.to_string(), proc.as_fd()) else { return };
        match Group::of(&cgroups).join() {
            Ok(()) => told("write(cgroup.procs, 0) = 1"),
            Err(error) => told(&error.call.to_string()),
        }
    }

    /// Joins its namespaces, those apart that this process is in already.
    fn join(&self, told: &mut dyn FnMut(&str)) -> Result<(), Refused> {
        let mut left = vec![];
        for kind in Kind::ALL {
            let file = format!("ns/{}", kind.name());
            let ours = readlinkat(CWD, format!("/proc/self/{file}"), Vec::new()).ok();
            let theirs = match readlinkat(&self.folder, file.as_str(), Vec::new()) {
                Ok(link) => link,
                // This kernel has no such namespaces.
                Err(_) if ours.is_none() => continue,
                Err(errno) if errno == rustix::io::Errno::ACCESS => {
                    return Err(Refused::call("readlink", &self.shown(&file), Errno::EACCES));
                }
                // Who has ended is in none any more, and the shell would stay in ours.
                Err(_) => return Err(Refused::Ended),
            };
            if ours.as_ref() != Some(&theirs) {
                left.push((kind, self.file(&file, OFlags::RDONLY)?));
            }
        }
        let shown = |kind: Kind| self.shown(&format!("ns/{}", kind.name()));
        let mut say = |joined| match joined {
            Joined::Own(kind) => told(&format!("setns({}) = 0", shown(kind))),
            Joined::OwnerOf(kind) => told(&format!("setns(ioctl({}, NS_GET_USERNS)) = 0", shown(kind))),
        };
        join::all(left, &mut say).map_err(|refused| match refused.first() {
            Some((kind, errno)) => Refused::call("setns", &shown(*kind), *errno),
            None => Refused::Ended,
        })
    }
}

/// Its root is its own even where it is only a folder of its mount namespace's.
fn change_root(pid: u32, root: OwnedFd, told: &mut dyn FnMut(&str)) -> Result<(), Refused> {
    let shown = format!("/proc/{pid}/root");
    let [there, here] = [rustix::fs::fstat(&root), stat("/")];
    fchdir(&root).map_err(|errno| Refused::call("fchdir", &shown, errno))?;
    drop(root);
    let same =
        there.is_ok_and(|there| here.is_ok_and(|here| (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)));
    if !same {
        chroot(".").map_err(|errno| Refused::call("chroot", &shown, errno))?;
        told(&format!("chroot({shown}) = 0"));
    }
    Ok(())
}

fn environment(uid: u32, prompt: &str) -> Vec<CString> {
    let home = if uid == 0 { "/root" } else { "/" };
    let entries = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
        "TERM=xterm-256color".to_owned(),
        "LANG=C.UTF-8".to_owned(),
        format!("HOME={home}"),
        format!("PS1={prompt}"),
    ];
    entries.into_iter().filter_map(|entry| CString::new(entry).ok()).collect()
}

/// Leads a session of its own on the terminal, as a shell expects, and ends when whoever started it does.
fn become_shell(environment: &[CString], fails: &OwnedFd) -> ! {
    let _ = set_pdeathsig(Signal::SIGKILL);
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None);
    let _ = sys::default_signal(Signal::SIGPIPE);
    let leads = setsid().and_then(|_| sys::take_terminal(sys::borrow(0)).map_err(|error| error.errno));
    let why = match leads {
        Err(errno) => Refused::call("ioctl", "TIOCSCTTY", errno),
        Ok(()) => match sys::exec(&[CString::from(c"/bin/sh")], environment) {
            error if error.errno == Errno::ENOENT => Refused::NoShell,
            error => Refused::Call(error.call.to_string()),
        },
    };
    let said = serde_json::to_vec(&why).unwrap_or_default();
    let _ = nix::unistd::write(fails, &said);
    sys::exit_now(126)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    use nix::unistd::Pid;

    use super::*;

    #[test]
    fn nobody_joins_who_has_ended() {
        let mut child = Command::new("true").spawn().unwrap();
        let pid = child.id();
        // It stays a zombie: its folder is there, and its number is nobody else's.
        let ended = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        waitid(Id::Pid(Pid::from_raw(pid.cast_signed())), ended).unwrap();
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = openat(CWD, format!("/proc/{pid}"), flags, Mode::empty()).unwrap();
        let mut told = vec![];
        let joined = Target { pid, folder }.join(&mut |call| told.push(call.to_owned()));
        child.wait().unwrap();
        assert_eq!((joined, told), (Err(Refused::Ended), Vec::<String>::new()));
    }
}
