//! Tapes of whole talks: what was told is told again, picture for picture, and a file from anywhere does no harm.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unha::course::event::{Action, Event, Names};
use unha::course::lesson::Lesson;
use unha::course::recording::{Made, SCHEMA, Shown, Unread};
use unha::course::talk::{Machine, Phase, Route, Spot, Talk, View};
use unha::course::tape::{self, Beginning, Header, Opening, Reel, Tape, Writer};
use unha::course::text::Lang;
use unha::course::{About, Fact, Reading, Side, Snapshot, Value, deck, parse};
use unha::kernel::container;
use unha::screen::{self, Look, Wish};

use super::{course, file, recorded};

/// What a person typed where no shell echoed it.
const SECRET: &str = "correct horse";

/// A talk that is given, and the file that is written of it meanwhile.
pub struct Stage {
    pub talk: Talk,
    clock: u64,
    writer: Writer<Vec<u8>>,
    /// Each picture that the room saw.
    seen: Vec<Buffer>,
}

/// How many lessons the talk has, of all that there are.
const TALKS: usize = 6;

fn header() -> Header {
    let files = |files: Vec<(&str, &str)>| files.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
    let made = Made { date: "2026-11-24".into(), kernel: "6.18.44".into(), cgroup: Some(1), root: true };
    let talk = Beginning {
        lessons: files(parse::embedded()[..TALKS].to_vec()),
        slides: Some(deck::embedded()),
        lang: Lang::En,
        route: Route::Full,
        machine: Machine { root: true, namespaces: Ok(()), cgroup: Ok(1), rootfs: Ok(()) },
        about: About::default(),
        progress: None,
        began: 0,
        asks_again: false,
        rehearsed: unha::course::plan::Rehearsed::default(),
        host: false,
        size: (80, 24),
    };
    Header { schema: SCHEMA, unha: "0.1.0".into(), made, began: 1_795_000_000, talk }
}

fn look() -> Look {
    Look::from_env(Wish::default(), |_| None, container::source)
}

pub fn picture(talk: &Talk, (columns, rows): (u16, u16), look: &Look) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| screen::draw(frame, talk, look)).unwrap();
    terminal.backend().buffer().clone()
}

fn text(picture: &Buffer) -> String {
    picture.content.iter().map(ratatui::buffer::Cell::symbol).collect()
}

impl Stage {
    fn new() -> Self {
        let header = header();
        let lessons: Vec<Lesson> = course().into_iter().take(TALKS).collect();
        let slides = deck::deck(header.talk.slides.as_deref().unwrap()).unwrap();
        let sources: String = header.talk.lessons.iter().map(|(_, text)| text.as_str()).collect();
        let shown = Shown::of(&lessons, sources, header.talk.slides.as_deref().unwrap());
        let writer = Writer::begin(vec![], &header, shown).unwrap();
        let mut talk = Opening::Talk(Box::new(header.talk), lessons, Some(slides)).talk();
        talk.file = Some(header.made);
        Self { talk, clock: 0, writer, seen: vec![] }
    }

    fn tell(&mut self, event: Event) {
        self.writer.keep(self.clock, &event).unwrap();
        self.talk.update(event);
        self.seen.push(picture(&self.talk, (80, 24), &look()));
    }

    fn act(&mut self, action: Action) {
        self.clock += 400;
        self.tell(Event::Tick(self.clock));
        self.tell(Event::Action(action));
    }

    /// Slides, a blank screen, the other language, a slide that is found, a lesson on a real box's word, a shell.
    pub fn give() -> Self {
        let mut stage = Self::new();
        for action in [
            Action::Start,
            Action::ShellSizes((79, 5), (79, 5)),
            Action::Next,
            Action::Next,
            Action::Blank,
            Action::Blank,
            Action::Language,
            Action::Overview(String::new()),
            Action::Find(Some('o')),
            Action::Close,
            Action::Language,
            Action::GoTo("uts/switch-on".into()),
        ] {
            stage.act(action);
        }
        let began = stage.clock;
        for moment in recorded("uts", Lang::En).moments.into_iter().skip(1) {
            stage.clock = began + moment.t;
            stage.tell(Event::Tick(stage.clock));
            stage.tell(moment.event);
        }
        for action in [Action::Back, Action::GoTo("uts/switch-on".into())] {
            stage.act(action);
        }
        stage
    }

    pub fn file(self) -> Vec<u8> {
        self.writer.end().unwrap()
    }
}

fn lines(file: &[u8]) -> Vec<String> {
    std::str::from_utf8(file).unwrap().lines().map(str::to_owned).collect()
}

fn read(lines: &[String]) -> Result<Tape, Unread> {
    tape::read((lines.join("\n") + "\n").as_bytes())
}

fn packed(file: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(vec![], Compression::default());
    packed.write_all(file).unwrap();
    packed.finish().unwrap()
}

#[test]
fn what_the_room_saw_is_seen_again_picture_for_picture() {
    let stage = Stage::give();
    let seen = stage.seen.clone();
    let file = stage.file();
    for bytes in [packed(&file), file] {
        let tape = tape::read(&bytes).unwrap();
        assert_eq!((tape.moments.len(), tape.end, tape.cut), (seen.len(), seen.len(), false));
        let mut reel = Reel::new(&tape);
        for (at, seen) in seen.iter().enumerate() {
            reel.go_to(at + 1);
            let again = picture(&reel.talk, (80, 24), &look());
            assert_eq!(&again, seen, "after {:?}", tape.moments[at]);
            assert!(text(&again).contains("RECORDED") || text(&again).contains("GRAVADO"), "{again:?}");
        }
        // Back and forth it is the same as straight on.
        for at in [9, 400, 12, 401, 30, 2] {
            reel.go_to(at);
            assert_eq!(picture(&reel.talk, (80, 24), &look()), seen[at - 1], "{at}");
        }
    }
}

#[test]
fn one_goes_from_point_to_point_and_from_step_to_step() {
    let tape = tape::read(&Stage::give().file()).unwrap();
    let mut reel = Reel::new(&tape);
    let pages: Vec<String> = tape
        .stops
        .iter()
        .map(|stop| {
            reel.go_to(*stop);
            match reel.talk.view {
                View::Slides => {
                    let Spot { slide, point } = reel.talk.presenting.as_ref().unwrap().at;
                    format!("slide {slide}.{point}")
                }
                View::Lesson => reel.talk.step().id.clone(),
                _ => panic!("neither"),
            }
        })
        .collect();
    let steps: Vec<String> = course()[1].steps.iter().map(|step| step.id.clone()).collect();
    assert_eq!(pages[..2], ["slide 1.0", "slide 2.0"]);
    assert_eq!(pages[2..2 + steps.len()], steps);
}

/// Whoever goes to a step sees what the kernel said there, and no row of dashes.
#[test]
fn one_lands_where_the_facts_are_read() {
    for lesson in ["uts", "cgroup"] {
        let tape = tape::read(&std::fs::read(file(lesson, Lang::En)).unwrap()).unwrap();
        let mut reel = Reel::new(&tape);
        for (at, stop) in tape.stops.iter().enumerate() {
            let settled = tape.settled(*stop);
            assert!(
                settled >= *stop && tape.stops.get(at + 1).is_none_or(|next| settled <= *next),
                "{stop}: {settled}"
            );
            reel.go_to(settled);
            let seen = &reel.talk.step().see;
            let shown = seen.iter().all(|fact| reel.talk.now.outside.contains_key(fact));
            assert!(shown, "{}: {seen:?}", reel.talk.step().id);
            assert_ne!(reel.talk.phase, Phase::Done, "{}", reel.talk.step().id);
        }
    }
}

#[test]
fn shells_keep_their_sizes_and_are_seen_where_the_cursor_is_on_a_screen_that_is_smaller_or_larger() {
    let mut stage = Stage::new();
    stage.act(Action::ShellSizes((150, 20), (150, 20)));
    stage.act(Action::GoTo("uts/switch-on".into()));
    stage.tell(Event::BenchReady(Names::new()));
    stage.tell(Event::BoxStarted(Names::new()));
    let written = (1..=20).map(|number| format!("line {number}\r\n")).collect::<Vec<_>>().concat();
    stage.tell(Event::ShellBytes(Side::Inside, format!("{written}{}at the end", "x".repeat(150)).into_bytes()));
    let tape = tape::read(&stage.file()).unwrap();
    for (size, first) in [((80, 24), false), ((200, 60), true)] {
        let mut reel = Reel::new(&tape);
        reel.fit(size, screen::shell_sizes(size, &reel.talk));
        reel.go_to(tape.end);
        assert_eq!(reel.talk.shells[1].terminal.screen().size(), (20, 150), "as it was written for");
        let seen = text(&picture(&reel.talk, size, &look()));
        assert!(seen.contains("line 20") && seen.contains("at the end"), "{seen}");
        assert_eq!(seen.contains("line 3 "), first, "{seen}");
    }
}

#[test]
fn what_nobody_saw_is_not_written() {
    let mut stage = Stage::new();
    stage.act(Action::ToShell(SECRET.as_bytes().to_vec()));
    stage.act(Action::Resize(123, 45));
    let text = |text: &str| Reading::Value(Value::Text(text.into()));
    let mut look = Snapshot::default();
    let sources: String = header().talk.lessons.into_iter().chain(deck::embedded()).map(|(_, text)| text).collect();
    let unseen = Fact::ALL.iter().find(|fact| !sources.contains(fact.key())).expect("a fact that nobody is shown");
    look.machine.insert(*unseen, text("8:1 77"));
    look.inside.insert(Fact::Hostname, text("box"));
    stage.tell(Event::Snapshot(look));
    let names: Names =
        [("no-lesson-says-this".into(), "/home/me".into()), ("bench-name".into(), "bench".into())].into();
    stage.tell(Event::BenchReady(names));
    let lines = lines(&stage.file());
    let events = lines[1..].join("\n");
    for gone in [SECRET, "123", "8:1 77", "/home/me"] {
        assert!(!events.contains(gone), "{gone}: {events}");
    }
    assert!(events.contains("\"box\"") && events.contains("\"bench\""), "{events}");
}

#[test]
fn a_file_without_its_end_is_shown_as_far_as_it_goes() {
    let file = Stage::give().file();
    let whole = tape::read(&file).unwrap();
    let lines = lines(&file);
    for count in (2..lines.len()).step_by(97) {
        let tape = read(&lines[..count]).unwrap();
        assert!(tape.cut && tape.moments[..] == whole.moments[..count - 1], "after line {count}");
    }
    let header = lines[0].len() + 1;
    for length in (header..file.len() - 1).step_by(5003) {
        let tape = tape::read(&file[..length]).unwrap();
        assert!(tape.cut && whole.moments.starts_with(&tape.moments), "{length} bytes");
    }
    // Compressed, and brought to the disk now and then.
    let mut packed = GzEncoder::new(vec![], Compression::default());
    for (number, line) in lines.iter().enumerate() {
        packed.write_all(format!("{line}\n").as_bytes()).unwrap();
        if number % 100 == 0 {
            packed.flush().unwrap();
            let tape = tape::read(packed.get_ref()).unwrap();
            assert!(tape.cut && tape.moments[..] == whole.moments[..number], "line {number}");
        }
    }
    assert!(!tape::read(&packed.finish().unwrap()).unwrap().cut);
}

#[test]
fn a_broken_file_is_refused_with_what_is_wrong_and_where() {
    let lines = lines(&Stage::give().file());
    let with = |line: usize, text: &str| {
        let mut lines = lines.clone();
        text.clone_into(&mut lines[line - 1]);
        read(&lines).unwrap_err()
    };
    let header = &lines[0];
    assert_eq!(with(1, "{}"), Unread::Nothing);
    assert_eq!(with(1, &header.replace("\"schema\":1", "\"schema\":9")), Unread::Schema(9));
    assert!(matches!(with(1, &header.replace("\"lang\"", "\"long\"")), Unread::Line { line: 1, .. }));
    assert!(matches!(with(1, &header.replace("[[step]]", "[[stop]]")), Unread::Lesson(_)));
    assert!(matches!(with(1, &header.replace("<!-- slide: title", "<!-- slode: title")), Unread::Slides(_)));
    for text in [
        "{}",
        "hello",
        "{\"t\":5}",
        "{\"event\":{\"tick\":1}}",
        "{\"t\":99999999999,\"event\":{\"shell-idle\":[\"inside\",true]}}",
        "{\"t\":500,\"event\":{\"tick\":500},\"look\":{}}",
        "{\"t\":500,\"event\":{\"nothing\":[]}}",
        "{\"t\":500,\"look\":{\"inside\":{\"no such fact\":null}}}",
        "{\"t\":500,\"event\":{\"action\":{\"shell-sizes\":[[65535,65535],[65535,65535]]}}}",
        "{\"end\":3}",
    ] {
        let why = with(4, text);
        assert!(matches!(why, Unread::Line { line: 4 | 5, .. }), "{text}: {why}");
    }
    // A clock that goes back would be a time before the beginning.
    let tick = "{\"event\":{\"tick\":1},\"t\":99999}".to_owned();
    let mut back = lines[..lines.len() - 1].to_vec();
    back.extend(["{\"event\":{\"tick\":99999},\"t\":99999}".to_owned(), tick]);
    assert!(matches!(read(&back).unwrap_err(), Unread::Line { .. }));
    let mut bytes = packed((lines.join("\n") + "\n").as_bytes());
    let late = bytes.len() * 19 / 20;
    bytes[late..late + 40].fill(0x55);
    let why = tape::read(&bytes).unwrap_err();
    assert!(matches!(why, Unread::Damaged | Unread::Line { .. }), "{why}");
    for lang in Lang::ALL {
        let said = Unread::Damaged.say("a.jsonl.gz", lang);
        assert!(said.starts_with("a.jsonl.gz: "), "{said}");
    }
}

#[test]
fn a_small_file_cannot_fill_the_memory() {
    let header = lines(&Stage::new().file()).remove(0);
    let mut bomb = GzEncoder::new(vec![], Compression::best());
    writeln!(bomb, "{header}").unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..140 {
        bomb.write_all(&block).unwrap();
    }
    assert_eq!(tape::read(&bomb.finish().unwrap()).unwrap_err(), Unread::TooLong);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_is_a_panic(
        at in any::<prop::sample::Index>(),
        put in proptest::collection::vec(any::<u8>(), 0..12),
        gone in 0usize..40,
        swaps in proptest::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..40),
    ) {
        let mut lines = lines(&FILE);
        for (one, other) in swaps {
            let (one, other) = (one.index(lines.len() - 2) + 1, other.index(lines.len() - 2) + 1);
            // Events in another order, their times kept in order.
            let event = |line: &str| line.rsplit_once(",\"t\":").map(|(event, t)| (event.to_owned(), t.to_owned()));
            if let (Some((first, t)), Some((second, u))) = (event(&lines[one]), event(&lines[other])) {
                lines[one] = format!("{second},\"t\":{t}");
                lines[other] = format!("{first},\"t\":{u}");
            }
        }
        for bytes in [(lines.join("\n") + "\n").into_bytes(), {
            let mut bytes = FILE.clone();
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, put);
            bytes
        }] {
            if let Ok(tape) = tape::read(&bytes) {
                let mut reel = Reel::new(&tape);
                reel.go_to(tape.end);
                picture(&reel.talk, (100, 30), &look());
            }
        }
    }
}

static FILE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| Stage::give().file());
