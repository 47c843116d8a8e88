//! What is said of files that are kept between two runs.

use std::path::Path;

use super::{io, unread};
use crate::course::text::Lang;
use crate::session::store::Unkept;

/// A file that could not be read, and where it is now.
pub fn unkept(why: &Unkept, lang: Lang) -> String {
    match why {
        Unkept::Unreadable { file, error } => unread(file, error, lang),
        Unkept::Broken { file, error, aside } => {
            let (file, aside, line, column) = (file.display(), aside.display(), error.line(), error.column());
            match lang {
                Lang::En => format!("{file}: makes no sense at line {line}, column {column}; it is kept as {aside}"),
                Lang::PtBr => {
                    format!("{file}: não faz sentido na linha {line}, coluna {column}; ficou guardado como {aside}")
                }
            }
        }
        Unkept::Newer { file, aside, .. } => {
            let (file, aside) = (file.display(), aside.display());
            match lang {
                Lang::En => format!("{file}: written by a newer unha; it is kept as {aside}"),
                Lang::PtBr => format!("{file}: foi gravado por um unha mais novo; ficou guardado como {aside}"),
            }
        }
    }
}

/// The times of a rehearsal that could not be written.
pub fn not_kept(file: &Path, error: &std::io::Error, lang: Lang) -> String {
    format!("{}: {}: {}", file.display(), lang.pick("not written", "não gravado"), io(error, lang))
}

/// There is no folder for what is to be kept.
pub const fn homeless(lang: Lang) -> &'static str {
    lang.pick(
        "nothing was written: neither HOME nor XDG_STATE_HOME names a folder",
        "nada foi gravado: nem HOME nem XDG_STATE_HOME indicam uma pasta",
    )
}
