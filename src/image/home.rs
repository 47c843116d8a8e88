//! Finds the folder where built roots are kept: the user's cache, or a private one below TMPDIR.
//!
//! The place must be ours, since programs are started from it, and must allow that: mount(8) calls the
//! opposite `noexec`. What lies in a cache may be deleted at any time; unha builds it again.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, StatVfsMountFlags, accessat, statvfs};
use rustix::process::geteuid;

use super::error::ImageError;

/// The folder for built roots, made if need be: `unha/rootfs` in `$XDG_CACHE_HOME` or `~/.cache`.
/// `env` looks a variable up, as [`std::env::var_os`] does.
///
/// A cache that belongs to somebody else is passed over, even by root: under `sudo -E` HOME is still
/// the user's, and root must neither leave files there nor start programs from there.
///
/// # Errors
/// When no folder is ours, writable and allows programs to run; or when somebody else has laid out
/// the private folder below TMPDIR.
pub fn cache_dir(env: &impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, ImageError> {
    let path = |name| env(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let root_home = geteuid().is_root().then(|| PathBuf::from("/root/.cache"));
    // A home that does not exist is the sign of an account without one; it is not ours to make.
    let own_home = path("HOME").filter(|home| home.is_dir()).map(|home| home.join(".cache"));
    let mut tried = Vec::new();
    for home in [path("XDG_CACHE_HOME"), own_home, root_home].into_iter().flatten() {
        let folder = home.join("unha/rootfs");
        let made = ours(&folder) && DirBuilder::new().recursive(true).mode(0o700).create(&folder).is_ok();
        if made && ours(&folder) && usable(&folder) {
            return Ok(folder);
        }
        tried.push(folder);
    }
    let temporary = path("TMPDIR").filter(|path| path.is_dir()).unwrap_or_else(|| PathBuf::from("/tmp"));
    let folder = temporary.join(format!("unha-{}", geteuid().as_raw()));
    private(&folder)?;
    if usable(&folder) {
        return Ok(folder);
    }
    tried.push(folder);
    Err(ImageError::NoCache { tried })
}

/// Whether the folder, or the nearest one above it that exists, belongs to us.
fn ours(folder: &Path) -> bool {
    let there = folder.ancestors().find_map(|path| fs::metadata(path).ok());
    there.is_some_and(|there| there.is_dir() && there.uid() == geteuid().as_raw())
}

fn usable(folder: &Path) -> bool {
    let runs = statvfs(folder).is_ok_and(|fs| !fs.f_flag.contains(StatVfsMountFlags::NOEXEC));
    runs && accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).is_ok()
}

/// Makes a folder that nobody else can write to, or makes sure that the one there is such.
///
/// In /tmp anybody may have come first, with a folder or a link of that name. The sticky bit above it
/// is what keeps others from renaming ours away afterwards.
fn private(folder: &Path) -> Result<(), ImageError> {
    let above = folder.parent().unwrap_or(Path::new("/"));
    let is = fs::metadata(above).map_err(ImageError::call("stat", above))?;
    let me = geteuid().as_raw();
    let shared = is.mode() & 0o022 != 0 && is.mode() & 0o1000 == 0;
    // Within a user namespace root may have no number of its own; stat(2) then gives the overflow uid.
    if shared || ![0, me, 65534].contains(&is.uid()) {
        return Err(not_ours(above, &is));
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(why) if why.kind() != std::io::ErrorKind::AlreadyExists => Err(ImageError::call("mkdir", folder)(why)),
        _ => {
            let is = fs::symlink_metadata(folder).map_err(ImageError::call("lstat", folder))?;
            let safe = is.is_dir() && is.uid() == me && is.mode() & 0o7777 == 0o700;
            if safe { Ok(()) } else { Err(not_ours(folder, &is)) }
        }
    }
}

fn not_ours(path: &Path, is: &fs::Metadata) -> ImageError {
    ImageError::NotOurs { path: path.to_owned(), owner: is.uid(), mode: is.mode() & 0o7777 }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn with(variables: &[(&str, &Path)]) -> Result<PathBuf, ImageError> {
        cache_dir(&|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_os_str().to_owned())
        })
    }

    #[test]
    fn the_cache_is_found_as_the_standard_says() {
        let place = tempfile::tempdir().unwrap();
        let (cache, home) = (place.path().join("c"), place.path().join("h"));
        fs::create_dir(&home).unwrap();
        assert_eq!(with(&[("XDG_CACHE_HOME", &cache), ("HOME", &home)]).unwrap(), cache.join("unha/rootfs"));
        assert_eq!(
            with(&[("XDG_CACHE_HOME", Path::new("not/absolute")), ("HOME", &home)]).unwrap(),
            home.join(".cache/unha/rootfs")
        );
        let mode = fs::metadata(home.join(".cache/unha/rootfs")).unwrap().mode();
        assert_eq!(mode & 0o7777, 0o700);
    }

    #[test]
    fn a_folder_below_tmpdir_must_be_private() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join(format!("unha-{}", geteuid().as_raw()));
        private(&folder).unwrap();
        private(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o770)).unwrap();
        assert!(matches!(private(&folder), Err(ImageError::NotOurs { mode: 0o770, .. })));
        fs::remove_dir(&folder).unwrap();
        symlink(place.path(), &folder).unwrap();
        assert!(matches!(private(&folder), Err(ImageError::NotOurs { .. })));
        fs::set_permissions(place.path(), Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(private(&place.path().join("new")), Err(ImageError::NotOurs { mode: 0o777, .. })));
    }
}
