//! Whose root, whose /proc, whose mounts. pivot_root(2), chroot(2), `mount_namespaces(7)`.
//!
//! A process's mount table shows what is in its reach. What its mount namespace has beyond that is seen by who enters the
//! namespace: there `/` is the namespace's root, and a chroot is only a folder.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use procfs_core::process::{MountInfo, MountOptFields};
use rustix::fs::{AtFlags, CWD, OFlags, StatVfsMountFlags, StatxFlags, fstat, fstatvfs, major, minor, statx};

use super::super::place::{Place, Unread, is_procfs, read_at};
use super::super::{printable, rootfs, visit};
use super::table;
use crate::kernel::cgroupfs::unescape;
use crate::kernel::evidence::{Root, Seen, Whose};
use crate::kernel::fact::Value;

/// The most mounts that are looked into.
const MOST: usize = 64;

/// Its root, and what of the viewer's is in its reach.
pub(super) fn root(place: &Place<'_>) -> Result<Root, Unread> {
    let text = |value: Value| value.to_string();
    let (here, there) = (text(rootfs::root(place.viewer())?), text(rootfs::root(place)?));
    let old = old(place)?;
    let read_only = fstatvfs(place.root()?).is_ok_and(|root| root.f_flag.contains(StatVfsMountFlags::RDONLY));
    let writable = if read_only && here == there { writable(place)? } else { vec![] };
    Ok(Root { here, there, bottom: bottom(place), old, read_only, writable })
}

/// The root of its mount namespace.
fn bottom(place: &Place<'_>) -> Seen<String> {
    if place.namespace("mnt").ok() == place.viewer().namespace("mnt").ok() {
        return rootfs::root(place.viewer()).map(|root| root.to_string()).map_err(|why| why.to_string());
    }
    let look = || -> Seen<String> {
        visit::move_into_mounts(place).map_err(|why| why.to_string())?;
        let seen =
            statx(CWD, "/", AtFlags::empty(), StatxFlags::INO).map_err(|errno| format!("statx(\"/\") = {errno}"))?;
        Ok(format!("{}:{}/{}", seen.stx_dev_major, seen.stx_dev_minor, seen.stx_ino))
    };
    // A child that could not be had has told nothing.
    visit::by_child(|| Some(look())).unwrap_or_else(|| Err("fork() failed".to_owned()))
}

/// Where in its reach, `/` apart, the file system of the viewer's `/` is mounted as the viewer has it, or with more above.
fn old(place: &Place<'_>) -> Result<Vec<String>, Unread> {
    let ours = table(place.viewer().mountinfo()?);
    let Some(root) = ours.iter().rfind(|mount| mount.mount_point.as_os_str() == "/") else { return Ok(vec![]) };
    let same = |mount: &&MountInfo| mount.majmin == root.majmin && Path::new(&root.root).starts_with(&mount.root);
    let theirs = table(place.mountinfo()?);
    Ok(theirs.iter().filter(same).map(point).filter(|point| point != "/").collect())
}

/// Its mounts that show files of the viewer's and are not read only; devices, /proc, /sys and cgroups are asked for by themselves.
fn writable(place: &Place<'_>) -> Result<Vec<String>, Unread> {
    const OTHERS: [&str; 8] = ["proc", "sysfs", "cgroup", "cgroup2", "mqueue", "devpts", "devtmpfs", "binfmt_misc"];
    let ours: BTreeSet<String> = table(place.viewer().mountinfo()?).into_iter().map(|mount| mount.majmin).collect();
    let is_device = |mount: &MountInfo| mount.mount_point.starts_with("/dev") && mount.root != "/";
    let may_be = |mount: &&MountInfo| {
        let is_closed = mount.mount_options.contains_key("ro") || mount.super_options.contains_key("ro");
        !is_closed && ours.contains(&mount.majmin) && !OTHERS.contains(&mount.fs_type.as_str()) && !is_device(mount)
    };
    // What is hidden below another mount is not in reach: the folder is then that one's.
    let is_open = |mount: &&MountInfo| {
        let path = unescape(&mount.mount_point.to_string_lossy());
        let Ok(found) = place.below_root(path.trim_start_matches('/'), OFlags::PATH) else { return false };
        let device = fstat(&found).map(|found| format!("{}:{}", major(found.st_dev), minor(found.st_dev)));
        device.is_ok_and(|device| device == mount.majmin)
            && fstatvfs(&found).is_ok_and(|found| !found.f_flag.contains(StatVfsMountFlags::RDONLY))
    };
    Ok(table(place.mountinfo()?).iter().filter(may_be).take(MOST).filter(is_open).map(point).collect())
}

fn point(mount: &MountInfo) -> String {
    printable(&unescape(&mount.mount_point.to_string_lossy()))
}

/// Its mounts that are in a peer group of the viewer's: what is mounted below them appears on both sides.
pub(super) fn shared(place: &Place<'_>) -> Result<Vec<String>, Unread> {
    let groups = |mount: &MountInfo| -> BTreeSet<u32> {
        let group =
            |field: &MountOptFields| if let MountOptFields::Shared(group) = field { Some(*group) } else { None };
        mount.opt_fields.iter().filter_map(group).collect()
    };
    let ours: BTreeSet<u32> = table(place.viewer().mountinfo()?).iter().flat_map(groups).collect();
    let theirs = table(place.mountinfo()?);
    Ok(theirs.iter().filter(|mount| !groups(mount).is_disjoint(&ours)).map(point).collect())
}

/// Every procfs in its reach, and whose processes it lists.
pub(super) fn procs(place: &Place<'_>) -> Result<Vec<(String, Whose)>, Unread> {
    let points: BTreeSet<String> = table(place.mountinfo()?)
        .iter()
        .filter(|mount| mount.fs_type == "proc" && mount.root == "/")
        .map(|mount| unescape(&mount.mount_point.to_string_lossy()))
        .collect();
    let mut found = vec![];
    for point in points.iter().take(MOST) {
        // What is mounted over it may be no procfs, and what cannot be opened from here is in nobody's way.
        if let Ok(dir) = place.below_root(point.trim_start_matches('/'), OFlags::DIRECTORY)
            && is_procfs(&dir)
        {
            found.push((printable(point), whose(place, &dir)));
        }
    }
    Ok(found)
}

/// Every procfs in its reach that hides other users' processes from it: mounted with hidepid, and it is not of the group that is let
/// off. Older kernels write the option as a number.
pub(super) fn hidden(place: &Place<'_>) -> Result<Vec<String>, Unread> {
    let groups: Vec<&str> = place.status_of("Groups")?.chain(place.status_of("Gid")?.skip(1).take(1)).collect();
    let hides = |mount: &&MountInfo| {
        let option = |name: &str| mount.super_options.get(name).and_then(Option::as_deref);
        let is_on = option("hidepid").is_some_and(|hides| !matches!(hides, "0" | "off"));
        is_on && !groups.contains(&option("gid").unwrap_or("0"))
    };
    let all = table(place.mountinfo()?);
    Ok(all.iter().filter(|mount| mount.fs_type == "proc").filter(hides).map(point).collect())
}

/// A procfs knows a process by the number that it has in the procfs's PID namespace, and by those further in.
fn whose(place: &Place<'_>, dir: &OwnedFd) -> Whose {
    let numbers = |text: &str| -> Vec<u32> {
        let line = text.lines().find_map(|line| line.strip_prefix("NSpid:")).unwrap_or_default();
        line.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect()
    };
    let Ok(mine) = place.status().map(numbers) else { return Whose::Other };
    let started = |stat: &str| stat.rsplit_once(')').and_then(|(_, rest)| rest.split(' ').nth(20).map(str::to_owned));
    let since = place.read("stat").ok().as_deref().and_then(started);
    let knows = |depth: usize| {
        let Some(number) = mine.get(depth) else { return false };
        let read = |file: &str| read_at(dir.as_fd(), &format!("{number}/{file}"), file).ok();
        read("status").is_some_and(|status| numbers(&status) == mine[depth..])
            && read("stat").as_deref().and_then(started) == since
    };
    let outside = place.viewer().status().map_or(0, |status| numbers(status).len().saturating_sub(1));
    let innermost = mine.len().saturating_sub(1);
    if knows(outside) {
        Whose::Outside
    } else if knows(innermost) {
        Whose::Own
    } else {
        Whose::Other
    }
}
