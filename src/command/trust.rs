//! A lesson that is not unha's own types its lines into real shells: whoever runs it reads them first and agrees, once.
//!
//! What was agreed to is remembered by the file's sum, so that a file that changes is shown again.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::host::typed;
use super::lessons::Loaded;
use super::progress::is_yes;
use super::{recall, words};
use crate::course::kept::{Kept, Senseless, schema};
use crate::course::parse;
use crate::course::text::Lang;
use crate::session::store;

mod lines;

/// The sums of the files that were agreed to.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Trusted {
    schema: u32,
    lessons: BTreeSet<String>,
}

impl Trusted {
    const SCHEMA: u32 = 1;
}

impl Kept for Trusted {
    fn read(bytes: &[u8]) -> Result<Self, Senseless> {
        schema(bytes, Self::SCHEMA)?;
        Ok(serde_json::from_slice(bytes)?)
    }

    fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

fn file() -> Option<PathBuf> {
    store::file().map(|file| file.with_file_name("trusted.json"))
}

fn sum(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// Whether the chosen lessons may be run: they are part of unha, or somebody has read and agreed to what they type.
///
/// # Errors
/// That nobody has, and what to do, in `lang`.
pub fn agreed(loaded: &Loaded, trust: bool, lang: Lang) -> Result<(), String> {
    let own = parse::embedded();
    let is_own = |(name, text): &(String, String)| own.contains(&(name.as_str(), text.as_str()));
    let theirs: Vec<usize> = loaded.chosen.iter().copied().filter(|at| !is_own(&loaded.files[*at])).collect();
    if trust || theirs.is_empty() {
        return Ok(());
    }
    let known: Trusted = file().and_then(|file| recall(&file, lang)).unwrap_or_default();
    let unknown: Vec<usize> =
        theirs.into_iter().filter(|at| !known.lessons.contains(&sum(&loaded.files[*at].1))).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let names = unknown.iter().map(|at| lines::plain(&loaded.files[*at].0)).collect::<Vec<_>>().join(", ");
    // Not on stdout, which may go to a file.
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(unasked(&names, lang));
    }
    for at in &unknown {
        eprint!("{}", lines::of(&loaded.files[*at].0, &loaded.lessons[*at], lang));
    }
    eprint!("{}", question(&names, lang));
    let _ = io::stderr().flush();
    if !typed().is_some_and(|line| is_yes(&line)) {
        return Err(lang.pick("so nothing was run", "então nada foi rodado").to_owned());
    }
    remember(unknown.iter().map(|at| sum(&loaded.files[*at].1)).collect(), lang);
    Ok(())
}

/// Keeps what was agreed to; where that cannot be kept, it is asked again next time.
fn remember(sums: BTreeSet<String>, lang: Lang) {
    let Some(file) = file() else { return };
    let new = Trusted { schema: Trusted::SCHEMA, lessons: sums };
    let both = |mut before: Trusted, new: Trusted| {
        before.lessons.extend(new.lessons);
        Trusted { schema: Trusted::SCHEMA, ..before }
    };
    if let Err(error) = store::merge(&file, new, both) {
        words::complain(&words::not_kept(&file, &error, lang));
    }
}

fn question(names: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "\nThis is all that {names} types, offers at a prompt and starts.\n\
             It is no part of unha: run it only if you know what it does.\n\
             Run it, and ask no more until it changes? [y/N] "
        ),
        Lang::PtBr => format!(
            "\nIsso é tudo o que {names} digita, oferece num prompt e inicia.\n\
             Não faz parte do unha: rode só se souber o que faz.\n\
             Rodar, e não perguntar mais até que mude? [s/N] "
        ),
    }
}

fn unasked(names: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "{names}: no part of unha, and nobody has agreed to the lines that it types; here is no terminal to ask on\n  \
             Next: run it at a terminal and read them, or --trust if you know the file"
        ),
        Lang::PtBr => format!(
            "{names}: não faz parte do unha, e ninguém concordou com as linhas que digita; aqui não há terminal para \
             perguntar\n  Tente: rode num terminal e leia, ou --trust se você conhece o arquivo"
        ),
    }
}
