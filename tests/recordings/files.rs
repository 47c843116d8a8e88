//! Files of recordings: what is written is read, and what is broken or meant ill is refused with the line.

use std::io::{Read, Write};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use unha::course::Side;
use unha::course::event::{Action, Event, Names};
use unha::course::recording::{self, Moment, Recording, SCHEMA, Unread};
use unha::course::text::Lang;

use super::{course, file, recorded};

/// A recording of the program as lines.
fn lines() -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(&std::fs::read(file("uts", Lang::En)).unwrap()[..]).read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn read(lines: &[String]) -> Result<Recording, Unread> {
    recording::read((lines.join("\n") + "\n").as_bytes())
}

/// The lines with another one in this place, from 1.
fn with(line: usize, text: &str) -> Vec<String> {
    let mut lines = lines();
    text.clone_into(&mut lines[line - 1]);
    lines
}

#[test]
fn what_is_written_is_read_compressed_or_not() {
    let recording = recorded("uts", Lang::En);
    let again = recording::write(&recording.header, &recording.lesson, &recording.moments).unwrap();
    let again = recording::read(&again).unwrap();
    assert_eq!(
        (&again.header, &again.moments, &again.parts),
        (&recording.header, &recording.moments, &recording.parts)
    );
    assert_eq!(read(&lines()).unwrap().moments, recording.moments);
    assert!(recording.parts.iter().all(|part| part.as_ref().is_some_and(|part| part.done)));
}

#[test]
fn what_the_lesson_does_not_show_is_not_written() {
    let recording = recorded("uts", Lang::En);
    let names: Names = [("machine-name".into(), "secret".into()), ("bench-name".into(), "bench".into())].into();
    let mut look = recording.moments.iter().find_map(|moment| match &moment.event {
        Event::Snapshot(look) => Some(look.clone()),
        _ => None,
    });
    let root = unha::course::Reading::Value(unha::course::Value::Text("secret".into()));
    look.as_mut().unwrap().machine.insert(unha::course::Fact::Root, root);
    let events = [
        Event::BenchReady(names),
        Event::Snapshot(look.unwrap()),
        Event::Tick(7),
        Event::Machine { untouched: false },
        Event::Action(Action::Resize(9, 9)),
        Event::ShellBytes(Side::Inside, b"\xff\x1b[m".to_vec()),
    ];
    let moments: Vec<Moment> = events.into_iter().map(|event| Moment { t: 5, event }).collect();
    let written = recording::write(&recording.header, &recording.lesson, &moments).unwrap();
    let again = recording::read(&written).unwrap();
    let said = format!("{:?}", again.moments);
    assert!(!said.contains("secret") && said.contains("bench-name"), "{said}");
    assert_eq!(again.moments.len(), 3, "{said}");
    assert_eq!(again.moments[2].event, Event::ShellBytes(Side::Inside, b"\xff\x1b[m".to_vec()));
}

#[test]
fn a_broken_file_is_refused_with_what_is_wrong_and_where() {
    let header = lines().remove(0);
    let newer = header.replace("\"schema\":1", "\"schema\":9");
    let broken = |lines: &[String]| read(lines).unwrap_err();
    assert_eq!(recording::read(b"").unwrap_err(), Unread::Nothing);
    assert_eq!(recording::read(b"hello\nworld\n").unwrap_err(), Unread::Nothing);
    assert_eq!(broken(&with(1, &newer)), Unread::Schema(9));
    assert!(matches!(broken(&with(1, &header.replace("\"lang\"", "\"long\""))), Unread::Line { line: 1, .. }));
    assert!(matches!(broken(&with(1, &header.replace("[[step]]", "[[stop]]"))), Unread::Lesson(_)));
    assert!(matches!(broken(&with(7, "{\"t\":5,\"event\":{\"no\":1}}")), Unread::Line { line: 7, .. }));
    let wrong = [
        "{\"t\":5}",
        "{\"event\":{\"shell-idle\":[\"inside\",true]}}",
        "{\"t\":99999999999,\"event\":{\"shell-idle\":[\"inside\",true]}}",
        "{\"t\":5,\"same\":true}",
        "{\"t\":5,\"event\":{\"action\":{\"resize\":[65535,65535]}}}",
        "{\"t\":5,\"event\":{\"action\":{\"shell-sizes\":[[65535,65535],[65535,65535]]}}}",
        "{\"t\":5,\"event\":{\"tick\":1}}",
        "{\"end\":3}",
    ];
    for text in wrong {
        assert!(matches!(broken(&with(3, text)), Unread::Line { line: 3, .. }), "{text}");
    }
    for lang in Lang::ALL {
        let said = broken(&with(1, &newer)).say("a.jsonl", lang);
        assert!(said.starts_with("a.jsonl:1: ") && said.contains('9') && said.contains(&SCHEMA.to_string()), "{said}");
        let said = broken(&with(7, "{")).say("a.jsonl", lang);
        assert!(said.starts_with("a.jsonl:7: ") && said.contains("unha record"), "{said}");
    }
}

#[test]
fn a_file_that_was_cut_off_is_found_out_wherever_it_was_cut() {
    let lines = lines();
    for count in 1..lines.len() {
        assert_eq!(read(&lines[..count]).unwrap_err(), Unread::CutOff, "after line {count}");
    }
    let text = lines.join("\n");
    let half = &text.as_bytes()[..text.len() - lines[lines.len() - 2].len() / 2];
    assert_eq!(recording::read(half).unwrap_err(), Unread::CutOff);
    let packed = std::fs::read(file("uts", Lang::En)).unwrap();
    for length in (20..packed.len() - 1).step_by(97) {
        assert_eq!(recording::read(&packed[..length]).unwrap_err(), Unread::CutOff, "{length} bytes");
    }
}

#[test]
fn a_small_file_cannot_fill_the_memory() {
    let mut zeros = GzEncoder::new(vec![], flate2::Compression::best());
    let block = vec![b' '; 1 << 20];
    for _ in 0..40 {
        zeros.write_all(&block).unwrap();
    }
    assert_eq!(recording::read(&zeros.finish().unwrap()).unwrap_err(), Unread::TooLong);
    let mut lines = lines();
    let look = lines.iter().position(|line| line.contains("\"snapshot\"")).unwrap();
    lines.truncate(look + 1);
    lines.extend(std::iter::repeat_n("{\"t\":99999,\"same\":true}".to_owned(), 60_000));
    assert_eq!(read(&lines).unwrap_err(), Unread::TooLong);
}

/// Bytes that do ill on a terminal that they are written to: the clipboard, the title, the answer to a question.
#[test]
fn what_a_shell_wrote_goes_into_the_terminal_on_the_screen_and_no_further() {
    let mut lines = lines();
    let evil = "{\"t\":0,\"event\":{\"shell-bytes\":[\"inside\",\"\\u001b]52;c;ZXZpbA==\\u0007\\u001b]0;evil\\u0007\\u001b[6n\\u001bcA\"]}}";
    let first = lines.iter().position(|line| line.contains("\"t\":0}")).unwrap();
    lines.insert(first + 1, evil.into());
    let end = lines.len() - 1;
    lines[end] = format!("{{\"end\":{}}}", end - 1);
    let recording = read(&lines).unwrap();
    let talk = recording.talk_at(first + 1, (80, 24), [(79, 6); 2]);
    assert_eq!(talk.shells[1].terminal.screen().contents(), "A");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_is_a_panic(
        at in 0usize..28_000,
        put in proptest::collection::vec(any::<u8>(), 0..12),
        gone in 0usize..40,
        swap in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let mut lines = lines();
        let (one, other) = (swap.0.index(lines.len() - 2) + 1, swap.1.index(lines.len() - 2) + 1);
        // Events in another order, their times kept in order.
        let event = |line: &str| line.rsplit_once(",\"t\":").map(|(event, t)| (event.to_owned(), t.to_owned()));
        if let (Some((first, t)), Some((second, u))) = (event(&lines[one]), event(&lines[other])) {
            lines[one] = format!("{second},\"t\":{t}");
            lines[other] = format!("{first},\"t\":{u}");
        }
        if let Ok(recording) = read(&lines) {
            let _ = recording.talk_at(recording.moments.len(), (80, 24), [(79, 6); 2]);
            for step in 0..recording.parts.len() {
                let _ = recording.doing(step);
            }
            let _ = course().iter().filter(|lesson| recording.fits(lesson)).count();
        }
        let mut bytes = lines.join("\n").into_bytes();
        let at = at.min(bytes.len());
        let end = (at + gone).min(bytes.len());
        bytes.splice(at..end, put);
        if let Ok(recording) = recording::read(&bytes) {
            let _ = recording.talk_at(recording.moments.len(), (80, 24), [(79, 6); 2]);
        }
    }
}
