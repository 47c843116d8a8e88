//! Who looks: a thread for the tree, one for the engines' names, and a process for the one that is chosen.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use super::News;
use crate::course::inspect::{Look, Subject};
use crate::kernel::engines;
use crate::kernel::tree::Watcher;

/// How often all processes are looked at.
const TREE_EVERY: Duration = Duration::from_secs(1);

/// How often the engines are asked at least, where nothing new was seen, and at most.
const NAMES_EVERY: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(2));

/// A process that looks and has ended is started anew after so long.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// One that has told nothing for so long hangs in a file system of whoever it looks at: another one looks at the next.
const HANGS_AFTER: Duration = Duration::from_secs(2);

/// Looks at all processes, again and again.
pub fn tree(sender: SyncSender<News>) {
    spawn(move || {
        let mut watcher = Watcher::new();
        loop {
            let seen = match &mut watcher {
                Ok(watcher) => watcher.look().map_err(|why| why.to_string()),
                Err(why) => Err(why.to_string()),
            };
            if sender.send(News::Tree(seen)).is_err() {
                return;
            }
            sleep(TREE_EVERY);
        }
    });
}

/// Asks the engines, now and again, and soon after `asked` says that there is somebody new.
pub fn roster(sender: SyncSender<News>, asked: Receiver<()>) {
    spawn(move || {
        loop {
            if sender.send(News::Roster(engines::roster())).is_err() {
                return;
            }
            sleep(NAMES_EVERY.1);
            match asked.recv_timeout(NAMES_EVERY.0) {
                Ok(()) => while asked.try_recv().is_ok() {},
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
}

/// The process that looks at one process from within: to do so it joins namespaces, which a program with threads must not.
pub struct Looker {
    sender: SyncSender<News>,
    process: Option<(Child, ChildStdin)>,
    /// How many there have been: the number of the latest.
    number: u64,
    started: Option<Instant>,
    wanted: Option<Subject>,
    /// When it was last heard of whom it is to look at, or told to look.
    heard: Instant,
}

impl Looker {
    pub fn new(sender: SyncSender<News>) -> Self {
        Self { sender, process: None, number: 0, started: None, wanted: None, heard: Instant::now() }
    }

    /// Has it look at this process from now on, or at none.
    pub fn want(&mut self, subject: Option<Subject>) {
        if self.wanted != subject {
            if self.wanted.is_some() && self.heard.elapsed() > HANGS_AFTER {
                self.end();
            }
            if self.process.is_none() {
                self.wanted = None;
            }
        }
        if self.process.is_none() && subject.is_some() && self.started.is_none_or(|at| at.elapsed() > AGAIN_AFTER) {
            self.start();
            self.wanted = None;
        }
        if self.wanted == subject {
            return;
        }
        if let Some((_, order)) = &mut self.process {
            let line = subject.map_or_else(|| "0 0\n".to_owned(), |of| format!("{} {}\n", of.pid, of.started));
            // One that has ended says so by closing its output.
            let _ = order.write_all(line.as_bytes());
            (self.wanted, self.heard) = (subject, Instant::now());
        }
    }

    /// For how long there has been no look at whom it is to look at.
    pub fn silence(&self) -> Duration {
        if self.wanted.is_some() { self.heard.elapsed() } else { Duration::ZERO }
    }

    /// Takes in what the process with this number told; none: it has ended.
    pub fn hear(&mut self, number: u64, heard: Option<Look>) -> Option<Look> {
        if number != self.number {
            return None;
        }
        match &heard {
            Some(look) if Some(look.subject()) == self.wanted => self.heard = Instant::now(),
            Some(_) => {}
            None => self.end(),
        }
        heard
    }

    fn start(&mut self) {
        self.started = Some(Instant::now());
        let spawned = Command::new("/proc/self/exe")
            .arg("__look")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = spawned else { return };
        let (Some(order), Some(told)) = (child.stdin.take(), child.stdout.take()) else { return };
        self.number += 1;
        let (number, sender) = (self.number, self.sender.clone());
        spawn(move || {
            for line in BufReader::new(told).lines().map_while(Result::ok) {
                let Ok(look) = serde_json::from_str(&line) else { break };
                if sender.send(News::Look(number, Some(look))).is_err() {
                    return;
                }
            }
            let _ = sender.send(News::Look(number, None));
        });
        self.process = Some((child, order));
    }

    fn end(&mut self) {
        if let Some((mut child, order)) = self.process.take() {
            drop(order);
            let _ = child.kill();
            // One that reads what does not answer ends when it does: nobody waits for that.
            spawn(move || child.wait());
        }
    }
}

impl Drop for Looker {
    fn drop(&mut self) {
        self.end();
    }
}
