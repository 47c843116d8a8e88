//! Keeps progress while the course runs: on a thread of its own, for a disk under load may take seconds over fsync(2).
//!
//! Each save is everything there is to know, so where several wait the last one is enough.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};
use std::thread::JoinHandle;

use super::words;
use crate::course::event::Event;
use crate::course::progress::Progress;
use crate::course::text::Lang;
use crate::session::{Message, store};

/// Where progress is kept.
pub struct Keeping {
    saves: Sender<Progress>,
    thread: JoinHandle<Option<String>>,
}

impl Keeping {
    /// Begins. `merges`: what another unha has kept meanwhile is kept too, as befits a learner; a stage is one talk's alone.
    pub fn begin(file: PathBuf, merges: bool, lang: Lang, told: SyncSender<Message>) -> Self {
        let (saves, waiting) = channel();
        let thread = std::thread::spawn(move || keep(&file, merges, lang, &waiting, &told));
        Self { saves, thread }
    }

    /// Keeps this, soon.
    pub fn keep(&self, progress: Progress) {
        // The thread ends after this, never before.
        let _ = self.saves.send(progress);
    }

    /// Waits until all is kept. Gives why the last of it is not, if it is not.
    pub fn end(self) -> Option<String> {
        drop(self.saves);
        self.thread.join().ok().flatten()
    }
}

fn keep(
    file: &std::path::Path,
    merges: bool,
    lang: Lang,
    waiting: &Receiver<Progress>,
    told: &SyncSender<Message>,
) -> Option<String> {
    let save = |progress: Progress| -> io::Result<Option<store::Unkept>> {
        if !merges {
            return store::save(file, &progress).map(|()| None);
        }
        store::merge(file, progress, Progress::merged).map(|(_, aside)| aside)
    };
    let mut unsaved = None;
    while let Ok(mut progress) = waiting.recv() {
        while let Ok(later) = waiting.try_recv() {
            progress = later;
        }
        let (said, failed) = match save(progress) {
            Ok(None) => (None, false),
            Ok(Some(aside)) => (Some(words::unkept(&aside, lang)), false),
            Err(error) => (Some(words::not_kept(file, &error, lang)), true),
        };
        // Once is enough, and never in the way of a talk that does not listen.
        if said.is_some() && said != unsaved {
            let _ = told.try_send(Message::Event(Event::ProgressUnsaved(said.clone().unwrap_or_default())));
        }
        unsaved = said.filter(|_| failed);
    }
    unsaved
}
