//! Reading a tape, from whoever it comes: bounded in size, refused with the line that is wrong, and shown as far as it goes
//! where it stops before its end.

use std::io::{self, BufRead, BufReader, Read};

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::{BYTES, Change, EVENTS, Header, LARGEST, Moment, Reel, Tape, Told};
use crate::course::event::{Action, Event};
use crate::course::recording::{self, Recording, SCHEMA, Unread};
use crate::course::talk::{Place, Spot, Talk, View};
use crate::course::tape::Opening;

/// How a file compressed by gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What is looked at before all else: another format has other keys too, and a recording of one lesson has no talk.
#[derive(Deserialize)]
struct Head {
    schema: u32,
    talk: Option<serde::de::IgnoredAny>,
}

/// A line after the header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    t: Option<u64>,
    event: Option<Event>,
    look: Option<Change>,
    end: Option<usize>,
}

/// Reads a tape, or a recording of one lesson as one.
///
/// # Errors
/// What is wrong with it, and in which line.
pub fn read(bytes: &[u8]) -> Result<Tape, Unread> {
    let packed = bytes.starts_with(&GZIP);
    let text: Box<dyn Read> = if packed { Box::new(GzDecoder::new(bytes)) } else { Box::new(bytes) };
    let mut lines = Lines { text: BufReader::new(text), number: 0, left: BYTES, cut: false };
    let first = lines.next()?.ok_or(Unread::Nothing)?;
    let head: Head = serde_json::from_slice(&first).map_err(|_| Unread::Nothing)?;
    if head.schema != SCHEMA {
        return Err(Unread::Schema(head.schema));
    }
    if head.talk.is_none() {
        return recording::read(bytes).map(Tape::from);
    }
    let header: Header = serde_json::from_slice(&first).map_err(|error| lines.wrong(&error.to_string()))?;
    let (moments, cut) = moments(&mut lines)?;
    let opening = header.talk.open()?;
    let end = moments.len();
    let mut tape = Tape { made: header.made, began: Some(header.began), opening, moments, stops: vec![], end, cut };
    tape.stops = stops(&tape);
    Ok(tape)
}

/// The lines of a file, one by one.
struct Lines<R> {
    text: R,
    /// The number of the latest, from 1.
    number: usize,
    /// How many bytes may still come.
    left: usize,
    /// Whether the file stops within a line, or within what was compressed.
    cut: bool,
}

impl<R: BufRead> Lines<R> {
    /// The next line without its end.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Unread> {
        let mut line = vec![];
        let most = u64::try_from(self.left).unwrap_or(u64::MAX);
        match (&mut self.text).take(most).read_until(b'\n', &mut line) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.cut = true,
            Err(_) => return Err(Unread::Damaged),
            Ok(_) => {}
        }
        self.number += 1;
        self.left -= line.len();
        if line.pop_if(|last| *last == b'\n').is_some() {
            return Ok(Some(line));
        }
        if self.left == 0 {
            return Err(Unread::TooLong);
        }
        self.cut |= !line.is_empty();
        // A line without its end is a line only where the file came to its own.
        Ok((self.number == 1 && !line.is_empty()).then_some(line))
    }

    fn wrong(&self, why: &str) -> Unread {
        Unread::Line { line: self.number, why: why.to_owned() }
    }
}

/// What the talk was told, and whether the end is missing.
fn moments(lines: &mut Lines<impl BufRead>) -> Result<(Vec<Moment>, bool), Unread> {
    let mut moments: Vec<Moment> = vec![];
    let (mut now, mut tick) = (0, 0);
    while let Some(line) = lines.next()? {
        let line: Line = serde_json::from_slice(&line).map_err(|error| lines.wrong(&error.to_string()))?;
        if let Some(end) = line.end {
            return match lines.next()? {
                None if end == moments.len() => Ok((moments, false)),
                None => Err(lines.wrong("another number of events than there are")),
                Some(_) => Err(lines.wrong("something follows on the end")),
            };
        }
        let t = line.t.filter(|t| *t >= now).ok_or_else(|| lines.wrong("no time, or one before the one before it"))?;
        now = t;
        let told = match (line.event, line.look) {
            (Some(event), None) => Told::Event(event),
            (None, Some(look)) => Told::Look(look),
            _ => return Err(lines.wrong("neither an event nor a look")),
        };
        match &told {
            Told::Event(Event::Tick(clock)) if *clock < tick => return Err(lines.wrong("a clock that goes back")),
            Told::Event(Event::Tick(clock)) => tick = *clock,
            Told::Event(Event::Action(Action::ShellSizes(outside, inside))) if !(fits(*outside) && fits(*inside)) => {
                return Err(lines.wrong("a shell that is too large"));
            }
            _ => {}
        }
        if moments.len() >= EVENTS {
            return Err(Unread::TooLong);
        }
        moments.push(Moment { t, told });
    }
    Ok((moments, true))
}

const fn fits(size: (u16, u16)) -> bool {
    size.0 <= LARGEST.0 && size.1 <= LARGEST.1
}

/// What stands open on the screen, as far as one goes to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    Agenda,
    Slide(Spot),
    Step(Place),
    Failure(Place),
}

/// What stands open; nothing while a step is being built.
fn page(talk: &Talk) -> Option<Page> {
    Some(match talk.view {
        View::Agenda { .. } | View::Recall => Page::Agenda,
        View::Slides => Page::Slide(talk.presenting.as_ref()?.at),
        View::Lesson if talk.stands_open() => Page::Step(talk.at),
        View::Lesson => return None,
        View::Failure { .. } => Page::Failure(talk.at),
    })
}

/// The moments at which another page stands open: found by letting the talk walk through them.
fn stops(tape: &Tape) -> Vec<usize> {
    let mut reel = Reel::new(tape);
    let mut last = page(&reel.talk);
    let mut stops = vec![];
    while reel.due().is_some() {
        reel.tell();
        let page = page(&reel.talk);
        if page.is_some() && page != last {
            last = page;
            stops.push(reel.at());
        }
    }
    stops
}

impl From<Recording> for Tape {
    /// The same lesson as a tape: the time before each event, and the steps where they open.
    fn from(recording: Recording) -> Self {
        let told = recording.moments.into_iter().flat_map(|moment| {
            let time = Moment { t: moment.t, told: Told::Event(Event::Tick(moment.t)) };
            [time, Moment { t: moment.t, told: Told::Event(moment.event) }]
        });
        let parts = || recording.parts.iter().flatten();
        Self {
            made: recording.header.made,
            began: None,
            moments: told.collect(),
            stops: parts().map(|part| 2 * part.opens).collect(),
            end: parts().map(|part| 2 * part.ends).max().unwrap_or(0),
            cut: false,
            opening: Opening::Lesson(Box::new(recording.lesson), recording.header.lang),
        }
    }
}
