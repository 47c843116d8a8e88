//! Reading a recording, from whoever it comes: bounded in size, and refused with the line that is wrong.

use std::io::Read;

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::parts::parts;
use super::{Header, Moment, Recording, SCHEMA, Unread};
use crate::course::event::{Action, Event};
use crate::course::parse;

/// The most bytes of a recording, uncompressed. The longest of the course has half a megabyte.
const BYTES: usize = 32 << 20;
/// The most events.
const EVENTS: usize = 50_000;
/// The longest that a recording may take, in milliseconds: a day.
const LONGEST: u64 = 24 * 60 * 60 * 1000;
/// How a file compressed by gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A line after the header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    t: Option<u64>,
    event: Option<Event>,
    #[serde(default)]
    same: bool,
    end: Option<usize>,
}

/// What is looked at before all else: another format has other keys too.
#[derive(Deserialize)]
struct Head {
    schema: u32,
}

/// Reads a recording.
///
/// # Errors
/// What is wrong with it, and in which line.
pub fn read(bytes: &[u8]) -> Result<Recording, Unread> {
    let text = unpacked(bytes)?;
    let text = std::str::from_utf8(&text).map_err(|error| {
        let line = text[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        Unread::Line { line, why: "not UTF-8".to_owned() }
    })?;
    let mut lines = text.lines().enumerate();
    let (_, first) = lines.next().ok_or(Unread::Nothing)?;
    let head: Head = serde_json::from_str(first).map_err(|_| Unread::Nothing)?;
    if head.schema != SCHEMA {
        return Err(Unread::Schema(head.schema));
    }
    let header: Header = said(1, serde_json::from_str(first))?;
    let lesson = parse::lesson(&header.file, &header.lesson).map_err(|error| Unread::Lesson(Box::new(error)))?;
    if lesson.steps.is_empty() {
        return Err(Unread::Line { line: 1, why: "a lesson without a step".to_owned() });
    }
    let moments = moments(lines)?;
    let parts = parts(&lesson, header.lang, &moments);
    Ok(Recording { header, lesson, moments, parts })
}

/// The text of a file, compressed or not.
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, Unread> {
    let mut text = Vec::new();
    let most = u64::try_from(BYTES).unwrap_or(u64::MAX) + 1;
    if bytes.starts_with(&GZIP) {
        GzDecoder::new(bytes).take(most).read_to_end(&mut text).map_err(|_| Unread::CutOff)?;
    } else {
        text.extend_from_slice(&bytes[..bytes.len().min(BYTES + 1)]);
    }
    if text.len() > BYTES { Err(Unread::TooLong) } else { Ok(text) }
}

fn said<T>(line: usize, parsed: serde_json::Result<T>) -> Result<T, Unread> {
    parsed.map_err(|error| Unread::Line { line, why: error.to_string() })
}

fn moments<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Result<Vec<Moment>, Unread> {
    let mut moments: Vec<Moment> = vec![];
    // The last look and how long its line was: repeated often enough, a short file would fill the memory.
    let mut look: Option<(Event, usize)> = None;
    let (mut now, mut total) = (0, 0);
    let mut lines = lines.map(|(index, text)| (index + 1, text)).peekable();
    while let Some((line, text)) = lines.next() {
        let wrong = |why: &str| Unread::Line { line, why: why.to_owned() };
        let parsed = serde_json::from_str::<Line>(text);
        if parsed.is_err() && lines.peek().is_none() {
            return Err(Unread::CutOff);
        }
        let parsed = said(line, parsed)?;
        if let Some(end) = parsed.end {
            return match lines.next() {
                None if end == moments.len() => Ok(moments),
                None => Err(wrong("another number of events than there are")),
                Some(_) => Err(wrong("something follows on the end")),
            };
        }
        let t = parsed.t.ok_or_else(|| wrong("no time"))?;
        if t < now || t > LONGEST {
            return Err(wrong("a time before the one before it, or beyond a day"));
        }
        now = t;
        let (event, length) = match (parsed.event, parsed.same) {
            (Some(event), false) => (event, text.len()),
            (None, true) => look.clone().ok_or_else(|| wrong("no look that this could be the same as"))?,
            _ => return Err(wrong("neither an event nor the same look again")),
        };
        if !belongs(&event) {
            return Err(wrong("an event that no recording has"));
        }
        total += length;
        if total > BYTES || moments.len() >= EVENTS {
            return Err(Unread::TooLong);
        }
        if matches!(event, Event::Snapshot(_)) {
            look = Some((event.clone(), length));
        }
        moments.push(Moment { t, event });
    }
    Err(Unread::CutOff)
}

/// Whether an event may stand in a recording. Of actions those that walk: a size that comes from a file could take all
/// the memory, and what a person looks at meanwhile is their own affair.
pub(super) const fn belongs(event: &Event) -> bool {
    match event {
        Event::Action(action) => matches!(action, Action::Next | Action::Choose(_) | Action::GoTo(_)),
        Event::Tick(_) | Event::Machine { .. } | Event::HelpWritten(_) | Event::RecordingStopped(_) => false,
        _ => true,
    }
}
