//! What `unha vm` says instead of a recipe.

use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

use crate::{AARCH64, KINDS, LANGS, X86_64, file, program, recipe, unha, vm};

/// What it says on stderr, and its exit code.
fn refused(words: &[&OsStr]) -> (Option<i32>, String) {
    let output = vm(words);
    assert!(output.stdout.is_empty(), "{words:?}");
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn without_a_kind_it_lists_them() {
    for lang in LANGS {
        let output = vm(["--lang", lang]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success());
        assert!(KINDS.iter().all(|kind| said.contains(&format!("\n  {kind} "))), "{said}");
        assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    }
}

#[test]
fn a_kind_that_there_is_not_is_told_with_the_nearest() {
    for (lang, wanted) in LANGS.into_iter().zip(["did you mean `docker`?", "você quis dizer `docker`?"]) {
        let (code, said) = refused(&["doker", "--lang", lang].map(OsStr::new));
        assert_eq!(code, Some(2));
        assert!(said.contains("`doker`") && said.contains("devcontainer") && said.contains(wanted), "{said}");
    }
}

#[test]
fn a_program_that_does_not_fit_is_told_why() {
    let mut big_endian = unha(X86_64);
    big_endian[5] = 2;
    let cases: [(&[u8], &str, &str); 6] = [
        (b"#!/bin/sh\n", "no program for Linux", "não é um programa para Linux"),
        (b"", "no program for Linux", "não é um programa para Linux"),
        (
            &program(X86_64, Some("/lib64/ld-linux-x86-64.so.2"), "__bench"),
            "asks for /lib64/ld-linux-x86-64.so.2",
            "pede",
        ),
        (&program(40, None, "__bench"), "another processor", "outro processador"),
        (&program(AARCH64, None, "something else"), "but not unha", "mas não o unha"),
        (&vec![0; 17 << 20], "17 MB is too much", "17 MB é demais"),
    ];
    for (bytes, en, pt) in cases {
        let (_dir, file) = file(bytes);
        for (lang, wanted) in LANGS.into_iter().zip([en, pt]) {
            let (code, said) =
                refused(&["docker".as_ref(), "--lang".as_ref(), lang.as_ref(), "--program".as_ref(), file.as_os_str()]);
            assert_eq!(code, Some(1));
            assert!(said.contains(wanted) && said.contains("x86_64-unknown-linux-musl"), "{said}");
        }
    }
    let (_dir, file) = file(&big_endian);
    assert_eq!(refused(&["lima".as_ref(), "--program".as_ref(), file.as_os_str()]).0, Some(1));
    for gone in ["/no/such/program", "/"] {
        let (code, said) = refused(&["lima", "--lang", "en", "--program", gone].map(OsStr::new));
        assert_eq!(code, Some(1));
        assert!(said.contains(&format!("open(\"{gone}\") = E")), "{said}");
    }
}

#[test]
fn this_unha_goes_in_only_where_it_is_static() {
    let bytes = std::fs::read(env!("CARGO_BIN_EXE_unha")).unwrap();
    let output = vm(["lima", "--lang", "en"]);
    if cfg!(target_feature = "crt-static") && bytes.len() <= 16 << 20 {
        assert!(output.status.success());
    } else {
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("unha: this unha: ") && said.contains("--program target/"), "{said}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn a_terminal_is_not_flooded_unless_asked_to() {
    let (_dir, file) = file(&program(X86_64, None, "__bench"));
    let small = recipe("wsl", "en", &program(X86_64, None, "__bench"));
    for (force, wanted) in [(&[][..], "unha vm wsl > unha-wsl.sh"), (&["--force"][..], small.lines().next().unwrap())] {
        let pty = nix::pty::openpty(None, None).unwrap();
        let end = || Stdio::from(pty.slave.as_fd().try_clone_to_owned().unwrap());
        let mut child = Command::new(env!("CARGO_BIN_EXE_unha"))
            .args(["vm", "wsl", "--lang", "en", "--program"])
            .arg(&file)
            .args(force)
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        drop(pty.slave);
        let mut said = vec![];
        // The master says EIO in the end.
        let _ = std::io::Read::read_to_end(&mut File::from(pty.master), &mut said);
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains(wanted), "{said}");
        assert_eq!(child.wait().unwrap().code(), Some(if force.is_empty() { 2 } else { 0 }));
        assert_eq!(said.contains("base64 -d"), !force.is_empty());
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let (_dir, file) = file(&unha(X86_64));
    let mut child = Command::new(env!("CARGO_BIN_EXE_unha"))
        .args(["vm", "docker", "--program"])
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
