//! What a process holds open that leads out of its own files. `proc_pid_fd(5)`, `proc_pid_fdinfo(5)`.
//!
//! A descriptor stays open across execve(2), setns(2) and pivot_root(2), and openat(2) goes on from wherever it leads: that
//! was CVE-2024-21626. Each names its mount, and mounts are numbered once for all namespaces: one that is not in the
//! process's own table is none of its own.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, openat, readlinkat, statat};

use super::super::place::{Place, Unread};
use super::super::printable;
use super::table;
use crate::kernel::evidence::{Door, Kind};

/// The most descriptors that are looked at.
const MOST: usize = 4096;

/// Where the process's own tables list its network's sockets.
const SOCKETS: [&str; 9] = ["unix", "tcp", "tcp6", "udp", "udp6", "netlink", "packet", "raw", "raw6"];

/// What a process can reach by itself.
struct Within {
    mounts: BTreeSet<u64>,
    /// The mount that its root is on, and how the root's link reads: after a chroot it is a folder of that mount.
    root: (Option<u64>, String),
    /// The inodes of its own namespaces.
    namespaces: BTreeSet<u64>,
    /// The tables of the sockets of its network, where that is not the viewer's.
    sockets: Option<String>,
}

impl Within {
    fn of(place: &Place<'_>) -> Result<Self, Unread> {
        let mut mounts: BTreeSet<u64> =
            table(place.mountinfo()?).iter().filter_map(|mount| mount.mnt_id.try_into().ok()).collect();
        let on = mount_of(place, place.root()?);
        mounts.extend(on);
        let own = |kind: Kind| place.namespace(kind.name()).ok();
        let net = Kind::Net.name();
        let apart = place.namespace(net)? != place.viewer().namespace(net)?;
        let tables = || SOCKETS.iter().filter_map(|table| place.read(&format!("net/{table}")).ok()).collect();
        Ok(Self {
            mounts,
            root: (on, link(place, "root")?),
            namespaces: Kind::ALL.into_iter().filter_map(own).collect(),
            sockets: apart.then(tables),
        })
    }

    /// Whether a file on this mount, whose link reads so, is beyond its root.
    fn is_beyond(&self, mount: u64, link: &str) -> bool {
        let (on, root) = &self.root;
        let below = |root: &str| link == root || link.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
        !self.mounts.contains(&mount) || (*on == Some(mount) && root != "/" && !below(root))
    }

    /// Whether the process could have got the namespace's file or the socket by itself.
    fn has(&self, link: &str) -> bool {
        let inode = link.split_once(":[").and_then(|(_, rest)| rest.strip_suffix(']'));
        let Some(inode) = inode else { return false };
        match &self.sockets {
            _ if !link.starts_with("socket:") => inode.parse().is_ok_and(|inode| self.namespaces.contains(&inode)),
            Some(tables) => tables.split_ascii_whitespace().any(|word| word == inode),
            // It shares the network, so whatever it is connected with it could have connected to.
            None => true,
        }
    }
}

/// How many descriptors it has.
pub(super) fn count(place: &Place<'_>) -> Result<usize, Unread> {
    numbers(place).map(|all| all.len())
}

/// Those that lead out, the three standard ones apart: these are handed over on purpose.
pub(super) fn all(place: &Place<'_>) -> Result<Vec<Door>, Unread> {
    let within = Within::of(place)?;
    let leads_out = |number: u32| {
        let name = format!("fd/{number}");
        // What was closed meanwhile leads nowhere.
        let link = link(place, &name).ok()?;
        let kind = FileType::from_raw_mode(statat(place.folder().ok()?, name.as_str(), AtFlags::empty()).ok()?.st_mode);
        let mount = mount_in(&place.read(&format!("fdinfo/{number}")).ok()?)?;
        let memory = ["memfd:", "/memfd:", "pidfd:", "anon_inode:"].iter().any(|start| link.starts_with(start));
        let out = match kind {
            FileType::Directory => within.is_beyond(mount, &link),
            FileType::RegularFile => number > 2 && !memory && within.is_beyond(mount, &link) && !within.has(&link),
            FileType::Socket => number > 2 && !within.has(&link),
            FileType::BlockDevice => true,
            _ => false,
        };
        out.then_some(Door { name, link })
    };
    Ok(numbers(place)?.into_iter().filter_map(leads_out).collect())
}

/// Its current folder, and whether it is beyond its root.
pub(super) fn cwd(place: &Place<'_>) -> Result<(Door, bool), Unread> {
    let within = Within::of(place)?;
    let link = link(place, "cwd")?;
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = openat(place.folder()?, "cwd", flags, Mode::empty())
        .map_err(|errno| Unread::call("open", &place.shown("cwd"), errno))?;
    let mount = mount_of(place, folder.as_fd()).ok_or_else(|| Unread::words("the kernel does not number its mount"))?;
    let out = within.is_beyond(mount, &link);
    Ok((Door { name: "cwd".to_owned(), link }, out))
}

fn numbers(place: &Place<'_>) -> Result<Vec<u32>, Unread> {
    let refused = |errno| Unread::call("getdents64", &place.shown("fd"), errno);
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let dir = openat(place.folder()?, "fd", flags, Mode::empty())
        .map_err(|errno| Unread::call("open", &place.shown("fd"), errno))?;
    let entries = rustix::fs::Dir::read_from(&dir).map_err(refused)?.filter_map(Result::ok);
    let mut numbers: Vec<u32> =
        entries.filter_map(|entry| entry.file_name().to_str().ok()?.parse().ok()).take(MOST).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

fn link(place: &Place<'_>, file: &str) -> Result<String, Unread> {
    let link = readlinkat(place.folder()?, file, Vec::new())
        .map_err(|errno| Unread::call("readlink", &place.shown(file), errno))?;
    Ok(printable(&link.to_string_lossy()))
}

/// The mount that an open file of ours is on.
fn mount_of(place: &Place<'_>, file: BorrowedFd<'_>) -> Option<u64> {
    // Where the viewer has no thread-self, in a procfs of another PID namespace, no mount is known.
    fstat(file).ok()?;
    mount_in(&place.viewer().read(&format!("fdinfo/{}", file.as_raw_fd())).ok()?)
}

fn mount_in(fdinfo: &str) -> Option<u64> {
    fdinfo.lines().find_map(|line| line.strip_prefix("mnt_id:"))?.trim().parse().ok()
}

/// The file that it runs, by device and inode.
pub(super) fn program(place: &Place<'_>) -> Option<(u64, u64)> {
    let stat = statat(place.folder().ok()?, "exe", AtFlags::empty()).ok()?;
    Some((stat.st_dev, stat.st_ino))
}
