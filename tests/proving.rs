//! `unha check` on exercises that prove nothing: each fault is found on the real kernel, and said.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::process::Command;

const LESSON: &str = r#"schema = 1
id = "mine"
title = { en = "mine", pt-BR = "minha" }
summary = { en = "a name of its own", pt-BR = "um nome só seu" }

[[step]]
id = "look"
seconds = 10
text = { en = "Look.", pt-BR = "Veja." }
why = { en = "Because.", pt-BR = "Porque sim." }

[[exercise]]
id = "name"
kind = "free"
seconds = 60
text = { en = "Name it.", pt-BR = "Dê um nome." }
do = ["unshare --uts sh", "hostname ilha"]
hints = [{ en = "Look.", pt-BR = "Veja." }, { en = "Think.", pt-BR = "Pense." }]
after = { en = "Because.", pt-BR = "Porque sim." }

[[exercise.goal]]
say = { en = "it is called ilha", pt-BR = "chama-se ilha" }
expect = [{ fact = "hostname", on = "inside", is = "ilha" }]

[[exercise.diagnosis]]
when = [{ fact = "hostname", on = "outside", is = "ilha" }]
say = { en = "It is outside.", pt-BR = "É o lado de fora." }
wrong = ["hostname ilha"]
"#;

/// What is changed, and what is then said of the exercise.
const FAULTS: [(&str, &str, &str); 6] = [
    ("", "", "PASS mine by hand 1 name"),
    (
        "on = \"inside\", is = \"ilha\"",
        "on = \"outside\", is-not = \"ilha\"",
        "goal 1 is reached before anything is done",
    ),
    ("\"hostname ilha\"]\nhints", "\"hostname pedra\"]\nhints", "do: goals reached []"),
    ("\"hostname ilha\"]\nhints", "\"hostnam ilha\"]\nhints", "not found"),
    ("wrong = [\"hostname ilha\"]", "wrong = [\"true\"]", "true: goals reached []"),
    ("wrong = [\"hostname ilha\"]", "wrong = [\"unshare --uts sh\", \"hostname ilha\"]", "goals reached [1]"),
];

#[test]
fn an_exercise_that_proves_nothing_is_found_out() {
    for (from, to, said) in FAULTS {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        let lesson = LESSON.replacen(from, to, 1);
        assert!(from.is_empty() || lesson != LESSON, "{from}");
        fs::write(&file, lesson).unwrap();
        let mut unha = Command::new(env!("CARGO_BIN_EXE_unha"));
        let output = unha
            .args(["--lang", "en", "check", "--trust"])
            .arg(&file)
            .env("UNHA_RECORDS", folder.path())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let line = printed.lines().find(|line| line.contains("mine by hand 1 name")).unwrap_or_default();
        if line.starts_with("SKIP") {
            assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "{line}");
            println!("SKIP an exercise that proves nothing: {line}");
            return;
        }
        assert!(line.contains(said), "{to}: {printed}");
        assert_eq!(output.status.success(), from.is_empty(), "{printed}");
    }
}
