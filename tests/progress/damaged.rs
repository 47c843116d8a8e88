//! Whatever becomes of a file's bytes: it is understood as it was written, or it is put aside, and nothing is lost.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use unha::course::kept::{Kept, Senseless};
use unha::course::progress::{Mark, Progress};
use unha::course::talk::{Answer, Route};
use unha::course::text::Lang;
use unha::session::store::{self, Unkept};

use crate::any::progress;

/// What may become of a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    /// It ends early.
    Cut(usize),
    /// A bit of it is another.
    Flip(usize, u8),
    /// A byte of it is another.
    Put(usize, u8),
    /// Zeros from here on, as after a loss of power.
    Zeros(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0_usize..5000;
    prop_oneof![
        at().prop_map(Damage::Cut),
        (at(), 0_u8..8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Put(at, byte)),
        at().prop_map(Damage::Zeros),
    ]
}

fn damaged(text: &str, damage: Damage) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let within = |at: usize| at % text.len();
    match damage {
        Damage::Cut(at) => bytes.truncate(within(at)),
        Damage::Flip(at, bit) => bytes[within(at)] ^= 1 << bit,
        Damage::Put(at, byte) => bytes[within(at)] = byte,
        Damage::Zeros(at) => bytes[within(at)..].fill(0),
    }
    bytes
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

proptest! {
    #[test]
    fn what_is_written_is_read(kept in progress()) {
        prop_assert_eq!(Progress::read(kept.text().unwrap().as_bytes()), Ok(kept));
    }

    #[test]
    fn no_damage_is_taken_for_what_was_written(kept in progress(), damage in damage()) {
        let bytes = damaged(&kept.text().unwrap(), damage);
        if let Ok(read) = Progress::read(&bytes) {
            prop_assert_eq!(read, kept);
        }
        let _ = Progress::read_unsummed(&bytes);
    }

    #[test]
    fn any_bytes_at_all_are_no_reason_to_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Progress::read(&bytes);
        let _ = Progress::read_unsummed(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// On a disk: the damaged file is there still under another name, and the save before it goes on.
    #[test]
    fn a_damaged_file_costs_the_last_save_at_most(a in progress(), b in progress(), damage in damage()) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("progress.json");
        store::save(&file, &a).unwrap();
        let (kept, aside) = store::merge(&file, b.clone(), Progress::merged).unwrap();
        prop_assert!(aside.is_none());
        let bytes = damaged(&fs::read_to_string(&file).unwrap(), damage);
        fs::write(&file, &bytes).unwrap();
        match store::load::<Progress>(&file) {
            Ok(read) => prop_assert_eq!(read, Some(kept)),
            Err(Unkept::Aside { aside, .. }) => {
                prop_assert_eq!(fs::read(&aside).unwrap(), bytes);
                prop_assert_eq!(store::load_older(&file), Some(a.clone()));
                prop_assert!(!file.exists());
                // Whoever saves now begins a new file.
                store::merge(&file, a.clone(), Progress::merged).unwrap();
                prop_assert!(aside.exists());
                prop_assert!(store::load::<Progress>(&file).is_ok());
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

/// The program that runs finds the damage when it saves: what it knows and what was saved before is kept, the rest aside.
#[test]
fn a_file_that_is_damaged_while_one_runs_is_put_aside_by_the_next_save() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("progress.json");
    let done = |step: &str| {
        let mut progress = Progress { schema: Progress::SCHEMA, ..Progress::default() };
        progress.mark("uts", step).done = Some(7);
        progress
    };
    store::save(&file, &done("on")).unwrap();
    store::merge(&file, done("rename"), Progress::merged).unwrap();
    for round in 1..4 {
        fs::write(&file, format!("{{\"schema\": {round}")).unwrap();
        let (kept, aside) = store::merge(&file, done("later"), Progress::merged).unwrap();
        assert!(matches!(aside, Some(Unkept::Aside { .. })), "{aside:?}");
        assert!(kept.lessons["uts"].contains_key("later") && kept.lessons["uts"].contains_key("on"), "{kept:?}");
    }
    let wanted = ["", ".lock", ".old", ".unread", ".unread2", ".unread3"].map(|end| format!("progress.json{end}"));
    assert_eq!(names(folder.path()), wanted);
    assert_eq!(fs::read_to_string(folder.path().join("progress.json.unread2")).unwrap(), "{\"schema\": 2");
}

#[test]
fn a_newer_file_is_put_aside_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("progress.json");
    let newer = "{\"schema\":3,\"what\":\"nobody knows\"}";
    fs::write(&file, newer).unwrap();
    let Err(Unkept::Aside { why: Senseless::Newer(3), aside, .. }) = store::load::<Progress>(&file) else {
        panic!("it is newer");
    };
    assert_eq!(fs::read_to_string(aside).unwrap(), newer);
}

#[test]
fn the_first_format_is_read_still() {
    let first = r#"{"schema": 1, "lang": "pt-BR", "route": "short", "place": ["uts", "rename"],
        "done": [["nothing", "shells"]], "answers": [["uts", "rename", {"Chose": 1}], ["uts", "on", "Skipped"]]}"#;
    let read = Progress::read(first.as_bytes()).unwrap();
    assert_eq!((read.schema, read.lang, read.route), (Progress::SCHEMA, Lang::PtBr, Route::Short));
    assert_eq!(read.place, Some(("uts".into(), "rename".into())));
    let answer = |answer| Mark { answer: Some(answer), ..Mark::default() };
    let marks: Vec<(&str, &str, Mark)> = read.marks().collect();
    let wanted = [
        ("nothing", "shells", Mark { done: Some(0), ..Mark::default() }),
        ("uts", "on", answer(Answer::Skipped)),
        ("uts", "rename", answer(Answer::Chose(1))),
    ];
    assert_eq!(marks, wanted);
    // A later one whose version was damaged is not taken for it.
    let later = read.text().unwrap().replace("\"schema\": 2", "\"schema\": 1");
    assert!(Progress::read(later.as_bytes()).is_err());
}

#[test]
fn nobody_waits_at_a_pipe_and_nobody_reads_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("progress.json");
    nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(store::load::<Progress>(&file).is_err());
    let file = folder.path().join("large.json");
    fs::File::create(&file).unwrap().set_len(64 << 30).unwrap();
    assert!(matches!(store::load::<Progress>(&file), Err(Unkept::Aside { .. })));
}
