//! /dev, /dev/pts, /dev/shm, /dev/mqueue and /sys for a fresh root.
//!
//! The learner sees the six devices that every program expects, and no disk among them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use nix::mount::MsFlags;

use crate::kernel::sys::{Result, SysError, mount, read_only_tree};

/// The devices that every program may expect.
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// Fills `root`/dev. The devices are bound from the old /dev, which works without root too, where mknod(2) does not.
///
/// # Errors
/// The mount that the kernel refused; [`std::io::Error`]s of plain files are turned into it.
pub(in crate::kernel) fn fresh_dev(root: &Path, from: &Path) -> Result {
    let dev = root.join("dev");
    // The six are mounts of their own, so they work all the same; what mknod(2) makes beside them, a disk say, does not.
    mount("tmpfs", &dev, "tmpfs", MsFlags::MS_NOSUID | MsFlags::MS_NODEV, "mode=755,size=64k,nr_inodes=64")?;
    for name in DEVICES {
        let (old, new) = (from.join(name), dev.join(name));
        if old.exists() && fs::write(&new, "").is_ok() {
            mount(&old.display().to_string(), &new, "", MsFlags::MS_BIND, "")?;
        }
    }
    // What fails here would fail again, and louder, in the mounts below: there is room in a new tmpfs.
    for (name, target) in
        [("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2"), ("ptmx", "pts/ptmx")]
    {
        let _ = symlink(target, dev.join(name));
    }
    let [pts, shm, queues] = ["pts", "shm", "mqueue"].map(|name| dev.join(name));
    let _ = [&pts, &shm, &queues].map(fs::create_dir);
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
    // POSIX message queues are files to look at. Whoever does not own the IPC namespace goes without.
    let _ = mount("mqueue", &queues, "mqueue", quiet | MsFlags::MS_NODEV, "");
    // A devpts of its own counts its terminals from 0 and hides those outside.
    mount("devpts", &pts, "devpts", quiet, "newinstance,ptmxmode=0666,mode=620")?;
    mount("shm", &shm, "tmpfs", quiet | MsFlags::MS_NODEV, "mode=1777,size=64m,nr_inodes=4096")
}

/// Mounts /sys, read-only: what is written there reaches the machine, whatever namespace it is written from.
///
/// A fresh one shows this network namespace's devices, but the kernel mounts it only for whoever owns that namespace.
pub(in crate::kernel) fn fresh_sys(root: &Path) -> Result {
    let sys = root.join("sys");
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    if mount("sysfs", &sys, "sysfs", quiet | MsFlags::MS_RDONLY, "").is_ok() {
        return Ok(());
    }
    mount("/sys", &sys, "", MsFlags::MS_BIND | MsFlags::MS_REC, "")?;
    read_only_tree(&sys.display().to_string())
}

/// Mounts /proc. Where the kernel allows no new one (this PID namespace belongs to others), the old one is bound.
pub(in crate::kernel) fn fresh_or_old_proc(root: &Path) -> Result {
    let proc = root.join("proc").display().to_string();
    super::mount::fresh_proc(&proc)
        .or_else(|_: SysError| mount("/proc", &proc, "", MsFlags::MS_BIND | MsFlags::MS_REC, ""))
}

/// What of /proc acts on the whole machine, and is made read-only.
const READ_ONLY: [&str; 5] = ["sys", "sysrq-trigger", "irq", "bus", "fs"];
/// What of it tells about the whole machine, its memory among it, and is hidden.
const HIDDEN: [&str; 6] = ["kcore", "keys", "timer_list", "sched_debug", "acpi", "scsi"];

/// Puts parts of /proc out of reach that no namespace divides, the same as container engines do.
pub(in crate::kernel) fn protect_proc() -> Result {
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    let paths = |names: &'static [&str]| names.iter().map(|name| format!("/proc/{name}"));
    for path in paths(&READ_ONLY).filter(|path| Path::new(path).exists()) {
        mount(&path, &path, "", MsFlags::MS_BIND | MsFlags::MS_REC, "")?;
        mount("", &path, "", MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY | quiet, "")?;
    }
    for path in paths(&HIDDEN) {
        match fs::metadata(&path) {
            Err(_) => {}
            Ok(found) if found.is_dir() => mount("tmpfs", &path, "tmpfs", MsFlags::MS_RDONLY | quiet, "size=0")?,
            Ok(_) => mount("/dev/null", &path, "", MsFlags::MS_BIND, "")?,
        }
    }
    Ok(())
}
