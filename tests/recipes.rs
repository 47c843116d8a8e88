//! `unha vm`: each recipe is read by a parser of its own format, in both languages, and the program in it comes out as it
//! went in. What runs a recipe for real is tests/vm/podman.sh and tests/vm/cloud-init.sh.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "recipes/formats.rs"]
mod formats;
#[allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]
#[path = "kernel/skip.rs"]
mod skip;
#[path = "recipes/told.rs"]
mod told;

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tempfile::TempDir;

pub(crate) const KINDS: [&str; 8] =
    ["lima", "multipass", "vagrant", "wsl", "cloud-init", "docker", "podman", "devcontainer"];
pub(crate) const LANGS: [&str; 2] = ["en", "pt-BR"];

/// The numbers of the processors in an ELF header: elf(5), `e_machine`.
pub(crate) const X86_64: u16 = 62;
pub(crate) const AARCH64: u16 = 183;

/// A program as small as there can be, static unless it names a loader: enough for whoever looks before handing it out.
pub(crate) fn program(machine: u16, loader: Option<&str>, text: &str) -> Vec<u8> {
    let loader = loader.map_or_else(String::new, |loader| format!("{loader}\0"));
    let size = u64::try_from(loader.len()).unwrap();
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    let halves = |elf: &mut Vec<u8>, values: &[u16]| elf.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    let longs = |elf: &mut Vec<u8>, values: &[u64]| elf.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    halves(&mut elf, &[2, machine, 1, 0]);
    // Where it begins, where its segments are described, and that it has no sections.
    longs(&mut elf, &[0x40_0000, 64, 0]);
    halves(&mut elf, &[0, 0, 64, 56, 1, 64, 0, 0]);
    // One segment, PT_INTERP or PT_LOAD, behind its own description.
    halves(&mut elf, &[if size > 0 { 3 } else { 1 }, 0, 5, 0]);
    longs(&mut elf, &[120, 0x40_0078, 0x40_0078, size, size, 1]);
    elf.extend(loader.bytes());
    elf.extend(text.bytes());
    elf
}

/// A program that says that it is unha, with so much behind it that no letters repeat: as large when packed.
pub(crate) fn unha(machine: u16) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut elf = program(machine, None, "__bench");
    elf.extend(std::iter::repeat_with(|| rng.u8(..)).take(1_000_000));
    elf
}

/// Folder and file of a program.
pub(crate) fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("program");
    fs::write(&file, bytes).unwrap();
    (dir, file)
}

/// Runs `unha vm` with these words.
pub(crate) fn vm<S: AsRef<OsStr>>(words: impl IntoIterator<Item = S>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unha")).arg("vm").args(words).env("LC_ALL", "C").output().unwrap()
}

/// The recipe with a program in it.
pub(crate) fn recipe(kind: &str, lang: &str, bytes: &[u8]) -> String {
    let (_dir, file) = file(bytes);
    let output = vm([OsStr::new(kind), "--lang".as_ref(), lang.as_ref(), "--program".as_ref(), file.as_os_str()]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{kind}");
    assert!(output.status.success(), "{kind}");
    String::from_utf8(output.stdout).unwrap()
}

/// base64 and gzip, with blanks anywhere.
pub(crate) fn unpacked(letters: &str) -> Vec<u8> {
    let letters: String = letters.split_whitespace().collect();
    let mut bytes = vec![];
    flate2::read::GzDecoder::new(&BASE64_STANDARD.decode(letters).unwrap()[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

/// What a program says that reads the text, and whether all is well with it.
pub(crate) fn read_by(program: &str, words: &[&str], text: &str) -> (bool, String) {
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = text.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}
