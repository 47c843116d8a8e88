//! What the command line says, in both languages: failures as what, why and what to do next.
//!
//! The kernel's part stays as it is, call and errno(3): that is what one looks up. Around it are a person's words.

mod export;
mod found;
mod image;
mod import;
mod kept;
mod recording;
mod refused;
mod rootfs;

use std::fmt::Display;
use std::io;
use std::path::Path;

use nix::errno::Errno;

pub use self::export::{bundled, exported, no_bundle, not_a_file, not_empty, not_exported, steps_told, there_already};
pub use self::found::{is_theirs, is_theirs_to_remove, no_layers, no_such_user, on_their_shelf, runs_as_root};
pub use self::image::{image, lacking_in as lacking};
pub use self::import::{image_meant, import};
pub use self::kept::{homeless, not_kept, senseless, unkept};
pub use self::recording::{
    cast_on_a_terminal, cut_off, kept, no_tape, no_terminal, not_recorded, partly_kept, stopped, unwritten,
    without_a_step,
};
pub use self::rootfs::*;
use super::rootfs::Unusable;
use crate::course::event::Failure;
use crate::course::portuguese;
pub use crate::course::portuguese::plainly;
use crate::course::reason::why;
use crate::course::text::{Lang, Text};
use crate::image::ImageError;
use crate::kernel::container::link::Failed;
use crate::kernel::reason::Because;

/// Why something failed, and what helps.
struct Remedy {
    why: Text,
    next: Text,
}

/// A failure of `unha run`: what failed, why, and the next thing to do, each on a line of its own.
pub fn failure(failed: &Failed, lang: Lang) -> String {
    with(&what(failed, lang), refused::remedy(failed).as_ref(), lang)
}

/// Why the command itself could not be executed; `found` is what looking for it by hand says. A name that is known as
/// something else, a root file system or an image, is no slip.
pub fn not_started(failed: &Failed, found: Option<&ImageError>, is_known: bool, lang: Lang) -> String {
    let call = what(failed, lang);
    match found {
        Some(ImageError::NoCommand { root, command, .. }) if is_known => {
            let (root, command) = (root.clone(), command.clone());
            let plain = ImageError::NoCommand { root, command, nearest: None };
            format!("{call}\n  {} {}", lang.pick("Why:", "Causa:"), image(&plain, lang))
        }
        Some(error @ (ImageError::NoCommand { .. } | ImageError::NoInterpreter { .. })) => {
            format!("{call}\n  {} {}", lang.pick("Why:", "Causa:"), image(error, lang))
        }
        _ => failure(failed, lang),
    }
}

/// That what was given as a command is the name of a root file system.
pub fn is_a_root(name: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("Next: `{name}` is a root file system: `unha run --rootfs {name} -- COMMAND`"),
        Lang::PtBr => format!("Tente: `{name}` é um sistema raiz: `unha run --rootfs {name} -- COMANDO`"),
    }
}

fn with(what: &str, remedy: Option<&Remedy>, lang: Lang) -> String {
    let Some(Remedy { why, next }) = remedy else { return what.to_owned() };
    let (why, next) = (why.get(lang), harmless(next.get(lang)));
    match lang {
        Lang::En => format!("{what}\n  Why: {why}\n  Next: {next}"),
        Lang::PtBr => format!("{what}\n  Causa: {why}\n  Tente: {next}"),
    }
}

/// The call with its errno in words, or what else was told.
fn what(failed: &Failed, lang: Lang) -> String {
    let said = match (&failed.call, failed.errno) {
        (Some(call), Some(code)) if failed.message.starts_with(&format!("{}(", call.name)) => {
            format!("{call} ({})", described(Errno::from_raw(code), lang))
        }
        // A folder that was only asked about: the call that would fail, with its path.
        (Some(call), Some(code)) if call.args.is_empty() => {
            let errno = Errno::from_raw(code);
            let path = failed.message.split(": ").next().unwrap_or_default();
            format!("{}({path:?}) = {errno:?} ({})", call.name, described(errno, lang))
        }
        _ => plainly(&failed.message, lang),
    };
    harmless(&said)
}

/// An image gives its command and its folder any name: nothing in it commands a terminal.
fn harmless(said: &str) -> String {
    said.replace(|char: char| char.is_control() && !matches!(char, '\n' | '\t'), "\u{fffd}")
}

/// What an errno means.
fn described(errno: Errno, lang: Lang) -> &'static str {
    match lang {
        Lang::En => errno.desc(),
        Lang::PtBr => portuguese::errno(errno),
    }
}

/// An error of the standard library: `ENOENT (No such file or directory)`.
fn io(error: &io::Error, lang: Lang) -> String {
    error.raw_os_error().map_or_else(
        || plainly(&error.to_string(), lang),
        |code| {
            let errno = Errno::from_raw(code);
            format!("{errno:?} ({})", described(errno, lang))
        },
    )
}

/// A file or folder that could not be read: `open("x.toml") = ENOENT (No such file or directory)`.
pub fn unread(path: &Path, error: &io::Error, lang: Lang) -> String {
    let refused = refused_call("open", path, error, lang);
    let next = match error.raw_os_error() {
        Some(libc::ENOENT | libc::ENOTDIR) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            format!("ls {}", folder.display())
        }
        Some(libc::EACCES | libc::EPERM) => {
            lang.pick("the same with sudo, or as its owner", "o mesmo com sudo, ou como o dono do arquivo").to_owned()
        }
        Some(libc::EISDIR) => lang.pick("the name of a file in it", "o nome de um arquivo que esteja nela").to_owned(),
        _ => return refused,
    };
    format!("{refused}. {}: {next}", lang.pick("Next", "Tente"))
}

/// A call on a path, and why it was refused: `mkdir("/x") = EACCES (Permission denied)`.
pub fn refused_call(call: &str, path: &Path, error: &io::Error, lang: Lang) -> String {
    format!("{call}({:?}) = {}", path.to_string_lossy(), io(error, lang))
}

/// Output that could not be written.
pub fn unprinted(error: &io::Error, lang: Lang) -> String {
    format!("write(stdout) = {}", io(error, lang))
}

/// Why a root file system cannot be used.
pub fn unusable(unusable: &Unusable, lang: Lang) -> String {
    match unusable {
        Unusable::Name(name, known) => {
            let near = nearest(name, known.iter().map(String::as_str));
            let image = near.is_none().then(|| image_meant(name, lang)).flatten();
            let image = image.map_or_else(String::new, |next| format!("\n  {next}"));
            let near = meant(near, lang);
            let built_in = super::rootfs::BUILT_IN;
            let said = match lang {
                Lang::En => format!(
                    "--rootfs {name}: neither a folder nor the name of a root file system{near}\n  \
                     Next: `{built_in}` is the built-in one, unha rootfs list has the others; a folder is given by its \
                     path, such as ./{name}"
                ),
                Lang::PtBr => format!(
                    "--rootfs {name}: não é uma pasta nem o nome de um sistema de arquivos raiz{near}\n  \
                     Tente: `{built_in}` é o embutido, unha rootfs list mostra os outros; uma pasta se dá pelo \
                     caminho, como ./{name}"
                ),
            };
            said + &image
        }
        Unusable::Theirs(name, theirs) => format!("--rootfs {name}: {}", theirs.named(name, lang)),
        Unusable::Image(error) => image(error, lang),
    }
}

/// `; did you mean …?`, or nothing.
pub fn meant(near: Option<&str>, lang: Lang) -> String {
    near.map(str::escape_debug).map_or_else(String::new, |near| match lang {
        Lang::En => format!("; did you mean `{near}`?"),
        Lang::PtBr => format!("; você quis dizer `{near}`?"),
    })
}

/// The known name that `found` is most like, if it is like one at all.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    let like = |name: &str| {
        // Two letters swapped in a short name count as nothing by how far it is right; then their number counts.
        let swapped = strsim::damerau_levenshtein(&found, &name.to_lowercase()) == 1;
        strsim::jaro_winkler(&found, &name.to_lowercase()).max(if swapped { 0.8 } else { 0.0 })
    };
    let near = known.into_iter().map(|name| (like(name), name)).filter(|(like, _)| *like >= 0.7);
    near.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, name)| name)
}

/// Why an ordinary user's box has no cable to this machine, and what they can have.
pub const fn no_cable(lang: Lang) -> &'static str {
    lang.pick(
        "a cable needs an end on this machine, and only root may add one\n  \
         Next: sudo unha run --veth …, or the course: on its bench every box can have one",
        "um cabo precisa de uma ponta nesta máquina, e só root pode criar uma\n  \
         Tente: sudo unha run --veth …, ou o curso: na bancada dele toda caixa pode ter um",
    )
}

/// Says on stderr what is wrong.
pub fn complain(why: &dyn Display) {
    eprintln!("unha: {why}");
}

/// A reason on one line: why, and what shows it.
pub fn because(because: &Because, lang: Lang) -> String {
    let call = because.call.as_ref().map(ToString::to_string);
    let seen: Vec<String> = call.into_iter().chain(because.seen.iter().map(|seen| plainly(seen, lang))).collect();
    let why = why(because.reason, lang);
    if seen.is_empty() { why.to_owned() } else { format!("{why} ({})", seen.join("; ")) }
}

/// A step's failure on one line: what is known of it, or the call with its errno in words, or what else was told.
pub fn refusal(failure: &Failure, lang: Lang) -> String {
    if let Some(known) = failure.because() {
        return because(&known, lang);
    }
    let seen = if failure.seen.is_empty() { String::new() } else { format!(" ({})", failure.seen.join(", ")) };
    plainly(&failure.message, lang) + &plainly(&seen, lang)
}

/// A step that was never reached.
pub fn stuck_before(state: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("the step before it did not go on: {state}"),
        Lang::PtBr => format!("o passo anterior não foi adiante: {state}"),
    }
}

/// A step at which no sample of the facts came in.
pub const fn nothing_seen(lang: Lang) -> &'static str {
    lang.pick("no sample of the facts came in", "não chegou nenhuma leitura dos fatos")
}

/// A shell that is not free for the next line.
pub fn still_runs(command: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("`{command}` is still running"),
        Lang::PtBr => format!("`{command}` ainda está rodando"),
    }
}

/// A step whose expectation proves nothing.
pub const fn held_before(lang: Lang) -> &'static str {
    lang.pick(
        "what it expects was true before it acted: expect something that only its act makes true",
        "o que ele espera já valia antes do ato: espere algo que só o ato torna verdade",
    )
}

/// A goal that proves nothing.
pub fn goal_before(goal: usize, lang: Lang) -> String {
    match lang {
        Lang::En => {
            format!("goal {goal} is reached before anything is done: expect something that only its act makes true")
        }
        Lang::PtBr => format!("o objetivo {goal} já vale antes de tudo: espere algo que só o ato torna verdade"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_commands_no_terminal() {
        assert_eq!(meant(Some("s\u{1b}h"), Lang::En), "; did you mean `s\\u{1b}h`?");
        assert_eq!(meant(Some("não"), Lang::PtBr), "; você quis dizer `não`?");
        let said = what(&Failed::words(&"/a\u{1b}[2J: nothing\nNext: ls"), Lang::En);
        assert_eq!(said, "/a\u{fffd}[2J: nothing\nNext: ls");
    }
}
