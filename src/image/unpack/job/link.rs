//! Hard links: another name for what the archive had before, link(2).
//!
//! A name out of an archive again, and one that means an inode: it must be beneath the target like any other, and its
//! last part is never followed, or the new name would be for a file of the machine.

use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, FileType, linkat, statat};

use super::{Job, beside};
use crate::image::archive::Refusal;
use crate::image::unpack::fault::Fault;
use crate::image::unpack::layer::Layer;
use crate::image::unpack::place::Place;

impl Job<'_> {
    /// A hard link: to what is beneath the target, and never through a link as its last part.
    pub(super) fn link(&mut self, place: &Place, to: &[u8], alone: Option<&mut Layer>) -> Result<(), Fault> {
        let target = Place::of(to, Refusal::LinkUp(to.to_vec()), &self.how.limits)?;
        let lacks = || Fault::from(Refusal::LinkLacks(to.to_vec()));
        if target.path().is_empty() {
            return Err(Refusal::LinkFolder(to.to_vec()).into());
        }
        // First, because it may be made in the place of the target itself.
        let folder = self.merged.make(place.folder())?;
        let from = self.merged.enter(target.folder(), false)?.ok_or_else(lacks)?;
        let is = statat(&*from.fd, target.name(), AtFlags::SYMLINK_NOFOLLOW).map_err(|why| match why {
            rustix::io::Errno::NOENT => lacks(),
            why => Fault::Call("fstatat", why),
        })?;
        if FileType::from_raw_mode(is.st_mode) == FileType::Directory {
            return Err(Refusal::LinkFolder(to.to_vec()).into());
        }
        let there = statat(&*folder.fd, place.name(), AtFlags::SYMLINK_NOFOLLOW);
        // Linked to itself, it would be removed to make place for itself.
        if there.is_ok_and(|there| (there.st_dev, there.st_ino) == (is.st_dev, is.st_ino)) {
            return beside(alone, &folder, place.name());
        }
        let make = |at: &OwnedFd, name: &[u8]| linkat(&*from.fd, target.name(), at, name, AtFlags::empty());
        match self.merged.put(&folder, place.name(), "linkat", make) {
            Err(Fault::Call("linkat", rustix::io::Errno::NOENT)) => return Err(lacks()),
            done => done?,
        }
        beside(alone, &folder, place.name())
    }
}
