//! What the command line says, in both languages.

use super::rootfs::Unusable;
use crate::course::text::Lang;
use crate::kernel::container::link::Failed;

/// A failure as a sentence, with the next thing to do.
pub fn failure(failed: &Failed, lang: Lang) -> String {
    let _ = lang;
    failed.to_string()
}

/// Why a root file system cannot be used.
pub fn unusable(unusable: &Unusable, lang: Lang) -> String {
    match unusable {
        Unusable::Name(name, nearest) => match lang {
            Lang::En => {
                format!("--rootfs {name}: no such folder, and no root file system of that name; there is: {nearest}")
            }
            Lang::PtBr => {
                format!(
                    "--rootfs {name}: não há essa pasta nem um sistema de arquivos raiz com esse nome; existe: {nearest}"
                )
            }
        },
        Unusable::Image(error) => error.to_string(),
    }
}

/// Why a step is left out where no cgroup can be had.
pub fn no_cgroup(why: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("no cgroup can be limited here: {why}"),
        Lang::PtBr => format!("aqui não dá para limitar um cgroup: {why}"),
    }
}

/// A step whose expectation proves nothing.
pub const fn held_before(lang: Lang) -> &'static str {
    lang.pick(
        "what it expects was true before it acted: expect something that only its act makes true",
        "o que ele espera já valia antes do ato: espere algo que só o ato torna verdade",
    )
}
