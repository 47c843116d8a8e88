//! A recording from a file, shown to somebody without any rights.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use unha::course::text::Lang;

use super::home::{Home, Who};
use super::person::{DONE, READY, course, is};
use super::terminal::{Terminal, key};

/// A copy that anybody may read.
fn file(lang: Lang) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let file = folder.path().join("uts.jsonl.gz");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("lessons/recorded/uts.{lang}.jsonl.gz")), &file)
        .unwrap();
    (folder, file)
}

fn replay(size: (u16, u16), lang: Lang, speed: &str) -> (TempDir, Home, Terminal) {
    let (folder, file) = file(lang);
    let home = Home::new(Who::Ordinary);
    let words = ["--lang", lang.tag(), "replay", "--speed", speed, file.to_str().unwrap()];
    let terminal = Terminal::open(&home, size, &words);
    (folder, home, terminal)
}

#[test]
fn a_recording_plays_by_itself_and_begins_again_at_its_end() {
    for (lang, recorded) in [(Lang::En, "RECORDED"), (Lang::PtBr, "GRAVADO")] {
        // Slow enough for each step to be drawn on a machine that does much else.
        let (_folder, _home, mut terminal) = replay((80, 24), lang, "4");
        let steps = course().remove(1).steps;
        terminal.until_has(lang.pick("Space ▸ again, from the beginning", "Espaço ▸ de novo, desde o começo"));
        // Looked at from the end: a step may come and go between two looks.
        for (number, step) in steps.iter().enumerate() {
            let shown = terminal.has_shown(|screen| {
                screen.rows()[0].contains(&format!("{}/{}", number + 1, steps.len()))
                    && is(screen, DONE, lang)
                    && screen.has(step.why.get(lang))
                    && screen.has(recorded)
            });
            assert!(shown, "{} is done", step.id);
        }
        terminal.press(" ");
        terminal.until_has(steps[0].text.get(lang));
        terminal.press("q");
        assert!(terminal.until_ended().success());
        assert_eq!(terminal.not_given_back(), Vec::<&str>::new());
    }
}

#[test]
fn whoever_looks_on_stops_it_and_goes_from_step_to_step() {
    let (_folder, _home, mut terminal) = replay((120, 40), Lang::En, "1");
    let steps = course().remove(1).steps;
    terminal.until_has("Space ▸ pause");
    terminal.press(" ");
    terminal.until_has("Space ▸ go on");
    for step in &steps[..4] {
        terminal.press("\x1b[C");
        terminal.until(&step.id, |screen| screen.has(step.text.get(Lang::En)) && !is(screen, DONE, Lang::En));
    }
    // Paused, it stands at the very beginning of a step: back is the one before.
    terminal.press("\x1b[D");
    terminal.until_has(steps[2].text.get(Lang::En));
    terminal.press("s");
    terminal.until_has("unshare(CLONE_NEWUTS) = 0");
    terminal.press(key::ESCAPE);
    terminal.until("it goes on", |screen| screen.has("Space ▸ pause") && is(screen, READY, Lang::En));
    terminal.resize((80, 24));
    terminal.until("the step is done", |screen| screen.rows()[0].contains("3/6") && is(screen, DONE, Lang::En));
    terminal.press(key::CTRL_C);
    assert!(terminal.until_ended().success());
    assert_eq!(terminal.not_given_back(), Vec::<&str>::new());
}
