//! What takes two looks: how fast a counter goes that only counts up.
//!
//! The learner sees CPU in use, the share of it, and bytes a second to the disk.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Cgroups, Controller, Unread, Value, Version, counts_its_own, io, parse, read_path};

/// One counter, and the look at it before.
#[derive(Debug, Default)]
struct Counter {
    last: Option<(PathBuf, u64, Instant)>,
}

impl Counter {
    /// How much it went up since the last look at the same cgroup, and in how many microseconds.
    fn since(&mut self, dir: &Path, count: u64) -> Result<(u64, u128), Unread> {
        let now = (dir.to_owned(), count, Instant::now());
        let last = self.last.replace(now.clone()).filter(|last| last.0 == now.0);
        let last = last.ok_or_else(|| Unread::words("it takes a second look"))?;
        Ok((now.1.saturating_sub(last.1), now.2.duration_since(last.2).as_micros().max(1)))
    }
}

/// The counters of one cgroup.
#[derive(Debug, Default)]
pub(in crate::kernel::probe) struct Meter {
    cpu: Counter,
    own: Counter,
    all: Counter,
    io: Counter,
}

impl Meter {
    /// Percent of one core since the last look at the same cgroup.
    pub(in crate::kernel::probe) fn percent(&mut self, cgroups: &Cgroups) -> Result<Value, Unread> {
        let dir = dir(cgroups, Controller::Cpuacct)?;
        // In version 1 this is no matter of where its limits are: whoever made it may limit its CPU and not count it.
        counts_its_own(cgroups, Controller::Cpuacct)?;
        let (used, elapsed) = self.cpu.since(dir, cpu_time(cgroups, dir)?)?;
        let percent = (u128::from(used) * 100 + elapsed / 2) / elapsed;
        Ok(Value::Number(u64::try_from(percent).unwrap_or(u64::MAX)))
    }

    /// Its part, in percent, of what the cgroup above used.
    pub(in crate::kernel::probe) fn share(&mut self, cgroups: &Cgroups) -> Result<Value, Unread> {
        let dir = dir(cgroups, Controller::Cpuacct)?;
        counts_its_own(cgroups, Controller::Cpuacct)?;
        let above = dir.parent().ok_or_else(|| Unread::words("there is no cgroup above"))?;
        let (own, all) = (cpu_time(cgroups, dir)?, cpu_time(cgroups, above)?);
        let (own, all) = (self.own.since(dir, own), self.all.since(above, all));
        let (own, all) = (own?.0, all?.0);
        // What is hardly anything has no parts that mean something.
        if all < 10_000 {
            return Err(Unread::words("nobody there used the CPU"));
        }
        Ok(Value::Number((own * 100 + all / 2) / all))
    }

    /// Bytes a second written to disks.
    pub(in crate::kernel::probe) fn written(&mut self, cgroups: &Cgroups) -> Result<Value, Unread> {
        let written = io::written(cgroups)?;
        let (bytes, elapsed) = self.io.since(dir(cgroups, Controller::Io)?, written)?;
        Ok(Value::Number(u64::try_from(u128::from(bytes) * 1_000_000 / elapsed).unwrap_or(u64::MAX)))
    }
}

fn dir(cgroups: &Cgroups, controller: Controller) -> Result<&Path, Unread> {
    cgroups.dir(controller).ok_or_else(|| Unread::words(format!("no cgroup hierarchy here has {}", controller.name())))
}

/// CPU time that a cgroup used so far, in microseconds.
fn cpu_time(cgroups: &Cgroups, dir: &Path) -> Result<u64, Unread> {
    let v1 = cgroups.version(Controller::Cpuacct) == Some(Version::V1);
    let (file, a_microsecond) = if v1 { ("cpuacct.usage", 1000) } else { ("cpu.stat", 1) };
    let text = read_path(&dir.join(file).to_string_lossy())?;
    let word = if v1 { Some(text.trim()) } else { text.lines().find_map(|line| line.strip_prefix("usage_usec ")) };
    parse(word, [file; 2]).map(|used| used / a_microsecond)
}
