//! The talk's end of the line: it tells every console the latest state, and hears what they ask.
//!
//! The talk only puts the state down and goes on: each console has a thread that carries it there. One that does not read
//! gets the latest when it reads again, or is dropped; the talk does not notice.

use std::fs;
use std::io::{self, BufReader, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{sleep, spawn};
use std::time::Duration;

use nix::sys::socket::{Shutdown, getsockopt, shutdown, sockopt::PeerCredentials};
use nix::unistd::geteuid;

use super::{PATIENCE, line, socket, sweep, talks};
use crate::course::console::{Asked, SCHEMA, State, Told};
use crate::kernel::record;
use crate::session::Message;

/// No more consoles than this at once.
const MOST: usize = 8;
/// The longest line that a console may send.
const LONGEST: u64 = 1024;
/// A console that is faster than any hand is slowed down to one press in so long.
const FASTEST: Duration = Duration::from_millis(20);

/// The door at which consoles knock; closed when it is dropped.
pub struct Door {
    path: PathBuf,
    listener: UnixListener,
    board: Arc<Board>,
}

/// Where the latest state hangs for those who carry it to the consoles.
#[derive(Default)]
struct Board {
    latest: Mutex<Latest>,
    news: Condvar,
    consoles: AtomicUsize,
}

#[derive(Default)]
struct Latest {
    /// Higher with each state.
    seq: u64,
    /// The `seq` since which the talk stands where it does.
    stands_since: u64,
    state: Option<State>,
    line: Arc<[u8]>,
    closed: bool,
}

impl Board {
    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Door {
    /// Opens the door of the talk of this process, by its number, in `folder`. What consoles want reaches the talk by
    /// `sender`.
    ///
    /// # Errors
    /// What the folder or the socket could not be made for.
    pub fn open(folder: &Path, pid: u32, sender: SyncSender<Message>) -> io::Result<Self> {
        record::own(folder)?;
        let _ = sweep(folder, false);
        // Containers that share the folder may have a process of the same number.
        if talks(folder)?.iter().any(|(other, _)| *other == pid) {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        let path = socket(folder, pid);
        // Nobody answers on it: it was a dead one's.
        let _ = fs::remove_file(&path);
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        let board = Arc::new(Board::default());
        let door = Self { path, listener: listener.try_clone()?, board: Arc::clone(&board) };
        spawn(move || {
            while !board.latest().closed {
                match listener.accept() {
                    Ok((stream, _)) => admit(stream, &board, &sender),
                    // Too many open files, say: it may be better in a moment.
                    Err(_) => sleep(FASTEST),
                }
            }
        });
        Ok(door)
    }

    /// Shows the consoles the state, if it is another than before. Where there are none, nothing is done.
    pub fn show(&self, state: impl FnOnce() -> Option<State>) {
        if self.board.consoles.load(Ordering::Acquire) == 0 {
            // What is old by the time that one comes must not be told.
            self.board.latest().state = None;
            return;
        }
        let Some(state) = state() else { return };
        let latest = self.board.latest();
        if latest.state.as_ref() == Some(&state) {
            return;
        }
        let seq = latest.seq + 1;
        let moved = latest.state.as_ref().is_none_or(|known| known.stand != state.stand);
        drop(latest);
        // Nobody but this thread writes here; those who carry it need not wait meanwhile.
        let told = Told { schema: SCHEMA, seq, state };
        let Ok(mut line) = serde_json::to_vec(&told) else { return };
        line.push(b'\n');
        let mut latest = self.board.latest();
        if moved {
            latest.stands_since = seq;
        }
        latest.seq = seq;
        latest.line = line.into();
        latest.state = Some(told.state);
        self.board.news.notify_all();
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        self.board.latest().closed = true;
        self.board.news.notify_all();
        // Whoever waits for the next console waits no more.
        let _ = shutdown(self.listener.as_raw_fd(), Shutdown::Both);
    }
}

/// Lets a console in, unless it is another user's, or one too many.
fn admit(stream: UnixStream, board: &Arc<Board>, sender: &SyncSender<Message>) {
    let peer = getsockopt(&stream, PeerCredentials).map(|peer| peer.uid());
    let ours = peer.is_ok_and(|uid| uid == geteuid().as_raw() || uid == 0);
    if !ours || board.consoles.load(Ordering::Acquire) >= MOST {
        return;
    }
    let (Ok(reads), Ok(())) = (stream.try_clone(), stream.set_write_timeout(Some(PATIENCE))) else { return };
    board.consoles.fetch_add(1, Ordering::AcqRel);
    let _ = sender.send(Message::Console(None));
    let (of_writer, of_reader, sender) = (Arc::clone(board), Arc::clone(board), sender.clone());
    let gone = Arc::new(AtomicBool::new(false));
    let left = Arc::clone(&gone);
    spawn(move || {
        tell(&stream, &of_writer, &gone);
        let _ = stream.shutdown(std::net::Shutdown::Both);
        of_writer.consoles.fetch_sub(1, Ordering::AcqRel);
    });
    spawn(move || {
        listen(&reads, &of_reader, &sender);
        // Under the lock, so that the writer does not go to sleep in between.
        let _latest = of_reader.latest();
        left.store(true, Ordering::Release);
        of_reader.news.notify_all();
    });
}

/// Carries each new state to a console, the latest one only, until it does not take it any more.
fn tell(mut stream: &UnixStream, board: &Board, gone: &AtomicBool) {
    let mut told = 0;
    loop {
        let latest = board.latest();
        let over = |latest: &Latest| latest.closed || gone.load(Ordering::Acquire);
        let nothing = |latest: &mut Latest| !over(latest) && (latest.state.is_none() || latest.seq == told);
        let latest = board.news.wait_while(latest, nothing).unwrap_or_else(PoisonError::into_inner);
        if over(&latest) {
            return;
        }
        told = latest.seq;
        let line = Arc::clone(&latest.line);
        drop(latest);
        if stream.write_all(&line).is_err() {
            return;
        }
    }
}

/// Hears what a console asks, until it is gone or makes no sense.
fn listen(stream: &UnixStream, board: &Board, sender: &SyncSender<Message>) {
    let mut reader = BufReader::new(stream);
    while let Ok(Some(line)) = line(&mut reader, LONGEST) {
        let asked = serde_json::from_slice::<Asked>(&line).ok().filter(|asked| asked.schema == SCHEMA);
        let Some(asked) = asked else { return };
        // What was meant for another place than the talk now stands at is not done there.
        let stale = asked.press.is_relative() && asked.seen < board.latest().stands_since;
        if !stale && sender.send(Message::Console(Some(asked.press))).is_err() {
            return;
        }
        sleep(FASTEST);
    }
}
