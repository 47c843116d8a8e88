//! The command line: one file per verb, and what they share.

mod args;
mod cast;
mod check;
mod clean;
mod doctor;
mod driver;
mod escape;
mod export;
mod grade;
mod hand;
mod help;
mod host;
mod inspect;
mod keeping;
mod learn;
mod lessons;
mod list;
mod machine;
mod new;
mod notes;
mod overflow;
mod play;
mod progress;
mod pupil;
mod record;
mod rehearsal;
mod replay;
mod rootfs;
mod run;
mod slides;
mod tape;
mod terminal;
mod trust;
mod usage;
mod venue;
mod vm;
mod watch;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use nix::sys::signal::Signal;

use self::args::{Args, New, Verb};
use crate::course::kept::Kept;
use crate::course::text::Lang;
use crate::kernel::{bench, itself, scope, sys};
use crate::session::store;

/// The exit code for unha's own failure in `run`, as docker run has it: 126 and 127 speak of the command.
const RUN_FAILED: u8 = 125;

/// The exit code for a command line that cannot be understood.
const MISUSED: u8 = 2;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    // Started anew by ourselves: the bench's keeper, which never sees a command line.
    if std::env::args_os().nth(1).is_some_and(|verb| verb == bench::VERB) {
        itself::out_of_reach();
        bench::keep();
        return ExitCode::SUCCESS;
    }
    if std::env::args_os().nth(1).is_some_and(|verb| verb == scope::VERB) {
        scope::tell();
        return ExitCode::SUCCESS;
    }
    let words: Vec<OsString> = asked_for_help(std::env::args_os().collect());
    if run::starts_anew(&words) {
        itself::out_of_reach();
    }
    if let Some(asked) = export::Asked::in_words(&words) {
        return asked.run(locale());
    }
    let Ok(args) = Args::try_parse_from(&words) else { return usage::answer(&words, locale()) };
    let lang = args.lang.unwrap_or_else(locale);
    if let Some(code) = usage::misplaced(&args, lang) {
        return code;
    }
    if only_prints(args.verb.as_ref()) {
        // Whoever reads may have seen enough, as `head` has: then we end, as any other tool would.
        let _ = sys::default_signal(Signal::SIGPIPE);
    }
    if makes_cgroups(args.verb.as_ref()) {
        scope::seek();
    }
    carry_out(args, lang)
}

/// Hands the order to its verb.
fn carry_out(args: Args, lang: Lang) -> ExitCode {
    match args.verb {
        Some(Verb::Run(options)) => run::run(&options, lang),
        Some(Verb::Rootfs(options)) => rootfs::run(&options, lang),
        Some(Verb::Inspect(options)) if watch::is_wanted(&options) => {
            watch::start(&options, args.theme.as_deref(), lang)
        }
        Some(Verb::Look) => watch::look(),
        Some(Verb::Enter { pid, started }) => watch::enter(pid, started, lang),
        Some(Verb::Inspect(options)) => inspect::run(&options, lang),
        Some(Verb::Grade(options)) => grade::run(&options, lang),
        Some(Verb::Escape { prison }) => escape::run(&prison),
        Some(Verb::Facts { pid }) => inspect::facts(pid),
        Some(Verb::Probe { pid }) => inspect::probe(pid),
        Some(Verb::Evidence { pid }) => inspect::evidence(pid),
        Some(Verb::List) => list::run(args.route.unwrap_or_default(), args.lessons.as_deref(), lang),
        Some(Verb::Check { names, trust }) => check::run(&names, args.lessons.as_deref(), trust || args.trust, lang),
        Some(Verb::Doctor(options)) => doctor::run(&options, args.lessons.as_deref(), lang),
        Some(Verb::Record { names, out, trust }) => {
            let choice =
                record::Choice { names, out, lessons: args.lessons, trust: trust || args.trust, only: args.lang };
            record::run(&choice, lang)
        }
        Some(Verb::Export(mut options)) => {
            options.trust |= args.trust;
            export::run(&options, args.lessons.as_deref(), args.route.unwrap_or_default(), lang)
        }
        Some(Verb::Replay(options)) => {
            let cast = options.cast.then_some(cast::Choice { size: options.size, idle: options.idle_limit });
            let speed = options.speed.unwrap_or(100);
            let theme = options.theme.or(args.theme);
            replay::run(&replay::Choice { file: options.file, speed, theme, cast }, lang)
        }
        Some(Verb::Progress(options)) => progress::run(&options, args.lessons.as_deref(), lang),
        Some(Verb::Play(options)) => play::run(&options, args.theme.as_deref(), lang),
        Some(Verb::Clean { dry_run }) => clean::run(dry_run, lang),
        Some(Verb::New { what: New::Deck, name }) => new::run(&name, lang),
        Some(Verb::New { what: New::Lesson, name }) => new::lesson::run(&name, lang),
        Some(Verb::Vm { kind, program, force }) => vm::run(kind.as_deref(), program.as_deref(), force, lang),
        Some(Verb::Present(args::Present { check: Some(size), deck, minutes, trust, .. })) => {
            let (lessons, route, only) = (args.lessons, args.route, args.lang);
            let trust = trust || args.trust;
            let choice = venue::Choice { deck, lessons, route, only, size, minutes, trust };
            venue::run(&choice, lang)
        }
        Some(Verb::Present(options)) => {
            let stage = Some(learn::Stage { deck: options.deck, rehearse: options.rehearse });
            let choice = learn::Choice {
                lessons: args.lessons,
                route: args.route,
                lang: args.lang,
                theme: options.theme.or(args.theme),
                lesson: None,
                rootfs: options.rootfs,
                plain: None,
                host: false,
                trust: options.trust || args.trust,
                stage,
                record: options.keep.wish().or(args.keep.wish()),
            };
            learn::run(&choice, lang)
        }
        Some(Verb::Notes(options)) => notes::run(options.pid, args.lang, options.theme.or(args.theme).as_deref(), lang),
        verb @ (None | Some(Verb::Learn(_))) => {
            let options = if let Some(Verb::Learn(options)) = verb { options } else { args::Learn::default() };
            let because_dumb = !options.plain && learn::plain::is_dumb();
            let choice = learn::Choice {
                lessons: args.lessons,
                route: args.route,
                lang: args.lang,
                theme: options.theme.or(args.theme),
                lesson: options.lesson,
                rootfs: options.rootfs,
                plain: (options.plain || because_dumb).then_some(learn::plain::Plain { because_dumb }),
                host: args.host,
                trust: options.trust || args.trust,
                stage: None,
                record: options.keep.wish().or(args.keep.wish()),
            };
            learn::run(&choice, lang)
        }
    }
}

/// Whether the verb reads the kernel and prints, and makes nothing that would have to be cleared away.
fn only_prints(verb: Option<&Verb>) -> bool {
    if let Some(Verb::Inspect(options)) = verb {
        return !watch::is_wanted(options);
    }
    matches!(
        verb,
        Some(
            Verb::List
                | Verb::Rootfs(args::Rootfs { what: None | Some(args::Deed::List | args::Deed::Show), .. })
                | Verb::Progress(args::Progress { what: None | Some(args::Account::Show | args::Account::Export), .. })
        )
    )
}

/// `unha help run` is `unha run --help`, and `unha help` is `unha --help`.
fn asked_for_help(mut words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_some_and(|verb| verb == "help") {
        words.remove(1);
        words.truncate(2);
        words.push("--help".into());
    }
    words
}

/// Whether the verb makes cgroups, and so needs a place for them: the course, its check, its page, doctor, and boxes with
/// limits.
fn makes_cgroups(verb: Option<&Verb>) -> bool {
    match verb {
        None | Some(Verb::Learn(_) | Verb::Present(_) | Verb::Play(_) | Verb::Check { .. } | Verb::Doctor(_)) => true,
        Some(Verb::Run(options)) => options.has_limits(),
        Some(Verb::Export(options)) => !options.recorded,
        Some(_) => false,
    }
}

/// What is kept in a file of the user's state folder, if there is any; what cannot be read is said.
/// Where that leaves nothing, the copy of the save before is gone on with.
fn recall<T: Kept>(file: &std::path::Path, lang: Lang) -> Option<T> {
    store::load(file).unwrap_or_else(|why| {
        words::complain(&words::unkept(&why, lang));
        let older = matches!(why, store::Unkept::Aside { .. }).then(|| store::load_older(file)).flatten();
        if older.is_some() {
            let goes_on = "unha goes on with the copy of the save before it";
            eprintln!("  {}", lang.pick(goes_on, "o unha segue com a cópia da gravação anterior"));
        }
        older
    })
}

/// Seconds since 1970.
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The day of a time in seconds since 1970, where this machine is.
fn day(seconds: u64) -> Option<String> {
    let time = chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    Some(time.with_timezone(&chrono::Local).format("%Y-%m-%d").to_string())
}

/// The day, as `2026-11-24`, where this machine is.
fn today() -> String {
    chrono::Local::now().format("%Y-%m-%d").to_string()
}

/// The language of the locale: `LC_ALL`, else `LC_MESSAGES`, else `LANG`; English where none is named.
fn locale() -> Lang {
    named_locale().unwrap_or(Lang::En)
}

/// The same where one is named: `C` and `POSIX` are none.
fn named_locale() -> Option<Lang> {
    let set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let value = std::env::var(["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(set)?).ok()?;
    let none = ["C", "POSIX"].contains(&value.split('.').next().unwrap_or_default());
    (!none).then(|| Lang::of_locale(&value))
}
