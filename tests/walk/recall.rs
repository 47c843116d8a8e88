//! Coming back another day: a few questions first, answered from memory, and the agenda that knows what was wrong.

use std::fs;
use std::path::PathBuf;

use unha::course::progress::Progress;
use unha::course::talk::Answer;
use unha::course::text::Lang;
use unha::session::store;

use super::home::{Home, Who};
use super::person::course;
use super::terminal::{Terminal, key};

/// The 18th of November 2026, or a day about then, wherever this machine is.
const THEN: u64 = 1_795_000_000;

/// Where the progress is kept.
pub fn file(home: &Home) -> PathBuf {
    let unha = home.unha();
    let folder = unha.get_envs().find_map(|(name, value)| value.filter(|_| name == "XDG_STATE_HOME"));
    PathBuf::from(folder.expect("a home has one")).join("unha/progress.json")
}

/// A learner who has done the first lesson long ago, and said something wrong to its last question.
fn learner() -> Home {
    let home = Home::new(Who::Me);
    let mut progress = Progress { schema: Progress::SCHEMA, at: THEN, ..Progress::default() };
    let nothing = &course()[0];
    for step in &nothing.steps {
        let mark = progress.mark(&nothing.id, &step.id);
        mark.done = Some(THEN);
        (mark.answer, mark.answered) = (step.answer.map(Answer::Chose), THEN);
    }
    for exercise in &nothing.exercises {
        progress.mark(&nothing.id, exercise.id()).done = Some(THEN);
    }
    let last = nothing.steps.last().unwrap();
    progress.mark(&nothing.id, &last.id).answer = Some(Answer::Chose(last.answer.unwrap() % last.choices.len() + 1));
    fs::create_dir_all(file(&home).parent().unwrap()).unwrap();
    store::save(&file(&home), &progress).unwrap();
    home
}

#[test]
fn who_comes_back_another_day_is_asked_and_their_answer_is_kept() {
    let (home, lang) = (learner(), Lang::PtBr);
    let nothing = course().remove(0);
    let last = nothing.steps.last().unwrap();
    let mut terminal = Terminal::open(&home, (80, 24), &["--lang", lang.tag()]);
    terminal.until_has("Antes de continuar: o que ficou?");
    terminal.until_has(last.text.get(lang));
    let truth = last.answer.unwrap();
    terminal.press(&truth.to_string());
    terminal.until_has(&format!("você disse {truth} · deu {truth}"));
    terminal.until_has(last.why.get(lang));
    terminal.next();
    terminal.until_has("2/3");
    terminal.press(key::ESCAPE);
    terminal.until_has("Um contêiner é um processo.");
    terminal.until("no step of it is wrong any more", |screen| !screen.has("1 erro"));
    terminal.press("qq");
    assert!(terminal.until_ended().success());
    let kept = store::load::<Progress>(&file(&home)).unwrap().unwrap();
    let mark = kept.lessons[&nothing.id][&last.id];
    assert_eq!((mark.answer, mark.done), (Some(Answer::Chose(truth)), Some(THEN)));
    assert!(mark.answered > THEN);
    // On the same day nobody is asked again.
    let mut terminal = Terminal::open(&home, (80, 24), &["--lang", "en"]);
    terminal.until_has("A container is a process.");
}

#[test]
fn what_was_wrong_stands_on_the_agenda() {
    let home = learner();
    let mut terminal = Terminal::open(&home, (80, 24), &["--lang", "en"]);
    terminal.until_has("Before you go on: what do you remember?");
    terminal.press(key::ESCAPE);
    terminal.until_has("1 wrong");
    terminal.press(key::UP);
    let steps = course()[0].steps.len();
    terminal.until_has(&format!("look again: 0 nothing, step {steps}"));
}

/// A file that is damaged is said when unha is left, and the course begins all the same.
#[test]
fn a_damaged_file_is_said_and_the_course_goes_on() {
    let home = learner();
    fs::write(file(&home), "{\"schema\":2").unwrap();
    let mut terminal = Terminal::open(&home, (100, 30), &["--lang", "en"]);
    terminal.until_has("A container is a process.");
    terminal.press("qq");
    assert!(terminal.until_ended().success());
    terminal.until_has("makes no sense at line 1");
    assert_eq!(fs::read_to_string(file(&home).with_extension("json.unread")).unwrap(), "{\"schema\":2");
}

/// Where nothing can be kept the course goes on, and says so at once and at the end.
#[test]
fn what_cannot_be_kept_is_said() {
    let home = Home::new(Who::Me);
    let folder = file(&home).parent().unwrap().to_owned();
    fs::write(&folder, "no folder").unwrap();
    let mut terminal = Terminal::open(&home, (100, 30), &["--lang", "en"]);
    terminal.until_has("A container is a process.");
    // The route is kept, or would be.
    terminal.press("T");
    terminal.until_has("progress: ");
    terminal.until_has("not written");
    terminal.press("qq");
    assert!(terminal.until_ended().success());
    terminal.until("why, at the end", |screen| screen.has("not written") && screen.has("progress.json"));
    assert_eq!(fs::read_to_string(&folder).unwrap(), "no folder");
}

#[test]
fn a_reset_is_asked_for() {
    let home = learner();
    let before = fs::read(file(&home)).unwrap();
    let asks = |home: &Home, answer: &str| {
        let mut terminal = Terminal::open(home, (100, 30), &["--lang", "pt-BR", "progress", "reset"]);
        let done = course()[0].steps.len() + course()[0].exercises.len();
        terminal.until_has(&format!("Apagar todo o progresso (passos feitos: {done})? Fica uma cópia. [s/N]"));
        terminal.press(answer);
        terminal.until_ended().code()
    };
    assert_eq!(asks(&home, "\r"), Some(1));
    assert_eq!(fs::read(file(&home)).unwrap(), before);
    assert_eq!(asks(&home, "s\r"), Some(0));
    assert_eq!(store::load::<Progress>(&file(&home)).unwrap().unwrap().marks().count(), 0);
    assert_eq!(fs::read(file(&home).with_extension("json.before")).unwrap(), before);
}
