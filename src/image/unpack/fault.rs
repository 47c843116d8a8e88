//! What can go wrong with one entry, before it is known which one it is.

use std::path::PathBuf;

use rustix::io::Errno;

use crate::image::archive::{Bound, ImportError, Refusal, shown};

/// The kernel's no, or ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The kernel refused a call.
    Call(&'static str, Errno),
    /// It asks for what must not be.
    Refused(Refusal),
    /// It is beyond a limit.
    Over(Bound),
}

impl Fault {
    /// For `map_err`.
    pub fn call(call: &'static str) -> impl Fn(Errno) -> Self {
        move |errno| Self::Call(call, errno)
    }

    /// As the error of an entry; `free` is asked how much is free on a full disk.
    pub fn of(self, entry: &[u8], free: impl FnOnce() -> u64) -> ImportError {
        let entry = entry.to_vec();
        match self {
            Self::Call(_, Errno::NOSPC | Errno::DQUOT) => ImportError::NoSpace { entry, free: free(), needs: None },
            Self::Call(_, Errno::NAMETOOLONG) => ImportError::Refused { entry, why: Refusal::LongName },
            Self::Call(call, errno) => {
                ImportError::Call { call, path: PathBuf::from(shown(&entry)), why: errno.into() }
            }
            Self::Refused(why) => ImportError::Refused { entry, why },
            Self::Over(bound) => ImportError::TooMuch { entry, bound },
        }
    }
}

impl From<Refusal> for Fault {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}
