//! The line between a talk and its consoles: a Unix socket that only the same user reaches. unix(7).
//!
//! Each talk has one, `talk-<pid>` in the folder of the runs' records, so that several talks do not disturb each other.
//! What is said on it are lines of JSON, see [`crate::course::console`].

mod door;

use std::fs;
use std::io::{self, BufRead, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

pub use door::Door;

use crate::course::console::{Asked, SCHEMA, Told};

/// How the socket's name begins; the talk's process number follows.
const NAME: &str = "talk-";

/// The longest line that a console takes: an author's slide may be large.
const LONGEST_TOLD: u64 = 4 << 20;

/// How long the other end may take to read a line before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

fn socket(folder: &Path, pid: u32) -> PathBuf {
    folder.join(format!("{NAME}{pid}"))
}

/// The sockets in the folder: the number of each talk's process, and the line to it, or why there is none.
fn sockets(folder: &Path) -> io::Result<Vec<(u32, io::Result<UnixStream>)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries?,
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let pids = names.filter_map(|name| name.strip_prefix(NAME)?.parse().ok());
    let mut found: Vec<_> = pids.map(|pid| (pid, UnixStream::connect(socket(folder, pid)))).collect();
    found.sort_by_key(|(pid, _)| *pid);
    Ok(found)
}

/// Whether nobody answers, and nobody will.
fn is_dead(pid: u32, error: &io::Error) -> bool {
    // Its process may be there, and about to answer.
    error.kind() == io::ErrorKind::ConnectionRefused
        && kill(Pid::from_raw(pid.cast_signed()), None) == Err(Errno::ESRCH)
}

/// The talks that are being given by this user, by the numbers of their processes, each with a line to it.
///
/// # Errors
/// What the folder could not be read for, or a socket not be reached.
pub fn talks(folder: &Path) -> io::Result<Vec<(u32, UnixStream)>> {
    let mut found = vec![];
    for (pid, line) in sockets(folder)? {
        match line {
            Ok(line) => found.push((pid, line)),
            // A talk that is gone, or is not quite there yet.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Removes the sockets of talks that were killed; with `look_only`, only finds them.
#[must_use]
pub fn sweep(folder: &Path, look_only: bool) -> Vec<PathBuf> {
    let all = sockets(folder).unwrap_or_default().into_iter();
    let dead = all.filter(|(pid, line)| line.as_ref().is_err_and(|error| is_dead(*pid, error)));
    dead.map(|(pid, _)| socket(folder, pid)).filter(|path| look_only || fs::remove_file(path).is_ok()).collect()
}

/// A line of at most so many bytes, without its end. `None`: there are no more.
///
/// # Errors
/// What could not be read for; `InvalidData` if the line is longer.
fn line(reader: &mut impl BufRead, longest: u64) -> io::Result<Option<Vec<u8>>> {
    let mut line = vec![];
    reader.take(longest).read_until(b'\n', &mut line)?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        // Cut off in the middle: the other end is gone.
        Some(_) if (line.len() as u64) < longest - 1 => Ok(None),
        Some(_) => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// What was heard of a talk.
#[derive(Debug)]
pub enum Heard {
    /// Its state.
    Told(Box<Told>),
    /// A line in another version of the language.
    Foreign(u32),
}

/// Waits for what the talk tells next. `None`: it is over.
///
/// # Errors
/// What could not be read for; `InvalidData` if it makes no sense.
pub fn hear(reader: &mut impl BufRead) -> io::Result<Option<Heard>> {
    #[derive(serde::Deserialize)]
    struct Any {
        schema: u32,
    }
    let Some(line) = line(reader, LONGEST_TOLD)? else { return Ok(None) };
    let Any { schema } = serde_json::from_slice(&line)?;
    if schema != SCHEMA {
        return Ok(Some(Heard::Foreign(schema)));
    }
    Ok(Some(Heard::Told(serde_json::from_slice(&line)?)))
}

/// Asks something of the talk.
///
/// # Errors
/// What could not be written for.
pub fn ask(mut stream: &UnixStream, asked: &Asked) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(asked)?;
    line.push(b'\n');
    stream.write_all(&line)
}
