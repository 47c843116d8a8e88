//! Seeing limits and what counts against them.
//!
//! cgroups(7). A cgroup is a folder; its limits and counters are files in it. Version 1 has other names and units for
//! them: here they become version 2's, with CPU in percent of one core. They are read from outside; inside, the
//! learner sees only the effect, and that `MemTotal` is still the machine's.

mod io;
mod meter;

pub(super) use self::meter::Meter;
use super::place::{Place, Unread, read_path};
use crate::kernel::cgroupfs::{Cgroups, Controller, Folder, Version, path_of, weight};
use crate::kernel::fact::{Fact, Value};

/// Version 1 has no word for "no limit": a number near the largest stands for it.
pub(super) const UNLIMITED: u64 = 1 << 60;

/// One limit or counter of a cgroup.
pub(super) type Read = fn(&Cgroups) -> Result<Value, Unread>;

/// The limits and counters of the process's cgroup, all but [`Meter`]'s.
pub(super) const FILES: &[(Fact, Read)] = &[
    (Fact::PidsMax, |cgroups| limit(cgroups, Controller::Pids, ["pids.max"; 2])),
    (Fact::PidsNow, |cgroups| used(cgroups, Controller::Pids, ["pids.current"; 2])),
    (Fact::PidsRefused, |cgroups| event(cgroups, Controller::Pids, ["pids.events"; 2], "max")),
    (Fact::MemoryMax, |cgroups| limit(cgroups, Controller::Memory, ["memory.limit_in_bytes", "memory.max"])),
    (Fact::MemoryNow, |cgroups| used(cgroups, Controller::Memory, ["memory.usage_in_bytes", "memory.current"])),
    (Fact::OomKills, |cgroups| event(cgroups, Controller::Memory, ["memory.oom_control", "memory.events"], "oom_kill")),
    (Fact::CpuMax, cpu_max),
    (Fact::CpuThrottled, |cgroups| event(cgroups, Controller::Cpu, ["cpu.stat"; 2], "nr_throttled")),
    (Fact::CpuThrottledTime, throttled_time),
    (Fact::CpuWeight, cpu_weight),
    (Fact::IoMax, io::max),
    (Fact::IoWritten, |cgroups| io::written(cgroups).map(Value::Number)),
    (Fact::Frozen, frozen),
    (Fact::CpuPressure, |cgroups| pressure(cgroups, "cpu.pressure")),
    (Fact::MemoryPressure, |cgroups| pressure(cgroups, "memory.pressure")),
    (Fact::IoPressure, |cgroups| pressure(cgroups, "io.pressure")),
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

/// What the cgroup uses, where that is not what everybody uses together.
fn used(cgroups: &Cgroups, controller: Controller, files: [&str; 2]) -> Result<Value, Unread> {
    counts_its_own(cgroups, controller)?;
    number(cgroups, controller, files)
}

/// Who is in the topmost cgroup has no counter there: that one has all that the machine does.
fn counts_its_own(cgroups: &Cgroups, controller: Controller) -> Result<(), Unread> {
    not_topmost(cgroups.folder(controller))
}

fn not_topmost(folder: Option<&Folder>) -> Result<(), Unread> {
    if folder.is_some_and(Folder::is_topmost) {
        return Err(Unread::words("counted with everyone's, cgroup /"));
    }
    Ok(())
}

fn event(cgroups: &Cgroups, controller: Controller, files: [&str; 2], key: &str) -> Result<Value, Unread> {
    if matches!(controller, Controller::Pids | Controller::Memory) {
        counts_its_own(cgroups, controller)?;
    }
    count(cgroups, controller, files, key).map(Value::Number)
}

fn count(cgroups: &Cgroups, controller: Controller, files: [&str; 2], key: &str) -> Result<u64, Unread> {
    let text = read(cgroups, controller, files)?;
    parse(text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')), files)
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

fn throttled_time(cgroups: &Cgroups) -> Result<Value, Unread> {
    let (key, a_millisecond) = match cgroups.version(Controller::Cpu) {
        Some(Version::V1) => ("throttled_time", 1_000_000),
        _ => ("throttled_usec", 1000),
    };
    count(cgroups, Controller::Cpu, ["cpu.stat"; 2], key).map(|time| Value::Number(time / a_millisecond))
}

fn cpu_weight(cgroups: &Cgroups) -> Result<Value, Unread> {
    let Value::Number(shares) = number(cgroups, Controller::Cpu, ["cpu.shares", "cpu.weight"])? else {
        return Err(Unread::words("no number"));
    };
    let v1 = cgroups.version(Controller::Cpu) == Some(Version::V1);
    Ok(Value::Number(if v1 { weight(shares) } else { shares }))
}

/// What was asked for is one file, and what is so another.
fn frozen(cgroups: &Cgroups) -> Result<Value, Unread> {
    if cgroups.version(Controller::Freezer) == Some(Version::V1) {
        let state = read(cgroups, Controller::Freezer, ["freezer.state"; 2])?;
        return Ok(Value::Number(u64::from(state.trim() == "FROZEN")));
    }
    event(cgroups, Controller::Freezer, ["cgroup.events"; 2], "frozen")
}

/// `some avg10=12.34 avg60=… total=…`: the whole percent. Only version 2 keeps it for each cgroup.
fn pressure(cgroups: &Cgroups, file: &str) -> Result<Value, Unread> {
    let folder = cgroups.unified().filter(|folder| folder.dir.join(file).exists());
    let folder = folder.filter(|_| cgroups.version_of_limits() == Some(Version::V2)).ok_or_else(|| {
        let v1 = cgroups.version_of_limits() == Some(Version::V1);
        Unread::words(if v1 { "cgroup version 1 keeps no pressure" } else { "the kernel keeps no pressure (psi=1)" })
    })?;
    not_topmost(Some(folder))?;
    let text = read_path(&folder.dir.join(file).to_string_lossy())?;
    let some = text.lines().find_map(|line| line.strip_prefix("some avg10="));
    parse(some.and_then(|rest| rest.split('.').next()), [file; 2]).map(Value::Number)
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
    read_path(&path.to_string_lossy()).map_err(|unread| {
        // What nothing limits has no files for limits either.
        let none = folder.is_topmost() && !path.exists();
        if none { Unread::words("cgroup / has no such file") } else { unread }
    })
}

fn parse(word: Option<&str>, [file, _]: [&str; 2]) -> Result<u64, Unread> {
    word.and_then(|word| word.parse().ok()).ok_or_else(|| Unread::words(format!("{file} has no such number")))
}

#[cfg(test)]
mod tests;
