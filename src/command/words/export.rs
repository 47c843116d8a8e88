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

/// A bundle without a place.
pub const fn no_bundle(lang: Lang) -> &'static str {
    lang.pick(
        "there is no DIR: where is the bundle to go? Such as: unha export oci DIR --all -- sh",
        "faltou a PASTA: onde vai o bundle? Por exemplo: unha export oci PASTA --all -- sh",
    )
}

/// A folder that holds something already.
pub fn not_empty(path: &Path, lang: Lang) -> String {
    let path = path.display();
    match lang {
        Lang::En => format!("{path}: not empty, and a bundle takes a folder of its own. Next: another name"),
        Lang::PtBr => format!("{path}: não está vazia, e um bundle quer uma pasta só sua. Tente: outro nome"),
    }
}

/// The bundle is there, and what makes a box of it; files that belong to a range of ids go another way than one's own.
pub fn bundled(path: &Path, ranged: bool, lang: Lang) -> String {
    let path = path.display();
    let next = match lang {
        Lang::En => format!("{path}: config.json, rootfs. Next: runc run --bundle {path} NAME, or crun"),
        Lang::PtBr => format!("{path}: config.json, rootfs. Agora: runc run --bundle {path} NOME, ou crun"),
    };
    if !ranged {
        return next;
    }
    let way = lang.pick(
        "its files belong to your range of ids; to remove it",
        "os arquivos são da sua faixa de ids; para apagar",
    );
    format!("{next}\n{way}: unshare --map-root-user --map-auto rm -r {path}")
}

/// A page that could not be written.
pub fn not_exported(path: &Path, error: &Error, lang: Lang) -> String {
    let (path, why) = (path.display(), io(error, lang));
    match lang {
        Lang::En => format!("{path}: not written: {why}. Next: a name in a folder of yours"),
        Lang::PtBr => format!("{path}: não gravado: {why}. Tente: um nome numa pasta sua"),
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
