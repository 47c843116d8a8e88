//! All lessons, forth and back, in both languages: the talk's six on a small and on a larger screen, the others on a small one.

use std::collections::BTreeMap;
use std::env;
use std::ops::Range;
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use unha::course::lesson::Page;
use unha::course::reason::why;
use unha::course::text::Lang;
use unha::kernel::reason::Reason;

use super::home::Who;
use super::person::{Person, Reply};
use super::terminal::key;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

impl Person {
    /// Walks a lesson whose first step is open, goes back from its end, and comes forth again; the next one is then
    /// open, or the agenda in view.
    fn walks(&mut self, lesson: usize) {
        let last = self.course[lesson].steps.len() - 1;
        for step in 0..=last {
            self.sees_open(lesson, step);
            self.replies(lesson, step, [Reply::Wrong, Reply::Right, Reply::Skip][step % 3]);
            if self.is_denied(lesson, step) {
                self.is_told_why_not();
                continue;
            }
            self.does(lesson, step);
            if step < last {
                self.terminal.next();
            }
        }
        if self.is_denied(lesson, last) {
            return self.goes_past_exercises(lesson);
        }
        self.goes_back_to(lesson, last - 1);
        for step in [last - 1, last] {
            self.sees_open(lesson, step);
            self.replies(lesson, step, Reply::Right);
            self.does(lesson, step);
            if step < last {
                self.terminal.next();
            }
        }
        self.goes_on(lesson);
    }

    /// Goes on from the end of a lesson.
    pub fn goes_on(&mut self, lesson: usize) {
        if self.course[lesson].steps.last().is_some_and(|step| step.page == Some(Page::Script)) {
            self.terminal.next();
            self.terminal.until_has("#!/bin/sh -e");
        }
        if !self.course[lesson].exercises.is_empty() {
            self.terminal.until_has(self.lang.pick("Enter ▸ next: ", "Enter ▸ a seguir: "));
            self.terminal.next();
            return self.goes_past_exercises(lesson);
        }
        let promise = match self.course.get(lesson + 1) {
            Some(next) => format!("{}: {}", self.lang.pick("next lesson", "próxima lição"), next.title.get(self.lang)),
            None => self.lang.pick("back to the agenda", "voltar à agenda").to_owned(),
        };
        self.terminal.until_has(&promise);
        self.terminal.next();
    }

    /// Leaves the exercises of a lesson undone, the first of which is about to open.
    fn goes_past_exercises(&mut self, lesson: usize) {
        let (lang, of) = (self.lang, self.course[lesson].clone());
        let last = of.exercises.len().saturating_sub(1);
        let mut at = 0;
        while let Some(exercise) = of.exercises.get(at) {
            let number = format!("{} {}/{}", lang.pick("by hand", "na unha"), at + 1, of.exercises.len());
            if !self.has_cgroup && exercise.needs_cgroup() || exercise.step.two_ids && !self.home.has_range() {
                // The reason is the same as for what came before.
                self.terminal.until(format!("{number} is not opened"), |screen| screen.rows()[0].contains(&number));
                self.leaves_out();
                at += 1;
                continue;
            }
            let challenge = lang.pick("x challenge", "x desafio");
            self.terminal.until(format!("{}/{} stands open", of.id, exercise.id()), |screen| {
                // The bottom line comes last, and from before the key x it may still be the first exercise's.
                screen.rows()[0].contains(&number)
                    && screen.has(exercise.step.text.get(lang))
                    && screen.bottom().starts_with(lang.pick("BY HAND", "NA UNHA"))
                    && (at < last || !screen.bottom().contains(challenge))
            });
            if at < last {
                self.terminal.press("x");
                at = last;
                continue;
            }
            self.terminal.next();
            self.terminal.until_has(lang.pick("not all goals are reached", "faltam objetivos"));
            self.terminal.next();
            at += 1;
        }
    }

    /// Whether this machine denies this person the step.
    fn is_denied(&self, lesson: usize, step: usize) -> bool {
        let of = &self.course[lesson];
        let step = &of.steps[step];
        !self.has_cgroup && step.needs_cgroup(of) || step.two_ids && !self.home.has_range()
    }

    /// Is told why a step cannot be done, and leaves it out.
    fn is_told_why_not(&mut self) {
        self.terminal.next();
        self.leaves_out();
    }

    /// Reads why something cannot be done, and leaves it out.
    fn leaves_out(&mut self) {
        let lang = self.lang;
        self.terminal.until("why it cannot be done", |screen| {
            Reason::ALL.iter().any(|reason| *reason != Reason::Unknown && screen.has(why(*reason, lang)))
        });
        let leave = lang.pick("leave this step out", "deixar este passo de lado");
        let mut number = String::new();
        self.terminal.until("the number of leaving it out", |screen| {
            let rows = screen.rows();
            let row = rows.iter().find(|row| row.contains(leave) && !row.contains("Enter"));
            // The number before it: the rest of the row may still be of the picture before.
            let before = row.and_then(|row| row.split_once(leave)).map(|(before, _)| before);
            number = before.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            !number.is_empty()
        });
        self.terminal.press(&number);
        self.terminal.until_has(lang.pick("Enter ▸ leave this step out", "Enter ▸ deixar este passo de lado"));
        self.terminal.next();
    }
}

/// Walks these lessons.
fn walk(who: Who, lang: Lang, size: (u16, u16), lessons: Range<usize>) {
    let mut person = Person::at(who, lang, size);
    if lessons.start == 0 {
        person.terminal.until_has(lang.pick("Enter ▸ start: 0 nothing", "Enter ▸ começar: 0 nada"));
        person.terminal.next();
    } else {
        (0..lessons.start).for_each(|_| person.terminal.press(key::DOWN));
        let title = person.course[lessons.start].title.get(lang);
        person.terminal.until_has(&format!("Enter ▸ {}: {} {title}", lang.pick("start", "começar"), lessons.start));
        person.terminal.next();
    }
    for lesson in lessons.clone() {
        person.walks(lesson);
    }
    if lessons.end < person.course.len() {
        person.sees_open(lessons.end, 0);
        person.terminal.press("a");
    }
    person.sees_agenda();
    let whole = |lesson: &usize| (0..person.course[*lesson].steps.len()).all(|step| !person.is_denied(*lesson, step));
    let (done, whole) = (lang.pick("done", "feito"), lessons.filter(whole).count());
    person.terminal.until("the lessons are done", |screen| {
        screen.rows().iter().filter(|row| row.trim_start_matches([' ', '▸']).starts_with(done)).count() == whole
    });
}

/// A walk, by the name of its test.
struct Walk {
    test: &'static str,
    who: Who,
    lang: Lang,
    size: (u16, u16),
    /// The lessons, in parts that are walked at the same time.
    parts: &'static [Range<usize>],
}

/// The six lessons of the talk.
const TALK: &[Range<usize>] = &[0..3, 3..5, 5..6];
/// Those after it.
const FURTHER: &[Range<usize>] = &[6..9, 9..11, 11..14, 14..17, 17..21];

const WALKS: [Walk; 8] = [
    Walk { test: "in_portuguese_on_a_small_screen", who: Who::Me, lang: Lang::PtBr, size: SMALL, parts: TALK },
    Walk { test: "in_portuguese_on_a_larger_screen", who: Who::Me, lang: Lang::PtBr, size: LARGE, parts: TALK },
    Walk { test: "in_english_on_a_small_screen", who: Who::Me, lang: Lang::En, size: SMALL, parts: TALK },
    Walk { test: "in_english_on_a_larger_screen", who: Who::Me, lang: Lang::En, size: LARGE, parts: TALK },
    Walk { test: "as_an_ordinary_user_in_portuguese", who: Who::Ordinary, lang: Lang::PtBr, size: SMALL, parts: TALK },
    Walk { test: "as_an_ordinary_user_in_english", who: Who::Ordinary, lang: Lang::En, size: LARGE, parts: TALK },
    Walk { test: "further_in_portuguese", who: Who::Me, lang: Lang::PtBr, size: SMALL, parts: FURTHER },
    Walk {
        test: "further_as_an_ordinary_user_in_english",
        who: Who::Ordinary,
        lang: Lang::En,
        size: SMALL,
        parts: FURTHER,
    },
];

/// The walks that have begun, by the names of their tests.
type Begun = BTreeMap<&'static str, Vec<JoinHandle<()>>>;

/// A place among those who walk at the same time. Too many, and the loop without end of the lesson on limits does not get
/// the share of a CPU that it is to be held to.
struct Place;

/// How many places are left.
static PLACES: (Mutex<usize>, Condvar) = (Mutex::new(5), Condvar::new());

impl Place {
    fn take() -> Self {
        let left = PLACES.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = PLACES.1.wait_while(left, |left| *left == 0).unwrap_or_else(PoisonError::into_inner);
        *left -= 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *PLACES.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        PLACES.1.notify_one();
    }
}

/// A walk takes a minute and next to no work, since it waits for what is typed at a human pace. So all that are
/// asked for begin as soon as there is a place, however few tests may run at the same time, and each in three parts.
static BEGUN: LazyLock<Mutex<Begun>> = LazyLock::new(|| {
    let filters: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let asked_for =
        |test: &str| filters.is_empty() || filters.iter().any(|part| format!("lessons::{test}").contains(part));
    let walks = WALKS.iter().filter(|walk| asked_for(walk.test));
    let begin = |w: &'static Walk| {
        let part = |lessons: &Range<usize>| {
            let lessons = lessons.clone();
            thread::spawn(move || {
                let _place = Place::take();
                walk(w.who, w.lang, w.size, lessons);
            })
        };
        (w.test, w.parts.iter().map(part).collect())
    };
    Mutex::new(walks.map(begin).collect())
});

/// Waits until a walk has come to its end; fails as it failed.
fn comes_to_its_end(test: &str) {
    let parts = BEGUN.lock().unwrap_or_else(PoisonError::into_inner).remove(test).unwrap();
    for part in parts {
        if let Err(why) = part.join() {
            // What a thread prints when it panics is kept with the test that started it.
            let said = why.downcast_ref::<String>().map(String::as_str).or(why.downcast_ref::<&str>().copied());
            panic!("{}", said.unwrap_or("the walk failed"));
        }
    }
}

#[test]
fn in_portuguese_on_a_small_screen() {
    comes_to_its_end("in_portuguese_on_a_small_screen");
}

#[test]
fn in_portuguese_on_a_larger_screen() {
    comes_to_its_end("in_portuguese_on_a_larger_screen");
}

#[test]
fn in_english_on_a_small_screen() {
    comes_to_its_end("in_english_on_a_small_screen");
}

#[test]
fn in_english_on_a_larger_screen() {
    comes_to_its_end("in_english_on_a_larger_screen");
}

#[test]
fn as_an_ordinary_user_in_portuguese() {
    comes_to_its_end("as_an_ordinary_user_in_portuguese");
}

#[test]
fn as_an_ordinary_user_in_english() {
    comes_to_its_end("as_an_ordinary_user_in_english");
}

#[test]
fn further_in_portuguese() {
    comes_to_its_end("further_in_portuguese");
}

#[test]
fn further_as_an_ordinary_user_in_english() {
    comes_to_its_end("further_as_an_ordinary_user_in_english");
}

/// An emulated machine is slow, and what differs on it is the cgroups' version.
#[test]
#[ignore = "for the guest of tests/vm; here all lessons are walked"]
fn the_one_on_limits() {
    walk(Who::Me, Lang::PtBr, SMALL, 4..5);
}
