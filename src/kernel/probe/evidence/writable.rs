//! What belongs to all and could be written: the cgroup tree, the kernel's settings, /sys, disks.
//!
//! Whether a process may write a file follows from the mount, the file's owner and mode, and the process's ids and
//! capabilities; those count for files only whose owner has a number in its user namespace. credentials(7),
//! capabilities(7), `user_namespaces(7)`.

use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use procfs_core::process::MountInfo;
use rustix::fs::{AtFlags, Dir, FileType, FsWord, OFlags, Stat, StatVfsMountFlags, fstat, fstatfs, fstatvfs, statat};

use super::super::place::{Place, Unread, read_path};
use super::super::printable;
use super::{bits, map, seen, table};
use crate::kernel::cgroupfs::{Cgroups, Controller, Version, unescape};
use crate::kernel::evidence::{Control, Disks, Reach, Seen};

const CAP_DAC_OVERRIDE: u64 = 1 << 1;
pub(super) const READ: u32 = 4;
pub(super) const WRITE: u32 = 2;
/// How deep below /dev nodes are looked for, and how many.
const DEEPEST: usize = 3;
const MOST: usize = 4096;

/// As who a process opens files, in the viewer's numbers.
pub(super) struct Opener {
    uid: u32,
    groups: Vec<u32>,
    overrides: bool,
    /// The ids that its user namespace has numbers for; `None` where that is the viewer's.
    maps: Option<[Vec<[u64; 3]>; 2]>,
}

impl Opener {
    pub(super) fn of(place: &Place<'_>) -> Result<Self, Unread> {
        // The last of the four ids of each line is the one that files are opened as.
        let last = |key: &str| -> Result<u32, Unread> {
            let id = place.status_of(key)?.last().and_then(|word| word.parse().ok());
            id.ok_or_else(|| Unread::words(format!("its status has no {key}")))
        };
        let mut groups: Vec<u32> = place.status_of("Groups")?.filter_map(|word| word.parse().ok()).collect();
        groups.push(last("Gid")?);
        let maps = || -> Result<_, Unread> { Ok([map(&place.read("uid_map")?), map(&place.read("gid_map")?)]) };
        let maps = if place.has_users_of_its_own() { Some(maps()?) } else { None };
        let overrides = bits(place, "CapEff")? & CAP_DAC_OVERRIDE != 0;
        Ok(Self { uid: last("Uid")?, groups, overrides, maps })
    }

    /// Whether it may open such a file; `capable` is whether capabilities count for it at all.
    pub(super) fn may(&self, what: u32, file: &Stat, capable: bool) -> bool {
        let shift = if file.st_uid == self.uid {
            6
        } else if self.groups.contains(&file.st_gid) {
            3
        } else {
            0
        };
        file.st_mode >> shift & what == what || (capable && self.overrides && self.has_numbers_for(file))
    }

    fn has_numbers_for(&self, file: &Stat) -> bool {
        let within = |map: &[[u64; 3]], id: u32| {
            map.iter().any(|[_, first, count]| (*first..first.saturating_add(*count)).contains(&u64::from(id)))
        };
        self.maps.as_ref().is_none_or(|[uids, gids]| within(uids, file.st_uid) && within(gids, file.st_gid))
    }
}

/// What it could change that belongs to all.
pub(super) fn controls(place: &Place<'_>) -> BTreeMap<Control, Seen<Reach>> {
    let of = |control| {
        let opener = Opener::of(place)?;
        match control {
            Control::Cgroups => cgroups(place, &opener),
            // sysctl(2)'s files ask for the owner alone, whatever the capabilities.
            Control::ProcSys => {
                files(place, &opener, &["proc/sys/kernel/core_pattern", "proc/sysrq-trigger"], PROC, false)
            }
            Control::Sys => files(place, &opener, &["sys/kernel", "sys/module"], SYSFS, true),
        }
    };
    let all = [Control::Cgroups, Control::ProcSys, Control::Sys];
    all.into_iter().map(|control| (control, seen(of(control)))).collect()
}

/// The kinds of file system: linux/magic.h.
pub(super) const PROC: FsWord = 0x9fa0;
pub(super) const SYSFS: FsWord = 0x6265_6572;

/// Folders of cgroup trees that are mounted in its reach, their tops and its own: who may write there makes cgroups, moves
/// processes and sets limits.
fn cgroups(place: &Place<'_>, opener: &Opener) -> Result<Reach, Unread> {
    let mut reach = Reach::default();
    let lines = place.read("cgroup")?;
    for mount in table(place.mountinfo()?).iter().filter(|mount| mount.fs_type.starts_with("cgroup")) {
        let point = unescape(&mount.mount_point.to_string_lossy());
        for path in
            [Some(point.clone()), own(mount, &lines).map(|below| format!("{point}/{below}"))].into_iter().flatten()
        {
            // Hidden below another mount it is out of reach.
            let flags = OFlags::PATH | OFlags::DIRECTORY;
            if let Ok(dir) = place.below_root(path.trim_start_matches('/'), flags) {
                look_at(&dir, &path, opener, true, &mut reach);
            }
        }
    }
    Ok(reach)
}

/// The process's own folder below the top of a mount of its hierarchy, where that is another one.
fn own(mount: &MountInfo, lines: &str) -> Option<String> {
    let path = lines.lines().find_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        let mut controllers = controllers.split(',');
        let is_of_mount = match mount.fs_type.as_str() {
            "cgroup2" => line.starts_with("0::"),
            _ => controllers.any(|name| mount.super_options.contains_key(name)),
        };
        is_of_mount.then_some(path)
    })?;
    let below = Path::new(path).strip_prefix(unescape(&mount.root)).ok()?.to_str()?;
    (!below.is_empty()).then(|| below.to_owned())
}

/// Those of the files that there are on a file system of that kind.
fn files(place: &Place<'_>, opener: &Opener, paths: &[&str], kind: FsWord, capable: bool) -> Result<Reach, Unread> {
    place.root()?;
    let mut reach = Reach::default();
    for path in paths {
        let Ok(file) = place.below_root(path, OFlags::PATH) else { continue };
        if fstatfs(&file).is_ok_and(|fs| fs.f_type == kind) {
            look_at(&file, &format!("/{path}"), opener, capable, &mut reach);
        }
    }
    Ok(reach)
}

fn look_at(file: &OwnedFd, path: &str, opener: &Opener, capable: bool, reach: &mut Reach) {
    let Ok(stat) = fstat(file) else { return };
    reach.there.push(printable(path));
    let read_only = fstatvfs(file).is_ok_and(|place| place.f_flag.contains(StatVfsMountFlags::RDONLY));
    if !read_only && opener.may(WRITE, &stat, capable) {
        reach.writable.push(printable(path));
    }
}

/// Disks in its /dev that it may open.
pub(super) fn disks(place: &Place<'_>) -> Result<Disks, Unread> {
    let opener = Opener::of(place)?;
    place.root()?;
    let mut disks = Disks::default();
    if let Ok(dev) = place.below_root("dev", OFlags::DIRECTORY) {
        let mut left = MOST;
        nodes(&dev, "/dev", DEEPEST, &opener, &mut left, &mut disks.nodes);
    }
    disks.nodes.sort();
    if !disks.nodes.is_empty() {
        disks.denied = denied(place);
    }
    Ok(disks)
}

fn nodes(dir: &OwnedFd, path: &str, deeper: usize, opener: &Opener, left: &mut usize, found: &mut Vec<String>) {
    let nodev = fstatvfs(dir).is_ok_and(|place| place.f_flag.contains(StatVfsMountFlags::NODEV));
    let Ok(entries) = Dir::read_from(dir) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        if *left == 0 || name == c"." || name == c".." {
            continue;
        }
        *left -= 1;
        let shown = format!("{path}/{}", name.to_string_lossy());
        match entry.file_type() {
            FileType::BlockDevice if !nodev => {
                let stat = statat(dir.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW);
                if stat.is_ok_and(|stat| opener.may(READ, &stat, true)) {
                    found.push(printable(&shown));
                }
            }
            FileType::Directory if deeper > 0 => {
                let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                if let Ok(below) = rustix::fs::openat(dir, name, flags, rustix::fs::Mode::empty()) {
                    nodes(&below, &shown, deeper - 1, opener, left, found);
                }
            }
            _ => {}
        }
    }
}

/// What version 1 says where its list lets no disk through. Version 2 asks a program, which is not to be read.
fn denied(place: &Place<'_>) -> Option<String> {
    let cgroups = Cgroups::from_texts(place.viewer().mountinfo().ok()?, &place.read("cgroup").ok()?);
    let folder = cgroups.folder(Controller::Devices).filter(|folder| folder.version == Version::V1)?;
    let file = folder.dir.join("devices.list").display().to_string();
    let list = read_path(&file).ok()?;
    let lets_through = list.lines().any(|line| line.starts_with(['a', 'b']));
    (!lets_through).then(|| printable(&format!("{file} {}", list.lines().collect::<Vec<_>>().join(", "))))
}
