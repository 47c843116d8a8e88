//! What is said of a folder that somebody gives as a root, before anything is built on it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;
use unha::image::{ImageError, check_dir, find_command};

const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

fn program(root: &Path, path: &str, content: &str, mode: u32) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A root whose shell is a file of any content: it is looked at, never started.
fn root() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    program(root.path(), "bin/busybox", "content", 0o755);
    symlink("/bin/busybox", root.path().join("bin/sh")).unwrap();
    root
}

#[test]
fn a_root_with_a_shell_will_do() {
    check_dir(root().path()).unwrap();
}

#[test]
fn what_is_no_root_is_refused_for_what_it_is() {
    let place = tempfile::tempdir().unwrap();
    assert!(matches!(check_dir(&place.path().join("x")), Err(ImageError::NotThere(_))));
    assert!(matches!(check_dir(place.path()), Err(ImageError::Empty(_))));
    fs::write(place.path().join("file"), "").unwrap();
    assert!(matches!(check_dir(&place.path().join("file")), Err(ImageError::NotFolder(_))));
    assert!(matches!(check_dir(place.path()), Err(ImageError::NoShell(_))));
}

#[test]
fn a_shell_that_only_the_machine_has_does_not_count() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("bin")).unwrap();
    symlink(fs::canonicalize("/bin/sh").unwrap(), root.path().join("bin/sh")).unwrap();
    assert!(matches!(check_dir(root.path()), Err(ImageError::NoShell(_))));
}

#[test]
fn a_mistyped_command_is_met_with_the_nearest_one() {
    let root = root();
    let refused = find_command(root.path(), "busibox", PATH).unwrap_err();
    assert!(matches!(&refused, ImageError::NoCommand { nearest: Some(name), .. } if name == "busybox"), "{refused}");
    let refused = find_command(root.path(), "something-else", PATH).unwrap_err();
    assert!(matches!(refused, ImageError::NoCommand { nearest: None, .. }));
    assert!(matches!(find_command(root.path(), "", PATH), Err(ImageError::NoCommand { .. })));
}

#[test]
fn a_command_is_found_as_the_root_sees_it() {
    let root = root();
    program(root.path(), "opt/tool", "content", 0o755);
    assert_eq!(find_command(root.path(), "sh", PATH).unwrap(), Path::new("/bin/sh"));
    assert_eq!(find_command(root.path(), "/opt/tool", PATH).unwrap(), Path::new("/opt/tool"));
    assert_eq!(find_command(root.path(), "opt/tool", PATH).unwrap(), Path::new("/opt/tool"));
}

#[test]
fn what_cannot_be_executed_is_said_to_be_so() {
    let root = root();
    program(root.path(), "bin/notes", "content", 0o644);
    program(root.path(), "bin/dir/file", "content", 0o755);
    for command in ["notes", "/bin/notes", "/bin/dir"] {
        let refused = find_command(root.path(), command, PATH);
        assert!(matches!(refused, Err(ImageError::NotExecutable { .. })), "{command}: {refused:?}");
    }
}

#[test]
fn a_missing_interpreter_is_named() {
    let root = root();
    program(root.path(), "bin/good", "#!/bin/sh\n", 0o755);
    program(root.path(), "bin/bad", "#!/usr/bin/python3\n", 0o755);
    find_command(root.path(), "good", PATH).unwrap();
    let refused = find_command(root.path(), "bad", PATH).unwrap_err();
    let ImageError::NoInterpreter { interpreter, .. } = &refused else { panic!("{refused}") };
    assert_eq!(interpreter, Path::new("/usr/bin/python3"));
    let said = refused.to_string();
    assert!(said.contains("execve") && said.contains("ENOENT"), "{said}");
}

#[test]
fn a_copied_program_without_its_loader_is_told_from_one_that_is_missing() {
    let root = root();
    let test = fs::read("/proc/self/exe").unwrap();
    let dynamic = goblin::elf::Elf::parse(&test).unwrap().interpreter.is_some();
    fs::write(root.path().join("bin/test"), test).unwrap();
    fs::set_permissions(root.path().join("bin/test"), fs::Permissions::from_mode(0o755)).unwrap();
    let refused = find_command(root.path(), "test", PATH);
    assert_eq!(matches!(refused, Err(ImageError::NoInterpreter { .. })), dynamic);
}
