//! A real browser reads real pages: `tests/handout/check.js` in Chromium, with axe-core.
//!
//! What it needs: Debian's packages chromium and nodejs, and `npm ci` in tests/handout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::skip::{Why, aloud, skip};

fn runs(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// What reads these files in the browser; nothing where it cannot be had, which is said.
fn reader(files: &[PathBuf]) -> Option<Output> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handout");
    let lacks = [
        (!runs("chromium"), "chromium"),
        (!runs("node"), "node"),
        (!folder.join("node_modules").exists(), "npm ci in tests/handout"),
    ];
    if let Some((_, what)) = lacks.into_iter().find(|(lacks, _)| *lacks) {
        skip(&format!("the page in a browser: {what}"), Why::Tool);
        return None;
    }
    Some(Command::new("node").arg(folder.join("check.js")).args(files).output().unwrap())
}

/// Asserts that neither Chromium nor axe has anything to say of these pages.
pub fn finds_nothing(files: &[PathBuf]) {
    let Some(output) = reader(files) else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    aloud(said.lines().last().unwrap_or_default());
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// A page with everything that must not be: what does not find it there would not find it elsewhere.
#[test]
fn what_must_not_be_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.html");
    let page = "<!DOCTYPE html><html><head><meta name=viewport content='width=device-width'><title>x</title></head><body>\
        <img src='https://example.invalid/x.png'><p style='color:#999;width:3000px'>pale and wide</p>\
        <details><summary>closed</summary><p>hidden</p></details><script>throw new Error('thrown')</script></body></html>";
    fs::write(&file, page).unwrap();
    let Some(output) = reader(&[file]) else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let wanted = [
        "asks for https://example.invalid/x.png",
        "console: ",
        "thrown",
        "too wide: ",
        "html-has-lang",
        "color-contrast",
        "cut: <details",
    ];
    for found in wanted {
        assert!(said.contains(found), "not found: {found}\n{said}");
    }
}
