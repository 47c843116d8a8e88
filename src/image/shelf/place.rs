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

/// The folder of whoever called sudo, where root's is another one: their data folder, if it is there. `home` is theirs.
#[must_use]
pub fn data_dir_of_caller(uid: u32, home: Option<PathBuf>, env: &impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // `sudo -E` leaves it as it was.
    let data = env("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let homes = data.into_iter().chain(home.map(|home| home.join(".local/share")));
    let mut folders = homes.map(|data| data.join("unha/rootfs"));
    folders.find(|folder| fs::symlink_metadata(folder).is_ok_and(|is| is.is_dir() && is.uid() == uid))
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
        let caller = |uid| {
            let data = data.clone().into_os_string();
            data_dir_of_caller(uid, Some(home.clone()), &move |name| (name == "XDG_DATA_HOME").then(|| data.clone()))
        };
        let me = geteuid().as_raw();
        assert_eq!(caller(me), None);
        let theirs = home.join(".local/share/unha/rootfs");
        fs::create_dir_all(&theirs).unwrap();
        assert_eq!((caller(me), caller(me + 1)), (Some(theirs.clone()), None));
        fs::create_dir_all(data.join("unha/rootfs")).unwrap();
        assert_eq!(caller(me), Some(data.join("unha/rootfs")));
        fs::remove_dir_all(theirs).unwrap();
        let relative = PathBuf::from("not/absolute");
        assert_eq!(
            with(&[("XDG_DATA_HOME", &relative), ("HOME", &home)]).unwrap(),
            home.join(".local/share/unha/rootfs")
        );
    }
}
