//! The rules of the house, read from the source: who may import whom, and what a file looks like.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Every Rust file below `folder`, with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    let mut found = vec![];
    let mut left = vec![root.clone()];
    if root.with_extension("rs").exists() {
        found.push(root.with_extension("rs"));
    }
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(&dir).expect("a folder of the source").map(Result::unwrap) {
            if entry.path().is_dir() {
                left.push(entry.path());
            } else if entry.path().extension().is_some_and(|end| end == "rs") {
                found.push(entry.path());
            }
        }
    }
    assert!(!found.is_empty(), "nothing in src/{folder}");
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("a source file"))).collect()
}

/// The files below `folder` that name one of the `forbidden` paths in their code.
fn imports(folder: &str, forbidden: &[&str]) -> Vec<String> {
    let mut found = vec![];
    for (path, text) in sources(folder) {
        // What stands in a comment or a test is no import.
        let code = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        for line in code.filter(|line| !line.trim_start().starts_with("//")) {
            for name in forbidden.iter().filter(|name| line.contains(**name)) {
                found.push(format!("{}: {name}: {}", path.display(), line.trim()));
            }
        }
    }
    found
}

#[test]
fn kernel_imports_no_other_room() {
    let found = imports(
        "kernel",
        &["crate::course", "crate::session", "crate::screen", "crate::plain", "crate::handout", "crate::command"],
    );
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn course_knows_only_the_kernels_nouns() {
    let mut found =
        imports("course", &["crate::session", "crate::screen", "crate::plain", "crate::handout", "crate::command"]);
    let engine = ["container", "probe", "bench", "sys::", "cgroupfs", "record", "run_cgroup"];
    found.extend(engine.iter().flat_map(|room| imports("course", &[&format!("crate::kernel::{room}")])));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn screen_imports_neither_kernel_nor_session() {
    let found =
        imports("screen", &["crate::kernel", "crate::session", "crate::plain", "crate::handout", "crate::command"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn plain_imports_neither_kernel_nor_session() {
    let found = imports(
        "plain",
        &[
            "crate::kernel",
            "crate::session",
            "crate::screen",
            "crate::handout",
            "crate::command",
            "ratatui",
            "crossterm",
        ],
    );
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn handout_imports_neither_kernel_nor_session() {
    let found = imports("handout", &["crate::kernel", "crate::session", "crate::screen", "crate::command"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn equivalent_knows_only_the_engines_nouns_and_texts() {
    let mut found = imports(
        "equivalent",
        &["crate::session", "crate::screen", "crate::plain", "crate::handout", "crate::command", "crate::image"],
    );
    // A description and two languages: nothing that is made, observed or told.
    let kernel = ["probe", "bench", "sys", "record", "run_cgroup", "host", "doctor", "disk", "container::start"];
    found.extend(kernel.iter().flat_map(|room| imports("equivalent", &[&format!("crate::kernel::{room}")])));
    let course = imports("equivalent", &["crate::course::"]).into_iter();
    found.extend(course.filter(|line| !line.contains("use crate::course::text::")));
    for room in ["kernel", "course", "screen", "plain", "handout", "image"] {
        found.extend(imports(room, &["crate::equivalent"]));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn engine_and_observer_do_not_know_each_other() {
    let engine = imports("kernel/container", &["probe"]);
    let observer = imports("kernel/probe", &["container"]);
    assert!(engine.is_empty() && observer.is_empty(), "{engine:#?} {observer:#?}");
}

#[test]
fn unsafe_code_stands_in_one_room() {
    let holds =
        |text: &str| ["unsafe {", "unsafe fn", "unsafe impl", "unsafe_code"].iter().any(|word| text.contains(word));
    let files = |folder| -> BTreeSet<PathBuf> {
        let found = sources(folder).into_iter().filter(|(_, text)| holds(text));
        found.map(|(path, _)| path.components().filter(|part| *part != Component::CurDir).collect()).collect()
    };
    let in_the_room = files("kernel/sys");
    assert!(!in_the_room.is_empty());
    assert_eq!(files("."), in_the_room);
}

#[test]
fn every_file_opens_with_what_it_is() {
    for (path, text) in sources(".") {
        assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
    }
}

#[test]
fn a_feature_has_the_same_word_in_every_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for feature in unha::kernel::feature::Feature::ALL {
        for folder in ["src/kernel/container", "src/kernel/probe", "tests/kernel"] {
            let file = root.join(folder).join(format!("{}.rs", feature.name().replace('-', "_")));
            assert!(file.exists(), "{} is missing", file.display());
        }
    }
}

#[test]
fn what_is_shown_has_no_tests_in_it() {
    for (path, text) in sources("kernel/container") {
        assert!(!text.contains("cfg("), "{} is shown on the screen, and has a cfg in it", path.display());
    }
}
