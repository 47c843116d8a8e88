//! What comes over a pipe, as from `docker export` and `docker save`: imported as the same from a file is, or refused, or ended.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::image::{busybox, compressed, docker, tar};
use crate::place::{Home, Who, has};
use crate::tree::{assert_same, of};

/// Begins the import of what is written to its standard input.
fn begin(home: &Home, words: &[&str]) -> Child {
    home.unha(&[&["rootfs", "import"], words].concat()).stdin(Stdio::piped()).spawn().unwrap()
}

/// Pipes all of the bytes into an import.
fn piped(home: &Home, bytes: &[u8], words: &[&str]) -> Output {
    let mut child = begin(home, words);
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // Who refuses does not read to the end: then EPIPE is no wonder.
        scope.spawn(move || drop(pipe.write_all(bytes)));
        child.wait_with_output().unwrap()
    })
}

#[test]
fn what_comes_over_a_pipe_is_what_the_file_is() {
    if !has("imports by pipe", &["busybox", "tar", "zstd"]) {
        return;
    }
    for who in Who::all("imports by pipe") {
        let home = Home::of(who);
        let at = home.sources();
        let whole = at.join("box.tar");
        tar(&busybox(&at), &whole);
        home.import(&whole, "file");
        let saved = docker(std::slice::from_ref(&whole), &at);
        for (file, words) in [
            (whole.clone(), &["-", "--name", "piped"][..]),
            (compressed(&whole, &["zstd", "-q", "-1"], "zst"), &["-", "--name", "piped"]),
            // It says how it is called, and may be asked for an image in it.
            (saved.clone(), &["-"]),
            (saved, &["--name", "piped", "--", "-:1.0"]),
        ] {
            let done = piped(&home, &fs::read(&file).unwrap(), words);
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(done.status.success(), "{who:?} {} {words:?}: {said}", file.display());
            let name = if words.contains(&"--name") { "piped" } else { "tested-1.0" };
            assert_same(&format!("{who:?} {words:?}"), &of(&home.root(name)), &of(&home.root("file")));
            let shown = home.well(&["--lang", "en", "rootfs", "show", name]);
            assert!(shown.lines().any(|line| line.starts_with("from ") && line.contains(" stdin (")), "{shown}");
            assert!(!shown.contains("/proc/self/fd"), "{shown}");
            home.well(&["rootfs", "rm", name]);
        }
        assert_eq!(home.on_shelf(), ["file", "lock"], "{who:?}");
    }
}

#[test]
fn what_cannot_be_taken_from_a_pipe_is_refused_in_a_sentence() {
    if !has("refusals of what is piped", &["busybox", "tar"]) {
        return;
    }
    let home = Home::of(Who::Root);
    let whole = home.sources().join("box.tar");
    tar(&busybox(&home.sources()), &whole);
    let whole = fs::read(whole).unwrap();
    for (bytes, words, code, sentences) in [
        (&whole[..], &["-"][..], 2, ["--name NAME", "--name NOME"]),
        (&whole[..whole.len() / 2], &["-", "--name", "x"], 1, ["stdin is damaged", "stdin está danificado"]),
        (b"no archive", &["-", "--name", "x"], 1, ["\"stdin\" is no archive", "\"stdin\" não é um arquivo"]),
        (b"", &["-", "--name", "x"], 1, ["it is empty", "está vazio"]),
    ] {
        for (lang, sentence) in ["en", "pt-BR"].into_iter().zip(sentences) {
            let done = piped(&home, bytes, &[&["--lang", lang], words].concat());
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert_eq!(done.status.code(), Some(code), "{words:?}: {said}");
            assert!(said.contains(sentence), "{words:?}: {said}");
            assert_eq!(home.on_shelf(), ["lock"], "{words:?}");
        }
    }
}

#[test]
fn a_terminal_is_no_pipe() {
    let home = Home::of(Who::Root);
    for (lang, sentence) in [("en", "that is a terminal here"), ("pt-BR", "aqui ela é um terminal")] {
        let terminal = nix::pty::openpty(None, None).unwrap();
        let words = ["--lang", lang, "rootfs", "import", "-"];
        let done = home.unha(&words).stdin(terminal.slave).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert!(said.contains(sentence), "{said}");
    }
}

#[test]
fn whoever_ends_it_while_it_waits_for_more_leaves_nothing() {
    for who in Who::all("an import by pipe, ended") {
        let home = Home::of(who);
        let mut child = begin(&home, &["-", "--name", "half"]);
        // The beginning of a gzip file, and more than a pipe holds: what can be written whole is being read.
        let half = [&[0x1f, 0x8b, 8][..], &vec![1; 300_000]].concat();
        child.stdin.as_mut().unwrap().write_all(&half).unwrap();
        kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{who:?}: {said}");
        assert_eq!(home.on_shelf(), ["lock"], "{who:?}");
    }
}
