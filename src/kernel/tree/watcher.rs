//! Looking again and again, cheaply: everybody is listed at each look, and each is read anew within ten seconds.
//!
//! `getdents64(2)` on /proc tells with each number the inode of its folder. The kernel gives a new process a new one, whoever
//! had its number before: so who came and who went is known at once, without a file being opened.

use std::collections::{HashMap, VecDeque};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::fs::{Dir, Mode, OFlags, openat};

use super::grouping::{self, Member};
use super::ourselves::Ourselves;
use super::process::{self, Details, Seen, Where};
use super::{Namespaces, Origin, Process, Tree};
use crate::kernel::probe::{Proc, Unread};

/// How old what is known of a process may be; and in what time all of them are read anew, a part at each look.
const OLDEST: Duration = Duration::from_secs(9);
const ROUND: Duration = Duration::from_secs(8);
/// From how many on the second core helps.
const MANY: usize = 256;

/// Whoever looks, and what is known from the looks before.
#[derive(Debug)]
pub struct Watcher {
    proc: Proc,
    ourselves: Ourselves,
    kinds: [bool; 8],
    /// The machine's start in seconds since 1970, and how many ticks are a second.
    boot: u64,
    ticks: u64,
    known: HashMap<u32, Known>,
    /// Everybody by number and inode, who was read the longest ago first.
    order: VecDeque<(u32, u64)>,
    looks: u64,
    last: Option<Instant>,
}

#[derive(Debug)]
struct Known {
    inode: u64,
    seen: Seen,
    /// Whether it looks as well, and is not looked at.
    is_ours: bool,
    /// Where it last was, if it is a zombie now.
    was: Option<Namespaces>,
    details: Option<Details>,
    read: Instant,
    /// The number of the look that listed it.
    look: u64,
}

impl Watcher {
    /// Takes hold of this machine's /proc.
    ///
    /// # Errors
    /// That there is none.
    pub fn new() -> Result<Self, Unread> {
        let proc = Proc::open("/proc")?;
        let kinds = process::kinds(proc.as_fd());
        let stat = proc.read("stat").unwrap_or_default();
        let boot = stat.lines().find_map(|line| line.strip_prefix("btime ")?.trim().parse().ok()).unwrap_or_default();
        let ticks = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK).ok().flatten();
        let ticks = ticks.and_then(|ticks| u64::try_from(ticks).ok()).filter(|ticks| *ticks > 0).unwrap_or(100);
        let (known, order) = (HashMap::new(), VecDeque::new());
        Ok(Self { proc, ourselves: Ourselves::new(), kinds, boot, ticks, known, order, looks: 0, last: None })
    }

    /// Looks: at whoever is new, and at a part of the others. The first look reads everybody.
    ///
    /// # Errors
    /// That /proc cannot be listed.
    pub fn look(&mut self) -> Result<Tree, Unread> {
        let now = Instant::now();
        self.looks += 1;
        let mut wanted = self.list()?;
        let looks = self.looks;
        self.known.retain(|_, known| known.look == looks);
        wanted.extend(self.due(now));
        let ended = self.read(&wanted, now);
        self.last = Some(now);
        Ok(self.tree(ended))
    }

    /// Lists everybody; returns those that are not known.
    fn list(&mut self) -> Result<Vec<(u32, u64)>, Unread> {
        let refused = |errno| Unread::call("getdents64", "/proc", errno);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir = openat(&self.proc, ".", flags, Mode::empty()).map_err(refused)?;
        let mut unknown = vec![];
        for entry in Dir::new(dir).map_err(refused)? {
            let entry = entry.map_err(refused)?;
            let Some(pid) = entry.file_name().to_str().ok().and_then(|name| name.parse::<u32>().ok()) else { continue };
            match self.known.get_mut(&pid) {
                Some(known) if known.inode == entry.ino() => known.look = self.looks,
                _ => unknown.push((pid, entry.ino())),
            }
        }
        Ok(unknown)
    }

    /// Whose turn it is to be read anew.
    fn due(&mut self, now: Instant) -> Vec<(u32, u64)> {
        let Some(last) = self.last else { return vec![] };
        let part = now.duration_since(last).min(ROUND).as_secs_f64() / ROUND.as_secs_f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a part"
        )]
        let mut quota = (self.known.len() as f64 * part).ceil() as usize;
        let mut due = vec![];
        while let Some((pid, inode)) = self.order.front().copied() {
            let known = self.known.get(&pid).filter(|known| known.inode == inode);
            match known {
                Some(known) if quota == 0 && now.duration_since(known.read) < OLDEST => break,
                Some(_) => {
                    quota = quota.saturating_sub(1);
                    due.push((pid, inode));
                }
                // It has ended.
                None => {}
            }
            self.order.pop_front();
        }
        due
    }

    /// Reads these; returns how many ended meanwhile.
    fn read(&mut self, wanted: &[(u32, u64)], now: Instant) -> usize {
        let mut ended = 0;
        for ((pid, inode), seen) in wanted.iter().zip(self.looked_at(wanted)) {
            let before = self.known.remove(pid);
            let Some(seen) = seen else {
                ended += 1;
                continue;
            };
            let was = before.filter(|known| known.inode == *inode && known.seen.started == seen.started);
            let was_ours = was.as_ref().is_some_and(|known| known.is_ours);
            let is_ours = was_ours || self.ourselves.include(self.proc.as_fd(), *pid, seen.parent, &seen.name);
            let was = was.and_then(|known| match known.seen.place {
                Where::In(namespaces) => Some(namespaces),
                _ => known.was,
            });
            self.known
                .insert(*pid, Known { inode: *inode, seen, is_ours, was, details: None, read: now, look: self.looks });
            self.order.push_back((*pid, *inode));
        }
        ended
    }

    fn looked_at(&self, wanted: &[(u32, u64)]) -> Vec<Option<Seen>> {
        let (proc, kinds) = (self.proc.as_fd(), self.kinds);
        let all = |part: &[(u32, u64)]| -> Vec<Option<Seen>> {
            part.iter().map(|(pid, _)| process::look(proc, *pid, kinds)).collect()
        };
        if wanted.len() < MANY {
            return all(wanted);
        }
        let (one, other) = wanted.split_at(wanted.len() / 2);
        std::thread::scope(|scope| {
            // Where there can be no second thread, as below a limit on processes, one does it all.
            let helper = std::thread::Builder::new().spawn_scoped(scope, || all(other));
            let mut seen = all(one);
            match helper.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(rest)) => seen.extend(rest),
                _ => seen.extend(all(other)),
            }
            seen
        })
    }

    fn tree(&mut self, ended: usize) -> Tree {
        let proc = self.proc.as_fd();
        let (origin, namespaces) = match process::namespaces(proc, "1", self.kinds) {
            Ok(namespaces) => (Origin::Init, namespaces),
            Err(_) => (Origin::Viewer, process::namespaces(proc, "thread-self", self.kinds).unwrap_or_default()),
        };
        let others = || self.known.values().filter(|known| !known.is_ours);
        let count = |place: Where| others().filter(|known| known.seen.place == place).count();
        let (kernel, closed, zombies) = (count(Where::Kernel), count(Where::Closed), count(Where::Zombie));
        let all = others().count();
        let members: Vec<Member> = self.known.iter().filter_map(|(pid, known)| self.member(*pid, known)).collect();
        let here = members.iter().filter(|member| member.namespaces == namespaces).count();
        let mut groups = grouping::groups(&members, namespaces);
        for group in &mut groups {
            let first = group.first.pid;
            if let Some(known) = self.known.get_mut(&first) {
                let details = known.details.get_or_insert_with(|| process::details(proc, first, &known.seen.name));
                group.first = named(first, &known.seen, details, self.boot + known.seen.started / self.ticks);
            }
        }
        let processes = all - kernel;
        Tree { origin, namespaces, groups, processes, here, zombies, closed, ended }
    }

    /// The process as the grouping takes it; `None` where it is in no namespaces that are known.
    fn member(&self, pid: u32, known: &Known) -> Option<Member> {
        if known.is_ours {
            return None;
        }
        let zombie = known.seen.place == Where::Zombie;
        let namespaces = match known.seen.place {
            Where::In(namespaces) => Some(namespaces),
            Where::Zombie => known.was.or_else(|| self.of_parent(known.seen.parent)),
            Where::Closed | Where::Kernel => None,
        }?;
        Some(Member { pid, parent: known.seen.parent, started: known.seen.started, namespaces, zombie })
    }

    /// The namespaces of the nearest ancestor that has some.
    fn of_parent(&self, mut pid: u32) -> Option<Namespaces> {
        for _ in 0..grouping::MOST_ANCESTORS {
            let known = self.known.get(&pid)?;
            match known.seen.place {
                Where::In(namespaces) => return Some(namespaces),
                Where::Zombie => pid = known.seen.parent,
                Where::Closed | Where::Kernel => return None,
            }
        }
        None
    }
}

fn named(pid: u32, seen: &Seen, details: &Details, since: u64) -> Process {
    Process {
        pid,
        started: seen.started,
        since,
        parent: seen.parent,
        name: seen.name.clone(),
        command: details.command.clone(),
        uid: details.uid,
        pid_inside: details.pid_inside,
        cgroup: details.cgroup.clone(),
    }
}
