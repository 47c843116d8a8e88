//! Asking by processes of their own, for no longer than a person waits. fuse(4), signal(7), `proc_pid_stat(5)`.
//!
//! What is read below a container's root is on file systems of its choice, and whoever serves one of them, in FUSE or over a
//! network, may give no answer for ever. Then who asked is ended, and the learner sees which facts were not told.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::spawn;
use std::time::{Duration, Instant};

use crate::course::text::Lang;
use crate::kernel::evidence::Evidence;
use crate::kernel::fact::{Fact, Facts, Reading};
use crate::kernel::probe::{self, Told};

/// How long an answer may take: with what is said of it, two seconds.
const PATIENCE: Duration = Duration::from_millis(1700);
/// The same of who is at work all the time, on a machine that is very busy.
const LONGEST: Duration = Duration::from_secs(10);
/// How often it is looked at whether somebody is at work, and how often in a row not.
const POLL: Duration = Duration::from_millis(40);
const IDLE: u32 = 3;

const NO_ANSWER: &str = "no answer within two seconds";

/// All that was told.
pub(super) struct Answer {
    pub outside: Facts,
    pub inside: Facts,
    pub evidence: Result<Evidence, String>,
    /// What there was no answer to: keys of facts, and `evidence`.
    pub silent: Vec<String>,
}

/// Asks for all of it at once.
pub(super) fn all(pid: u32, lang: Lang) -> Result<Answer, String> {
    let users = |pid: &str| std::fs::read_link(format!("/proc/{pid}/ns/user")).ok();
    let theirs = users(&pid.to_string());
    let started = |verb| Asking::start(verb, pid).map_err(|error| format!("execve(\"/proc/self/exe\") = {error}"));
    let (facts, evidence) = (started("__facts")?, started("__evidence")?);
    // What only shows after the user namespace was entered.
    let within = if theirs.is_some() && theirs != users("self") { Some(started("__probe")?) } else { None };
    let (facts, within) = (facts.answer(), within.map(Asking::answer));
    let (evidence, is_whole) = evidence.answer();
    let mut silent = vec![];
    let mut told = Sides::of(&facts.0);
    let Some(outside) = told.outside.take() else {
        let nothing = lang.pick("nothing was told of this process", "nada foi dito sobre esse processo");
        return Err(format!("{nothing}: {}", if facts.1 { facts.0.concat() } else { NO_ANSWER.to_owned() }));
    };
    let mut unanswered = |told: &mut Sides, is_whole: bool| {
        if let (false, Some(last)) = (is_whole, told.asked) {
            silent.push(last.key().to_owned());
            told.fill(last);
        }
    };
    unanswered(&mut told, facts.1);
    let mut inside = told.inside;
    if let Some((lines, is_whole)) = within {
        let mut more = Sides::of(&lines);
        unanswered(&mut more, is_whole);
        let is_known = |fact: &Fact| inside.get(fact).is_some_and(|reading| reading.value().is_some());
        let found: Facts =
            more.inside.into_iter().filter(|(fact, reading)| !is_known(fact) && reading.value().is_some()).collect();
        inside.extend(found);
    }
    let evidence = if is_whole {
        serde_json::from_str(&evidence.concat()).map_err(|error| error.to_string())
    } else {
        silent.push("evidence".to_owned());
        Err(NO_ANSWER.to_owned())
    };
    silent.dedup();
    Ok(Answer { outside, inside, evidence, silent })
}

/// That there was no answer, to what, and what to do.
pub(super) fn sentence(pid: u32, silent: &[String], lang: Lang) -> String {
    let what = silent.join(", ");
    match lang {
        Lang::En => format!(
            "the files of process {pid} gave no answer within two seconds: {what}. One of its file systems hangs, in FUSE or \
             over a network. Next: cat /proc/{pid}/mountinfo lists them"
        ),
        Lang::PtBr => format!(
            "os arquivos do processo {pid} não responderam em dois segundos: {what}. Um dos sistemas de arquivos dele está \
             travado, por FUSE ou pela rede. Tente cat /proc/{pid}/mountinfo, que os lista"
        ),
    }
}

/// What lines told.
#[derive(Default)]
struct Sides {
    outside: Option<Facts>,
    inside: Facts,
    /// What was asked last.
    asked: Option<Fact>,
}

impl Sides {
    fn of(lines: &[String]) -> Self {
        let mut sides = Self::default();
        for told in lines.iter().filter_map(|line| serde_json::from_str(line).ok()) {
            match told {
                Told::Outside(facts) => sides.outside = Some(facts),
                Told::Asks(fact) => sides.asked = Some(fact),
                Told::Inside(fact, reading) => drop(sides.inside.insert(fact, reading)),
            }
        }
        sides
    }

    /// Says of all that is not there why, `last` being what there was no answer to.
    fn fill(&mut self, last: Fact) {
        for fact in probe::asked_within() {
            let why = if fact == last {
                NO_ANSWER.to_owned()
            } else {
                format!("not asked, for there was no answer to {last}")
            };
            self.inside.entry(fact).or_insert(Reading::Missing(why));
        }
    }
}

/// A process of ours that asks, and what it has told so far.
struct Asking {
    child: Child,
    lines: Receiver<String>,
    began: Instant,
}

impl Asking {
    fn start(verb: &str, pid: u32) -> std::io::Result<Self> {
        let mut command = Command::new("/proc/self/exe");
        command.args([verb, &pid.to_string()]);
        Self::of(&mut command)
    }

    fn of(command: &mut Command) -> std::io::Result<Self> {
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (sender, lines) = channel();
        if let Some(output) = child.stdout.take() {
            spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        Ok(Self { child, lines, began })
    }

    /// What it has told when it ends, or can be waited for no longer; and whether it came to its end.
    fn answer(mut self) -> (Vec<String>, bool) {
        let (mut told, mut idle) = (vec![], 0);
        loop {
            match self.lines.recv_timeout(POLL) {
                Ok(line) => told.push(line),
                Err(RecvTimeoutError::Disconnected) => {
                    let _ = self.child.wait();
                    return (told, true);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let waited = self.began.elapsed();
                    idle = if is_at_work(self.child.id()) { 0 } else { idle + 1 };
                    if waited > LONGEST || waited > PATIENCE && idle >= IDLE {
                        // One that cannot be ended now ends when it is answered: nobody waits for that.
                        let _ = self.child.kill();
                        return (told, false);
                    }
                }
            }
        }
    }
}

/// Whether a process, or one that it has started, is not waiting for anything but a core.
fn is_at_work(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let runs = stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('R'));
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    runs || children.split_whitespace().filter_map(|child| child.parse().ok()).any(is_at_work)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(script: &str) -> (Vec<String>, bool, Duration) {
        let began = Instant::now();
        let (told, is_whole) = Asking::of(Command::new("sh").args(["-c", script])).unwrap().answer();
        (told, is_whole, began.elapsed())
    }

    #[test]
    fn who_gives_no_answer_is_waited_for_no_longer_than_a_person_waits() {
        let (told, is_whole, took) = asked("echo one; exec sleep 60");
        assert_eq!((told, is_whole), (vec!["one".to_owned()], false));
        assert!(took > PATIENCE && took < LONGEST / 2, "{took:?}");
    }

    #[test]
    fn who_is_at_work_is_waited_for() {
        let script = "end=$(($(date +%s) + 3)); while [ $(date +%s) -lt $end ]; do :; done; echo done";
        let (told, is_whole, took) = asked(script);
        assert_eq!((told, is_whole), (vec!["done".to_owned()], true), "{took:?}");
    }
}
