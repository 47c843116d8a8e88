//! The root file system that a box starts in: building one, and checking one that is given.
//!
//! A root file system is files, no more. The built-in one is copied together from this machine's own
//! programs by a recipe (`rootfs/`), without root and without a download; any other folder is checked
//! before a box is built on it, so that the learner reads what is wrong rather than a bare ENOENT.

mod build;
mod elf;
mod error;
mod inside;
mod loader;
mod missing;
mod plan;
mod recipe;
mod seen;

pub use error::ImageError;
pub use inside::{check_dir, find_command};
pub use missing::{Lack, Missing};
pub use plan::Host;
pub use recipe::{BUILTIN, Kit, Recipe};
