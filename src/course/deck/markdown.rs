//! One file of slides: CommonMark, read by pulldown-cmark, into the slides of a chapter in one language.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::blocks::{Block, Kind, Span, Style};
use super::complaint::{Complaint, DeckError};
use super::directive::{self, Directive, Head};
use super::{Face, drawing, live};

/// A chapter in one language.
pub(super) struct Chapter {
    pub title: String,
    pub slides: Vec<Sheet>,
}

/// A slide in one language.
pub(super) struct Sheet {
    pub line: usize,
    pub head: Option<Head>,
    pub points: usize,
    pub face: Face,
}

type Events<'a> = std::iter::Peekable<pulldown_cmark::OffsetIter<'a>>;

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    events: Events<'a>,
    chapter: Option<String>,
    slides: Vec<Sheet>,
    /// The columns that are open, with their blocks so far.
    columns: Option<Vec<Vec<Block>>>,
    /// Whether the items of the next block come one by one.
    each: bool,
}

/// Reads a file.
pub(super) fn chapter(file: &str, text: &str) -> Result<Chapter, DeckError> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter().peekable();
    let reader = Reader { file, text, events, chapter: None, slides: vec![], columns: None, each: false };
    reader.read()
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Result<Chapter, DeckError> {
        while let Some((event, at)) = self.events.next() {
            self.take(event, &at)?;
        }
        self.end_slide()?;
        if let Some(slide) = self.slides.iter().find(|slide| slide.head.is_none()) {
            return Err(self.error(slide.line, Complaint::headless(&slide.face.title)));
        }
        let chapter = self.chapter.take().ok_or_else(|| {
            self.error(
                1,
                Complaint::new(
                    ("this chapter has no title", "este capítulo não tem título"),
                    ("in the first line: <!-- chapter: History -->", "na primeira linha: <!-- chapter: História -->"),
                ),
            )
        })?;
        Ok(Chapter { title: chapter, slides: self.slides })
    }

    fn error(&self, line: usize, complaint: Complaint) -> DeckError {
        DeckError::at(self.file, self.text, line, complaint)
    }

    fn line(&self, at: &Range<usize>) -> usize {
        self.text[..at.start].matches('\n').count() + 1
    }

    fn wrong<T>(&self, at: &Range<usize>, complaint: Complaint) -> Result<T, DeckError> {
        Err(self.error(self.line(at), complaint))
    }

    fn take(&mut self, event: Event<'a>, at: &Range<usize>) -> Result<(), DeckError> {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                self.end_slide()?;
                let title = self.spans(TagEnd::Heading(HeadingLevel::H1))?;
                let title = title.into_iter().map(|span| span.text).collect();
                let face = Face { title, ..Face::default() };
                self.slides.push(Sheet { line: self.line(at), head: None, points: 1, face });
                Ok(())
            }
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                let spans = self.spans(TagEnd::Heading(HeadingLevel::H2))?;
                self.push(Kind::Subtitle(spans), at)
            }
            Event::Start(Tag::Paragraph) => {
                let spans = self.spans(TagEnd::Paragraph)?;
                self.push(Kind::Text(spans), at)
            }
            Event::Start(Tag::List(_)) => self.list(at),
            Event::Start(Tag::Table(_)) => self.table(at),
            Event::Start(Tag::CodeBlock(kind)) => self.drawing(&kind, at),
            Event::Start(Tag::HtmlBlock) => self.comment(at),
            Event::Rule => Ok(()),
            _ => self.wrong(at, Complaint::not_for_slides()),
        }
    }

    /// The words up to the end of what they stand in.
    fn spans(&mut self, end: TagEnd) -> Result<Vec<Span>, DeckError> {
        let mut spans: Vec<Span> = vec![];
        let mut style = Style::Plain;
        while let Some((event, at)) = self.events.next() {
            let (text, style) = match event {
                Event::End(tag) if tag == end => break,
                Event::Start(Tag::Strong) => {
                    style = Style::Strong;
                    continue;
                }
                Event::Start(Tag::Emphasis) => {
                    style = Style::Dim;
                    continue;
                }
                Event::End(TagEnd::Strong | TagEnd::Emphasis) => {
                    style = Style::Plain;
                    continue;
                }
                // An item of a list may hold a paragraph.
                Event::Start(Tag::Paragraph | Tag::Link { .. }) | Event::End(TagEnd::Paragraph | TagEnd::Link) => {
                    continue;
                }
                Event::Text(text) => (text.into_string(), style),
                Event::Code(text) => (text.into_string(), Style::Code),
                Event::SoftBreak => (" ".to_owned(), style),
                Event::HardBreak => ("\n".to_owned(), style),
                _ => return self.wrong(&at, Complaint::not_for_slides()),
            };
            if let Some(wrong) = live::mistakes(&text).first() {
                return self.wrong(&at, Complaint::not_live(wrong));
            }
            match spans.last_mut() {
                Some(last) if last.style == style => last.text += &text,
                _ => spans.push(Span { text, style }),
            }
        }
        Ok(spans)
    }

    fn list(&mut self, at: &Range<usize>) -> Result<(), DeckError> {
        let mut items = vec![];
        while let Some((event, at)) = self.events.next() {
            match event {
                Event::End(TagEnd::List(_)) => break,
                Event::Start(Tag::Item) => items.push(self.spans(TagEnd::Item)?),
                _ => return self.wrong(&at, Complaint::not_for_slides()),
            }
        }
        self.push(Kind::List(items), at)
    }

    fn table(&mut self, at: &Range<usize>) -> Result<(), DeckError> {
        let mut rows: Vec<Vec<Vec<Span>>> = vec![];
        while let Some((event, at)) = self.events.next() {
            match event {
                Event::End(TagEnd::Table) => break,
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(vec![]),
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => {}
                Event::Start(Tag::TableCell) => {
                    let cell = self.spans(TagEnd::TableCell)?;
                    rows.last_mut().into_iter().for_each(|row| row.push(cell.clone()));
                }
                _ => return self.wrong(&at, Complaint::not_for_slides()),
            }
        }
        let head = if rows.is_empty() { vec![] } else { rows.remove(0) };
        self.push(Kind::Table(head, rows), at)
    }

    fn drawing(&mut self, kind: &CodeBlockKind, at: &Range<usize>) -> Result<(), DeckError> {
        let mut text = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Text(more) => text += &more,
                _ => break,
            }
        }
        let name = match kind {
            CodeBlockKind::Fenced(name) => name.trim(),
            CodeBlockKind::Indented => "",
        };
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        if let Some((below, wrong)) = (1..).zip(&lines).find_map(|(n, line)| Some((n, *live::mistakes(line).first()?)))
        {
            return Err(self.error(self.line(at) + below, Complaint::not_live(wrong)));
        }
        let Some(kind) = drawing::read(name, &lines) else {
            return self.wrong(at, Complaint::unknown(name, &drawing::KNOWN));
        };
        match kind {
            Ok(kind) => self.push(kind, at),
            Err((below, complaint)) => Err(self.error(self.line(at) + below, complaint)),
        }
    }

    fn comment(&mut self, at: &Range<usize>) -> Result<(), DeckError> {
        let mut html = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Html(more) => html += &more,
                _ => break,
            }
        }
        let directive = match directive::read(&html) {
            Ok(directive) => directive,
            Err(complaint) => return self.wrong(at, complaint),
        };
        if let Directive::Chapter(title) = directive {
            self.chapter = Some(title);
            return Ok(());
        }
        let Some(slide) = self.slides.last_mut() else { return self.wrong(at, Complaint::before_first()) };
        match directive {
            Directive::Slide(head) => slide.head = Some(head),
            Directive::Pause => slide.points += 1,
            Directive::OneByOne => self.each = true,
            Directive::Columns => self.columns = Some(vec![vec![]]),
            Directive::Column => match &mut self.columns {
                Some(columns) => columns.push(vec![]),
                None => return self.wrong(at, Complaint::unknown("column", &["columns"])),
            },
            Directive::EndColumns => {
                let Some(columns) = self.columns.take() else {
                    return self.wrong(at, Complaint::unknown("end columns", &["columns"]));
                };
                return self.push(Kind::Columns(columns), at);
            }
            Directive::Notes(notes) => {
                // Each paragraph as one line, whatever the width of the file was.
                let paragraphs = notes.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
                let notes = paragraphs.collect::<Vec<_>>().join("\n");
                slide.face.notes.push((slide.points - 1, notes));
            }
            Directive::Source(source) => slide.face.source = source,
            Directive::Chapter(_) => {}
        }
        Ok(())
    }

    /// Puts a block on the slide, or into its open column.
    fn push(&mut self, kind: Kind, at: &Range<usize>) -> Result<(), DeckError> {
        let Some(slide) = self.slides.last_mut() else { return self.wrong(at, Complaint::before_first()) };
        let from = match &kind {
            // The columns are there from where the first thing in them is.
            Kind::Columns(columns) => {
                columns.iter().flatten().map(|block| block.from).min().unwrap_or(slide.points - 1)
            }
            _ => slide.points - 1,
        };
        let block = Block { from, each: std::mem::take(&mut self.each), kind };
        if block.each {
            slide.points += block.items().max(1) - 1;
        }
        match self.columns.as_mut().and_then(|columns| columns.last_mut()) {
            Some(column) => column.push(block),
            None => slide.face.blocks.push(block),
        }
        Ok(())
    }

    /// What was opened on a slide must be closed on it.
    fn end_slide(&mut self) -> Result<(), DeckError> {
        let line = self.slides.last().map_or(1, |slide| slide.line);
        if self.columns.is_some() {
            let complaint = Complaint::new(
                ("the columns of this slide do not end", "as colunas deste slide não terminam"),
                ("below the last one: <!-- end columns -->", "abaixo da última: <!-- end columns -->"),
            );
            return Err(self.error(line, complaint));
        }
        self.each = false;
        Ok(())
    }
}
