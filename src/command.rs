//! The command line: one file per verb, and what they share.

mod args;
mod check;
mod clean;
mod driver;
mod inspect;
mod learn;
mod lessons;
mod list;
mod machine;
mod overflow;
mod rootfs;
mod run;
mod words;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use self::args::{Args, Verb};
use crate::course::text::Lang;
use crate::kernel::bench;

/// The exit code for a usage error of `run`, as docker run has it: 126 and 127 speak of the command, the rest is its own.
const RUN_FAILED: u8 = 125;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    // Started anew by ourselves: the bench's keeper, which never sees a command line.
    if std::env::args_os().nth(1).is_some_and(|verb| verb == bench::VERB) {
        bench::keep();
        return ExitCode::SUCCESS;
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    let lang = args.lang.unwrap_or_else(locale);
    match args.verb {
        Some(Verb::Run(options)) => run::run(&options, lang),
        Some(Verb::Inspect(options)) => inspect::run(&options.pid, options.json, lang),
        Some(Verb::Probe { pid }) => inspect::probe(pid),
        Some(Verb::List) => list::run(args.route.unwrap_or_default(), args.lessons.as_deref(), lang),
        Some(Verb::Check { names }) => check::run(&names, args.lessons.as_deref(), lang),
        Some(Verb::Clean { dry_run }) => clean::run(dry_run, lang),
        None => {
            let choice = learn::Choice { lessons: args.lessons, route: args.route, lang: args.lang, theme: args.theme };
            learn::run(&choice, lang)
        }
    }
}

/// Says what is wrong with the command line (or prints the help that was asked for).
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return ExitCode::SUCCESS;
    }
    let of_run = std::env::args().skip(1).find(|word| !word.starts_with('-')).is_some_and(|word| word == "run");
    ExitCode::from(if of_run { RUN_FAILED } else { 2 })
}

/// The language of the locale: `LC_ALL`, else `LC_MESSAGES`, else `LANG`.
fn locale() -> Lang {
    let set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(set);
    name.and_then(|name| std::env::var(name).ok()).map_or(Lang::En, |value| Lang::of_locale(&value))
}
