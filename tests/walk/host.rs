//! `unha --host`: the question before, the machine as the outside, what is different after.
//!
//! Never on the machine that the tests run on: "the real machine" is a place with namespaces of its own.

use std::io::Write;
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use unha::course::text::Lang;

use super::home::{Home, Who};
use super::person::{Person, READY, Reply, course, is};
use super::place::{NAME, Place};
use super::terminal::{Terminal, key};

const SMALL: (u16, u16) = (80, 24);

/// A place, or aloud why there is none.
fn place() -> Option<Place> {
    if geteuid().is_root() {
        return Some(Place::new());
    }
    let _ = std::io::stderr().write_all(b"SKIP host: a place to break needs root (root)\n");
    assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "this may not be skipped");
    None
}

/// Whoever has said yes and looks at the agenda.
fn at(place: &Place, who: Who, lang: Lang) -> Person {
    let home = Home::within(place.first, who);
    let terminal = Terminal::open(&home, SMALL, &["--lang", lang.tag(), "--host"]);
    let mut person = Person { terminal, home, lang, size: SMALL, course: course(), has_cgroup: true };
    person.terminal.until_has(lang.pick("OUTSIDE WILL BE THIS MACHINE: testvm", "FORA SERÁ ESTA MÁQUINA: testvm"));
    person.terminal.press("testvm\r");
    person.sees_agenda();
    person.terminal.until_has(lang.pick("OUTSIDE IS THIS MACHINE", "FORA É ESTA MÁQUINA"));
    person
}

impl Person {
    /// Walks a lesson from its first step; those that no real machine should bear are left out, with the sentence why.
    fn walks_on_host(&mut self, lesson: usize) {
        let lang = self.lang;
        self.terminal.press("a");
        self.sees_agenda();
        self.terminal.press(&lesson.to_string());
        let root = self.home.owner().is_none();
        let steps = self.course[lesson].steps.clone();
        for (step, at) in steps.iter().enumerate() {
            self.sees_open(lesson, step);
            self.terminal.until_has(lang.pick("OUTSIDE IS THIS MACHINE", "FORA É ESTA MÁQUINA"));
            self.replies(lesson, step, Reply::Right);
            if let Some(why) = at.host.refusal(root) {
                self.terminal.next();
                self.terminal.until_has(lang.pick("NOT ON A REAL MACHINE", "NÃO NUMA MÁQUINA DE VERDADE"));
                self.terminal.until_has(why.get(lang));
                let skip = if root || at.host.refused.is_some() { "1" } else { "2" };
                self.terminal.press(skip);
                self.terminal.until_has(lang.pick("Enter ▸ leave this step out", "Enter ▸ deixar este passo de lado"));
                self.terminal.next();
                continue;
            }
            self.does(lesson, step);
            if step + 1 < steps.len() {
                self.terminal.next();
            }
        }
    }

    /// Gives the keyboard to the shell outside, types a line there, and takes the keyboard back.
    fn types_outside(&mut self, line: &str, prints: &str) {
        self.terminal.press(key::F4);
        self.terminal.until_has(self.lang.pick("F2 type here · F4 inside", "F2 digita aqui · F4 dentro"));
        self.terminal.press(key::F2);
        self.terminal.until_has(self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI"));
        self.terminal.press(line);
        self.terminal.press("\r");
        self.terminal.until_has(prints);
        self.terminal.press(key::F2);
        self.terminal.until("the talk has the keyboard", |screen| !screen.has("F2 gives it back"));
    }

    fn leaves(&mut self) {
        self.terminal.press("q");
        self.terminal.until_has(self.lang.pick("Leave?", "Sair?"));
        self.terminal.press("q");
    }
}

/// What a place is like, as far as a course could change it.
fn looks(place: &Place) -> String {
    place.says("hostname; cut -d' ' -f4- /proc/self/mountinfo | sort; ls -A /tmp /mnt /srv; ls /sys/class/net")
}

#[test]
fn it_asks_and_takes_no_other_answer() {
    let Some(place) = place() else { return };
    let before = looks(&place);
    for (lang, word) in [(Lang::En, "yes"), (Lang::PtBr, "")] {
        let home = Home::within(place.first, Who::Me);
        let mut terminal = Terminal::open(&home, SMALL, &["--lang", lang.tag(), "--host"]);
        terminal.until_has(lang.pick("type the name of this machine: testvm", "digite o nome desta máquina: testvm"));
        terminal.press(&format!("{word}\r"));
        let status = terminal.until_ended();
        assert_eq!(status.code(), Some(1), "{}", terminal.screen());
        assert!(terminal.screen().has(lang.pick("nothing was started", "nada foi iniciado")), "{}", terminal.screen());
    }
    // Without a terminal there is nobody to ask.
    let home = Home::within(place.first, Who::Me);
    let output = home.unha_without_terminal().args(["--lang", "en", "--host"]).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no terminal to ask on"), "{said}");
    assert_eq!(looks(&place), before);
}

#[test]
fn the_lessons_are_walked_on_the_machine_and_leave_it_as_it_was() {
    let Some(place) = place() else { return };
    let before = looks(&place);
    let mut person = at(&place, Who::Me, Lang::En);
    for lesson in [0, 1, 3] {
        person.walks_on_host(lesson);
        // It was the real name, and the next lesson begins with the machine as it was.
        let name = place.says("hostname");
        assert_eq!(name, if lesson == 0 { "oops" } else { NAME }, "after lesson {lesson}");
    }
    assert!(place.says("cat /tmp/data/b") == "y", "a folder of the machine was handed to the box");
    person.leaves();
    person.terminal.until_has("This machine is as it was at the start.");
    assert_eq!(person.terminal.until_ended().code(), Some(0));
    assert_eq!(looks(&place), before);
    assert_eq!(std::fs::read_dir(person.home.records()).unwrap().count(), 0);
}

#[test]
fn processes_and_limits_are_the_machines_own() {
    let Some(place) = place() else { return };
    let before = looks(&place);
    let mut person = at(&place, Who::Me, Lang::PtBr);
    for lesson in [2, 4] {
        person.walks_on_host(lesson);
    }
    // Up to the step that destroys: that one is for a machine that nobody else uses.
    person.terminal.press("a");
    person.sees_agenda();
    person.terminal.press("5");
    for step in 0..5 {
        person.sees_open(5, step);
        person.replies(5, step, Reply::Right);
        person.does(5, step);
        person.terminal.next();
    }
    // What the box wrote is in a folder of the machine, in a tmpfs that is called after the run.
    let layers = place.says("grep -c '/unha-[0-9-]*[.]d .* - tmpfs unha-' /proc/self/mountinfo");
    assert_eq!(layers, "1");
    person.leaves();
    person.terminal.until_has("Esta máquina está como no começo.");
    assert_eq!(person.terminal.until_ended().code(), Some(0));
    assert_eq!(looks(&place), before);
    assert_eq!(std::fs::read_dir(person.home.records()).unwrap().count(), 0);
}

#[test]
fn the_step_that_destroys_destroys_the_box_alone() {
    let Some(_) = place() else { return };
    let place = Place::with_files_of_its_own();
    assert_eq!(place.says("ls /sys/fs/cgroup; stat -f -c %T /"), "overlayfs", "nothing of others is in reach");
    // Somebody's files, on the machine's own root file system.
    place.says("echo mine >/kept; mkdir -p /opt/kept");
    let before = looks(&place);
    let mut person = at(&place, Who::Me, Lang::En);
    person.has_cgroup = false;
    person.walks_on_host(5);
    person.leaves();
    person.terminal.until_has("This machine is as it was at the start.");
    assert_eq!(person.terminal.until_ended().code(), Some(0));
    assert_eq!(looks(&place), before);
    assert_eq!(place.says("cat /kept; ls -d /opt/kept /bin/ls"), "mine\n/bin/ls\n/opt/kept");
}

#[test]
fn what_a_killed_keeper_leaves_is_removed() {
    let Some(place) = place() else { return };
    let mut person = at(&place, Who::Me, Lang::En);
    let before = looks(&place);
    person.terminal.press("5");
    person.sees_open(5, 0);
    let layers = "grep -c '/unha-[0-9-]*[.]d .* - tmpfs unha-' /proc/self/mountinfo";
    assert_eq!(place.says(layers), "1");
    place.says("kill -9 $(pgrep -f '^unha __bench')");
    person.terminal.until("the box is gone", |screen| screen.has("The container ended (signal 9)"));
    assert_eq!(place.says(layers), "1", "nobody was there to take it off");
    person.leaves();
    assert_eq!(person.terminal.until_ended().code(), Some(0));
    let Person { home, terminal, .. } = person;
    drop(terminal);
    let output = home.unha_without_terminal().args(["--lang", "en", "clean"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("removed ") && said.contains(".d\n"), "{said}");
    assert_eq!(looks(&place), before);
    assert_eq!(std::fs::read_dir(home.records()).unwrap().count(), 0);
}

#[test]
fn an_ordinary_user_is_told_what_is_left_out() {
    let Some(place) = place() else { return };
    let before = looks(&place);
    let mut person = at(&place, Who::Ordinary, Lang::PtBr);
    person.has_cgroup = false;
    for lesson in [1, 3] {
        person.walks_on_host(lesson);
    }
    person.leaves();
    person.terminal.until_has("Esta máquina está como no começo.");
    assert_eq!(person.terminal.until_ended().code(), Some(0));
    assert_eq!(looks(&place), before);
}

#[test]
fn a_file_that_is_there_already_is_nobodys_to_write_to() {
    let Some(place) = place() else { return };
    place.says("echo mine >/tmp/a");
    let mut person = at(&place, Who::Me, Lang::En);
    person.terminal.press("3");
    person.sees_open(3, 0);
    person.replies(3, 0, Reply::Right);
    person.does(3, 0);
    person.terminal.next();
    person.sees_open(3, 1);
    person.replies(3, 1, Reply::Right);
    person.terminal.next();
    person.terminal.until_has("one of that name is there already.");
    person.terminal.until_has("/tmp/a");
    person.leaves();
    assert_eq!(person.terminal.until_ended().code(), Some(0), "{}", person.terminal.screen());
    assert_eq!(place.says("cat /tmp/a"), "mine");
}

#[test]
fn what_the_person_changed_is_put_back_only_on_a_yes() {
    let Some(place) = place() else { return };
    let mut person = at(&place, Who::Me, Lang::En);
    person.terminal.press("0");
    person.sees_open(0, 0);
    person.types_outside("hostname mine; mount -t tmpfs stick /srv; ip link add veth9 type veth; echo do''ne", "done");
    person.leaves();
    person.terminal.until_has("host name mine (was testvm): hostname testvm");
    person.terminal.until_has("mounted on /srv: stick (tmpfs): umount /srv");
    person.terminal.until_has("network link veth9: ip link del veth9");
    person.terminal.until_has("hostname testvm [y/N]");
    person.terminal.press("y\r");
    person.terminal.until_has("umount /srv [y/N]");
    person.terminal.press("\r");
    for name in ["veth0", "veth9"] {
        person.terminal.until_has(&format!("ip link del {name} [y/N]"));
        person.terminal.press("\r");
    }
    assert_eq!(person.terminal.until_ended().code(), Some(0), "{}", person.terminal.screen());
    assert_eq!(place.says("hostname"), NAME);
    assert_eq!(place.says("grep -c ' /srv .*stick' /proc/self/mountinfo"), "1");
    assert_eq!(std::fs::read_dir(person.home.records()).unwrap().count(), 0, "it was decided on");
}

/// Without `--host`: the top line tells what came out of the bench from what others do on the machine.
#[test]
fn a_stick_that_is_plugged_in_is_no_change_of_ours() {
    let Some(place) = place() else { return };
    let home = Home::within(place.first, Who::Me);
    let terminal = Terminal::open(&home, SMALL, &["--lang", "en"]);
    let mut person = Person { terminal, home, lang: Lang::En, size: SMALL, course: course(), has_cgroup: true };
    person.sees_agenda();
    person.terminal.press("1");
    person.sees_open(1, 0);
    person.terminal.until_has("machine: untouched");
    place.says("mount -t tmpfs stick /srv; hostname by-dhcp");
    // The row `machine` shows the name as soon as it was looked at.
    person.terminal.until_has("hostname by-dhcp");
    person.terminal.until_has("machine: untouched");
    // A name of the bench's own on the machine can only have come out of there.
    place.says("hostname bench");
    person.terminal.until_has("machine: CHANGED");
    place.says("hostname testvm");
    person.terminal.until_has("machine: untouched");
    person.leaves();
    assert_eq!(person.terminal.until_ended().code(), Some(0));
}

#[test]
fn a_killed_course_is_settled_by_clean() {
    let Some(place) = place() else { return };
    let mut person = at(&place, Who::Me, Lang::En);
    person.terminal.press("0");
    person.sees_open(0, 0);
    person.types_outside("hostname mine; mount -t tmpfs stick /srv; echo do''ne", "done");
    let nsenter = person.terminal.pid();
    let children = std::fs::read_to_string(format!("/proc/{nsenter}/task/{nsenter}/children")).unwrap();
    kill(Pid::from_raw(children.trim().parse().unwrap()), Signal::SIGKILL).unwrap();
    assert!(!person.terminal.until_ended().success());
    let Person { home, terminal, .. } = person;
    drop(terminal);
    // The next course does not take that for the machine as it was.
    let mut terminal = Terminal::open(&home, SMALL, &["--lang", "en", "--host"]);
    assert_eq!(terminal.until_ended().code(), Some(1));
    assert!(terminal.screen().has("an earlier --host was killed"), "{}", terminal.screen());
    // Nobody is there to decide: nothing is done.
    for words in [&["clean", "--dry-run"][..], &["clean"]] {
        let output =
            home.unha_without_terminal().args(["--lang", "en"]).args(words).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("host name mine (was testvm): hostname testvm"), "{said}");
        assert!(said.contains("mounted on /srv: stick (tmpfs): umount /srv"), "{said}");
        assert_eq!(output.status.code(), Some(i32::from(words.len() == 1)), "{said}");
        assert_eq!(place.says("hostname"), "mine");
    }
    let mut terminal = Terminal::open(&home, SMALL, &["--lang", "en", "clean"]);
    terminal.until_has("hostname testvm [y/N]");
    terminal.press("n\r");
    terminal.until_has("umount /srv [y/N]");
    terminal.press("y\r");
    assert_eq!(terminal.until_ended().code(), Some(0), "{}", terminal.screen());
    assert_eq!(place.says("hostname; grep -c stick /proc/self/mountinfo"), "mine\n0");
    assert_eq!(std::fs::read_dir(home.records()).unwrap().count(), 0);
}

#[test]
fn a_signal_asks_nothing_and_forgets_nothing() {
    let Some(place) = place() else { return };
    let mut person = at(&place, Who::Me, Lang::En);
    person.terminal.press("0");
    person.sees_open(0, 0);
    person.replies(0, 0, Reply::Right);
    person.terminal.until("READY", |screen| is(screen, READY, Lang::En));
    person.types_outside("hostname mine; echo do''ne", "done");
    let nsenter = person.terminal.pid();
    let children = std::fs::read_to_string(format!("/proc/{nsenter}/task/{nsenter}/children")).unwrap();
    kill(Pid::from_raw(children.trim().parse().unwrap()), Signal::SIGTERM).unwrap();
    assert_eq!(person.terminal.until_ended().code(), Some(0));
    assert!(person.terminal.screen().has("Written down; later: unha clean"), "{}", person.terminal.screen());
    assert_eq!(std::fs::read_dir(person.home.records()).unwrap().count(), 1);
}
