//! Where named root file systems are kept: the user's data folder, as the XDG Base Directory Specification has it.
//!
//! Unlike a cache it may not be emptied by others. Files keep their owners there, so it is the folder of whoever we are:
//! root's own under sudo too, for what root unpacks belongs to ids that are not the user's.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::PathBuf;

use rustix::process::geteuid;

use crate::image::error::ImageError;

/// The folder for named root file systems: `unha/rootfs` in `$XDG_DATA_HOME` or `~/.local/share`. It is not made.
/// `env` looks a variable up, as [`std::env::var_os`] does.
///
/// # Errors
/// When there is none that is ours.
pub fn data_dir(env: &impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, ImageError> {
    let path = |name| env(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let root_home = geteuid().is_root().then(|| PathBuf::from("/root"));
    let homes = [path("HOME"), root_home].into_iter().flatten().map(|home| home.join(".local/share"));
    let mut tried = vec![];
    for home in path("XDG_DATA_HOME").into_iter().chain(homes) {
        let folder = home.join("unha/rootfs");
        let nearest = folder.ancestors().find_map(|path| fs::metadata(path).ok());
        // Under `sudo -E` HOME is still the user's: root leaves nothing there.
        if nearest.is_some_and(|is| is.is_dir() && is.uid() == geteuid().as_raw()) {
            return Ok(folder);
        }
        tried.push(folder);
    }
    Err(ImageError::NoData { tried })
}

impl super::Shelf {
    /// Makes the shelf's folder, for whom it is alone: programs are started from it.
    ///
    /// # Errors
    /// What it could not be made for.
    pub fn make(&self) -> Result<(), ImageError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.dir);
        made.map_err(ImageError::call("mkdir", &self.dir))?;
        let is = fs::symlink_metadata(&self.dir).map_err(ImageError::call("lstat", &self.dir))?;
        let ours = is.is_dir() && is.uid() == geteuid().as_raw() && is.mode() & 0o022 == 0;
        if ours { Ok(()) } else { Err(ImageError::call("mkdir", &self.dir)(io::ErrorKind::PermissionDenied.into())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_folder_is_found_as_the_standard_says() {
        let place = tempfile::tempdir().unwrap();
        let (data, home) = (place.path().join("d"), place.path().join("h"));
        let with = |variables: &[(&str, &PathBuf)]| {
            let known: Vec<(String, PathBuf)> =
                variables.iter().map(|(name, path)| ((*name).to_owned(), (*path).clone())).collect();
            data_dir(&move |name| {
                known.iter().find(|(known, _)| known == name).map(|(_, path)| path.clone().into_os_string())
            })
        };
        assert_eq!(with(&[("XDG_DATA_HOME", &data), ("HOME", &home)]).unwrap(), data.join("unha/rootfs"));
        let relative = PathBuf::from("not/absolute");
        assert_eq!(
            with(&[("XDG_DATA_HOME", &relative), ("HOME", &home)]).unwrap(),
            home.join(".local/share/unha/rootfs")
        );
    }
}
