//! A talk that is recorded while it is given: it is shown again, exported, and neither a kill nor a disk takes it away.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::signal::Signal;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use tempfile::TempDir;
use unha::course::deck::{deck, embedded};
use unha::course::tape::{self, Reel, Tape};

use super::home::{Home, Who};
use super::skip::{Why, skip};
use super::terminal::{Seen, Terminal, key};

const SIZE: (u16, u16) = (80, 24);

/// A folder, and a file in it that is not there yet.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("talk.jsonl.gz");
    (folder, file)
}

fn present(home: &Home, file: &Path, more: &[&str]) -> Terminal {
    let words = [&["present", "--lang", "en", "--record", file.to_str().unwrap()], more].concat();
    Terminal::open(home, SIZE, &words)
}

/// Whether the slide with this number is shown.
fn slide(screen: &Seen, number: usize) -> bool {
    let slides = deck(&embedded()).unwrap().slides.len();
    screen.rows()[0].trim_end().ends_with(&format!("{number}/{slides}"))
}

fn is_blank(screen: &Seen) -> bool {
    screen.rows()[1..22].concat().trim().is_empty()
}

fn leave(terminal: &mut Terminal) -> Option<i32> {
    terminal.press("q");
    terminal.until_has("Leave?");
    terminal.press("q");
    let code = terminal.until_ended().code();
    assert_eq!(terminal.not_given_back(), Vec::<&str>::new());
    code
}

fn read(file: &Path) -> Option<Tape> {
    tape::read(&fs::read(file).unwrap()).ok()
}

/// Slides, a blank screen, the other language, a step of a lesson on a real box; returns the slide that opens it.
fn give(terminal: &mut Terminal) -> usize {
    terminal.until("the first slide", |screen| slide(screen, 1));
    terminal.next_by(key::PAGE_DOWN);
    terminal.until("the second", |screen| slide(screen, 2));
    terminal.press(".");
    terminal.until("nothing", is_blank);
    // Not at once: the viewer is to see it too.
    terminal.next_by(".");
    terminal.until("the second again", |screen| slide(screen, 2) && screen.rows()[0].contains("Opening"));
    terminal.press("L");
    terminal.until("it in Portuguese", |screen| screen.rows()[0].contains("Abertura"));
    terminal.press("L");
    let opener = deck(&embedded()).unwrap().opener("uts").unwrap() + 1;
    terminal.press(&format!("g{opener}"));
    terminal.until("it is found", |screen| screen.bottom().contains(&format!("Enter ▸ {opener} UTS")));
    terminal.next();
    terminal.until("the slide", |screen| slide(screen, opener));
    terminal.next_by(key::PAGE_DOWN);
    terminal.until("the question", |screen| screen.bottom().starts_with("QUESTION"));
    terminal.press("2");
    terminal.until_has("the room said 2");
    terminal.next();
    terminal.until("what the kernel said", |screen| {
        screen.bottom().starts_with("DONE") && screen.has("A new namespace starts as a copy")
    });
    opener
}

#[test]
fn a_talk_is_shown_again_as_it_was_given() {
    let (_folder, file) = place();
    let home = Home::new(Who::Me);
    let mut terminal = present(&home, &file, &[]);
    let opener = give(&mut terminal);
    assert_eq!(leave(&mut terminal), Some(0));
    assert!(terminal.screen().has(&format!("recorded, {} kB: unha replay {}", size(&file), file.display())));
    let words = ["--lang", "en", "replay", "--speed", "0.1", file.to_str().unwrap()];
    let mut viewer = Terminal::open(&home, (100, 30), &words);
    let recorded = |screen: &Seen| screen.rows()[0].contains("RECORDED");
    viewer.until("the first slide", |screen| slide(screen, 1) && recorded(screen));
    viewer.press(" ");
    viewer.until_has("Space ▸ go on");
    viewer.press("\x1b[C");
    viewer.until("the second slide", |screen| slide(screen, 2) && recorded(screen));
    viewer.press(" ");
    viewer.until("a blank screen", |screen| is_blank(screen) && recorded(screen));
    viewer.press(" ");
    viewer.until_has("Space ▸ go on");
    viewer.press("\x1b[C");
    viewer.until("what was live", |screen| slide(screen, opener) && recorded(screen));
    viewer.press("\x1b[D");
    viewer.until("the second slide", |screen| slide(screen, 2) && recorded(screen));
    viewer.press("\x1b[C");
    viewer.until("what was live", |screen| slide(screen, opener) && recorded(screen));
    viewer.press("\x1b[C");
    viewer.until("the question", |screen| {
        recorded(screen) && screen.has("We switch on a UTS namespace") && screen.bottom().starts_with("QUESTION")
    });
    viewer.press(" +++++");
    viewer.until("the answer", |screen| screen.has("the room said 2 · it is 2") && recorded(screen));
    viewer.until("the end", |screen| screen.has("Leave?") && screen.bottom().contains("again, from the beginning"));
    viewer.press("q");
    assert_eq!(viewer.until_ended().code(), Some(0));
    assert_eq!(viewer.not_given_back(), Vec::<&str>::new());
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).unwrap().len().div_ceil(1000)
}

/// The last slide of a tape.
fn last(tape: &Tape) -> usize {
    let mut reel = Reel::new(tape);
    reel.go_to(tape.end);
    reel.talk.presenting.as_ref().unwrap().at.slide + 1
}

#[test]
fn a_talk_that_is_killed_is_shown_up_to_there() {
    let (_folder, file) = place();
    let home = Home::new(Who::Me);
    let mut terminal = present(&home, &file, &[]);
    for number in 1..4 {
        terminal.until("the next slide", |screen| slide(screen, number) && screen.bottom().contains("Enter ▸"));
        if number < 3 {
            terminal.next_by(key::PAGE_DOWN);
        }
    }
    // What happened is in the file half a second later at the most.
    let deadline = Instant::now() + Duration::from_secs(30);
    while read(&file).is_none_or(|tape| last(&tape) < 3) {
        assert!(Instant::now() < deadline, "it does not come to the disk");
        std::thread::yield_now();
    }
    terminal.signal(Signal::SIGKILL);
    terminal.until_ended();
    let tape = read(&file).unwrap();
    assert!(tape.cut);
    assert_eq!(last(&tape), 3);
    let words = ["--lang", "en", "replay", "--speed", "20", file.to_str().unwrap()];
    let mut viewer = Terminal::open(&home, SIZE, &words);
    viewer.until("the last slide", |screen| slide(screen, 3) && screen.has("again, from the beginning"));
    viewer.press("q");
    assert_eq!(viewer.until_ended().code(), Some(0));
    assert!(viewer.screen().has("its end is missing: the run was killed"), "{}", viewer.screen());
}

#[test]
fn a_file_that_is_there_is_kept_unless_told_otherwise_and_one_that_cannot_be_written_is_said_at_once() {
    let (folder, file) = place();
    let home = Home::new(Who::Me);
    fs::write(&file, "mine").unwrap();
    let nowhere = folder.path().join("no/such/folder/talk.jsonl.gz");
    for (file, more, said) in [
        (file.as_path(), &[][..], "it is there already. Next: another name, or --force"),
        (&nowhere, &[], "cannot be written: ENOENT"),
        (Path::new("/dev/full"), &["--force"], "cannot be written: ENOSPC"),
    ] {
        let mut terminal = present(&home, file, more);
        assert_eq!(terminal.until_ended().code(), Some(1));
        let screen = terminal.screen();
        assert!(screen.has(&format!("--record {}: {said}", file.display())), "{said}: {screen}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    let mut terminal = present(&home, &file, &["--force"]);
    terminal.until("the first slide", |screen| slide(screen, 1));
    assert_eq!(leave(&mut terminal), Some(0));
    assert!(read(&file).is_some_and(|tape| !tape.cut));
}

/// What cannot be written any more: a pipe whose reader is gone stands for a disk that is full.
#[test]
fn the_talk_goes_on_where_its_recording_stops() {
    let (_folder, file) = place();
    let home = Home::new(Who::Me);
    mkfifo(&file, Mode::from_bits_truncate(0o600)).unwrap();
    let reader = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&file).unwrap();
    // Nobody reads, so the lessons at the recording's beginning have to fit.
    fcntl(&reader, FcntlArg::F_SETPIPE_SZ(1 << 20)).unwrap();
    let mut terminal = present(&home, &file, &["--force"]);
    terminal.until("the first slide", |screen| slide(screen, 1));
    drop(reader);
    terminal.until_has("no longer recording: EPIPE (Broken pipe)");
    terminal.next_by(key::PAGE_DOWN);
    terminal.until("the second slide", |screen| slide(screen, 2) && !screen.has("no longer recording"));
    assert_eq!(leave(&mut terminal), Some(1));
    assert!(terminal.screen().has("stopped before the end: EPIPE"), "{}", terminal.screen());
}

#[test]
fn asciinema_plays_it() {
    if Command::new("asciinema").arg("--version").output().is_err() {
        return skip("a cast in asciinema", Why::Tool);
    }
    let (folder, file) = place();
    let home = Home::new(Who::Me);
    let mut terminal = present(&home, &file, &[]);
    give(&mut terminal);
    assert_eq!(leave(&mut terminal), Some(0));
    let cast = folder.path().join("talk.cast");
    let exported = Command::new(env!("CARGO_BIN_EXE_unha")).arg("replay").arg(&file).arg("--cast").output().unwrap();
    assert!(exported.status.success());
    fs::write(&cast, &exported.stdout).unwrap();
    // With a terminal of its own: it wants one whatever it does.
    let asciinema = |words: &str| {
        let mut command = Command::new("setsid");
        command.args(["--ctty", "sh", "-c", &format!("exec asciinema {words}")]).current_dir(folder.path());
        command.env("HOME", folder.path()).env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8");
        Terminal::start(command, None, SIZE)
    };
    assert!(asciinema("cat talk.cast >told").until_ended().success());
    let text = String::from_utf8(exported.stdout).unwrap();
    let events = text.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let told: String = events.map(|event| event[2].as_str().unwrap().to_owned()).collect();
    assert!(fs::read_to_string(folder.path().join("told")).unwrap() == told, "it prints what no event holds");
    let mut player = asciinema("play --speed 2 --idle-time-limit 1 talk.cast");
    assert!(player.until_ended().success());
    // On a machine that does much else nobody has seen it while it stood there.
    assert!(player.has_shown(|screen| slide(screen, 1) && screen.rows()[0].contains("RECORDED")), "the first slide");
    let screen = player.screen();
    assert!(screen.has("[UTS]") && screen.has("RECORDED") && screen.has("Leave?"), "{screen}");
}
