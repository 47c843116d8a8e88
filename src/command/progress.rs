//! `unha progress`: what is done so far; taken to another machine, brought from one, or wiped out.
//!
//! Nothing is lost by any of it: what comes in is merged with what is there, and what is wiped out stays as a copy.

mod table;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::Account;
use super::export::Target;
use super::{MISUSED, args, host, lessons, recall, seconds, words};
use crate::course::kept::{Kept, Senseless};
use crate::course::progress::Progress;
use crate::course::text::Lang;
use crate::session::store;

/// No file that comes in is larger.
const LARGEST: u64 = 4 << 20;

/// Why it did not come to what was asked for, and the exit code.
type Refusal = (String, ExitCode);

/// Does what is asked for.
pub fn run(options: &args::Progress, folder: Option<&Path>, lang: Lang) -> ExitCode {
    let done = match options.what.unwrap_or(Account::Show) {
        Account::Show => show(folder, lang),
        Account::Export => export(options, lang),
        Account::Import => import(options, lang),
        Account::Reset => reset(options.yes, lang),
    };
    done.map_or_else(
        |(why, code)| {
            words::complain(&why);
            code
        },
        |()| ExitCode::SUCCESS,
    )
}

fn misused(why: String) -> Refusal {
    (why, ExitCode::from(MISUSED))
}

fn failed(why: String) -> Refusal {
    (why, ExitCode::FAILURE)
}

fn file(lang: Lang) -> Result<PathBuf, Refusal> {
    store::file().ok_or_else(|| failed(words::homeless(lang).to_owned()))
}

fn show(folder: Option<&Path>, lang: Lang) -> Result<(), Refusal> {
    let loaded = lessons::load(folder, &[], lang).map_err(misused)?;
    let file = file(lang)?;
    let progress = recall::<Progress>(&file, lang).unwrap_or_default().renamed(&loaded.lessons);
    print!("{}", table::of(&progress, &loaded.lessons, &file, lang));
    Ok(())
}

fn export(options: &args::Progress, lang: Lang) -> Result<(), Refusal> {
    let from = file(lang)?;
    let target = Target::of(options.file.as_deref().unwrap_or(Path::new("-")), options.force);
    target.check(lang).map_err(misused)?;
    let Some(progress) = recall::<Progress>(&from, lang) else {
        let none = lang.pick("nothing is done yet, so there is nothing to export", "ainda não há progresso a exportar");
        return Err(failed(format!("{none} ({})", from.display())));
    };
    let text = progress.text().map_err(|error| failed(error.to_string()))?;
    target.write(text.as_bytes(), lang).map_err(failed)?;
    // Under sudo too it is a file of whoever takes it away.
    if let Target::File(path, _) = &target {
        let _ = File::open(path).and_then(|file| store::give_to_owner(&file));
    }
    Ok(())
}

fn import(options: &args::Progress, lang: Lang) -> Result<(), Refusal> {
    let into = file(lang)?;
    let from = options.file.as_deref().filter(|file| file.as_os_str() != "-");
    let name = from.map_or_else(|| "stdin".to_owned(), |path| path.display().to_string());
    let bytes = read(from).map_err(|error| failed(words::unread(Path::new(&name), &error, lang)))?;
    let theirs = match Progress::read(&bytes) {
        Err(Senseless::Changed) if options.force => Progress::read_unsummed(&bytes),
        read => read,
    };
    let theirs = theirs.map_err(|why| misused(not_taken(&name, &why, lang)))?;
    let theirs = Progress::default().with(theirs);
    let mut before = Progress::default();
    let merged = store::merge(&into, theirs, |ours, theirs| {
        before = ours.clone();
        ours.with(theirs)
    });
    let (after, aside) = merged.map_err(|error| failed(words::not_kept(&into, &error, lang)))?;
    if let Some(aside) = aside {
        words::complain(&words::unkept(&aside, lang));
    }
    println!("{}", taken(&before, &after, &into, lang));
    Ok(())
}

fn read(from: Option<&Path>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    match from {
        Some(path) => File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?,
        None => io::stdin().lock().take(LARGEST).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

fn not_taken(name: &str, why: &Senseless, lang: Lang) -> String {
    let why_so = words::senseless(why, lang);
    let next = match why {
        Senseless::Changed => {
            lang.pick("--force takes what can be read of it", "--force aproveita o que der para ler dele")
        }
        Senseless::Newer(_) => lang.pick("take the newer unha for it", "use o unha mais novo"),
        Senseless::Broken { .. } => {
            lang.pick("a file that `unha progress export` has made", "um arquivo feito por `unha progress export`")
        }
    };
    match lang {
        Lang::En => format!("{name}: {why_so}; nothing was changed\n  Next: {next}"),
        Lang::PtBr => format!("{name}: {why_so}; nada foi mudado\n  Tente: {next}"),
    }
}

/// How many steps are done, and how many questions were answered.
fn counted(progress: &Progress) -> (usize, usize) {
    let done = progress.marks().filter(|(_, _, mark)| mark.done.is_some()).count();
    (done, progress.marks().filter(|(_, _, mark)| mark.answer.is_some()).count())
}

fn taken(before: &Progress, after: &Progress, file: &Path, lang: Lang) -> String {
    let ((done, answered), (all_done, all_answered)) = (counted(before), counted(after));
    let (new, file) = ((all_done - done, all_answered - answered), file.display());
    match lang {
        Lang::En => format!(
            "steps done: {all_done}, {} of them new; questions answered: {all_answered}, {} of them new\n{file}",
            new.0, new.1
        ),
        Lang::PtBr => format!(
            "passos feitos: {all_done}, dos quais {} novos; perguntas respondidas: {all_answered}, das quais {} novas\n{file}",
            new.0, new.1
        ),
    }
}

fn reset(yes: bool, lang: Lang) -> Result<(), Refusal> {
    let file = file(lang)?;
    if !file.exists() {
        println!(
            "{}",
            lang.pick("Nothing is done yet: there is nothing to wipe out.", "Ainda não há progresso a apagar.")
        );
        return Ok(());
    }
    let progress = recall::<Progress>(&file, lang).unwrap_or_default();
    if !yes {
        agreed(counted(&progress).0, lang)?;
    }
    let copy = store::replace(&file, |before: Option<Progress>| before.unwrap_or_default().wiped(seconds()));
    let copy = copy.map_err(|error| failed(words::not_kept(&file, &error, lang)))?;
    println!("{}", lang.pick("The course begins anew.", "O curso recomeça do zero."));
    if let Some(copy) = copy {
        let back = lang.pick("brings back what was", "traz de volta o que havia");
        println!("unha progress import {}    # {back}", crate::kernel::host::quoted(&copy.to_string_lossy()));
    }
    Ok(())
}

/// Asks; what is not a yes is a no.
fn agreed(done: usize, lang: Lang) -> Result<(), Refusal> {
    if !host::is_asked() {
        return Err(misused(
            lang.pick(
                "reset asks before it wipes anything out, and here is no terminal to ask on\n  Next: unha progress reset --yes",
                "reset pergunta antes de apagar, e aqui não há terminal para perguntar\n  Tente: unha progress reset --yes",
            )
            .to_owned(),
        ));
    }
    match lang {
        Lang::En => print!("Wipe out all progress (steps done: {done})? A copy is kept. [y/N] "),
        Lang::PtBr => print!("Apagar todo o progresso (passos feitos: {done})? Fica uma cópia. [s/N] "),
    }
    let _ = io::stdout().flush();
    if host::typed().is_some_and(|line| is_yes(&line)) {
        return Ok(());
    }
    Err(failed(lang.pick("nothing was changed", "nada foi mudado").to_owned()))
}

/// Whether a line means yes, in either language.
pub fn is_yes(line: &str) -> bool {
    ["y", "yes", "s", "sim"].contains(&line.trim().to_lowercase().as_str())
}
