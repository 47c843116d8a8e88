//! Which process is meant: a number, a name that some engine knows, or the program that a container's first process runs; and
//! what is said where none is, or several are.
//!
//! A word of digits alone is a number, proc(5); `docker:4711` is a container of that name.

use std::fmt::Write as _;

use super::super::words::{meant as did_you_mean, nearest};
use crate::course::text::Lang;
use crate::kernel::engines::{self, Container, Engine, NotFound, Roster, Trouble, Why};
use crate::kernel::tree::{Group, Watcher};

/// The process, and whose container it is the first one of, where that was asked for.
pub(super) struct Meant {
    pub(super) pid: u32,
    pub(super) container: Option<Container>,
    /// Whether the word was no name, but that of the program which the process runs.
    pub(super) by_program: bool,
}

/// Why there is none, in a sentence.
pub(super) enum Refused {
    /// The word cannot be a number or a name.
    Misused(String),
    /// Nobody is called so.
    NotThere(String),
}

/// The most candidates that are listed.
const MOST: usize = 12;

/// Finds the process.
pub(super) fn meant(word: &str, lang: Lang) -> Result<Meant, Refused> {
    if word.is_empty() {
        return Err(Refused::Misused(nothing_named(lang).to_owned()));
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return match word.parse::<u32>() {
            Ok(pid @ 1..) => Ok(Meant { pid, container: None, by_program: false }),
            _ => Err(Refused::Misused(no_number(word, lang))),
        };
    }
    let mut roster = engines::roster();
    let (known, groups) = everything(&mut roster);
    match engines::find(word, &known) {
        Ok(container) => {
            let pid = container.pid.unwrap_or_default();
            Ok(Meant { pid, container: Some(container), by_program: false })
        }
        Err(why) => {
            let running = programs(word, &groups);
            let told = match (&why, running.as_slice()) {
                (NotFound::Unknown, [one]) => {
                    return Ok(Meant { pid: one.first.pid, container: one.container.clone(), by_program: true });
                }
                (NotFound::Unknown, several @ [_, ..]) => several_run(word, several, lang),
                _ => not_found(word, &why, &known, &groups, lang),
            };
            Err(Refused::NotThere(told + &troubles(&roster.troubles, lang)))
        }
    }
}

/// All that has a name: what the engines tell, what the cgroups tell, and boxes of ours, which may have neither; and the groups
/// of the tree.
fn everything(roster: &mut Roster) -> (Vec<Container>, Vec<Group>) {
    let mut all = std::mem::take(&mut roster.containers);
    all.extend(engines::by_cgroups());
    let mut tree = Watcher::new().and_then(|mut watcher| watcher.look()).unwrap_or_default();
    Roster { containers: all.clone(), troubles: vec![] }.name(&mut tree);
    let named = tree.groups.iter().filter_map(|group| {
        let container = group.container.as_ref().filter(|container| container.engine == Engine::Unha)?;
        Some(Container { pid: Some(group.first.pid), ..container.clone() })
    });
    all.extend(named);
    (engines::settled(all), tree.groups)
}

/// The groups whose first process runs a program of that name, as the tree shows it.
fn programs<'a>(word: &str, groups: &'a [Group]) -> Vec<&'a Group> {
    groups.iter().filter(|group| group.first.name == word).collect()
}

fn several_run(word: &str, groups: &[&Group], lang: Lang) -> String {
    let (word, many) = (word.escape_debug(), groups.len());
    let mut told = match lang {
        Lang::En => {
            format!(
                "no container is called \"{word}\"; it is the program of {many} first processes; name one by its PID:"
            )
        }
        Lang::PtBr => {
            format!(
                "nenhum contêiner se chama \"{word}\"; é o programa de {many} primeiros processos; diga qual pelo PID:"
            )
        }
    };
    for group in groups.iter().take(MOST) {
        let whose = group.container.as_ref().map_or_else(String::new, |one| format!("  ({})", one.full_name()));
        let _ = write!(told, "\n  unha inspect {}{whose}", group.first.pid);
    }
    if many > MOST {
        told += "\n  …";
    }
    told
}

const fn nothing_named(lang: Lang) -> &'static str {
    lang.pick(
        "no name given: \"\" is none.\n  Next: `unha inspect` without a name shows what there is",
        "nenhum nome dado: \"\" não é um.\n  Tente: `unha inspect` sem nome mostra o que existe",
    )
}

fn no_number(word: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("\"{word}\" is not a process number.\n  Next: `ps -e` lists them"),
        Lang::PtBr => format!("\"{word}\" não é um número de processo.\n  Tente: `ps -e` mostra os que existem"),
    }
}

fn not_found(word: &str, why: &NotFound, known: &[Container], groups: &[Group], lang: Lang) -> String {
    let word = word.escape_debug();
    match why {
        NotFound::Unknown => {
            let names = known.iter().map(|one| one.name.as_str());
            let names = names.chain(groups.iter().map(|group| group.first.name.as_str()));
            let near = nearest(&word.to_string(), names).map(str::to_owned);
            let near = did_you_mean(near.as_deref(), lang);
            match lang {
                Lang::En => format!(
                    "nobody here has a container or a unit \"{word}\"{near}\n  Next: `unha inspect` without a name shows what there is"
                ),
                Lang::PtBr => format!(
                    "ninguém aqui tem um contêiner ou uma unidade \"{word}\"{near}\n  Tente: `unha inspect` sem nome mostra o que existe"
                ),
            }
        }
        NotFound::Stopped(one) => {
            let name = one.full_name();
            match lang {
                Lang::En => {
                    format!("{name} is there, but does not run, so there is no process to look at\n  Next: start it")
                }
                Lang::PtBr => {
                    format!(
                        "{name} existe, mas não está rodando: não há processo para olhar\n  Tente: inicie o contêiner"
                    )
                }
            }
        }
        NotFound::Ambiguous(several) => {
            let mut told = match lang {
                Lang::En => format!("\"{word}\" may be {} containers; name one of them:", several.len()),
                Lang::PtBr => format!("\"{word}\" pode ser {} contêineres; diga qual:", several.len()),
            };
            for one in several.iter().take(MOST) {
                let pid = one.pid.map_or_else(String::new, |pid| format!("  (PID {pid})"));
                let _ = write!(told, "\n  unha inspect {}{pid}", picking(one, several));
            }
            if several.len() > MOST {
                told += "\n  …";
            }
            told
        }
    }
}

/// The word that picks this one of several: its name with its engine's; where that is another's too, its id or its number.
fn picking(one: &Container, several: &[Container]) -> String {
    let name = one.full_name();
    if several.iter().filter(|other| other.full_name() == name).count() == 1 {
        return name;
    }
    match (&one.id, one.pid) {
        (Some(id), _) if *id != one.name => {
            format!("{}:{}", one.engine.word(), id.chars().take(12).collect::<String>())
        }
        (_, Some(pid)) => pid.to_string(),
        _ => name,
    }
}

/// What is said of engines that could not be asked, each on a line of its own behind what was said before.
pub(super) fn troubles(troubles: &[Trouble], lang: Lang) -> String {
    troubles.iter().flat_map(|trouble| ["\n  ".to_owned(), sentence(trouble, lang)]).collect()
}

fn sentence(trouble: &Trouble, lang: Lang) -> String {
    let (engine, place) = (trouble.engine.word(), trouble.place.replace(char::is_control, "\u{fffd}"));
    match (&trouble.why, lang) {
        (Why::Hangs(ms), Lang::En) => format!(
            "{engine} was left out: {place} takes the connection and did not answer within {ms} ms. Next: restart the engine"
        ),
        (Why::Hangs(ms), Lang::PtBr) => format!(
            "{engine} ficou de fora: {place} aceita a conexão e não respondeu em {ms} ms. Tente: reinicie o motor"
        ),
        (Why::Denied(call), Lang::En) => format!("{engine} was left out: {call}. Next: the same with sudo"),
        (Why::Denied(call), Lang::PtBr) => format!("{engine} ficou de fora: {call}. Tente: com sudo"),
        (Why::Failed(call), Lang::En) => format!("{engine} was left out: {call}. Next: see whether the engine runs"),
        (Why::Failed(call), Lang::PtBr) => format!("{engine} ficou de fora: {call}. Tente: veja se o motor roda"),
        (Why::Nonsense(said), Lang::En) => {
            format!(
                "{engine} was left out: {place} did not answer as an engine does ({said}). Next: check which socket it is"
            )
        }
        (Why::Nonsense(said), Lang::PtBr) => {
            format!(
                "{engine} ficou de fora: {place} não respondeu como um motor ({said}). Tente: confira qual é o socket"
            )
        }
    }
}

/// The line above the table of what was asked for by its program's name.
pub(super) fn program(word: &str, pid: u32, lang: Lang) -> String {
    match lang {
        Lang::En => format!("No container is called {word}; PID {pid} runs a program of that name:\n\n"),
        Lang::PtBr => format!("Nenhum contêiner se chama {word}; o PID {pid} roda um programa com esse nome:\n\n"),
    }
}

/// The line above the table of what was asked for by name.
pub(super) fn heading(container: &Container, pid: u32, lang: Lang) -> String {
    let image = container.image.as_ref().map_or_else(String::new, |image| match lang {
        Lang::En => format!(", of the image {image}"),
        Lang::PtBr => format!(", da imagem {image}"),
    });
    match lang {
        Lang::En => format!("{}: its first process is PID {pid}{image}\n\n", container.full_name()),
        Lang::PtBr => format!("{}: o primeiro processo é o PID {pid}{image}\n\n", container.full_name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(engine: Engine, name: &str, id: Option<&str>, pid: u32) -> Container {
        Container { engine, name: name.to_owned(), id: id.map(str::to_owned), pid: Some(pid), image: None }
    }

    #[test]
    fn candidates_are_listed_with_what_picks_them() {
        let several = [
            one(Engine::Docker, "web", Some("0123456789abcdef"), 1),
            one(Engine::Runc, "web", Some("web"), 2),
            one(Engine::Crun, "web", Some("web"), 3),
            one(Engine::Crun, "web", Some("web"), 4),
        ];
        let told = not_found("web", &NotFound::Ambiguous(several.to_vec()), &[], &[], Lang::En);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[0], "\"web\" may be 4 containers; name one of them:");
        assert_eq!(lines[1], "  unha inspect docker:web  (PID 1)");
        assert_eq!(lines[2], "  unha inspect runc:web  (PID 2)");
        assert_eq!(lines[3..], ["  unha inspect 3  (PID 3)", "  unha inspect 4  (PID 4)"]);
    }

    #[test]
    fn the_nearest_name_is_told() {
        let known = [one(Engine::Docker, "database", None, 1)];
        let told = not_found("databse", &NotFound::Unknown, &known, &[], Lang::PtBr);
        assert!(told.contains("você quis dizer `database`?"), "{told}");
    }
}
