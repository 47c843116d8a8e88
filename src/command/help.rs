//! `--help` in both languages. The English of an option stands with it in [`Args`], its Portuguese in the tables of this folder.
//!
//! clap has a few words of its own ("Usage:", "Options:", "Print help"), so the page is laid out by our own template.

mod arguments;
mod verbs;

use clap::{Arg, ArgAction, Command, CommandFactory};

use self::arguments::ARGUMENTS;
use self::verbs::VERBS;
use super::args::Args;
use super::{grade, inspect};
use crate::course::text::Lang;

/// The options that speak of the course, and the verbs that it is nothing to: there they are neither listed nor taken.
pub const OF_THE_COURSE: [&str; 2] = ["route", "lessons"];
pub const WITHOUT_COURSE: [&str; 9] = ["run", "rootfs", "play", "inspect", "grade", "notes", "clean", "vm", "new"];

/// Where the options stand that every verb has, and those for help: below the others.
const COMMON: usize = 100;
const LAST: usize = 200;

/// The command line with every word of its help pages in `lang`.
pub fn command(lang: Lang) -> Command {
    let mut command = Args::command();
    let verbs: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    for verb in verbs {
        command = command.mut_subcommand(verb, |verb| dressed(verb, lang));
    }
    dressed(command, lang).disable_version_flag(true).arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .display_order(LAST)
            .help(lang.pick("Print the version", "Mostra a versão")),
    )
}

/// One page.
fn dressed(command: Command, lang: Lang) -> Command {
    let name = command.get_name().to_owned();
    let layout = template(&command, lang);
    let mut page = command.help_template(layout);
    if name == "inspect" {
        page = page.after_help(lang.pick(inspect::KEYS, inspect::KEYS_PT_BR));
    }
    if name == "grade" {
        page = page.after_help(lang.pick(grade::ENDS, grade::ENDS_PT_BR));
    }
    if let Some((_, en, pt_br, about)) = VERBS.iter().find(|(verb, ..)| *verb == name) {
        page = page.override_usage(lang.pick(en, pt_br));
        if lang == Lang::PtBr {
            page = page.about(*about);
        }
    }
    if lang == Lang::PtBr {
        for (_, id, value, help) in ARGUMENTS.iter().filter(|(verb, ..)| *verb == name) {
            page = page.mut_arg(id, |arg| {
                let arg = arg.help(*help);
                if value.is_empty() { arg } else { arg.value_name(*value) }
            });
        }
    }
    if name == "unha" {
        // They stand on every verb's page too, and there below the verb's own.
        page = page.mut_args(|arg| arg.display_order(COMMON));
    }
    if WITHOUT_COURSE.contains(&name.as_str()) {
        // clap hands an option on only to a verb that has none of that name.
        page = page.args(OF_THE_COURSE.map(|id| Arg::new(id).long(id).num_args(1).hide(true)));
    }
    let help = lang.pick("Print this help", "Mostra esta ajuda");
    page.disable_help_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).display_order(LAST).help(help))
}

/// How a page is laid out. The escapes are those that clap puts around its own headings; it takes them out where the
/// output is no terminal.
fn template(command: &Command, lang: Lang) -> String {
    let heading = |en, pt_br| format!("\x1b[1m\x1b[4m{}\x1b[0m", lang.pick(en, pt_br));
    let mut page = format!("{{about-with-newline}}\n{} {{usage}}\n", heading("Usage:", "Uso:"));
    let section = |tag, en, pt_br| format!("\n{}\n{{{tag}}}\n", heading(en, pt_br));
    if command.has_subcommands() {
        page += &section("subcommands", "Commands:", "Comandos:");
        page += lang.pick("  (none: the course, on the screen)\n", "  (nenhum: o curso, na tela)\n");
    }
    if command.get_positionals().next().is_some() {
        page += &section("positionals", "Arguments:", "Argumentos:");
    }
    page + &format!("\n{}\n{{options}}{{after-help}}", heading("Options:", "Opções:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The program and its verbs that a person is told of.
    fn pages() -> Vec<Command> {
        let command = Args::command();
        let verbs: Vec<Command> = command.get_subcommands().filter(|verb| !verb.is_hide_set()).cloned().collect();
        [vec![command], verbs].concat()
    }

    fn rendered(lang: Lang, verb: &str) -> String {
        let mut command = command(lang);
        command.build();
        let page = if verb == "unha" { Some(&mut command) } else { command.find_subcommand_mut(verb) };
        page.unwrap().render_help().to_string()
    }

    #[test]
    fn every_verb_and_argument_has_its_portuguese() {
        let mut found = vec![];
        for page in pages() {
            let name = page.get_name();
            assert!(VERBS.iter().any(|(verb, ..)| *verb == name), "{name} has no Portuguese");
            for arg in page.get_arguments() {
                let row = ARGUMENTS.iter().find(|(verb, id, ..)| *verb == name && arg.get_id() == *id);
                let (_, id, value, _) = row.unwrap_or_else(|| panic!("{name} {} has no Portuguese", arg.get_id()));
                let takes = arg.is_positional() || arg.get_action().takes_values();
                assert_eq!(takes, !value.is_empty(), "{name} {id}: the word for its value");
                assert!(arg.get_possible_values().is_empty() || !takes, "{name} {id}: clap would list its values");
                assert!(arg.get_default_values().is_empty() || !takes, "{name} {id}: clap would say [default: …]");
                found.push((name.to_owned(), *id));
            }
        }
        assert_eq!(found.len(), ARGUMENTS.len(), "the table speaks of an argument that there is not");
    }

    #[test]
    fn what_speaks_of_the_course_stands_where_there_is_one() {
        for lang in Lang::ALL {
            for page in pages() {
                let name = page.get_name();
                let lists = |id: &&str| rendered(lang, name).contains(&format!("--{id} "));
                assert_eq!(OF_THE_COURSE.iter().all(lists), !WITHOUT_COURSE.contains(&name), "{name}");
                assert_eq!(OF_THE_COURSE.iter().any(lists), !WITHOUT_COURSE.contains(&name), "{name}");
            }
        }
    }

    #[test]
    fn a_page_is_in_one_language() {
        for page in pages() {
            let name = page.get_name();
            let (en, pt_br) = (rendered(Lang::En, name), rendered(Lang::PtBr, name));
            for (word, other) in [("Usage:", "Uso:"), ("Options:", "Opções:"), ("Print", "Mostra")] {
                assert!(en.contains(word) && !en.contains(other), "{en}");
                assert!(pt_br.contains(other) && !pt_br.contains(word), "{pt_br}");
            }
            for arg in page.get_arguments() {
                let help = arg.get_help().unwrap().to_string();
                assert!(!pt_br.contains(&help), "{name} {}: {help}", arg.get_id());
            }
        }
    }
}
