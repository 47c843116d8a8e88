//! One question to an engine on its socket, and its answer in time or not at all. unix(7), socket(7) `SO_SNDTIMEO`.
//!
//! Docker's and Podman's interface is HTTP. A connection may hang in each of its parts: until it is taken, before the answer and
//! in the midst of it; so what is left of the time is set anew before each call.

use std::io::{Read as _, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, setsockopt, socket, sockopt};
use nix::sys::time::{TimeVal, TimeValLike as _};

use super::Why;

/// How long an engine may take for all that it is asked.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);
/// The longest answer: thousands of containers.
const LONGEST: usize = 16 << 20;
const HEADERS: usize = 64;

/// Asks for a page by GET, until `end` at the latest.
pub(super) fn get(path: &Path, page: &str, end: Instant) -> Result<Vec<u8>, Why> {
    let mut stream = connected(path, end)?;
    let request = format!("GET {page} HTTP/1.1\r\nHost: unha\r\nAccept: application/json\r\nConnection: close\r\n\r\n");
    stream.set_write_timeout(Some(left(end)?)).map_err(|error| failed("setsockopt", path, &error))?;
    match stream.write_all(request.as_bytes()) {
        // Whoever has hung up already may have said why.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written.map_err(|error| failed("write", path, &error))?,
    }
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 16 << 10]);
    loop {
        stream.set_read_timeout(Some(left(end)?)).map_err(|error| failed("setsockopt", path, &error))?;
        let count = match stream.read(&mut chunk) {
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed("read", path, &error)),
        };
        bytes.extend_from_slice(&chunk[..count]);
        if let Some(body) = body(&bytes, count == 0)? {
            return Ok(body);
        }
        if count == 0 || bytes.len() > LONGEST {
            return Err(Why::Nonsense(words(&bytes)));
        }
    }
}

fn connected(path: &Path, end: Instant) -> Result<UnixStream, Why> {
    let refused = |call: &str, errno: Errno| failed(call, path, &errno.into());
    let address = UnixAddr::new(path).map_err(|errno| refused("connect", errno))?;
    let stream: OwnedFd = socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)
        .map_err(|errno| refused("socket", errno))?;
    // Where many wait to be taken, connect(2) waits too.
    let time = TimeVal::milliseconds(i64::try_from(left(end)?.as_millis()).unwrap_or(i64::MAX).max(1));
    setsockopt(&stream, sockopt::SendTimeout, &time).map_err(|errno| refused("setsockopt", errno))?;
    connect(stream.as_raw_fd(), &address).map_err(|errno| refused("connect", errno))?;
    Ok(stream.into())
}

fn left(end: Instant) -> Result<Duration, Why> {
    let left = end.saturating_duration_since(Instant::now());
    if left < Duration::from_millis(1) { Err(hangs()) } else { Ok(left) }
}

fn hangs() -> Why {
    Why::Hangs(u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX))
}

fn failed(call: &str, path: &Path, error: &std::io::Error) -> Why {
    let errno = Errno::from_raw(error.raw_os_error().unwrap_or_default());
    let said = format!("{call}(\"{}\") = {errno:?}", path.display());
    match errno {
        Errno::EAGAIN | Errno::ETIMEDOUT | Errno::EINPROGRESS => hangs(),
        Errno::EACCES | Errno::EPERM => Why::Denied(said),
        _ => Why::Failed(said),
    }
}

/// The body of an answer, as soon as all of it is there; `at_end` is whether nothing more can come.
fn body(bytes: &[u8], at_end: bool) -> Result<Option<Vec<u8>>, Why> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    let nonsense = || Why::Nonsense(words(bytes));
    let httparse::Status::Complete(begin) = answer.parse(bytes).map_err(|_| nonsense())? else { return Ok(None) };
    if answer.code != Some(200) {
        return Err(nonsense());
    }
    let header = |name: &str| {
        let found = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok()).map(str::trim)
    };
    let rest = &bytes[begin..];
    if header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return unchunked(rest).map_err(|()| nonsense());
    }
    match header("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => Ok(rest.get(..length).map(<[u8]>::to_vec)),
        None => Ok(at_end.then(|| rest.to_vec())),
    }
}

/// The chunks in one piece; `None` while the last one has not come.
fn unchunked(mut rest: &[u8]) -> Result<Option<Vec<u8>>, ()> {
    let mut whole = vec![];
    loop {
        let httparse::Status::Complete((begin, length)) = httparse::parse_chunk_size(rest).map_err(|_| ())? else {
            return Ok(None);
        };
        if length == 0 {
            return Ok(Some(whole));
        }
        let end = usize::try_from(length).ok().and_then(|length| begin.checked_add(length)).ok_or(())?;
        let Some(chunk) = rest.get(begin..end) else { return Ok(None) };
        whole.extend_from_slice(chunk);
        // Behind each chunk stands a line end.
        let Some(more) = rest.get(end + 2..) else { return Ok(None) };
        rest = more;
    }
}

/// The first line of what came, for people.
fn words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
    text.lines().next().unwrap_or_default().replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_or_not_there_yet() {
        let by_length = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]".as_slice();
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n".as_slice();
        for answer in [by_length, chunked] {
            let cut = answer.len() - 5;
            assert_eq!(body(&answer[..cut.min(answer.len() - 1)], false).unwrap(), None);
            assert_eq!(body(answer, false).unwrap().unwrap(), b"[]");
        }
        let plain = b"HTTP/1.0 200 OK\r\n\r\n[]";
        assert_eq!((body(plain, false).unwrap(), body(plain, true).unwrap().unwrap()), (None, b"[]".to_vec()));
    }

    #[test]
    fn what_is_no_answer_is_said() {
        assert_eq!(body(b"SSH-2.0-x\r\n", false), Err(Why::Nonsense("SSH-2.0-x".to_owned())));
        let refused = body(b"HTTP/1.1 500 Oops\r\n\r\n", false);
        assert_eq!(refused, Err(Why::Nonsense("HTTP/1.1 500 Oops".to_owned())));
        let endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
        assert!(body(endless, false).is_err());
    }
}
