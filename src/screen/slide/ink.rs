//! What a slide is drawn with: live facts filled in, words in their styles, lines broken between words.

use ratatui::style::Style as Drawn;
use unicode_width::UnicodeWidthChar;

use super::{Look, Talk, columns, words};
use crate::course::deck::{Live, Part, Slide, Span, Style, parts};
use crate::course::text::Lang;
use crate::course::{Side, Snapshot, Value};
use crate::screen::pen::cut;

/// A line: words in their styles.
pub type Line = Vec<(String, Drawn)>;

/// What a slide is drawn with.
pub struct Ink<'a> {
    /// What was last read from the kernel.
    pub now: &'a Snapshot,
    /// The slides of the deck: what one shows may be a part of what all of them show.
    pub slides: &'a [Slide],
    /// Whether that was in a recording.
    pub recorded: bool,
    pub look: &'a Look,
    pub lang: Lang,
    /// The point that is reached.
    pub point: usize,
}

impl<'a> Ink<'a> {
    pub fn new(talk: &'a Talk, look: &'a Look) -> Self {
        let (point, slides) =
            talk.presenting.as_ref().map_or((0, &[][..]), |show| (show.at.point, &show.deck.slides[..]));
        Self { now: &talk.now, slides, recorded: talk.made().is_some(), look, lang: talk.lang, point }
    }

    /// A live fact as words; a dash where there is none.
    pub fn live(&self, live: Live) -> String {
        let value: Option<&Value> = self.now.value(live.side, live.fact);
        let said = value.map_or_else(|| "—".to_owned(), |value| words::value(live.fact, value, self.lang));
        match live.width {
            None => said,
            Some(width) => {
                let said = cut(&said, width.saturating_sub(1));
                let blank = usize::from(width.saturating_sub(columns(&said)));
                said + &" ".repeat(blank)
            }
        }
    }

    /// A text with its live facts.
    pub fn fill(&self, text: &str) -> String {
        let said = |part: &Part| match part {
            Part::Words(words) => (*words).to_owned(),
            Part::Live(live) => self.live(*live),
        };
        parts(text).iter().map(said).collect()
    }

    fn style(&self, style: Style) -> Drawn {
        match style {
            Style::Plain => self.look.text(),
            Style::Strong => self.look.strong(),
            Style::Dim => self.look.dim(),
            Style::Code => self.look.accent(),
        }
    }

    /// A line as it stands, the sides' names in their colours and live facts strong.
    pub fn raw(&self, text: &str) -> Line {
        let mut line = vec![];
        for part in parts(text) {
            match part {
                Part::Live(fact) => line.push((self.live(fact), self.look.strong())),
                Part::Words(words) => self.sided(words, self.look.text(), &mut line),
            }
        }
        line
    }

    /// Words, the sides' names among them in their colours.
    fn sided(&self, text: &str, style: Drawn, line: &mut Line) {
        let mut rest = text;
        let names = [Side::Outside, Side::Inside].map(|side| (words::side(side, self.lang), side));
        while let Some((at, name, side)) =
            names.iter().filter_map(|(name, side)| Some((rest.find(name)?, *name, *side))).min_by_key(|found| found.0)
        {
            line.push((rest[..at].to_owned(), style));
            line.push((name.to_owned(), self.look.side(side)));
            rest = &rest[at + name.len()..];
        }
        line.push((rest.to_owned(), style));
    }

    /// Words broken into lines of so many columns; a word that is longer stands alone.
    pub fn lines(&self, spans: &[Span], base: Option<Drawn>, width: u16) -> Vec<Line> {
        let letters = spans.iter().flat_map(|span| {
            let style = match (span.style, base) {
                (Style::Plain, Some(base)) => base,
                (style, _) => self.style(style),
            };
            self.fill(&span.text).chars().map(|letter| (letter, style)).collect::<Vec<_>>()
        });
        let mut lines: Vec<Vec<(char, Drawn)>> = vec![vec![]];
        let mut word: Vec<(char, Drawn)> = vec![];
        for (letter, style) in letters.chain([('\n', Drawn::new())]) {
            if letter != ' ' && letter != '\n' {
                word.push((letter, style));
                continue;
            }
            let line = lines.last_mut().map_or(0, |line| long(line));
            if line > 0 && line + 1 + long(&word) > usize::from(width) {
                lines.push(vec![]);
            }
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() && !word.is_empty() {
                    line.push((' ', Drawn::new()));
                }
                line.append(&mut word);
            }
            if letter == '\n' {
                lines.push(vec![]);
            }
        }
        lines.pop();
        lines.into_iter().map(joined).collect()
    }
}

fn long(letters: &[(char, Drawn)]) -> usize {
    letters.iter().map(|(letter, _)| letter.width().unwrap_or(0)).sum()
}

/// Letters of one style as one word.
fn joined(letters: Vec<(char, Drawn)>) -> Line {
    let mut line: Line = vec![];
    for (letter, style) in letters {
        match line.last_mut() {
            Some((text, last)) if *last == style => text.push(letter),
            _ => line.push((letter.to_string(), style)),
        }
    }
    line
}

/// The columns of a line.
pub fn width(line: &Line) -> u16 {
    line.iter().map(|(text, _)| columns(text)).sum()
}
