//! A fork bomb, a memory eater, a disk filler and a CPU hog inside, each in a box with limits: keys are answered, and
//! the box is built anew. How soon they are answered is for benches/speed to say.

use std::path::Path;

use unha::course::lesson::Lesson;
use unha::course::text::Lang;

use super::home::{Home, Who};
use super::person::Person;
use super::skip::{Why, skip};
use super::terminal::{Terminal, key};

const LOADS: &str = include_str!("loads/01-loads.toml");

/// A person in the lesson that puts the box under load.
fn person(lang: Lang, size: (u16, u16)) -> Person {
    let home = Home::new(Who::Me);
    let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walk/loads");
    let terminal =
        Terminal::open(&home, size, &["--lang", lang.tag(), "--trust", "--lessons", lessons.to_str().unwrap()]);
    let course: Vec<Lesson> = vec![toml::from_str(LOADS).unwrap()];
    let mut person = Person { terminal, home, lang, size, course, has_cgroup: true };
    person.sees_agenda();
    person.terminal.until_has("rootfs: ");
    person.has_cgroup = !person.terminal.screen().has(lang.pick("cgroup: no", "cgroup: não"));
    person
}

#[test]
fn keys_are_answered_beside_any_load() {
    let mut person = person(Lang::En, (80, 24));
    if !person.has_cgroup {
        skip("keys_are_answered_beside_any_load", Why::Cgroup);
        return;
    }
    person.terminal.next();
    let last = person.course[0].steps.len() - 1;
    for step in 0..=last {
        person.sees_open(0, step);
        // It makes a new box, for all that the old one is full of the load before.
        person.does(0, step);
        person.terminal.press(key::F1);
        person.terminal.until_has("WHILE THE TALK HAS THE KEYBOARD");
        person.terminal.press(key::ESCAPE);
        person.sees_done(0, step);
        if step < last {
            person.terminal.next();
        }
    }
}
