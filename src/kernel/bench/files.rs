//! The bench's files: the machine's own, under a layer that takes what is written and goes with the bench.
//!
//! overlayfs (Documentation/filesystems/overlayfs.rst), tmpfs(5), cgroups(7). The learner sees the system they know,
//! with no disk in /dev, and may break all of it.

use std::fs;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags};

use super::protocol::{Config, Disk, Standing};
use super::tree::{Tree, Trees};
use super::without::Without;
use crate::kernel::cgroupfs::{Cgroups, Controller, Version};
use crate::kernel::container::cgroup::Group;
use crate::kernel::container::link::Failed;
use crate::kernel::container::{copy, fresh_dev, fresh_or_old_proc, fresh_sys};
use crate::kernel::sys::{self, SysError, mount, pivot_root, umount};

/// Where boxes keep their overlay, seen from the bench.
const PLACE: &str = "/run/unha";

/// The bench's end of its box's cable, as `ip link` lists it.
const CABLE: &str = "to-box";

/// Folders whose file systems of their own hold programs: they are bound, read-only. All others (homes, disks, shares)
/// stay outside of the bench, which is then as safe as it can be.
const PROGRAMS: [&str; 10] = ["/usr", "/opt", "/nix", "/gnu", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

const QUIET: MsFlags = MsFlags::MS_NOSUID.union(MsFlags::MS_NODEV);

/// Lays the bench's files out and makes them `/`. `trees` are what the keeper could
/// give; their owners should be mapped if the bench has ids of its own.
pub(super) fn make(
    config: &Config,
    trees: &Trees,
    mapped: bool,
    hierarchies: Option<&[String]>,
    disk: Option<&Disk>,
) -> Result<Standing, Failed> {
    let mut standing = Standing { place: PathBuf::from(PLACE), cable: Some(CABLE.to_owned()), ..Standing::default() };
    mount("", "/", "", MsFlags::MS_REC | MsFlags::MS_PRIVATE, "")?;
    // Any folder will do to build on: it is hidden in this mount namespace only, and only until the new root is there.
    let ground = if Path::new("/run").is_dir() { "/run" } else { "/tmp" };
    mount("tmpfs", ground, "tmpfs", QUIET, "mode=755,size=256m,nr_inodes=65536")?;
    let ground = Path::new(ground);
    let at = |name: &str| ground.join(name);
    folders(["lower", "rootfs", "upper", "work", "root", "written", "scratch"].map(at).as_slice())?;

    let given = trees.machine.as_ref().filter(|tree| sys::attach_tree(tree.files.as_fd(), &at("lower")).is_ok());
    let lower = if given.is_some() { at("lower") } else { PathBuf::from("/") };
    if mapped && !given.is_some_and(|tree| tree.owners) {
        standing.without.push(Without::Owners);
    }
    let rootfs = rootfs(config, trees.rootfs.as_ref(), &at("rootfs"))?;

    let root = at("root");
    let [lower_dir, upper, work] = [lower.clone(), at("upper"), at("work")].map(|dir| dir.display().to_string());
    let data = format!("lowerdir={lower_dir},upperdir={upper},workdir={work},userxattr");
    match mount("overlay", &root, "overlay", MsFlags::empty(), &data) {
        Ok(()) => standing.writable = true,
        Err(error) => {
            standing.without.push(Without::Writing(error.into()));
            read_only(&root)?;
        }
    }
    if standing.writable {
        programs(&root)?;
    }
    fresh_or_old_proc(&root)?;
    fresh_sys(&root)?;
    fresh_dev(&root, Path::new("/dev"))?;
    mount("tmpfs", root.join("tmp"), "tmpfs", QUIET, "mode=1777,size=64m,nr_inodes=16384")?;
    let run = root.join("run");
    mount("tmpfs", &run, "tmpfs", QUIET, "mode=755,size=256m,nr_inodes=65536")?;
    let place = run.join("unha");
    folders(&[place.clone(), place.join("lower"), place.join("upper"), place.join("work"), place.join("root")])?;
    if let Some(disk) = disk {
        let shown = root.join(Disk::ON_THE_BENCH.trim_start_matches('/'));
        let file = disk.file.display().to_string();
        let bound = fs::write(&shown, "").is_ok() && mount(&file, &shown, "", MsFlags::MS_BIND, "").is_ok();
        standing.disk = Some(disk.clone()).filter(|_| bound);
    }
    if let Some(rootfs) = rootfs {
        // Under a layer as well, and no longer to be reached by itself once the old root is gone: a mount that is only
        // read-only could be made writable again by the bench's root, and the next box would run what was put there.
        let [kept, written, scratch] =
            [rootfs.clone(), at("written"), at("scratch")].map(|dir| dir.display().to_string());
        let data = format!("lowerdir={kept},upperdir={written},workdir={scratch},userxattr");
        let shown = place.join("lower");
        if let Err(refused) = mount("overlay", &shown, "overlay", MsFlags::empty(), &data) {
            copy::tree(&rootfs, &shown)
                .map_err(|error| Failed { message: format!("{refused}; copy: {error}"), ..refused.clone().into() })?;
            standing.without.push(Without::Layers(refused.into()));
        }
        standing.rootfs = Some(Path::new(PLACE).join("lower"));
    }
    if let Some(Err(failed)) = hierarchies.map(|names| cgroups(&root.join("sys/fs/cgroup"), names)) {
        standing.no_cgroup = Some(failed.into());
    }

    sys::chdir(&root)?;
    pivot_root(".", ".")?;
    umount(".", MntFlags::MNT_DETACH)?;
    sys::chdir(Path::new("/"))?;
    // As systemd does on a host. A box that does not cut itself off will leak its mounts, as it would there.
    mount("", "/", "", MsFlags::MS_REC | MsFlags::MS_SHARED, "")?;
    if hierarchies.is_some() {
        match divide() {
            Ok(bench) => standing.cgroup = Some(bench),
            Err(failed) => standing.no_cgroup = standing.no_cgroup.take().or_else(|| Some(failed.into())),
        }
    }
    Ok(standing)
}

/// Mounts a second /proc, out of the way: the kernel gives a user namespace one of its own only while a complete one is to
/// be seen, and of the bench's parts are covered. What these would let a root do, this bench's may not anyway. Where the
/// bench itself got none, its boxes go without too.
pub(super) fn complete_proc() {
    let at = Path::new(PLACE).join("proc");
    if folders(std::slice::from_ref(&at)).is_ok() {
        let _ = mount("proc", at, "proc", QUIET | MsFlags::MS_NOEXEC, "");
    }
}

/// Where the files of the boxes' root file system are, before the machine's root goes out of sight.
fn rootfs(config: &Config, given: Option<&Tree>, at: &Path) -> Result<Option<PathBuf>, Failed> {
    let Some(dir) = &config.rootfs else { return Ok(None) };
    match given {
        Some(Tree { files, .. }) if sys::attach_tree(files.as_fd(), at).is_ok() => {}
        // The machine's root opened it where we may not go; as it cannot be mounted, it can only be copied from here.
        Some(Tree { files, .. }) => return Ok(Some(PathBuf::from(format!("/proc/self/fd/{}", files.as_raw_fd())))),
        None => mount(&dir.display().to_string(), at, "", MsFlags::MS_BIND, "")?,
    }
    Ok(Some(at.to_owned()))
}

fn folders(dirs: &[PathBuf]) -> Result<(), Failed> {
    dirs.iter().try_for_each(|dir| {
        fs::create_dir(dir).map_err(|error| Failed::words(&format!("mkdir({}): {error}", dir.display())))
    })
}

/// Where no overlay can be had: a root of its own, and in it the folders that make the system, to be read only.
///
/// So it is for every ordinary user: the mounts that a user namespace inherits are locked together, and overlayfs takes
/// no lower folder with locked mounts below it (`clone_private_mount`). All other folders are there and empty: whoever is
/// root on the bench can make a read-only mount writable again, and would then find what is this user's own.
fn read_only(root: &Path) -> Result<(), Failed> {
    mount("tmpfs", root, "tmpfs", QUIET, "mode=755,size=64m,nr_inodes=16384")?;
    let entries = fs::read_dir("/").map_err(|error| Failed::words(&format!("read_dir(/): {error}")))?;
    for entry in entries.filter_map(Result::ok) {
        let (path, target) = (entry.path(), root.join(entry.file_name()));
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_symlink() {
            // /bin and its like, where they are only another name for a folder below /usr.
            let _ = fs::read_link(&path).and_then(|to| symlink(to, &target));
        } else if kind.is_dir() {
            folders(std::slice::from_ref(&target))?;
            if path == Path::new("/etc") || PROGRAMS.iter().any(|dir| path.starts_with(dir)) {
                show(&path, &target)?;
            }
        }
    }
    Ok(())
}

/// Shows a folder and what is mounted below it, to be read only. What this user may not even look at is left out.
fn show(folder: &Path, target: &Path) -> Result<(), SysError> {
    match mount(&folder.display().to_string(), target, "", MsFlags::MS_BIND | MsFlags::MS_REC, "") {
        Err(error) if error.errno == Errno::EACCES => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sys::read_only_tree(&target.display().to_string()),
    }
}

/// Binds the file systems that hold programs, read-only.
fn programs(root: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string("/proc/self/mountinfo").map_err(|error| Failed::words(&error))?;
    for point in text.lines().filter_map(|line| line.split(' ').nth(4)) {
        if PROGRAMS.iter().any(|dir| Path::new(point).starts_with(dir)) {
            let target = root.join(point.trim_start_matches('/'));
            if target.exists() {
                show(Path::new(point), &target)?;
            }
        }
    }
    Ok(())
}

/// The hierarchies that can limit, by the names that mount(2) knows them by; empty for version 2. To be asked while
/// the machine's cgroups are still in sight, before a cgroup namespace hides the way to them.
pub(super) fn hierarchies() -> Result<Vec<String>, Failed> {
    let proc = fs::File::open("/proc").map_err(|error| Failed::words(&error))?;
    let old = Cgroups::of("self", proc.as_fd()).map_err(|error| Failed::words(&error))?;
    let v1 = Controller::ALL.into_iter().filter_map(|controller| old.folder(controller));
    let v1 = v1.filter(|folder| folder.version == Version::V1);
    // Controllers that share a hierarchy are mounted under all their names: `cpu,cpuacct`.
    let mut names: Vec<String> =
        v1.filter_map(|folder| Some(folder.mount.file_name()?.to_string_lossy().into_owned())).collect();
    names.dedup();
    Ok(names)
}

/// Mounts the bench's own view of its cgroups: their root is the cgroup in which the namespace was made.
fn cgroups(at: &Path, hierarchies: &[String]) -> Result<(), Failed> {
    let quiet = QUIET | MsFlags::MS_NOEXEC;
    if hierarchies.is_empty() {
        return Ok(mount("cgroup2", at, "cgroup2", quiet, "")?);
    }
    mount("tmpfs", at, "tmpfs", quiet, "mode=755,size=64k,nr_inodes=64")?;
    for name in hierarchies {
        let dir = at.join(name);
        folders(std::slice::from_ref(&dir))?;
        mount("cgroup", &dir, "cgroup", quiet, name)?;
    }
    Ok(())
}

/// Makes room for boxes below the bench's cgroup: we and the outside shell go to a leaf, for in version 2 a cgroup
/// that hands controllers on has no processes of its own.
fn divide() -> Result<Group, Failed> {
    let proc = fs::File::open("/proc").map_err(|error| Failed::words(&error))?;
    let here = Cgroups::of("self", proc.as_fd()).map_err(|error| Failed::words(&error))?;
    let mut bench = Group::of(&here);
    bench.folders.retain(|(_, _, dir)| dir.join("cgroup.procs").exists());
    if bench.folder("pids").is_none() {
        return Err(Failed::words(&"the bench's cgroups are not to be seen in its mounts"));
    }
    let outside = bench.child("outside");
    outside.create()?;
    outside.join()?;
    bench.hand_on()?;
    Ok(bench)
}
