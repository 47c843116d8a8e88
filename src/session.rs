//! The run: it carries the talk's effects out on a real bench and feeds the talk events.
//!
//! Whoever drives it (the screen, the headless check) takes messages from one channel, gives them to
//! [`Session::take`], the event that comes out to the talk, and the talk's effects back to [`Session::carry_out`].

pub mod diagnose;
pub mod limits;
mod recipe;
mod shell;
pub mod store;
mod typist;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use self::shell::Shell;
use self::typist::Typist;
use crate::course::event::{Effect, Ended, Event, Names};
use crate::course::lesson::{Limit, Restart, Start};
use crate::course::text::Lang;
use crate::kernel::bench::Bench;
use crate::kernel::bench::protocol::{Config, Report, Request, Standing};
use crate::kernel::container::cgroup::Limits;
use crate::kernel::container::link::Failed;
use crate::kernel::fact::{Fact, Facts, Reading, Side, Snapshot};
use crate::kernel::feature::Feature;
use crate::kernel::journal::Call;
use crate::kernel::probe::{self, Proc};
use crate::kernel::record;

/// How often all sides are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long a shell may take to come back to its prompt before a line that is to be typed is given up.
const PATIENCE: Duration = Duration::from_millis(1500);

/// What a cgroup limits and counts.
const OF_THE_CGROUP: [Fact; 9] = [
    Fact::PidsMax,
    Fact::PidsNow,
    Fact::PidsRefused,
    Fact::MemoryMax,
    Fact::MemoryNow,
    Fact::OomKills,
    Fact::CpuMax,
    Fact::CpuNow,
    Fact::CpuThrottled,
];

/// What the driver chooses.
#[derive(Debug, Clone)]
pub struct Options {
    /// The language of the prompts and of the bench's name.
    pub lang: Lang,
    /// The built-in root file system, if there is one.
    pub rootfs: Option<PathBuf>,
    /// The pause between two typed characters.
    pub pace: Duration,
}

/// What arrives on the channel.
#[derive(Debug)]
pub enum Message {
    /// For the talk as it is: what the driver sends itself, such as actions.
    Event(Event),
    /// A key, a paste, a new size: what came from the person's terminal, for the driver to translate.
    Input(crossterm::event::Event),
    /// From the bench with this number.
    Report(u64, Option<(Report, Vec<OwnedFd>)>),
    /// Bytes of a shell of the bench with this number; empty: it is closed.
    Bytes(u64, Side, Vec<u8>),
    /// A call of the bench with this number.
    Call(u64, Call),
}

/// The session.
pub struct Session {
    options: Options,
    sender: SyncSender<Message>,
    began: Instant,
    /// The bench and its number; a message of an earlier one is too late.
    bench: Option<Bench>,
    number: u64,
    standing: Option<Standing>,
    /// Benches that are being cleared away.
    leaving: Vec<JoinHandle<()>>,
    /// The box to start as soon as the bench stands.
    wanted: Option<Start>,
    shells: [Option<Shell>; 2],
    sizes: [(u16, u16); 2],
    typist: Option<Typist>,
    /// A line that waits for a look which proves that it is safe.
    guarded: Option<Guarded>,
    proc: Option<Proc>,
    first_look: Option<Facts>,
    untouched: bool,
    last: Snapshot,
    asked: bool,
    next_look: Instant,
    /// Looks asked for and looks seen, of this bench.
    looks: (u64, u64),
}

/// A line that may only be typed when something is proven first.
struct Guarded {
    side: Side,
    line: String,
    limits: Vec<Limit>,
    destroys: bool,
    /// The look that proves it, by its number: an earlier one may still be on its way.
    look: u64,
}

const fn index(side: Side) -> usize {
    match side {
        Side::Inside => 1,
        Side::Outside | Side::Machine => 0,
    }
}

impl Session {
    /// A session without a bench yet, and the channel that its messages arrive on.
    #[must_use]
    pub fn new(options: Options) -> (Self, Receiver<Message>) {
        // Bounded, so that a shell that floods waits for the screen as it would wait for a terminal.
        let (sender, receiver) = sync_channel(64);
        let now = Instant::now();
        let session = Self {
            options,
            sender,
            began: now,
            bench: None,
            number: 0,
            standing: None,
            leaving: vec![],
            wanted: None,
            shells: [None, None],
            sizes: [(80, 10); 2],
            typist: None,
            guarded: None,
            proc: Proc::open("/proc").ok(),
            first_look: None,
            untouched: true,
            last: Snapshot::default(),
            asked: false,
            next_look: now,
            looks: (0, 0),
        };
        (session, receiver)
    }

    /// A sender for the driver's own events.
    #[must_use]
    pub fn sender(&self) -> SyncSender<Message> {
        self.sender.clone()
    }

    /// The language for the shells that are started from now on.
    pub const fn speak(&mut self, lang: Lang) {
        self.options.lang = lang;
    }

    /// Milliseconds since the session began.
    #[must_use]
    pub fn clock(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// When [`Session::wake`] wants to be called next.
    #[must_use]
    pub fn wake_at(&self) -> Instant {
        self.typist.as_ref().map_or(self.next_look, |typist| typist.next.min(self.next_look))
    }

    /// Does what is due by the clock: types the next character, asks for the next look.
    pub fn wake(&mut self) -> Vec<Event> {
        let now = Instant::now();
        let mut events = self.type_on(now);
        if now >= self.next_look {
            self.next_look = now + LOOK_EVERY;
            self.look();
            events.push(Event::Tick(self.clock()));
            for side in [Side::Outside, Side::Inside] {
                events.extend(self.idle_changed(side));
            }
        }
        events
    }

    /// Turns a message into what the talk is told.
    pub fn take(&mut self, message: Message) -> Vec<Event> {
        match message {
            Message::Event(event) => vec![event],
            Message::Call(number, call) if number == self.number => vec![Event::Journal(call)],
            Message::Bytes(number, side, bytes) if number == self.number => self.bytes(side, bytes),
            Message::Report(number, report) if number == self.number => match report {
                Some((report, files)) => self.report(report, files),
                None => self.bench_gone(),
            },
            _ => vec![],
        }
    }

    /// Does what the talk wants. Copying, saving and leaving are the driver's.
    pub fn carry_out(&mut self, effect: Effect) -> Vec<Event> {
        match effect {
            Effect::StartBox(start) => self.start_box(start),
            Effect::Restart(Restart::Bench, start) => {
                self.leave_bench();
                self.start_box(start)
            }
            Effect::Restart(Restart::Box, start) => {
                self.ask(&Request::Forget);
                self.start_box(start)
            }
            Effect::Type(side, line) => {
                self.typist = Some(Typist::new(side, line, PATIENCE));
                vec![]
            }
            Effect::TypeGuarded(side, line, limits, destroys) => {
                self.look_now();
                self.guarded = Some(Guarded { side, line, limits, destroys, look: self.looks.0 });
                vec![]
            }
            Effect::Prefill(side, line) => {
                self.typist = Some(Typist::prefill(side, line, PATIENCE));
                vec![]
            }
            Effect::Send(side, bytes) => {
                // Whoever types takes the keyboard from the script.
                self.typist.take_if(|typist| typist.side == side);
                self.send(side, &bytes);
                vec![]
            }
            Effect::SetLimits(limits) => match limits::parse(&limits) {
                Ok(limits) => {
                    self.ask(&Request::Limit(limits));
                    vec![]
                }
                Err(why) => vec![Event::LoadRefused(why)],
            },
            Effect::Look => {
                self.look_now();
                vec![]
            }
            Effect::ResizeShells(outside, inside) => {
                self.resize([outside, inside]);
                vec![]
            }
            Effect::Rest => {
                self.leave_bench();
                vec![]
            }
            Effect::Copy(_) | Effect::SaveProgress | Effect::Quit => vec![],
        }
    }

    /// Ends the bench and waits until nothing is left of it and of those before it.
    pub fn end(&mut self) {
        self.leave_bench();
        for leaving in self.leaving.drain(..) {
            let _ = leaving.join();
        }
    }

    fn ask(&self, request: &Request) {
        if let Some(bench) = &self.bench {
            // A bench that is gone says so itself, by closing its line.
            let _ = bench.ask(request);
        }
    }

    fn look(&mut self) {
        if self.standing.is_some() {
            self.looks.0 += 1;
            self.ask(&Request::Look);
        }
    }

    fn look_now(&mut self) {
        self.asked = true;
        self.look();
    }

    fn send(&self, side: Side, bytes: &[u8]) {
        if let Some(shell) = &self.shells[index(side)] {
            shell.send(bytes);
        }
    }

    fn resize(&mut self, sizes: [(u16, u16); 2]) {
        self.sizes = sizes;
        for (shell, size) in self.shells.iter().zip(sizes) {
            if let Some(shell) = shell {
                shell.resize(size);
            }
        }
    }

    // ---- the bench

    fn start_box(&mut self, start: Start) -> Vec<Event> {
        self.typist = None;
        self.guarded = None;
        self.shells[1] = None;
        if self.standing.is_some() {
            self.ask_box(&start);
            return vec![];
        }
        self.wanted = Some(start);
        if self.bench.is_some() { vec![] } else { self.start_bench() }
    }

    fn ask_box(&self, start: &Start) {
        let Some(standing) = &self.standing else { return };
        let spec = recipe::inside(start, standing, self.options.lang, self.sizes[1]);
        self.ask(&Request::Start(spec, Limits::default()));
    }

    fn start_bench(&mut self) -> Vec<Event> {
        self.number += 1;
        let config = Config {
            hostname: self.options.lang.pick("bench", "bancada").to_owned(),
            rootfs: self.options.rootfs.clone(),
            cgroup: true,
            records: record::folder(),
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
    fn leave_bench(&mut self) {
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
    }

    fn bench_gone(&mut self) -> Vec<Event> {
        let stood = self.standing.is_some();
        self.leave_bench();
        if !stood {
            return vec![];
        }
        vec![Event::BoxEnded(Ended::Signal(libc::SIGKILL))]
    }

    fn report(&mut self, report: Report, mut files: Vec<OwnedFd>) -> Vec<Event> {
        match report {
            Report::Standing(standing) => {
                let names = recipe::names(&standing, None, self.options.lang);
                let outside = recipe::outside(self.options.lang, self.sizes[0]);
                self.standing = Some(standing);
                self.ask(&Request::Outside(outside));
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
                    Some(standing) => recipe::names(standing, Some(pid), self.options.lang),
                    None => BTreeMap::new(),
                };
                self.look_now();
                vec![Event::BoxStarted(names)]
            }
            Report::Failed(failed) => {
                self.leave_bench();
                vec![Event::StageFailed(diagnose::failure(&failed, &[]))]
            }
            Report::BoxFailed(failed) => {
                let without = self.standing.as_ref().map_or(&[][..], |standing| &standing.without);
                vec![Event::StageFailed(diagnose::failure(&failed, without))]
            }
            Report::Ended { of_box: false, .. } => {
                // The outside shell is a fixture: whoever left it gets a new one.
                self.shells[0] = None;
                self.ask(&Request::Outside(recipe::outside(self.options.lang, self.sizes[0])));
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

    fn open_shell(&mut self, side: Side, files: &mut Vec<OwnedFd>) {
        if files.len() < 2 {
            return;
        }
        let (Some(process), Some(terminal)) = (files.pop(), files.pop()) else { return };
        let prompt = recipe::prompt(side, self.options.lang);
        let shell = Shell::open(terminal, &process, prompt, (self.number, side), self.sender.clone());
        if let Ok(shell) = shell {
            shell.resize(self.sizes[index(side)]);
            self.shells[index(side)] = Some(shell);
        }
    }

    // ---- what is seen

    fn seen(&mut self, outside: Facts, mut inside: Facts, held: Option<&Limits>) -> Vec<Event> {
        // The box's limits and use are read from outside; they are shown, and asked for by lessons, as the box's own.
        for fact in OF_THE_CGROUP {
            if let Some(reading) = outside.get(&fact) {
                inside.entry(fact).or_insert_with(|| reading.clone());
            }
        }
        let subject = self.shells[1].as_ref().and_then(|shell| shell.pid);
        let machine = self.proc.as_ref().map(|proc| probe::outside(proc, subject)).unwrap_or_default();
        let mut events = vec![];
        let first = self.first_look.get_or_insert_with(|| machine.clone());
        let untouched = [Fact::Hostname, Fact::Mounts].iter().all(|fact| first.get(fact) == machine.get(fact));
        if untouched != self.untouched {
            self.untouched = untouched;
            events.push(Event::Machine { untouched });
        }
        self.looks.1 += 1;
        let now = Snapshot { machine, outside, inside };
        if std::mem::take(&mut self.asked) || now != self.last {
            self.last = now.clone();
            events.push(Event::Snapshot(now));
        }
        events.extend(self.guard(held));
        events
    }

    /// Types the line that waited for proof, or says what is not proven.
    fn guard(&mut self, held: Option<&Limits>) -> Option<Event> {
        let seen = self.looks.1;
        let guarded = self.guarded.take_if(|guarded| guarded.look <= seen)?;
        match self.proven(&guarded, held) {
            Ok(()) => {
                self.typist = Some(Typist::new(guarded.side, guarded.line, PATIENCE));
                None
            }
            Err(why) => Some(Event::LoadRefused(why)),
        }
    }

    fn proven(&self, guarded: &Guarded, held: Option<&Limits>) -> Result<(), String> {
        for limit in &guarded.limits {
            let held = held.ok_or("the box is not a member of a cgroup of its own")?;
            let set = match limit {
                Limit::Pids => held.pids,
                Limit::Memory => held.memory,
                Limit::Cpus => held.cpu,
            };
            // v1 says "no limit" as a number beyond any memory.
            if set.is_none_or(|limit| limit > 1 << 50) {
                return Err(format!("{limit:?}: no limit is in force"));
            }
        }
        let value = |facts: &Facts, fact| facts.get(&fact).and_then(Reading::value).cloned();
        let (inside, outside) = (&self.last.inside, &self.last.outside);
        let own_overlay = value(inside, Fact::RootType).is_some_and(|kind| kind.to_string() == "overlay")
            && value(inside, Fact::Root).is_some()
            && value(inside, Fact::Root) != value(outside, Fact::Root)
            && value(inside, Fact::NsMnt) != value(outside, Fact::NsMnt);
        if guarded.destroys && !own_overlay {
            return Err("/ inside is not the box's own overlay".to_owned());
        }
        Ok(())
    }

    // ---- the shells

    fn bytes(&mut self, side: Side, bytes: Vec<u8>) -> Vec<Event> {
        if bytes.is_empty() {
            return vec![];
        }
        if let Some(shell) = &mut self.shells[index(side)] {
            shell.printed(&bytes);
        }
        let mut events = vec![Event::ShellBytes(side, bytes)];
        events.extend(self.idle_changed(side));
        events
    }

    fn idle_changed(&mut self, side: Side) -> Option<Event> {
        let shell = self.shells[index(side)].as_mut()?;
        shell.idle_changed().map(|idle| Event::ShellIdle(side, idle))
    }

    fn type_on(&mut self, now: Instant) -> Vec<Event> {
        let Some(mut typist) = self.typist.take_if(|typist| typist.next <= now) else { return vec![] };
        let Some(shell) = &mut self.shells[index(typist.side)] else {
            // The shell is still on its way, or gone for good.
            if now < typist.give_up {
                typist.next = now + Duration::from_millis(10);
                self.typist = Some(typist);
            }
            return vec![];
        };
        let step = typist.step(shell, now, self.options.pace);
        match step {
            typist::Step::Again => {
                self.typist = Some(typist);
                vec![]
            }
            typist::Step::Typed => vec![Event::Typed(typist.side), Event::ShellIdle(typist.side, false)],
            typist::Step::Put => vec![],
            typist::Step::Busy(command) => vec![Event::Busy(typist.side, command)],
        }
    }

    /// Whether the running machine can limit boxes: for the agenda.
    #[must_use]
    pub fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }

    /// Whether a start needs what this bench does not have.
    #[must_use]
    pub fn lacks(&self, start: &Start) -> Option<String> {
        let standing = self.standing.as_ref()?;
        let no_cgroup = start.features.has(Feature::Cgroup) && standing.cgroup.is_none();
        no_cgroup.then(|| standing.without.join("; "))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
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

/// The PID on this side of the process that a pidfd stands for: proc(5), `/proc/self/fdinfo`.
fn pid_of(process: &OwnedFd) -> Option<u32> {
    let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", process.as_raw_fd())).ok()?;
    info.lines().find_map(|line| line.strip_prefix("Pid:"))?.trim().parse().ok()
}
