//! A zstd stream: frames, one after the other, and frames to be skipped among them (RFC 8878).
//!
//! `zstd -T0` and tools that make layers anew write many. The decoder takes one at a time, and refuses a window of more
//! than 128 MiB, so that a few bytes cannot ask for all memory.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Reads what a zstd stream unpacks to.
pub(super) struct Unzstd<R> {
    inner: R,
    decoder: FrameDecoder,
    open: bool,
}

impl<R: BufRead> Unzstd<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, decoder: FrameDecoder::new(), open: false }
    }

    /// Begins the next frame; false at the end.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.inner.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.inner) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut self.inner.by_ref().take(length.into()), &mut io::sink())?;
                    if skipped < u64::from(length) {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(why) => return Err(self.wrong(&why)),
            }
        }
        Ok(false)
    }

    /// The decoder does not tell a stream that breaks off from one that is wrong.
    fn wrong(&mut self, why: &FrameDecoderError) -> io::Error {
        match self.inner.fill_buf() {
            Ok([]) => io::ErrorKind::UnexpectedEof.into(),
            Ok(_) => io::Error::new(io::ErrorKind::InvalidData, why.to_string()),
            Err(why) => why,
        }
    }
}

impl<R: BufRead> Read for Unzstd<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while !to.is_empty() {
            if !self.open {
                if !self.begin()? {
                    return Ok(0);
                }
                self.open = true;
            }
            if self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let done = self.decoder.decode_blocks(&mut self.inner, BlockDecodingStrategy::UptoBlocks(1));
                if let Err(why) = done {
                    return Err(self.wrong(&why));
                }
            }
            let count = self.decoder.read(to)?;
            if count > 0 {
                return Ok(count);
            }
            if self.decoder.is_finished() {
                let (said, is) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
                if said.is_some() && said != is {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "wrong checksum"));
                }
                self.open = false;
            }
        }
        Ok(0)
    }
}
