//! Writing a recording: what the lesson shows of the machine, and nothing else of it.

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

use super::read::belongs;
use super::{Header, Moment, Shown};
use crate::course::event::Event;
use crate::course::lesson::Lesson;

/// The bytes of a recording's file, compressed.
///
/// # Errors
/// None that is to be expected: it is written into memory.
pub fn write(header: &Header, lesson: &Lesson, moments: &[Moment]) -> std::io::Result<Vec<u8>> {
    // Without the time, which gzip would write down too, the same events give the same file.
    let mut file: GzEncoder<Vec<u8>> = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let mut line = |value: &Value| writeln!(file, "{value}");
    line(&serde_json::to_value(header)?)?;
    let shown = Shown::of([lesson], header.lesson.clone(), &[]);
    let began = moments.first().map_or(0, |moment| moment.t);
    let mut last: Option<Event> = None;
    let mut count = 0;
    for moment in moments.iter().filter(|moment| belongs(&moment.event)) {
        let t = moment.t.saturating_sub(began);
        let event = shown.of_event(&moment.event);
        let look = matches!(event, Event::Snapshot(_));
        if look && last.as_ref() == Some(&event) {
            line(&json!({ "t": t, "same": true }))?;
        } else {
            line(&json!({ "t": t, "event": event }))?;
        }
        if look {
            last = Some(event);
        }
        count += 1;
    }
    line(&json!({ "end": count }))?;
    file.finish()
}
