//! The lines on which the keys of a lesson stand.

use toml::Spanned;
use toml::de::DeTable;

/// A lesson's keys and where they stand.
pub(super) struct Outline<'a> {
    source: &'a str,
    table: Option<Spanned<DeTable<'a>>>,
}

impl<'a> Outline<'a> {
    /// The outline of a lesson's text.
    pub fn of(source: &'a str) -> Self {
        Self { source, table: DeTable::parse(source).ok() }
    }

    /// The line of `key` (of one item of its list) in the step, or in the lesson; where the key is missing, that of
    /// the step.
    pub fn line(&self, step: Option<(&str, usize)>, key: &str, item: Option<usize>) -> Option<usize> {
        let lesson = self.table.as_ref()?.get_ref();
        let Some((list, step)) = step else { return spot(lesson, key, item).map(|at| self.line_at(at)) };
        let (_, steps) = lesson.iter().find(|(name, _)| name.get_ref() == list)?;
        let step = steps.get_ref().get(step)?;
        let found = step.get_ref().as_table().and_then(|table| spot(table, key, item));
        Some(self.line_at(found.unwrap_or(step.span().start)))
    }

    fn line_at(&self, byte: usize) -> usize {
        self.source.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
    }
}

/// The byte at which a key, or an item of its list, begins.
fn spot(table: &DeTable, key: &str, item: Option<usize>) -> Option<usize> {
    let (name, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
    let item = item.and_then(|item| value.get_ref().get(item)).map(|item| item.span().start);
    Some(item.unwrap_or(name.span().start))
}
