//! Seeing what goes to disks: `io.max` and `io.stat`, in version 1 `blkio.throttle.*`.
//!
//! The learner sees the bytes arrive at the rate that the limit allows.

use super::{Cgroups, Controller, Unread, Value, Version, counts_its_own, parse, read};

/// The limit on writes of the first disk that has one.
pub(super) fn max(cgroups: &Cgroups) -> Result<Value, Unread> {
    let text = read(cgroups, Controller::Io, ["blkio.throttle.write_bps_device", "io.max"])?;
    let v1 = is_v1(cgroups);
    let limit = text.lines().find_map(|line| {
        let mut words = line.split(' ').skip(1);
        let word = if v1 { words.next() } else { words.find_map(|word| word.strip_prefix("wbps=")) };
        word?.parse().ok()
    });
    Ok(limit.map_or_else(|| Value::Text("max".to_owned()), Value::Number))
}

/// Bytes written so far, to all disks together.
pub(super) fn written(cgroups: &Cgroups) -> Result<u64, Unread> {
    let files = ["blkio.throttle.io_service_bytes", "io.stat"];
    counts_its_own(cgroups, Controller::Io)?;
    let text = read(cgroups, Controller::Io, files)?;
    let v1 = is_v1(cgroups);
    // `254:0 Write 4096`, and in version 2 `254:0 rbytes=… wbytes=4096 …`.
    let words = text.lines().filter_map(|line| {
        if v1 {
            return line.split_once(" Write ").map(|(_, bytes)| bytes);
        }
        line.split(' ').find_map(|word| word.strip_prefix("wbytes="))
    });
    words.map(|word| parse(Some(word), files)).sum()
}

fn is_v1(cgroups: &Cgroups) -> bool {
    cgroups.version(Controller::Io) == Some(Version::V1)
}
