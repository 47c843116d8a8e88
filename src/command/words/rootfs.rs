//! What `unha rootfs` says, in both languages.

use std::ffi::OsStr;
use std::path::Path;

use super::{because, image, meant, nearest};
use crate::course::text::Lang;
use crate::image::archive::{Kind, shown};
use crate::image::shelf::{Label, ShelfError};
use crate::image::unpack::But;
use crate::kernel::owners::NoRange;
use crate::kernel::reason::Because;

/// A word too many.
pub fn one_too_many(word: &OsStr, deed: &str, lang: Lang) -> String {
    let word = word.to_string_lossy();
    match lang {
        Lang::En => format!("`{word}` is one word too many for `unha rootfs {deed}`\nNext: unha rootfs --help"),
        Lang::PtBr => {
            format!("`{word}` sobrou: `unha rootfs {deed}` não espera mais nada ali\nVeja: unha rootfs --help")
        }
    }
}

/// Nothing was named.
pub fn no_name(deed: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "there is no NAME: which root file system is meant? `unha rootfs list` has them\n  Next: unha rootfs {deed} NAME"
        ),
        Lang::PtBr => format!(
            "faltou o NOME: qual sistema raiz? `unha rootfs list` mostra os que existem\n  Tente: unha rootfs {deed} NOME"
        ),
    }
}

/// Nothing to import was named.
pub const fn no_source(lang: Lang) -> &'static str {
    lang.pick(
        "there is no SOURCE: a folder, a tar (also .gz, .xz, .zst), an OCI layout, or what `docker save` wrote\n  \
         Next: docker save -o alpine.tar alpine, then unha rootfs import alpine.tar",
        "faltou a ORIGEM: uma pasta, um tar (também .gz, .xz, .zst), um layout OCI, ou o que o `docker save` gravou\n  \
         Tente: docker save -o alpine.tar alpine, depois unha rootfs import alpine.tar",
    )
}

/// What was imported has nothing of a system at its top.
pub const fn no_root(lang: Lang) -> &'static str {
    lang.pick(
        "at its top there is no bin, etc or usr: does the root of a system begin further in, or is this something else?",
        "no topo não há bin, etc nem usr: a raiz de um sistema começa mais para dentro, ou isto é outra coisa?",
    )
}

/// `-` where nothing is piped in.
pub const fn no_pipe(lang: Lang) -> &'static str {
    lang.pick(
        "`-` is standard input, and that is a terminal here\n  \
         Next: docker export NAME | unha rootfs import - --name NAME, or docker save IMAGE | unha rootfs import -",
        "`-` é a entrada padrão, e aqui ela é um terminal\n  \
         Tente: docker export NOME | unha rootfs import - --name NOME, ou docker save IMAGEM | unha rootfs import -",
    )
}

/// A name that nobody has.
pub fn unknown_name(name: &str, known: &[String], lang: Lang) -> String {
    let near = meant(nearest(name, known.iter().map(String::as_str)), lang);
    match lang {
        Lang::En => format!("no root file system is called `{name}`{near}\n  Next: unha rootfs list"),
        Lang::PtBr => format!("nenhum sistema raiz se chama `{name}`{near}\n  Tente: unha rootfs list"),
    }
}

/// A name that somebody has already.
pub fn taken(name: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "there is a root file system called `{name}` already\n  \
             Next: --name OTHER, or --replace to put this one in its place, or unha rootfs rm {name}"
        ),
        Lang::PtBr => format!(
            "já existe um sistema raiz chamado `{name}`\n  \
             Tente: --name OUTRO, ou --replace para pôr este no lugar dele, ou unha rootfs rm {name}"
        ),
    }
}

/// What no name is.
pub fn no_such_name(name: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "{name:?} cannot be a name: small letters, digits, `.`, `-` and `_`, at most 64, the first a letter or digit, \
             and not `lock`, which unha uses itself; such as debian-12"
        ),
        Lang::PtBr => format!(
            "{name:?} não serve de nome: só letras minúsculas, dígitos, `.`, `-` e `_`, no máximo 64, começando por letra \
             ou dígito, e não `lock`, que o próprio unha usa; como debian-12"
        ),
    }
}

/// A source whose name says nothing.
pub const fn nameless(lang: Lang) -> &'static str {
    lang.pick(
        "the source has no name that could be taken over\n  Next: give one, with --name NAME",
        "a origem não tem um nome que se possa aproveitar\n  Tente: dê um, com --name NOME",
    )
}

/// `unha` belongs to the built-in one.
pub fn not_the_built_in(importing: bool, lang: Lang) -> String {
    let said = lang.pick(
        "`unha` is the built-in root file system: it is copied from this machine's programs, and stays",
        "`unha` é o sistema raiz embutido: é copiado dos programas desta máquina, e fica",
    );
    let next = if importing {
        lang.pick("Next: another name, with --name NAME", "Tente: outro nome, com --name NOME")
    } else {
        lang.pick("Next: unha rootfs list has those that can go", "Tente: unha rootfs list mostra os que podem sair")
    };
    format!("{said}\n  {next}")
}

/// Of several names one cannot be had, so that all stay.
pub const fn all_stay(lang: Lang) -> &'static str {
    lang.pick("nothing was removed", "nada foi removido")
}

/// Why a name could not be given or taken.
pub fn shelf(why: &ShelfError, lang: Lang) -> String {
    match why {
        ShelfError::Taken(name) => taken(name, lang),
        ShelfError::Unknown(name) => unknown_name(name, &[], lang),
        ShelfError::InUse(name) => match lang {
            Lang::En => format!("`{name}` is in use: a box has it as its root\n  Next: end that box, then once more"),
            Lang::PtBr => format!("`{name}` está em uso: é a raiz de uma caixa\n  Tente: encerre essa caixa e repita"),
        },
        ShelfError::Image(why) => image(why, lang),
    }
}

/// Where more root file systems come from.
pub const fn how_to_get_more(lang: Lang) -> &'static str {
    lang.pick(
        "more: unha rootfs import SOURCE, a folder, a tar, an OCI layout, or what `docker save` wrote\n\
         a box in it: unha run --rootfs NAME; the course in it: unha learn --rootfs NAME rootfs",
        "mais: unha rootfs import ORIGEM, uma pasta, um tar, um layout OCI, ou o que o `docker save` gravou\n\
         uma caixa nele: unha run --rootfs NOME; o curso nele: unha learn --rootfs NOME rootfs",
    )
}

/// Where the built-in one comes from.
pub const fn from_this_machine(lang: Lang) -> &'static str {
    lang.pick("this machine's programs", "os programas desta máquina")
}

/// An amount in the language's own way: `1,5 MB`.
pub fn amount(text: &str, lang: Lang) -> String {
    if lang == Lang::PtBr { text.replace('.', ",") } else { text.to_owned() }
}

/// `2311 entries`.
pub fn entries(count: u64, lang: Lang) -> String {
    match (count, lang) {
        (1, Lang::En) => "1 entry".to_owned(),
        (1, Lang::PtBr) => "1 entrada".to_owned(),
        (count, Lang::En) => format!("{count} entries"),
        (count, Lang::PtBr) => format!("{count} entradas"),
    }
}

/// The built-in one, and whether it was built just now.
pub fn built(now: bool, path: &Path, lang: Lang) -> String {
    let path = path.display();
    match (now, lang) {
        (true, Lang::En) => format!("unha is built: {path}"),
        (true, Lang::PtBr) => format!("unha foi montado: {path}"),
        (false, Lang::En) => format!("unha is there, and as this machine is now: {path}"),
        (false, Lang::PtBr) => format!("unha existe, e está em dia com esta máquina: {path}"),
    }
}

/// What an import was from.
pub const fn kind(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Folder => lang.pick("a folder", "uma pasta"),
        Kind::Tar => lang.pick("a tar", "um tar"),
        Kind::Oci => lang.pick("an OCI image", "uma imagem OCI"),
        Kind::Docker => lang.pick("an archive as of `docker save`", "um arquivo como o do `docker save`"),
    }
}

/// Whose the files are.
pub const fn owners(kept: bool, lang: Lang) -> &'static str {
    if kept {
        lang.pick("as in the source", "os mesmos da origem")
    } else {
        lang.pick("all files are yours: no range of ids", "todos os arquivos são seus: não há faixa de ids")
    }
}

/// How many, of what; nothing of none.
fn counted(count: u64, en: &str, pt: &str, lang: Lang) -> Option<String> {
    (count > 0).then(|| format!("{}: {count}", lang.pick(en, pt)))
}

/// What is there otherwise than in the source, a line for each reason.
pub fn changed(but: &But, lang: Lang) -> Vec<String> {
    let said = |count, en, pt| counted(count, en, pt, lang);
    [
        said(but.owners, "files of others that are yours here", "arquivos de outros que aqui são seus"),
        said(but.setuid, "programs that are setuid or setgid no longer", "programas que perderam o setuid ou o setgid"),
        said(but.absolute, "absolute names, taken as below the root", "nomes absolutos, tomados como abaixo da raiz"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is in the source and not here, a line for each reason.
pub fn left_out(but: &But, lang: Lang) -> Vec<String> {
    let said = |count, en, pt| counted(count, en, pt, lang);
    [
        said(but.devices, "device nodes that were not made", "dispositivos que não foram criados"),
        said(but.xattrs, "extended attributes that were not set", "atributos estendidos que não foram postos"),
        said(but.unknown, "sockets and unknown kinds", "sockets e tipos desconhecidos"),
        said(
            but.mounts,
            "folders with something mounted on them, left empty",
            "pastas com algo montado, deixadas vazias",
        ),
        said(but.env, "environment entries that are no NAME=value", "entradas do ambiente que não são NOME=valor"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// It is there.
pub fn imported(name: &str, label: &Label, lang: Lang) -> String {
    let size = amount(&crate::image::archive::bytes(label.size), lang);
    let (entries, layers) = (entries(label.entries, lang), label.layers.len());
    match lang {
        Lang::En if layers == 1 => format!("imported: {name}, {size}, {entries}"),
        Lang::En => format!("imported: {name}, {size}, {entries}, {layers} layers"),
        Lang::PtBr if layers == 1 => format!("importado: {name}, {size}, {entries}"),
        Lang::PtBr => format!("importado: {name}, {size}, {entries}, {layers} camadas"),
    }
}

/// And now?
pub fn next_is_run(name: &str, lang: Lang) -> String {
    format!("{}: unha run --rootfs {name}", lang.pick("Next", "Agora"))
}

/// It is gone.
pub fn removed(name: &str, lang: Lang) -> String {
    format!("{} {name}", lang.pick("removed", "removido:"))
}

/// Why all files will be the user's own.
pub fn all_mine(why: &NoRange, lang: Lang) -> String {
    let why = because(&Because::of_no_range(why), lang);
    match lang {
        Lang::En => format!("every file will be yours, whoever had it in the source: {why}"),
        Lang::PtBr => format!("todos os arquivos vão ser seus, fossem de quem fossem na origem: {why}"),
    }
}

/// The range of ids was refused after all.
pub fn range_refused(why: &NoRange, lang: Lang) -> String {
    because(&Because::of_no_range(why), lang)
}

/// A signal came.
pub const fn interrupted(lang: Lang) -> &'static str {
    lang.pick(
        "interrupted: nothing was imported, and nothing is left of it",
        "interrompido: nada foi importado, e nada ficou para trás",
    )
}

/// The process that unpacked ended without a word.
pub const fn unpacker_died(lang: Lang) -> &'static str {
    lang.pick(
        "the process that unpacked it was killed, maybe for want of memory; nothing was imported\n  Next: dmesg | tail, then once more",
        "o processo que desempacotava foi morto, talvez por falta de memória; nada foi importado\n  Tente: dmesg | tail, e de novo",
    )
}

/// `layer 2`, with its digest.
fn layer(number: usize, digest: Option<&str>, lang: Lang) -> String {
    let digest = digest.map_or_else(String::new, |digest| format!(" ({digest})"));
    format!("{} {number}{digest}", lang.pick("layer", "camada"))
}

/// Which layer a file comes from.
pub fn comes_from(path: &Path, number: usize, digest: Option<&str>, lang: Lang) -> String {
    format!("{}: {}", path.display(), layer(number, digest, lang))
}

/// Which layer took a file away.
pub fn taken_away(path: &Path, number: usize, digest: Option<&str>, lang: Lang) -> String {
    let layer = layer(number, digest, lang);
    match lang {
        Lang::En => format!("{}: taken away by {layer}", path.display()),
        Lang::PtBr => format!("{}: tirado pela {layer}", path.display()),
    }
}

/// No layer has that file.
pub fn in_no_layer(path: &Path, name: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("no layer of `{name}` has {}", path.display()),
        Lang::PtBr => format!("nenhuma camada de `{name}` tem {}", path.display()),
    }
}

/// An import begins.
pub fn importing(name: &str, source: &Path, lang: Lang) -> String {
    let source = shown(source.as_os_str().as_encoded_bytes());
    match lang {
        Lang::En => format!("importing: {name}, from {source}"),
        Lang::PtBr => format!("importando: {name}, de {source}"),
    }
}
