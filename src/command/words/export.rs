//! What is said of the page to take home: where it went, and why it did not.

use std::io::Error;
use std::path::Path;

use super::io;
use crate::course::text::Lang;

/// A file that would be lost.
pub fn there_already(path: &Path, lang: Lang) -> String {
    let path = path.display();
    match lang {
        Lang::En => format!("{path}: there already. Next: another name, or --force to write over it"),
        Lang::PtBr => format!("{path}: já existe. Tente: outro nome, ou --force para gravar por cima"),
    }
}

/// A folder, a device: nothing that a page can take the place of.
pub fn not_a_file(path: &Path, lang: Lang) -> String {
    let path = path.display();
    match lang {
        Lang::En => format!("{path}: no ordinary file. Next: the name of a file, or - for stdout"),
        Lang::PtBr => format!("{path}: não é um arquivo comum. Tente: o nome de um arquivo, ou - para a saída padrão"),
    }
}

/// A page that could not be written.
pub fn not_exported(path: &Path, error: &Error, lang: Lang) -> String {
    let (path, why) = (path.display(), io(error, lang));
    match lang {
        Lang::En => format!("{path}: not written: {why}. Next: a file in a folder of yours"),
        Lang::PtBr => format!("{path}: não gravado: {why}. Tente: um arquivo numa pasta sua"),
    }
}

/// The page is there.
pub fn exported(path: &Path, bytes: usize) -> String {
    format!("{}  {} kB", path.display(), bytes.div_ceil(1000))
}

/// What became of the steps: how many were done on a box, were taken from a recording, were not done.
pub fn steps_told([seen, recorded, undone]: [usize; 3], lang: Lang) -> String {
    match lang {
        Lang::En => format!("steps on real boxes: {seen}, from recordings: {recorded}, not done: {undone}"),
        Lang::PtBr => format!("passos em caixas de verdade: {seen}, de gravações: {recorded}, não feitos: {undone}"),
    }
}
