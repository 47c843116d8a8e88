//! What is read of one process, through one handle on its folder: when it ends meanwhile, nobody else's answer is taken for its own.
//!
//! `proc_pid_stat(5)`, `proc_pid_ns(5)`, `proc_pid_status(5)`. The links are read, not followed: a look opens no namespace and
//! holds none. Who is looked at notices nothing.

use std::os::fd::{AsFd, BorrowedFd};

use rustix::fs::{Mode, OFlags, openat, readlinkat_raw};
use rustix::io::Errno;

use super::Namespaces;

/// The links of a process's namespaces, in the order of [`Kind::ALL`](super::Kind::ALL).
const LINKS: [&str; 8] = ["ns/user", "ns/uts", "ns/pid", "ns/mnt", "ns/net", "ns/ipc", "ns/cgroup", "ns/time"];
/// The one that is asked first: a process that has ended has no mounts any more, and one that is closed shows none.
const MNT: usize = 3;
/// `PF_KTHREAD` among the flags in `stat`.
const KERNEL_THREAD: u32 = 0x0020_0000;
/// The most of a command line that is read.
const LONGEST: usize = 2048;

/// Where a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// In these.
    In(Namespaces),
    /// It has ended, and its parent has not asked how.
    Zombie,
    /// It may not be looked into.
    Closed,
    /// It is a thread of the kernel's.
    Kernel,
}

/// What is known of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) parent: u32,
    pub(super) started: u64,
    pub(super) name: String,
    pub(super) place: Where,
}

/// What is asked only of a group's first process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Details {
    pub(super) command: String,
    pub(super) uid: u32,
    pub(super) pid_inside: u32,
    pub(super) cgroup: String,
}

/// Which kinds of namespaces this kernel has: those that whoever looks is in.
pub(super) fn kinds(proc: BorrowedFd<'_>) -> [bool; 8] {
    LINKS.map(|link| inode(proc, &format!("thread-self/{link}")).is_ok())
}

/// The namespaces of a process by the name of its folder; `Err` where they may not be seen or it is not there.
pub(super) fn namespaces(proc: BorrowedFd<'_>, name: &str, kinds: [bool; 8]) -> Result<Namespaces, Errno> {
    let folder = folder(proc, name)?;
    all(folder.as_fd(), kinds)
}

fn folder(proc: BorrowedFd<'_>, name: &str) -> Result<std::os::fd::OwnedFd, Errno> {
    openat(proc, name, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

fn all(folder: BorrowedFd<'_>, kinds: [bool; 8]) -> Result<Namespaces, Errno> {
    let mut found = [0; 8];
    found[MNT] = inode(folder, LINKS[MNT])?;
    for (at, link) in LINKS.iter().enumerate().filter(|(at, _)| *at != MNT && kinds[*at]) {
        found[at] = inode(folder, link)?;
    }
    Ok(Namespaces(found))
}

/// The number in a link such as `mnt:[4026531841]`.
fn inode(folder: BorrowedFd<'_>, link: &str) -> Result<u64, Errno> {
    let mut space = [0_u8; 64];
    let length = readlinkat_raw(folder, link, &mut space[..])?;
    let digits = space[..length].iter().filter(|byte| byte.is_ascii_digit());
    Ok(digits.fold(0, |number: u64, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))))
}

/// Looks at a process; `None`: it has ended.
pub(super) fn look(proc: BorrowedFd<'_>, pid: u32, kinds: [bool; 8]) -> Option<Seen> {
    let folder = folder(proc, &pid.to_string()).ok()?;
    let mut space = [0_u8; 1024];
    let stat = read(folder.as_fd(), "stat", &mut space)?;
    let (state, flags, mut seen) = parse(stat)?;
    seen.place = match () {
        () if flags & KERNEL_THREAD != 0 => Where::Kernel,
        () if matches!(state, b'Z' | b'X') => Where::Zombie,
        () => match all(folder.as_fd(), kinds) {
            Ok(namespaces) => Where::In(namespaces),
            Err(Errno::ACCESS | Errno::PERM) => Where::Closed,
            // It ended between the two looks: is it a zombie now, or gone?
            Err(_) => {
                parse(read(folder.as_fd(), "stat", &mut space)?)?;
                Where::Zombie
            }
        },
    };
    Some(seen)
}

/// When a process was started, in ticks since the machine's start; `None`: it is not there.
pub(in super::super) fn started(pid: u32) -> Option<u64> {
    let folder = folder(rustix::fs::CWD, &format!("/proc/{pid}")).ok()?;
    let (state, _, seen) = parse(read(folder.as_fd(), "stat", &mut [0_u8; 1024])?)?;
    (!matches!(state, b'Z' | b'X')).then_some(seen.started)
}

/// A process's name, in three calls: thousands are asked.
pub(in super::super) fn name_of(pid: u32) -> Option<String> {
    let path = format!("/proc/{pid}/comm");
    read(rustix::fs::CWD, &path, &mut [0_u8; 64]).map(|name| String::from_utf8_lossy(name).trim_end().to_owned())
}

/// A process's cgroup, as [`Process::cgroup`](super::Process::cgroup) has it.
pub(in super::super) fn cgroup_of(pid: u32) -> Option<String> {
    let folder = folder(rustix::fs::CWD, &format!("/proc/{pid}")).ok()?;
    read(folder.as_fd(), "cgroup", &mut [0_u8; 8192]).map(cgroup)
}

/// A small file, as far as it fits.
fn read<'s>(folder: BorrowedFd<'_>, file: &str, space: &'s mut [u8]) -> Option<&'s [u8]> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = openat(folder, file, flags, Mode::empty()).ok()?;
    let length = rustix::io::read(&file, &mut *space).ok()?;
    (length > 0).then(|| &space[..length])
}

/// Its state, its flags, and what is kept.
fn parse(stat: &[u8]) -> Option<(u8, u32, Seen)> {
    // A name may have anything in it, parentheses and line ends too; behind the last one stand only numbers.
    let (open, close) = (stat.iter().position(|byte| *byte == b'(')?, stat.iter().rposition(|byte| *byte == b')')?);
    let name = printable(&String::from_utf8_lossy(stat.get(open + 1..close)?));
    let rest = std::str::from_utf8(stat.get(close + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    let state = *fields.next()?.as_bytes().first()?;
    let parent = fields.next()?.parse().ok()?;
    let flags = fields.nth(4)?.parse().ok()?;
    let started = fields.nth(12)?.parse().ok()?;
    Some((state, flags, Seen { parent, started, name, place: Where::Zombie }))
}

/// Asks for the rest; what cannot be read is left empty.
pub(super) fn details(proc: BorrowedFd<'_>, pid: u32, name: &str) -> Details {
    let Ok(folder) = folder(proc, &pid.to_string()) else { return Details::default() };
    let mut space = [0_u8; 4096];
    let status = read(folder.as_fd(), "status", &mut space).map(String::from_utf8_lossy).unwrap_or_default();
    let words = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.map(str::split_ascii_whitespace).into_iter().flatten()
    };
    let uid = words("Uid").nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    let pid_inside = words("NSpid").last().and_then(|word| word.parse().ok()).unwrap_or(pid);
    let mut space = [0_u8; LONGEST];
    let command = read(folder.as_fd(), "cmdline", &mut space).map_or_else(|| format!("[{name}]"), command);
    let mut space = [0_u8; 8192];
    let cgroup = read(folder.as_fd(), "cgroup", &mut space).map_or_else(String::new, cgroup);
    Details { command, uid, pid_inside, cgroup }
}

/// The second word of a process's command line.
pub(super) fn second_word(proc: BorrowedFd<'_>, pid: u32) -> Option<String> {
    let folder = folder(proc, &pid.to_string()).ok()?;
    let mut space = [0_u8; LONGEST];
    let words = read(folder.as_fd(), "cmdline", &mut space)?;
    words.split(|byte| *byte == 0).nth(1).map(|word| String::from_utf8_lossy(word).into_owned())
}

fn command(words: &[u8]) -> String {
    let text = String::from_utf8_lossy(words);
    printable(text.trim_end_matches('\0').replace('\0', " ").trim())
}

/// The path that tells most: that of version 2, unless it is the root, as it is where version 1 has the controllers.
fn cgroup(lines: &[u8]) -> String {
    let text = String::from_utf8_lossy(lines);
    let path = |line: &'_ str| line.splitn(3, ':').nth(2).map(str::to_owned);
    let unified = text.lines().find(|line| line.starts_with("0::")).and_then(path);
    let longest = || text.lines().filter_map(path).max_by_key(String::len);
    printable(&unified.filter(|path| path != "/").or_else(longest).unwrap_or_default())
}

pub(super) fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn a_stat_is_taken_apart_whatever_the_name() {
        let stat = |name: &str| {
            format!(
                "42 ({name}) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1000 200 1844674407370955161 1 1"
            )
        };
        for name in ["sh", "a) Z 1 (b", "x y", "))((", ""] {
            let (state, flags, seen) = parse(stat(name).as_bytes()).unwrap();
            assert_eq!((state, flags, seen.parent, seen.started), (b'S', 4_194_560, 7, 98765), "{name}");
            assert_eq!(seen.name, name);
        }
        assert_eq!(parse(stat("a\nb\u{1b}c").as_bytes()).unwrap().2.name, "a\u{fffd}b\u{fffd}c");
        assert!(parse(b"42 (sh").is_none() && parse(b"").is_none() && parse(b"1 (a) S 1").is_none());
    }

    #[test]
    fn the_cgroup_that_tells_most_is_taken() {
        assert_eq!(cgroup(b"0::/system.slice/a.service\n"), "/system.slice/a.service");
        assert_eq!(cgroup(b"12:pids:/docker/abc\n1:name=systemd:/x\n0::/\n"), "/docker/abc");
        assert_eq!(cgroup(b"0::/\n"), "/");
        assert_eq!(cgroup(b""), "");
    }

    #[test]
    fn a_command_line_commands_no_terminal() {
        assert_eq!(command(b"sh\0-c\0sleep 1\0"), "sh -c sleep 1");
        assert_eq!(command(b"\x1b[2J\0"), "\u{fffd}[2J");
    }

    #[test]
    fn the_links_are_in_the_order_of_the_kinds() {
        assert_eq!(Kind::ALL.map(|kind| format!("ns/{}", kind.name())), LINKS.map(str::to_owned));
    }
}
