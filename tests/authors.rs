//! A new author: the lesson that `unha new lesson` makes runs at once, and passes when its texts are written.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use unha::course::lesson::{Act, Expect, Start};
use unha::course::text::Lang;

fn unha(folder: &Path, args: &[&str]) -> Output {
    let mut unha = Command::new(env!("CARGO_BIN_EXE_unha"));
    unha.args(args).current_dir(folder).env("XDG_STATE_HOME", folder).env("LC_ALL", "C");
    unha.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

/// Makes a lesson and gives its text.
fn made(folder: &Path, lang: Lang) -> String {
    let output = unha(folder, &["new", "lesson", "ours/21-our-own", "--lang", lang.tag()]);
    assert!(output.status.success(), "{}", out(&output));
    for line in ["unha check --trust ours/21-our-own.toml", "unha --trust --lessons ours", "ours/README.md"] {
        assert!(out(&output).contains(line), "{line}: {}", out(&output));
    }
    fs::read_to_string(folder.join("ours/21-our-own.toml")).unwrap()
}

/// The same with every text written.
fn written(text: &str) -> String {
    let mut rest = text;
    let mut written = String::new();
    while let Some(at) = rest.find("\"TODO") {
        let end = at + 1 + rest[at + 1..].find('"').unwrap();
        written += &rest[..at];
        written += "\"Said.\"";
        rest = &rest[end + 1..];
    }
    written + rest
}

#[test]
fn a_new_lesson_runs_and_says_what_is_still_to_be_written() {
    for lang in Lang::ALL {
        let folder = tempfile::tempdir().unwrap();
        let text = made(folder.path(), lang);
        assert!(text.contains("id = \"our-own\"") && text.contains("en = \"our-own\""), "{text}");
        let file = "ours/21-our-own.toml";
        let output = unha(folder.path(), &["check", "--trust", "--lang", lang.tag(), file]);
        let said = out(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let todo = lang.pick("text says TODO (en, pt-BR): write it", "text diz TODO (en, pt-BR): escreva o texto");
        assert!(said.contains(todo), "{said}");
        let failed: Vec<&str> = said.lines().filter(|line| line.starts_with("FAIL")).collect();
        assert!(failed.iter().all(|line| line.contains("TODO")), "{said}");
        fs::write(folder.path().join(file), written(&text)).unwrap();
        let output = unha(folder.path(), &["check", "--trust", "--lang", lang.tag(), file]);
        let said = out(&output);
        assert!(output.status.success() && said.contains(", 0 failed,"), "{said}");
        let by_hand = lang.pick("our-own by hand 2 hand-free", "our-own na unha 2 hand-free");
        assert!(said.contains("our-own 2 predict") && said.contains(by_hand), "{said}");
    }
}

#[test]
fn both_languages_make_the_same_lesson() {
    let lessons = Lang::ALL.map(|lang| {
        let folder = tempfile::tempdir().unwrap();
        unha::course::parse::lesson("21-our-own.toml", &made(folder.path(), lang)).unwrap()
    });
    assert_eq!(lessons[0], lessons[1]);
}

/// What the page says that there is, there is: every example of an act and an expectation can be read, and no key is left out.
#[test]
fn the_page_on_lessons_tells_the_format() {
    let page = include_str!("../lessons/README.md");
    let (english, portuguese) = page.split_once("\n## Uma lição sua\n").unwrap();
    let keys = |half: &str| -> Vec<String> {
        let rows = half.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        let keys = rows.flat_map(|cell| cell.split('`').skip(1).step_by(2).collect::<Vec<_>>());
        keys.map(|key| key.split([' ', '[']).find(|part| !part.is_empty()).unwrap_or("").to_owned()).collect()
    };
    assert_eq!(keys(english), keys(portuguese));
    for half in [english, portuguese] {
        let spans: Vec<&str> = half.split('`').skip(1).step_by(2).collect();
        let mut read = 0;
        for span in spans.iter().filter(|span| span.starts_with("{ ") && !span.contains('…')) {
            let table: toml::Table = toml::from_str(&format!("x = {span}")).unwrap();
            let value = table["x"].clone();
            let act = value.clone().try_into::<Act>().is_ok();
            assert!(act || value.try_into::<Expect>().is_ok(), "{span} is neither an act nor an expectation");
            read += 1;
        }
        assert!(read >= 10, "{read}");
        // Every key of a start, in the section on acts.
        let start = serde_json::to_value(Start::default()).unwrap();
        for key in start.as_object().unwrap().keys() {
            assert!(spans.iter().any(|span| span.split([' ', '=']).next() == Some(key) || span.contains(key)), "{key}");
        }
    }
    for key in
        ["schema", "id", "was", "title", "summary", "begins-with", "begins-part", "must", "seconds", "text", "choices"]
            .into_iter()
            .chain([
                "answer",
                "do",
                "expect",
                "see",
                "gauges",
                "why",
                "docker",
                "load",
                "destroys",
                "two-ids",
                "host",
                "in-lines",
                "kind",
                "gap",
                "hints",
                "after",
                "exercise.goal]]",
                "exercise.diagnosis]]",
                "exercise.lost]]",
            ])
    {
        assert!(keys(english).iter().any(|known| known == key), "{key} is not told");
    }
}
