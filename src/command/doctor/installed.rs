//! The programs that lessons type, where the shells of the bench look for them. execvp(3).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use crate::command::rootfs::PATH;
use crate::course::doctor::programs;
use crate::course::lesson::Lesson;
use crate::kernel::doctor::{Finding, What};
use crate::kernel::reason::{Because, Reason};

/// Whether each is there; those of busybox lack what lessons ask of `ps` and `pgrep`.
pub(super) fn finding(lessons: &[Lesson]) -> Finding {
    let mut wanted: BTreeSet<&str> = lessons.iter().flat_map(programs).collect();
    wanted.insert("sh");
    let missing: Vec<String> =
        wanted.iter().filter(|name| found(name).is_none()).map(|name| (*name).to_owned()).collect();
    if !missing.is_empty() {
        return Finding::not(What::Programs, Because::seen(Reason::ProgramMissing, missing));
    }
    let busybox = |name: &&str| wanted.contains(*name) && found(name).is_some_and(|file| is_busybox(&file));
    let poor: Vec<String> =
        ["ps", "pgrep"].iter().filter(|name| busybox(name)).map(|name| (*name).to_owned()).collect();
    if !poor.is_empty() {
        return Finding::not(What::Programs, Because::seen(Reason::ProgramBusybox, poor));
    }
    Finding::works(What::Programs, Some(wanted.len().to_string()))
}

/// The file that the shell would execute; `nc` is called in the built-in root alone, where others stand for it.
fn found(name: &str) -> Option<PathBuf> {
    let names = if name == "nc" { &["nc", "ncat", "busybox"][..] } else { &[name] };
    let mut files = names.iter().flat_map(|name| PATH.split(':').map(move |dir| Path::new(dir).join(name)));
    files.find(|file| file.is_file() && access(file, AccessFlags::X_OK).is_ok())
}

fn is_busybox(file: &Path) -> bool {
    file.canonicalize()
        .is_ok_and(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("busybox")))
}
