//! What stands on the command line. The English of its help is the remark at each option; the Portuguese is in
//! [`super::help`].

mod progress;
mod rootfs;
mod run;
mod stage;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args as Options, Parser, Subcommand};

pub use self::progress::{ACCOUNTS, Account, Progress};
pub use self::rootfs::{DEEDS, Deed, Rootfs};
pub use self::run::Run;
pub use self::stage::{Keep, Notes, Present, Replay};
pub use self::values::{FEATURES, THEMES};
use self::values::{feature, format, lang, new, route, theme};
use crate::course::talk::Route;
use crate::course::text::Lang;
use crate::kernel::feature::Feature;

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
    /// Run lessons that are no part of unha without asking whether their lines may be typed.
    #[arg(long)]
    pub trust: bool,
    #[command(flatten)]
    pub keep: Keep,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Teaches: the course, as without a command; from this lesson on, or as plain lines of text.
    Learn(Learn),
    /// Runs a command in a box with the features that are named, as unshare(1) would.
    Run(Box<Run>),
    /// Keeps root file systems under names: lists them, unpacks one, tells all about one, removes some.
    Rootfs(Rootfs),
    /// Switches every feature on and off with both sides in view, in any combination, and writes the box in other tools'
    /// words.
    Play(Play),
    /// Looks into the containers of this machine: all of them, or one by its number or its name. Changes nothing.
    Inspect(Inspect),
    /// Starts any program that makes a container and says what of the container holds, what is missing and what leaks.
    Grade(Grade),
    /// Gives the talk on a stage: slides and live steps, with a clicker.
    Present(Present),
    /// Makes a deck or a lesson of your own, which runs at once, to be changed.
    New {
        /// What to make: deck or lesson.
        #[arg(value_name = "deck|lesson", value_parser = new)]
        what: New,
        /// A deck's folder, which is not there yet or is empty; a lesson's name or file, such as mine or mine/01-mine.toml.
        #[arg(value_name = "NAME")]
        name: PathBuf,
    },
    /// Shows the presenter's console, in a second terminal beside the talk: notes, what comes next, the time.
    Notes(Notes),
    /// Prints the agenda.
    List,
    /// Runs every step and exercise of every lesson on real boxes, without a screen.
    Check {
        /// Lessons by id, number or file; all of them if none is named.
        #[arg(value_name = "LESSON")]
        names: Vec<String>,
        /// Run lessons that are no part of unha without asking whether their lines may be typed.
        #[arg(long)]
        trust: bool,
    },
    /// Shows what is done so far; takes it to another machine, brings it from one, or wipes it out.
    Progress(Progress),
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
        /// Run lessons that are no part of unha without asking whether their lines may be typed.
        #[arg(long)]
        trust: bool,
    },
    /// Shows a recording, on any machine and without privilege.
    Replay(Replay),
    /// Writes the talk to take home, one page that needs no network; or prints a box in other tools' words.
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
    /// Tells both sides of a process, fact by fact.
    #[command(name = "__facts", hide = true)]
    Facts { pid: u32 },
    /// Tells what a process sees from within its user namespace.
    #[command(name = "__probe", hide = true)]
    Probe { pid: u32 },
    /// Looks at one process again and again, for whoever shows it.
    #[command(name = "__look", hide = true)]
    Look,
    /// Joins all that a process is in, and runs a shell there.
    #[command(name = "__enter", hide = true)]
    Enter { pid: u32, started: u64 },
    /// Tells what was seen of a process, for a program with threads.
    #[command(name = "__evidence", hide = true)]
    Evidence { pid: u32 },
    /// Gets out of a chroot, for a lesson.
    #[command(name = "__escape", hide = true)]
    Escape { prison: PathBuf },
}

impl Verb {
    /// As it stands on the command line.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Learn(_) => "learn",
            Self::Run(_) => "run",
            Self::Rootfs(_) => "rootfs",
            Self::Play(_) => "play",
            Self::Inspect(_) => "inspect",
            Self::Grade(_) => "grade",
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
            Self::Progress(_) => "progress",
            Self::Vm { .. } => "vm",
            Self::Facts { .. } => "__facts",
            Self::Probe { .. } => "__probe",
            Self::Look => "__look",
            Self::Enter { .. } => "__enter",
            Self::Evidence { .. } => "__evidence",
            Self::Escape { .. } => "__escape",
        }
    }
}

/// What `unha new` makes.
#[derive(Debug, Clone, Copy)]
pub enum New {
    /// A deck.
    Deck,
    /// A lesson.
    Lesson,
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

#[derive(Debug, Default, Options)]
pub struct Learn {
    /// The lesson to begin with, by id or number, or a step of it: uts, 3, uts/2.
    #[arg(value_name = "LESSON")]
    pub lesson: Option<String>,
    /// Tell it as lines of text, for a screen reader, a terminal that can only print, or a pipe.
    #[arg(long)]
    pub plain: bool,
    /// The root file system of the boxes: a name of `unha rootfs list`, or a folder; else the built-in one.
    #[arg(long, value_name = "NAME|DIR")]
    pub rootfs: Option<OsString>,
    #[command(flatten)]
    pub keep: Keep,
    /// The colours: for a dark or a light screen, a weak projector, the 16 of every terminal, or none.
    #[arg(long, value_name = "dark|light|contrast|16|none", value_parser = theme, conflicts_with = "plain")]
    pub theme: Option<String>,
    /// Run lessons that are no part of unha without asking whether their lines may be typed.
    #[arg(long)]
    pub trust: bool,
}

#[derive(Debug, Options)]
pub struct Play {
    /// What is on at first, by name: uts, pid, mount, cgroup, rootfs, ipc, net, user, cgroupns, time, capabilities,
    /// no-new-privs, seccomp.
    #[arg(value_name = "FEATURE", value_parser = feature)]
    pub features: Vec<Feature>,
    /// Everything on that can be had here.
    #[arg(long, conflicts_with = "features")]
    pub all: bool,
    /// The root file system behind the switch: `unha` for the built-in one, a name of `unha rootfs list`, or a folder;
    /// switches rootfs on.
    #[arg(long, value_name = "NAME|DIR")]
    pub rootfs: Option<OsString>,
    /// The colours: for a dark or a light screen, a weak projector, the 16 of every terminal, or none.
    #[arg(long, value_name = "dark|light|contrast|16|none", value_parser = theme)]
    pub theme: Option<String>,
}

#[derive(Debug, Options)]
pub struct Export {
    /// What it is to be: html, the talk; or, with the flags of `unha run`, the box that it makes: oci, a bundle; or shell,
    /// docker, podman or bwrap, on stdout.
    #[arg(value_name = "FORMAT", value_parser = format)]
    pub format: String,
    /// The page's file, `-` is stdout; for oci the bundle's folder, which is not there yet or is empty.
    #[arg(value_name = "FILE.html|DIR")]
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
    /// Run lessons that are no part of unha without asking whether their lines may be typed.
    #[arg(long)]
    pub trust: bool,
}

#[derive(Debug, Options)]
pub struct Inspect {
    /// A process's number, as `ps` shows it here; a container's name or id, or the program it runs; a systemd unit. Else all that there is.
    #[arg(value_name = "PID|NAME|ENGINE:NAME")]
    pub what: Option<String>,
    /// Print JSON: {"schema":1,"outside":{fact:{"value":…}|{"missing":why}},"inside":{…},"holes":[…],…}; of all, {"groups":[…],…}.
    #[arg(long)]
    pub json: bool,
    /// Print lines of text, on a terminal too.
    #[arg(long, conflicts_with = "json")]
    pub plain: bool,
    /// Show the one that is named live on a screen; without a name that is what a terminal shows.
    #[arg(long, short, conflicts_with_all = ["json", "plain"])]
    pub watch: bool,
    /// The colours: for a dark or a light screen, a weak projector, the 16 of every terminal, or none.
    #[arg(long, value_name = "dark|light|contrast|16|none", value_parser = theme, conflicts_with_all = ["json", "plain"])]
    pub theme: Option<String>,
}

#[derive(Debug, Options)]
pub struct Grade {
    /// Print JSON: {"schema":1,"container":true|false,"holds":true|false,"pid":…,"items":[…]}.
    #[arg(long)]
    pub json: bool,
    /// How long to wait for a container; else 10.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub seconds: Option<u32>,
    /// Start nothing: look at this process, which a daemon may have started.
    #[arg(long, value_name = "PID", value_parser = clap::value_parser!(u32).range(1..), conflicts_with_all = ["command", "seconds"])]
    pub pid: Option<u32>,
    /// The command that makes a container, and its arguments.
    #[arg(required_unless_present = "pid", trailing_var_arg = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}
