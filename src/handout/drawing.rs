//! What stands on a slide, as a page has it: words, lists, tables; the drawings as tables and lists that are read aloud.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr;

use super::prose::{linked, sentence};
use crate::course::deck::{Block, Kind, Live, Part, Span, Style, parts};
use crate::course::text::Lang;
use crate::course::{Side, Snapshot, words};

/// What a slide is drawn with.
pub struct Ink<'a> {
    /// The language.
    pub lang: Lang,
    /// What the live facts were, if they could be read.
    pub live: Option<&'a Snapshot>,
}

impl Ink<'_> {
    /// A live fact as words; a dash where there is none.
    fn said(&self, live: Live) -> String {
        let value = self.live.and_then(|look| look.value(live.side, live.fact));
        value.map_or_else(|| "—".to_owned(), |value| words::value(live.fact, value, self.lang))
    }

    /// Words with their live facts, which `words` marks up.
    fn fill(&self, text: &str, words: impl Fn(&str) -> Markup) -> Markup {
        html! {
            @for part in parts(text) {
                @match part {
                    Part::Words(text) => (words(text)),
                    Part::Live(live) => b.value { (self.said(live)) },
                }
            }
        }
    }

    fn spans(&self, spans: &[Span]) -> Markup {
        html! {
            @for span in spans {
                @match span.style {
                    Style::Plain => (self.fill(&span.text, linked)),
                    Style::Strong => strong { (self.fill(&span.text, linked)) },
                    Style::Dim => em { (self.fill(&span.text, linked)) },
                    Style::Code => code { (self.fill(&span.text, |text| html! { (text) })) },
                }
            }
        }
    }

    /// A line as it stands: a live fact takes the columns that it always takes.
    fn raw(&self, text: &str) -> Markup {
        html! {
            @for part in parts(text) {
                @match part {
                    Part::Words(text) => (self.sided(text)),
                    Part::Live(live) => {
                        @let said = self.said(live);
                        b.value { (said) }
                        (" ".repeat(usize::from(live.width.unwrap_or(0)).saturating_sub(said.width())))
                    }
                }
            }
        }
    }

    /// Words, the sides' names among them in their colours.
    fn sided(&self, text: &str) -> Markup {
        let names = [Side::Outside, Side::Inside].map(|side| (words::side(side, self.lang), side));
        let first =
            names.iter().filter_map(|(name, side)| Some((text.find(name)?, *name, *side))).min_by_key(|at| at.0);
        match first {
            None => html! { (text) },
            Some((at, name, side)) => html! {
                (text[..at]) b class=(class(side)) { (name) } (self.sided(&text[at + name.len()..]))
            },
        }
    }
}

/// The colour of a side.
pub const fn class(side: Side) -> &'static str {
    match side {
        Side::Machine => "machine",
        Side::Outside => "outside",
        Side::Inside => "inside",
    }
}

/// A block of a slide, with all its points.
pub fn block(block: &Block, ink: &Ink) -> Markup {
    match &block.kind {
        Kind::Subtitle(spans) => html! { p.subtitle { (ink.spans(spans)) } },
        Kind::Text(spans) => html! { p { (ink.spans(spans)) } },
        Kind::List(items) => html! { ul { @for item in items { li { (ink.spans(item)) } } } },
        Kind::Table(head, rows) => table(head, rows, ink),
        Kind::Columns(columns) => html! {
            div.columns { @for column in columns { div { @for one in column { (self::block(one, ink)) } } } }
        },
        Kind::Art(lines) => html! {
            pre.art tabindex="0" { @for line in lines { (ink.raw(line)) "\n" } }
        },
        Kind::Towers(rows) => towers(rows, ink),
        Kind::Timeline(entries) => html! {
            ol.timeline {
                @for [year, name, remark] in entries {
                    li { time { (year) } " " strong { (linked(name)) } " " span { (linked(remark)) } }
                }
            }
        },
        Kind::Sides(both, ground) => sides(both, ground, ink),
        Kind::Boxes(all) => html! { ul.boxes { @for lines in all { li { (stack(lines, ink)) } } } },
    }
}

/// Lines on each other, the first the largest.
fn stack(lines: &[String], ink: &Ink) -> Markup {
    html! {
        @for (index, line) in lines.iter().enumerate() {
            @if index == 0 { strong { (ink.fill(line, sentence)) } } @else { " " span { (ink.fill(line, sentence)) } }
        }
    }
}

fn table(head: &[Vec<Span>], rows: &[Vec<Vec<Span>>], ink: &Ink) -> Markup {
    let is_named = |cell: &Vec<Span>| cell.iter().any(|span| !span.text.trim().is_empty());
    html! {
        table {
            @if head.iter().any(is_named) {
                thead { tr { @for cell in head {
                    // A heading without a word would be announced as one.
                    @if is_named(cell) { th scope="col" { (ink.spans(cell)) } } @else { td {} }
                } } }
            }
            tbody {
                @for row in rows {
                    tr { @for (index, cell) in row.iter().enumerate() {
                        @if index == 0 { th scope="row" { (ink.spans(cell)) } } @else { td { (ink.spans(cell)) } }
                    } }
                }
            }
        }
    }
}

/// Towers, each a column of the table: the first row names them, `=` carries the cell on its left on.
fn towers(rows: &[Vec<String>], ink: &Ink) -> Markup {
    let cells = |row: &[String]| {
        let mut cells: Vec<(String, usize)> = vec![];
        for text in row {
            match cells.last_mut() {
                Some(last) if text == "=" => last.1 += 1,
                _ => cells.push((text.clone(), 1)),
            }
        }
        cells
    };
    let caption =
        ink.lang.pick("What stands on what, from top to bottom", "O que está sobre o quê, de cima para baixo");
    html! {
        table.towers {
            caption.unseen { (caption) }
            @for (index, row) in rows.iter().enumerate() {
                tr { @for (text, wide) in cells(row) {
                    @let wide = (wide > 1).then_some(wide);
                    @if index == 0 {
                        th scope=[(wide.is_none()).then_some("col").or(Some("colgroup"))] colspan=[wide] { (text) }
                    } @else if text.is_empty() {
                        td.air colspan=[wide] {}
                    } @else if let Some(text) = text.strip_prefix('*') {
                        td colspan=[wide] { strong { (ink.fill(text, sentence)) } }
                    } @else {
                        td colspan=[wide] { (ink.fill(&text, sentence)) }
                    }
                } }
            }
        }
    }
}

/// Outside and inside on one ground.
fn sides(both: &[Vec<String>; 2], ground: &str, ink: &Ink) -> Markup {
    html! {
        div.sides {
            @for (side, lines) in [Side::Outside, Side::Inside].into_iter().zip(both) {
                div class={ "side " (class(side)) } {
                    p.label { (words::side(side, ink.lang)) " · " (words::place(side, ink.lang)) }
                    p.stack { (stack(lines, ink)) }
                }
            }
            p.ground { (ink.fill(ground, sentence)) }
        }
    }
}
