//! `unha __look`: looks at one process again and again, and tells a line of JSON each time. setns(2), proc(5).
//!
//! It reads whom to look at from its input, `PID STARTED`, and ends with that. It has one thread, so it may visit namespaces;
//! if there is no way back out of one it ends, and whoever shows the picture starts another.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::course::inspect::{Look, Subject};
use crate::kernel::evidence::Evidence;
use crate::kernel::fact::{Fact, Facts, Reading, Snapshot};
use crate::kernel::probe::{self, Log, Proc, Sampler};

/// How often it looks.
const EVERY: Duration = Duration::from_millis(500);
/// How often it looks at all that a judge needs, which does not change from one moment to the next.
const JUDGED_EVERY: Duration = Duration::from_secs(2);
/// The second look comes soon: what is measured needs two.
const SOON: Duration = Duration::from_millis(120);

/// Looks for as long as its input lasts.
pub fn look() -> ExitCode {
    let Ok(proc) = Proc::open("/proc") else { return ExitCode::FAILURE };
    let (mut input, mut text) = (io::stdin(), String::new());
    let mut subject: Option<Looking> = None;
    loop {
        let wait = subject.as_ref().map_or(PollTimeout::NONE, |looking| {
            let wait = looking.next.saturating_duration_since(Instant::now());
            PollTimeout::try_from(wait + Duration::from_micros(999)).unwrap_or(PollTimeout::MAX)
        });
        let mut ready = [PollFd::new(input.as_fd(), PollFlags::POLLIN)];
        let ordered = match poll(&mut ready, wait) {
            Ok(count) => count > 0,
            Err(nix::errno::Errno::EINTR) => continue,
            Err(_) => return ExitCode::FAILURE,
        };
        if ordered {
            let mut bytes = [0; 256];
            match input.read(&mut bytes) {
                Ok(0) | Err(_) => return ExitCode::SUCCESS,
                Ok(length) => text += &String::from_utf8_lossy(&bytes[..length]),
            }
            // The last whole line counts.
            while let Some((line, rest)) = text.split_once('\n') {
                subject = of_line(line).and_then(Looking::at);
                text = rest.to_owned();
            }
            continue;
        }
        let Some(looking) = &mut subject else { continue };
        let Some(look) = looking.look(&proc) else { return ExitCode::FAILURE };
        let over = matches!(look, Look::Ended(_));
        let line = serde_json::to_string(&look).map(|line| line + "\n").unwrap_or_default();
        let mut output = io::stdout().lock();
        if output.write_all(line.as_bytes()).and_then(|()| output.flush()).is_err() {
            return ExitCode::SUCCESS;
        }
        if over {
            subject = None;
        }
    }
}

fn of_line(line: &str) -> Option<Subject> {
    let (pid, started) = line.split_once(' ')?;
    Some(Subject { pid: pid.parse().ok().filter(|pid| *pid > 0)?, started: started.parse().ok()? })
}

/// Somebody who is looked at.
struct Looking {
    subject: Subject,
    sampler: Sampler,
    log: Log,
    evidence: Option<(Evidence, Instant)>,
    looks: u32,
    next: Instant,
}

impl Looking {
    fn at(subject: Subject) -> Option<Self> {
        let sampler = Sampler::new().ok()?;
        Some(Self { subject, sampler, log: Log::whole(), evidence: None, looks: 0, next: Instant::now() })
    }

    /// One look; none where there is no way back from it.
    fn look(&mut self, proc: &Proc) -> Option<Look> {
        self.looks += 1;
        let began = Instant::now();
        self.next = began + if self.looks == 1 { SOON } else { EVERY };
        let subject = self.subject;
        if !is_there(subject) {
            return Some(Look::Ended(subject));
        }
        let (mut outside, inside) = self.sampler.sample_another(Some(subject.pid)).ok()?;
        if self.evidence.as_ref().is_none_or(|(_, at)| at.elapsed() > JUDGED_EVERY) {
            self.evidence = Some((probe::evidence(proc, subject.pid), began));
        }
        outside.insert(Fact::OomWords, self.log.oom(proc, Some(subject.pid)));
        // What was read after it had ended is of nobody, or of somebody else.
        if !is_there(subject) {
            return Some(Look::Ended(subject));
        }
        if let Some(why) = refusal(subject, &inside) {
            return Some(Look::Refused(subject, why));
        }
        let now = Box::new(Snapshot { outside, inside, ..Snapshot::default() });
        let (evidence, _) = self.evidence.as_ref()?;
        Some(Look::Seen { subject, now, evidence: Box::new(evidence.clone()) })
    }
}

/// Why it could not be looked into at all.
fn refusal(subject: Subject, inside: &Facts) -> Option<String> {
    match inside.get(&Fact::NsUts) {
        Some(Reading::Missing(why)) => Some(why.clone()),
        None => Some(format!("setns(\"/proc/{}/ns/user\") = EPERM", subject.pid)),
        Some(Reading::Value(_)) => None,
    }
}

/// Whether it is that process still, and has not ended: a zombie has nothing left that could be looked at.
fn is_there(subject: Subject) -> bool {
    started(subject.pid).is_some_and(|(started, state)| started == subject.started && !matches!(state, 'Z' | 'X'))
}

/// When a process was started, in ticks since the machine's start, and its state. proc_pid_stat(5).
pub fn started(pid: u32) -> Option<(u64, char)> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    // The name may have blanks and brackets in it.
    let mut words = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = words.next()?.chars().next()?;
    Some((words.nth(18)?.parse().ok()?, state))
}
