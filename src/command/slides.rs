//! Loads the slides: the embedded ones or an author's own folder.

use std::fs;
use std::path::Path;

use super::words;
use crate::course::deck::{Deck, deck, embedded};
use crate::course::lesson::Lesson;
use crate::course::text::Lang;

/// Files by name and text.
type Files = Vec<(String, String)>;

/// Loads the slides of `folder`, or the embedded ones, with the files that they stand in; each lesson that they open must be
/// in the course.
///
/// # Errors
/// What is wrong, where, and what to do about it, in `lang`.
pub fn load(folder: Option<&Path>, lessons: &[Lesson], lang: Lang) -> Result<(Deck, Files), String> {
    let files = match folder {
        Some(folder) => read(folder, lang)?,
        None => embedded(),
    };
    let deck = deck(&files).map_err(|errors| {
        let path = |file: &str| folder.map_or_else(|| file.to_owned(), |dir| dir.join(file).display().to_string());
        let said = errors.iter().map(|error| {
            let said = error.say(lang);
            said.strip_prefix(&error.file).map(|rest| format!("{}{rest}", path(&error.file))).unwrap_or(said)
        });
        said.collect::<Vec<_>>().join("\n")
    })?;
    let unknown = deck.unknown_lessons(lessons, lang);
    if unknown.is_empty() { Ok((deck, files)) } else { Err(unknown.join("\n")) }
}

fn read(folder: &Path, lang: Lang) -> Result<Files, String> {
    let said = |error: std::io::Error| format!("--deck: {}", words::unread(folder, &error, lang));
    let mut files = vec![];
    for entry in fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        if path.extension().is_some_and(|end| end == "md") {
            let text = fs::read_to_string(&path).map_err(|error| words::unread(&path, &error, lang))?;
            files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
        }
    }
    Ok(files)
}
