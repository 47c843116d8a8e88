//! What was found, for a person: one thing a line, and below what does not work why, what was seen, what mends it and
//! which lessons it concerns. 80 columns.

use std::fmt::Write;

use colored::Colorize;

use super::Report;
use crate::course::lesson::Lesson;
use crate::course::mend::mend;
use crate::course::portuguese::plainly;
use crate::course::reason::{thing, why};
use crate::course::text::Lang;
use crate::kernel::doctor::{Finding, Standing, What};
use crate::kernel::reason::Because;

/// Columns of a line.
const WIDTH: usize = 80;
/// Where what is said of a thing stands.
const SAID: usize = 21;

/// All of it.
pub(super) fn of(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    let mut told: Vec<(&Because, What)> = vec![];
    for finding in &report.findings {
        line(&mut out, finding, lang);
        let Some(because) = &finding.because else { continue };
        let same = |(earlier, _): &&(&Because, What)| earlier.reason == because.reason && earlier.seen == because.seen;
        if let Some((_, earlier)) = told.iter().find(same) {
            let name = thing(*earlier).0;
            item(
                &mut out,
                lang.pick("why", "causa"),
                &format!("{} {}", lang.pick("as for", "a mesma de"), name.get(lang)),
            );
            lessons(&mut out, report, finding, lang);
        } else {
            details(&mut out, report, finding, because, lang);
            told.push((because, finding.what));
        }
    }
    out.push('\n');
    verdict(&mut out, report, lang);
    out
}

/// A standing as a word.
pub(super) const fn word(standing: Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::Works => lang.pick("works", "sim"),
        Standing::Partly => lang.pick("partly", "em parte"),
        Standing::Not => lang.pick("not", "não"),
    }
}

fn line(out: &mut String, finding: &Finding, lang: Lang) {
    let (name, is) = thing(finding.what);
    let padded = format!("{:<9}", word(finding.standing, lang));
    // Told by the word; the colours are of the set that every eye tells apart.
    let padded = match finding.standing {
        Standing::Works => padded.normal(),
        Standing::Partly => padded.bold(),
        Standing::Not => padded.bold().reversed(),
    };
    let value = finding.value.as_ref().map_or_else(String::new, |value| format!(" ({value})"));
    let _ = writeln!(out, " {padded} {:<19} {}{value}", name.get(lang), is.get(lang));
}

fn details(out: &mut String, report: &Report, finding: &Finding, because: &Because, lang: Lang) {
    item(out, lang.pick("why", "causa"), why(because.reason, lang));
    if let Some(call) = &because.call {
        item(out, lang.pick("call", "chamada"), &call.to_string());
    }
    if !because.seen.is_empty() {
        item(out, lang.pick("seen", "visto"), &plainly(&because.seen.join("; "), lang));
    }
    if let Some(mends) = mend(because, &report.about, lang) {
        let label = lang.pick("mends", "resolve");
        if mends.chars().count() > WIDTH - SAID {
            // In one piece, to be copied.
            let _ = writeln!(out, "           {label}\n     {mends}");
        } else {
            item(out, label, &mends);
        }
    }
    lessons(out, report, finding, lang);
}

fn lessons(out: &mut String, report: &Report, finding: &Finding, lang: Lang) {
    let concerned: Vec<(usize, &Lesson)> = report.concerned(finding).collect();
    let said = if concerned.is_empty() {
        lang.pick("none", "nenhuma").to_owned()
    } else if concerned.len() == report.lessons.len() {
        lang.pick("all", "todas").to_owned()
    } else {
        named(&concerned, lang)
    };
    item(out, lang.pick("lessons", "lições"), &said);
}

/// `4 cgroup, 5 rootfs`.
fn named(lessons: &[(usize, &Lesson)], lang: Lang) -> String {
    let names = lessons.iter().map(|(number, lesson)| format!("{number} {}", lesson.title.get(lang)));
    names.collect::<Vec<_>>().join(", ")
}

/// A label and what belongs to it, broken between words.
fn item(out: &mut String, label: &str, said: &str) {
    let mut label = label;
    for line in broken(said, WIDTH - SAID) {
        let _ = writeln!(out, "           {label:<9} {line}");
        label = "";
    }
}

fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + 1 + word.chars().count() > room {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

fn verdict(out: &mut String, report: &Report, lang: Lang) {
    if report.whole() {
        let all = lang.pick("The whole course runs here.", "O curso inteiro roda aqui.");
        let _ = writeln!(out, " {}", all.bold());
        return;
    }
    let stopped: Vec<(usize, &Lesson)> = report
        .lessons
        .iter()
        .enumerate()
        .filter(|(_, lesson)| !crate::course::doctor::runs(lesson, &report.findings))
        .collect();
    let names = named(&stopped, lang);
    let said = match lang {
        Lang::En => format!("These lessons cannot run whole here: {names}."),
        Lang::PtBr => format!("Estas lições não rodam inteiras aqui: {names}."),
    };
    for line in broken(&said, WIDTH - 2) {
        let _ = writeln!(out, " {}", line.bold());
    }
    let helps = report.helps(lang);
    if !helps.is_empty() {
        let _ = writeln!(out, "\n {}", lang.pick("What helps here, best first", "O que ajuda aqui, do melhor ao pior"));
        for (number, line) in (1..).zip(helps) {
            let _ = writeln!(out, "   {number}  {line}");
        }
    }
}
