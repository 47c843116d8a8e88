//! All six lessons, forth and back, in both languages, on a small and on a larger screen.

use unha::course::lesson::Page;
use unha::course::text::Lang;

use super::home::Who;
use super::person::{Person, Reply};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

/// How many steps one goes back at the end of a lesson.
const BACK: usize = 2;

impl Person {
    /// Walks one step whose box can be built.
    fn walks(&mut self, lesson: usize, step: usize, reply: Reply) {
        self.sees_open(lesson, step);
        self.replies(lesson, step, reply);
        self.does(lesson, step);
    }

    /// Walks a lesson, goes back a little, and comes forth again. It ends with its last step done.
    fn walks_lesson(&mut self, lesson: usize) {
        let steps = self.course[lesson].steps.len();
        for step in 0..steps {
            let reply = [Reply::Wrong, Reply::Right, Reply::Skip][step % 3];
            self.walks(lesson, step, reply);
            if step + 1 < steps {
                self.terminal.next();
            }
        }
        let first = steps.saturating_sub(1 + BACK);
        for step in (first..steps - 1).rev() {
            self.goes_back_to(lesson, step);
        }
        for step in first..steps {
            self.walks(lesson, step, Reply::Right);
            if step + 1 < steps {
                self.terminal.next();
            }
        }
    }
}

fn walk(who: Who, lang: Lang, size: (u16, u16)) {
    let mut person = Person::at(who, lang, size);
    person.terminal.until_has(lang.pick("Enter ▸ start: 0 nothing", "Enter ▸ começar: 0 nada"));
    let lessons = person.course.len();
    for lesson in 0..lessons {
        person.terminal.next();
        person.walks_lesson(lesson);
        if let Some(next) = person.course.get(lesson + 1) {
            let promise = format!("{}: {}", lang.pick("next lesson", "próxima lição"), next.title.get(lang));
            person.terminal.until_has(&promise);
        }
    }
    assert_eq!(person.course[lessons - 1].steps.last().unwrap().page, Some(Page::Script));
    person.terminal.next();
    person.terminal.until_has("pivot_root");
    person.terminal.next();
    person.sees_agenda();
    let done = lang.pick("done", "feito");
    person.terminal.until("all lessons are done", |screen| {
        screen.rows().iter().filter(|row| row.trim_start_matches([' ', '▸']).starts_with(done)).count() == lessons
    });
}

#[test]
fn in_portuguese_on_a_small_screen() {
    walk(Who::Me, Lang::PtBr, SMALL);
}

#[test]
fn in_portuguese_on_a_larger_screen() {
    walk(Who::Me, Lang::PtBr, LARGE);
}

#[test]
fn in_english_on_a_small_screen() {
    walk(Who::Me, Lang::En, SMALL);
}

#[test]
fn in_english_on_a_larger_screen() {
    walk(Who::Me, Lang::En, LARGE);
}
