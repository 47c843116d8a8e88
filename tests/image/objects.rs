//! Shared objects in unusual places: run paths that are relative to the program, inherited or not.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};

use unha::image::{BUILTIN, Host, Lack, ensure_with};

use crate::{start, within};

fn cc(folder: &Path, arguments: &[&str]) -> bool {
    let done = start(Command::new("cc").current_dir(folder).args(arguments)).and_then(Child::wait_with_output);
    done.is_ok_and(|done| done.status.success())
}

/// `ls` needs libnear, which needs libdeep, which lies where only the run path of `ls` leads. `DT_RPATH`
/// is handed down to what an object loads, `DT_RUNPATH` is not: `cat`, which has that, could not start.
#[test]
fn run_paths_are_followed_as_the_loader_does() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    for folder in ["bin", "lib", "deep"] {
        fs::create_dir(here.join(folder)).unwrap();
    }
    std::os::unix::fs::symlink(fs::canonicalize("/bin/sh").unwrap(), here.join("bin/sh")).unwrap();
    fs::write(here.join("deep.c"), "int deep(void) { return 42; }").unwrap();
    fs::write(here.join("near.c"), "int deep(void); int near(void) { return deep(); }").unwrap();
    fs::write(here.join("main.c"), "int near(void); int main(void) { return near(); }").unwrap();
    let rpath = "-Wl,-rpath,$ORIGIN/../lib:${ORIGIN}/../deep";
    let link = ["-Wl,-rpath-link,deep", "main.c", "-Llib", "-lnear"];
    let built = cc(here, &["-shared", "-fPIC", "-o", "deep/libdeep.so", "deep.c"])
        && cc(here, &["-shared", "-fPIC", "-o", "lib/libnear.so", "near.c", "-Ldeep", "-ldeep"])
        && cc(here, &[&["-o", "bin/ls", rpath, "-Wl,--disable-new-dtags"], &link[..]].concat())
        && cc(here, &[&["-o", "bin/cat", rpath, "-Wl,--enable-new-dtags"], &link[..]].concat());
    if !built {
        eprintln!("# SKIP: no C compiler here");
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let host = Host { programs: vec![here.join("bin")], ..Host::here() };
    let image = ensure_with(cache.path(), &BUILTIN, &host).unwrap();
    for file in ["usr/bin/ls", "usr/lib/libnear.so", "usr/deep/libdeep.so"] {
        assert!(image.path.join(file).is_file(), "{file}");
    }
    let cat = image.missing.iter().find(|missing| missing.name == "cat").unwrap();
    assert_eq!(cat.why, Lack::Object("libdeep.so".into()));
    assert!(!image.path.join("usr/bin/cat").exists());
    if let Some(said) = within(&image.path, &["ls"]) {
        assert_eq!(said.status.code(), Some(42), "{said:?}");
    }
}
