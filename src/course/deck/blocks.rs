//! What stands on a slide: words, lists, tables and drawings, each from a point of the slide on.

use serde::{Deserialize, Serialize};

use super::live;

/// A part of a slide, from a point on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The point from which it is shown.
    pub from: usize,
    /// Whether its items come one by one, each a point later.
    pub each: bool,
    /// What it is.
    pub kind: Kind,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A line that is larger than text.
    Subtitle(Vec<Span>),
    /// Words.
    Text(Vec<Span>),
    /// A list of items.
    List(Vec<Vec<Span>>),
    /// A table: its head, its rows.
    Table(Vec<Vec<Span>>, Vec<Vec<Vec<Span>>>),
    /// Blocks side by side.
    Columns(Vec<Vec<Block>>),
    /// Lines as they are: a drawing by hand, commands.
    Art(Vec<String>),
    /// Layers on layers, side by side: rows of cells, the first row the towers' names.
    Towers(Vec<Vec<String>>),
    /// A line of time: year, name, remark.
    Timeline(Vec<[String; 3]>),
    /// Outside and inside on one ground: the lines of each, and the ground's.
    Sides([Vec<String>; 2], String),
    /// Boxes in a row: the lines of each, the first the largest.
    Boxes(Vec<Vec<String>>),
}

/// Words in one style.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The words, live facts in braces.
    pub text: String,
    /// How they look.
    pub style: Style,
}

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// As text.
    Plain,
    /// `**strong**`
    Strong,
    /// `*less so*`
    Dim,
    /// `` `code` ``
    Code,
}

impl Block {
    /// Whether it shows a live fact.
    #[must_use]
    pub fn is_live(&self) -> bool {
        if let Kind::Columns(columns) = &self.kind {
            return columns.iter().flatten().any(Self::is_live);
        }
        self.texts().into_iter().any(live::is_live)
    }

    /// Whether it is a drawing, which takes what room there is.
    #[must_use]
    pub const fn is_drawing(&self) -> bool {
        matches!(self.kind, Kind::Towers(_) | Kind::Timeline(_) | Kind::Sides(..) | Kind::Boxes(_) | Kind::Art(_))
    }

    /// How many items it has that can come one by one.
    #[must_use]
    pub fn items(&self) -> usize {
        match &self.kind {
            Kind::List(items) => items.len(),
            Kind::Table(_, rows) => rows.len(),
            Kind::Towers(rows) => rows.first().map_or(0, |names| names.iter().filter(|name| *name != "=").count()),
            Kind::Timeline(entries) => entries.len(),
            Kind::Boxes(boxes) => boxes.len(),
            _ => 1,
        }
    }

    /// All that it says.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Subtitle(words) | Kind::Text(words) => spans(words),
            Kind::List(items) => items.iter().flat_map(|item| spans(item)).collect(),
            Kind::Table(head, rows) => head.iter().chain(rows.iter().flatten()).flat_map(|cell| spans(cell)).collect(),
            Kind::Columns(columns) => columns.iter().flatten().flat_map(Self::texts).collect(),
            Kind::Art(lines) => lines.iter().map(String::as_str).collect(),
            Kind::Towers(rows) | Kind::Boxes(rows) => rows.iter().flatten().map(String::as_str).collect(),
            Kind::Timeline(entries) => entries.iter().flatten().map(String::as_str).collect(),
            Kind::Sides(sides, ground) => sides.iter().flatten().chain([ground]).map(String::as_str).collect(),
        }
    }
}

/// The words of spans.
fn spans(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|span| span.text.as_str()).collect()
}
