//! What is said of recordings that could not be made or shown.

use std::io::Error;
use std::path::Path;

use super::{io, plainly};
use crate::command::tape::Stopped;
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

/// An asciicast is for a program, not for eyes.
pub fn cast_on_a_terminal(file: &Path, lang: Lang) -> String {
    let file = file.display();
    match lang {
        Lang::En => format!("--cast: an asciicast is no text to be read. Next: unha replay {file} --cast > talk.cast"),
        Lang::PtBr => {
            format!("--cast: um asciicast não é texto para ler. Tente: unha replay {file} --cast > palestra.cast")
        }
    }
}

/// A recording that stops before its end.
pub fn cut_off(file: &Path, length: u64, lang: Lang) -> String {
    let (file, minutes, seconds) = (file.display(), length / 60_000, length / 1000 % 60);
    match lang {
        Lang::En => {
            format!(
                "{file}: its end is missing: the run was killed, or the disk full. It goes to {minutes}:{seconds:02}"
            )
        }
        Lang::PtBr => {
            format!("{file}: falta o fim: a execução foi morta ou o disco encheu. Vai até {minutes}:{seconds:02}")
        }
    }
}

/// A file that a talk cannot be kept in.
pub fn no_tape(file: &Path, error: &Error, lang: Lang) -> String {
    let path = file.display();
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        return match lang {
            Lang::En => {
                format!("--record {path}: it is there already. Next: another name, or --force to write over it")
            }
            Lang::PtBr => {
                format!("--record {path}: esse arquivo já existe. Tente: outro nome, ou --force para gravar por cima")
            }
        };
    }
    let why = io(error, lang);
    match lang {
        Lang::En => format!("--record {path}: cannot be written: {why}. Next: a file in a folder of yours"),
        Lang::PtBr => format!("--record {path}: não dá para gravar: {why}. Tente: um arquivo numa pasta sua"),
    }
}

/// Why a talk is kept no more, in a few words.
pub fn stopped(stopped: &Stopped, lang: Lang) -> String {
    match stopped {
        Stopped::Unwritten(error) => io(error, lang),
        Stopped::Slow => lang.pick("the disk does not keep up", "o disco não dá conta").to_owned(),
        Stopped::Full => {
            lang.pick("the file is as large as one may be", "o arquivo chegou ao tamanho máximo").to_owned()
        }
    }
}

/// Where a talk was kept, and how it is shown.
pub fn kept(file: &Path, size: u64, lang: Lang) -> String {
    let (path, kilobytes) = (file.display(), size.div_ceil(1000));
    match lang {
        Lang::En => format!("recorded, {kilobytes} kB: unha replay {path}"),
        Lang::PtBr => format!("gravada, {kilobytes} kB: unha replay {path}"),
    }
}

/// A talk that was kept in part.
pub fn partly_kept(file: &Path, why: &Stopped, lang: Lang) -> String {
    let (path, why) = (file.display(), stopped(why, lang));
    match lang {
        Lang::En => format!("--record {path}: stopped before the end: {why}. What is in it: unha replay {path}"),
        Lang::PtBr => format!("--record {path}: parou antes do fim: {why}. O que ficou: unha replay {path}"),
    }
}
