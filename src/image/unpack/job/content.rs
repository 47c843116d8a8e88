//! Files with content: openat(2) for a name that must not be there yet, then write(2), piece by piece.
//!
//! Always a new file, never what stood there before: that may have another name somewhere, in a lower layer even. What
//! is a hole in the archive is one on the disk: `du` shows less than `ls -l`.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags, ftruncate, openat};

use super::{Job, beside};
use crate::image::archive::{Bound, Damage, Entries, Entry, ImportError, shown};
use crate::image::unpack::fault::Fault;
use crate::image::unpack::layer::Layer;
use crate::image::unpack::meta::Meta;
use crate::image::unpack::place::Place;

const NEW: OFlags =
    OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// From this size on it is worth asking beforehand whether it fits.
const LARGE: u64 = 1 << 20;

impl Job<'_> {
    /// Writes a file.
    pub(super) fn file(
        &mut self,
        entry: &Entry,
        place: &Place,
        size: u64,
        pieces: Option<&[(u64, u64)]>,
        entries: &mut dyn Entries,
        alone: Option<&mut Layer>,
    ) -> Result<(), ImportError> {
        let limit = self.how.limits.bytes;
        self.bytes = self.bytes.saturating_add(size);
        if self.bytes > limit {
            return Err(ImportError::TooMuch { entry: entry.name.clone(), bound: Bound::Bytes(limit) });
        }
        let stored = pieces.map_or(size, |pieces| pieces.iter().map(|(_, length)| length).sum());
        if stored > LARGE && stored > self.free() {
            let (free, needs) = (self.free(), Some(stored));
            return Err(ImportError::NoSpace { entry: entry.name.clone(), free, needs });
        }
        let made = self.merged.make(place.folder()).and_then(|folder| {
            let make = |at: &OwnedFd, name: &[u8]| openat(at, name, NEW, Mode::RUSR | Mode::WUSR);
            let fd = self.merged.put(&folder, place.name(), "openat", make)?;
            Ok((folder, File::from(fd)))
        });
        let (folder, mut file) = self.said(made, &entry.name)?;
        match pieces {
            None => self.content(&mut file, size, entry, entries)?,
            Some(pieces) => {
                for &(offset, length) in pieces {
                    let at = file.seek(SeekFrom::Start(offset)).map_err(|why| errno("lseek", &why));
                    self.said(at, &entry.name)?;
                    self.content(&mut file, length, entry, entries)?;
                }
                let cut = ftruncate(&file, size).map_err(Fault::call("ftruncate"));
                self.said(cut, &entry.name)?;
            }
        }
        let fd = OwnedFd::from(file);
        let done = self.dresser.dress(&fd, &Meta::of(entry), false);
        let done = done.and_then(|()| beside(alone, &folder, place.name()));
        self.said(done, &entry.name)
    }

    /// Writes the next `left` bytes of an entry's content.
    fn content(
        &mut self,
        file: &mut File,
        mut left: u64,
        entry: &Entry,
        entries: &mut dyn Entries,
    ) -> Result<(), ImportError> {
        while left > 0 {
            let bytes = entries.fill()?;
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
            let written = file.write_all(&bytes[..most]).map_err(|why| errno("write", &why));
            self.said(written, &entry.name)?;
            if most == 0 {
                let part = shown(&entry.name);
                return Err(ImportError::Damaged { part, why: Damage::Truncated });
            }
            entries.used(most);
            left -= most as u64;
            if left > 0 {
                self.tell()?;
            }
        }
        Ok(())
    }
}

fn errno(call: &'static str, why: &std::io::Error) -> Fault {
    Fault::Call(call, rustix::io::Errno::from_io_error(why).unwrap_or(rustix::io::Errno::IO))
}
