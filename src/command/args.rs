//! What stands on the command line. The English of its help is the remark at each option; the Portuguese is in
//! [`super::help`].

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args as Options, Parser, Subcommand};

use super::tape::Wish;
use crate::course::talk::Route;
use crate::course::text::Lang;
use crate::kernel::container::cgroup::devices::Device;
use crate::screen::SMALLEST;
use crate::session::limits::{cores, rate, size};

/// Linux containers by hand: build one in front of you, one kernel feature at a time.
#[derive(Debug, Parser)]
#[command(name = "unha", version, disable_help_subcommand = true)]
pub struct Args {
    /// The language: pt-BR or en. Else the locale's.
    #[arg(long, global = true, value_name = "LANG", value_parser = lang)]
    pub lang: Option<Lang>,
    /// Walk every step, or the short route. Else the route of last time.
    #[arg(long, global = true, value_name = "full|short", value_parser = route)]
    pub route: Option<Route>,
    /// An author's own folder of lessons, instead of the embedded ones.
    #[arg(long, global = true, value_name = "DIR")]
    pub lessons: Option<PathBuf>,
    /// The colours: for a dark or a light screen, a weak projector, the 16 of every terminal, or none.
    #[arg(long, value_name = "dark|light|contrast|16|none", value_parser = theme)]
    pub theme: Option<String>,
    /// Take this very machine as the outside, without a bench; asks first. Best in a VM that can be thrown away.
    #[arg(long)]
    pub host: bool,
    #[command(flatten)]
    pub keep: Keep,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Runs a command in a box with the features that are named, as unshare(1) would.
    Run(Box<Run>),
    /// Prints what is true of a process, any container's, beside what is true of this machine.
    Inspect(Inspect),
    /// Gives the talk on a stage: slides and live steps, with a clicker.
    Present(Present),
    /// Makes a deck of your own, which runs at once, to be changed.
    New {
        /// What to make: deck.
        #[arg(value_name = "deck", value_parser = new)]
        what: New,
        /// Its folder: one that is not there yet, or is empty.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Shows the presenter's console, in a second terminal beside the talk: notes, what comes next, the time.
    Notes(Notes),
    /// Prints the agenda.
    List,
    /// Runs every step of every lesson on real boxes, without a screen.
    Check {
        /// Lessons by id, number or file; all of them if none is named.
        #[arg(value_name = "LESSON")]
        names: Vec<String>,
    },
    /// Tells what this machine can do, thing by thing, why not, and which line mends it.
    Doctor(Doctor),
    /// Walks through lessons on real boxes at a human pace, and keeps what happened in files.
    Record {
        /// Lessons by id, number or file; all of them if none is named.
        #[arg(value_name = "LESSON")]
        names: Vec<String>,
        /// The folder for the files, one for each lesson and language; else this one.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Shows a recording, on any machine and without privilege.
    Replay(Replay),
    /// Writes the talk to take home: one page that needs no network, with what real boxes said.
    Export(Export),
    /// Removes what runs that were killed left behind, and only that.
    Clean {
        /// Only say what would be removed.
        #[arg(long)]
        dry_run: bool,
    },
    /// Prints a recipe with unha in it, for macOS, Windows or a locked-down laptop.
    Vm {
        /// lima, multipass, vagrant, wsl, cloud-init, docker, podman or devcontainer; without it, whom each is for.
        #[arg(value_name = "KIND")]
        kind: Option<String>,
        /// The unha that goes into it, instead of this one: static, for x86_64 or aarch64.
        #[arg(long, value_name = "FILE")]
        program: Option<PathBuf>,
        /// Print it even on a terminal.
        #[arg(long)]
        force: bool,
    },
    /// Tells what a process sees from within its user namespace.
    #[command(name = "__probe", hide = true)]
    Probe { pid: u32 },
    /// Gets out of a chroot, for a lesson.
    #[command(name = "__escape", hide = true)]
    Escape { prison: PathBuf },
}

impl Verb {
    /// As it stands on the command line.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Run(_) => "run",
            Self::Inspect(_) => "inspect",
            Self::Present(_) => "present",
            Self::New { .. } => "new",
            Self::Notes(_) => "notes",
            Self::List => "list",
            Self::Check { .. } => "check",
            Self::Record { .. } => "record",
            Self::Replay(_) => "replay",
            Self::Export(_) => "export",
            Self::Clean { .. } => "clean",
            Self::Doctor(_) => "doctor",
            Self::Vm { .. } => "vm",
            Self::Probe { .. } => "__probe",
            Self::Escape { .. } => "__escape",
        }
    }
}

/// What `unha new` makes.
#[derive(Debug, Clone, Copy)]
pub enum New {
    /// A deck.
    Deck,
}

#[derive(Debug, Options)]
pub struct Doctor {
    /// Print JSON: {"schema":1,"course":true|false,"machine":{…},"features":[…],"lessons":[…],"helps":[…]}.
    #[arg(long, conflicts_with = "share")]
    pub json: bool,
    /// Print a text for whoever helps, without names, paths and addresses of yours.
    #[arg(long)]
    pub share: bool,
}

#[derive(Debug, Options)]
pub struct Present {
    /// A deck of your own, instead of the embedded one; `unha new deck DIR` makes one.
    #[arg(long, value_name = "DIR")]
    pub deck: Option<PathBuf>,
    #[command(flatten)]
    pub keep: Keep,
    /// Rehearse: keep what each slide and step takes; the next talk is planned by these times.
    #[arg(long)]
    pub rehearse: bool,
    /// Tell whether the talk will work here: draw all of it at this size, such as 80x24, and run every step.
    #[arg(long, value_name = "COLSxROWS", value_parser = screen_size, conflicts_with = "rehearse")]
    pub check: Option<(u16, u16)>,
    /// With --check: how many minutes the talk may take.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=600), requires = "check")]
    pub minutes: Option<u32>,
    /// The colours: for a dark or a light screen, a weak projector, the 16 of every terminal, or none.
    #[arg(long, value_name = "dark|light|contrast|16|none", value_parser = theme)]
    pub theme: Option<String>,
}

#[derive(Debug, Options)]
pub struct Notes {
    /// The process number of the talk, where several are given at once.
    #[arg(value_name = "PID")]
    pub pid: Option<u32>,
    /// The colours: for a dark or a light screen, a weak projector, the 16 of every terminal, or none.
    #[arg(long, value_name = "dark|light|contrast|16|none", value_parser = theme)]
    pub theme: Option<String>,
}

#[derive(Debug, Options)]
pub struct Export {
    /// What it is to be: html.
    #[arg(value_name = "FORMAT", value_parser = format)]
    pub format: String,
    /// The file; `-` is stdout.
    #[arg(value_name = "FILE.html")]
    pub file: PathBuf,
    /// An author's own folder of slides, instead of the embedded ones.
    #[arg(long, value_name = "DIR")]
    pub deck: Option<PathBuf>,
    /// Take all steps from the recordings that are part of unha: no box is made.
    #[arg(long)]
    pub recorded: bool,
    /// Write over a file that is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Options)]
pub struct Keep {
    /// Keep all that is shown in this file, for `unha replay`.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Write over the file of --record if it is there already.
    #[arg(long, requires = "record")]
    pub force: bool,
}

impl Keep {
    /// What is to be kept, if anything is.
    pub fn wish(self) -> Option<Wish> {
        let force = self.force;
        self.record.map(|file| Wish { file, force })
    }
}

#[derive(Debug, Options)]
pub struct Replay {
    /// The recording.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How fast: 2 is twice as fast as it happened.
    #[arg(long, value_name = "NUMBER", value_parser = speed)]
    pub speed: Option<u32>,
    /// The colours: for a dark or a light screen, the 16 of every terminal, or none.
    #[arg(long, value_name = "dark|light|16|none", value_parser = theme)]
    pub theme: Option<String>,
    /// Print it as an asciicast, which asciinema plays; without a terminal too.
    #[arg(long)]
    pub cast: bool,
    /// The asciicast's columns and rows; else those of the recorded screen.
    #[arg(long, requires = "cast", value_name = "80x24", value_parser = screen_size)]
    pub size: Option<(u16, u16)>,
    /// No pause of the asciicast is longer when it is played.
    #[arg(long, requires = "cast", value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub idle_limit: Option<u32>,
}

#[derive(Debug, Options)]
pub struct Inspect {
    /// The process's number, as `ps` shows it here.
    #[arg(value_name = "PID")]
    pub pid: String,
    /// Print JSON: {"schema":1,"outside":{fact:{"value":…}|{"missing":why}},"inside":{…}}.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Options)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Run {
    /// A host name of its own.
    #[arg(long)]
    pub uts: bool,
    /// Process numbers of its own; implies --mount.
    #[arg(long)]
    pub pid: bool,
    /// A list of mounts of its own.
    #[arg(long)]
    pub mount: bool,
    /// Keep the old list of mounts, and with it the old /proc.
    #[arg(long, conflicts_with_all = ["mount", "rootfs", "all"])]
    pub no_mount: bool,
    /// System V IPC objects and message queues of its own.
    #[arg(long)]
    pub ipc: bool,
    /// Network links, addresses and ports of its own.
    #[arg(long)]
    pub net: bool,
    /// A cable to this machine, 10.77.0.1 here and 10.77.0.2 inside, and lo up; implies --net, needs root.
    #[arg(long)]
    pub veth: bool,
    /// At most so much comes in by the cable: 4mbit; implies --veth.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub net_rate: Option<u64>,
    /// A user namespace around it all: root inside, and outside whoever started it; without root it is made where needed.
    #[arg(long)]
    pub user: bool,
    /// A view of cgroups that begins at its own.
    #[arg(long)]
    pub cgroup: bool,
    /// Clocks of its own, of the time since the machine was started.
    #[arg(long)]
    pub time: bool,
    /// How many seconds more the machine has been up for the box, or fewer if below zero; implies --time.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub boottime: Option<i64>,
    /// The host name set before the command starts; implies --uts.
    #[arg(long, value_name = "NAME")]
    pub hostname: Option<String>,
    /// The root file system: `unha` for the built-in one, or a folder; implies --mount.
    #[arg(long, value_name = "NAME|DIR")]
    pub rootfs: Option<OsString>,
    /// At most so much memory, and no swap: 32M, 1G, or bytes.
    #[arg(long, short = 'm', value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
    /// At most so much CPU: 0.2 is a fifth of one core.
    #[arg(long, value_name = "CORES", value_parser = cores)]
    pub cpus: Option<u64>,
    /// At most so many processes and threads.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub pids_limit: Option<u64>,
    /// How much CPU it gets while others want it too: 1024 is usual, 512 is half of that.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(2..=262_144))]
    pub cpu_shares: Option<u64>,
    /// Write at most so many bytes a second to the disk that PATH is on, or is: /var/tmp:1M.
    #[arg(long, value_name = "PATH:SIZE", value_parser = path_and_size)]
    pub device_write_bps: Option<(PathBuf, u64)>,
    /// Take a device away, even from root: 'c 1:5' is /dev/zero. Needs root.
    #[arg(long, value_name = "DEVICE", value_parser = device)]
    pub device_deny: Vec<Device>,
    /// Take away one of the 14 capabilities that Docker leaves: CHOWN, or ALL.
    #[arg(long, value_name = "NAME|ALL")]
    pub cap_drop: Vec<String>,
    /// Add a capability to the 14 that Docker leaves: SYS_TIME, or ALL.
    #[arg(long, value_name = "NAME|ALL")]
    pub cap_add: Vec<String>,
    /// No program gives more rights by being executed, setuid or not.
    #[arg(long)]
    pub no_new_privs: bool,
    /// Filter system calls: `default` for the built-in profile, or a file in Docker's format.
    #[arg(long, value_name = "FILE|default")]
    pub seccomp: Option<PathBuf>,
    /// Put a PID 1 of ours before the command: it passes signals on and buries the dead.
    #[arg(long)]
    pub init: bool,
    /// Print every system call that makes the box, on stderr.
    #[arg(long)]
    pub journal: bool,
    /// uts, pid, mount, ipc, net, cgroup, time, the built-in rootfs, memory 512M, pids 256, cpus 1, Docker's
    /// capabilities, no-new-privs, seccomp default.
    #[arg(long)]
    pub all: bool,
    /// The command and its arguments.
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

impl Run {
    /// Whether a cable to this machine is asked for.
    pub const fn has_cable(&self) -> bool {
        self.veth || self.net_rate.is_some()
    }

    /// Whether a limit is asked for.
    pub const fn has_limits(&self) -> bool {
        self.all
            || self.memory.is_some()
            || self.cpus.is_some()
            || self.pids_limit.is_some()
            || self.cpu_shares.is_some()
            || self.device_write_bps.is_some()
            || !self.device_deny.is_empty()
    }
}

/// As docker run's `--device-write-bps`, whose path is a disk's; here it may be any file's on it.
fn path_and_size(text: &str) -> Result<(PathBuf, u64), String> {
    let (path, bytes) = text.rsplit_once(':').filter(|(path, _)| !path.is_empty()).ok_or("PATH:SIZE, /var/tmp:1M")?;
    Ok((PathBuf::from(path), size(bytes)?))
}

fn device(text: &str) -> Result<Device, &'static str> {
    text.parse().map_err(|()| "'c MAJOR:MINOR', 'b MAJOR:MINOR'")
}

fn new(what: &str) -> Result<New, &'static str> {
    if what == "deck" { Ok(New::Deck) } else { Err("deck") }
}

fn lang(tag: &str) -> Result<Lang, &'static str> {
    tag.parse().map_err(|()| "pt-BR, en")
}

fn route(name: &str) -> Result<Route, &'static str> {
    match name {
        "full" => Ok(Route::Full),
        "short" => Ok(Route::Short),
        _ => Err("full, short"),
    }
}

/// A speed in percent.
fn speed(text: &str) -> Result<u32, &'static str> {
    let speed: f64 = text.parse().map_err(|_| "0.1 … 20")?;
    if !(0.1..=20.0).contains(&speed) {
        return Err("0.1 … 20");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 10 and 2000")]
    Ok((speed * 100.0).round() as u32)
}

fn format(name: &str) -> Result<String, &'static str> {
    if name == "html" { Ok(name.to_owned()) } else { Err("html") }
}

/// Columns and rows, from the smallest screen that the talk is shown on to one that nobody has.
fn screen_size(text: &str) -> Result<(u16, u16), &'static str> {
    let (columns, rows) = text.split_once(['x', 'X', '×']).ok_or("80x24")?;
    let number = |text: &str| text.parse::<u16>().map_err(|_| "80x24");
    let (columns, rows) = (number(columns)?, number(rows)?);
    let fits = (SMALLEST.0..=500).contains(&columns) && (SMALLEST.1..=200).contains(&rows);
    fits.then_some((columns, rows)).ok_or("60x18 … 500x200")
}

/// What `--theme` takes.
pub const THEMES: [&str; 5] = ["dark", "light", "contrast", "16", "none"];

fn theme(name: &str) -> Result<String, &'static str> {
    if THEMES.contains(&name) { Ok(name.to_owned()) } else { Err("dark, light, contrast, 16, none") }
}
