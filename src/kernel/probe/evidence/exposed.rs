//! What of the machine's was put into a container's reach: engines' sockets, system folders, files that engines hide, no policy.
//!
//! unix(7), `proc_pid_mountinfo(5)`, apparmor(7), selinux(8). What is the machine's is told by device and inode, never by a name: an
//! engine in the container may have a socket of the same name.

use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use procfs_core::process::MountInfo;
use rustix::fs::{OFlags, StatVfsMountFlags, fstat, fstatfs, fstatvfs};

use super::super::place::{Place, Unread, read_path};
use super::super::printable;
use super::writable::{Opener, PROC, READ, SYSFS, WRITE};
use super::{bits, seen, table};
use crate::kernel::cgroupfs::unescape;
use crate::kernel::engines::SOCKETS;
use crate::kernel::evidence::{Exposed, Policy, Reach, SYSTEM_FOLDERS};

/// What engines hide; with each the capability that opens it, where it is not its mode that decides.
const HIDDEN: [(&str, Option<u64>); 8] = [
    ("proc/kcore", Some(1 << 17)),
    ("proc/keys", None),
    ("proc/latency_stats", None),
    ("proc/timer_list", None),
    ("proc/sched_debug", None),
    ("proc/acpi", None),
    ("proc/scsi", None),
    ("sys/firmware", None),
];

/// All of it.
pub(super) fn all(place: &Place<'_>) -> Exposed {
    Exposed {
        sockets: seen(sockets(place)),
        folders: seen(folders(place)),
        unmasked: seen(unmasked(place)),
        policy: seen(policy(place)),
    }
}

/// Its mounts that are a part of what the looker has mounted too, each with that part's path out here.
fn of_ours(place: &Place<'_>) -> Result<Vec<(String, PathBuf)>, Unread> {
    let ours = table(place.viewer().mountinfo()?);
    let path = |theirs: &MountInfo| {
        let root = unescape(&theirs.root);
        let origin = |mount: &MountInfo| {
            let below = Path::new(&root).strip_prefix(unescape(&mount.root)).ok()?;
            let point = PathBuf::from(unescape(&mount.mount_point.to_string_lossy()));
            (mount.majmin == theirs.majmin)
                .then(|| if below.as_os_str().is_empty() { point } else { point.join(below) })
        };
        Some((unescape(&theirs.mount_point.to_string_lossy()), ours.iter().find_map(origin)?))
    };
    Ok(table(place.mountinfo()?).iter().filter_map(path).collect())
}

fn sockets(place: &Place<'_>) -> Result<Vec<String>, Unread> {
    let named = ["DOCKER_HOST", "CONTAINER_HOST"].into_iter().filter_map(|name| std::env::var(name).ok());
    let named = named.filter_map(|value| value.strip_prefix("unix://").map(str::to_owned));
    let ours: Vec<(PathBuf, u64, u64)> = SOCKETS
        .iter()
        .map(|path| (*path).to_owned())
        .chain(named)
        .filter_map(|path| {
            let found = std::fs::metadata(&path).ok().filter(|found| found.file_type().is_socket())?;
            Some((PathBuf::from(path), found.dev(), found.ino()))
        })
        .collect();
    if ours.is_empty() {
        return Ok(vec![]);
    }
    let (opener, mounts) = (Opener::of(place)?, of_ours(place)?);
    place.root()?;
    let mut found = vec![];
    for (path, device, inode) in &ours {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.clone());
        let below = |(point, origin): &(String, PathBuf)| {
            let rest = canonical.strip_prefix(origin).ok()?;
            Some(if rest.as_os_str().is_empty() { PathBuf::from(point) } else { Path::new(point).join(rest) })
        };
        for candidate in mounts.iter().filter_map(below).chain([path.clone()]) {
            let name = candidate.to_string_lossy().into_owned();
            let Ok(file) = place.below_root(name.trim_start_matches('/'), OFlags::PATH) else { continue };
            let Ok(stat) = fstat(&file) else { continue };
            // connect(2) asks for the right to write, and a read-only mount does not take it away.
            let is_it = (stat.st_dev, stat.st_ino) == (*device, *inode) && opener.may(WRITE, &stat, true);
            if is_it && !found.contains(&printable(&name)) {
                found.push(printable(&name));
            }
        }
    }
    Ok(found)
}

fn folders(place: &Place<'_>) -> Result<Reach, Unread> {
    let (there, here) = (place.root()?, place.viewer().root()?);
    let mut reach = Reach::default();
    let same = fstat(there).ok().zip(fstat(here).ok());
    // Who has our / has all of them, and that is told of its root.
    if same.is_none_or(|(there, here)| (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)) {
        return Ok(reach);
    }
    let opener = Opener::of(place)?;
    for (point, origin) in of_ours(place)? {
        if point == "/" || !SYSTEM_FOLDERS.iter().any(|folder| origin == Path::new(folder)) {
            continue;
        }
        let Ok(dir) = place.below_root(point.trim_start_matches('/'), OFlags::PATH | OFlags::DIRECTORY) else {
            continue;
        };
        let told = printable(&format!("{point} ← {}", origin.display()));
        let read_only = fstatvfs(&dir).is_ok_and(|place| place.f_flag.contains(StatVfsMountFlags::RDONLY));
        if !read_only && fstat(&dir).is_ok_and(|stat| opener.may(WRITE, &stat, true)) {
            reach.writable.push(told.clone());
        }
        reach.there.push(told);
    }
    Ok(reach)
}

fn unmasked(place: &Place<'_>) -> Result<Vec<String>, Unread> {
    let (opener, effective) = (Opener::of(place)?, bits(place, "CapEff")?);
    place.root()?;
    let is_open = |(path, needs): &(&str, Option<u64>)| {
        let Ok(file) = place.below_root(path, OFlags::PATH) else { return false };
        // What hides it is /dev/null or an empty tmpfs.
        let is_kernels = fstatfs(&file).is_ok_and(|fs| fs.f_type == PROC || fs.f_type == SYSFS);
        is_kernels
            && needs.is_none_or(|needs| effective & needs != 0 && !place.has_users_of_its_own())
            && fstat(&file).is_ok_and(|stat| opener.may(READ, &stat, true))
    };
    Ok(HIDDEN.iter().filter(|hidden| is_open(hidden)).map(|(path, _)| format!("/{path}")).collect())
}

fn policy(place: &Place<'_>) -> Result<Option<Policy>, Unread> {
    let says = |path: &str, word: &str| read_path(path).is_ok_and(|text| text.trim() == word);
    let module = if says("/sys/module/apparmor/parameters/enabled", "Y") {
        "apparmor"
    } else if says("/sys/fs/selinux/enforce", "1") {
        "selinux"
    } else {
        return Ok(None);
    };
    let label = place.read("attr/current")?;
    let label = printable(label.trim_end_matches(['\0', '\n']));
    let confines = match module {
        "apparmor" => !label.starts_with("unconfined") && !label.ends_with("(complain)"),
        // user:role:type:level, and these types may do what they like.
        _ => !label.split(':').nth(2).is_some_and(|kind| kind.starts_with("unconfined") || kind == "spc_t"),
    };
    Ok(Some(Policy { module: module.to_owned(), label, confines }))
}
