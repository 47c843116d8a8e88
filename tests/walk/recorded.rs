//! A machine that refuses everything: the six lessons are walked all the same, as they were recorded. seccomp(2).

use std::thread;

use unha::course::text::Lang;

use super::home::Who;
use super::person::{Person, Reply};
use super::refuse::refuse_everything;
use super::terminal::key;

const SMALL: (u16, u16) = (80, 24);
/// The lessons of the talk: all of them are recorded.
const TALK: usize = 6;

impl Person {
    /// Waits until a step stands open that says that it was recorded.
    fn sees_recorded(&mut self, lesson: usize, step: usize) {
        self.sees_open(lesson, step);
        let recorded = self.lang.pick("RECORDED", "GRAVADO");
        let screen = self.terminal.screen();
        let rows: Vec<String> = screen.rows();
        assert!(rows[0].trim_end().ends_with(recorded), "not said at the top:\n{screen}");
        let shell = rows.iter().skip(1).find(|row| row.starts_with('─') && row.contains(recorded));
        let linux = self.lang.pick("on Linux", "no Linux");
        assert!(
            shell.is_some_and(|row| row.contains(linux) && row.contains("cgroup v1")),
            "not said at the shell:\n{screen}"
        );
        assert!(!screen.has(self.lang.pick("machine: untouched", "máquina: intacta")), "{screen}");
    }
}

fn walk(lang: Lang) {
    refuse_everything();
    let mut person = Person::at(Who::Ordinary, lang, SMALL);
    person.terminal.next();
    person.terminal.until_has(lang.pick("THE KERNEL REFUSED THIS STEP", "O KERNEL RECUSOU ESTE PASSO"));
    person.terminal.until_has("= EPERM");
    person.terminal.until_has(lang.pick("Enter ▸ go on with the recording", "Enter ▸ seguir com a gravação"));
    // What is recorded has every limit, and nothing that is done by hand.
    person.has_cgroup = true;
    person.course.iter_mut().for_each(|lesson| lesson.exercises.clear());
    let lessons = TALK;
    for lesson in 0..lessons {
        let last = person.course[lesson].steps.len() - 1;
        for step in 0..=last {
            // The first time one chooses the recording; from then on nobody asks.
            if step > 0 || lesson == 0 {
                person.terminal.next();
            }
            person.sees_recorded(lesson, step);
            if (lesson, step) == (1, 0) {
                person.terminal.press(key::F2);
                person.terminal.until_has(lang.pick("a recording: no key of yours", "uma gravação: suas teclas não"));
            }
            person.replies(lesson, step, [Reply::Right, Reply::Wrong, Reply::Skip][step % 3]);
            person.does(lesson, step);
        }
        if lesson == 1 {
            person.goes_back_to(lesson, last - 1);
            person.replies(lesson, last - 1, Reply::Right);
            person.does(lesson, last - 1);
            person.terminal.next();
            person.sees_recorded(lesson, last);
            person.replies(lesson, last, Reply::Right);
            person.does(lesson, last);
        }
        person.goes_on(lesson);
    }
    if lessons < person.course.len() {
        person.terminal.press("a");
    }
    person.sees_agenda();
    let done = lang.pick("done", "feito");
    person.terminal.until("all lessons are done", |screen| {
        screen.rows().iter().filter(|row| row.trim_start_matches([' ', '▸']).starts_with(done)).count() == lessons
    });
}

/// In a thread of its own, which is refused and nobody else.
fn refused(lang: Lang) {
    if let Err(why) = thread::spawn(move || walk(lang)).join() {
        panic!("{}", why.downcast_ref::<String>().map_or("the walk failed", String::as_str));
    }
}

#[test]
fn a_machine_that_refuses_everything_shows_recordings_in_english() {
    refused(Lang::En);
}

#[test]
fn a_machine_that_refuses_everything_shows_recordings_in_portuguese() {
    refused(Lang::PtBr);
}
