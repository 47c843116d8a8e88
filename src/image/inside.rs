//! Looks into a root as a process within it would: every path starts at the root, and so does every
//! absolute symbolic link. Opened from outside, `etc/mtab -> /proc/mounts` is the *machine's* file.
//!
//! openat2(2) with `RESOLVE_IN_ROOT` does that (since Linux 5.6); before, the path is walked by hand.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, ResolveFlags, open, openat2};
use rustix::io::Errno;

use super::elf;
use super::error::ImageError;

/// Whether a box can be started in this folder: there must be a shell in it.
///
/// # Errors
/// When it does not exist, is no folder, is empty, or has no shell; or when we may not look.
pub fn check_dir(dir: &Path) -> Result<(), ImageError> {
    let is = fs::metadata(dir).map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => ImageError::NotThere(dir.to_owned()),
        _ => ImageError::call("stat", dir)(why),
    })?;
    if !is.is_dir() {
        return Err(ImageError::NotFolder(dir.to_owned()));
    }
    let mut entries = fs::read_dir(dir).map_err(ImageError::call("open", dir))?;
    if entries.next().is_none() {
        return Err(ImageError::Empty(dir.to_owned()));
    }
    match find_command(dir, "sh", "/bin:/usr/bin") {
        Err(ImageError::NoCommand { .. }) => Err(ImageError::NoShell(dir.to_owned())),
        found => found.map(|_| ()),
    }
}

/// The path, as the root sees it, of a command that execvp(3) would find with this PATH; a command
/// with a slash is a path already.
///
/// # Errors
/// When there is none (the error knows the nearest name), when it cannot be executed, or when the
/// loader or script interpreter that it needs is not in the root.
pub fn find_command(root: &Path, command: &str, path_env: &str) -> Result<PathBuf, ImageError> {
    let folders: Vec<&Path> = path_env.split(':').filter(|folder| !folder.is_empty()).map(Path::new).collect();
    let candidates: Vec<PathBuf> = if command.contains('/') {
        vec![Path::new("/").join(command)]
    } else {
        folders.iter().map(|folder| Path::new("/").join(folder).join(command)).collect()
    };
    let mut refused = None;
    for path in candidates.into_iter().filter(|_| !command.is_empty()) {
        match executable(root, &path) {
            Ok(true) => return Ok(path),
            Ok(false) => {
                refused = refused.or(Some(ImageError::NotExecutable { root: root.to_owned(), path }));
            }
            Err(ImageError::Call { why, .. }) if is_absent(&why) => {}
            Err(other) => refused = refused.or(Some(other)),
        }
    }
    Err(refused.unwrap_or_else(|| ImageError::NoCommand {
        root: root.to_owned(),
        command: command.to_owned(),
        nearest: nearest(root, command, &folders),
    }))
}

fn is_absent(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether the file can be started: a regular file that somebody may execute, its interpreter there too.
fn executable(root: &Path, path: &Path) -> Result<bool, ImageError> {
    let call = |why: io::Error| ImageError::call("openat2", path)(why);
    let is = open_inside(root, path, OFlags::PATH).and_then(|file| file.metadata()).map_err(call)?;
    if !is.is_file() || is.mode() & 0o111 == 0 {
        return Ok(false);
    }
    let mut head = Vec::new();
    match open_inside(root, path, OFlags::RDONLY | OFlags::NONBLOCK) {
        Ok(file) => {
            _ = file.take(4096).read_to_end(&mut head).map_err(ImageError::call("read", path))?;
        }
        // Executable but not readable: the kernel may look into it, we may not.
        Err(why) if why.kind() == io::ErrorKind::PermissionDenied => return Ok(true),
        Err(why) => return Err(call(why)),
    }
    match elf::interpreter(&head) {
        Some(interpreter) if open_inside(root, &interpreter, OFlags::PATH).is_err_and(|why| is_absent(&why)) => {
            Err(ImageError::NoInterpreter { root: root.to_owned(), path: path.to_owned(), interpreter })
        }
        _ => Ok(true),
    }
}

/// The name in the root's PATH that a mistyped one may have meant: at most two slips away.
fn nearest(root: &Path, command: &str, folders: &[&Path]) -> Option<String> {
    let names = folders.iter().flat_map(|folder| names_in(root, folder));
    let near = names.map(|name| (strsim::damerau_levenshtein(&name, command), name));
    let best = near.filter(|(slips, _)| *slips <= 2 && *slips < command.chars().count()).min();
    best.map(|(_, name)| name)
}

fn names_in(root: &Path, folder: &Path) -> Vec<String> {
    let read = || -> io::Result<Vec<String>> {
        let folder = open_inside(root, folder, OFlags::RDONLY | OFlags::DIRECTORY)?;
        let entries = rustix::fs::Dir::read_from(&folder)?;
        Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str().ok().map(String::from)).collect())
    };
    read().unwrap_or_default()
}

/// Opens a path as the root sees it; neither a link nor `..` leads out.
pub(super) fn open_inside(root: &Path, path: &Path, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::CLOEXEC;
    let top = open(root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    match openat2(&top, path, flags, Mode::empty(), resolve) {
        // Linux before 5.6; some seccomp filters say EPERM to calls that they do not know.
        Err(Errno::NOSYS | Errno::PERM) => {
            let real = walk(root, path)?;
            Ok(open(&real, flags | OFlags::NOFOLLOW, Mode::empty())?.into())
        }
        opened => Ok(opened?.into()),
    }
}

/// The path on this machine of a path in the root. Unlike openat2 it can be raced by whoever writes to
/// the root meanwhile; that is enough for a check whose answer is used for nothing but a message.
fn walk(root: &Path, path: &Path) -> io::Result<PathBuf> {
    let mut waiting: VecDeque<OsString> = parts(path).collect();
    let mut at: Vec<OsString> = Vec::new();
    let mut links = 0;
    while let Some(part) = waiting.pop_front() {
        if part == ".." {
            at.pop();
            continue;
        }
        let here = root.join(at.iter().collect::<PathBuf>()).join(&part);
        if !fs::symlink_metadata(&here)?.is_symlink() {
            at.push(part);
            continue;
        }
        links += 1;
        if links > 40 {
            return Err(Errno::LOOP.into());
        }
        let target = fs::read_link(&here)?;
        if target.is_absolute() {
            at.clear();
        }
        for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
            waiting.push_front(part);
        }
    }
    Ok(root.join(at.iter().collect::<PathBuf>()))
}

fn parts(path: &Path) -> impl Iterator<Item = OsString> + '_ {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_stay_within_the_root() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("usr/bin")).unwrap();
        fs::write(root.path().join("usr/bin/sh"), "the root's").unwrap();
        symlink("/usr/bin", root.path().join("bin")).unwrap();
        symlink("../../../../usr/bin/sh", root.path().join("usr/bin/up")).unwrap();
        symlink("loop", root.path().join("loop")).unwrap();
        for path in ["/bin/sh", "/usr/bin/up", "/../../bin/../bin/sh", "bin/up"] {
            let real = walk(root.path(), Path::new(path)).unwrap();
            assert_eq!(real, root.path().join("usr/bin/sh"), "{path}");
            let mut text = String::new();
            open_inside(root.path(), Path::new(path), OFlags::RDONLY).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "the root's", "{path}");
        }
        assert_eq!(walk(root.path(), Path::new("/loop")).unwrap_err().raw_os_error(), Some(Errno::LOOP.raw_os_error()));
        assert!(is_absent(&walk(root.path(), Path::new("/bin/nosuch")).unwrap_err()));
    }

    proptest! {
        /// By hand and by openat2, a path leads to the same file or to none.
        #[test]
        fn walking_agrees_with_the_kernel(
            links in proptest::collection::vec(("[a-c]", "(/|\\.\\./|)[a-c](/[a-c]|/\\.\\.)?"), 0..5),
            path in "(/[a-c]|/\\.\\.){1,4}",
        ) {
            let root = tempfile::tempdir().unwrap();
            fs::create_dir_all(root.path().join("a/b/c")).unwrap();
            for (name, target) in links {
                let _ = symlink(target, root.path().join(&name));
                let _ = symlink(name, root.path().join("a/a"));
            }
            let file = |real: io::Result<File>| real.and_then(|file| file.metadata()).map(|is| is.ino()).ok();
            let by_kernel = file(open_inside(root.path(), Path::new(&path), OFlags::PATH));
            let by_hand = walk(root.path(), Path::new(&path)).and_then(fs::metadata).map(|is| is.ino()).ok();
            prop_assert_eq!(by_hand, by_kernel);
        }
    }
}
