//! What is said of recordings that could not be made or shown.

use std::io::Error;
use std::path::Path;

use super::{io, plainly};
use crate::course::text::Lang;

/// A file or folder that could not be written.
pub fn unwritten(path: &Path, error: &Error, lang: Lang) -> String {
    let why = io(error, lang);
    match lang {
        Lang::En => format!("{}: not written: {why}. Next: --out with a folder of yours", path.display()),
        Lang::PtBr => format!("{}: não gravado: {why}. Tente: --out com uma pasta sua", path.display()),
    }
}

/// A lesson that could not be recorded, for this step and reason.
pub fn not_recorded(lesson: &str, step: &str, why: &str, lang: Lang) -> String {
    let why = plainly(why, lang);
    match lang {
        Lang::En => format!(
            "{lesson}: not recorded: step `{step}` was not done: {why}\n  Next: `unha check {lesson}` says what this machine lacks"
        ),
        Lang::PtBr => format!(
            "{lesson}: não gravada: o passo `{step}` não foi feito: {why}\n  Tente: `unha check {lesson}` diz o que falta nesta máquina"
        ),
    }
}

/// A recording is shown on a terminal, or not at all.
pub const fn no_terminal(lang: Lang) -> &'static str {
    lang.pick(
        "replay: this is no terminal, and a recording is shown on a screen. Run it without a pipe or >",
        "replay: isto não é um terminal, e uma gravação se mostra numa tela. Rode sem pipe e sem >",
    )
}

/// A recording that no step can be shown of.
pub fn without_a_step(file: &Path, lang: Lang) -> String {
    let file = file.display();
    match lang {
        Lang::En => format!("{file}: it comes to no step of its lesson. Make it anew: unha record"),
        Lang::PtBr => format!("{file}: não chega a nenhum passo da lição. Grave de novo: unha record"),
    }
}
