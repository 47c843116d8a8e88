//! cgroups: limits on what a container may use. cgroups(7), and Documentation/admin-guide/cgroup-v2.rst.
//!
//! The learner sees that a cgroup is a folder: made by mkdir, filled by writing a PID, limited by writing a number.

pub mod devices;
mod freezer;
pub mod io;
pub mod lift;
pub mod weight;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::kernel::cgroupfs::{Cgroups, Controller, Version};
use crate::kernel::sys::{Result, mkdir, rmdir, write_file};

/// What a container may use; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Processes and threads.
    pub pids: Option<u64>,
    /// Bytes of memory; swap is not allowed at all then.
    pub memory: Option<u64>,
    /// Microseconds of CPU in each 100 ms: 100000 is one core.
    pub cpu: Option<u64>,
    /// How much CPU it gets while others want it too, as docker run's `--cpu-shares`: 1024 is usual.
    #[serde(default)]
    pub cpu_shares: Option<u64>,
    /// How much it may write to a disk.
    #[serde(default)]
    pub io: Option<io::WriteLimit>,
    /// Whether all its processes stand still.
    #[serde(default)]
    pub frozen: Option<bool>,
    /// Bits per second that come in from outside. No cgroup limits that (version 2 knows no network): the box's cable does.
    #[serde(default)]
    pub rate: Option<u64>,
}

/// One cgroup: a folder in each hierarchy that has one of our controllers. With version 2 that is one folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Each controller, whether its interface is version 2, and its folder.
    pub folders: Vec<(String, bool, PathBuf)>,
}

/// The period that CPU limits count in, in microseconds.
const PERIOD: u64 = 100_000;

impl Group {
    /// The cgroup that `cgroups` describes.
    #[must_use]
    pub fn of(cgroups: &Cgroups) -> Self {
        let folders = Controller::ALL.into_iter().filter_map(|controller| {
            let folder = cgroups.folder(controller)?;
            Some((controller.name().to_owned(), folder.version == Version::V2, folder.dir.clone()))
        });
        Self { folders: folders.collect() }
    }

    /// The folder for a controller, and whether it is version 2.
    #[must_use]
    pub fn folder(&self, controller: &str) -> Option<(&Path, bool)> {
        let found = self.folders.iter().find(|(name, _, _)| name == controller)?;
        Some((&found.2, found.1))
    }

    /// The same cgroup's child of that name, whether or not it exists.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let below = |(controller, v2, dir): &(String, bool, PathBuf)| (controller.clone(), *v2, dir.join(name));
        Self { folders: self.folders.iter().map(below).collect() }
    }

    /// Its folders, each once.
    #[must_use]
    pub fn dirs(&self) -> Vec<&Path> {
        let mut dirs: Vec<&Path> = self.folders.iter().map(|(_, _, dir)| dir.as_path()).collect();
        dirs.sort_unstable();
        dirs.dedup();
        dirs
    }

    /// Whether one of its folders is there.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.dirs().into_iter().any(Path::exists)
    }

    /// Makes the folders.
    ///
    /// # Errors
    /// The mkdir that the kernel refused; those made before it are gone again.
    pub fn create(&self) -> Result {
        let dirs = self.dirs();
        for (made, dir) in dirs.iter().enumerate() {
            mkdir(dir).inspect_err(|_| {
                for dir in &dirs[..made] {
                    let _ = rmdir(dir);
                }
            })?;
        }
        Ok(())
    }

    /// Lets children have limits of their own (version 2; in version 1 they always do).
    ///
    /// # Errors
    /// EBUSY while processes are in this cgroup itself; ENOENT for a controller that the parent does not hand on.
    pub fn hand_on(&self) -> Result {
        for (controller, v2, dir) in &self.folders {
            let asked = Controller::ALL.into_iter().any(|known| known.name() == controller && known.is_handed_on());
            if *v2 && asked {
                write_file(dir.join("cgroup.subtree_control"), &format!("+{controller}"))?;
            }
        }
        Ok(())
    }

    /// Moves this process in. Its children are born in it, so this comes before everything that is to be limited.
    ///
    /// # Errors
    /// EACCES where the cgroup or the common ancestor is not ours; EAGAIN at its pids limit.
    pub fn join(&self) -> Result {
        for dir in self.dirs() {
            // Version 1 also moves a single thread, which is all that we have, and without stopping the forks of the
            // whole machine for it: that wait takes longer than everything else here.
            let tasks = dir.join("tasks");
            if tasks.exists() {
                write_file(tasks, "0")?;
            } else {
                write_file(dir.join("cgroup.procs"), "0")?;
            }
        }
        Ok(())
    }

    /// Writes the limits.
    ///
    /// # Errors
    /// The write that the kernel refused, or the file that it does not have.
    pub fn limit(&self, limits: &Limits) -> Result {
        let limits = &lift::lifted(self, limits)?;
        if let Some(pids) = limits.pids {
            self.write_limit("pids", "pids.max", &pids.to_string())?;
        }
        if let Some(memory) = limits.memory {
            self.limit_memory(memory)?;
        }
        if let Some(cpu) = limits.cpu {
            self.limit_cpu(cpu)?;
        }
        if let Some(shares) = limits.cpu_shares {
            weight::set(self, shares)?;
        }
        if let Some(limit) = limits.io {
            io::set(self, limit)?;
        }
        // Last, for the others are to be in force before anything stands still.
        if let Some(frozen) = limits.frozen {
            freezer::set(self, frozen)?;
        }
        Ok(())
    }

    fn write_limit(&self, controller: &str, file: &str, value: &str) -> Result {
        let dir = self.folder(controller).map_or_else(PathBuf::new, |(dir, _)| dir.to_owned());
        write_file(dir.join(file), value)
    }

    /// Memory, and no swap beside it: else what is over the limit would only become slow.
    fn limit_memory(&self, bytes: u64) -> Result {
        let Some((dir, v2)) = self.folder("memory") else { return self.write_limit("memory", "memory.max", "") };
        let bytes = bytes.to_string();
        if v2 {
            let swap = dir.join("memory.swap.max");
            if swap.exists() {
                write_file(swap, "0")?;
            }
            return write_file(dir.join("memory.max"), &bytes);
        }
        let (memory, both) = (dir.join("memory.limit_in_bytes"), dir.join("memory.memsw.limit_in_bytes"));
        if !both.exists() {
            return write_file(memory, &bytes);
        }
        // Memory may never exceed memory and swap together, so a limit grows from the outer one and shrinks from the inner.
        if write_file(&memory, &bytes).is_ok() {
            return write_file(both, &bytes);
        }
        write_file(both, &bytes)?;
        write_file(memory, &bytes)
    }

    fn limit_cpu(&self, quota: u64) -> Result {
        match self.folder("cpu") {
            Some((dir, true)) => write_file(dir.join("cpu.max"), &format!("{quota} {PERIOD}")),
            Some((dir, false)) => {
                write_file(dir.join("cpu.cfs_period_us"), &PERIOD.to_string())?;
                write_file(dir.join("cpu.cfs_quota_us"), &quota.to_string())
            }
            None => self.write_limit("cpu", "cpu.max", ""),
        }
    }

    /// Reads the limits back: what is in force, whoever wrote it. `None` is `max`; a weight is in the file's own units.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let number = |controller: &str, v2_file: &str, v1_file: &str| {
            let (dir, v2) = self.folder(controller)?;
            let text = fs::read_to_string(dir.join(if v2 { v2_file } else { v1_file })).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        };
        Limits {
            pids: number("pids", "pids.max", "pids.max"),
            memory: number("memory", "memory.max", "memory.limit_in_bytes"),
            cpu: number("cpu", "cpu.max", "cpu.cfs_quota_us"),
            cpu_shares: number("cpu", "cpu.weight", "cpu.shares"),
            io: io::read(self),
            frozen: freezer::read(self),
            rate: None,
        }
    }

    /// Whether a process is in it, in every hierarchy: in version 1 it may have been moved in one of them alone.
    #[must_use]
    pub fn holds(&self, pid: i32) -> bool {
        let lists = |dir: &Path| {
            let text = fs::read_to_string(dir.join("cgroup.procs")).unwrap_or_default();
            text.lines().any(|line| line.parse() == Ok(pid))
        };
        self.dirs().into_iter().all(lists)
    }

    /// The processes in it, as PIDs of the reader's namespace.
    #[must_use]
    pub fn members(&self) -> Vec<i32> {
        let mut pids: Vec<i32> = self
            .dirs()
            .into_iter()
            .filter_map(|dir| fs::read_to_string(dir.join("cgroup.procs")).ok())
            .flat_map(|text| text.lines().filter_map(|line| line.parse().ok()).collect::<Vec<_>>())
            .collect();
        pids.sort_unstable();
        pids.dedup();
        pids
    }
}
