//! `unha rootfs import -`: what comes over a pipe, as from `docker export NAME |`, kept while it is unpacked.
//!
//! An archive is read twice, to find out what it is and to unpack it; a pipe can be read once. So it is kept in a file that
//! has no name (open(2), `O_TMPFILE`): whatever ends the import, the kernel takes that file away.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use crate::image::archive::{self, ImportError, Source};

/// How it is called where a file would be called by its path.
pub(super) const NAME: &str = "stdin";

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
    /// What could not be read or written: ENOSPC above all.
    pub(super) fn keep(from: &mut dyn Read, beside: &Path, told: &mut dyn FnMut(u64)) -> Result<Self, ImportError> {
        let refused = |call| move |why| ImportError::Call { call, path: NAME.into(), why };
        let mut file = tempfile::tempfile_in(beside).map_err(refused("open"))?;
        let (mut some, mut all) = (vec![0; 1 << 18], 0);
        loop {
            let length = match from.read(&mut some) {
                Ok(0) => return Ok(Self(file)),
                Ok(length) => length,
                Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
                Err(why) => return Err(refused("read")(why)),
            };
            file.write_all(&some[..length]).map_err(refused("write"))?;
            all += length as u64;
            told(all);
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
        let bytes: Vec<u8> = (0..1_000_000_u32).map(|number| number.to_le_bytes()[0]).collect();
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
    fn a_dash_may_name_an_image_in_it() {
        for (source, wanted) in
            [("-", Some("")), ("-:3.20", Some(":3.20")), ("-x", None), ("./-", None), ("a", None), ("", None)]
        {
            assert_eq!(Piped::wanted(Path::new(source)), wanted, "{source}");
        }
    }
}
