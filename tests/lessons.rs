//! The lessons as they stand in `lessons/`: each file is read, and holds to what the screen has room for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use unha::course::lesson::{Act, Lesson, PLACEHOLDERS, SCHEMA, Step};
use unha::course::text::Lang;
use unicode_width::UnicodeWidthStr;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn lessons() -> Result<Vec<Lesson>, Box<dyn std::error::Error>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder("lessons"))?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|kind| kind == "toml"));
    files.sort();
    files
        .iter()
        .map(|file| {
            toml::from_str(&fs::read_to_string(file)?).map_err(|error| format!("{}: {error}", file.display()).into())
        })
        .collect()
}

/// How many lines a text takes, broken between words.
fn lines(text: &str, width: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in text.split(' ').map(UnicodeWidthStr::width) {
        if used > 0 && used + 1 + word > width {
            (lines, used) = (lines + 1, word);
        } else {
            used += word + usize::from(used > 0);
        }
    }
    lines
}

fn each_step(mut check: impl FnMut(&Lesson, &Step, &str)) -> Outcome {
    for lesson in &lessons()? {
        for step in &lesson.steps {
            check(lesson, step, &format!("{}/{}", lesson.id, step.id));
        }
    }
    Ok(())
}

#[test]
fn the_lessons_stand_in_talk_order() -> Outcome {
    let lessons = lessons()?;
    let ids: Vec<&str> = lessons.iter().map(|lesson| lesson.id.as_str()).collect();
    let talk = ["nothing", "uts", "pid", "mount", "cgroup", "rootfs"];
    let namespaces = ["ipc", "net", "user", "cgroupns", "time"];
    let resources = ["share", "io", "devices"];
    let deeper = ["init", "layers", "escape"];
    let rights = ["capabilities", "no-new-privs", "seccomp", "all"];
    assert_eq!(ids, [&talk[..], &namespaces, &resources, &deeper, &rights].concat());
    assert!(lessons.iter().all(|lesson| lesson.schema == SCHEMA));
    for lesson in &lessons {
        let steps: BTreeSet<&str> = lesson.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(steps.len(), lesson.steps.len(), "{}: an id stands twice", lesson.id);
        assert!(
            lesson.steps.last().is_some_and(|step| step.docker.is_some()),
            "{}: no line in Docker's words",
            lesson.id
        );
    }
    Ok(())
}

#[test]
fn texts_fit_the_screen_in_both_languages() -> Outcome {
    for lesson in &lessons()? {
        for lang in Lang::ALL {
            assert!(lesson.summary.get(lang).width() <= 38, "{} {lang}: summary", lesson.id);
        }
    }
    each_step(|_, step, name| {
        for lang in Lang::ALL {
            assert!(lines(step.text.get(lang), 76) <= 2, "{name} {lang}: text");
            // Beside "you said 1 · it is 2" there are 55 columns.
            let room = if step.choices.is_empty() { 76 } else { 55 };
            assert!(lines(step.why.get(lang), room) <= 2, "{name} {lang}: why");
            let choices: usize = step.choices.iter().map(|choice| choice.get(lang).width() + 5).sum();
            assert!(choices <= 77, "{name} {lang}: choices");
        }
        assert!(step.see.len() <= 5, "{name}: facts");
    })
}

#[test]
fn a_question_has_an_answer_and_an_act_an_expectation() -> Outcome {
    each_step(|_, step, name| {
        let answer = step.answer.unwrap_or(0);
        assert_eq!(step.choices.is_empty(), step.answer.is_none(), "{name}");
        assert!(answer <= step.choices.len() && (step.choices.is_empty() || answer > 0), "{name}");
        assert_eq!(step.acts.is_empty(), step.expect.is_empty(), "{name}");
    })
}

#[test]
fn code_anchors_stand_exactly_once() -> Outcome {
    each_step(|_, step, name| {
        let Some(code) = &step.code else { return };
        let source = fs::read_to_string(folder("src/kernel/container").join(&code.file)).unwrap_or_default();
        assert_eq!(source.matches(&code.anchor).count(), 1, "{name}: {}", code.anchor);
    })
}

#[test]
fn placeholders_are_known() -> Outcome {
    each_step(|_, step, name| {
        let typed = step.acts.iter().filter_map(|act| match act {
            Act::Inside(line) | Act::Outside(line) => Some(line.as_str()),
            _ => None,
        });
        let expected = step.expect.iter().flat_map(|e| [&e.is, &e.is_not, &e.contains, &e.prints, &e.prints_not]);
        for text in typed.chain(expected.flatten().map(String::as_str)) {
            for (at, _) in text.match_indices('{') {
                let inner = text[at + 1..].split('}').next().unwrap_or_default();
                // A shell's `{ …; }` has a blank behind the brace.
                assert!(inner.starts_with(' ') || PLACEHOLDERS.contains(&inner), "{name}: {{{inner}}}");
            }
        }
    })
}
