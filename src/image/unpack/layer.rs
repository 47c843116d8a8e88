//! One layer alone, beside the merged tree, in the form that overlayfs mounts as a lower folder.
//!
//! What stands in the merged tree under a name is linked here (link(2) takes symbolic links, pipes and devices too); only
//! folders are made twice. What an image writes as `.wh.NAME` is here a character device 0:0, and an opaque folder has
//! an attribute. The learner can mount the layers one by one and see which file comes from where.

use std::os::fd::OwnedFd;

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, XattrFlags, fsetxattr, linkat, makedev, mkdirat, mknodat, openat, statat,
};
use rustix::io::Errno;

use super::Limits;
use super::fault::Fault;
use super::meta::{Dresser, Meta};
use super::place::join;
use super::tree::{Found, Tree};

/// A layer that is being written.
pub(super) struct Layer {
    tree: Tree,
}

/// What a layer has under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Has {
    /// Nothing, or only that what is below shall be gone.
    Nothing,
    /// A folder.
    Folder,
    /// Something else.
    Other,
}

impl Layer {
    /// The layer `number` in the folder `layers`.
    pub fn new(layers: &OwnedFd, number: usize, limits: Limits) -> rustix::io::Result<Self> {
        let name = number.to_string();
        mkdirat(layers, &name, Mode::RWXU)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self { tree: Tree::new(openat(layers, &name, flags, Mode::empty())?, limits, false) })
    }

    /// Has the folder `path` as well.
    pub fn folder(&mut self, path: &[u8]) -> Result<(), Fault> {
        self.tree.make(path)?;
        self.mark()
    }

    /// Has what the merged tree has under `name` in `folder`.
    pub fn link(&mut self, folder: &Found, name: &[u8]) -> Result<(), Fault> {
        let own = self.tree.make(&folder.path)?;
        self.mark()?;
        let link = |at: &OwnedFd, name: &[u8]| linkat(&*folder.fd, name, at, name, AtFlags::empty());
        self.tree.put(&own, name, "linkat", link)
    }

    /// What it has under `name` in the folder `path`.
    pub fn has(&mut self, path: &[u8], name: &[u8]) -> Result<Has, Fault> {
        let Some(folder) = self.tree.enter(path, false)? else { return Ok(Has::Nothing) };
        match statat(&*folder.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => Ok(Has::Nothing),
            Err(why) => Err(Fault::Call("fstatat", why)),
            Ok(is) => Ok(match FileType::from_raw_mode(is.st_mode) {
                FileType::Directory => Has::Folder,
                FileType::CharacterDevice if is.st_rdev == 0 => Has::Nothing,
                _ => Has::Other,
            }),
        }
    }

    /// Hides what is below under `name` in the folder `path`.
    pub fn hide(&mut self, path: &[u8], name: &[u8]) -> Result<(), Fault> {
        let folder = self.tree.make(path)?;
        self.mark()?;
        let make =
            |at: &OwnedFd, name: &[u8]| mknodat(at, name, FileType::CharacterDevice, Mode::empty(), makedev(0, 0));
        self.tree.put(&folder, name, "mknodat", make)
    }

    /// Hides all that is below in the folder `path`.
    pub fn hide_all(&mut self, path: &[u8]) -> Result<(), Fault> {
        self.tree.make(path)?;
        self.tree.replaced.push(path.to_vec());
        self.mark()
    }

    /// A folder that took the place of something else must not show what an even lower layer has there.
    fn mark(&mut self) -> Result<(), Fault> {
        for path in std::mem::take(&mut self.tree.replaced) {
            let folder = self.tree.make(&path)?;
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let folder = openat(&*folder.fd, ".", flags, Mode::empty()).map_err(Fault::call("openat"))?;
            // The one is for mounts by root, the other for those in a user namespace.
            let set = |name: &str| fsetxattr(&folder, name, b"y", XattrFlags::empty());
            let (trusted, user) = (set("trusted.overlay.opaque"), set("user.overlay.opaque"));
            if let (Err(_), Err(why)) = (trusted, user) {
                return Err(Fault::Call("fsetxattr", why));
            }
        }
        Ok(())
    }

    /// Gives its folders what those of the merged tree have.
    pub fn finish(&self, merged: &Tree, dresser: &mut Dresser) -> Result<(), Fault> {
        let implied = Meta::implied();
        let but = dresser.but.clone();
        let done =
            self.tree.finish(|fd, _, path| dresser.dress(fd, merged.folders.get(path).unwrap_or(&implied), true));
        dresser.but = but; // they are counted with the merged tree
        done
    }
}

/// Removes from the merged folder `path` what lower layers brought, and leaves what this layer has.
pub(super) fn purge(merged: &mut Tree, layer: &mut Layer, path: &[u8]) -> Result<(), Fault> {
    let Some(folder) = merged.enter(path, false)? else { return Ok(()) };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let open = openat(&*folder.fd, ".", flags, Mode::empty()).map_err(Fault::call("openat"))?;
    for name in super::tree::names(open)? {
        match layer.has(path, name.to_bytes())? {
            Has::Nothing => merged.remove(&folder.fd, path, name.to_bytes())?,
            Has::Folder => purge(merged, layer, &join(path, name.to_bytes()))?,
            Has::Other => {}
        }
    }
    Ok(())
}
