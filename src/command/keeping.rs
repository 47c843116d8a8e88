//! Keeps progress while the course runs: on a thread of its own, for a disk under load may take seconds over fsync(2).
//!
//! Each save is everything there is to know, so where several wait the last one is enough.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::words;
use crate::course::event::Event;
use crate::course::progress::Progress;
use crate::course::text::Lang;
use crate::session::Message;
use crate::session::store::{self, Unkept};

/// How long the screen waits for a save: what it shows as done is then kept, even if the program is killed right away.
/// A disk that takes longer is not to be felt.
const SOON: Duration = Duration::from_millis(50);

/// Where progress is kept.
pub struct Keeping {
    saves: Sender<Progress>,
    on_disk: Receiver<()>,
    thread: JoinHandle<Option<String>>,
}

impl Keeping {
    /// Begins. `merges`: what another unha has kept meanwhile is kept too, as befits a learner; a stage is one talk's alone.
    pub fn begin(file: PathBuf, merges: bool, lang: Lang, told: SyncSender<Message>) -> Self {
        let ((saves, waiting), (done, on_disk)) = (channel(), channel());
        let keeper = Keeper { file, merges, lang, told };
        let thread = std::thread::spawn(move || keeper.keep(&waiting, &done));
        Self { saves, on_disk, thread }
    }

    /// Keeps this, now if the disk is quick, else soon.
    pub fn keep(&self, progress: Progress) {
        while self.on_disk.try_recv().is_ok() {}
        if self.saves.send(progress).is_ok() {
            let _ = self.on_disk.recv_timeout(SOON);
        }
    }

    /// Waits until all is kept. Gives why the last of it is not, if it is not.
    pub fn end(self) -> Option<String> {
        drop(self.saves);
        self.thread.join().ok().flatten()
    }
}

/// What the thread knows.
struct Keeper {
    file: PathBuf,
    merges: bool,
    lang: Lang,
    told: SyncSender<Message>,
}

impl Keeper {
    fn keep(&self, waiting: &Receiver<Progress>, done: &Sender<()>) -> Option<String> {
        let mut unsaved = None;
        while let Ok(mut progress) = waiting.recv() {
            while let Ok(later) = waiting.try_recv() {
                progress = later;
            }
            let (said, failed) = match self.save(progress) {
                Ok(aside) => (aside.map(|aside| words::unkept(&aside, self.lang)), false),
                Err(error) => (Some(words::not_kept(&self.file, &error, self.lang)), true),
            };
            // Once is enough, and never in the way of a talk that does not listen.
            if let Some(said) = said.clone().filter(|said| unsaved.as_ref() != Some(said)) {
                let _ = self.told.try_send(Message::Event(Event::ProgressUnsaved(said)));
            }
            unsaved = said.filter(|_| failed);
            // Nobody listens any more where the course has ended.
            let _ = done.send(());
        }
        unsaved
    }

    fn save(&self, progress: Progress) -> io::Result<Option<Unkept>> {
        if self.merges {
            store::merge(&self.file, progress, Progress::merged).map(|(_, aside)| aside)
        } else {
            store::save(&self.file, &progress).map(|()| None)
        }
    }
}
