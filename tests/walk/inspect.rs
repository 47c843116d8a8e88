//! `unha inspect` on a terminal: a box is found, looked into, entered, and ends while it is looked at.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::unistd::geteuid;

use super::home::{Home, Who};
use super::skip::{Why, skip};
use super::terminal::{Seen, Terminal, key};

const SIZE: (u16, u16) = (80, 24);

/// A box that lasts until Ctrl-D, and whose command line has this word in it.
fn stand(home: &Home, word: &str) -> Terminal {
    let script = format!("while read line; do :; done; : {word}");
    let mut words = vec![
        "run",
        "--hostname",
        word,
        "--uts",
        "--pid",
        "--mount",
        "--ipc",
        "--net",
        "--cap-drop",
        "NET_RAW",
        "--no-new-privs",
    ];
    if home.who == Who::Ordinary || !geteuid().is_root() {
        words.push("--user");
    }
    words.extend(["--", "sh", "-c", &script]);
    let standing = Terminal::open(home, SIZE, &words);
    // Who makes it is in namespaces of its own a moment before, and ends: that one is not meant.
    let command = format!("sh\0-c\0{script}\0").into_bytes();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !command_lines().any(|line| line == command) {
        assert!(Instant::now() < deadline, "{word}: the box does not stand");
        std::thread::yield_now();
    }
    standing
}

fn command_lines() -> impl Iterator<Item = Vec<u8>> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
}

/// Types the word that finds the box, and looks into it once it is the only line; its number.
fn look_into(terminal: &mut Terminal, word: &str) -> u32 {
    terminal.until_has("NAMESPACES OF ITS OWN");
    terminal.press(&format!("/{word}"));
    let line = |screen: &Seen| screen.rows().into_iter().find(|row| row.starts_with(" ▸ "));
    terminal.until("the box is chosen", |screen| {
        screen.has(&format!("find: {word}"))
            && line(screen).is_some()
            && screen.bottom().starts_with("Enter ▸ look into")
    });
    terminal.press(key::ENTER);
    terminal.until_has("INSIDE ·");
    let head = terminal.screen().rows()[0].clone();
    head.split("PID ").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|pid| pid.parse().ok()).expect(&head)
}

/// The lines of a process's status that tell its rights, without blanks.
fn rights(status: &str) -> Vec<String> {
    let told = ["CapEff", "CapBnd", "NoNewPrivs"];
    let lines = status.lines().filter(|line| told.iter().any(|key| line.starts_with(key)));
    lines.map(|line| line.split_whitespace().collect()).collect()
}

fn found_entered_and_ended(who: Who, word: &str) {
    let home = Home::new(who);
    let mut standing = stand(&home, word);
    let mut terminal = Terminal::open(&home, SIZE, &["--lang", "en", "inspect"]);
    let pid = look_into(&mut terminal, word);
    // Its host name, as it sees it itself, and that it is another than ours.
    terminal.until(format!("hostname ≠ {word}"), |screen| {
        screen.rows().iter().any(|row| row.starts_with(" hostname") && row.contains("≠") && row.contains(word))
    });
    // No shell without the question, and none when it is answered with Esc.
    terminal.press("!");
    terminal.until_has(&format!("nsenter --target {pid} --"));
    terminal.press(key::ESCAPE);
    terminal.until("no shell", |screen| !screen.has("nsenter") && screen.has("INSIDE ·"));
    terminal.press("!");
    terminal.until_has("nsenter");
    terminal.press(key::ENTER);
    terminal.until_has("inside#");
    terminal.press("clear; echo name-$(hostname)-is\r");
    terminal.until_has(&format!("name-{word}-is"));
    // It may do no more than the box's first process.
    let own = rights(&fs::read_to_string(format!("/proc/{pid}/status")).unwrap());
    assert_eq!(own.len(), 3, "{own:?}");
    terminal.press("clear; grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status\r");
    terminal.until(format!("{own:?}"), |screen| own.iter().all(|line| screen.has(line)));
    // What is typed is the shell's, q too; F2 takes the keyboard back, and gives it again.
    terminal.press("echo q-is-a-letter\r");
    terminal.until_has("q-is-a-letter");
    terminal.press(key::F2);
    terminal.until_has("F2 type here");
    terminal.press("q");
    terminal.until_has("LEAVE?");
    terminal.press(key::ENTER);
    terminal.until("still there", |screen| !screen.has("LEAVE?"));
    terminal.press(key::F2);
    terminal.until_has("YOUR KEYBOARD IS HERE");
    terminal.press("exit 3\r");
    terminal.until_has("The shell has ended (exit 3).");
    terminal.press(key::ESCAPE);
    terminal.until("the whole portrait", |screen| !screen.has("The shell has ended"));
    // It ends while it is looked at, and stays as it was last seen.
    standing.press(key::CTRL_D);
    standing.until_ended();
    terminal.until_has("ENDED · as last seen");
    assert!(terminal.screen().has(word), "{}", terminal.screen());
    terminal.press(key::ESCAPE);
    terminal
        .until("its line", |screen| screen.rows().iter().any(|row| row.starts_with(" ▸ ") && row.contains("ended")));
    terminal.press("L");
    terminal.until_has("F1 ajuda");
    terminal.press("q");
    assert!(terminal.until_ended().success());
    assert_eq!(terminal.not_given_back(), [""; 0]);
}

#[test]
fn a_box_is_found_entered_and_ends_while_it_is_looked_at() {
    found_entered_and_ended(Who::Me, "quartzo");
}

#[test]
fn an_ordinary_user_finds_and_enters_a_box_of_theirs() {
    if !geteuid().is_root() {
        return skip("an ordinary user looks into a box of theirs", Why::Root);
    }
    found_entered_and_ended(Who::Ordinary, "topazio");
}

/// Whether a process has this word on its command line.
fn runs(word: &str) -> bool {
    command_lines().any(|line| String::from_utf8_lossy(&line).split('\0').any(|part| part == word))
}

fn until_runs(word: &str, wanted: bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while runs(word) != wanted {
        assert!(Instant::now() < deadline, "{word}: runs is not {wanted}");
        std::thread::yield_now();
    }
}

/// Ended by a signal, what was started inside ends with it, even if it ignores that its terminal goes; the box goes on.
fn ended_by(signal: Signal, word: &str, lasts: &str) {
    let home = Home::new(Who::Me);
    let mut standing = stand(&home, word);
    let mut terminal = Terminal::open(&home, SIZE, &["--lang", "en", "inspect"]);
    look_into(&mut terminal, word);
    terminal.press("!");
    terminal.until_has("nsenter");
    terminal.press(key::ENTER);
    terminal.until_has("inside#");
    terminal.press(&format!("trap '' HUP; exec sleep {lasts}\r"));
    until_runs(lasts, true);
    terminal.signal(signal);
    terminal.until_ended();
    // Who is killed gives nothing back.
    assert!(signal == Signal::SIGKILL || terminal.not_given_back().is_empty(), "{:?}", terminal.not_given_back());
    until_runs(lasts, false);
    standing.press(key::CTRL_D);
    assert!(standing.until_ended().success(), "the box was not touched");
}

#[test]
fn a_signal_gives_the_terminal_back_and_ends_the_shell_inside() {
    ended_by(Signal::SIGTERM, "turmalina", "98765.4321");
}

#[test]
fn killed_it_leaves_nothing_inside() {
    ended_by(Signal::SIGKILL, "granada", "98765.1234");
}

/// A container without a shell says so; one of somebody else's may not be looked into.
#[test]
fn what_cannot_be_done_is_said() {
    let home = Home::new(Who::Me);
    let bwrap = ["--unshare-user", "--unshare-pid", "--die-with-parent", "--ro-bind", "/lib", "/lib"];
    let mut command = Command::new("bwrap");
    command.args(bwrap).args(["--ro-bind-try", "/lib64", "/lib64", "--ro-bind", "/bin/sleep", "/safira"]);
    let Ok(mut bare) = command.args(["/safira", "97531"]).spawn() else {
        return skip("a container without a shell (bwrap)", Why::Tool);
    };
    until_runs("/safira", true);
    let mut terminal = Terminal::open(&home, SIZE, &["--lang", "en", "inspect"]);
    look_into(&mut terminal, "safira");
    terminal.press("!");
    terminal.until_has("nsenter");
    terminal.press(key::ENTER);
    terminal.until_has("There is no /bin/sh in this container.");
    terminal.press("q");
    assert!(terminal.until_ended().success());
    let _ = bare.kill();
    let _ = bare.wait();

    let printed = home.unha_without_terminal().args(["--lang", "en", "inspect", "--watch", "1"]).output().unwrap();
    assert_eq!(printed.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&printed.stderr).contains("this is no terminal"));
    if !geteuid().is_root() {
        return skip("somebody else's process is looked into", Why::Root);
    }
    let ordinary = Home::new(Who::Ordinary);
    let mut terminal = Terminal::open(&ordinary, SIZE, &["--lang", "en", "inspect", "--watch", "1"]);
    terminal.until_has("may not be looked into");
    terminal.until_has("sudo");
    terminal.press(key::CTRL_C);
    assert!(terminal.until_ended().success());
    assert_eq!(terminal.not_given_back(), [""; 0]);
}

#[test]
fn a_shell_that_cannot_be_started_says_why_and_is_no_shell_that_ended() {
    let home = Home::new(Who::Me);
    // The shell that waits there reads its lines itself: it needs no program that is hidden from then on.
    let script = "mount -t tmpfs none /usr/bin; while read line; do :; done; : topazio";
    let users: &[&str] = if geteuid().is_root() { &[] } else { &["--user"] };
    let words = [&["run", "--hostname", "topazio", "--uts", "--mount"], users, &["--", "sh", "-c", script]].concat();
    let mut standing = Terminal::open(&home, SIZE, &words);
    let mut terminal = Terminal::open(&home, SIZE, &["--lang", "en", "inspect"]);
    look_into(&mut terminal, "topazio");
    terminal.press("!");
    terminal.until_has("nsenter");
    terminal.press(key::ENTER);
    terminal.until_has("No shell was started: the reason stands above.");
    let screen = terminal.screen();
    assert!(screen.has("There is no /bin/sh in this container.") && !screen.has("has ended"), "{screen}");
    terminal.press(key::ESCAPE);
    terminal.until("the whole portrait", |screen| !screen.has("No shell"));
    // What `!` offers is gone with the container.
    standing.press(key::CTRL_D);
    standing.until_ended();
    terminal.until("no shell is offered", |screen| screen.has("ENDED") && !screen.bottom().contains("! shell"));
    terminal.press("!");
    terminal.until_has("there is nothing to open a shell in");
    terminal.press(key::ENTER);
    terminal.until_has("INSIDE ·");
    terminal.press("d");
    terminal.until_has("WORDS");
    terminal.press(key::ESCAPE);
    terminal.until_has("INSIDE ·");
    terminal.press("q");
    assert!(terminal.until_ended().success());
}

/// A file system inside that nobody serves: it is said that there is no answer, and the next one is looked at all the same.
#[test]
fn who_gives_no_answer_is_said_to_and_holds_up_no_other() {
    let test = "somebody with a file system that hangs is looked into";
    if !geteuid().is_root() {
        return skip(test, Why::Root);
    }
    if fs::File::options().read(true).write(true).open("/dev/fuse").is_err() {
        return println!("SKIP {test}: no /dev/fuse");
    }
    let home = Home::new(Who::Me);
    let hang = "exec 3<>/dev/fuse; mount -n -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none /dev || exit 1; \
                exec sleep 86420.13";
    let mut silent = Command::new("unshare").args(["--mount", "--uts", "sh", "-c", hang]).spawn().unwrap();
    let mut standing = stand(&home, "opala");
    until_runs("86420.13", true);
    let pid = silent.id().to_string();
    let mut terminal = Terminal::open(&home, SIZE, &["--lang", "en", "inspect", "--watch", &pid]);
    terminal.until_has("Its files have given no answer for");
    terminal.until_has("One of its file systems hangs");
    terminal.press(key::ESCAPE);
    look_into(&mut terminal, "opala");
    terminal.until(format!("hostname ≠ {}", "opala"), |screen| {
        screen.rows().iter().any(|row| row.starts_with(" hostname") && row.contains("≠") && row.contains("opala"))
    });
    terminal.press("q");
    assert!(terminal.until_ended().success());
    silent.kill().unwrap();
    silent.wait().unwrap();
    standing.press(key::CTRL_D);
    standing.until_ended();
}
