//! `unha inspect`: any container of this machine, by its number, by its name, or all of them as a tree.
//!
//! The facts of a process beside this machine's are read by the code behind the two columns; what isolates it and what does not
//! is judged as `unha grade` does. To the kernel, Docker's containers are processes like ours. Nothing is changed.

mod asked;
mod holes;
mod keys;
mod table;
mod tree;
mod which;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use nix::unistd::geteuid;
use serde::Serialize;
use serde_json::Value;

use super::args::Inspect;
use super::words;
use crate::course::holes::isolation;
use crate::course::inspect::{elsewhere, let_in};
use crate::course::text::Lang;
use crate::kernel::engines::{self, Container};
use crate::kernel::fact::{self, Fact, Facts, Reading};
use crate::kernel::probe::{self, Log, Proc, Told, Unread};
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
    #[serde(rename = "counted-along")]
    counted_along: usize,
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
        Ok((text, said)) => {
            // A reader that has seen enough, such as head, is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            if let Some(sentence) = said {
                words::complain(&sentence);
            }
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

/// What is told of one process, and what is to be said beside it.
fn one(meant: &which::Meant, word: &str, json: bool, lang: Lang) -> Result<(String, Option<String>), String> {
    let (pid, container) = (meant.pid, meant.container.as_ref());
    let asked::Answer { mut outside, mut inside, evidence, silent } = asked::all(pid, lang)?;
    may_be_looked_at(&outside, &inside, lang)?;
    probe::only_here(&mut outside, &mut inside);
    let isolation = match evidence {
        Ok(evidence) => isolation(&evidence),
        Err(why) => holes::not_told(why),
    };
    let said = (!silent.is_empty()).then(|| asked::sentence(pid, &silent, lang));
    if json {
        let [walls, holes, unknown] = holes::as_json(&isolation, lang);
        let counted_along = isolation.counted_along;
        let report = Report {
            schema: 1,
            outside: &outside,
            inside: &inside,
            container,
            pid,
            walls,
            holes,
            unknown,
            counted_along,
        };
        let json = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
        return Ok((json + "\n", said));
    }
    let whose = match container {
        _ if meant.by_program => which::program(word, pid, lang),
        Some(container) => which::heading(container, pid, lang),
        None => outside_of_it(pid, &inside, lang),
    };
    Ok((whose + &table::as_table(&outside, &inside, lang) + "\n" + &holes::as_text(&isolation, lang), said))
}

/// What is said of whoever has only started a container: `$!` of a shell is such a process.
fn outside_of_it(pid: u32, inside: &Facts, lang: Lang) -> String {
    let Some(mut tree) = Watcher::new().ok().and_then(|mut watcher| watcher.look().ok()) else { return String::new() };
    if !tree.started_by(pid).is_empty() {
        engines::roster().name(&mut tree);
    }
    let awaits = inside.get(&Fact::AwaitsChild).and_then(Reading::value) == Some(&fact::Value::Number(1));
    elsewhere(pid, &tree, awaits, lang).map_or_else(String::new, |said| said + "\n\n")
}

const LIST: (&str, &str) = ("Next: `ps -e` lists them.", "Use `ps -e` para ver os que existem.");

fn may_be_looked_at(outside: &Facts, inside: &Facts, lang: Lang) -> Result<(), String> {
    if let Some(Reading::Missing(why)) = outside.get(&Fact::Pid) {
        let nobody = lang.pick("there is no such process here", "não existe esse processo aqui");
        return Err(format!("{nobody}: {why}. {}", lang.pick(LIST.0, LIST.1)));
    }
    if let Some(Reading::Missing(why)) = inside.get(&Fact::NsUts) {
        let (closed, next) = if why.ends_with("EACCES") {
            let closed =
                lang.pick("that process may not be looked into", "não é permitido olhar dentro desse processo");
            (closed, let_in(geteuid().is_root(), lang))
        } else {
            let closed = lang.pick("that process has just ended", "esse processo acabou de terminar");
            (closed, lang.pick(LIST.0, LIST.1))
        };
        return Err(format!("{closed}: {why}. {next}"));
    }
    Ok(())
}

/// One of the other processes: tells both sides of the process `pid` as it reads them, a line of JSON each.
pub fn facts(pid: u32) -> ExitCode {
    told_by(|proc| {
        let told = &mut |mut told: Told| {
            if let Told::Outside(outside) = &mut told {
                outside.insert(Fact::OomWords, Log::whole().oom(proc, Some(pid)));
            }
            tell(&told);
        };
        probe::once(proc, pid, Duration::from_millis(100), told).map_err(Into::into)
    })
}

/// Another one: tells likewise what the process `pid` sees, from within its user namespace. That has no way back.
pub fn probe(pid: u32) -> ExitCode {
    told_by(|proc| probe::inside_for_good(proc, pid, &mut |told| tell(&told)).map(drop))
}

fn tell(told: &Told) {
    let line = serde_json::to_string(told).map(|line| line + "\n").unwrap_or_default();
    let _ = std::io::stdout().write_all(line.as_bytes());
}

fn told_by(tell_all: impl FnOnce(&Proc) -> Result<(), Unread>) -> ExitCode {
    match Proc::open("/proc").and_then(|proc| tell_all(&proc)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("unha: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Another one, for a program with threads too: tells the evidence on the process `pid`, as JSON.
pub fn evidence(pid: u32) -> ExitCode {
    told_by(|proc| {
        let _ = serde_json::to_writer(std::io::stdout(), &probe::evidence(proc, pid));
        Ok(())
    })
}
