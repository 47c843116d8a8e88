//! A rehearsal: what it took is kept and summed up, and the next talk is planned by it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;
use unha::course::text::Lang;

use super::home::{Home, Who};
use super::terminal::{Terminal, key};

const SIZE: (u16, u16) = (80, 24);

/// Two slides, planned for ten and twenty seconds, that open nothing.
const DECK: &str = "<!-- chapter: Mine -->\n\n# First\n\n<!-- slide: first, 10s, must -->\n\none\n\n\
                    # Second\n\n<!-- slide: second, 20s, must -->\n\ntwo\n";

fn mine() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("00-mine.en.md"), DECK).unwrap();
    folder
}

fn open(home: &Home, deck: &TempDir, lang: Lang, more: &[&str]) -> Terminal {
    let slides = deck.path().to_str().unwrap();
    let mut terminal =
        Terminal::open(home, SIZE, &[&["present", "--lang", lang.tag(), "--deck", slides], more].concat());
    terminal.until_has("one");
    terminal
}

/// The clock that stands with the list of all slides, in seconds, and the rest of that line.
fn clock(rows: &[String]) -> Option<(u64, String)> {
    let line = rows.iter().find(|row| row.contains(" / ") && row.contains('·'))?;
    let (spent, planned) = line.split_once(" / ")?;
    let (minutes, seconds) = spent.rsplit([' ', '─']).next()?.split_once(':')?;
    Some((minutes.parse::<u64>().ok()? * 60 + seconds.parse::<u64>().ok()?, planned.to_owned()))
}

/// Stays where one is until this many seconds of the talk have passed.
fn stays_until(terminal: &mut Terminal, seconds: u64) {
    terminal.press("a");
    terminal.until(format!("{seconds} s on the clock"), |screen| {
        clock(&screen.rows()).is_some_and(|(spent, _)| spent >= seconds)
    });
    terminal.press(key::ESCAPE);
    terminal.until("the slide again", |screen| clock(&screen.rows()).is_none());
}

/// Where unha keeps what outlives it.
fn state(home: &Home) -> PathBuf {
    let unha = home.unha();
    let folder = unha.get_envs().find_map(|(name, value)| value.filter(|_| name == "XDG_STATE_HOME"));
    PathBuf::from(folder.expect("a home has one")).join("unha")
}

fn times(home: &Home, deck: &TempDir) -> Value {
    let text = fs::read_to_string(state(home).join("rehearsals.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(all["schema"], 1);
    let folder = fs::canonicalize(deck.path()).unwrap();
    all["decks"][folder.to_str().unwrap()]["full"].clone()
}

#[test]
fn the_next_talk_is_planned_by_what_was_rehearsed() {
    let (home, deck) = (Home::new(Who::Me), mine());
    let mut terminal = open(&home, &deck, Lang::En, &["--rehearse", "--route", "full"]);
    terminal.press("a");
    terminal.until_has("0:00 / 0:30 · plan: as the slides say");
    terminal.press(key::ESCAPE);
    terminal.until("the slide again", |screen| clock(&screen.rows()).is_none());
    terminal.next();
    terminal.until_has("two");
    stays_until(&mut terminal, 2);
    terminal.next();
    terminal.until_has("that was the last slide");
    // At the end the times are kept, before one leaves.
    let took = times(&home, &deck);
    let second = took["took"]["second"].as_u64().unwrap();
    assert!(second >= 1500, "{took}");
    assert_eq!(took["took"].get("first"), None, "the clock starts with the first Next: {took}");
    terminal.press("qq");
    assert!(terminal.until_ended().success());
    let screen = terminal.screen();
    for said in
        ["Rehearsal: 0:0", "of 0:30 planned (plan: as the slides say)", "What took longest:", "second", "Second"]
    {
        assert!(screen.has(said), "{said}\n{screen}");
    }
    assert!(screen.has("One slide or step was not rehearsed") && screen.has("rehearsals.json"), "{screen}");
    // The talk itself begins at its beginning, and says what it is planned by.
    let planned = (10_000 + second + 500) / 1000;
    let date = took["date"].as_str().unwrap().to_owned();
    let mut terminal = open(&home, &deck, Lang::PtBr, &[]);
    terminal.press("a");
    terminal.until_has(&format!("0:00 / 0:{planned:02} · plano: ensaiado em {date}"));
    terminal.press(key::ESCAPE);
    terminal.until("the slide again", |screen| clock(&screen.rows()).is_none());
    terminal.press("qq");
    assert!(terminal.until_ended().success());
    assert_eq!(times(&home, &deck), took, "a talk is no rehearsal");
}

#[test]
fn who_leaves_before_the_first_next_has_rehearsed_nothing() {
    let (home, deck) = (Home::new(Who::Me), mine());
    let mut terminal = open(&home, &deck, Lang::PtBr, &["--rehearse"]);
    terminal.press("qq");
    assert!(terminal.until_ended().success());
    terminal.until_has("Nada foi ensaiado");
    assert!(!state(&home).join("rehearsals.json").exists());
}

/// What cannot be read is said and kept aside under a name of its own, however often it happens.
#[test]
fn a_file_that_makes_no_sense_is_kept_aside() {
    let (home, deck) = (Home::new(Who::Me), mine());
    fs::create_dir_all(state(&home)).unwrap();
    let file = state(&home).join("rehearsals.json");
    let broken = [
        ("{\"schema\":1,\"decks\":", "makes no sense at line 1", "rehearsals.json.unread"),
        ("{\"schema\":2,\"decks\":[]}", "written by a newer unha", "rehearsals.json.unread2"),
    ];
    for (text, said, aside) in broken {
        fs::write(&file, text).unwrap();
        let mut terminal = open(&home, &deck, Lang::En, &["--rehearse", "--route", "full"]);
        terminal.next();
        terminal.until_has("two");
        stays_until(&mut terminal, 2);
        terminal.press("qq");
        assert!(terminal.until_ended().success());
        let screen = terminal.screen();
        assert!(screen.has(said) && screen.has(&format!("kept as {}", state(&home).join(aside).display())), "{screen}");
        assert_eq!(fs::read_to_string(state(&home).join(aside)).unwrap(), text);
        assert!(times(&home, &deck)["took"]["second"].as_u64().is_some_and(|took| took >= 1500));
    }
}
