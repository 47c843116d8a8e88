//! Limits in docker run's words and units, `15`, `32M`, `0.2`, and tc's: `4mbit`.

use std::collections::BTreeMap;

use crate::course::lesson::Limit;
use crate::kernel::container::cgroup::Limits;

/// Reads limits.
///
/// # Errors
/// Which one is not understood, and what it should look like.
pub fn parse(limits: &BTreeMap<Limit, String>) -> Result<Limits, String> {
    let mut parsed = Limits::default();
    for (limit, text) in limits {
        let text = text.as_str();
        match limit {
            Limit::Pids => parsed.pids = Some(text.parse().map_err(|_| format!("{text}: a number, such as 15"))?),
            Limit::Memory => parsed.memory = Some(size(text)?),
            Limit::Cpus => parsed.cpu = Some(cores(text)?),
            Limit::Rate => parsed.rate = Some(rate(text)?),
        }
    }
    Ok(parsed)
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
