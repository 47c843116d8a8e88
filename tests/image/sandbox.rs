//! A place where archives are unpacked and watched: a target, and beside it what must stay as it is.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::AtomicBool;

use tempfile::TempDir;
use unha::image::archive::{ImportError, open};
use unha::image::unpack::{How, Limits, Owners, Unpacked, unpack_as};

use crate::start;

/// Says that it is the ordinary user's turn, in the child.
const TURN: &str = "UNHA_TEST_ORDINARY";

pub struct Sandbox {
    pub place: TempDir,
    pub limits: Limits,
    pub owners: Owners,
}

/// What a tree is, file by file. Folders' times change when something is made in them: just what must be seen.
pub type Seen = BTreeMap<PathBuf, (u32, u32, u32, u64, i64, i64, Vec<u8>)>;

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Sandbox {
    pub fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap())
    }

    /// For many of them: no disk is waited for.
    pub fn in_memory() -> Self {
        Self::at(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap())
    }

    fn at(place: TempDir) -> Self {
        for folder in ["outside/dir", "into"] {
            fs::create_dir_all(place.path().join(folder)).unwrap();
        }
        fs::write(place.path().join("outside/secret"), "secret").unwrap();
        fs::write(place.path().join("outside/dir/file"), "file").unwrap();
        let limits = Limits { bytes: 64 << 20, entries: 5000, ..Limits::default() };
        Self { place, limits, owners: if is_root() { Owners::Kept } else { Owners::Mine } }
    }

    pub fn path(&self, inner: &str) -> PathBuf {
        self.place.path().join(inner)
    }

    /// A path of the sandbox as an archive would name it.
    pub fn text(&self, inner: &str) -> String {
        self.path(inner).to_str().unwrap().to_owned()
    }

    pub fn root(&self, inner: &str) -> PathBuf {
        self.path("into/root").join(inner)
    }

    /// Where an absolute name of the sandbox has to end up.
    pub fn beneath(&self, inner: &str) -> PathBuf {
        self.root(self.text(inner).trim_start_matches('/'))
    }

    pub fn give(&self, archive: &[u8]) -> PathBuf {
        let path = self.path("archive");
        fs::write(&path, archive).unwrap();
        path
    }

    /// Unpacks, and holds all that is outside the target against what it was before.
    pub fn unpack(&self, source: &Path) -> Result<Unpacked, ImportError> {
        let before = self.outside();
        let how = How { owners: self.owners, limits: self.limits, stop: &AtomicBool::new(false) };
        let done = open(source).and_then(|source| unpack_as(&source, &self.path("into"), &how, &mut |_| {}));
        assert_eq!(before, self.outside(), "something outside the target has changed");
        if let Err(why) = &done {
            let said = why.to_string();
            assert!(!said.is_empty() && !said.chars().any(char::is_control), "{said:?}");
        }
        done
    }

    fn outside(&self) -> Seen {
        let mut seen = seen(self.place.path());
        seen.retain(|path, _| !path.starts_with("into"));
        seen
    }
}

/// A folder that is closed to an ordinary user could not be removed.
impl Drop for Sandbox {
    fn drop(&mut self) {
        let mut left = vec![self.place.path().to_owned()];
        while let Some(path) = left.pop() {
            let _ = fs::set_permissions(&path, fs::Permissions::from_mode(0o700));
            let inner = fs::read_dir(&path).into_iter().flatten().flatten();
            left.extend(inner.filter(|entry| entry.file_type().is_ok_and(|is| is.is_dir())).map(|entry| entry.path()));
        }
    }
}

/// Looks at a whole tree, following nothing.
pub fn seen(top: &Path) -> Seen {
    let mut seen = Seen::new();
    let mut left = vec![top.to_owned()];
    while let Some(path) = left.pop() {
        // A folder may be closed even to us.
        let Ok(is) = fs::symlink_metadata(&path) else { continue };
        let content = if is.is_dir() {
            left.extend(fs::read_dir(&path).into_iter().flatten().map(|entry| entry.unwrap().path()));
            vec![]
        } else if is.is_symlink() {
            fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec()
        } else if is.is_file() && is.len() < 1 << 20 {
            fs::read(&path).unwrap_or_default()
        } else {
            vec![]
        };
        let times = if is.is_dir() { (0, 0) } else { (is.mtime(), is.mtime_nsec()) };
        let what = (is.mode(), is.uid(), is.gid(), is.len() * u64::from(!is.is_dir()), times.0, times.1, content);
        seen.insert(path.strip_prefix(top).unwrap().to_owned(), what);
    }
    seen
}

/// Whether `path` is in the tree, a link itself counting as there.
pub fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The permission bits.
pub fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o7777
}

/// Runs a test here, and once more as an ordinary user if we are root; as root too, if we are not.
pub fn as_both(name: &str, test: impl Fn()) {
    if std::env::var_os(TURN).is_some() {
        assert!(!is_root());
        return test();
    }
    test();
    if is_root() {
        let done = again(&["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"], name);
        assert!(done.contains("1 passed"), "as an ordinary user: {done}");
    } else {
        assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "SKIP: {name} as root: we are not");
        eprintln!("SKIP: {name} as root: we are not");
    }
}

/// Starts this very program again behind `words`, for one test.
pub fn again(words: &[&str], name: &str) -> String {
    // By a descriptor, because an ordinary user may not be let into the folder that it lies in.
    let program = fs::File::open("/proc/self/exe").unwrap();
    let program = rustix::io::fcntl_dupfd_cloexec(&program, 100).unwrap();
    rustix::io::fcntl_setfd(&program, rustix::io::FdFlags::empty()).unwrap();
    let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&program));
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args([&path, "--exact", name, "--nocapture"]).env(TURN, "1").env_remove("TMPDIR");
    let done = start(&mut command).and_then(Child::wait_with_output).unwrap();
    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}
