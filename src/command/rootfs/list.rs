//! `unha rootfs list` and `build`: what there is to start a box in.

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::{BUILT_IN, Refusal, Theirs, built_in, failed, shelf};
use crate::command::{day, words};
use crate::course::text::Lang;
use crate::image::archive::{bytes, shown};
use crate::image::shelf::{Held, Label, os_name};

/// One root file system, as JSON has it.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    name: String,
    os: Option<String>,
    path: std::path::PathBuf,
    /// Whether it is the one that unha brings.
    built_in: bool,
    #[serde(flatten)]
    label: Option<Label>,
}

#[derive(Debug, Serialize)]
struct Listing {
    schema: u32,
    rootfs: Vec<Row>,
}

impl Row {
    pub(super) fn of(held: &Held) -> Self {
        Self {
            name: held.name.clone(),
            os: os_name(&held.root),
            path: held.root.clone(),
            built_in: false,
            label: Some(held.label.clone()),
        }
    }
}

/// JSON of these, in the form of a list.
pub(super) fn json(rows: Vec<Row>) -> String {
    serde_json::to_string(&Listing { schema: 1, rootfs: rows }).unwrap_or_default()
}

/// Prints those that there are.
pub(super) fn run(as_json: bool, lang: Lang) -> Result<(), Refusal> {
    let shelf = shelf().map_err(|why| failed(words::image(&why, lang)))?;
    let mut rows = vec![];
    if let Ok(root) = built_in() {
        let row =
            Row { name: BUILT_IN.to_owned(), os: os_name(&root.dir), path: root.dir, built_in: true, label: None };
        rows.push(row);
    }
    for name in shelf.names() {
        match shelf.hold(&name) {
            Ok(held) => rows.push(Row::of(&held)),
            // What is about to be removed is none any more; of what cannot be read it is said.
            Err(why) => words::complain(&words::shelf(&why, lang)),
        }
    }
    if as_json {
        println!("{}", json(rows));
        return Ok(());
    }
    print!("{}", table(&rows, lang));
    if let Some(theirs) = Theirs::find() {
        println!("{}", theirs.listed(lang));
    }
    println!("{}", words::how_to_get_more(lang));
    Ok(())
}

/// Columns as wide as what stands in them.
fn table(rows: &[Row], lang: Lang) -> String {
    let head = match lang {
        Lang::En => ["NAME", "SYSTEM", "SIZE", "LAYERS", "SINCE", "FROM"],
        Lang::PtBr => ["NOME", "SISTEMA", "TAMANHO", "CAMADAS", "DESDE", "ORIGEM"],
    }
    .map(str::to_owned);
    let mut cells = vec![head];
    for row in rows {
        let (size, layers, since, from) = row.label.as_ref().map_or_else(
            || ("-".to_owned(), "1".to_owned(), "-".to_owned(), words::from_this_machine(lang).to_owned()),
            |label| {
                let (since, from) = (day(label.made).unwrap_or_default(), shown(label.source.as_bytes()));
                (words::amount(&bytes(label.size), lang), label.layers.len().to_string(), since, from)
            },
        );
        cells.push([row.name.clone(), row.os.clone().unwrap_or_else(|| "-".to_owned()), size, layers, since, from]);
    }
    let width = |column: usize| {
        let of = |row: &[String; 6]| unicode_width::UnicodeWidthStr::width(row[column].as_str());
        cells.iter().map(of).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..5).map(width).collect();
    let mut text = String::new();
    for row in &cells {
        for (cell, width) in row.iter().zip(&widths) {
            let pad = width.saturating_sub(unicode_width::UnicodeWidthStr::width(cell.as_str())) + 2;
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', pad));
        }
        text.push_str(&row[5]);
        text.push('\n');
    }
    text
}

/// Builds the built-in one, where it is not there or this machine has changed.
pub(super) fn build(lang: Lang) -> Result<(), Refusal> {
    let refused = |why| failed(words::image(&why, lang));
    let cache = crate::image::cache_dir(&|name| std::env::var_os(name)).map_err(refused)?;
    let image = crate::image::ensure(&cache).map_err(refused)?;
    println!("{}", words::built(image.built, Path::new(&image.path), lang));
    for missing in &image.missing {
        println!("  {}", words::lacking(missing, lang));
    }
    Ok(())
}

/// The exit code of whom a signal has ended.
pub(super) fn ended_by(signal: i32) -> ExitCode {
    ExitCode::from(128 + u8::try_from(signal).unwrap_or_default())
}
