//! The record of a run: what outlives its processes is written down *before* it is made. flock(2).
//!
//! Whoever runs holds a lock on its record, and the kernel drops the lock with the process, however it ends. So a
//! record that can be locked belongs to a run that is dead, and what it names is swept: that and nothing else.

mod sweep;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};
use nix::mount::MntFlags;
use nix::unistd::geteuid;
use serde::{Deserialize, Serialize};

pub use self::sweep::{Swept, forget, sweep};
use super::bench;
use super::container::cgroup::Group;
use super::container::net;
use super::host::{Deeds, Notes};
use super::mounts;
use super::probe::Proc;
use super::run_cgroup::{self, Parent};
use super::sys::{SysError, umount};

/// What a run has made that outlives its processes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Page {
    /// The machine's boot: after another boot nothing of it can be left.
    boot: String,
    /// The PID of the run, for people who read the file.
    pid: u32,
    /// Its cgroup.
    cgroup: Option<Group>,
    /// The controllers that the cgroup above hands on only since this run wanted them.
    #[serde(default)]
    switched_on: Vec<String>,
    /// A folder of its own, with a tmpfs on it that is called after the run.
    #[serde(default)]
    place: Option<PathBuf>,
    /// A file of its own on a disk.
    #[serde(default)]
    disk: Option<PathBuf>,
    /// The end outside of a box's cable.
    #[serde(default)]
    cable: Option<String>,
    /// What the machine was before it became the outside of a course, and what that course has done.
    #[serde(default)]
    host: Option<Host>,
}

/// What is written down of a machine that is the outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// What it was like.
    pub notes: Notes,
    /// What the course has done.
    pub deeds: Deeds,
}

impl Page {
    /// Removes what it names.
    fn remove(&self) -> Result<(), SysError> {
        if let Some(place) = &self.place {
            take_off(place)?;
        }
        if let Some(file) = &self.disk {
            // In a folder where everybody may write: what is no file of ours any more is not ours to remove.
            let ours = |found: fs::Metadata| {
                found.is_file()
                    && [geteuid(), bench::ids::root_of_roots_bench().0].iter().any(|uid| uid.as_raw() == found.uid())
            };
            if fs::symlink_metadata(file).is_ok_and(ours) {
                let _ = fs::remove_file(file);
            }
        }
        if let Some(cable) = &self.cable {
            net::unplug(cable)?;
        }
        let Some(group) = &self.cgroup else { return Ok(()) };
        run_cgroup::remove(group)?;
        run_cgroup::take_back(group, &self.switched_on);
        Ok(())
    }
}

/// Takes a run's tmpfs off and removes the folder below it; if it is another's mount, neither.
fn take_off(place: &Path) -> Result<(), SysError> {
    let name = place.file_stem().unwrap_or_default().to_string_lossy();
    let table = Proc::open("/proc").and_then(|proc| mounts::table(&proc, "self")).unwrap_or_default();
    let mut there = table.iter().filter(|mount| mount.point == place);
    if there.all(|mount| mount.kind == "tmpfs" && mount.source == name)
        && table.iter().any(|mount| mount.point == place)
    {
        umount(place, MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW)?;
    }
    // What is still in it is not ours to lose.
    let _ = fs::remove_dir(place);
    Ok(())
}

/// The record of this run; dropping it removes what it names, and then itself.
#[derive(Debug)]
pub struct Record {
    path: PathBuf,
    file: Flock<File>,
    page: Page,
}

/// A folder for records in place of this user's, for tests: they neither see nor sweep what others have written down.
pub const FOLDER: &str = "UNHA_RECORDS";

/// The folder for files that must be on a disk: hier(7) keeps it over a restart, so it is hardly ever in memory.
pub const DISK: &str = "/var/tmp";

/// The folder of this user's records: for root `/run/unha`, else `$XDG_RUNTIME_DIR/unha`, else a private one in `/tmp`.
///
/// Root has one alone, however it became root: sudo(8) keeps no `XDG_RUNTIME_DIR`, a login has one, and either must find
/// what the other left.
#[must_use]
pub fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return PathBuf::from(folder);
    }
    let uid = geteuid();
    let runtime = std::env::var_os("XDG_RUNTIME_DIR")
        .filter(|_| !uid.is_root())
        .map(PathBuf::from)
        .filter(|dir| fs::metadata(dir).is_ok_and(|found| found.is_dir() && found.uid() == uid.as_raw()));
    match runtime {
        Some(dir) => dir.join("unha"),
        None if uid.is_root() => PathBuf::from("/run/unha"),
        None => PathBuf::from(format!("/tmp/unha-{uid}")),
    }
}

/// Makes sure that the folder is there, and that it is ours alone: in /tmp anybody could have made it before us.
///
/// # Errors
/// What it could not be made for, or that it is not ours alone.
pub fn own(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let found = fs::symlink_metadata(folder)?;
    if !found.is_dir() || found.uid() != geteuid().as_raw() || found.mode() & 0o022 != 0 {
        return Err(io::Error::other(format!("{} is not a folder of this user's alone", folder.display())));
    }
    Ok(())
}

fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

impl Record {
    /// Opens a record for this run in `folder`. Its name, `unha-<pid>-<n>`, is the run's name.
    ///
    /// # Errors
    /// What the folder or the file could not be made for.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::open_but(folder, |_| false)
    }

    /// As [`Record::open`], with a name that is not taken elsewhere: where PID namespaces share cgroups, as containers
    /// may, two runs have the same PID, and what carries the other's name is not ours to remove.
    ///
    /// # Errors
    /// As [`Record::open`].
    pub fn open_but(folder: &Path, taken: impl Fn(&str) -> bool) -> io::Result<Self> {
        own(folder)?;
        let pid = std::process::id();
        let mut number = 0_u32;
        loop {
            let name = format!("unha-{pid}-{number}");
            if taken(&name) {
                number += 1;
                continue;
            }
            let path = folder.join(name);
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
                Ok(file) => {
                    let file = Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, errno)| errno)?;
                    let page = Page { boot: boot_id(), pid, ..Page::default() };
                    let mut record = Self { path, file, page };
                    record.write()?;
                    return Ok(record);
                }
            }
        }
    }

    /// The run's name.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Writes down the cgroup that is about to be made, and what its parent will hand on for its sake.
    ///
    /// # Errors
    /// What the file could not be written for; then the cgroup must not be made.
    pub fn will_make(&mut self, cgroup: &Group, parent: &Parent) -> io::Result<()> {
        self.page.cgroup = Some(cgroup.clone());
        self.page.switched_on.clone_from(&parent.lacks);
        self.write()
    }

    /// What was written down was not made after all: what there is of that name is another's.
    pub fn was_not_made(&mut self) {
        self.page.cgroup = None;
    }

    /// Writes down the folder that is about to be made and have a tmpfs called after the run; returns it.
    ///
    /// # Errors
    /// What the file could not be written for; then the folder must not be made.
    pub fn will_place(&mut self) -> io::Result<PathBuf> {
        let place = self.path.with_extension("d");
        self.page.place = Some(place.clone());
        self.write()?;
        Ok(place)
    }

    /// Writes down a file that is about to be made on a disk, and makes it: empty, for whom only its user may open it.
    ///
    /// # Errors
    /// What could not be written down or made.
    pub fn make_on_disk(&mut self) -> io::Result<PathBuf> {
        let file = Path::new(DISK).join(self.name());
        self.page.disk = Some(file.clone());
        self.write()?;
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file);
        if made.is_err() {
            // What there is of that name is another's.
            self.page.disk = None;
        }
        made.map(|_| file)
    }

    /// Writes down the link that is about to be made, which is called after the run; returns its name.
    ///
    /// # Errors
    /// What the file could not be written for; then the link must not be made.
    pub fn will_plug_in(&mut self) -> io::Result<String> {
        let name = self.name();
        self.page.cable = Some(name.clone());
        self.write()?;
        Ok(name)
    }

    /// Writes down what is known of a machine that is about to be the outside, or is about to be done to it. From now on
    /// the record stays until [`Record::settled`].
    ///
    /// # Errors
    /// What the file could not be written for; then nothing must be done.
    pub fn will_change(&mut self, host: &Host) -> io::Result<()> {
        self.page.host = Some(host.clone());
        self.write()
    }

    /// All that is different on the machine has been put back, or is wanted as it is.
    pub fn settled(mut self) {
        self.page.host = None;
    }

    /// Removes what was made, and then this record.
    ///
    /// # Errors
    /// The rmdir that the kernel refused.
    pub fn remove_made(mut self) -> Result<(), SysError> {
        self.page.remove()?;
        self.page.cgroup = None;
        Ok(())
    }

    /// Closes the file in a child that was forked and goes on without exec(2); the lock stays with the parent. Whoever
    /// is root in a bench could else open it by /proc/1/fd.
    pub(super) fn close_in_child(&self) {
        let _ = nix::unistd::close(self.file.as_raw_fd());
    }

    fn write(&mut self) -> io::Result<()> {
        self.file.rewind()?;
        self.file.set_len(0)?;
        self.file.write_all(serde_json::to_string(&self.page)?.as_bytes())
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // What could not be removed is still named, and the next sweep tries again.
        if self.page.remove().is_ok() && self.page.host.is_none() {
            let _ = fs::remove_file(&self.path);
        }
    }
}
