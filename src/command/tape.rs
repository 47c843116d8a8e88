//! `--record FILE`: keeps what a talk is told, as it happens, so that a run that is killed leaves a file that can be shown.
//!
//! A thread of its own packs and writes: neither a slow disk nor a full one is to be felt on the stage.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

use super::words;
use crate::course::event::Event;
use crate::course::lesson::Lesson;
use crate::course::recording::{self, Made, Shown};
use crate::course::tape::{Beginning, Header, Writer};
use crate::course::text::Lang;
use crate::session::store;

/// So much later at the most, what happened is in the file.
const FLUSH: Duration = Duration::from_millis(500);

/// How many events may wait to be written. One of a shell in a flood has 64 KiB.
const WAITING: usize = 256;

/// How long the talk waits for a disk that does not keep up.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why nothing is kept any more.
#[derive(Debug)]
pub enum Stopped {
    /// The file could not be written.
    Unwritten(io::Error),
    /// The disk does not keep up.
    Slow,
    /// The file holds as much as one may.
    Full,
}

/// What the command line wants kept.
#[derive(Debug, Clone)]
pub struct Wish {
    pub file: PathBuf,
    /// Whether a file that is there is written over.
    pub force: bool,
}

impl Wish {
    /// Makes the file.
    ///
    /// # Errors
    /// Why it cannot be written, in `lang`.
    pub fn create(&self, lang: Lang) -> Result<(PathBuf, File), String> {
        let new = OpenOptions::new().write(true).create_new(true).open(&self.file);
        let made = match new {
            Err(error) if self.force && error.kind() == io::ErrorKind::AlreadyExists => {
                OpenOptions::new().write(true).truncate(true).open(&self.file)
            }
            new => new.and_then(|file| store::give_to_owner(&file).map(|()| file)),
        };
        made.map(|file| (self.file.clone(), file)).map_err(|error| words::no_tape(&self.file, &error, lang))
    }
}

/// A file that a talk is being kept in.
pub struct Tape {
    path: PathBuf,
    sender: Option<SyncSender<(u64, Event)>>,
    writer: Option<JoinHandle<Result<(), Stopped>>>,
    /// Why nothing is kept any more, where that was so before the end.
    stopped: Option<Stopped>,
}

impl Tape {
    /// Begins with what the talk begins with.
    ///
    /// # Errors
    /// Why that cannot be written.
    pub fn begin(path: &Path, file: File, talk: &Beginning, lessons: &[Lesson]) -> io::Result<Self> {
        let began = super::seconds();
        let header = Header {
            schema: recording::SCHEMA,
            unha: env!("CARGO_PKG_VERSION").to_owned(),
            made: Made {
                date: super::today(),
                kernel: talk.about.kernel.clone(),
                cgroup: talk.machine.cgroup.as_ref().ok().copied(),
                root: talk.machine.root,
            },
            began,
            talk: talk.clone(),
        };
        let sources: String = talk.lessons.iter().map(|(_, text)| text.as_str()).collect();
        let shown = Shown::of(lessons, sources, talk.slides.as_deref().unwrap_or_default());
        let packed = GzBuilder::new().mtime(0).write(file, Compression::default());
        let mut writer = Writer::begin(packed, &header, shown)?;
        writer.out.flush()?;
        let (sender, events) = sync_channel(WAITING);
        let writer = std::thread::spawn(move || keep(writer, &events));
        Ok(Self { path: path.to_owned(), sender: Some(sender), writer: Some(writer), stopped: None })
    }

    /// Keeps what the talk is told. Where that is no longer possible, says once why.
    pub fn keep(&mut self, t: u64, event: &Event) -> Option<&Stopped> {
        let sender = self.sender.as_ref()?;
        let mut told = (t, event.clone());
        let until = Instant::now() + PATIENCE;
        loop {
            told = match sender.try_send(told) {
                Ok(()) => return None,
                Err(TrySendError::Full(told)) if Instant::now() < until => told,
                Err(TrySendError::Full(_)) => {
                    // Whoever is stuck in a write is not waited for.
                    (self.sender, self.writer) = (None, None);
                    self.stopped = Some(Stopped::Slow);
                    return self.stopped.as_ref();
                }
                Err(TrySendError::Disconnected(_)) => {
                    self.close();
                    return self.stopped.as_ref();
                }
            };
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Writes the end.
    fn close(&mut self) {
        self.sender = None;
        if let Some(Ok(Err(stopped))) = self.writer.take().map(JoinHandle::join) {
            self.stopped = Some(stopped);
        }
    }

    /// Writes the end, and tells what became of it.
    pub fn end(mut self) -> Kept {
        self.close();
        Kept { path: self.path, stopped: self.stopped }
    }
}

/// What became of a talk that was to be kept.
pub struct Kept {
    path: PathBuf,
    stopped: Option<Stopped>,
}

impl Kept {
    /// Says where it is kept and how it is shown, or that not all of it is; whether all of it is.
    pub fn say(&self, lang: Lang) -> bool {
        if let Some(stopped) = &self.stopped {
            words::complain(&words::partly_kept(&self.path, stopped, lang));
            return false;
        }
        let size = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        let _ = writeln!(io::stdout(), "{}", words::kept(&self.path, size, lang));
        true
    }
}

/// Writes what comes, until nothing comes any more.
fn keep(mut writer: Writer<GzEncoder<File>>, events: &Receiver<(u64, Event)>) -> Result<(), Stopped> {
    let mut due: Option<Instant> = None;
    loop {
        let wait = due.map_or(FLUSH, |due| due.saturating_duration_since(Instant::now()));
        match events.recv_timeout(wait) {
            Ok((t, event)) => {
                writer.keep(t, &event)?;
                due.get_or_insert_with(|| Instant::now() + FLUSH);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                writer.end()?.finish()?;
                return Ok(());
            }
        }
        if writer.is_full() {
            writer.end()?.finish()?;
            return Err(Stopped::Full);
        }
        if due.is_some_and(|due| due <= Instant::now()) {
            writer.out.flush()?;
            due = None;
        }
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Unwritten(error)
    }
}
