//! The machine itself as the outside: what it was like before, and what is different now. `unha --host`.
//!
//! mountinfo, sethostname(2), cgroups(7). Nothing here is removed because it is new: what the course typed itself is
//! told from what anybody may have done meanwhile (see [`Deeds`]), and only the former is undone without asking.

mod undo;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use self::undo::quoted;
use super::mounts::{self, Mount};
use super::probe::{Proc, Unread};

/// So many cgroups are looked at; a machine has some hundreds.
const CGROUPS: usize = 50_000;

/// What was true of the machine at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// Its host name.
    pub hostname: String,
    /// Its mount table.
    pub mounts: Vec<Mount>,
    /// Its network links, by name.
    pub links: BTreeSet<String>,
    /// The folders of its cgroups; those of unha's runs have records of their own.
    pub cgroups: BTreeSet<PathBuf>,
}

/// What the course has done on the machine, written down before it was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deeds {
    /// The lines that the script typed.
    pub typed: Vec<String>,
    /// Files and folders that its lines make and that were not there before; folders before what is in them.
    pub made: Vec<PathBuf>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The host has another name.
    Hostname {
        /// Its name at the start.
        was: String,
        /// Its name now.
        now: String,
    },
    /// A mount that was not there.
    Mounted(Mount),
    /// A mount that is gone.
    Unmounted(Mount),
    /// A link that was not there.
    Link(String),
    /// A cgroup that was not there, with nobody in it.
    Cgroup(PathBuf),
    /// A file or folder that a line of the course has made.
    Made(PathBuf),
}

impl Notes {
    /// Looks at the machine through a procfs of its PID namespace.
    ///
    /// # Errors
    /// [`Unread`] if the procfs does not know this process: another one is mounted over it.
    pub fn take(proc: &Proc) -> Result<Self, Unread> {
        let hostname = nix::unistd::gethostname().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mounts = mounts::table(proc, "self")?;
        let table = proc.read("self/net/dev")?;
        // Two lines of headings, then `  eth0: 123 …`.
        let links = table.lines().skip(2).filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned()));
        let cgroups = cgroups(&mounts);
        Ok(Self { hostname, mounts, links: links.collect(), cgroups })
    }

    /// What is different now, in the order in which it is best undone.
    #[must_use]
    pub fn until(&self, now: &Self, deeds: &Deeds) -> Vec<Change> {
        let mut changes = vec![];
        if self.hostname != now.hostname {
            changes.push(Change::Hostname { was: self.hostname.clone(), now: now.hostname.clone() });
        }
        let is_in = |mounts: &[Mount], mount: &Mount| mounts.contains(mount);
        // The latest first: it may be mounted over an earlier one.
        let new = now.mounts.iter().rev().filter(|mount| !is_in(&self.mounts, mount) && !is_of_a_run(mount));
        changes.extend(new.cloned().map(Change::Mounted));
        let gone = self.mounts.iter().filter(|mount| !is_in(&now.mounts, mount) && !is_of_a_run(mount));
        changes.extend(gone.cloned().map(Change::Unmounted));
        changes.extend(now.links.difference(&self.links).cloned().map(Change::Link));
        // Those below before those above.
        let new: Vec<&PathBuf> = now.cgroups.difference(&self.cgroups).filter(|dir| is_empty(dir)).collect();
        changes.extend(new.into_iter().rev().cloned().map(Change::Cgroup));
        let made = deeds.made.iter().rev().filter(|path| fs::symlink_metadata(path).is_ok());
        changes.extend(made.cloned().map(Change::Made));
        changes
    }
}

/// Whether it is the folder of a run, which has a record of its own.
fn is_of_a_run(mount: &Mount) -> bool {
    mount.source.starts_with("unha-") && mount.kind == "tmpfs"
}

fn cgroups(mounts: &[Mount]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let points = mounts.iter().filter(|mount| mount.kind == "cgroup" || mount.kind == "cgroup2");
    let mut todo: Vec<PathBuf> = points.map(|mount| mount.point.clone()).collect();
    while let Some(dir) = todo.pop().filter(|_| found.len() < CGROUPS) {
        for entry in fs::read_dir(&dir).into_iter().flatten().filter_map(Result::ok) {
            let ours = entry.file_name().to_string_lossy().starts_with("unha-");
            if !ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                todo.push(entry.path());
                found.insert(entry.path());
            }
        }
    }
    found
}

/// Whether nobody is in a cgroup. Session and service managers make them and take them away all day; one that holds
/// processes is in use.
fn is_empty(dir: &Path) -> bool {
    fs::read_to_string(dir.join("cgroup.procs")).is_ok_and(|members| members.is_empty())
}

impl Deeds {
    /// The line of the course that did this, if one did: it names all that the change is known by.
    ///
    /// A name that a line gives to the host is the host's name by that line; a tmpfs called `none` on /mnt is one that a
    /// line mounts there. A stick that somebody plugged in meanwhile has another device, kind and place.
    #[must_use]
    pub fn line_of(&self, change: &Change) -> Option<&str> {
        let words: Vec<&str> = match change {
            Change::Hostname { now, .. } => vec!["hostname", now],
            Change::Mounted(mount) => vec!["mount", &mount.kind, &mount.source, mount.point.to_str()?],
            Change::Made(path) => {
                return self
                    .typed
                    .iter()
                    .rfind(|line| line.contains(path.to_str().unwrap_or("\0")))
                    .map(String::as_str);
            }
            Change::Unmounted(_) | Change::Link(_) | Change::Cgroup(_) => return None,
        };
        let names = |line: &&String| {
            let parts: Vec<&str> = line.split([' ', ';', '|', '&', '<', '>', '\'', '"']).collect();
            words.iter().all(|word| parts.contains(word))
        };
        self.typed.iter().rfind(names).map(String::as_str)
    }

    /// Whether the course has done it: a line of its script, or a file that it wrote down before.
    #[must_use]
    pub fn did(&self, change: &Change) -> bool {
        matches!(change, Change::Made(_)) || self.line_of(change).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(id: u32, source: &str, point: &str, kind: &str) -> Mount {
        Mount {
            id,
            device: format!("0:{id}"),
            point: PathBuf::from(point),
            kind: kind.to_owned(),
            source: source.to_owned(),
        }
    }

    #[test]
    fn what_the_course_typed_is_told_from_what_others_did() {
        let line = "mount -t tmpfs none /mnt; touch /mnt/secret; ls /mnt";
        let deeds = Deeds { typed: vec![line.to_owned(), "hostname oops".to_owned()], made: vec![] };
        let name = |now: &str| Change::Hostname { was: "vm".to_owned(), now: now.to_owned() };
        assert_eq!(deeds.line_of(&name("oops")), Some("hostname oops"));
        assert_eq!(deeds.line_of(&name("oop")), None);
        assert_eq!(deeds.line_of(&name("dhcp-12")), None);
        assert_eq!(deeds.line_of(&Change::Mounted(mount(9, "none", "/mnt", "tmpfs"))), Some(line));
        for other in [mount(9, "/dev/sdb1", "/mnt", "vfat"), mount(9, "none", "/srv", "tmpfs")] {
            assert_eq!(deeds.line_of(&Change::Mounted(other)), None);
        }
    }

    #[test]
    fn a_difference_names_what_is_new_and_what_is_gone() {
        let disk = mount(1, "/dev/sda1", "/", "ext4");
        let cd = mount(2, "/dev/sr0", "/media/cd", "iso9660");
        let stick = mount(3, "/dev/sdb1", "/media/stick", "vfat");
        let run = mount(4, "unha-12-0", "/run/unha/unha-12-0.d", "tmpfs");
        let links = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let first = Notes {
            hostname: "vm".to_owned(),
            mounts: vec![disk.clone(), cd.clone()],
            links: links(&["lo"]),
            ..Notes::default()
        };
        let now = Notes {
            hostname: "oops".to_owned(),
            mounts: vec![disk, stick.clone(), run],
            links: links(&["lo", "veth0"]),
            ..Notes::default()
        };
        let changes = first.until(&now, &Deeds::default());
        let name = Change::Hostname { was: "vm".to_owned(), now: "oops".to_owned() };
        let expected = [name, Change::Mounted(stick), Change::Unmounted(cd), Change::Link("veth0".to_owned())];
        assert_eq!(changes, expected);
        assert!(first.until(&first, &Deeds::default()).is_empty());
    }
}
