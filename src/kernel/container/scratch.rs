//! Where the overlay of a box without a bench lives: a small tmpfs that nobody else sees.
//!
//! tmpfs(5). It goes with the box's mount namespace, so nothing is left on the machine.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::mount::MsFlags;

use super::link::Failed;
use super::rootfs::Layers;
use super::{Rootfs, Spec};
use crate::kernel::feature::Feature;
use crate::kernel::sys::{SysError, chdir, mount};

/// The name of the lower folder's copy that belongs to a box's own root.
const GIVEN: &str = "given";

/// The overlay's folders: the bench's if it has prepared them, else in a tmpfs of our own.
pub(super) fn layers(spec: &Spec) -> Result<Layers, Failed> {
    let Some(Rootfs { lower, place }) = &spec.rootfs else {
        return Err(Failed::words(&"a root file system is wanted, but none is named"));
    };
    if let Some(place) = place {
        let given = owner(spec).map(|_| place.join(GIVEN));
        return Ok(below(vec![given.unwrap_or_else(|| lower.clone())], place));
    }
    // Any folder will do to mount on, in this mount namespace it is ours alone; but it must not hide the lower one.
    let place = ["/tmp", "/run", "/mnt"].map(Path::new).into_iter().find(|dir| dir.is_dir() && !lower.starts_with(dir));
    let place =
        place.ok_or_else(|| Failed::words(&"no folder to mount a tmpfs on: /tmp, /run and /mnt are missing"))?;
    mount("tmpfs", place, "tmpfs", MsFlags::MS_NOSUID | MsFlags::MS_NODEV, "mode=755,size=512m,nr_inodes=65536")?;
    let layers = below(lowers(spec, lower)?, place);
    for dir in [&layers.upper, &layers.work, &layers.merged] {
        fs::create_dir(dir).map_err(|error| Failed::words(&format!("mkdir({}): {error}", dir.display())))?;
    }
    Ok(layers)
}

/// The lower folders, the uppermost first. Many layers by their whole paths would not fit in the page that mount(2) takes
/// its options in: so they are named as seen from the folder that they are all in, which we go into.
fn lowers(spec: &Spec, whole: &Path) -> Result<Vec<PathBuf>, Failed> {
    let Some(together) = spec.layers.first().and_then(|layer| layer.parent()) else {
        return Ok(vec![whole.to_owned()]);
    };
    chdir(together)?;
    let name = |layer: &PathBuf| layer.strip_prefix(together).unwrap_or(layer).to_owned();
    Ok(spec.layers.iter().rev().map(name).collect())
}

/// Gives the files to the box's root: the bench's own, or the first id of a range. To a root that has no id for their
/// owner they would be nobody's files, which even it can neither write nor own: overlayfs keeps owners, it maps none.
///
/// The lower folder is copied for it, once; what earlier boxes wrote changes hands.
pub(super) fn give(spec: &Spec) -> Result<(), Failed> {
    let Some(Rootfs { lower, place: Some(place) }) = &spec.rootfs else { return Ok(()) };
    let words = |error: std::io::Error| Failed::words(&format!("giving the files to the box's root: {error}"));
    let to = owner(spec).unwrap_or_else(|| (nix::unistd::geteuid().as_raw(), nix::unistd::getegid().as_raw()));
    for folder in ["upper", "work"].map(|name| place.join(name)) {
        let found = fs::metadata(&folder).map_err(words)?;
        super::copy::give(&folder, (found.uid(), found.gid()), to).map_err(words)?;
    }
    let given = place.join(GIVEN);
    if owner(spec).is_some() && !given.exists() {
        // Under another name until it is whole: a copy that was cut short is no root.
        let begun = place.join("begun");
        let _ = fs::remove_dir_all(&begun);
        fs::create_dir(&begun).map_err(words)?;
        super::copy::tree(lower, &begun).map_err(words)?;
        let found = fs::metadata(&begun).map_err(words)?;
        super::copy::give(&begun, (found.uid(), found.gid()), to).map_err(words)?;
        fs::rename(&begun, &given).map_err(words)?;
    }
    Ok(())
}

/// Whom files must be given to: the first of the box's range of ids.
fn owner(spec: &Spec) -> Option<(u32, u32)> {
    spec.ids.filter(|_| spec.features.has(Feature::User))
}

/// Where the kernel `refused` an overlay in a user namespace: a copy of the lower folder takes its place, made once in the
/// upper one, so that what a box writes is found where it would be found else, and is kept as long.
pub(super) fn copy(spec: &Spec, layers: &Layers, refused: SysError) -> Result<(), Failed> {
    let copied = layers.work.join("copied");
    if spec.mounts_as_machine() {
        return Err(refused.into());
    }
    if !copied.exists() {
        // A copy has no layers: they are all in the one folder.
        let lower = spec.rootfs.as_ref().map_or_else(|| layers.lower[0].clone(), |rootfs| rootfs.lower.clone());
        let lower = if spec.layers.is_empty() { layers.lower[0].clone() } else { lower };
        super::copy::tree(&lower, &layers.upper)
            .and_then(|()| fs::write(&copied, ""))
            .map_err(|error| Failed { message: format!("{refused}; copy: {error}"), ..Failed::from(refused) })?;
    }
    Ok(mount(&layers.upper.display().to_string(), &layers.merged, "", MsFlags::MS_BIND, "")?)
}

/// The overlay's folders below `place`.
fn below(lower: Vec<PathBuf>, place: &Path) -> Layers {
    let [upper, work, merged]: [PathBuf; 3] = ["upper", "work", "root"].map(|name| place.join(name));
    Layers { lower, upper, work, merged }
}
