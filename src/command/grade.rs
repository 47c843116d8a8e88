//! `unha grade`: what of a container that any program makes holds, what is missing and what leaks.
//!
//! The program is started, its container is found among its descendants, looked at from outside and judged, and all of it
//! is ended again. 0 when every item holds, 1 when not, 3 when there was no container; else as `unha run`.

mod json;
mod search;
mod text;

use std::ffi::{CString, OsString};
use std::io::Write as _;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::process::ExitCode;
use std::time::Duration;

use nix::errno::Errno;

use self::search::Found;
use super::args::Grade;
use super::{RUN_FAILED, words};
use crate::course::grade::{self, Item};
use crate::course::text::Lang;
use crate::kernel::evidence::{Evidence, Kind};
use crate::kernel::probe::{self, Proc, apart};
use crate::kernel::trial::{self, NotStarted, Trial};

/// The exit code where something does not hold.
const NOT_ALL: u8 = 1;
/// The exit code where there is no container to be judged.
const NO_CONTAINER: u8 = 3;
/// How many seconds a container may take to stand.
const SECONDS: u32 = 10;

/// How it ends, for `unha grade --help`.
pub const ENDS: &str = "\
The command has a terminal of its own at which nobody types, and is ended with
all that it started. What a daemon starts (docker run) descends from nobody
here: give its number to --pid.

Exit codes:
  0    every item holds
  1    there is a container, and something is missing, leaky or unknown
  2    this command line cannot be understood
  3    no container: nothing is apart, or it ended before it could be looked at
  125  unha itself failed
  126  the command cannot be executed
  127  the command is not there
  128+ a signal ended unha, and with it all of this";

/// The same in Portuguese.
pub const ENDS_PT_BR: &str = "\
O comando ganha um terminal próprio em que ninguém digita, e é encerrado com tudo
o que iniciou. O que um daemon inicia (docker run) não descende de ninguém aqui:
passe o número dele em --pid.

Códigos de saída:
  0    tem todos os itens
  1    há um contêiner, e algo falta, vaza ou é incerto
  2    não dá para entender esta linha de comando
  3    nenhum contêiner: nada é separado, ou acabou antes que desse para olhar
  125  o próprio unha falhou
  126  o comando não pode ser executado
  127  o comando não existe
  128+ um sinal encerrou o unha, e com ele tudo isso";

/// What was judged.
struct Report {
    /// The command that was started, if one was.
    command: Vec<String>,
    /// What of the process is apart from this machine; nothing where it is no container.
    kinds: Vec<&'static str>,
    evidence: Evidence,
    items: Vec<Item>,
}

impl Report {
    fn of(command: &[OsString], kinds: Vec<&'static str>, evidence: Evidence) -> Self {
        let command = command.iter().map(|word| word.to_string_lossy().replace(char::is_control, "\u{fffd}")).collect();
        let items = grade::grade(&evidence);
        Self { command, kinds, evidence, items }
    }

    fn code(&self) -> u8 {
        match () {
            () if self.kinds.is_empty() => NO_CONTAINER,
            () if grade::holds(&self.items) => 0,
            () => NOT_ALL,
        }
    }
}

/// Judges the container that the command makes, or the process that was named.
pub fn run(options: &Grade, lang: Lang) -> ExitCode {
    let proc = match Proc::open("/proc") {
        Ok(proc) => proc,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(RUN_FAILED);
        }
    };
    let judged = match options.pid {
        Some(pid) => of_process(&proc, pid, lang),
        None => of_command(&proc, options, lang),
    };
    match judged {
        Ok(report) => {
            let text = if options.json { json::of(&report, lang) } else { text::of(&report, lang) };
            // A reader that has seen enough, such as head, is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::from(report.code())
        }
        Err((why, code)) => {
            words::complain(&why);
            ExitCode::from(code)
        }
    }
}

fn of_process(proc: &Proc, pid: u32, lang: Lang) -> Result<Report, (String, u8)> {
    if probe::sketch(proc, pid).is_none() {
        return Err((text::no_process(pid, lang), NO_CONTAINER));
    }
    let kinds = apart::most(proc, [pid]).map_or_else(Vec::new, |apart| apart.kinds);
    let evidence = probe::evidence(proc, pid);
    open(&evidence, lang)?;
    Ok(Report::of(&[], kinds, evidence))
}

/// Whether the process may be looked into at all: the kernel shows its namespaces to its user and to root.
fn open(evidence: &Evidence, lang: Lang) -> Result<(), (String, u8)> {
    match evidence.namespaces.get(&Kind::Uts) {
        Some(Err(why)) => Err((text::closed(evidence.pid(), why, lang), RUN_FAILED)),
        _ => Ok(()),
    }
}

fn of_command(proc: &Proc, options: &Grade, lang: Lang) -> Result<Report, (String, u8)> {
    let words: Result<Vec<CString>, _> =
        options.command.iter().map(|word| CString::new(word.clone().into_vec())).collect();
    let words = words.map_err(|error| (error.to_string(), RUN_FAILED))?;
    let env: Vec<CString> = std::env::vars_os()
        .filter_map(|(name, value)| CString::new([name.into_vec(), value.into_vec()].join(&b'=')).ok())
        .collect();
    let mut trial = Trial::start(&words, &env)
        .map_err(|why| (text::not_started(&why, &options.command[0], lang), not_started(&why)))?;
    let seconds = options.seconds.unwrap_or(SECONDS);
    let found = search::container(proc, &mut trial, Duration::from_secs(seconds.into()));
    let (pid, kinds) = match found {
        Found::Container { pid, kinds } => (pid, kinds),
        Found::Nothing { pid } => (pid, vec![]),
        Found::Ended { stood } => {
            let why = text::ended(&options.command, trial.ended(), stood, &trial.said(), lang);
            end(trial, None, lang);
            return Err((why, NO_CONTAINER));
        }
        Found::Asked(signal) => {
            end(trial, None, lang);
            let code = u8::try_from(signal as i32).map_or(RUN_FAILED, |number| 128 + number);
            return Err((text::asked(signal, lang), code));
        }
    };
    let held = trial::hold(pid);
    let evidence = probe::evidence(proc, pid);
    let stands = probe::sketch(proc, pid).is_some();
    let (status, said) = (trial.ended(), trial.said());
    end(trial, held.as_ref().filter(|_| !kinds.is_empty()).map(|held| held.as_fd()), lang);
    if !stands {
        return Err((text::ended(&options.command, status, true, &said, lang), NO_CONTAINER));
    }
    open(&evidence, lang)?;
    Ok(Report::of(&options.command, kinds, evidence))
}

/// Ends all of it; who cannot be ended is named.
fn end(trial: Trial, first: Option<BorrowedFd<'_>>, lang: Lang) {
    let left = trial.end(first);
    if !left.is_empty() {
        words::complain(&text::left(&left, lang));
    }
}

/// As `unha run` ends: the command is not there, it cannot be executed, or unha itself has failed.
const fn not_started(why: &NotStarted) -> u8 {
    match why {
        NotStarted::Command(error) if matches!(error.errno, Errno::ENOENT | Errno::ENOTDIR) => 127,
        NotStarted::Command(_) => 126,
        NotStarted::Call(..) => RUN_FAILED,
    }
}
