//! The root file system that a box starts in: building one, and checking one that is given.
//!
//! A root file system is files, no more. The built-in one is copied together from this machine's own
//! programs by a recipe (`rootfs/`), without root and without a download; any other folder is checked
//! before a box is built on it, so that the learner reads what is wrong rather than a bare ENOENT.

pub mod archive;
mod build;
mod elf;
mod error;
mod home;
mod inside;
mod loader;
mod missing;
mod plan;
mod recipe;
mod seen;
pub mod shelf;
mod store;
pub mod unpack;

use std::fs::File;
use std::path::{Path, PathBuf};

pub use error::ImageError;
pub use home::cache_dir;
pub use inside::{check_dir, find_command};
pub use missing::{Lack, Missing};
pub use plan::Host;
pub use recipe::{BUILTIN, Kit, Recipe};

/// A built root that is ready to be started in. It will not be removed while this value lives.
#[derive(Debug)]
pub struct Image {
    /// The root itself: the folder that becomes `/`. Mount it read-only or below an overlay: it is
    /// shared by all boxes of this user.
    pub path: PathBuf,
    /// What this machine could not give to it.
    pub missing: Vec<Missing>,
    /// Whether it was built just now.
    pub built: bool,
    /// Its flock(2), closed on exec; a child that was forked keeps it too.
    _lock: File,
}

/// The built-in root in `cache` (see [`cache_dir`]), built if there is none or this machine has changed.
///
/// # Errors
/// When the cache cannot be written, or this machine has no shell.
pub fn ensure(cache: &Path) -> Result<Image, ImageError> {
    ensure_with(cache, &BUILTIN, &Host::here())
}

/// [`ensure`] with another recipe or another machine.
///
/// # Errors
/// As [`ensure`], and when the recipe is not valid.
pub fn ensure_with(cache: &Path, kit: &Kit, host: &Host) -> Result<Image, ImageError> {
    let digest = store::kit_digest(kit);
    if let Some(ready) = store::find_ready(cache, &digest) {
        return Ok(image(ready, false));
    }
    let _alone = store::lock_all(cache)?;
    // Whoever held the lock before may have built just this.
    if let Some(ready) = store::find_ready(cache, &digest) {
        return Ok(image(ready, false));
    }
    let recipe = Recipe::parse(kit.recipe)?;
    let plan = plan::Plan::of(&recipe, host)?;
    Ok(image(store::build_new(cache, kit, &recipe, plan)?, true))
}

fn image(ready: store::Ready, built: bool) -> Image {
    Image { path: ready.root, missing: ready.missing, built, _lock: ready.lock }
}
