//! Whiteouts: how a layer says that something below it is gone.
//!
//! opencontainers/image-spec, layer.md: an empty file `.wh.NAME` removes NAME, `.wh..wh..opq` all that the folder had.
//! Both speak of lower layers only, whatever the order of the entries: what this layer itself has stays.

use rustix::fs::{AtFlags, statat};

use super::fault::Fault;
use super::layer::{Has, Layer, purge};
use super::place::{Place, join};
use super::tree::Tree;
use crate::image::archive::Refusal;

const WHITEOUT: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";

/// Whether an entry is a whiteout rather than a file; then it has been carried out.
pub(super) fn carry_out(merged: &mut Tree, layer: &mut Layer, place: &Place) -> Result<bool, Fault> {
    let Some(name) = place.name().strip_prefix(WHITEOUT) else { return Ok(false) };
    if matches!(name, b"" | b"." | b"..") {
        return Err(Refusal::Whiteout.into());
    }
    let Some(folder) = merged.enter(place.folder(), false)? else { return Ok(true) };
    let path = folder.path.clone();
    if place.name() == OPAQUE {
        purge(merged, layer, &path)?;
        layer.hide_all(&path)?;
    } else if !name.starts_with(WHITEOUT) {
        // With the prefix twice it is a note that aufs made for itself.
        match layer.has(&path, name)? {
            Has::Nothing => {
                if statat(&*folder.fd, name, AtFlags::SYMLINK_NOFOLLOW).is_ok() {
                    merged.remove(&folder.fd, &path, name)?;
                    layer.hide(&path, name)?;
                }
            }
            Has::Folder => {
                let inner = join(&path, name);
                purge(merged, layer, &inner)?;
                layer.hide_all(&inner)?;
            }
            Has::Other => {}
        }
    }
    Ok(true)
}
