//! The report for a person, 80 columns wide, and what is said where there is nothing to report.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::Path;

use colored::{ColoredString, Colorize as _};
use nix::sys::signal::Signal;
use nix::sys::wait::WaitStatus;

use super::super::words::image;
use super::Report;
use crate::course::grade::{Item, Verdict, allows, means, verdict};
use crate::course::plain::plain;
use crate::course::portuguese;
use crate::course::text::Lang;
use crate::image::find_command;
use crate::kernel::trial::NotStarted;

/// Columns of a line, and where what is said of an item stands.
const WIDTH: usize = 79;
const SAID: usize = 23;
/// The most lines of the command's own words that are passed on.
const LAST_WORDS: usize = 3;

/// All of it.
pub(super) fn of(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    head(&mut out, report, lang);
    out.push('\n');
    for item in &report.items {
        line(&mut out, item, lang);
    }
    out.push('\n');
    foot(&mut out, report, lang);
    out
}

fn head(out: &mut String, report: &Report, lang: Lang) {
    let evidence = &report.evidence;
    let (here, there) = (evidence.pid(), evidence.pids.last().copied().unwrap_or_default());
    let numbers = match lang {
        Lang::En if evidence.pids.len() > 1 => format!("PID {here} here, {there} in it"),
        Lang::PtBr if evidence.pids.len() > 1 => format!("PID {here} aqui, {there} lá dentro"),
        _ => format!("PID {here}"),
    };
    let process = format!("{} ({numbers})", evidence.name);
    let found = if report.kinds.is_empty() {
        let none = lang.pick("none: nothing of it is apart from here", "nenhum: nada dele é separado daqui");
        format!("{none}; {process}")
    } else {
        process
    };
    entry(out, lang.pick("container", "contêiner"), &found, 11);
    if !report.command.is_empty() {
        entry(out, lang.pick("made by", "feito por"), &report.command.join(" "), 11);
    }
    if !report.kinds.is_empty() {
        entry(out, lang.pick("apart", "separado"), &report.kinds.join(" "), 11);
    }
}

fn line(out: &mut String, item: &Item, lang: Lang) {
    let word = format!("{:<8}", verdict(item.verdict, lang));
    // Told by the word; what stands out is so in every terminal.
    let word: ColoredString = match item.verdict {
        Verdict::Has => word.normal(),
        Verdict::Missing | Verdict::Unknown => word.bold(),
        Verdict::Leaky => word.bold().reversed(),
    };
    let mut lines = broken(means(item, lang), WIDTH - SAID).into_iter();
    let _ = writeln!(out, " {word} {:<12} {}", item.aspect.word(), lines.next().unwrap_or_default());
    for more in lines {
        let _ = writeln!(out, "{}{more}", " ".repeat(SAID));
    }
    if let Some(allows) = allows(item, lang) {
        entry(out, &format!("         {}", lang.pick("allows", "permite")), allows, SAID - 1);
    }
    for seen in &item.seen {
        entry(out, &format!("         {}", lang.pick("seen", "visto")), seen, SAID - 1);
    }
}

/// A label and what belongs to it, broken to the width.
fn entry(out: &mut String, label: &str, said: &str, column: usize) {
    let mut label = label;
    for line in broken(said, WIDTH - column - 1) {
        let _ = writeln!(out, " {label:<column$}{line}");
        label = "";
    }
}

fn foot(out: &mut String, report: &Report, lang: Lang) {
    let count = |verdict| report.items.iter().filter(|item| item.verdict == verdict).count();
    let [has, missing, leaky, unknown] = [Verdict::Has, Verdict::Missing, Verdict::Leaky, Verdict::Unknown].map(count);
    let sum = match lang {
        Lang::En => format!("{has} of {} hold, {missing} missing, {leaky} leaky", report.items.len()),
        Lang::PtBr => format!("{has} de {} itens valem, {missing} faltam, {leaky} vazam", report.items.len()),
    };
    let unknown = match (lang, unknown) {
        (_, 0) => String::new(),
        (Lang::En, unknown) => format!(", {unknown} unknown"),
        (Lang::PtBr, unknown) => format!(", {unknown} incertos"),
    };
    let _ = writeln!(out, " {}", format!("{sum}{unknown}.").bold());
    // The names once more, for whoever's screen is shorter than the report.
    for kind in [Verdict::Missing, Verdict::Leaky, Verdict::Unknown] {
        let of_kind = report.items.iter().filter(|item| item.verdict == kind).map(|item| item.aspect.word());
        let names = of_kind.collect::<Vec<_>>().join(" ");
        if !names.is_empty() {
            entry(out, verdict(kind, lang), &names, 9);
        }
    }
}

/// Text in lines of so many columns, between words where that goes.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for (number, piece) in letters.chunks(room).enumerate() {
            let gap = usize::from(width > 0 && number == 0);
            if width > 0 && (number > 0 || width + gap + piece.len() > room) {
                lines.push(String::new());
                width = 0;
            }
            let last = lines.len() - 1;
            if width > 0 {
                lines[last].push(' ');
                width += 1;
            }
            lines[last].extend(piece);
            width += piece.len();
        }
    }
    lines
}

/// There is no such process, or it may not be looked at.
pub(super) fn no_process(pid: u32, lang: Lang) -> String {
    match lang {
        Lang::En => format!("process {pid} is not there\n  Next: `ps -e` lists those that are"),
        Lang::PtBr => format!("o processo {pid} não existe\n  Tente: `ps -e` mostra os que existem"),
    }
}

/// The command could not be started.
pub(super) fn not_started(why: &NotStarted, command: &OsStr, lang: Lang) -> String {
    let NotStarted::Command(error) = why else { return why.to_string() };
    let errno = lang.pick(error.errno.desc(), portuguese::errno(error.errno));
    // As execvp(3) looks for it: ENOENT may be said of it, of its interpreter, or of a name that is mistyped.
    let path = std::env::var("PATH").unwrap_or_default();
    let name = match std::path::absolute(command) {
        Ok(absolute) if command.as_encoded_bytes().contains(&b'/') => absolute.to_string_lossy().into_owned(),
        _ => command.to_string_lossy().into_owned(),
    };
    let why = match find_command(Path::new("/"), &name, &path) {
        Err(why) => format!("\n  {} {}", lang.pick("Why:", "Causa:"), image(&why, lang)),
        Ok(_) => String::new(),
    };
    let next = lang.pick(
        "Next: is the name right, and may the file be executed? `command -v NAME` finds it",
        "Tente: o nome está certo, e o arquivo pode ser executado? `command -v NOME` o encontra",
    );
    let next = if why.is_empty() { format!("\n  {next}") } else { String::new() };
    format!("{} ({errno}){why}{next}", error.call)
}

/// The process is somebody else's.
pub(super) fn closed(pid: u32, why: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("process {pid} may not be looked into: {why}\n  Next: the same with sudo, or as its user"),
        Lang::PtBr => {
            format!("não é permitido olhar dentro do processo {pid}: {why}\n  Tente: com sudo, ou como o dono dele")
        }
    }
}

/// Some could not be ended.
pub(super) fn left(pids: &[u32], lang: Lang) -> String {
    let pids = pids.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    match lang {
        Lang::En => format!("these processes could not be ended: {pids}\n  Next: sudo kill -9 {pids}"),
        Lang::PtBr => format!("estes processos não puderam ser encerrados: {pids}\n  Tente: sudo kill -9 {pids}"),
    }
}

/// Somebody asked unha to end.
pub(super) fn asked(signal: Signal, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{signal}: the command was ended too, and nothing was judged"),
        Lang::PtBr => format!("{signal}: o comando também foi encerrado, e nada foi avaliado"),
    }
}

/// Everybody had ended before anything could be judged.
pub(super) fn ended(command: &[OsString], status: Option<WaitStatus>, stood: bool, said: &[u8], lang: Lang) -> String {
    let name = command.first().map(|name| name.to_string_lossy().replace(char::is_control, "\u{fffd}"));
    let name = name.unwrap_or_default();
    let how = match (status, lang) {
        (Some(WaitStatus::Exited(_, code)), Lang::En) => format!("with exit code {code}"),
        (Some(WaitStatus::Exited(_, code)), Lang::PtBr) => format!("com código de saída {code}"),
        (Some(WaitStatus::Signaled(_, signal, _)), Lang::En) => format!("by {signal}"),
        (Some(WaitStatus::Signaled(_, signal, _)), Lang::PtBr) => format!("com {signal}"),
        (_, Lang::En) => "meanwhile".to_owned(),
        (_, Lang::PtBr) => "nesse meio-tempo".to_owned(),
    };
    let mut told = match (stood, lang) {
        (true, Lang::En) => format!("`{name}` made something apart, but ended {how} before it could be looked at"),
        (true, Lang::PtBr) => format!("`{name}` fez algo separado, mas terminou {how} antes que desse para olhar"),
        (false, Lang::En) => format!("`{name}` ended {how}, and nothing apart from here was seen"),
        (false, Lang::PtBr) => format!("`{name}` terminou {how}, e não se viu nada separado daqui"),
    };
    let words = plain(said);
    let words: Vec<&str> = words.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in &words[words.len().saturating_sub(LAST_WORDS)..] {
        let _ = write!(told, "\n  {} {line}", lang.pick("It said:", "Disse:"));
    }
    let next = lang.pick(
        "Next: have it run something that stays, such as `sleep 60`",
        "Tente: mande rodar algo que fique, como `sleep 60`",
    );
    let _ = write!(told, "\n  {next}");
    told
}
