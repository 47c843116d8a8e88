//! Seeing which devices a place has files for: null(4), mount(8), `--bind`.
//!
//! A device file is a name for two numbers. Whoever has no such file, and may make none, does not get at the device.
//! The learner sees a /dev that has only what was put there.

use rustix::fs::{AtFlags, Dir, FileType, statat};

use super::place::{Place, Unread};
use crate::kernel::fact::Value;

/// Names of the device files right in /dev. None of them is opened: to open a device may do something.
pub(super) fn names(place: &Place<'_>) -> Result<Value, Unread> {
    let dir = place.folder_below_root("dev")?;
    let refused = |errno| Unread::call("getdents64", "/dev", errno);
    let entries = Dir::read_from(&dir).map_err(refused)?.filter_map(Result::ok);
    let is_device = |name: &std::ffi::CStr| {
        let kind = statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW).map(|stat| FileType::from_raw_mode(stat.st_mode));
        kind.is_ok_and(|kind| matches!(kind, FileType::CharacterDevice | FileType::BlockDevice))
    };
    let devices = entries.filter(|entry| is_device(entry.file_name()));
    let mut names: Vec<String> = devices.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(Value::List(names))
}
