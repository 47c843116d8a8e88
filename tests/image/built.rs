//! What is in a built root: every program starts, nothing leads out, nothing is more privileged than it looks.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use unha::image::{BUILTIN, Host, Image, ImageError, Kit, Lack, check_dir, ensure, ensure_with, find_command};

use crate::within;

/// One root for all tests of this file: they only look. It stays until the next run, since nobody tells a
/// static that the tests are over.
static BUILT: LazyLock<Image> = LazyLock::new(|| {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rootfs");
    let _ = fs::remove_dir_all(&cache);
    fs::create_dir(&cache).unwrap();
    ensure(&cache).unwrap()
});

fn root() -> &'static Path {
    &BUILT.path
}

fn files() -> Vec<PathBuf> {
    let mut waiting = vec![root().to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.symlink_metadata().unwrap().is_dir() { waiting.push(path) } else { files.push(path) }
        }
    }
    files
}

#[test]
fn it_is_a_root_with_a_shell() {
    check_dir(root()).unwrap();
    for path in ["bin/sh", "etc/os-release", "usr/share/terminfo/x/xterm"] {
        assert!(root().join(path).exists(), "{path}");
    }
    assert!(fs::read_to_string(root().join("etc/os-release")).unwrap().contains("ID=unha"));
}

#[test]
fn every_object_that_is_asked_for_is_there() {
    let files = files();
    let names: HashSet<_> = files.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    let mut programs = 0;
    for path in files.iter().filter(|path| !path.is_symlink()) {
        let bytes = fs::read(path).unwrap();
        let Ok(elf) = goblin::elf::Elf::parse(&bytes) else { continue };
        programs += 1;
        for needed in elf.libraries {
            assert!(names.contains(needed), "{} needs {needed}", path.display());
        }
        if let Some(interpreter) = elf.interpreter {
            let loader = root().join(interpreter.trim_start_matches('/'));
            assert!(loader.is_file(), "{} needs {interpreter}", path.display());
        }
    }
    assert!(programs > 1);
}

#[test]
fn every_tool_starts() {
    for path in fs::read_dir(root().join("usr/bin")).unwrap() {
        let name = path.unwrap().file_name().into_string().unwrap();
        // ip and the like know no --version and fail, which is an answer too. 124 to 127: too late, or not started.
        let argument = if name == "sync" || name == "tty" { "--help" } else { "--version" };
        let Some(said) = within(root(), &["timeout", "10", &name, argument]) else { return };
        let errors = String::from_utf8_lossy(&said.stderr);
        let code = said.status.code();
        assert!(code.is_some_and(|code| !(124..=127).contains(&code)), "{name} ended with {code:?}: {errors}");
        assert!(!errors.contains("shared librar") && !errors.contains("No such file"), "{name}: {errors}");
    }
}

#[test]
fn names_and_terminals_are_known_inside() {
    let Some(said) = within(
        root(),
        &["sh", "-c", "id -un; id -un 1000; ls -d /proc /tmp; test -z \"$(clear | tr -d '[:cntrl:][:print:]')\""],
    ) else {
        return;
    };
    assert_eq!(String::from_utf8_lossy(&said.stdout), "root\nuser\n/proc\n/tmp\n", "{said:?}");
    assert!(said.status.success(), "{said:?}");
}

#[test]
fn anybody_may_read_it_and_nothing_is_setuid() {
    for path in files() {
        let is = path.symlink_metadata().unwrap();
        if !is.is_symlink() {
            assert!([0o644, 0o755].contains(&(is.mode() & 0o7777)), "{} {:o}", path.display(), is.mode());
        }
    }
    for (folder, mode) in [("", 0o755), ("tmp", 0o1777), ("var/tmp", 0o1777), ("proc", 0o755), ("root", 0o700)] {
        assert_eq!(fs::metadata(root().join(folder)).unwrap().mode() & 0o7777, mode, "/{folder}");
    }
}

#[test]
fn no_link_leads_out() {
    for path in files().iter().filter(|path| path.is_symlink()) {
        let target = fs::canonicalize(path).unwrap();
        assert!(fs::read_link(path).unwrap().is_relative() && target.starts_with(root()), "{}", path.display());
    }
}

#[test]
fn what_this_machine_has_not_got_is_named() {
    let cache = tempfile::tempdir().unwrap();
    let recipe = BUILTIN.recipe.replace(r#"["bash"]"#, r#"["bash", "no-such-tool"]"#);
    let image = ensure_with(cache.path(), &Kit { recipe: &recipe, ..BUILTIN }, &Host::here()).unwrap();
    let missing = image.missing.iter().find(|missing| missing.name == "no-such-tool").unwrap();
    assert_eq!(missing.why, Lack::NotThere);
    let again = ensure_with(cache.path(), &Kit { recipe: &recipe, ..BUILTIN }, &Host::here()).unwrap();
    assert_eq!(again.missing, image.missing);
    assert!(matches!(find_command(&image.path, "no-such-tool", "/bin"), Err(ImageError::NoCommand { .. })));
}

#[test]
fn a_machine_without_a_shell_has_no_root_to_give() {
    let (cache, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let host = Host { programs: vec![empty.path().to_owned()], ..Host::here() };
    let refused = ensure_with(cache.path(), &BUILTIN, &host);
    assert!(matches!(refused, Err(ImageError::Required(missing)) if missing.name == "sh"));
}

#[test]
fn a_tool_that_is_a_link_or_a_script_is_taken_as_what_it_is() {
    let (cache, bin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let shell = fs::canonicalize("/bin/sh").unwrap();
    for name in ["sh", "ls", "cat"] {
        std::os::unix::fs::symlink(&shell, bin.path().join(name)).unwrap();
    }
    for (name, first) in [("ps", "#!/bin/sh"), ("top", "#!/usr/bin/env sh"), ("id", "#!/opt/other"), ("ip", "text")] {
        fs::write(bin.path().join(name), format!("{first}\n")).unwrap();
        fs::set_permissions(bin.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let host = Host { programs: vec![bin.path().to_owned()], ..Host::here() };
    let image = ensure_with(cache.path(), &BUILTIN, &host).unwrap();
    let inode = |name: &str| fs::symlink_metadata(image.path.join("usr/bin").join(name)).unwrap().ino();
    assert_eq!(inode("ls"), inode("sh"), "one program, two names");
    assert!(image.path.join("bin/ps").is_file());
    let why = |name: &str| image.missing.iter().find(|missing| missing.name == name).map(|missing| missing.why.clone());
    assert_eq!(why("ps"), None);
    assert_eq!(why("top"), Some(Lack::Script("/usr/bin/env".into())));
    assert_eq!(why("id"), Some(Lack::Script("/opt/other".into())));
    assert_eq!(why("ip"), Some(Lack::NoProgram));
    assert_eq!(why("head"), Some(Lack::NotThere));
}
