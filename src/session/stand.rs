//! The bench and what stands on it: started, left, reported on.
//!
//! A bench has a number; what an earlier one still has to say is too late.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::sync::mpsc::SyncSender;

use super::host::Host;
use super::shell::{Shell, Whose};
use super::{Message, Session, diagnose, index, recipe};
use crate::course::event::{Ended, Event, Names};
use crate::course::lesson::Start;
use crate::kernel::bench::Bench;
use crate::kernel::bench::protocol::{Config, Report, Request};
use crate::kernel::container::cgroup::Limits;
use crate::kernel::container::link::Failed;
use crate::kernel::fact::Side;
use crate::kernel::feature::Feature;
use crate::kernel::{record, scope};

impl Session {
    pub(super) fn start_box(&mut self, start: Start) -> Vec<Event> {
        self.player.stop();
        self.typist = None;
        self.guarded = None;
        self.shells[1] = None;
        // The shell of a bare bench has another prompt.
        if std::mem::take(&mut self.by_hand) && self.bench.is_some() {
            self.leave_bench();
        }
        if self.standing.is_some() {
            self.ask_box(&start);
            return vec![];
        }
        self.wanted = Some(start);
        if self.bench.is_some() { vec![] } else { self.start_bench() }
    }

    /// A bench with nothing on it but the shell outside.
    pub(super) fn bare_bench(&mut self) -> Vec<Event> {
        self.player.stop();
        self.leave_bench();
        self.by_hand = true;
        self.wanted = None;
        self.start_bench()
    }

    pub(super) fn ask_box(&mut self, start: &Start) {
        let Some(standing) = &self.standing else { return };
        let spec = recipe::inside(start, standing, &self.image, self.options.lang, self.sizes[1]);
        self.root_inside = spec.who.is_none() && (recipe::is_root(standing) || spec.features.has(Feature::User));
        self.init_inside = spec.init;
        self.ask(&Request::Start(spec, Limits::default()));
    }

    pub(super) fn start_bench(&mut self) -> Vec<Event> {
        self.number += 1;
        self.options.lang.pick("bench", "bancada").clone_into(&mut self.bench_name);
        if self.host.is_some()
            && let Ok(name) = nix::unistd::gethostname()
        {
            self.bench_name = name.to_string_lossy().into_owned();
        }
        let config = Config {
            hostname: self.bench_name.clone(),
            rootfs: self.options.rootfs.clone(),
            cgroup: true,
            records: record::folder(),
            host: self.host.is_some(),
            no_scope: scope::refused().cloned(),
        };
        let started = Bench::start(&config).and_then(|mut bench| {
            let listener = bench.listener()?;
            let journal = bench.journal.take();
            Ok((bench, listener, journal))
        });
        match started {
            Err(error) => {
                let failed = Failed::words(&format!("unha could not start itself anew: {error}"));
                vec![Event::StageFailed(diagnose::failure(&failed, &[]))]
            }
            Ok((bench, listener, journal)) => {
                let (number, sender) = (self.number, self.sender.clone());
                std::thread::spawn(move || {
                    while let Ok(Some(report)) = listener.report() {
                        if sender.send(Message::Report(number, Some(report))).is_err() {
                            return;
                        }
                    }
                    let _ = sender.send(Message::Report(number, None));
                });
                if let Some(journal) = journal {
                    let sender = self.sender.clone();
                    std::thread::spawn(move || read_journal(journal, number, &sender));
                }
                self.bench = Some(bench);
                vec![]
            }
        }
    }

    /// Clears the bench away in the background: the next one has another name and need not wait.
    pub(super) fn leave_bench(&mut self) {
        self.player.stop();
        self.typist = None;
        self.guarded = None;
        self.standing = None;
        self.looks = (0, 0);
        self.shells = [None, None];
        // A message of the old one that is still on its way is too late from now on.
        self.number += 1;
        if let Some(bench) = self.bench.take() {
            self.leaving.retain(|leaving| !leaving.is_finished());
            self.leaving.push(std::thread::spawn(move || drop(bench)));
        }
        if self.host.is_some() {
            // There is no other machine: the next outside is this one, as it was.
            self.until_left();
            self.host.as_mut().map(Host::put_back);
        }
    }

    pub(super) fn bench_gone(&mut self) -> Vec<Event> {
        let stood = self.standing.is_some();
        self.leave_bench();
        if !stood {
            let failed = Failed::words(&"the bench's keeper died before the bench stood");
            return vec![Event::StageFailed(diagnose::failure(&failed, &[]))];
        }
        vec![Event::BoxEnded(Ended::Signal(libc::SIGKILL))]
    }

    pub(super) fn report(&mut self, report: Report, mut files: Vec<OwnedFd>) -> Vec<Event> {
        match report {
            Report::Standing(standing) => {
                let names = recipe::names(&standing, None, &self.bench_name);
                self.standing = Some(standing);
                self.ask_outside();
                if let Some(start) = self.wanted.take() {
                    self.ask_box(&start);
                }
                vec![Event::BenchReady(names)]
            }
            Report::Outside => {
                self.open_shell(Side::Outside, &mut files);
                vec![]
            }
            Report::Box(pid) => {
                self.open_shell(Side::Inside, &mut files);
                let names: Names = match &self.standing {
                    Some(standing) => recipe::names(standing, Some(pid), &self.bench_name),
                    None => Names::new(),
                };
                self.look_now();
                vec![Event::BoxStarted(names)]
            }
            Report::Failed(failed) => {
                self.leave_bench();
                vec![Event::StageFailed(diagnose::failure(&failed, &[]))]
            }
            Report::BoxFailed(failed) => {
                let without = self.standing.iter().flat_map(|standing| &standing.without);
                let without: Vec<String> = without.map(ToString::to_string).collect();
                vec![Event::StageFailed(diagnose::failure(&failed, &without))]
            }
            Report::Ended { of_box: false, .. } => {
                // The outside shell is a fixture: whoever left it gets a new one.
                self.shells[0] = None;
                self.ask_outside();
                vec![]
            }
            Report::Ended { of_box: true, exit, signal } => {
                self.shells[1] = None;
                self.typist.take_if(|typist| typist.side == Side::Inside);
                self.look_now();
                vec![Event::BoxEnded(exit.map_or(Ended::Signal(signal.unwrap_or_default()), Ended::Exit))]
            }
            Report::Limits(Ok(_)) => {
                self.look_now();
                vec![]
            }
            Report::Limits(Err(failed)) => vec![Event::LoadRefused(failed.to_string())],
            Report::Seen { outside, inside, held, .. } => self.seen(outside, inside, held.as_ref()),
        }
    }

    fn ask_outside(&self) {
        if let Some(standing) = &self.standing {
            self.ask(&Request::Outside(recipe::outside(standing, self.prompt(Side::Outside), self.sizes[0])));
        }
    }

    /// The prompt of a side's shell.
    fn prompt(&self, side: Side) -> &'static str {
        let root = match side {
            Side::Inside => self.root_inside,
            Side::Outside | Side::Machine => self.standing.as_ref().is_none_or(recipe::is_root),
        };
        if self.by_hand { recipe::BY_HAND } else { recipe::prompt(side, root, self.options.lang) }
    }

    pub(super) fn open_shell(&mut self, side: Side, files: &mut Vec<OwnedFd>) {
        if files.len() < 2 {
            return;
        }
        let (Some(process), Some(terminal)) = (files.pop(), files.pop()) else { return };
        let prompt = self.prompt(side);
        self.opened += 1;
        let behind_init = side == Side::Inside && self.init_inside;
        let whose = Whose { behind_init, nests: self.by_hand };
        let shell = Shell::open(terminal, &process, prompt, (self.opened, side), whose, self.sender.clone());
        if let Ok(shell) = shell {
            shell.resize(self.sizes[index(side)]);
            self.shells[index(side)] = Some(shell);
        }
    }
}

fn read_journal(journal: OwnedFd, number: u64, sender: &SyncSender<Message>) {
    for line in BufReader::new(File::from(journal)).lines().map_while(Result::ok) {
        if let Ok(call) = serde_json::from_str(&line)
            && sender.send(Message::Call(number, call)).is_err()
        {
            return;
        }
    }
}
