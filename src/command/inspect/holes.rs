//! What isolates a process and what does not, for a person and for a program.
//!
//! The learner sees a sentence for each, the worst hole first, with what it allows, what was seen, and where it is written.

use std::fmt::Write as _;

use colored::{ColoredString, Colorize as _};
use serde_json::{Value, json};

use crate::course::holes::{Hole, Isolation, Severity, Wall, counted_along, severity};
use crate::course::portuguese::plainly;
use crate::course::text::{Lang, Text};

/// Walls, holes and what is unknown.
pub(super) fn as_json(told: &Isolation, lang: Lang) -> [Value; 3] {
    let wall = |wall: &Wall| json!({ "item": wall.word, "says": wall.says.get(lang), "seen": wall.seen });
    let hole = |hole: &Hole| {
        json!({
            "hole": hole.word,
            "severity": hole.severity,
            "says": hole.says.get(lang),
            "allows": hole.allows.get(lang),
            "source": hole.source,
            "seen": hole.seen,
        })
    };
    let walls = |walls: &[Wall]| walls.iter().map(wall).collect();
    [walls(&told.walls), told.holes.iter().map(hole).collect(), walls(&told.unknown)]
}

/// Where there was no answer, neither a wall nor a hole is known.
pub(super) fn not_told(why: String) -> Isolation {
    let says = Text::both(
        "What isolates it and what does not was not told.",
        "O que o isola e o que não o isola não foi dito.",
    );
    Isolation { unknown: vec![Wall { word: "evidence", says, seen: vec![why] }], ..Isolation::default() }
}

/// The same in lines.
pub(super) fn as_text(told: &Isolation, lang: Lang) -> String {
    let mut out = String::new();
    if let Some(along) = counted_along(told, lang) {
        let used =
            lang.pick("What is used (memory, processes, CPU) is counted", "O uso (memória, processos, CPU) é contado");
        let _ = writeln!(out, "{used} {along}.\n");
    }
    let mut walls = |head: &str, walls: &[Wall], seen: bool| {
        if walls.is_empty() {
            return;
        }
        let _ = writeln!(out, "{head}");
        for wall in walls {
            let _ = writeln!(out, "  {:<19} {}", wall.word, wall.says.get(lang));
            for seen in wall.seen.iter().filter(|_| seen) {
                let _ = writeln!(out, "  {:<19} {}", "", plainly(seen, lang));
            }
        }
        out.push('\n');
    };
    walls(lang.pick("What isolates it:", "O que o isola:"), &told.walls, false);
    walls(lang.pick("What could not be looked at:", "O que não deu para olhar:"), &told.unknown, true);
    if told.holes.is_empty() {
        if told.walls.is_empty() && !told.unknown.is_empty() {
            return out.trim_end().to_owned() + "\n";
        }
        let _ = writeln!(
            out,
            "{}",
            lang.pick("None of the well-known holes was found.", "Nenhum dos furos conhecidos foi achado.")
        );
        return out;
    }
    let _ = writeln!(out, "{}", lang.pick("What does not, the worst first:", "O que não isola, do pior ao menor:"));
    for hole in &told.holes {
        let word = format!("{:<6}", severity(hole.severity, lang));
        let word: ColoredString = match hole.severity {
            Severity::High => word.bold().reversed(),
            Severity::Medium => word.bold(),
            Severity::Low => word.normal(),
        };
        let _ = writeln!(out, "  {word} {:<19} {}", hole.word, hole.says.get(lang));
        let allows = lang.pick("allows", "permite");
        let (seen, source) = (lang.pick("seen", "visto"), lang.pick("source", "fonte"));
        let lines = [(allows, hole.allows.get(lang).to_owned()), (seen, hole.seen.join("; "))];
        for (label, text) in lines.into_iter().filter(|(_, text)| !text.is_empty()) {
            let _ = writeln!(out, "         {label:<8} {text}");
        }
        let _ = writeln!(out, "         {source:<8} {}  {}", hole.source.name, hole.source.url);
    }
    out
}
