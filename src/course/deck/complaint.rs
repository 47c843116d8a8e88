//! What is wrong with a slide, where, and what to do about it, in both languages.

use std::fmt;

use crate::course::parse::nearest;
use crate::course::text::{Lang, Text};

/// Why a deck could not be read. [`fmt::Display`] says it in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeckError {
    /// The file.
    pub file: String,
    /// The line, from 1; 0: the file as a whole.
    pub line: usize,
    /// The line's text.
    pub source: String,
    /// The fault and what helps.
    pub(super) complaint: Box<Complaint>,
}

/// A fault and what helps against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub what: Text,
    pub help: Text,
}

impl DeckError {
    pub(super) fn at(file: &str, text: &str, line: usize, complaint: Complaint) -> Self {
        let source = line.checked_sub(1).and_then(|above| text.lines().nth(above)).unwrap_or_default().to_owned();
        Self { file: file.to_owned(), line, source, complaint: Box::new(complaint) }
    }

    /// The whole error for a person.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        let what = self.complaint.what.get(lang);
        let mut said = match self.line {
            0 => format!("{}: {what}", self.file),
            line => format!("{}:{line}: {what}", self.file),
        };
        if !self.source.trim().is_empty() {
            said = format!("{said}\n  | {}", self.source.trim_end());
        }
        let help = self.complaint.help.get(lang);
        if help.is_empty() { said } else { format!("{said}\n  = {help}") }
    }
}

impl fmt::Display for DeckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for DeckError {}

impl Complaint {
    pub fn new(what: (&str, &str), help: (&str, &str)) -> Self {
        Self { what: Text::both(what.0, what.1), help: Text::both(help.0, help.1) }
    }

    pub fn html() -> Self {
        Self::new(
            ("this is HTML, and a terminal shows none", "isto é HTML, e um terminal não mostra"),
            (
                "write Markdown; a comment stands alone on its lines: <!-- pause -->",
                "escreva Markdown; um comentário fica sozinho nas linhas dele: <!-- pause -->",
            ),
        )
    }

    pub fn empty(name: &str) -> Self {
        Self::new(
            (&format!("`{name}` says nothing"), &format!("`{name}` não diz nada")),
            ("write its text behind the colon", "escreva o texto depois dos dois-pontos"),
        )
    }

    pub fn unknown(found: &str, known: &[&str]) -> Self {
        let list = known.join(", ");
        let near = |en: bool| match nearest(found, known) {
            Some(name) if en => format!("did you mean `{name}`? "),
            Some(name) => format!("você quis dizer `{name}`? "),
            None => String::new(),
        };
        Self::new(
            (&format!("`{found}` means nothing here"), &format!("`{found}` não quer dizer nada aqui")),
            (&format!("{}known: {list}", near(true)), &format!("{}aqui vale: {list}", near(false))),
        )
    }

    pub fn bad_id(id: &str) -> Self {
        Self::new(
            (&format!("`{id}` cannot be a slide's id"), &format!("`{id}` não serve como id de slide")),
            ("small letters, digits and hyphens: before-linux", "letras minúsculas, dígitos e hífens: before-linux"),
        )
    }

    pub fn unknown_word(word: &str) -> Self {
        Self::new(
            (&format!("`{word}` means nothing to a slide"), &format!("`{word}` não quer dizer nada num slide")),
            ("<!-- slide: id, 45s, must, lesson: uts -->", "<!-- slide: id, 45s, must, lesson: uts -->"),
        )
    }

    pub fn no_seconds(id: &str) -> Self {
        Self::new(
            (&format!("the slide `{id}` has no planned time"), &format!("falta o tempo previsto do slide `{id}`")),
            (&format!("in seconds: <!-- slide: {id}, 45s -->"), &format!("em segundos: <!-- slide: {id}, 45s -->")),
        )
    }

    pub fn not_live(found: &str) -> Self {
        Self::new(
            (&format!("`{{{found}}}` is no live fact"), &format!("`{{{found}}}` não é um fato ao vivo")),
            (
                "{outside.hostname}: outside, inside or machine, and a fact that `unha inspect --help` lists",
                "{outside.hostname}: outside, inside ou machine, e um fato que `unha inspect --help` mostra",
            ),
        )
    }

    pub fn not_for_slides() -> Self {
        Self::new(
            ("a slide has no place for this", "isto não cabe num slide"),
            (
                "titles, text, lists, tables and drawings do: see slides/README.md",
                "cabem títulos, texto, listas, tabelas e desenhos: veja slides/README.md",
            ),
        )
    }

    pub fn before_first() -> Self {
        Self::new(
            ("this stands before the first slide", "isto vem antes do primeiro slide"),
            ("a slide begins with its title: # Title", "um slide começa pelo título: # Título"),
        )
    }

    pub fn headless(title: &str) -> Self {
        Self::new(
            (&format!("the slide \"{title}\" has no id"), &format!("o slide \"{title}\" não tem id")),
            ("below its title: <!-- slide: my-id, 45s -->", "abaixo do título: <!-- slide: meu-id, 45s -->"),
        )
    }

    pub fn drawing(kind: &str, form: &str) -> Self {
        Self::new(
            (&format!("this is no `{kind}`"), &format!("isto não é um `{kind}`")),
            (&format!("each line: {form}"), &format!("cada linha: {form}")),
        )
    }
}
