//! A range of ids for a user namespace, as newuidmap(1) gives it to an ordinary user.
//!
//! user_namespaces(7), subuid(5). Without it a namespace has the one id of whoever made it. The learner sees the true
//! ids in the row `machine` either way.

use std::fs;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::fcntl::OFlag;
use nix::sched::CloneFlags;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::{AccessFlags, Pid, access, geteuid, getuid, pipe2, read};

use super::{Because, Finding, What};
use crate::kernel::container::link::Failed;
use crate::kernel::reason::{Evidence, Reason};
use crate::kernel::sys::{self, Fork};

/// Whether boxes could have ids of their own.
pub(super) fn finding() -> Finding {
    match range() {
        Ok(range) => Finding::works(What::Ids, Some(range)),
        Err(because) => Finding::partly(What::Ids, because),
    }
}

fn range() -> Result<String, Because> {
    let root = geteuid().is_root();
    let (first, count) = if root { (100_000, 65536) } else { granted()? };
    let helper = if root { None } else { Some(helper()?) };
    in_child(|child| {
        let map = [(0, getuid().as_raw(), 1), (1, first, count)];
        let Some(program) = &helper else {
            return sys::write_file(format!("/proc/{child}/uid_map"), &format!("0 {first} {count}\n"))
                .map_err(|error| Because::of(&error.into(), &Evidence::look()));
        };
        let numbers = map.iter().flat_map(|(inside, outside, count)| [*inside, *outside, *count]);
        let mut command = Command::new(program);
        command.arg(child.to_string()).args(numbers.map(|number| number.to_string()));
        let output = command.stdin(Stdio::null()).output();
        match output {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                Err(Because::seen(Reason::NewuidmapRefused, [said]))
            }
            Err(error) => Err(Because::seen(Reason::NewuidmapRefused, [error.to_string()])),
        }
    })?;
    Ok(format!("{count}"))
}

/// newuidmap(1), where it is.
fn helper() -> Result<PathBuf, Because> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = |name: &str| {
        std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| access(file, AccessFlags::X_OK).is_ok())
    };
    found("newgidmap")
        .and_then(|_| found("newuidmap"))
        .ok_or_else(|| Because::seen(Reason::NoNewuidmap, ["newuidmap, newgidmap: ENOENT".to_owned()]))
}

/// The range that subuid(5) gives to this user, by name or number.
fn granted() -> Result<(u32, u32), Because> {
    let uid = getuid();
    let name = nix::unistd::User::from_uid(uid).ok().flatten().map(|user| user.name);
    let range = |file: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().find_map(|line| {
            let mut fields = line.split(':');
            let whose = fields.next()?;
            let ours = Some(whose) == name.as_deref() || whose == uid.to_string();
            let (first, count) = (fields.next()?.parse().ok()?, fields.next()?.trim().parse().ok()?);
            ours.then_some((first, count))
        })
    };
    let lacks = |file: &str| Because::seen(Reason::NoSubids, [file.to_owned()]);
    range("/etc/subgid").ok_or_else(|| lacks("/etc/subgid"))?;
    range("/etc/subuid").ok_or_else(|| lacks("/etc/subuid"))
}

/// Does `work` on a child that waits in a new user namespace.
fn in_child(work: impl FnOnce(Pid) -> Result<(), Because>) -> Result<(), Because> {
    let failed = |failed: Failed| Because::of(&failed, &Evidence::look());
    let (ready, says) = pipe2(OFlag::O_CLOEXEC).map_err(|errno| failed(Failed::plain("pipe2", errno)))?;
    let (waits, held) = pipe2(OFlag::O_CLOEXEC).map_err(|errno| failed(Failed::plain("pipe2", errno)))?;
    match sys::fork().map_err(|error| failed(error.into()))? {
        Fork::Child => {
            drop((ready, held));
            let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
            let made =
                sys::unshare(CloneFlags::CLONE_NEWUSER).map_err(|error| Because::of(&error.into(), &Evidence::look()));
            let _ = nix::unistd::write(says.as_fd(), &serde_json::to_vec(&made).unwrap_or_default());
            drop(says);
            // Until the parent has done its part and ends us, or is gone.
            let _ = read(&waits, &mut [0]);
            sys::exit_now(0)
        }
        Fork::Parent(child) => {
            drop((says, waits));
            // Ours alone: when it closes, the child ends.
            let _held = held;
            let mut text = vec![];
            let _ = std::io::Read::read_to_end(&mut fs::File::from(ready), &mut text);
            let made: Result<(), Because> =
                serde_json::from_slice(&text).unwrap_or_else(|_| Err(Because::seen(Reason::Unknown, [])));
            let done = made.and_then(|()| work(child));
            let _ = kill(child, Signal::SIGKILL);
            let _ = waitpid(child, None);
            done
        }
    }
}
