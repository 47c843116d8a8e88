//! `unha rootfs import -`: what comes over a pipe, as from `docker export NAME |`, kept while it is unpacked.
//!
//! An archive is read twice, to find out what it is and to unpack it; a pipe can be read once. So it is kept in a file that
//! has no name (open(2), `O_TMPFILE`): whatever ends the import, the kernel takes that file away.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;

use crate::image::archive::{self, Bound, ImportError, Source};
use crate::image::unpack::Limits;

/// How it is called where a file would be called by its path.
pub(super) const NAME: &str = "stdin";

/// So many bytes are enough to tell what is no archive.
const BEGINNING: u64 = 64 << 10;

/// What came over the pipe.
pub(super) struct Piped(File);

impl Piped {
    /// Whether `-` is meant, and which image in it: `-:TAG`.
    pub(super) fn wanted(source: &Path) -> Option<&str> {
        source.to_str()?.strip_prefix('-').filter(|wanted| wanted.is_empty() || wanted.starts_with(':'))
    }

    /// Keeps all that comes, on the disk that `beside` is on; `told` is told how many bytes that are so far.
    ///
    /// # Errors
    /// What could not be read or written; that the disk is full; that it is more than anybody unpacks; and from its beginning
    /// that it is no archive, for it may have no end.
    pub(super) fn keep(from: &mut dyn Read, beside: &Path, told: &mut dyn FnMut(u64)) -> Result<Self, ImportError> {
        let refused = |call| move |why| ImportError::Call { call, path: NAME.into(), why };
        let mut piped = Self(tempfile::tempfile_in(beside).map_err(refused("open"))?);
        let most = Limits::default().bytes;
        let (mut some, mut all) = (vec![0; 1 << 18], 0);
        let mut judged = false;
        loop {
            let length = match from.read(&mut some) {
                Ok(0) => return Ok(piped),
                Ok(length) => length,
                Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
                Err(why) => return Err(refused("read")(why)),
            };
            piped.0.write_all(&some[..length]).map_err(|why| match why.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    let free = statvfs(beside).map_or(0, |is| is.blocks_available() * is.fragment_size());
                    ImportError::NoSpace { entry: NAME.into(), free, needs: None }
                }
                _ => refused("write")(why),
            })?;
            all += length as u64;
            if all > most {
                return Err(ImportError::TooMuch { entry: NAME.into(), bound: Bound::Bytes(most) });
            }
            if !judged && all >= BEGINNING {
                judged = true;
                piped.may_be_one()?;
            }
            told(all);
        }
    }

    /// What begins like no archive will not become one. All else that is wrong so far is that more is to come.
    fn may_be_one(&self) -> Result<(), ImportError> {
        match archive::open(&self.path()) {
            Err(ImportError::Unknown { looks, .. }) => Err(ImportError::Unknown { path: NAME.into(), looks }),
            Err(ImportError::Empty(_)) => Err(ImportError::Empty(NAME.into())),
            _ => Ok(()),
        }
    }

    /// By which it can be opened as often as one likes: proc(5), `/proc/self/fd`.
    fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }

    /// Finds out what it is, and calls it as a person would.
    ///
    /// # Errors
    /// As [`archive::open`]'s.
    pub(super) fn open(&self, wanted: &Path) -> Result<Source, ImportError> {
        let path = self.path();
        let image = Self::wanted(wanted).unwrap_or_default();
        let mut source = archive::open(Path::new(&format!("{}{image}", path.display())))?;
        for layer in source.layers.iter_mut().filter(|layer| Path::new(&layer.name) == path) {
            NAME.clone_into(&mut layer.name);
        }
        source.path = NAME.into();
        Ok(source)
    }

    /// A sentence on it, with its name; and where an image in it is to be chosen, as that is typed.
    pub(super) fn said(&self, sentence: &str) -> String {
        let path = self.path().display().to_string();
        sentence.replace(&format!("{path}:"), "-- -:").replace(&path, NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_piped_is_kept_whole_and_can_be_opened_anew() {
        let dir = tempfile::tempdir().unwrap();
        // It begins as gzip does.
        let bytes: Vec<u8> =
            [0x1f, 0x8b, 8].into_iter().chain((3..1_000_000_u32).map(|number| number.to_le_bytes()[0])).collect();
        let mut told = vec![];
        let piped = Piped::keep(&mut bytes.as_slice(), dir.path(), &mut |so_far| told.push(so_far)).unwrap();
        assert_eq!(told.last(), Some(&1_000_000));
        for _ in 0..2 {
            assert_eq!(std::fs::read(piped.path()).unwrap(), bytes);
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        assert_eq!(piped.said(&format!("{:?} is empty", piped.path())), "\"stdin\" is empty");
        assert_eq!(piped.said(&format!("choose with {}:1.0", piped.path().display())), "choose with -- -:1.0");
    }

    #[test]
    fn what_begins_like_no_archive_is_not_read_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        for mut endless in [&mut io::repeat(0) as &mut dyn Read, &mut io::repeat(b'y')] {
            let why = Piped::keep(&mut endless, dir.path(), &mut |_| {}).err().unwrap();
            assert!(why.to_string().contains(NAME), "{why}");
        }
    }

    #[test]
    fn a_dash_may_name_an_image_in_it() {
        for (source, wanted) in
            [("-", Some("")), ("-:3.20", Some(":3.20")), ("-x", None), ("./-", None), ("a", None), ("", None)]
        {
            assert_eq!(Piped::wanted(Path::new(source)), wanted, "{source}");
        }
    }
}
