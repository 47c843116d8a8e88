//! Holds what is read against its sha256: an image names its parts by what they contain.
//!
//! The digest is known only at the end, so the error comes with the last read: whoever unpacks meanwhile must be ready
//! to throw away what was unpacked.

use std::fmt::Write;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// A reader whose content must have a digest.
pub(super) struct Sealed<R> {
    inner: R,
    want: Option<(String, Sha256)>,
    part: String,
}

/// The error of a wrong digest, within an [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("sha256 of {part} is {is}, not {said}")]
pub(super) struct Unsealed {
    /// What was read.
    pub part: String,
    /// Its digest as the image says.
    pub said: String,
    /// Its digest.
    pub is: String,
}

impl<R> Sealed<R> {
    /// Without a digest nothing is held against anything.
    pub fn new(inner: R, digest: Option<String>, part: String) -> Self {
        Self { inner, want: digest.map(|digest| (digest, Sha256::new())), part }
    }
}

impl<R: Read> Read for Sealed<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(to)?;
        if count > 0 {
            if let Some((_, sum)) = &mut self.want {
                sum.update(&to[..count]);
            }
        } else if !to.is_empty()
            && let Some((said, sum)) = self.want.take()
        {
            let is = hex(&sum.finalize());
            if is != said {
                return Err(io::Error::other(Unsealed { part: self.part.clone(), said, is }));
            }
        }
        Ok(count)
    }
}

/// The digest of bytes that are all there.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(sum: &[u8]) -> String {
    sum.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digest_comes_with_the_last_read() {
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), right);
        for (said, good) in [(right.to_owned(), true), ("0".repeat(64), false)] {
            let mut sealed = Sealed::new(b"abc".as_slice(), Some(said), "part".to_owned());
            let mut to = [0; 8];
            assert_eq!(sealed.read(&mut to).unwrap(), 3);
            assert_eq!(sealed.read(&mut to).is_ok(), good);
        }
    }
}
