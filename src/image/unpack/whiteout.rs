//! Whiteouts: how a layer says that something below it is gone.
//!
//! opencontainers/image-spec, layer.md: an empty file `.wh.NAME` removes NAME, `.wh..wh..opq` all that the folder had.
//! Both speak of lower layers only, whatever the order of the entries: what this layer itself has stays.

use rustix::fs::{AtFlags, Mode, OFlags, openat, statat};

use super::fault::Fault;
use super::layer::{Has, Layer, purge};
use super::place::{Place, join};
use super::tree::{Found, Tree, names};
use crate::image::archive::Refusal;

const WHITEOUT: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";

/// What an entry says is gone, if it is a whiteout rather than a file.
pub(super) fn of(place: &Place) -> Result<Option<&[u8]>, Fault> {
    match place.name().strip_prefix(WHITEOUT) {
        Some(b"" | b"." | b"..") => Err(Refusal::Whiteout.into()),
        name => Ok(name),
    }
}

/// Whether an entry is a whiteout rather than a file; then it has been carried out.
pub(super) fn carry_out(merged: &mut Tree, layer: &mut Layer, place: &Place) -> Result<bool, Fault> {
    let Some(name) = of(place)? else { return Ok(false) };
    let Some(folder) = merged.enter(place.folder(), false)? else { return Ok(true) };
    if place.name() != OPAQUE {
        // With the prefix twice it is a note that aufs made for itself.
        if !name.starts_with(WHITEOUT) {
            gone(merged, layer, &folder, name)?;
        }
    } else if folder.path.is_empty() {
        // overlayfs does not ask whether the top of a layer is opaque: each name there has to say so.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let top = openat(&*folder.fd, ".", flags, Mode::empty()).map_err(Fault::call("openat"))?;
        for name in names(top)? {
            gone(merged, layer, &folder, name.to_bytes())?;
        }
    } else {
        purge(merged, layer, &folder.path)?;
        layer.hide_all(&folder.path)?;
    }
    Ok(true)
}

/// What lower layers have under a name is gone, and what this one has stays.
fn gone(merged: &mut Tree, layer: &mut Layer, folder: &Found, name: &[u8]) -> Result<(), Fault> {
    match layer.has(&folder.path, name)? {
        Has::Nothing if statat(&*folder.fd, name, AtFlags::SYMLINK_NOFOLLOW).is_ok() => {
            merged.remove(&folder.fd, &folder.path, name)?;
            layer.hide(&folder.path, name)
        }
        Has::Folder => {
            let inner = join(&folder.path, name);
            purge(merged, layer, &inner)?;
            layer.hide_all(&inner)
        }
        Has::Nothing | Has::Other => Ok(()),
    }
}
