//! The ids of the bench and its boxes: whom its root and its users are on the machine. user_namespaces(7), subuid(5).
//!
//! The bench's root is whoever started it, or for root an id that nobody has. Beside it the bench has a range of ids for
//! boxes with a user namespace of their own: the learner sees root inside, 100000 outside.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::unistd::{AccessFlags, Gid, Pid, Uid, User, access, getgid, getuid};
use serde::{Deserialize, Serialize};

use super::without::NoRange;
use crate::kernel::container::link::Failed;
use crate::kernel::sys;

/// How many ids a range has: as many as one that is given to a user, and as fit in 16 bits.
pub const COUNT: u32 = 65536;

/// Where root's bench maps its own ids to: 65536 ids that no distribution gives to anybody, the last range that
/// systemd-nspawn(1) would take (systemd's UIDS-GIDS page). Its root is nobody special on the machine.
pub(super) const FIRST_OF_ROOT: u32 = 0x6fff_0000;

/// And those of its boxes, the range before it.
const FIRST_OF_ROOTS_BOXES: u32 = 0x6ffe_0000;

/// The first of the bench's ids that are for boxes, where root's bench chooses it: it looks like an ordinary user's.
const FIRST: u32 = 100_000;

/// The first user id and the first group id of a range of [`COUNT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first user id.
    pub uid: u32,
    /// The first group id.
    pub gid: u32,
}

/// How a bench's ids are mapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ids {
    /// By the keeper itself, as root, to ids that nobody has.
    OfRoot,
    /// By newuidmap(1) and newgidmap(1), to this user's range.
    Given(Range),
    /// By the bench: this user's own id alone.
    Single(NoRange),
}

impl Ids {
    /// What can be had here.
    pub(super) fn find() -> Self {
        if may_map() {
            return Self::OfRoot;
        }
        given().map_or_else(Self::Single, Self::Given)
    }

    /// The range that boxes may use, as the bench numbers it.
    pub(super) const fn for_boxes(&self) -> Option<Range> {
        match self {
            Self::OfRoot => Some(Range { uid: FIRST, gid: FIRST }),
            Self::Given(range) => Some(*range),
            Self::Single(_) => None,
        }
    }

    /// Maps the ids of the user namespace in which `stage` is now.
    ///
    /// # Errors
    /// What the kernel refused to root, or `Ok(Err(…))` what the programs said.
    pub(super) fn map(&self, stage: Pid) -> Result<Result<(), NoRange>, Failed> {
        match self {
            Self::Single(_) => Ok(Ok(())),
            Self::OfRoot => {
                let map = format!("0 {FIRST_OF_ROOT} {COUNT}\n{FIRST} {FIRST_OF_ROOTS_BOXES} {COUNT}\n");
                sys::write_file(format!("/proc/{stage}/uid_map"), &map)?;
                sys::write_file(format!("/proc/{stage}/gid_map"), &map)?;
                Ok(Ok(()))
            }
            // The range keeps its numbers on the bench: what the columns show is then what the machine shows.
            Self::Given(range) => Ok(program("newuidmap", stage, getuid().as_raw(), [range.uid, range.uid, COUNT])
                .and_then(|()| program("newgidmap", stage, getgid().as_raw(), [range.gid, range.gid, COUNT]))),
        }
    }
}

/// Whether we may map ids that nobody has: as root, and where these ids are ours to give. In a container that is itself
/// in a user namespace they may not exist, and root there is an ordinary user.
#[must_use]
pub fn may_map() -> bool {
    let maps = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let numbers = |line: &str| line.split_whitespace().filter_map(|word| word.parse::<u64>().ok()).collect::<Vec<_>>();
    let (first, after) = (u64::from(FIRST_OF_ROOTS_BOXES), u64::from(FIRST_OF_ROOT) + u64::from(COUNT));
    let covers = |line: &str| matches!(numbers(line)[..], [from, _, count] if from <= first && after <= from + count);
    nix::unistd::geteuid().is_root() && may_administer() && maps.lines().any(covers)
}

/// Whether root here is more than a name: without CAP_SYS_ADMIN, as in most containers, it can do what an ordinary user
/// can. capabilities(7).
fn may_administer() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let held = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    held.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set >> 21 & 1 == 1)
}

/// The range that /etc/subuid and /etc/subgid give to this user, if the programs that map it are there.
///
/// # Errors
/// What is missing.
pub fn given() -> Result<Range, NoRange> {
    for name in ["newuidmap", "newgidmap"] {
        file_of(name).ok_or_else(|| NoRange::NoProgram { program: name.to_owned() })?;
    }
    Ok(Range { uid: first_in("/etc/subuid")?, gid: first_in("/etc/subgid")? })
}

fn file_of(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/bin", "/bin"].map(PathBuf::from));
    folders.map(|dir| dir.join(name)).find(|file| access(file, AccessFlags::X_OK).is_ok())
}

/// The first range of this user that is large enough: lines read `name-or-uid:first:count`, in both files.
fn first_in(file: &str) -> Result<u32, NoRange> {
    let uid = getuid();
    let name = User::from_uid(uid).ok().flatten().map(|user| user.name);
    let text = fs::read_to_string(file).unwrap_or_default();
    let entry = |line: &str| {
        let mut fields = line.trim().split(':');
        let (owner, first, count) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse::<u32>().ok()?);
        let ours = Some(owner) == name.as_deref() || owner == uid.to_string();
        (ours && first > 0 && count >= COUNT).then_some(first)
    };
    let user = name.clone().unwrap_or_else(|| uid.to_string());
    text.lines().find_map(entry).ok_or_else(|| NoRange::NoEntry { file: file.to_owned(), user })
}

/// Maps the ids of a user namespace that is to be full, as a distribution needs it: this user's own are 0, and from 1 on
/// come those of the range. On the bench the same ids have the range's own numbers.
pub(in crate::kernel) fn map_whole(stage: Pid, range: Range) -> Result<(), NoRange> {
    program("newuidmap", stage, getuid().as_raw(), [1, range.uid + 1, COUNT - 1])?;
    program("newgidmap", stage, getgid().as_raw(), [1, range.gid + 1, COUNT - 1])
}

/// Lets one of the programs map this user's own id to 0, and so many of the range from a first one on.
fn program(name: &str, stage: Pid, own: u32, [inside, outside, count]: [u32; 3]) -> Result<(), NoRange> {
    let refused = |said: String| NoRange::Refused { program: name.to_owned(), said };
    let file = file_of(name).ok_or_else(|| NoRange::NoProgram { program: name.to_owned() })?;
    let words = [stage.as_raw().unsigned_abs(), 0, own, 1, inside, outside, count].map(|number| number.to_string());
    let mut command = Command::new(file);
    command.args(words).env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null());
    let output = command.output().map_err(|error| refused(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(refused(said)) }
}

/// The bench's root on the machine, for root's bench.
pub(in crate::kernel) const fn root_of_roots_bench() -> (Uid, Gid) {
    (Uid::from_raw(FIRST_OF_ROOT), Gid::from_raw(FIRST_OF_ROOT))
}
