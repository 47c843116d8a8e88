//! Loads the course: the embedded lessons or an author's own folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::words::{self, meant, nearest};
use crate::course::lesson::Lesson;
use crate::course::parse;
use crate::course::text::Lang;

/// The course, and which of its lessons were asked for.
pub struct Loaded {
    /// Name and source of each file, in the order of the lessons.
    pub files: Vec<(String, String)>,
    /// The lessons.
    pub lessons: Vec<Lesson>,
    /// Indices of those that were asked for.
    pub chosen: Vec<usize>,
}

/// Loads the lessons of `folder`, or the embedded ones; `names` choose by id, number or file.
///
/// # Errors
/// What is wrong, where, and what was expected, in `lang`.
pub fn load(folder: Option<&Path>, names: &[String], lang: Lang) -> Result<Loaded, String> {
    let mut files = match folder {
        Some(folder) => read(folder, lang)?,
        None => parse::embedded().into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
    };
    // Where each file is, as the person who reads of a mistake in it would open it.
    let mut paths: BTreeMap<String, String> = BTreeMap::new();
    if let Some(folder) = folder {
        paths.extend(files.iter().map(|(file, _)| (file.clone(), folder.join(file).display().to_string())));
    }
    let mut wanted = vec![];
    for name in names {
        // A file that is named is checked as it is, in place of the embedded one of that name or as a lesson of its own.
        if name.contains('/') || Path::new(name).extension().is_some_and(|end| end == "toml") {
            let text = fs::read_to_string(name).map_err(|error| words::unread(Path::new(name), &error, lang))?;
            let base = Path::new(name).file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.retain(|(file, _)| *file != base);
            files.push((base.clone(), text));
            paths.insert(base.clone(), name.clone());
            wanted.push(base);
        } else {
            wanted.push(name.clone());
        }
    }
    files.sort();
    let lessons = parse::course(files.clone()).map_err(|errors| {
        let said = errors.iter().map(|error| {
            let path = paths.get(error.file()).map_or(error.file(), String::as_str);
            let said = error.say(lang);
            said.strip_prefix(error.file()).map(|rest| format!("{path}{rest}")).unwrap_or(said)
        });
        said.collect::<Vec<_>>().join("\n")
    })?;
    let mut chosen = vec![];
    for name in &wanted {
        chosen.push(find(name, &files, &lessons, lang)?);
    }
    if chosen.is_empty() {
        chosen = (0..lessons.len()).collect();
    }
    Ok(Loaded { files, lessons, chosen })
}

fn read(folder: &Path, lang: Lang) -> Result<Vec<(String, String)>, String> {
    let said = |error: std::io::Error| format!("--lessons: {}", words::unread(folder, &error, lang));
    let mut files = vec![];
    for entry in fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            let text = fs::read_to_string(&path).map_err(|error| words::unread(&path, &error, lang))?;
            files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
        }
    }
    if files.is_empty() {
        let none =
            lang.pick("there is no lesson (NN-name.toml) in it", "não há nenhuma lição (NN-nome.toml) ali dentro");
        return Err(format!("--lessons {}: {none}", folder.display()));
    }
    Ok(files)
}

/// Whether one can begin there: at a lesson by id or number, or at a step of it behind a stroke.
///
/// # Errors
/// What there is instead, in `lang`.
pub fn begins(name: &str, loaded: &Loaded, lang: Lang) -> Result<(), String> {
    let (lesson, step) = name.split_once('/').map_or((name, None), |(lesson, step)| (lesson, Some(step)));
    let lesson = &loaded.lessons[find(lesson, &[], &loaded.lessons, lang)?];
    let Some(step) = step else { return Ok(()) };
    let numbered = step.parse().is_ok_and(|number| (1..=lesson.steps.len()).contains(&number));
    if numbered || lesson.named(step).is_some() {
        return Ok(());
    }
    let ids: Vec<&str> = lesson.steps.iter().map(|step| step.id.as_str()).collect();
    let near = meant(nearest(step, ids.iter().copied()), lang);
    let (id, count, ids) = (&lesson.id, lesson.steps.len(), ids.join(", "));
    Err(match lang {
        Lang::En => format!("{id} has no step `{step}`, only {ids} (or 1 to {count}){near}"),
        Lang::PtBr => format!("{id} não tem o passo `{step}`, só {ids} (ou de 1 a {count}){near}"),
    })
}

fn find(name: &str, files: &[(String, String)], lessons: &[Lesson], lang: Lang) -> Result<usize, String> {
    let by_id = lessons.iter().position(|lesson| lesson.id == name);
    let by_file = files.iter().position(|(file, _)| file == name);
    let by_number = name.parse::<usize>().ok().filter(|number| *number < lessons.len());
    by_id.or(by_file).or(by_number).ok_or_else(|| {
        let ids: Vec<&str> = lessons.iter().map(|lesson| lesson.id.as_str()).collect();
        let near = meant(nearest(name, ids.iter().copied()), lang);
        let (last, ids) = (lessons.len().saturating_sub(1), ids.join(", "));
        match lang {
            Lang::En => format!("there is no lesson `{name}`, only {ids} (or 0 to {last}){near}"),
            Lang::PtBr => format!("não existe a lição `{name}`, só {ids} (ou de 0 a {last}){near}"),
        }
    })
}
