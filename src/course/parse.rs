//! Reading a lesson from TOML, and saying where and why one cannot be read.
//!
//! Nothing of Linux is touched here and no file is opened: the lessons of the course are part of the
//! program, those of an author come in as text. What a person sees of a broken lesson is file, line and
//! column, the line itself with a caret, what was expected and the nearest name that is known.

mod complaint;
mod spot;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::lesson::{Lesson, SCHEMA};
use super::text::Lang;
use complaint::Complaint;
pub(super) use complaint::nearest;
use spot::Spot;

/// The course's own lessons, as file name and text, in talk order.
#[must_use]
pub fn embedded() -> Vec<(&'static str, &'static str)> {
    vec![
        ("00-nothing.toml", include_str!("../../lessons/00-nothing.toml")),
        ("01-uts.toml", include_str!("../../lessons/01-uts.toml")),
        ("02-pid.toml", include_str!("../../lessons/02-pid.toml")),
        ("03-mount.toml", include_str!("../../lessons/03-mount.toml")),
        ("04-cgroup.toml", include_str!("../../lessons/04-cgroup.toml")),
        ("05-rootfs.toml", include_str!("../../lessons/05-rootfs.toml")),
        ("06-ipc.toml", include_str!("../../lessons/06-ipc.toml")),
        ("07-net.toml", include_str!("../../lessons/07-net.toml")),
        ("08-user.toml", include_str!("../../lessons/08-user.toml")),
        ("09-cgroupns.toml", include_str!("../../lessons/09-cgroupns.toml")),
        ("10-time.toml", include_str!("../../lessons/10-time.toml")),
        ("11-share.toml", include_str!("../../lessons/11-share.toml")),
        ("12-io.toml", include_str!("../../lessons/12-io.toml")),
        ("13-devices.toml", include_str!("../../lessons/13-devices.toml")),
        ("14-init.toml", include_str!("../../lessons/14-init.toml")),
        ("15-layers.toml", include_str!("../../lessons/15-layers.toml")),
        ("16-escape.toml", include_str!("../../lessons/16-escape.toml")),
        ("17-capabilities.toml", include_str!("../../lessons/17-capabilities.toml")),
        ("18-no-new-privs.toml", include_str!("../../lessons/18-no-new-privs.toml")),
        ("19-seccomp.toml", include_str!("../../lessons/19-seccomp.toml")),
        ("20-all.toml", include_str!("../../lessons/20-all.toml")),
    ]
}

/// Why a lesson could not be read. [`fmt::Display`] says it in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonError {
    file: String,
    spot: Option<Box<Spot>>,
    complaint: Box<Complaint>,
}

impl LessonError {
    fn new(file: &str, source: &str, span: Option<Range<usize>>, complaint: Complaint) -> Self {
        let spot = span.map(|span| Box::new(Spot::of(source, &span)));
        Self { file: file.to_owned(), spot, complaint: Box::new(complaint) }
    }

    /// The file that could not be read.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Line and column of the fault, both from 1, the column in characters.
    #[must_use]
    pub fn place(&self) -> Option<(usize, usize)> {
        self.spot.as_ref().map(|spot| (spot.line, spot.column))
    }

    /// The whole error for a person, over several lines.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        let (file, what) = (&self.file, self.complaint.what.get(lang));
        let mut margin = String::new();
        let mut lines = match &self.spot {
            None => vec![format!("{file}: {what}")],
            Some(spot) => {
                margin = " ".repeat(spot.line.to_string().len());
                vec![
                    format!("{file}:{}:{}: {what}", spot.line, spot.column),
                    format!("{margin} |"),
                    format!("{} | {}", spot.line, spot.text),
                    format!("{margin} | {}", spot.carets()),
                ]
            }
        };
        let indent = format!("\n{margin}   ");
        let help = self.complaint.help.iter().map(|help| help.get(lang).replace('\n', &indent));
        lines.extend(help.map(|help| format!("{margin} = {help}")));
        lines.join("\n")
    }
}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for LessonError {}

/// What is looked at before all else: a lesson in another format has other keys too.
#[derive(Deserialize)]
struct Head {
    schema: Option<Spanned<i64>>,
    id: Option<Spanned<String>>,
}

/// Reads one lesson.
///
/// # Errors
///
/// The first thing in the text that is no lesson of [`SCHEMA`].
pub fn lesson(file: &str, source: &str) -> Result<Lesson, LessonError> {
    let wrong =
        |error: toml::de::Error| LessonError::new(file, source, error.span(), Complaint::from_message(error.message()));
    let head: Head = toml::from_str(source).map_err(wrong)?;
    if let Some(schema) = head.schema.filter(|schema| *schema.get_ref() != i64::from(SCHEMA)) {
        return Err(LessonError::new(file, source, Some(schema.span()), Complaint::schema(*schema.get_ref())));
    }
    toml::from_str(source).map_err(wrong)
}

/// Reads the lessons of a course, given as file name and text in any order; they are walked in the order of
/// their file names.
///
/// # Errors
///
/// What is wrong with each lesson that cannot be read or that bears the id of another.
pub fn course(mut files: Vec<(String, String)>) -> Result<Vec<Lesson>, Vec<LessonError>> {
    files.sort();
    let mut lessons = Vec::new();
    let mut errors = Vec::new();
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (file, source) in &files {
        match lesson(file, source) {
            Ok(lesson) => {
                if let Some(first) = taken.get(&lesson.id) {
                    errors.push(twice(file, source, &lesson.id, first));
                } else {
                    taken.insert(lesson.id.clone(), file.clone());
                    lessons.push(lesson);
                }
            }
            Err(error) => errors.push(error),
        }
    }
    errors.extend(old_names(&files, &lessons));
    if errors.is_empty() { Ok(lessons) } else { Err(errors) }
}

/// What an old name of a lesson or a step is, if it is another one's name of today: then nobody could tell whose it is.
fn old_names(files: &[(String, String)], lessons: &[Lesson]) -> Vec<LessonError> {
    let is_today = |lesson: &str, step: Option<&str>| {
        let mut of = lessons.iter().filter(|of| of.id == lesson);
        of.any(|of| step.is_none_or(|step| of.steps.iter().any(|of| of.id == step)))
    };
    let mut errors = vec![];
    for lesson in lessons {
        let own = lesson.was.iter().filter(|was| is_today(was, None));
        let steps = lesson.steps.iter().flat_map(|step| &step.was).filter(|was| {
            let (of, step) = was.split_once('/').unwrap_or((&lesson.id, was));
            is_today(of, Some(step))
        });
        for was in own.chain(steps) {
            let file = files.iter().find(|(_, text)| self::lesson("", text).is_ok_and(|of| of.id == lesson.id));
            let Some((file, source)) = file else { continue };
            let at = source.find(&format!("\"{was}\"")).map(|at| at..at + was.len() + 2);
            errors.push(LessonError::new(file, source, at, Complaint::not_old(was)));
        }
    }
    errors
}

fn twice(file: &str, source: &str, id: &str, first: &str) -> LessonError {
    let span = toml::from_str(source).ok().and_then(|head: Head| head.id).map(|id| id.span());
    LessonError::new(file, source, span, Complaint::id_twice(id, first))
}
