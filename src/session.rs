//! The run: it carries the talk's effects out on a real bench and feeds the talk events.
//!
//! Whoever drives it (the screen, the headless check) takes messages from one channel, gives them to
//! [`Session::take`], the event that comes out to the talk, and the talk's effects back to [`Session::carry_out`].

mod carrying;
pub mod console;
pub mod diagnose;
pub mod host;
pub mod image;
pub mod limits;
mod message;
mod player;
mod recipe;
mod shell;
mod sight;
mod stand;
pub mod store;
mod typist;

use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use self::host::Host;
use self::image::Image;
pub use self::message::{Message, Typed};
use self::player::Player;
use self::shell::Shell;
use self::sight::Guarded;
use self::typist::Typist;
use crate::course::event::Event;
use crate::course::lesson::Start;
use crate::course::text::Lang;
use crate::kernel::bench::Bench;
use crate::kernel::bench::protocol::{Request, Standing};
use crate::kernel::container::cgroup::devices::Device;
use crate::kernel::fact::{Facts, Side, Snapshot};
use crate::kernel::mounts::Mount;
use crate::kernel::probe::{Log, Proc};

/// How often all sides are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long a shell may take to come back to its prompt before a line that is to be typed is given up.
const PATIENCE: Duration = Duration::from_millis(1500);

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

/// The session.
#[expect(clippy::struct_excessive_bools, reason = "each is true or not by itself; together they are no state")]
pub struct Session {
    options: Options,
    /// How the root file system's image wants a box's command to be started.
    image: Image,
    sender: SyncSender<Message>,
    began: Instant,
    /// The bench and its number; a message of an earlier one is too late.
    bench: Option<Bench>,
    number: u64,
    standing: Option<Standing>,
    /// The bench's host name when it was made: the language may change while it stands.
    bench_name: String,
    /// The machine, where it is itself the outside.
    pub host: Option<Host>,
    /// Whether the shell inside is root's.
    root_inside: bool,
    /// Whether an init stands before the shell inside.
    init_inside: bool,
    /// Whether no box is ours: what the learner made by hand is looked at as the inside.
    by_hand: bool,
    /// Benches that are being cleared away.
    leaving: Vec<JoinHandle<()>>,
    /// The box to start as soon as the bench stands.
    wanted: Option<Start>,
    shells: [Option<Shell>; 2],
    /// How many shells were opened so far: the number of the latest.
    opened: u64,
    sizes: [(u16, u16); 2],
    typist: Option<Typist>,
    /// Until when something may still be about to become its program.
    begins_until: Option<Instant>,
    /// What is told of a recording, where no bench can be had.
    player: Player,
    /// Whether it types without a pause.
    hurry: bool,
    /// The device that was taken from the box.
    denied: Option<Device>,
    /// A line that waits for a look which proves that it is safe.
    guarded: Option<Guarded>,
    proc: Option<Proc>,
    /// The machine's kernel log: the bench has none.
    log: Log,
    /// What the machine was like at the first look, and its mount table.
    first_look: Option<(Facts, Vec<Mount>)>,
    untouched: bool,
    last: Snapshot,
    asked: bool,
    next_look: Instant,
    /// Looks asked for and looks seen, of this bench.
    looks: (u64, u64),
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
            image: Image::default(),
            sender,
            began: now,
            bench: None,
            number: 0,
            standing: None,
            bench_name: String::new(),
            host: None,
            root_inside: true,
            init_inside: false,
            by_hand: false,
            leaving: vec![],
            wanted: None,
            shells: [None, None],
            opened: 0,
            sizes: [(80, 10); 2],
            typist: None,
            begins_until: None,
            player: Player::default(),
            hurry: false,
            guarded: None,
            denied: None,
            proc: Proc::open("/proc").ok(),
            log: Log::new(),
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

    /// The root file system for the benches that are made from now on, and how its image wants a box to be started.
    pub fn stand_on(&mut self, rootfs: Option<PathBuf>, image: Image) {
        self.options.rootfs = rootfs;
        self.image = image;
    }

    /// Whether lines are typed at once: nobody watches while a state is rebuilt that was seen before.
    pub const fn hurry(&mut self, hurry: bool) {
        self.hurry = hurry;
    }

    /// Whether events of a recording are still to be told.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.player.next().is_some()
    }

    /// Looks at all sides from now on, and gives the number of that look.
    pub fn look_again(&mut self) -> u64 {
        self.look_now();
        self.looks.0
    }

    /// How many looks were seen of the bench that stands.
    #[must_use]
    pub const fn seen_looks(&self) -> u64 {
        self.looks.1
    }

    /// Whether the look with this number was seen: earlier ones may have been on their way.
    #[must_use]
    pub const fn has_seen(&self, look: u64) -> bool {
        self.looks.1 >= look
    }

    /// Milliseconds since the session began.
    #[must_use]
    pub fn clock(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// When [`Session::wake`] wants to be called next.
    #[must_use]
    pub fn wake_at(&self) -> Instant {
        let typist = self.typist.as_ref().map(|typist| typist.next);
        [typist, self.player.next()].into_iter().flatten().fold(self.next_look, Instant::min)
    }

    /// Does what is due by the clock: types the next character, tells what was recorded, asks for the next look.
    pub fn wake(&mut self) -> Vec<Event> {
        let now = Instant::now();
        let mut events = self.type_on(now);
        events.extend(self.player.due(now));
        if now >= self.next_look {
            self.next_look = now + LOOK_EVERY;
            // A bench does one thing after the other: looks that come faster than it answers would hold up all else.
            if self.has_seen(self.looks.0) {
                self.look();
            }
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
            Message::Bytes(number, side, bytes) => self.bytes(number, side, bytes),
            Message::Report(number, report) if number == self.number => match report {
                Some((report, files)) => self.report(report, files),
                None => self.bench_gone(),
            },
            _ => vec![],
        }
    }

    /// The same, and what the clock wants, which is not to wait behind a flood of messages.
    pub fn hear(&mut self, message: Message) -> Vec<Event> {
        let mut events = self.take(message);
        if Instant::now() >= self.wake_at() {
            events.extend(self.wake());
        }
        events
    }

    /// Ends the bench and waits until nothing is left of it and of those before it.
    pub fn end(&mut self) {
        self.leave_bench();
        self.until_left();
    }

    fn until_left(&mut self) {
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

    /// What the bench turned out to be, once it stands.
    #[must_use]
    pub fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}

/// The PID on this side of the process that a pidfd stands for: proc(5), `/proc/self/fdinfo`.
fn pid_of(process: &OwnedFd) -> Option<u32> {
    let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", process.as_raw_fd())).ok()?;
    info.lines().find_map(|line| line.strip_prefix("Pid:"))?.trim().parse().ok()
}
