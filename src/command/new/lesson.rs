//! `unha new lesson NAME`: a lesson whose steps and exercises run already and whose texts are still to be written.
//!
//! `unha check` names each text that says TODO, until none does.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::super::{MISUSED, words};
use crate::course::parse;
use crate::course::text::Lang;
use crate::kernel::host::quoted;

const EN: &str = include_str!("lesson/en.toml");
const PT_BR: &str = include_str!("lesson/pt-BR.toml");

/// The page on how a lesson is written.
const README: &str = include_str!("../../../lessons/README.md");

/// Columns of the word in the chain.
const TITLE: usize = 8;

/// Makes a lesson by this name, and says which lines to type next.
pub fn run(name: &Path, lang: Lang) -> ExitCode {
    let path = if name.extension().is_some_and(|end| end == "toml") { name.to_owned() } else { with_toml(name) };
    let id = match id_of(&path, lang) {
        Ok(id) => id,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    if path.symlink_metadata().is_ok() {
        words::complain(&there_already(&path, lang));
        return ExitCode::from(MISUSED);
    }
    if let Err((call, path, error)) = make(&path, &id, lang) {
        let call = words::refused_call(call, &path, &error, lang);
        words::complain(&match lang {
            Lang::En => format!("there is no lesson now: {call}\n  Next: name a file in a folder where you may write"),
            Lang::PtBr => {
                format!("a lição não foi criada: {call}\n  Tente: um arquivo numa pasta onde você possa escrever")
            }
        });
        return ExitCode::FAILURE;
    }
    say(&path, lang);
    ExitCode::SUCCESS
}

fn with_toml(name: &Path) -> PathBuf {
    let mut name = name.as_os_str().to_owned();
    name.push(".toml");
    name.into()
}

/// The lesson's id: the file's name without its number.
fn id_of(path: &Path, lang: Lang) -> Result<String, String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let id = stem.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '-').to_owned();
    let letter = |sign: char| sign.is_ascii_lowercase();
    if !id.starts_with(letter) || !id.chars().all(|sign| letter(sign) || sign.is_ascii_digit() || sign == '-') {
        return Err(match lang {
            Lang::En => format!(
                "{stem}: a lesson's name begins with a letter and holds only a-z, 0-9 and hyphens\n  \
                 Next: unha new lesson my-lesson"
            ),
            Lang::PtBr => format!(
                "{stem}: o nome de uma lição começa com letra e só tem a-z, 0-9 e hifens\n  \
                 Tente: unha new lesson minha-licao"
            ),
        });
    }
    let own = parse::embedded().into_iter().filter_map(|(file, text)| parse::lesson(file, text).ok());
    if own.into_iter().any(|lesson| lesson.id == id) {
        return Err(match lang {
            Lang::En => format!("{id}: unha has a lesson of that name\n  Next: another name"),
            Lang::PtBr => format!("{id}: o unha já tem uma lição com esse nome\n  Tente: outro nome"),
        });
    }
    Ok(id)
}

fn there_already(path: &Path, lang: Lang) -> String {
    let path = path.display();
    match lang {
        Lang::En => format!("{path} is there already, so nothing was written\n  Next: another name"),
        Lang::PtBr => format!("{path} já existe, então nada foi escrito\n  Tente: outro nome"),
    }
}

fn make(path: &Path, id: &str, lang: Lang) -> Result<(), (&'static str, PathBuf, io::Error)> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| ("mkdir", folder.to_owned(), error))?;
    }
    let title: String = id.chars().take(TITLE).collect();
    let text = lang.pick(EN, PT_BR).replace("@ID@", id).replace("@TITLE@", title.trim_end_matches('-'));
    write(path, &text).map_err(|(call, error)| (call, path.to_owned(), error))?;
    // Beside it how a lesson is written, unless there is a page of that name already.
    let _ = write(&path.with_file_name("README.md"), README);
    Ok(())
}

/// Writes a file that is not there yet, whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), (&'static str, io::Error)> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| ("open", error))?;
    file.write_all(text.as_bytes()).map_err(|error| {
        let _ = fs::remove_file(path);
        ("write", error)
    })
}

/// The lines to type next.
fn say(path: &Path, lang: Lang) {
    let file = quoted(&path.to_string_lossy());
    // A bare name would be taken for one of the course's.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder_said = quoted(&folder.to_string_lossy());
    println!("\"${{EDITOR:-vi}}\" {file}    # {}", lang.pick("write it", "escreva"));
    let check = lang.pick("says what is missing, runs it", "diz o que falta, roda tudo");
    println!("unha check --trust {file}    # {check}");
    println!("unha --trust --lessons {folder_said}    # {}", lang.pick("shows it", "mostra a lição"));
    let how = lang.pick("how a lesson is written", "como se escreve uma lição");
    println!("# {how}: {}", folder.join("README.md").display());
}
