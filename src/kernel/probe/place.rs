//! A place that is looked at: a process, by the files that proc(5) has about it.
//!
//! Files of the process's own root are opened with openat2(2), which resolves every `..` and every symbolic link
//! below that root: an absolute link in a box would else lead the reader to the *host's* file of that name.

use std::cell::OnceCell;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{CWD, Dir, FileType, FsWord, Mode, OFlags, PROC_SUPER_MAGIC, fstat, fstatfs, openat, readlinkat};
use rustix::io::Errno;

use super::net::{self, Network};
use super::visit::Stranded;
use crate::kernel::fact::Value;
use crate::kernel::netlink::Bucket;
use crate::kernel::sys::{self, SysError};

/// The most that is read of a file of somebody else's making.
const LONGEST: usize = 64 * 1024;
/// The most names that are read of such a folder.
const MOST: usize = 256;
/// The same of a file of the kernel's making: a machine may have thousands of mounts.
pub(super) const LONGEST_OF_KERNEL: usize = 8 * 1024 * 1024;

/// Why a fact could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unread {
    /// The call and its errno, such as `open("/proc/7/root") = EACCES`, or a few words.
    #[error("{0}")]
    Missing(String),
    /// The reader itself is lost.
    #[error(transparent)]
    Stranded(#[from] Stranded),
}

impl From<SysError> for Unread {
    fn from(error: SysError) -> Self {
        Self::Missing(error.call.to_string())
    }
}

impl Unread {
    /// A call on a path that the kernel refused.
    pub(in crate::kernel) fn call(name: &str, path: &str, errno: Errno) -> Self {
        let errno = nix::errno::Errno::from_raw(errno.raw_os_error());
        Self::Missing(format!("{name}(\"{path}\") = {errno:?}"))
    }

    pub(super) fn words(words: impl Into<String>) -> Self {
        Self::Missing(words.into())
    }
}

/// A procfs, held open: reading goes on when somebody mounts something over `/proc`.
#[derive(Debug)]
pub struct Proc {
    dir: OwnedFd,
}

impl Proc {
    /// Holds the procfs that is mounted at `path`.
    ///
    /// # Errors
    /// The call that failed, or that there is something else at `path`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Unread> {
        let path = path.as_ref();
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let shown = path.display().to_string();
        let dir = openat(CWD, path, flags, Mode::empty()).map_err(|errno| Unread::call("open", &shown, errno))?;
        if is_procfs(&dir) { Ok(Self { dir }) } else { Err(Unread::words(format!("{shown} is not a procfs"))) }
    }

    /// A file of the procfs itself.
    pub(in crate::kernel) fn read(&self, file: &str) -> Result<String, Unread> {
        read(self.dir.as_fd(), file, &format!("/proc/{file}"), LONGEST_OF_KERNEL)
    }
}

impl AsFd for Proc {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.dir.as_fd()
    }
}

/// One process and what was read of it at this moment.
pub(super) struct Place<'a> {
    pub(super) proc: &'a Proc,
    /// Its folder in the procfs: a number, or `thread-self`.
    pub(super) name: String,
    /// The folder, held open: when the process ends, its number may go to another.
    folder: OnceCell<Result<OwnedFd, Unread>>,
    root: OnceCell<Result<OwnedFd, Unread>>,
    status: OnceCell<Result<String, Unread>>,
    mountinfo: OnceCell<Result<String, Unread>>,
    network: OnceCell<Result<Network, Unread>>,
    bucket: OnceCell<Result<Option<Bucket>, Unread>>,
    /// Who looks; `None` for the viewer itself.
    viewer: Option<&'a Place<'a>>,
}

impl<'a> Place<'a> {
    /// Whoever looks. Namespaces belong to threads, hence not `self`.
    pub(super) fn of_viewer(proc: &'a Proc) -> Self {
        let (folder, root, status, mountinfo, network, bucket) = Default::default();
        let name = "thread-self".to_owned();
        Self { proc, name, folder, root, status, mountinfo, network, bucket, viewer: None }
    }

    /// The process `pid`, as `viewer` sees it.
    pub(super) fn of_process(viewer: &'a Place<'a>, pid: u32) -> Self {
        Self { name: pid.to_string(), viewer: Some(viewer), ..Self::of_viewer(viewer.proc) }
    }

    /// Who looks at the place.
    pub(super) fn viewer(&self) -> &Place<'a> {
        self.viewer.unwrap_or(self)
    }

    /// Its folder in the procfs.
    pub(super) fn folder(&self) -> Result<BorrowedFd<'_>, Unread> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = || {
            openat(&self.proc.dir, &self.name, flags, Mode::empty())
                .map_err(|errno| Unread::call("open", &format!("/proc/{}", self.name), errno))
        };
        self.folder.get_or_init(open).as_ref().map(AsFd::as_fd).map_err(Clone::clone)
    }

    /// A file of that folder, as it is shown.
    pub(super) fn shown(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.name)
    }

    /// A file about the process.
    pub(super) fn read(&self, file: &str) -> Result<String, Unread> {
        read(self.folder()?, file, &self.shown(file), LONGEST_OF_KERNEL)
    }

    /// Its file `status`, read once.
    pub(super) fn status(&self) -> Result<&str, Unread> {
        let read = || self.read("status");
        self.status.get_or_init(read).as_ref().map(String::as_str).map_err(Clone::clone)
    }

    /// The words behind a key of its file `status`.
    pub(super) fn status_of(&self, key: &str) -> Result<impl Iterator<Item = &str>, Unread> {
        let line = self.status()?.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.map(str::split_ascii_whitespace)
            .ok_or_else(|| Unread::words(format!("{} has no line {key}", self.shown("status"))))
    }

    /// The number behind a key of its file `status`.
    pub(super) fn number_of(&self, key: &str) -> Result<Value, Unread> {
        let number = self.status_of(key)?.next().and_then(|word| word.parse().ok());
        number.map(Value::Number).ok_or_else(|| Unread::words(format!("its status has no number {key}")))
    }

    /// Its file `mountinfo`, read once.
    pub(super) fn mountinfo(&self) -> Result<&str, Unread> {
        let read = || self.read("mountinfo");
        self.mountinfo.get_or_init(read).as_ref().map(String::as_str).map_err(Clone::clone)
    }

    /// Its network, asked once.
    pub(super) fn network(&self) -> Result<&Network, Unread> {
        self.network.get_or_init(|| Network::of(self)).as_ref().map_err(Clone::clone)
    }

    /// What holds back what its viewer sends to it, asked once.
    pub(super) fn bucket(&self) -> Result<Option<Bucket>, Unread> {
        self.bucket.get_or_init(|| net::bucket(self)).clone()
    }

    /// The inode that names one of its namespaces: the link reads `uts:[4026531838]`.
    pub(super) fn namespace(&self, kind: &str) -> Result<u64, Unread> {
        let file = format!("ns/{kind}");
        let link = readlinkat(self.folder()?, file.as_str(), Vec::new())
            .map_err(|errno| Unread::call("readlink", &self.shown(&file), errno))?;
        let link = link.to_string_lossy();
        let inode = link.split_once(":[").and_then(|(_, rest)| rest.strip_suffix(']'));
        inode.and_then(|inode| inode.parse().ok()).ok_or_else(|| Unread::words(format!("{link} names no namespace")))
    }

    /// Whether it is in another user namespace than its viewer.
    pub(super) fn has_users_of_its_own(&self) -> bool {
        let users = |place: &Self| place.namespace("user").ok();
        users(self).is_some_and(|own| users(self.viewer()) != Some(own))
    }

    /// One of its namespaces, to be joined.
    pub(super) fn open_namespace(&self, kind: &str) -> Result<OwnedFd, Unread> {
        let file = format!("ns/{kind}");
        openat(self.folder()?, file.as_str(), OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())
            .map_err(|errno| Unread::call("open", &self.shown(&file), errno))
    }

    /// Its root folder, whatever is mounted where.
    pub(super) fn root(&self) -> Result<BorrowedFd<'_>, Unread> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = || {
            openat(self.folder()?, "root", flags, Mode::empty())
                .map_err(|errno| Unread::call("open", &self.shown("root"), errno))
        };
        self.root.get_or_init(open).as_ref().map(AsFd::as_fd).map_err(Clone::clone)
    }

    /// A regular file below its root, by a path without the first slash.
    pub(super) fn file_below_root(&self, path: &str) -> Result<String, Unread> {
        let shown = self.shown(&format!("root/{path}"));
        // First only a handle: to open a FIFO may wait for ever, and to open a device may do something.
        let handle = self.below_root(path, OFlags::PATH)?;
        let kind = fstat(&handle).map_err(|errno| Unread::call("fstat", &shown, errno))?.st_mode;
        if FileType::from_raw_mode(kind) != FileType::RegularFile {
            return Err(Unread::words(format!("{shown} is not a regular file")));
        }
        let reopened = format!("thread-self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&handle));
        read(self.proc.dir.as_fd(), &reopened, &shown, LONGEST)
    }

    /// A folder below its root, by a path without the first slash.
    pub(super) fn folder_below_root(&self, path: &str) -> Result<OwnedFd, Unread> {
        self.below_root(path, OFlags::DIRECTORY)
    }

    /// Its `/proc`, if a procfs is mounted there.
    pub(super) fn own_proc(&self) -> Result<OwnedFd, Unread> {
        let dir = self.below_root("proc", OFlags::DIRECTORY)?;
        if is_procfs(&dir) { Ok(dir) } else { Err(Unread::words("no /proc mounted")) }
    }

    /// The names in a folder below its root that is the top of a file system of the kind `magic`; else it is `missing`.
    pub(super) fn names_below_root(&self, path: &str, magic: FsWord, missing: &str) -> Result<Vec<String>, Unread> {
        let dir = self.below_root(path, OFlags::DIRECTORY)?;
        if !fstatfs(&dir).is_ok_and(|fs| fs.f_type == magic) {
            return Err(Unread::words(missing));
        }
        let entries = Dir::read_from(&dir)
            .map_err(|errno| Unread::call("getdents64", &self.shown(&format!("root/{path}")), errno))?;
        let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name != "." && name != "..").take(MOST).collect();
        names.sort();
        Ok(names)
    }

    /// A file below its root, opened as `O_PATH` or `O_DIRECTORY`.
    pub(super) fn below_root(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Unread> {
        sys::open_in_root(self.root()?, path, flags)
            .map_err(|errno| Unread::call("openat2", &self.shown(&format!("root/{path}")), errno))
    }
}

/// The text of a file by its path below `dir`, and as `shown` in a refusal.
pub(super) fn read_at(dir: BorrowedFd<'_>, path: &str, shown: &str) -> Result<String, Unread> {
    read(dir, path, shown, LONGEST)
}

/// A file below `dir`, of which messages speak as `shown`.
pub(super) fn read(dir: BorrowedFd<'_>, path: &str, shown: &str, longest: usize) -> Result<String, Unread> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = openat(dir, path, flags, Mode::empty()).map_err(|errno| Unread::call("open", shown, errno))?;
    let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
    while bytes.len() < longest {
        match rustix::io::read(&file, &mut chunk).map_err(|errno| Unread::call("read", shown, errno))? {
            0 => break,
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// A file of the kernel's by its path in the viewer's mounts.
pub(super) fn read_path(path: &str) -> Result<String, Unread> {
    read(CWD, path, path, LONGEST_OF_KERNEL)
}

/// Whether the folder is of a procfs.
pub(super) fn is_procfs(dir: &OwnedFd) -> bool {
    fstatfs(dir).is_ok_and(|fs| fs.f_type == PROC_SUPER_MAGIC)
}
