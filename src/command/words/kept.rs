//! What is said of files that are kept between two runs.

use std::path::Path;

use super::{io, unread};
use crate::course::kept::Senseless;
use crate::course::text::Lang;
use crate::session::store::Unkept;

/// A file that could not be read, and where it is now.
pub fn unkept(why: &Unkept, lang: Lang) -> String {
    match why {
        Unkept::Unreadable { file, error } => unread(file, error, lang),
        Unkept::Aside { file, why, aside } => {
            let (file, aside) = (file.display(), aside.display());
            let kept = lang.pick("it is kept as", "ficou guardado como");
            format!("{file}: {}; {kept} {aside}", senseless(why, lang))
        }
    }
}

/// Why a file that was kept is not understood.
pub fn senseless(why: &Senseless, lang: Lang) -> String {
    match (why, lang) {
        (Senseless::Broken { place: Some((line, column)) }, Lang::En) => {
            format!("makes no sense at line {line}, column {column}")
        }
        (Senseless::Broken { place: Some((line, column)) }, Lang::PtBr) => {
            format!("não faz sentido na linha {line}, coluna {column}")
        }
        (Senseless::Broken { place: None }, _) => lang.pick("makes no sense", "não faz sentido").to_owned(),
        (Senseless::Changed, _) => lang
            .pick(
                "damaged, or changed by another program than unha",
                "danificado, ou mudado por outro programa que não o unha",
            )
            .to_owned(),
        (Senseless::Newer(_), _) => {
            lang.pick("written by a newer unha", "foi gravado por um unha mais novo").to_owned()
        }
    }
}

/// A file that could not be written.
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
