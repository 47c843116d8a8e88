//! The older way and openat2(2) come to the same place, and to the same refusal.

use std::fs::{File, create_dir_all, write};
use std::os::fd::AsFd;
use std::os::unix::fs::symlink;

use rustix::fs::{Mode, OFlags, ResolveFlags, fstat, openat2};

use super::open_in_root;

#[test]
fn a_path_in_a_root_is_what_openat2_makes_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root");
    create_dir_all(root.join("usr/lib/deep")).unwrap();
    create_dir_all(root.join("etc")).unwrap();
    write(root.join("usr/lib/os-release"), "inside").unwrap();
    write(dir.path().join("secret"), "outside").unwrap();
    let links = [
        ("etc/os-release", "../usr/lib/os-release"),
        ("etc/absolute", "/usr/lib/os-release"),
        ("etc/out", "../../../../secret"),
        ("etc/host", "/etc/passwd"),
        ("etc/loop", "loop"),
        ("lib", "usr/lib/"),
        ("usr/lib/deep/up", "../../.."),
        ("etc/nowhere", "/gone/away"),
    ];
    for (name, target) in links {
        symlink(target, root.join(name)).unwrap();
    }
    let top = File::open(&root).unwrap();
    let paths = [
        "",
        ".",
        "/",
        "etc",
        "etc/",
        "/etc//os-release",
        "etc/os-release",
        "etc/absolute",
        "etc/out",
        "etc/host",
        "etc/loop",
        "lib",
        "lib/os-release",
        "lib/deep/up/etc/absolute",
        "usr/lib/deep/up",
        "..",
        "../..",
        "../secret",
        "etc/../../secret",
        "etc/nowhere",
        "gone",
        "usr/lib/os-release/x",
        "etc/os-release/..",
        "usr/../usr/lib",
    ];
    for path in paths {
        for flags in [OFlags::PATH, OFlags::DIRECTORY] {
            let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
            let newer = openat2(&top, path, flags | OFlags::CLOEXEC, Mode::empty(), resolve);
            let older = open_in_root(top.as_fd(), path, flags);
            let place = |found: rustix::io::Result<_>| found.map(|file| fstat(file).map(|it| (it.st_dev, it.st_ino)));
            // An empty path is no file; nobody asks for it.
            if !path.is_empty() {
                assert_eq!(place(older), place(newer), "{path:?} {flags:?}");
            }
        }
    }
    let proc = File::open("/proc/self").unwrap();
    assert_eq!(open_in_root(proc.as_fd(), "root", OFlags::PATH).unwrap_err(), rustix::io::Errno::LOOP);
}
