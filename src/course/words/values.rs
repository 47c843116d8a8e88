//! A value as a person would say it: sizes as docker run writes them, rates as network people do, times in their largest unit.
//!
//! What is shown is still what was read: a number is rounded, never made up.

use super::{is_namespace, no, no_limit, none, yes};
use crate::course::text::Lang;
use crate::course::{Fact, Value};

/// A value as a person would say it: `32M`, `20%`, the last four digits of an inode.
#[must_use]
pub fn value(fact: Fact, value: &Value, lang: Lang) -> String {
    match (fact, value) {
        (_, Value::Number(inode)) if is_namespace(fact) => format!("[…{:04}]", inode % 10_000),
        (Fact::MemoryMax | Fact::MemoryNow | Fact::MemTotal | Fact::IoWritten, Value::Number(bytes)) => {
            size(*bytes, lang)
        }
        (
            Fact::CpuMax | Fact::CpuNow | Fact::CpuShare | Fact::CpuPressure | Fact::MemoryPressure | Fact::IoPressure,
            Value::Number(percent),
        ) => format!("{percent}%"),
        (Fact::IoMax | Fact::IoNow, Value::Number(bytes)) => format!("{}/s", size(*bytes, lang)),
        (Fact::CpuWeight, Value::Number(weight)) => {
            format!("{weight} ({})", lang.pick("100 is usual", "o normal é 100"))
        }
        (Fact::CpuThrottledTime, Value::Number(time)) => format!("{time} ms"),
        (Fact::Frozen | Fact::AwaitsChild | Fact::ProcIsOwn, Value::Number(holds)) => {
            if *holds == 1 { yes(lang) } else { no(lang) }.to_owned()
        }
        (Fact::Uptime, Value::Number(seconds)) => time_up(*seconds, lang),
        (Fact::Boottime, Value::Number(seconds)) => format!("{seconds} s"),
        (Fact::NetRate | Fact::NetNow, Value::Number(bits)) => bits_per_second(*bits, lang),
        (Fact::PidsMax | Fact::MemoryMax | Fact::CpuMax | Fact::IoMax | Fact::NetRate, Value::Text(max))
            if max == "max" =>
        {
            no_limit(lang).to_owned()
        }
        (Fact::Seccomp, Value::Number(2)) => lang.pick("2: a filter", "2: um filtro").to_owned(),
        (_, Value::List(items)) if items.is_empty() => none(lang).to_owned(),
        // Two names say more than a number, forty do not.
        (Fact::CapEff | Fact::CapBnd, Value::List(items)) if items.len() > 2 => format!("{} capabilities", items.len()),
        (_, Value::Text(text)) if text.is_empty() => none(lang).to_owned(),
        _ => value.to_string(),
    }
}

/// A size in bytes as docker run writes it, to a tenth where it matters.
#[must_use]
pub fn size(bytes: u64, lang: Lang) -> String {
    let (unit, letter) = match bytes {
        0..1024 => return format!("{bytes}B"),
        1024..1_048_576 => (1024, 'K'),
        1_048_576..1_073_741_824 => (1_048_576, 'M'),
        _ => (1_073_741_824, 'G'),
    };
    let tenths = bytes.saturating_mul(10) / unit;
    if tenths.is_multiple_of(10) || tenths >= 1000 {
        format!("{}{letter}", tenths / 10)
    } else {
        format!("{}{}{}{letter}", tenths / 10, lang.pick(".", ","), tenths % 10)
    }
}

/// A rate as network people say it, to a tenth where it matters: `3.9 Mbit/s`.
fn bits_per_second(bits: u64, lang: Lang) -> String {
    let (unit, letter) = match bits {
        0..1000 => return format!("{bits} bit/s"),
        1000..1_000_000 => (1000, "kbit/s"),
        1_000_000..1_000_000_000 => (1_000_000, "Mbit/s"),
        _ => (1_000_000_000, "Gbit/s"),
    };
    let tenths = bits.saturating_mul(10) / unit;
    if tenths.is_multiple_of(10) || tenths >= 1000 {
        return format!("{} {letter}", tenths / 10);
    }
    format!("{}{}{} {letter}", tenths / 10, lang.pick(".", ","), tenths % 10)
}

/// How long a machine has been up, in the largest unit that counts: `1000 days`, `5 h`, `12 min`.
fn time_up(seconds: u64, lang: Lang) -> String {
    let minutes = seconds / 60;
    match (minutes / 1440, minutes / 60) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h"),
        (1, _) => lang.pick("1 day", "1 dia").to_owned(),
        (days, _) => format!("{days} {}", lang.pick("days", "dias")),
    }
}
