//! The line between a talk and its consoles, with real sockets: who may come, what they are told, and whom they hold up.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

use std::fs;
use std::io::{BufReader, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};

use tempfile::TempDir;
use unha::course::console::{Asked, Press, SCHEMA, Told};
use unha::course::deck::{deck, embedded};
use unha::course::event::{Action, Event};
use unha::course::parse;
use unha::course::talk::{Machine, Route, Talk};
use unha::course::text::Lang;
use unha::session::Message;
use unha::session::console::{Door, Heard, ask, hear, sweep, talks};

/// A process that there is, and whose number stands for a talk's.
fn pid() -> u32 {
    std::process::id()
}

/// A number that no process has.
const NOBODY: u32 = 4_194_305;

/// A talk on a stage with its door open.
struct Stage {
    folder: TempDir,
    talk: Talk,
    door: Door,
    messages: Receiver<Message>,
}

impl Stage {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let records = folder.path().join("unha");
        let (sender, messages) = sync_channel(64);
        let door = Door::open(&records, pid(), sender).unwrap();
        Self { folder, talk: talk(), door, messages }
    }

    fn records(&self) -> std::path::PathBuf {
        self.folder.path().join("unha")
    }

    /// Another console, let in.
    fn console(&self) -> Console {
        let console = Console::at(&self.records(), pid());
        // The talk hears that one has come.
        assert!(matches!(self.messages.recv().unwrap(), Message::Console(None)));
        console
    }

    fn show(&self) {
        self.door.show(|| self.talk.state(None));
    }

    /// Next, long after the last one; the consoles are told.
    fn next(&mut self) {
        let clock = self.talk.clock + 1000;
        self.talk.update(Event::Tick(clock));
        self.talk.update(Event::Action(Action::Next));
        self.show();
    }
}

fn talk() -> Talk {
    let files = parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
    let lessons = parse::course(files.collect()).unwrap();
    let deck = deck(&embedded()).unwrap();
    Talk::new(lessons, Lang::En, Route::Full, machine, None, (80, 24)).with_deck(deck, None)
}

struct Console {
    stream: UnixStream,
    reader: BufReader<UnixStream>,
}

impl Console {
    fn at(records: &Path, pid: u32) -> Self {
        let stream = UnixStream::connect(records.join(format!("talk-{pid}"))).unwrap();
        let reader = BufReader::new(stream.try_clone().unwrap());
        Self { stream, reader }
    }

    fn told(&mut self) -> Told {
        match hear(&mut self.reader).unwrap() {
            Some(Heard::Told(told)) => *told,
            other => panic!("{other:?}"),
        }
    }

    /// Whether the line is closed; what was told before that is passed over.
    fn is_over(&mut self) -> bool {
        while let Ok(Some(_)) = hear(&mut self.reader) {}
        true
    }

    fn asks(&self, seen: u64, press: Press) {
        ask(&self.stream, &Asked { schema: SCHEMA, seen, press }).unwrap();
    }
}

#[test]
fn nobody_else_reaches_it_and_it_goes_with_the_talk() {
    let stage = Stage::open();
    let records = stage.records();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let socket = records.join(format!("talk-{}", pid()));
    assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
    assert_eq!((mode(&records), mode(&socket)), (0o700, 0o600));
    let mut console = stage.console();
    drop(stage.door);
    assert!(console.is_over());
    assert!(!socket.exists());
    assert!(talks(&records).unwrap().is_empty());
}

#[test]
fn whoever_comes_late_is_told_everything() {
    let mut stage = Stage::open();
    for _ in 0..4 {
        stage.next();
    }
    let mut console = stage.console();
    stage.show();
    let told = console.told();
    assert_eq!((told.schema, &told.state), (SCHEMA, &stage.talk.state(None).unwrap()));
    // What is the same is not told again, so this is the next thing that is.
    stage.show();
    stage.next();
    let next = console.told();
    assert!(next.seq > told.seq);
    assert_eq!(next.state, stage.talk.state(None).unwrap());
}

#[test]
fn one_that_was_killed_and_comes_again_is_right_at_once() {
    let mut stage = Stage::open();
    let mut console = stage.console();
    stage.next();
    let before = console.told();
    drop(console);
    stage.next();
    stage.next();
    let mut again = stage.console();
    stage.show();
    let told = again.told();
    assert!(told.seq > before.seq);
    assert_eq!(told.state, stage.talk.state(None).unwrap());
}

/// Its buffer is full long before the last state: it gets that all the same, and few of those before it.
#[test]
fn one_that_does_not_read_holds_nobody_up() {
    const SHOWN: usize = 120;
    let mut stage = Stage::open();
    let mut stuck = stage.console();
    let mut other = stage.console();
    for number in 0..SHOWN {
        // Some 40 KB each.
        stage.talk.answers.clear();
        let notice = unha::course::text::Text::both("x".repeat(30_000), number.to_string());
        stage.door.show(|| stage.talk.state(Some(notice)));
    }
    let last = |console: &mut Console| {
        let mut heard = 1;
        while console.told().state.notice.unwrap().pt_br != (SHOWN - 1).to_string() {
            heard += 1;
        }
        heard
    };
    last(&mut other);
    let heard = last(&mut stuck);
    assert!(heard < SHOWN / 2, "{heard} of {SHOWN} states were kept for one that does not read");
}

#[test]
fn what_a_console_asks_reaches_the_talk() {
    let mut stage = Stage::open();
    let mut console = stage.console();
    stage.show();
    let seen = console.told().seq;
    for press in [Press::Next, Press::GoTo("12".into()), Press::Choose(3), Press::Blank, Press::Pause] {
        console.asks(seen, press.clone());
        match stage.messages.recv().unwrap() {
            Message::Console(Some(heard)) => assert_eq!(heard, press),
            other => panic!("{other:?}"),
        }
    }
    // The stage has moved meanwhile: what is meant for the place before is not done here.
    stage.next();
    console.asks(seen, Press::Next);
    console.asks(seen, Press::GoTo("2".into()));
    match stage.messages.recv().unwrap() {
        Message::Console(Some(Press::GoTo(slide))) => assert_eq!(slide, "2"),
        other => panic!("{other:?}"),
    }
    let seen = console.told().seq;
    console.asks(seen, Press::Next);
    assert!(matches!(stage.messages.recv().unwrap(), Message::Console(Some(Press::Next))));
}

#[test]
fn one_that_talks_nonsense_is_shown_out_and_the_others_stay() {
    let mut stage = Stage::open();
    let mut good = stage.console();
    let lines: [&[u8]; 5] = [
        b"hello\n",
        b"{\"schema\":2,\"seen\":1,\"press\":\"next\"}\n",
        b"{\"schema\":1,\"seen\":1,\"press\":\"quit\"}\n",
        b"\xff\xfe\n",
        &[b' '; 4096],
    ];
    for line in lines {
        let mut bad = stage.console();
        // It may be shown out before it has said all.
        let _ = bad.stream.write_all(line);
        assert!(bad.is_over());
    }
    stage.next();
    assert_eq!(good.told().state, stage.talk.state(None).unwrap());
    assert!(stage.messages.try_recv().is_err(), "nothing of it reached the talk");
}

#[test]
fn no_more_consoles_than_a_talk_can_bear() {
    let stage = Stage::open();
    let consoles: Vec<Console> = (0..8).map(|_| stage.console()).collect();
    assert!(Console::at(&stage.records(), pid()).is_over());
    drop(consoles);
}

#[test]
fn talks_at_once_do_not_disturb_each_other() {
    let mut stage = Stage::open();
    let (sender, messages) = sync_channel(64);
    // Another process's number, for its talk.
    let other = Door::open(&stage.records(), 1, sender).unwrap();
    let found: Vec<u32> = talks(&stage.records()).unwrap().into_iter().map(|(pid, _)| pid).collect();
    assert_eq!(found, [1, pid()]);
    while messages.try_recv().is_ok() {}
    let mut mine = Console::at(&stage.records(), pid());
    let mut others = Console::at(&stage.records(), 1);
    let second = talk();
    stage.next();
    // Whoever looked for talks has come and gone before.
    while !matches!(messages.recv().unwrap(), Message::Console(None)) {}
    stage.show();
    other.show(|| second.state(None));
    assert_eq!(mine.told().state, stage.talk.state(None).unwrap());
    assert_eq!(others.told().state, second.state(None).unwrap());
    drop(other);
    assert!(others.is_over());
    stage.next();
    assert_eq!(mine.told().state, stage.talk.state(None).unwrap());
}

#[test]
fn what_a_dead_talk_left_is_swept_and_what_lives_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |pid: u32| folder.path().join(format!("talk-{pid}"));
    // A socket without anybody behind it stays when its listener is closed.
    for pid in [NOBODY, pid()] {
        drop(UnixListener::bind(at(pid)).unwrap());
    }
    fs::write(folder.path().join("talk-of-the-town"), "").unwrap();
    assert!(talks(folder.path()).unwrap().is_empty());
    assert_eq!(sweep(folder.path(), true), [at(NOBODY)]);
    assert_eq!(sweep(folder.path(), false), [at(NOBODY)]);
    assert!(!at(NOBODY).exists());
    assert!(at(pid()).exists(), "its process is there, and may be about to answer");
    assert!(folder.path().join("talk-of-the-town").exists());
    // A talk with the number of a dead one takes its place, but never that of one that answers.
    let (sender, _messages) = sync_channel(64);
    let _door = Door::open(folder.path(), pid(), sender.clone()).unwrap();
    assert!(Door::open(folder.path(), pid(), sender).is_err());
    assert!(talks(&folder.path().join("nowhere")).unwrap().is_empty());
}
