//! The options of a talk on a stage, of its notes, and of what is recorded and shown again.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args as Options;

use super::values::{screen_size, speed, theme};
use crate::command::tape::Wish;

#[derive(Debug, Options)]
pub struct Present {
    /// A deck of your own, instead of the embedded one; `unha new deck DIR` makes one.
    #[arg(long, value_name = "DIR")]
    pub deck: Option<PathBuf>,
    #[command(flatten)]
    pub keep: Keep,
    /// The root file system of the boxes: a name of `unha rootfs list`, or a folder; else the built-in one.
    #[arg(long, value_name = "NAME|DIR", conflicts_with = "check")]
    pub rootfs: Option<OsString>,
    /// Rehearse: keep what each slide and step takes; the next talk is planned by these times.
    #[arg(long)]
    pub rehearse: bool,
    /// Tell whether the talk will work here: draw all of it at this size, such as 80x24, and run every step.
    #[arg(long, value_name = "COLSxROWS", value_parser = screen_size, conflicts_with = "rehearse")]
    pub check: Option<(u16, u16)>,
    /// With --check: how many minutes the talk may take.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=600), requires = "check")]
    pub minutes: Option<u32>,
    /// Run lessons that are no part of unha without asking whether their lines may be typed.
    #[arg(long)]
    pub trust: bool,
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

#[derive(Debug, Default, Options)]
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
