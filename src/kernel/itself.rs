//! This program's own file, out of a box's reach. execveat(2), open_tree(2), memfd_create(2).
//!
//! Whoever makes a box forks it, and until the command is executed, and with `--init` for ever, the box's process runs
//! the file of the one outside: `/proc/PID/exe` is a way to it from any root, and a box with its owner's rights could
//! write there what that owner starts next (CVE-2019-5736). So who makes a box runs from where nobody can write.

use std::ffi::CString;
use std::fs::{File, metadata};
use std::io::copy;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::sched::CloneFlags;
use nix::sys::wait::waitpid;
use rustix::fs::{MemfdFlags, SealFlags, StatVfsMountFlags, fcntl_add_seals, fcntl_get_seals, memfd_create, statvfs};

use super::container::link;
use super::{scope, sys};

/// The file that this process runs.
const ITSELF: &str = "/proc/self/exe";

/// Starts this program again, with the same words and PID, from a file that cannot be written to; returns when it runs
/// from one. To be called by a process with one thread, before anything else is done.
///
/// Where the kernel has none of the means (before 5.12, and with `vm.memfd_noexec=2`), all goes on as it was.
pub fn out_of_reach() {
    if is_out_of_reach() {
        // The name in ps(1), where else stood the number of a file.
        let _ = nix::sys::prctl::set_name(c"unha");
        return;
    }
    let Some(file) = read_only(Path::new(ITSELF)).or_else(read_only_in_a_namespace).or_else(sealed_copy) else {
        return;
    };
    scope::hand_on();
    let words: Option<Vec<CString>> = std::env::args_os().map(|word| CString::new(word.into_vec()).ok()).collect();
    let entry = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        CString::new([name.into_vec(), value.into_vec()].join(&b'=')).ok()
    };
    let env: Option<Vec<CString>> = std::env::vars_os().map(entry).collect();
    if let (Some(words), Some(env)) = (words, env) {
        let _ = sys::exec_file(file.as_fd(), &words, &env);
    }
}

/// Whether the file is on a mount that is read-only, or sealed.
fn is_out_of_reach() -> bool {
    statvfs(ITSELF).is_ok_and(|place| place.f_flag.contains(StatVfsMountFlags::RDONLY))
        || File::open(ITSELF).is_ok_and(|file| fcntl_get_seals(&file).is_ok_and(|seals| seals.contains(SEALS)))
}

/// What makes a memfd's contents final, and this itself.
const SEALS: SealFlags = SealFlags::WRITE.union(SealFlags::SHRINK).union(SealFlags::GROW).union(SealFlags::SEAL);

/// The file once more, on a read-only mount that is attached nowhere: so nobody can find and change it.
fn read_only(file: &Path) -> Option<OwnedFd> {
    let mount = sys::clone_tree(file).ok()?;
    sys::read_only_mount(mount.as_fd()).ok()?;
    Some(mount)
}

/// The same for an ordinary user, who may do so in a user namespace: a child goes there, and hands the file back.
fn read_only_in_a_namespace() -> Option<OwnedFd> {
    let (here, there) = link::messages().ok()?;
    match sys::fork().ok()? {
        sys::Fork::Child => {
            drop(here);
            if sys::unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS).is_ok()
                // By its name: what the link leads to is on a mount of the namespace that we have left.
                && let Some(mount) = name().and_then(|name| read_only(&name))
            {
                let _ = link::send(&there, &(), &[mount.as_raw_fd()]);
            }
            sys::exit_now(0)
        }
        sys::Fork::Parent(child) => {
            drop(there);
            let received = link::receive::<()>(&here);
            let _ = waitpid(child, None);
            received.ok()??.1.pop()
        }
    }
}

/// The file's name, if it is still that.
fn name() -> Option<PathBuf> {
    let name = std::env::current_exe().ok()?;
    let (named, running) = (metadata(&name).ok()?, metadata(ITSELF).ok()?);
    ((named.dev(), named.ino()) == (running.dev(), running.ino())).then_some(name)
}

/// A copy in memory that is sealed. It takes as much as the program is long, so it comes last.
fn sealed_copy() -> Option<OwnedFd> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let memory = memfd_create("unha", flags | MemfdFlags::EXEC).or_else(|_| memfd_create("unha", flags)).ok()?;
    let mut memory = File::from(memory);
    copy(&mut File::open(ITSELF).ok()?, &mut memory).ok()?;
    fcntl_add_seals(&memory, SEALS).ok()?;
    Some(memory.into())
}
