//! Everything that lives in other namespaces than the machine's first process, as lines and as JSON.
//!
//! namespaces(7). The learner sees a line for each group, below the group that it descends from, and with whom it shares what.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::super::words;
use super::which::troubles;
use crate::course::text::Lang;
use crate::kernel::engines::{self, Trouble};
use crate::kernel::tree::{Group, Kind, Namespaces, Origin, Tree, Watcher};

/// The most columns of a command and of a name.
const WIDEST: usize = 60;
/// The most groups that are named as sharing one namespace.
const MOST: usize = 6;

/// Looks once, and prints.
pub(super) fn run(json: bool, lang: Lang) -> ExitCode {
    // Engines take their time to answer, and the kernel does not.
    let (looked, roster) = std::thread::scope(|scope| {
        let asked = std::thread::Builder::new().spawn_scoped(scope, engines::roster);
        let looked = Watcher::new().and_then(|mut watcher| watcher.look());
        let roster = asked.ok().and_then(|asked| asked.join().ok());
        (looked, roster.unwrap_or_else(engines::roster))
    });
    let mut tree = match looked {
        Ok(tree) => tree,
        Err(why) => {
            words::complain(&why);
            return ExitCode::FAILURE;
        }
    };
    roster.name(&mut tree);
    let text = if json { as_json(&tree, &roster.troubles) } else { as_text(&tree, &roster.troubles, lang) };
    // A reader that has seen enough, such as head, is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn named(namespaces: &Namespaces) -> BTreeMap<&'static str, u64> {
    let there = Kind::ALL.into_iter().map(|kind| (kind.name(), namespaces.of(kind)));
    there.filter(|(_, inode)| *inode != 0).collect()
}

fn as_json(tree: &Tree, troubles: &[Trouble]) -> String {
    let group = |group: &Group| {
        let mut said = json!(group);
        said["namespaces"] = json!(named(&group.namespaces));
        said
    };
    let told = json!({
        "schema": 1,
        "origin": tree.origin,
        "namespaces": named(&tree.namespaces),
        "groups": tree.groups.iter().map(group).collect::<Vec<Value>>(),
        "processes": tree.processes,
        "here": tree.here,
        "zombies": tree.zombies,
        "closed": tree.closed,
        "ended": tree.ended,
        "troubles": troubles,
    });
    serde_json::to_string_pretty(&told).map_or_else(|error| error.to_string(), |json| json + "\n")
}

fn as_text(tree: &Tree, troubled: &[Trouble], lang: Lang) -> String {
    let head = [
        lang.pick("PID", "PID"),
        lang.pick("ALL", "TODOS"),
        lang.pick("UID", "UID"),
        lang.pick("SINCE", "DESDE"),
        lang.pick("WHOSE", "DE QUEM"),
        lang.pick("COMMAND", "COMANDO"),
    ];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(tree.groups.iter().map(row));
    let widths: Vec<usize> =
        (0..5).map(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(out, "{cell}{}  ", " ".repeat(width.saturating_sub(cell.width())));
        }
        let _ = writeln!(out, "{}", row[5]);
        if let Some(group) = at.checked_sub(1).and_then(|at| tree.groups.get(at)) {
            below(&mut out, tree, group, lang);
        }
    }
    if tree.groups.is_empty() {
        out.clear();
    }
    out + &sum(tree, lang)
        + troubles(troubled, lang).trim_start_matches('\n')
        + if troubled.is_empty() { "" } else { "\n" }
}

fn row(group: &Group) -> [String; 6] {
    let first = &group.first;
    let pid = format!("{}{}", "  ".repeat(group.depth.min(8)), first.pid);
    let whose = group.container.as_ref().map_or_else(|| "-".to_owned(), crate::kernel::engines::Container::full_name);
    let since = i64::try_from(first.since).ok().and_then(|since| chrono::DateTime::from_timestamp(since, 0));
    let since = since.map(|since| since.with_timezone(&chrono::Local).format("%m-%d %H:%M").to_string());
    [
        pid,
        group.pids.len().to_string(),
        first.uid.to_string(),
        since.unwrap_or_default(),
        cut(&whose),
        cut(&first.command),
    ]
}

fn cut(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        text.to_owned()
    } else {
        text.chars().take(WIDEST - 1).chain(['…']).collect()
    }
}

/// What of the group is apart, and what of that it shares with others.
fn below(out: &mut String, tree: &Tree, group: &Group, lang: Lang) {
    let pad = "  ".repeat(group.depth.min(8) + 1);
    let names = |kinds: &[Kind]| kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ");
    let _ = writeln!(out, "{pad}{} {}", lang.pick("apart:", "separado:"), names(&group.apart));
    // By the groups that it shares with, which are fewer than the kinds.
    let mut with: BTreeMap<String, Vec<Kind>> = BTreeMap::new();
    for (kind, others) in &group.shares {
        let mut told: Vec<String> = others.iter().take(MOST).map(|at| tree.groups[*at].first.pid.to_string()).collect();
        if others.len() > MOST {
            told.push("…".to_owned());
        }
        with.entry(told.join(", ")).or_default().push(*kind);
    }
    for (others, kinds) in with {
        let kinds = names(&kinds);
        let _ = match lang {
            Lang::En => writeln!(out, "{pad}shares {kinds} with {others}"),
            Lang::PtBr => writeln!(out, "{pad}compartilha {kinds} com {others}"),
        };
    }
    if group.zombies > 0 {
        let _ = match lang {
            Lang::En => writeln!(out, "{pad}zombies: {}", group.zombies),
            Lang::PtBr => writeln!(out, "{pad}zumbis: {}", group.zombies),
        };
    }
}

fn sum(tree: &Tree, lang: Lang) -> String {
    let (groups, processes) = (tree.groups.len(), tree.processes);
    let whose = match (tree.origin, lang) {
        (Origin::Init, Lang::En) => "process 1",
        (Origin::Init, Lang::PtBr) => "o processo 1",
        (Origin::Viewer, Lang::En) => "unha itself, for process 1 is closed to this user",
        (Origin::Viewer, Lang::PtBr) => "o próprio unha, pois o processo 1 é fechado para este usuário",
    };
    let mut told = match (groups, lang) {
        (0, Lang::En) => format!("None of {processes} processes is in other namespaces than {whose}.\n"),
        (0, Lang::PtBr) => format!("Nenhum de {processes} processos está em outros namespaces que {whose}.\n"),
        (_, Lang::En) => {
            format!(
                "\n{processes} processes, {} of them in the same namespaces as {whose}; groups in others: {groups}.\n",
                tree.here
            )
        }
        (_, Lang::PtBr) => {
            format!(
                "\n{processes} processos, {} deles nos mesmos namespaces que {whose}; grupos em outros: {groups}.\n",
                tree.here
            )
        }
    };
    if tree.closed > 0 {
        // Whoever is root already would gain nothing by it.
        let next = if nix::unistd::geteuid().is_root() {
            ""
        } else {
            lang.pick(" Next: the same with sudo.", " Tente: com sudo.")
        };
        let _ = match lang {
            Lang::En => writeln!(told, "Closed to this user, and so in no group: {}.{next}", tree.closed),
            Lang::PtBr => {
                writeln!(told, "Fechados para este usuário, e por isso em nenhum grupo: {}.{next}", tree.closed)
            }
        };
    }
    told
}
