//! What was done counts under the names of today; the names of every release stay known.

use std::collections::BTreeSet;

use unha::course::lesson::Lesson;
use unha::course::parse;
use unha::course::progress::{Mark, Progress};

fn course() -> Vec<Lesson> {
    let files = parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    parse::course(files.collect()).unwrap()
}

/// A lesson `id` with one step, both with names of old.
fn lesson(id: &str, was: &str, step: &str, step_was: &str) -> String {
    let both = "{ en = \"a\", pt-BR = \"a\" }";
    format!(
        "schema = 1\nid = \"{id}\"\nwas = [{was}]\ntitle = {both}\nsummary = {both}\n\n[[step]]\nid = \"{step}\"\n\
         was = [{step_was}]\nseconds = 60\ntext = {both}\nwhy = {both}\n"
    )
}

fn done(lesson: &str, step: &str) -> Progress {
    let mut progress = Progress { place: Some((lesson.into(), step.into())), ..Progress::default() };
    progress.mark(lesson, step).done = Some(7);
    progress
}

#[test]
fn a_lesson_and_a_step_keep_what_was_done_under_another_name() {
    let text = lesson("new", "\"old\", \"older\"", "now", "\"then\", \"other/there\"");
    let lessons = vec![parse::lesson("01-new.toml", &text).unwrap()];
    let names =
        [("old", "now"), ("older", "now"), ("new", "then"), ("old", "then"), ("other", "there"), ("new", "now")];
    for (lesson, step) in names {
        let renamed = done(lesson, step).renamed(&lessons);
        let marks: Vec<(&str, &str, Mark)> = renamed.marks().collect();
        assert_eq!(marks, [("new", "now", Mark { done: Some(7), ..Mark::default() })], "{lesson}/{step}");
        assert_eq!(renamed.place, Some(("new".into(), "now".into())), "{lesson}/{step}");
        assert_eq!(renamed.clone().renamed(&lessons), renamed);
    }
    // What nobody knows any more stays as it is.
    for (lesson, step) in [("other", "then"), ("gone", "gone")] {
        assert_eq!(done(lesson, step).renamed(&lessons), done(lesson, step));
    }
}

#[test]
fn a_name_of_old_cannot_be_another_ones_name_of_today() {
    let files = |one: String, two: String| vec![("01-one.toml".to_owned(), one), ("02-two.toml".to_owned(), two)];
    let plain = lesson("two", "", "b", "");
    let errors = parse::course(files(lesson("one", "\"two\"", "a", ""), plain.clone())).unwrap_err();
    assert!(errors[0].to_string().contains("`two` cannot be a name of old"), "{}", errors[0]);
    let errors = parse::course(files(lesson("one", "", "a", "\"two/b\""), plain.clone())).unwrap_err();
    assert!(errors[0].to_string().contains("`two/b` cannot be a name of old"), "{}", errors[0]);
    let errors = parse::course(files(lesson("one", "", "a", "\"a\""), plain.clone())).unwrap_err();
    assert!(errors[0].to_string().contains("`a` cannot be a name of old"), "{}", errors[0]);
    assert!(parse::course(files(lesson("one", "\"gone\"", "a", "\"gone\", \"two/gone\""), plain)).is_ok());
}

/// A lesson, step or exercise that is renamed says so by `was`, or learners lose it: every name that was ever here is known.
#[test]
fn every_name_that_was_ever_released_is_known() {
    let lessons = course();
    let mut today: BTreeSet<(String, String)> = BTreeSet::new();
    for lesson in &lessons {
        let places = (0..lesson.places()).filter_map(|place| lesson.at(place));
        today.extend(places.map(|step| (lesson.id.clone(), step.id.clone())));
    }
    let released = include_str!("released.txt").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for name in released {
        let (lesson, step) = name.split_once('/').unwrap();
        let renamed = done(lesson, step).renamed(&lessons);
        let (lesson, step, _) = renamed.marks().next().unwrap();
        assert!(today.contains(&(lesson.to_owned(), step.to_owned())), "{name}: renamed without `was`, or removed");
        count += 1;
    }
    assert!(count > 180, "{count}");
    let known: BTreeSet<&str> = include_str!("released.txt").lines().collect();
    let new: Vec<String> = today.iter().map(|(lesson, id)| format!("{lesson}/{id}")).collect();
    let missing: Vec<&String> = new.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "to be added to released.txt: {missing:?}");
}
