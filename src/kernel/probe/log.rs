//! Seeing the kernel's own words: its log, and of that only what is about the box.
//!
//! dmesg(1), docs.kernel.org, ABI/testing/dev-kmsg. Each read(2) of /dev/kmsg gives one line. When a limit on memory kills
//! somebody, the kernel says there for which cgroup and whom. The learner sees that sentence beside the counter that went up.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;

use nix::errno::Errno;
use nix::fcntl::OFlag;

use super::place::{Place, Proc, Unread};
use super::reading_here;
use crate::kernel::cgroupfs::{Controller, path_of};
use crate::kernel::fact::{Reading, Value};

/// The most that is read in one look: whoever floods the log does not hold the screen.
const MOST: usize = 32_768;

/// The kernel's log from the moment it was opened.
#[derive(Debug)]
pub struct Log {
    file: Result<File, Errno>,
    heard: Heard,
}

/// What the log said about one box so far.
#[derive(Debug, Default)]
struct Heard {
    /// The box's first process, and the cgroup that counts its memory.
    subject: Option<(u32, String)>,
    /// Who is about to be killed: the kernel says the cgroup first, and the sentence after it.
    victim: Option<String>,
    words: Option<String>,
}

impl Default for Log {
    fn default() -> Self {
        Self::new()
    }
}

impl Log {
    /// Listens from now on.
    #[must_use]
    pub fn new() -> Self {
        // What was said before is about others.
        Self::from(SeekFrom::End(0))
    }

    /// From the oldest line that the kernel still has.
    #[must_use]
    pub fn whole() -> Self {
        Self::from(SeekFrom::Start(0))
    }

    fn from(where_to: SeekFrom) -> Self {
        let open = || {
            let mut file = File::options().read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open("/dev/kmsg")?;
            file.seek(where_to).map(|_| file)
        };
        let file = open().map_err(|error: std::io::Error| Errno::from_raw(error.raw_os_error().unwrap_or(0)));
        Self { file, heard: Heard::default() }
    }

    /// What the kernel said last when it killed for want of memory in the cgroup of the process `subject`, a number of `proc`.
    pub fn oom(&mut self, proc: &Proc, subject: Option<u32>) -> Reading {
        if let Some(pid) = subject {
            let viewer = Place::of_viewer(proc);
            let cgroups = Place::of_process(&viewer, pid).read("cgroup").unwrap_or_default();
            self.heard.about(pid, path_of(&cgroups, Controller::Memory).unwrap_or_default());
        }
        reading_here(self.read())
    }

    fn read(&mut self) -> Result<Value, Unread> {
        let file = self.file.as_mut().map_err(|errno| unread(*errno))?;
        let mut line = [0; 8192];
        for _ in 0..MOST {
            match file.read(&mut line) {
                Ok(0) => break,
                Ok(length) => self.heard.line(&String::from_utf8_lossy(&line[..length])),
                // Lines were lost before they were read: it goes on behind them.
                Err(error) if error.raw_os_error() == Some(Errno::EPIPE as i32) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(unread(Errno::from_raw(error.raw_os_error().unwrap_or(0)))),
            }
        }
        let words = self.heard.words.clone().ok_or_else(|| Unread::words("nothing about the box so far"))?;
        Ok(Value::Text(words))
    }
}

fn unread(errno: Errno) -> Unread {
    match errno {
        Errno::EPERM | Errno::EACCES => Unread::words("only root may read the kernel's log"),
        Errno::ENOENT | Errno::ENODEV | Errno::ENXIO => Unread::words("there is no /dev/kmsg here"),
        errno => Unread::Missing(format!("open(\"/dev/kmsg\") = {errno:?}")),
    }
}

impl Heard {
    fn about(&mut self, pid: u32, cgroup: String) {
        if self.subject.as_ref().is_none_or(|(before, _)| *before != pid) {
            *self = Self { subject: Some((pid, cgroup)), ..Self::default() };
        }
    }

    /// `6,1645,1436315092,-;Memory cgroup out of memory: Killed process 6507 (dd) total-vm:…`, and before it a line with
    /// `oom_memcg=/…/box,…,pid=6507,uid=0`.
    fn line(&mut self, line: &str) {
        let said = line.split_once(';').map_or("", |(_, said)| said.lines().next().unwrap_or(""));
        let Some((_, cgroup)) = self.subject.as_ref().filter(|(_, cgroup)| cgroup.len() > 1) else { return };
        if let Some(fields) = said.strip_prefix("oom-kill:") {
            let field = |key: &str| fields.split(',').find_map(|field| field.strip_prefix(key));
            // The log has the whole path; whoever looks may live in a cgroup namespace.
            let ours = field("oom_memcg=").is_some_and(|path| path.ends_with(cgroup.as_str()));
            self.victim = field("pid=").filter(|_| ours).map(ToOwned::to_owned);
        } else if let Some(victim) = self.victim.as_ref()
            && said.contains(&format!("Killed process {victim} ("))
        {
            let end = said.find(") total-vm").map_or(said.len(), |at| at + 1);
            self.words = Some(said[..end].to_owned());
            self.victim = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KILLED: &str = "3,1645,1436315092,-;Memory cgroup out of memory: Killed process 6507 (dd) total-vm:43936kB, anon-rss:40960kB\n";

    fn told(cgroup: &str) -> String {
        format!(
            "6,1644,1436315062,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,\
             oom_memcg={cgroup},task_memcg={cgroup},task=dd,pid=6507,uid=1878982656\n SUBSYSTEM=x\n"
        )
    }

    #[test]
    fn only_the_sentence_about_the_box_is_heard() {
        let mut heard = Heard::default();
        heard.line(&told("/unha-1/bench/box"));
        heard.line(KILLED);
        assert_eq!(heard.words, None, "no box yet");

        heard.about(7, "/unha-1/bench/box".to_owned());
        heard.line(&told("/unha-2/bench/box"));
        heard.line(KILLED);
        assert_eq!(heard.words, None, "another run's");
        heard.line(KILLED);
        assert_eq!(heard.words, None, "nobody said for which cgroup");

        heard.line(&told("/docker/3f2a/unha-1/bench/box"));
        heard.line("6,1,1,-;something else that is said meanwhile\n");
        heard.line(KILLED);
        assert_eq!(heard.words.as_deref(), Some("Memory cgroup out of memory: Killed process 6507 (dd)"));

        heard.about(7, "/unha-1/bench/box".to_owned());
        assert!(heard.words.is_some(), "the same box");
        heard.about(8, "/unha-1/bench/box".to_owned());
        assert_eq!(heard.words, None, "a new box: the old one's words are not about it");
    }

    #[test]
    fn who_may_not_read_it_is_told_so() {
        let mut log = Log { file: Err(Errno::EPERM), heard: Heard::default() };
        let proc = Proc::open("/proc").unwrap();
        assert_eq!(log.oom(&proc, None), Reading::Missing("only root may read the kernel's log".to_owned()));
    }
}
