//! What is known of a file beside its content: mode, owner, times, extended attributes. And what of it may be had.
//!
//! The order is the kernel's: chown(2) takes away setuid and capabilities, so it comes first; a write changes the time,
//! so that comes last.

use std::os::fd::OwnedFd;

use rustix::fs::{
    AtFlags, Gid, Mode, Timespec, Timestamps, Uid, XattrFlags, chmodat, chownat, fchmod, fchown, fsetxattr, futimens,
    utimensat,
};
use rustix::io::Errno;

use super::fault::Fault;
use super::{But, Owners};
use crate::image::archive::Entry;

/// What the place in a map or list, and the allocations, take beside what they hold.
const AROUND: usize = 64;

/// What a file or folder is to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meta {
    mode: u32,
    uid: u32,
    gid: u32,
    /// None: it was not in the archive, and has the time of its making.
    time: Option<(i64, u32)>,
    xattrs: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Meta {
    /// As an entry says.
    pub fn of(entry: &Entry) -> Self {
        let Entry { mode, uid, gid, time, xattrs, .. } = entry;
        Self { mode: *mode, uid: *uid, gid: *gid, time: Some(*time), xattrs: xattrs.clone() }
    }

    /// Of a folder that the archive only implies: root's, as mkdir makes it.
    pub fn implied() -> Self {
        Self { mode: 0o755, uid: 0, gid: 0, time: None, xattrs: vec![] }
    }

    /// About how much memory it takes: something even without attributes, and for each that is empty.
    pub fn size(&self) -> usize {
        let pair = size_of::<(Vec<u8>, Vec<u8>)>() + AROUND;
        let xattrs: usize = self.xattrs.iter().map(|(name, value)| pair + name.len() + value.len()).sum();
        size_of::<Self>() + AROUND + xattrs
    }

    fn times(&self) -> Option<Timestamps> {
        let (seconds, nanos) = self.time?;
        let time = Timespec { tv_sec: seconds, tv_nsec: nanos.into() };
        Some(Timestamps { last_access: time, last_modification: time })
    }
}

/// Gives files what their entries say, and counts what cannot be had.
pub(super) struct Dresser {
    owners: Owners,
    me: (u32, u32),
    pub but: But,
}

impl Dresser {
    pub fn new(owners: Owners) -> Self {
        let me = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
        Self { owners, me, but: But::default() }
    }

    /// Whether the archive's owners are kept.
    pub fn keeps(&self) -> bool {
        self.owners == Owners::Kept
    }

    /// Dresses a file or folder that is open.
    pub fn dress(&mut self, fd: &OwnedFd, meta: &Meta, folder: bool) -> Result<(), Fault> {
        let owned = self.own(meta, |uid, gid| fchown(fd, Some(uid), Some(gid)), "fchown")?;
        for (name, value) in &meta.xattrs {
            let may = may_be_set(name, owned && self.keeps());
            if !may || fsetxattr(fd, name.as_slice(), value, XattrFlags::empty()).is_err() {
                self.but.xattrs += 1;
            }
        }
        let mode = self.mode(meta, owned, folder);
        fchmod(fd, mode).map_err(Fault::call("fchmod"))?;
        meta.times().map_or(Ok(()), |times| futimens(fd, &times)).map_err(Fault::call("utimensat"))
    }

    /// Dresses what cannot be opened without doing something: a link, a pipe, a device.
    pub fn dress_at(&mut self, at: &OwnedFd, name: &[u8], meta: &Meta, is_link: bool) -> Result<(), Fault> {
        let call = |uid, gid| chownat(at, name, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW);
        let owned = self.own(meta, call, "fchownat")?;
        self.but.xattrs += meta.xattrs.len() as u64;
        if !is_link {
            let mode = self.mode(meta, owned, false);
            chmodat(at, name, mode, AtFlags::empty()).map_err(Fault::call("fchmodat"))?;
        }
        let Some(times) = meta.times() else { return Ok(()) };
        utimensat(at, name, &times, AtFlags::SYMLINK_NOFOLLOW).map_err(Fault::call("utimensat"))
    }

    /// Tells whether it belongs to whom the archive says.
    fn own(
        &mut self,
        meta: &Meta,
        chown: impl Fn(Uid, Gid) -> rustix::io::Result<()>,
        call: &'static str,
    ) -> Result<bool, Fault> {
        if (meta.uid, meta.gid) == self.me {
            return Ok(true);
        }
        if self.owners == Owners::Mine {
            self.but.owners += u64::from(meta.time.is_some());
            return Ok(false);
        }
        match chown(Uid::from_raw(meta.uid), Gid::from_raw(meta.gid)) {
            Ok(()) => Ok(true),
            // Not for us to give away, or no such id in this user namespace.
            Err(Errno::PERM | Errno::INVAL) => {
                self.but.owners += u64::from(meta.time.is_some());
                Ok(false)
            }
            Err(why) => Err(Fault::Call(call, why)),
        }
    }

    /// A program that is setuid for the caller, rather than for whom the archive says, is a trap.
    fn mode(&mut self, meta: &Meta, owned: bool, folder: bool) -> Mode {
        let mut mode = meta.mode;
        if mode & 0o6000 != 0 && !folder && !(owned && self.keeps()) {
            self.but.setuid += 1;
            mode &= !0o6000;
        }
        Mode::from_raw_mode(mode)
    }
}

/// `user.` is anybody's; capabilities are for whom owners are kept. What overlayfs, security modules or the kernel's own
/// lists of rights would read as an order is not an archive's to give.
fn may_be_set(name: &[u8], privileged: bool) -> bool {
    let is_user = name.starts_with(b"user.") && !name.starts_with(b"user.overlay.");
    is_user || (privileged && name == b"security.capability")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::archive::Bound;
    use crate::image::unpack::Limits;
    use crate::image::unpack::tree::Tree;

    /// How many folders are remembered before it is too much.
    fn remembered(meta: &Meta) -> u32 {
        let place = tempfile::tempdir().unwrap();
        let top = std::fs::File::open(place.path()).unwrap();
        let mut tree = Tree::new(top.into(), Limits::default(), true);
        for number in 0..2_000_000 {
            match tree.remember(format!("{number:07}").into_bytes(), meta.clone()) {
                Ok(()) => {}
                Err(Fault::Over(Bound::Header(_))) => return number,
                Err(other) => panic!("{other:?}"),
            }
        }
        panic!("all of them")
    }

    /// Two million entries are allowed, and their contents count elsewhere: by names alone all would be remembered.
    #[test]
    fn folders_take_memory_by_being_there() {
        let plain = remembered(&Meta::implied());
        assert!((100_000..300_000).contains(&plain), "{plain}: a large distribution has some ten thousand");
        let many = Meta { xattrs: vec![(b"user.a".to_vec(), vec![]); 10_000], ..Meta::implied() };
        let many = remembered(&many);
        assert!((10..50).contains(&many), "{many}");
    }

    #[test]
    fn an_archive_gives_no_orders_by_attributes() {
        for (name, user, root) in [
            ("user.note", true, true),
            ("security.capability", false, true),
            ("user.overlay.redirect", false, false),
            ("trusted.overlay.opaque", false, false),
            ("security.selinux", false, false),
            ("system.posix_acl_access", false, false),
        ] {
            assert_eq!(may_be_set(name.as_bytes(), false), user, "{name}");
            assert_eq!(may_be_set(name.as_bytes(), true), root, "{name}");
        }
    }
}
