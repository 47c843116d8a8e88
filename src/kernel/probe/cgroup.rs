//! Seeing limits and what counts against them.
//!
//! cgroups(7). A cgroup is a folder; its limits and counters are files in it. Version 1 has other names and units for
//! them: here they become version 2's, with CPU in percent of one core. They are read from outside; inside, the
//! learner sees only the effect, and that `MemTotal` is still the machine's.

use std::path::PathBuf;
use std::time::Instant;

use super::place::{Place, Unread, read_path};
use crate::kernel::cgroupfs::{Cgroups, Controller, Version, path_of};
use crate::kernel::fact::{Fact, Value};

/// Version 1 has no word for "no limit": a number near the largest stands for it.
const UNLIMITED: u64 = 1 << 60;

/// One limit or counter of a cgroup.
pub(super) type Read = fn(&Cgroups) -> Result<Value, Unread>;

/// The limits and counters of the process's cgroup, all but [`Meter`]'s.
pub(super) const FILES: &[(Fact, Read)] = &[
    (Fact::PidsMax, |cgroups| limit(cgroups, Controller::Pids, ["pids.max"; 2])),
    (Fact::PidsNow, |cgroups| number(cgroups, Controller::Pids, ["pids.current"; 2])),
    (Fact::PidsRefused, |cgroups| event(cgroups, Controller::Pids, ["pids.events"; 2], "max")),
    (Fact::MemoryMax, |cgroups| limit(cgroups, Controller::Memory, ["memory.limit_in_bytes", "memory.max"])),
    (Fact::MemoryNow, |cgroups| number(cgroups, Controller::Memory, ["memory.usage_in_bytes", "memory.current"])),
    (Fact::OomKills, |cgroups| event(cgroups, Controller::Memory, ["memory.oom_control", "memory.events"], "oom_kill")),
    (Fact::CpuMax, cpu_max),
    (Fact::CpuThrottled, |cgroups| event(cgroups, Controller::Cpu, ["cpu.stat"; 2], "nr_throttled")),
];

/// The folders of the process's cgroup, as the viewer reaches them.
pub(super) fn cgroups(place: &Place<'_>) -> Result<Cgroups, Unread> {
    Ok(Cgroups::from_texts(place.viewer().mountinfo()?, &place.read("cgroup")?))
}

/// The process's cgroup as the viewer sees it.
pub(super) fn here(place: &Place<'_>) -> Result<Value, Unread> {
    let path = path_of(&place.read("cgroup")?, Controller::Pids);
    path.map(Value::Text).ok_or_else(|| Unread::words("it is in no cgroup"))
}

/// The memory that the side's `/proc/meminfo` promises: no cgroup changes it.
pub(super) fn memtotal(place: &Place<'_>) -> Result<Value, Unread> {
    let meminfo = place.file_below_root("proc/meminfo")?;
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.map(|kib| Value::Number(kib * 1024)).ok_or_else(|| Unread::words("its /proc/meminfo has no MemTotal"))
}

fn limit(cgroups: &Cgroups, controller: Controller, files: [&str; 2]) -> Result<Value, Unread> {
    let text = read(cgroups, controller, files)?;
    let number = text.trim().parse().ok().filter(|number| *number < UNLIMITED);
    Ok(number.map_or_else(|| Value::Text("max".to_owned()), Value::Number))
}

fn number(cgroups: &Cgroups, controller: Controller, files: [&str; 2]) -> Result<Value, Unread> {
    parse(Some(read(cgroups, controller, files)?.trim()), files).map(Value::Number)
}

fn event(cgroups: &Cgroups, controller: Controller, files: [&str; 2], key: &str) -> Result<Value, Unread> {
    let text = read(cgroups, controller, files)?;
    parse(text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')), files).map(Value::Number)
}

/// Time that may be used in each period, in percent of the period.
fn cpu_max(cgroups: &Cgroups) -> Result<Value, Unread> {
    let text = match cgroups.version(Controller::Cpu) {
        Some(Version::V1) => {
            let [quota, period] =
                ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map(|f| read(cgroups, Controller::Cpu, [f; 2]));
            format!("{} {}", quota?.trim(), period?.trim())
        }
        _ => read(cgroups, Controller::Cpu, ["cpu.max"; 2])?,
    };
    // No limit is `max` in version 2 and -1 in version 1: neither is a number here.
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u64>().ok());
    let percent = match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(quota), Some(period)) if period > 0 => Some(quota * 100 / period),
        _ => None,
    };
    Ok(percent.map_or_else(|| Value::Text("max".to_owned()), Value::Number))
}

/// How much CPU a cgroup uses: the difference of two looks at a clock that only counts up.
#[derive(Debug, Default)]
pub(super) struct Meter {
    last: Option<(PathBuf, u64, Instant)>,
}

impl Meter {
    /// Percent of one core since the last look at the same cgroup.
    pub(super) fn percent(&mut self, cgroups: &Cgroups) -> Result<Value, Unread> {
        let dir = cgroups.dir(Controller::Cpuacct).map(PathBuf::from).unwrap_or_default();
        let used = match cgroups.version(Controller::Cpuacct) {
            Some(Version::V1) => number(cgroups, Controller::Cpuacct, ["cpuacct.usage"; 2]).map(|used| (used, 1000)),
            _ => event(cgroups, Controller::Cpuacct, ["cpu.stat"; 2], "usage_usec").map(|used| (used, 1)),
        };
        let (Value::Number(used), per_microsecond) = used? else { return Err(Unread::words("no number")) };
        let now = (dir, used / per_microsecond, Instant::now());
        let last = self.last.replace(now.clone()).filter(|last| last.0 == now.0);
        let last = last.ok_or_else(|| Unread::words("it takes a second look"))?;
        let elapsed = now.2.duration_since(last.2).as_micros().max(1);
        let percent = (u128::from(now.1.saturating_sub(last.1)) * 100 + elapsed / 2) / elapsed;
        Ok(Value::Number(u64::try_from(percent).unwrap_or(u64::MAX)))
    }
}

/// The text of a file of the cgroup: the first name is version 1's, the second version 2's.
fn read(cgroups: &Cgroups, controller: Controller, [v1, v2]: [&str; 2]) -> Result<String, Unread> {
    let Some(folder) = cgroups.folder(controller) else {
        let name = controller.name();
        return Err(Unread::words(match cgroups.version(controller) {
            Some(_) => format!("no mount shows its {name} cgroup"),
            None => format!("no cgroup hierarchy here has {name}"),
        }));
    };
    let path = folder.dir.join(if folder.version == Version::V1 { v1 } else { v2 });
    read_path(&path.to_string_lossy())
}

fn parse(word: Option<&str>, [file, _]: [&str; 2]) -> Result<u64, Unread> {
    word.and_then(|word| word.parse().ok()).ok_or_else(|| Unread::words(format!("{file} has no such number")))
}

#[cfg(test)]
mod tests;
