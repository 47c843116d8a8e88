//! Where the overlay of a box without a bench lives: a small tmpfs that nobody else sees.
//!
//! tmpfs(5). It goes with the box's mount namespace, so nothing is left on the machine.

use std::fs;
use std::path::{Path, PathBuf};

use nix::mount::MsFlags;

use super::link::Failed;
use super::rootfs::Layers;
use super::{Rootfs, Spec};
use crate::kernel::sys::{SysError, mount};

/// The overlay's folders: the bench's if it has prepared them, else in a tmpfs of our own.
pub(super) fn layers(spec: &Spec) -> Result<Layers, Failed> {
    let Some(Rootfs { lower, place }) = &spec.rootfs else {
        return Err(Failed::words(&"a root file system is wanted, but none is named"));
    };
    if let Some(place) = place {
        return Ok(below(lower, place));
    }
    // Any folder will do to mount on, in this mount namespace it is ours alone; but it must not hide the lower one.
    let place = ["/tmp", "/run", "/mnt"].map(Path::new).into_iter().find(|dir| dir.is_dir() && !lower.starts_with(dir));
    let place =
        place.ok_or_else(|| Failed::words(&"no folder to mount a tmpfs on: /tmp, /run and /mnt are missing"))?;
    mount("tmpfs", place, "tmpfs", MsFlags::MS_NOSUID | MsFlags::MS_NODEV, "mode=755,size=512m,nr_inodes=65536")?;
    let layers = below(lower, place);
    for dir in [&layers.upper, &layers.work, &layers.merged] {
        fs::create_dir(dir).map_err(|error| Failed::words(&format!("mkdir({}): {error}", dir.display())))?;
    }
    Ok(layers)
}

/// Where the kernel `refused` an overlay in a user namespace: a copy of the lower folder takes its place, made once in the
/// upper one, so that what a box writes is found where it would be found else, and is kept as long.
pub(super) fn copy(spec: &Spec, layers: &Layers, refused: SysError) -> Result<(), Failed> {
    let copied = layers.work.join("copied");
    if spec.machine_root {
        return Err(refused.into());
    }
    if !copied.exists() {
        super::copy::tree(&layers.lower, &layers.upper)
            .and_then(|()| fs::write(&copied, ""))
            .map_err(|error| Failed { message: format!("{refused}; copy: {error}"), ..Failed::from(refused) })?;
    }
    Ok(mount(&layers.upper.display().to_string(), &layers.merged, "", MsFlags::MS_BIND, "")?)
}

/// The overlay's folders below `place`.
fn below(lower: &Path, place: &Path) -> Layers {
    let [upper, work, merged]: [PathBuf; 3] = ["upper", "work", "root"].map(|name| place.join(name));
    Layers { lower: lower.to_owned(), upper, work, merged }
}
