//! What a comment in a slide's Markdown asks for: the few things that CommonMark has no word for.

use super::complaint::Complaint;

/// A comment's meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// `<!-- chapter: History -->`
    Chapter(String),
    /// `<!-- slide: uts, 20s, must, lesson: uts -->`
    Slide(Head),
    /// `<!-- pause -->`
    Pause,
    /// `<!-- one by one -->`
    OneByOne,
    /// `<!-- columns -->`
    Columns,
    /// `<!-- column -->`
    Column,
    /// `<!-- end columns -->`
    EndColumns,
    /// `<!-- notes: … -->`
    Notes(String),
    /// `<!-- source: … -->`
    Source(String),
}

/// What is true of a slide in every language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Head {
    pub id: String,
    pub seconds: u32,
    pub must: bool,
    pub lesson: Option<String>,
}

const KNOWN: [&str; 9] =
    ["chapter:", "slide:", "pause", "one by one", "columns", "column", "end columns", "notes:", "source:"];

/// Reads a comment, given with its marks.
pub(super) fn read(comment: &str) -> Result<Directive, Complaint> {
    let inner = comment.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    let Some(inner) = inner.filter(|inner| !inner.contains("-->")).map(str::trim) else {
        return Err(Complaint::html());
    };
    let said = inner.split_once(':').map(|(name, value)| (name.trim_end(), value.trim()));
    Ok(match (inner, said) {
        ("pause", _) => Directive::Pause,
        ("one by one", _) => Directive::OneByOne,
        ("columns", _) => Directive::Columns,
        ("column", _) => Directive::Column,
        ("end columns", _) => Directive::EndColumns,
        (_, Some(("chapter" | "slide" | "notes" | "source", ""))) => return Err(Complaint::empty(inner)),
        (_, Some(("chapter", title))) => Directive::Chapter(title.to_owned()),
        (_, Some(("notes", notes))) => Directive::Notes(notes.to_owned()),
        (_, Some(("source", source))) => Directive::Source(source.to_owned()),
        (_, Some(("slide", head))) => Directive::Slide(slide(head)?),
        _ => return Err(Complaint::unknown(inner.lines().next().unwrap_or_default(), &KNOWN)),
    })
}

fn slide(said: &str) -> Result<Head, Complaint> {
    let mut words = said.split(',').map(str::trim);
    let id = words.next().unwrap_or_default();
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(letter) {
        return Err(Complaint::bad_id(id));
    }
    let mut head = Head { id: id.to_owned(), ..Head::default() };
    for word in words {
        if let Some(seconds) = word.strip_suffix('s').and_then(|seconds| seconds.parse().ok()) {
            head.seconds = seconds;
        } else if word == "must" {
            head.must = true;
        } else if let Some(lesson) = word.strip_prefix("lesson:").map(str::trim).filter(|id| !id.is_empty()) {
            head.lesson = Some(lesson.to_owned());
        } else {
            return Err(Complaint::unknown_word(word));
        }
    }
    if head.seconds == 0 { Err(Complaint::no_seconds(id)) } else { Ok(head) }
}
