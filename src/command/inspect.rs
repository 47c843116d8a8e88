//! `unha inspect`: any container of this machine, by its number, by its name, or all of them as a tree.
//!
//! The facts of a process beside this machine's are read by the code behind the two columns; what isolates it and what does not
//! is judged as `unha grade` does. To the kernel, Docker's containers are processes like ours. Nothing is changed.

mod holes;
mod keys;
mod table;
mod tree;
mod which;

use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::args::Inspect;
use super::words;
use crate::course::holes::isolation;
use crate::course::inspect::elsewhere;
use crate::course::text::Lang;
use crate::kernel::engines::{self, Container};
use crate::kernel::fact::{Fact, Facts, Reading, Value as Told};
use crate::kernel::probe::{self, Log, Proc};
use crate::kernel::tree::Watcher;

pub use self::keys::{KEYS, KEYS_PT_BR};

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    outside: &'a Facts,
    inside: &'a Facts,
    /// Whose it is, where it was asked for by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a Container>,
    pid: u32,
    walls: Value,
    holes: Value,
    unknown: Value,
}

/// Prints the tree, or both sides of the one that is named and what isolates it.
pub fn run(options: &Inspect, lang: Lang) -> ExitCode {
    let Some(word) = &options.what else { return tree::run(options.json, lang) };
    let told = match which::meant(word, lang) {
        Ok(meant) => one(&meant, word, options.json, lang),
        Err(which::Refused::Misused(sentence)) => {
            words::complain(&sentence);
            return ExitCode::from(super::MISUSED);
        }
        Err(which::Refused::NotThere(sentence)) => Err(sentence),
    };
    match told {
        Ok(text) => {
            // A reader that has seen enough, such as head, is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            words::complain(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// The process that a word of the command line means; else the exit code, and what is wrong with it.
pub fn meant(word: &str, lang: Lang) -> Result<u32, (u8, String)> {
    which::meant(word, lang).map(|meant| meant.pid).map_err(|refused| match refused {
        which::Refused::Misused(sentence) => (super::MISUSED, sentence),
        which::Refused::NotThere(sentence) => (1, sentence),
    })
}

fn one(meant: &which::Meant, word: &str, json: bool, lang: Lang) -> Result<String, String> {
    let (pid, container) = (meant.pid, meant.container.as_ref());
    let proc = Proc::open("/proc").map_err(|why| why.to_string())?;
    let (outside, inside) = look(&proc, pid, lang)?;
    let isolation = isolation(&probe::evidence(&proc, pid));
    if json {
        let [walls, holes, unknown] = holes::as_json(&isolation, lang);
        let report = Report { schema: 1, outside: &outside, inside: &inside, container, pid, walls, holes, unknown };
        return serde_json::to_string_pretty(&report).map(|json| json + "\n").map_err(|error| error.to_string());
    }
    let whose = match container {
        _ if meant.by_program => which::program(word, pid, lang),
        Some(container) => which::heading(container, pid, lang),
        None => outside_of_it(pid, &inside, lang),
    };
    Ok(whose + &table::as_table(&outside, &inside, lang) + "\n" + &holes::as_text(&isolation, lang))
}

/// What is said of whoever has only started a container: `$!` of a shell is such a process.
fn outside_of_it(pid: u32, inside: &Facts, lang: Lang) -> String {
    let Some(mut tree) = Watcher::new().ok().and_then(|mut watcher| watcher.look().ok()) else { return String::new() };
    if !tree.started_by(pid).is_empty() {
        engines::roster().name(&mut tree);
    }
    let awaits = inside.get(&Fact::AwaitsChild).and_then(Reading::value) == Some(&Told::Number(1));
    elsewhere(pid, &tree, awaits, lang).map_or_else(String::new, |said| said + "\n\n")
}

const LIST: (&str, &str) = ("Next: `ps -e` lists them.", "Use `ps -e` para ver os que existem.");

fn look(proc: &Proc, pid: u32, lang: Lang) -> Result<(Facts, Facts), String> {
    let (mut outside, mut inside) =
        probe::once(proc, pid, Duration::from_millis(100)).map_err(|lost| lost.to_string())?;
    if let Reading::Missing(why) = &outside[&Fact::Pid] {
        let nobody = lang.pick("there is no such process here", "não existe esse processo aqui");
        return Err(format!("{nobody}: {why}. {}", lang.pick(LIST.0, LIST.1)));
    }
    if let Reading::Missing(why) = &inside[&Fact::NsUts] {
        let (closed, next) = if why.ends_with("EACCES") {
            let closed =
                lang.pick("that process may not be looked into", "não é permitido olhar dentro desse processo");
            let next =
                lang.pick("Next: the same with sudo, or as its user.", "Tente com sudo ou como o dono do processo.");
            (closed, next)
        } else {
            let closed = lang.pick("that process has just ended", "esse processo acabou de terminar");
            (closed, lang.pick(LIST.0, LIST.1))
        };
        return Err(format!("{closed}: {why}. {next}"));
    }
    outside.insert(Fact::OomWords, Log::whole().oom(proc, Some(pid)));
    if outside[&Fact::NsUser] != inside[&Fact::NsUser] {
        ask_within(pid, &mut inside);
    }
    Ok((outside, inside))
}

/// Fills in what only shows after the user namespace was entered. That has no way back, so another process does it.
fn ask_within(pid: u32, inside: &mut Facts) {
    let unknown: Vec<Fact> = inside.iter().filter(|(_, reading)| reading.value().is_none()).map(|(f, _)| *f).collect();
    if unknown.is_empty() {
        return;
    }
    let told = Command::new("/proc/self/exe").args(["__probe", &pid.to_string()]).output();
    let told = told.ok().and_then(|output| serde_json::from_slice::<Facts>(&output.stdout).ok()).unwrap_or_default();
    inside.extend(told.into_iter().filter(|(fact, reading)| unknown.contains(fact) && reading.value().is_some()));
}

/// The other process: tells what the process `pid` sees, as JSON, from within its user namespace.
pub fn probe(pid: u32) -> ExitCode {
    match Proc::open("/proc").and_then(|proc| probe::inside_for_good(&proc, pid)) {
        Ok(facts) => {
            let _ = serde_json::to_writer(std::io::stdout(), &facts);
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("unha: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The other process for a program with threads: tells the evidence on the process `pid`, as JSON.
pub fn evidence(pid: u32) -> ExitCode {
    match Proc::open("/proc") {
        Ok(proc) => {
            let _ = serde_json::to_writer(std::io::stdout(), &probe::evidence(&proc, pid));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("unha: {why}");
            ExitCode::FAILURE
        }
    }
}
