//! Each namespace as the bench makes it: inside of a new user namespace, with the privileged call that follows.
//!
//! namespaces(7), uts_namespaces(7), pid_namespaces(7), mount_namespaces(7). Ubuntu's AppArmor lets unshare(2) pass and
//! refuses what one wanted it for, so unshare(2) alone proves nothing.

use std::fs;
use std::os::fd::AsFd;
use std::path::Path;

use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags};
use nix::sched::CloneFlags as C;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{getgid, getpid, getuid};

use super::child::tried;
use super::{Because, Finding, What};
use crate::kernel::container::link::Failed;
use crate::kernel::netlink::Netlink;
use crate::kernel::sys::{self, Fork, mount, unshare};

type Done = Result<Option<String>, Failed>;

/// The quiet flags of a mount that nobody shall see.
const QUIET: MsFlags = MsFlags::MS_NOSUID.union(MsFlags::MS_NODEV);

/// Every kind, one after the other.
pub(super) fn all() -> Vec<Finding> {
    let trials: [(What, fn() -> Done); 12] = [
        (What::User, user),
        (What::Uts, uts),
        (What::Pid, pid),
        (What::Mount, mounts),
        (What::Proc, proc),
        (What::Ipc, || inside(C::CLONE_NEWIPC).map(|()| None)),
        (What::Net, || inside(C::CLONE_NEWNET).map(|()| None)),
        (What::CgroupNamespace, || inside(C::CLONE_NEWCGROUP).map(|()| None)),
        (What::Time, time),
        (What::Cable, cable),
        (What::Overlay, overlay),
        (What::PivotRoot, pivot),
    ];
    trials.into_iter().map(|(what, work)| Finding::of(what, tried(work))).collect()
}

/// All that a bench cannot be without, in one go.
pub(super) fn bench_like() -> Result<(), Because> {
    let all = C::CLONE_NEWNS | C::CLONE_NEWUTS | C::CLONE_NEWIPC | C::CLONE_NEWNET | C::CLONE_NEWCGROUP;
    let work = || {
        inside(all | C::CLONE_NEWPID)?;
        sys::sethostname("unha")?;
        quiet_mount(&ground()?.to_string_lossy())?;
        first(|| Ok(mount("proc", "/proc", "proc", QUIET | MsFlags::MS_NOEXEC, "")?))
    };
    tried(work).map(drop)
}

/// A new user namespace with its map, and in it the namespaces that `flags` name.
fn inside(flags: C) -> Result<(), Failed> {
    let (uid, gid) = (getuid(), getgid());
    unshare(C::CLONE_NEWUSER)?;
    sys::write_file("/proc/self/uid_map", &format!("0 {uid} 1\n"))?;
    sys::write_file("/proc/self/setgroups", "deny")?;
    sys::write_file("/proc/self/gid_map", &format!("0 {gid} 1\n"))?;
    if flags.is_empty() { Ok(()) } else { Ok(unshare(flags)?) }
}

fn user() -> Done {
    inside(C::empty())?;
    nix::unistd::setresuid(0.into(), 0.into(), 0.into()).map_err(|errno| Failed::plain("setresuid", errno))?;
    Ok(None)
}

fn uts() -> Done {
    inside(C::CLONE_NEWUTS)?;
    sys::sethostname("unha")?;
    let name = nix::unistd::gethostname().map_err(|errno| Failed::plain("uname", errno))?;
    if name == "unha" { Ok(None) } else { Err(Failed::words(&"the host name that was set does not read back")) }
}

/// The status of a child in the new PID namespace, whose number there is 1.
fn first(work: impl FnOnce() -> Result<(), Failed>) -> Done {
    let (here, there) =
        nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC).map_err(|errno| Failed::plain("pipe2", errno))?;
    match sys::fork()? {
        Fork::Child => {
            let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL);
            let done = if getpid().as_raw() == 1 {
                work()
            } else {
                Err(Failed::words(&"the first process of a new PID namespace is not 1"))
            };
            let text = serde_json::to_vec(&done.as_ref().err()).unwrap_or_default();
            let _ = nix::unistd::write(&there, &text);
            sys::exit_now(i32::from(done.is_err()))
        }
        Fork::Parent(child) => {
            drop(there);
            let mut text = vec![];
            let _ = std::io::Read::read_to_end(&mut fs::File::from(here), &mut text);
            match waitpid(child, None) {
                Ok(WaitStatus::Exited(_, 0)) => Ok(None),
                _ => Err(serde_json::from_slice::<Option<Failed>>(&text)
                    .ok()
                    .flatten()
                    .unwrap_or_else(|| Failed::plain("waitpid", Errno::ECHILD))),
            }
        }
    }
}

fn pid() -> Done {
    inside(C::CLONE_NEWPID)?;
    first(|| Ok(()))
}

/// A tmpfs over a folder, in a mount namespace that goes with this process.
fn quiet_mount(at: &str) -> Result<(), Failed> {
    mount("", "/", "", MsFlags::MS_REC | MsFlags::MS_PRIVATE, "")?;
    Ok(mount("tmpfs", at, "tmpfs", QUIET, "mode=755,size=1m,nr_inodes=64")?)
}

/// The first of the usual folders that there is: it is hidden for a moment, and for this process alone.
fn ground() -> Result<&'static Path, Failed> {
    let found = ["/run", "/tmp", "/mnt"].into_iter().map(Path::new).find(|dir| dir.is_dir());
    found.ok_or_else(|| Failed::words(&"no folder to mount a tmpfs on: /tmp, /run and /mnt are missing"))
}

fn mounts() -> Done {
    inside(C::CLONE_NEWNS)?;
    let ground = ground()?;
    quiet_mount(&ground.to_string_lossy())?;
    folder(&ground.join("seen"))?;
    Ok(None)
}

fn folder(dir: &Path) -> Result<(), Failed> {
    fs::create_dir(dir)
        .map_err(|error| Failed::plain("mkdir", Errno::from_raw(error.raw_os_error().unwrap_or_default())))
}

fn proc() -> Done {
    inside(C::CLONE_NEWPID | C::CLONE_NEWNS)?;
    mount("", "/", "", MsFlags::MS_REC | MsFlags::MS_PRIVATE, "")?;
    first(|| Ok(mount("proc", "/proc", "proc", QUIET | MsFlags::MS_NOEXEC, "")?))
}

fn time() -> Done {
    inside(C::empty())?;
    sys::unshare_time()?;
    sys::write_file("/proc/self/timens_offsets", "boottime 86400 0\n")?;
    Ok(None)
}

fn cable() -> Done {
    inside(C::CLONE_NEWNET)?;
    let here = fs::File::open("/proc/self/ns/net").map_err(|error| Failed::words(&error))?;
    let line = Netlink::open()?;
    line.pair("outside", "inside", here.as_fd())?;
    line.limit("outside", Some(1_000_000))?;
    Ok(None)
}

fn overlay() -> Done {
    inside(C::CLONE_NEWNS)?;
    let ground = ground()?;
    quiet_mount(&ground.to_string_lossy())?;
    let [lower, upper, work, root] = ["lower", "upper", "work", "root"].map(|name| ground.join(name));
    for dir in [&lower, &upper, &work, &root] {
        folder(dir)?;
    }
    let data =
        format!("lowerdir={},upperdir={},workdir={},userxattr", lower.display(), upper.display(), work.display());
    mount("overlay", &root, "overlay", MsFlags::empty(), &data)?;
    folder(&root.join("written"))?;
    Ok(None)
}

fn pivot() -> Done {
    inside(C::CLONE_NEWNS)?;
    let ground = ground()?;
    quiet_mount(&ground.to_string_lossy())?;
    sys::chdir(ground)?;
    sys::pivot_root(".", ".")?;
    sys::umount(".", MntFlags::MNT_DETACH)?;
    Ok(None)
}
