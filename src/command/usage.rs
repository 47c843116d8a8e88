//! A command line that is no order to be carried out: a wish for help, or a mistake.
//!
//! clap finds out what is wrong; we say it, in either language: what it is, the nearest that is known, what to do next.

mod docker;
mod wanted;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use self::wanted::wanted;
use super::args::{Args, Verb};
use super::help::WITHOUT_COURSE;
use super::words::{meant, nearest};
use super::{MISUSED, RUN_FAILED, help};
use crate::course::text::Lang;

/// What can be told of a command line that may be wrong.
#[derive(Debug, Default, PartialEq, Eq)]
struct Glance {
    /// What `--lang` says.
    lang: Option<Lang>,
    /// The verb, known or not.
    verb: Option<String>,
}

impl Glance {
    /// Looks at the words behind the program's name, up to the command of `run`, whose words are its own.
    fn at(words: &[OsString]) -> Self {
        let tree = Args::command();
        let mut seen = Self::default();
        let mut words = words.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--");
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                match seen.verb.as_deref() {
                    None => seen.verb = Some(word.into_owned()),
                    Some("run" | "grade") => break,
                    Some(_) => {}
                }
                continue;
            }
            let (name, mut value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (&*word, None),
            };
            if value.is_none() && takes_value(&tree, seen.verb.as_deref(), name) {
                value = words.next().map(std::borrow::Cow::into_owned);
            }
            if name == "--lang" {
                seen.lang = value.and_then(|tag| tag.parse().ok()).or(seen.lang);
            }
        }
        seen
    }
}

/// Whether the option takes the word behind it as its value.
fn takes_value(tree: &Command, verb: Option<&str>, option: &str) -> bool {
    let verb = verb.and_then(|verb| tree.find_subcommand(verb));
    let mut known = tree.get_arguments().chain(verb.into_iter().flat_map(Command::get_arguments));
    let is_meant = |arg: &&Arg| {
        let (long, short) = (arg.get_long(), arg.get_short());
        option
            .strip_prefix("--")
            .map_or_else(|| short.is_some_and(|short| option == format!("-{short}")), |name| long == Some(name))
    };
    known.find(is_meant).is_some_and(|arg| arg.get_action().takes_values())
}

/// Answers a command line that could not be parsed: prints the help that it asks for, or what is wrong with it.
pub fn answer(words: &[OsString], locale: Lang) -> ExitCode {
    let seen = Glance::at(words.get(1..).unwrap_or_default());
    let lang = seen.lang.unwrap_or(locale);
    let Err(error) = help::command(lang).try_get_matches_from(words) else { return ExitCode::from(MISUSED) };
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has seen enough, such as head, is no failure.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let tree = Args::command();
    let known = seen.verb.as_deref().filter(|verb| tree.find_subcommand(verb).is_some());
    let page = known.map_or_else(|| "unha".to_owned(), |verb| format!("unha {verb}"));
    let next = match in_place_of_dockers(&error, known, lang) {
        Some(hint) => format!("{}: {hint}", lang.pick("Next", "Tente")),
        None => format!("{}: {page} --help", lang.pick("Next", "Veja")),
    };
    eprintln!("unha: {}\n{next}", sentence(&error, &page, lang));
    ExitCode::from(if known == Some("run") { RUN_FAILED } else { MISUSED })
}

/// What to do in place of docker's verb or option, if it is one.
fn in_place_of_dockers(error: &clap::Error, known: Option<&str>, lang: Lang) -> Option<&'static str> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match (error.kind(), known) {
        (ErrorKind::InvalidSubcommand, _) => docker::verb(context(ContextKind::InvalidSubcommand)?, lang),
        (ErrorKind::UnknownArgument, Some("run")) => docker::option(context(ContextKind::InvalidArg)?, lang),
        (ErrorKind::ValueValidation | ErrorKind::InvalidValue, Some("rootfs")) => {
            docker::verb(context(ContextKind::InvalidValue)?, lang)
        }
        _ => None,
    }
}

/// Whether an option of the course stands at a verb that has nothing to do with it; then it is said, and how to end.
pub fn misplaced(args: &Args, lang: Lang) -> Option<ExitCode> {
    let verb = args.verb.as_ref().map(Verb::name)?;
    let alone = WITHOUT_COURSE.contains(&verb);
    let given = [("--route", alone && args.route.is_some()), ("--lessons", alone && args.lessons.is_some())];
    let of_the_course = verb == "learn";
    let kept = verb != "present" && !of_the_course && args.keep.record.is_some();
    let given = given.into_iter().chain([(HOST, args.host && !of_the_course), ("--record", kept)]);
    let (option, _) = given.into_iter().find(|(_, given)| *given)?;
    let page = format!("unha {verb}");
    eprintln!("unha: {}\n{}: {page} --help", no_option(&page, option, lang), lang.pick("Next", "Veja"));
    Some(ExitCode::from(if verb == "run" { RUN_FAILED } else { MISUSED }))
}

/// The one option that is the course's alone.
const HOST: &str = "--host";

fn no_option(page: &str, option: &str, lang: Lang) -> String {
    if option == HOST {
        return match lang {
            Lang::En => {
                format!("--host is the course's alone, as in `unha --host`; `{page}` has nothing to do with it")
            }
            Lang::PtBr => format!("--host é só do curso, como em `unha --host`; `{page}` não tem nada com isso"),
        };
    }
    match lang {
        Lang::En => format!("`{page}` has no option `{option}`"),
        Lang::PtBr => format!("`{page}` não tem a opção `{option}`"),
    }
}

/// What is wrong. `page` is whose help explains it.
fn sentence(error: &clap::Error, page: &str, lang: Lang) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let arg = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument if arg == HOST => no_option(page, &arg, lang),
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            no_option(page, &arg, lang)
                + &meant(Some(context(ContextKind::SuggestedArg)).filter(|near| !near.is_empty()).as_deref(), lang)
        }
        ErrorKind::UnknownArgument => match lang {
            Lang::En => format!("`{arg}` is one word too many for `{page}`"),
            Lang::PtBr => format!("`{arg}` sobrou: `{page}` não espera mais nada ali"),
        },
        ErrorKind::InvalidSubcommand => verb(&context(ContextKind::InvalidSubcommand), lang),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => wrong_value(&arg, &value, lang),
        ErrorKind::MissingRequiredArgument => missing(&arg, lang),
        ErrorKind::ArgumentConflict => conflict(&arg, &context(ContextKind::PriorArg), lang),
        ErrorKind::TooManyValues => match lang {
            Lang::En => format!("{arg} takes no value, and here is one: `{value}`"),
            Lang::PtBr => format!("{arg} não recebe valor, e aqui veio um: `{value}`"),
        },
        ErrorKind::InvalidUtf8 => lang
            .pick("a word on the command line is not UTF-8", "há uma palavra que não é UTF-8 na linha de comando")
            .to_owned(),
        // Nothing that our command line can come to; clap's words are better than none.
        _ => error.kind().to_string(),
    }
}

fn verb(name: &str, lang: Lang) -> String {
    if docker::verb(name, lang).is_some() {
        return match lang {
            Lang::En => format!("unha has no command `{name}`: that is docker's"),
            Lang::PtBr => format!("o unha não tem o comando `{name}`, que é do docker"),
        };
    }
    let tree = Args::command();
    let known: Vec<&str> = tree.get_subcommands().filter(|verb| !verb.is_hide_set()).map(Command::get_name).collect();
    let near = meant(nearest(name, known.iter().copied()), lang);
    let list = known.join(", ");
    match lang {
        Lang::En => format!("unha has no command `{name}`, only {list}{near}"),
        Lang::PtBr => format!("o unha não tem o comando `{name}`, só {list}{near}"),
    }
}

/// `arg` is the option with the word for its value, as clap puts it: `--memory <SIZE>`.
fn wrong_value(arg: &str, value: &str, lang: Lang) -> String {
    let option = arg.split([' ', '=']).next().unwrap_or(arg);
    let wanted = wanted(option, lang);
    let (what, near) = if value.is_empty() {
        (lang.pick("the value is missing", "faltou o valor"), String::new())
    } else {
        let names = wanted.map_or(&[][..], |(_, names)| names);
        (lang.pick("invalid value", "valor inválido"), meant(nearest(value, names.iter().copied()), lang))
    };
    let given = match value {
        "" => arg.to_owned(),
        value if option.starts_with(['<', '[']) => value.to_owned(),
        value => format!("{option} {value}"),
    };
    let expected = wanted.map_or_else(String::new, |(wanted, _)| match lang {
        Lang::En => format!("; expected {wanted}"),
        Lang::PtBr => format!("; esperado: {wanted}"),
    });
    format!("{given}: {what}{expected}{near}")
}

fn missing(arg: &str, lang: Lang) -> String {
    // An option stands with the word for its value.
    let name = if arg.starts_with("--") { arg.split(' ').next().unwrap_or(arg) } else { arg };
    let name = name.trim_end_matches("...").trim_matches(['<', '>']);
    match (lang, name) {
        (Lang::En, "COMMAND") => "there is no COMMAND to run, such as `sh`".to_owned(),
        (Lang::PtBr, "COMANDO") => "faltou o COMANDO a rodar, por exemplo `sh`".to_owned(),
        (Lang::En, "PID") => "there is no PID: which process is meant? `ps -e` lists them".to_owned(),
        (Lang::PtBr, "PID") => "faltou o PID: qual é o processo? `ps -e` mostra os que existem".to_owned(),
        (Lang::En, "FILE") => "there is no FILE: which recording? `unha record` makes some".to_owned(),
        (Lang::PtBr, "ARQUIVO") => "faltou o ARQUIVO: qual gravação? `unha record` faz algumas".to_owned(),
        (Lang::En, name) if name.starts_with("deck") => {
            "make what, and where? `unha new deck DIR`, `unha new lesson NAME`".to_owned()
        }
        (Lang::PtBr, name) if name.starts_with("deck") => {
            "criar o quê, e onde? `unha new deck PASTA`, `unha new lesson NOME`".to_owned()
        }
        (Lang::En, "NAME") => {
            "there is no NAME: which folder or lesson is it to be? One that is not there yet".to_owned()
        }
        (Lang::PtBr, "NOME") => "faltou o NOME: que pasta ou lição? Uma que ainda não existe".to_owned(),
        (Lang::En, name) if name.starts_with("FORMAT") => {
            "what is to be exported, and to which file? Such as: unha export html talk.html".to_owned()
        }
        (Lang::PtBr, name) if name.starts_with("FORMATO") => {
            "exportar o quê, e para que arquivo? Por exemplo: unha export html palestra.html".to_owned()
        }
        (Lang::En, "FILE.html|DIR") => "there is no FILE: how is it to be called? `-` is stdout".to_owned(),
        (Lang::PtBr, "ARQUIVO.html|PASTA") => {
            "faltou o ARQUIVO: como ele deve se chamar? `-` é a saída padrão".to_owned()
        }
        // An option stands there with the word for its value.
        (_, name) if name.contains(' ') => missing(name.split(' ').next().unwrap_or_default(), lang),
        (Lang::En, name) => format!("{name} is missing"),
        (Lang::PtBr, name) => format!("faltou {name}"),
    }
}

fn conflict(arg: &str, prior: &str, lang: Lang) -> String {
    let bare = |arg: &str| {
        arg.split(' ').next().unwrap_or_default().trim_end_matches("...").trim_matches(['[', ']']).to_owned()
    };
    let (arg, prior) = (bare(arg), bare(prior));
    match lang {
        Lang::En if arg == prior => format!("{arg} is given twice"),
        Lang::PtBr if arg == prior => format!("{arg} aparece duas vezes"),
        Lang::En => format!("{arg} and {prior} contradict each other: leave one out"),
        Lang::PtBr => format!("{arg} e {prior} se contradizem: tire uma das duas"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(line: &str) -> (Option<Lang>, Option<String>) {
        let seen = Glance::at(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        (seen.lang, seen.verb)
    }

    #[test]
    fn language_and_verb_are_found_wherever_they_stand() {
        let run = Some("run".to_owned());
        assert_eq!(glance("--lang en run --foo"), (Some(Lang::En), run.clone()));
        assert_eq!(glance("run --lang=pt-BR --memory"), (Some(Lang::PtBr), run.clone()));
        assert_eq!(glance("run --hostname list --lang pt-BR"), (Some(Lang::PtBr), run.clone()));
        assert_eq!(glance("run -m 1 --lang pt-BR"), (Some(Lang::PtBr), run.clone()));
        assert_eq!(glance("run ls --lang pt-BR"), (None, run.clone()), "these are the words of ls");
        assert_eq!(glance("run -- --lang pt-BR"), (None, run));
        assert_eq!(glance("--route short lits --lang pt"), (Some(Lang::PtBr), Some("lits".to_owned())));
        assert_eq!(glance("--lang xx list"), (None, Some("list".to_owned())));
    }
}
