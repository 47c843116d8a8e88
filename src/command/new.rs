//! `unha new deck DIR`: a small deck in both languages that runs at once, to be changed into one's own.
//!
//! It is written into a folder that is not there yet or is empty, with the format's explanation beside it; nothing that
//! exists is ever written over.

pub mod lesson;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{MISUSED, words};
use crate::course::text::Lang;
use crate::kernel::host::quoted;

/// The deck, and the pages on how one is written: file name and text.
const FILES: [(&str, &str); 3] = [
    ("00-mine.en.md", include_str!("new/00-mine.en.md")),
    ("00-mine.pt-BR.md", include_str!("new/00-mine.pt-BR.md")),
    ("README.md", include_str!("../../slides/README.md")),
];

/// Where in that page our own deck's facts begin, which are nothing to another.
const FACTS: &str = "\n## Facts · Fatos\n";

/// Why there is no deck now: the call that failed on a path.
struct Unmade {
    call: &'static str,
    path: PathBuf,
    error: io::Error,
}

/// Makes a deck in `folder`, and says which lines to type next.
pub fn run(folder: &Path, lang: Lang) -> ExitCode {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let name = folder.display();
        words::complain(&match lang {
            Lang::En => {
                format!("{name} is not empty, so nothing was written\n  Next: name a folder that is not there yet")
            }
            Lang::PtBr => {
                format!("{name} não está vazia, então nada foi escrito\n  Tente: uma pasta que ainda não existe")
            }
        });
        return ExitCode::from(MISUSED);
    }
    if let Err(Unmade { call, path, error }) = make(folder) {
        let call = words::refused_call(call, &path, &error, lang);
        words::complain(&match lang {
            Lang::En => format!("there is no deck now: {call}\n  Next: name a folder where you may write"),
            Lang::PtBr => format!("o deck não foi criado: {call}\n  Tente: uma pasta onde você possa escrever"),
        });
        return ExitCode::FAILURE;
    }
    say(folder, lang);
    ExitCode::SUCCESS
}

/// Writes all files, or none.
fn make(folder: &Path) -> Result<(), Unmade> {
    fs::create_dir_all(folder).map_err(|error| Unmade { call: "mkdir", path: folder.to_owned(), error })?;
    let mut made: Vec<PathBuf> = vec![];
    for (name, text) in FILES {
        let path = folder.join(name);
        let text = text.split(FACTS).next().unwrap_or(text);
        let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| ("open", error));
        let written = file.and_then(|mut file| {
            made.push(path.clone());
            file.write_all(text.as_bytes()).map_err(|error| ("write", error))
        });
        if let Err((call, error)) = written {
            for ours in &made {
                let _ = fs::remove_file(ours);
            }
            return Err(Unmade { call, path, error });
        }
    }
    Ok(())
}

/// The lines to type next.
fn say(folder: &Path, lang: Lang) {
    let deck = quoted(&folder.to_string_lossy());
    let file = quoted(&folder.join(lang.pick(FILES[0].0, FILES[1].0)).to_string_lossy());
    let page = folder.join(FILES[2].0);
    println!("unha present --deck {deck}    # {}", lang.pick("shows it", "mostra o deck"));
    println!("\"${{EDITOR:-vi}}\" {file}    # {}", lang.pick("changes it", "muda o deck"));
    println!("# {}: {}", lang.pick("how a deck is written", "como se escreve um deck"), page.display());
}
