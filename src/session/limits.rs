//! Limits in docker run's words and units, `15`, `32M`, `0.2`, and tc's: `4mbit`; `max` lifts one again.

use std::collections::BTreeMap;

use crate::course::lesson::Limit;
use crate::kernel::container::cgroup::Limits;
use crate::kernel::container::cgroup::devices::Device;
use crate::kernel::container::cgroup::io::WriteLimit;
use crate::kernel::container::cgroup::lift::NONE;

/// What lifts a limit that was set.
const LIFTED: &str = "max";

/// Reads limits; `disk` is the one whose bandwidth may be limited. Devices are not among them: see [`device`].
///
/// # Errors
/// Which one is not understood, and what it should look like.
pub fn parse(limits: &BTreeMap<Limit, String>, disk: Option<(u32, u32)>) -> Result<Limits, String> {
    let mut parsed = Limits::default();
    for (limit, text) in limits {
        let text = text.as_str();
        match limit {
            Limit::Pids if text == LIFTED => parsed.pids = Some(NONE),
            Limit::Memory if text == LIFTED => parsed.memory = Some(NONE),
            Limit::Cpus if text == LIFTED => parsed.cpu = Some(NONE),
            Limit::Rate if text == LIFTED => parsed.rate = Some(NONE),
            Limit::DeviceWriteBps if text == LIFTED => {
                parsed.io = disk.map(|disk| WriteLimit { disk, bytes: NONE });
            }
            Limit::Pids => parsed.pids = Some(text.parse().map_err(|_| format!("{text}: a number, such as 15"))?),
            Limit::Memory => parsed.memory = Some(size(text)?),
            Limit::Cpus => parsed.cpu = Some(cores(text)?),
            Limit::CpuShares => {
                let shares = text.parse().ok().filter(|shares| (2..=262_144).contains(shares));
                parsed.cpu_shares =
                    Some(shares.ok_or_else(|| format!("{text}: a number from 2 to 262144, such as 512"))?);
            }
            Limit::DeviceWriteBps => {
                let disk = disk.ok_or("there is no disk here whose bandwidth could be limited")?;
                parsed.io = Some(WriteLimit { disk, bytes: size(text)? });
            }
            Limit::Freezer => {
                parsed.frozen = Some(match text {
                    "frozen" => true,
                    "thawed" => false,
                    _ => return Err(format!("{text}: frozen or thawed")),
                });
            }
            Limit::DeviceDeny => {}
            Limit::Rate => parsed.rate = Some(rate(text)?),
        }
    }
    Ok(parsed)
}

/// The device that is to be taken away; `None` for `none`.
///
/// # Errors
/// What it should look like.
pub fn device(text: &str) -> Result<Option<Device>, String> {
    if text == "none" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|()| format!("{text}: c MAJOR:MINOR, such as c 1:5, or none"))
}

/// Bytes from docker run's notation: a number and b, k, m or g, in either case.
///
/// # Errors
/// What it should look like.
pub fn size(text: &str) -> Result<u64, String> {
    let wanted = || format!("{text}: a number and b, k, m or g, such as 32M");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(wanted()),
    };
    let number: u64 = digits.parse().map_err(|_| wanted())?;
    number.checked_mul(factor).filter(|bytes| (1..1 << 60).contains(bytes)).ok_or_else(wanted)
}

/// Microseconds of CPU in each 100 ms, from a number of cores. The kernel takes no less than 1 ms.
///
/// # Errors
/// What it should look like.
pub fn cores(text: &str) -> Result<u64, String> {
    let wanted = || format!("{text}: a number of cores from 0.01 to 1024, such as 0.2");
    let cores: f64 = text.parse().map_err(|_| wanted())?;
    if !(0.01..=1024.0).contains(&cores) {
        return Err(wanted());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1000 and 102400000")]
    Ok((cores * 100_000.0).round() as u64)
}

/// Bits per second from tc's notation: a number and bit, kbit, mbit or gbit. The kernel counts in bytes, up to 32 bits of them.
///
/// # Errors
/// What it should look like.
pub fn rate(text: &str) -> Result<u64, String> {
    let wanted = || format!("{text}: a number and kbit, mbit or gbit, from 8kbit to 30gbit, such as 4mbit");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "bit" => 1,
        "kbit" => 1000,
        "mbit" => 1_000_000,
        "gbit" => 1_000_000_000,
        _ => return Err(wanted()),
    };
    let number: u64 = digits.parse().map_err(|_| wanted())?;
    number.checked_mul(factor).filter(|bits| (8000..=30_000_000_000).contains(bits)).ok_or_else(wanted)
}
