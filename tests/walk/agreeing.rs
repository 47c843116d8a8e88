//! A lesson of somebody else's: every line that it types is shown and agreed to before anything runs, once.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::home::{Home, Who};
use super::terminal::Terminal;

/// A lesson with a line that would rather not be seen.
const LESSON: &str = r#"schema = 1
id = "theirs"
title = { en = "theirs", pt-BR = "deles" }
summary = { en = "of somebody else", pt-BR = "de outra pessoa" }

[[step]]
id = "look"
seconds = 60
text = { en = "Look.", pt-BR = "Veja." }
why = { en = "So.", pt-BR = "Assim." }
do = [{ start = { features = ["uts"], hostname = "deles" } }, { inside = "echo x\u001B[8m; rm -rf /" }, { outside = "id" }]
expect = [{ on = "inside", prints = "x" }]

[[exercise]]
id = "name"
kind = "free"
seconds = 60
text = { en = "Name it.", pt-BR = "Dê um nome." }
do = ["unshare --uts sh; reboot"]
hints = [{ en = "Look.", pt-BR = "Veja." }, { en = "Think.", pt-BR = "Pense." }]
after = { en = "So.", pt-BR = "Assim." }

[[exercise.goal]]
say = { en = "apart", pt-BR = "à parte" }
expect = [{ fact = "ns.uts", sides = "differ" }]

[[exercise.diagnosis]]
when = [{ fact = "ns.uts", sides = "same" }]
say = { en = "Not apart.", pt-BR = "Não à parte." }
wrong = ["unshare --mount poweroff"]
"#;

/// The lesson in a folder that whoever runs it may read.
fn theirs() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("01-theirs.toml");
    fs::write(&file, LESSON).unwrap();
    (folder, file)
}

#[test]
fn every_line_is_shown_and_a_no_runs_nothing() {
    let (home, (folder, _file)) = (Home::new(Who::Me), theirs());
    let lessons = folder.path().to_str().unwrap();
    let mut terminal = Terminal::open(&home, (110, 30), &["--lang", "pt-BR", "--lessons", lessons]);
    terminal.until_has("Rodar, e não perguntar mais até que mude? [s/N]");
    let screen = terminal.screen();
    for shown in [
        "caixa features: [\"uts\"], hostname: \"deles\"",
        "dentro echo x\\u{1b}[8m; rm -rf /",
        "fora id",
        "solução unshare --uts sh; reboot",
        "errado unshare --mount poweroff",
    ] {
        assert!(screen.has(shown), "{shown}: {screen}");
    }
    terminal.press("\r");
    assert_eq!(terminal.until_ended().code(), Some(2));
    terminal.until_has("então nada foi rodado");
}

#[test]
fn what_was_agreed_to_is_asked_again_only_when_it_changes() {
    let (home, (folder, file)) = (Home::new(Who::Me), theirs());
    let lessons = folder.path().to_str().unwrap();
    let asks = "Run it, and ask no more until it changes? [y/N]";
    let opens = "A container is a process. Build one, piece by piece.";
    let open = |home: &Home| Terminal::open(home, (110, 30), &["--lang", "en", "--lessons", lessons]);
    let mut first = open(&home);
    first.until_has(asks);
    first.press("y\r");
    first.until_has(opens);
    first.press("qq");
    assert!(first.until_ended().success());
    let mut second = open(&home);
    second.until_has(opens);
    assert!(!second.screen().has(asks));
    second.press("qq");
    assert!(second.until_ended().success());
    fs::write(&file, LESSON.replace("\"id\"", "\"whoami\"")).unwrap();
    let mut third = open(&home);
    third.until_has(asks);
    third.press("n\r");
    assert_eq!(third.until_ended().code(), Some(2));
}
